// The network of digits for the tests of the demo `cnn`: drawn data instead of the real digits, the shipped weights.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "core/formats/file.hpp"
#include "tests/app/demos/demo_fixture.hpp"
#include "tests/app/demos/seven_segments.hpp"
#include "tests/app/demos/small_cnn.hpp"

namespace cvlab::app {

inline constexpr int test_count = 60;
inline constexpr int train_count = 400;
inline constexpr int per_epoch = (train_count + 31) / 32;  // 13
inline const std::string zero = "cKSSSkcsmkmScK";          // a 0 of seven points
inline const std::string drawn_zero = "source=drawn&strokes=" + zero;

inline void put_trained(FileLibrary& files) {
  auto bytes = read_file(CVLAB_WEIGHTS "/small-cnn-digits.safetensors");
  REQUIRE(bytes);
  files.put("weights/small-cnn-digits.safetensors", std::move(bytes).value());
}

// Where there are threads, training goes on behind the update.
inline void rest(Demo& demo) {
  while (demo.update(0.2)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// The trained network on drawn test pictures.
struct Net : DemoFixture {
  explicit Net(const std::string& query) : DemoFixture("cnn", query) {
    CHECK(problem);
    put_seven_segments(files, "digits", train_count, test_count);
    put_trained(files);
    rest(*demo);
  }
  void change(std::string_view id, std::string_view value) {
    set(id, value);
    CHECK(problem);
    rest(*demo);
  }
};

}  // namespace cvlab::app
