#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/data/dataset.hpp"
#include "tests/core/gradient_check.hpp"

using namespace cvlab;

namespace {

Tensor ramp(std::ptrdiff_t height, std::ptrdiff_t width) {
  Tensor t({1, height, width});
  for (std::ptrdiff_t y = 0; y < height; ++y)
    for (std::ptrdiff_t x = 0; x < width; ++x) t(0, y, x) = static_cast<float>(x + 10 * y) / 100.0f;
  return t;
}

double mean(const Tensor& t) {
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < t.count(); ++i) sum += static_cast<double>(t.data()[i]);
  return sum / static_cast<double>(t.count());
}

}  // namespace

TEST_CASE("mirror: half of the pictures, left and right exchanged exactly") {
  int mirrored = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Tensor t = ramp(4, 5);
    Rng rng(1, i);
    augment({.mirror = true}, rng, 0.0f, t.view());
    const bool flipped = t(0, 0, 0) > t(0, 0, 4);
    mirrored += flipped;
    for (std::ptrdiff_t y = 0; y < 4; ++y)
      for (std::ptrdiff_t x = 0; x < 5; ++x)
        REQUIRE(std::abs(t(0, y, x) - static_cast<float>((flipped ? 4 - x : x) + 10 * y) / 100.0f) < 1e-6f);
  }
  CHECK((mirrored > 70 && mirrored < 130));
}

TEST_CASE("shift moves by the drawn number of pixels; a ramp stays a ramp inside") {
  bool moved = false;
  for (std::uint64_t i = 0; i < 20; ++i) {
    Tensor t = ramp(16, 16);
    Rng rng(2, i);
    augment({.shift = 2.0f}, rng, 0.0f, t.view());
    const float dx = (t(0, 8, 8) - 0.88f) * 100.0f;  // x + 10 y, shifted by (-dx) + 10 (-dy)
    moved = moved || std::abs(dx) > 0.5f;
    CHECK(std::abs(dx) <= 22.001f);
    // Between cells that came from inside, one step to the right is 0.01 and one down 0.10.
    CHECK(std::abs(t(0, 8, 9) - t(0, 8, 8) - 0.01f) < 1e-5f);
    CHECK(std::abs(t(0, 9, 8) - t(0, 8, 8) - 0.10f) < 1e-5f);
  }
  CHECK(moved);
}

TEST_CASE("rotation and scale act about the centre") {
  // A linear ramp rotated by a: its gradient turns by a and keeps its length; scaling by s divides the length by s.
  for (std::uint64_t i = 0; i < 20; ++i) {
    Tensor t = ramp(33, 33);
    Rng rng(3, i);
    augment({.rotate = 30.0f}, rng, 0.0f, t.view());
    CHECK(std::abs(t(0, 16, 16) - 1.76f) < 1e-4f);  // the centre stays
    const float gx = t(0, 16, 17) - t(0, 16, 16), gy = t(0, 17, 16) - t(0, 16, 16);
    CHECK(std::abs(std::hypot(gx, gy) - std::hypot(0.01f, 0.1f)) < 1e-4f);
    const float turned = std::abs(std::atan2(gy, gx) - std::atan2(0.1f, 0.01f));
    CHECK(turned <= 0.5237f);

    Tensor scaled = ramp(33, 33);
    Rng other(4, i);
    augment({.scale = 0.2f}, other, 0.0f, scaled.view());
    const float ratio = (scaled(0, 17, 16) - scaled(0, 16, 16)) / 0.1f;
    CHECK((ratio > 1.0f / 1.2f - 1e-3f && ratio < 1.0f / 0.8f + 1e-3f));
  }
}

TEST_CASE("noise has the deviation asked for, blur keeps the mean, cutout cuts a square") {
  Tensor flat({1, 64, 64}, 0.5f);
  Rng rng(5);
  augment({.noise = 0.1f}, rng, 0.0f, flat.view());
  double squares = 0.0;
  for (std::ptrdiff_t i = 0; i < flat.count(); ++i) squares += std::pow(static_cast<double>(flat.data()[i]) - 0.5, 2.0);
  CHECK(std::abs(std::sqrt(squares / 4096.0) - 0.1) < 0.005);

  Tensor point({1, 31, 31});
  point(0, 15, 15) = 1.0f;
  Rng blurring(6);
  augment({.blur = 2.0f}, blurring, 0.0f, point.view());
  CHECK(std::abs(mean(point) * 961.0 - 1.0) < 1e-4);
  CHECK(point(0, 15, 15) < 0.9f);
  CHECK(point(0, 15, 14) == point(0, 14, 15));

  int cut = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    Tensor t({2, 20, 20}, 1.0f);
    Rng cutting(7, i);
    augment({.cutout = 6}, cutting, 0.25f, t.view());
    int count = 0;
    for (std::ptrdiff_t k = 0; k < 400; ++k) {
      count += t.data()[k] == 0.25f;
      CHECK(t.data()[k] == t.data()[400 + k]);  // the same square in every channel
    }
    CHECK((count >= 9 && count <= 36));
    cut += count == 36;
  }
  CHECK(cut > 0);
}

TEST_CASE("an augmented batch depends on seed, epoch and example alone") {
  Dataset data{"one", {1, 12, 12}, std::vector<std::uint8_t>(4 * 144), {0, 0, 0, 0}, {"a"}};
  for (std::size_t i = 0; i < data.pixels.size(); ++i) data.pixels[i] = static_cast<std::uint8_t>(i * 7);
  const Augmentation all{true, 10.0f, 2.0f, 0.1f, 1.0f, 0.05f, 3};
  Loader whole(data, 4, false, 9, all), pairs(data, 2, false, 9, all);
  Tensor four, two;
  std::vector<int> labels;
  whole.batch(5, 0, four, labels);
  pairs.batch(5, 1, two, labels);
  for (std::ptrdiff_t i = 0; i < two.count(); ++i) REQUIRE(two.data()[i] == four.data()[2 * 144 + i]);
  whole.batch(6, 0, two, labels);
  CHECK(test::largest_difference(two, four) > 0.01);
}

TEST_CASE("augmentations are read from text") {
  const auto all = parse_augmentation("mirror,rotate=10,shift=2,scale=0.1,blur=0.8,noise=0.05,cutout=6");
  REQUIRE(all);
  CHECK((all.value().mirror && all.value().rotate == 10.0f && all.value().shift == 2.0f && all.value().scale == 0.1f));
  CHECK((all.value().blur == 0.8f && all.value().noise == 0.05f && all.value().cutout == 6));
  REQUIRE(parse_augmentation(""));
  CHECK(!parse_augmentation("").value().any());
  for (const char* bad :
       {"turn=3", "rotate", "rotate=", "rotate=x", "rotate=-1", "rotate=200", "mirror=1", "scale=1", "shift=2,,"}) {
    INFO(bad);
    const auto refused = parse_augmentation(bad);
    REQUIRE(!refused);
    CHECK(refused.error().id == "augmentation-unknown");
  }
}
