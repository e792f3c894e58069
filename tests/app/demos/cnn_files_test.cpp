#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/formats/onnx.hpp"
#include "core/formats/safetensors.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/cnn_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

namespace {

struct OpenedNet {
  AppFixture it{"cnn"};
  explicit OpenedNet(const std::string& state) {
    put_seven_segments(it.app->files(), "digits", train_count, test_count);
    put_trained(it.app->files());
    AppOptions options = it.app->options();
    options.panel = false;
    it.app->set_options(options);
    CHECK(it.app->set_all("below=training&" + state));
    settle();
  }
  void settle() {
    while (it.frame(1280, 800, 0.2)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  // The buttons stand in one row below the network.
  void click_row(const std::function<bool()>& done) {
    for (float y = 440.0F; y < 640.0F; y += 12.0F) {
      for (float x = 30.0F; x < 700.0F; x += 20.0F) {
        const std::string before = it.app->state()->text();
        it.click(x, y, 1280, 800);
        if (done()) return;
        if (it.app->state()->text() != before) CHECK(it.app->set_all(before));
      }
    }
    FAIL("no such button");
  }
  std::string sentence() { return it.app->demo()->sentence(it.app->words()); }
  void open(std::vector<std::uint8_t> bytes) {
    it.app->files().put(own_weights, std::move(bytes));
    settle();
  }
};

}  // namespace

TEST_CASE("cnn: weights are saved and read back bit for bit", "[app][cnn]") {
  std::vector<std::uint8_t> bytes;
  {
    OpenedNet net("layers=conv3:5:2,relu,dense7&start=random&steps=3&layer=conv1");
    CHECK(net.it.app->set("edits", "conv1:2,1,3,3=0.625"));
    net.settle();
    auto& saved = net.it.host.saved;
    net.click_row([&] { return saved.contains("cnn.safetensors"); });
    bytes = saved["cnn.safetensors"];
  }
  const auto file = read_safetensors(bytes);
  REQUIRE(file);
  CHECK(file.value().metadata.at("layers") == "conv3:5:2,relu,dense7");
  CHECK(file.value().tensors.at("conv1.weight").shape() == Shape{3, 1, 5, 5});
  CHECK(file.value().tensors.at("conv1.weight")(1, 0, 2, 2) == 0.625F);
  CHECK(file.value().tensors.at("fc1.weight").shape() == Shape{7, 3 * 12 * 12});
  CHECK(file.value().tensors.at("fc.bias").shape() == Shape{10});

  OpenedNet other("");
  other.open(bytes);
  CHECK(other.it.app->state()->raw("layers") == "conv3:5:2,relu,dense7");
  CHECK(other.it.app->state()->raw("start") == "file");
  CHECK(other.it.app->state()->raw("layer") == "conv1");
  CHECK(other.sentence().find("Opened: " + std::to_string(3 * 26 + 7 * 433 + 80)) != std::string::npos);
  auto& again = other.it.host.saved;
  other.click_row([&] { return again.contains("cnn.safetensors"); });
  CHECK(again["cnn.safetensors"] == bytes);
  other.click_row([&] { return !other.it.host.chosen.empty(); });
  CHECK(other.it.host.chosen[0] == own_weights);
}

// The file that the figure exports is the exporter's, of the network with its changed weight.
TEST_CASE("cnn: exports ONNX", "[app][cnn]") {
  OpenedNet net("");
  auto& saved = net.it.host.saved;
  net.click_row([&] { return saved.contains("cnn.onnx"); });
  const std::vector<std::uint8_t> before = saved["cnn.onnx"];
  CHECK(before.size() > 4 * 5258);
  CHECK(std::string(before.begin(), before.end()).find("conv2.weight") != std::string::npos);
  saved.clear();
  CHECK(net.it.app->set("edits", "conv1:1,1,1,1=0.5"));
  net.settle();
  net.click_row([&] { return saved.contains("cnn.onnx"); });
  std::size_t different = 0;
  REQUIRE(saved["cnn.onnx"].size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) different += saved["cnn.onnx"][i] != before[i] ? 1 : 0;
  CHECK(different >= 1);
  CHECK(different <= 4);  // of one float
}

TEST_CASE("cnn: files that are no weights of a network here get a sentence", "[app][cnn]") {
  OpenedNet net("");
  const std::string before = net.it.app->readouts_json();
  const auto refused = [&](std::vector<std::uint8_t> bytes, const char* part) {
    net.open(std::move(bytes));
    INFO(net.sentence());
    CHECK(net.sentence().find(part) != std::string::npos);
    CHECK(net.it.app->readouts_json() == before);
    CHECK(net.it.app->state()->raw("start") == "trained");
  };
  refused({}, "ends too early");
  refused({1, 2, 3}, " file");
  Tensor odd(Shape{2, 2}, 1.0F);
  const NamedView some[] = {{"conv1.weight", std::as_const(odd).view()}};
  refused(write_safetensors(some, {}, WeightType::f32), "conv1");
  refused(write_safetensors(some, {{"layers", "conv1,conv1"}}, WeightType::f32), "is no layer");
  odd.data()[0] = std::numeric_limits<float>::quiet_NaN();
  refused(write_safetensors(some, {}, WeightType::f32), "no numbers");
  CHECK(net.it.app->set("start", "file"));
  CHECK(net.sentence().find("does not carry a file") != std::string::npos);
  CHECK(net.it.app->state()->raw("start") == "random");
}
