// One pixel explained equals the picture's; measures equal scikit-image's; windows by hand.
#include "core/image/denoise.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "core/image/bilateral.hpp"
#include "core/image/quality.hpp"
#include "core/rng.hpp"
#include "core/simd/dispatch.hpp"
#include "tests/core/reference_data.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

Image random_image(int width, int height, int channels, std::uint64_t seed) {
  Image image(width, height, channels);
  Rng rng(seed);
  for (std::uint8_t& v : image.data) v = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

Image saved(const std::string& name) {
  const Tensor values = test::reference("denoise/" + name + ".npy");
  Image image(static_cast<int>(values.size(1)), static_cast<int>(values.size(0)), 1);
  for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = static_cast<std::uint8_t>(values.data()[i]);
  return image;
}

int largest_difference(const Image& a, const Image& b) {
  REQUIRE(a.data.size() == b.data.size());
  int most = 0;
  for (std::size_t i = 0; i < a.data.size(); ++i) most = std::max(most, std::abs(a.data[i] - b.data[i]));
  return most;
}

}  // namespace

// scikit-image 0.19.3 and OpenCV 4.6.0, saved by tests/data/make_denoise.py.
TEST_CASE("denoised pictures measure what scikit-image measures of OpenCV's", "[image][golden]") {
  const auto bytes = test::reference_file("denoise/measures.txt");
  std::istringstream text(std::string(bytes.begin(), bytes.end()));
  const Image clean = saved("clean");
  DenoiseParams params;
  params.mean_window = 5;
  params.median_window = 3;
  params.sigma = 1.2;
  params.sigma_space = 2.0;
  params.sigma_range = 50.0;
  std::string noise, filter;
  double decibels = 0.0, similarity = 0.0;
  int lines = 0;
  while (text >> noise >> filter >> decibels >> similarity) {
    INFO(noise << ", " << filter);
    Image out = saved(noise);
    const std::string names[] = {"mean", "gaussian", "median", "bilateral"};
    for (int k = 0; k < denoisers; ++k)
      if (filter == names[k]) denoise(static_cast<Denoiser>(k), saved(noise), params, out);
    const bool rounded_otherwise = filter == "bilateral";
    CHECK_THAT(psnr(clean, out), WithinAbs(decibels, rounded_otherwise ? 0.005 : 1e-8));
    CHECK_THAT(ssim(clean, out), WithinAbs(similarity, rounded_otherwise ? 2e-4 : 1e-5));
    CHECK_THAT(ssim_ref(clean, out), WithinAbs(similarity, rounded_otherwise ? 2e-4 : 1e-8));
    if (rounded_otherwise) CHECK(largest_difference(out, saved(noise + "-bilateral")) <= 1);
    ++lines;
  }
  CHECK(lines == 10);
}

TEST_CASE("a pixel's explanation ends in the pixel", "[image]") {
  const Image in = random_image(9, 7, 1, 3);
  DenoiseParams params;
  params.mean_window = 5;
  params.median_window = 7;
  params.sigma = 0.9;
  params.sigma_range = 60.0;
  for (int k = 0; k < denoisers; ++k) {
    const auto filter = static_cast<Denoiser>(k);
    INFO(k);
    Image out;
    denoise(filter, in, params, out);
    for (int row = 0; row < in.height; ++row) {
      for (int column = 0; column < in.width; ++column) {
        const DenoiseStep step = denoise_step(filter, in, params, row, column);
        CHECK(step.result == out.at(row, column));
        CHECK(step.values[step.values.size() / 2] == in.at(row, column));
        CHECK(step.values.size() == static_cast<std::size_t>(step.size * step.size));
        if (filter == Denoiser::gaussian) CHECK_THAT(step.total, WithinAbs(1.0, 1e-12));
      }
    }
  }
}

// 10 11 12; 13 255 14; 15 16 0: sum 346, in order 0 10 11 12 13 14 15 16 255.
TEST_CASE("mean, median and bilateral filter of nine values by hand", "[image][golden]") {
  Image in(3, 3, 1);
  in.data = {10, 11, 12, 13, 255, 14, 15, 16, 0};
  DenoiseParams params;
  params.sigma_space = 0.6;  // radius 1: the pixel and its four neighbours
  params.sigma_range = 1.0;
  const DenoiseStep mean = denoise_step(Denoiser::mean, in, params, 1, 1);
  CHECK(mean.sum == 346.0);
  CHECK(mean.total == 9.0);
  CHECK(mean.result == 38);  // 38.44
  const DenoiseStep middle = denoise_step(Denoiser::median, in, params, 1, 1);
  CHECK(middle.sorted == std::vector<std::uint8_t>{0, 10, 11, 12, 13, 14, 15, 16, 255});
  CHECK(middle.result == 13);
  // Nothing near is like 255: its own weight is the only one that is not 0.
  const DenoiseStep lonely = denoise_step(Denoiser::bilateral, in, params, 1, 1);
  CHECK(lonely.result == 255);
  CHECK_THAT(lonely.total, WithinAbs(1.0, 1e-12));
  // Among equals it is a Gaussian mean: here of the pixel, 12 and 14 above and below with weight e^(-1/0.72), and the
  // 13 and 255 at its sides, of which 255 does not count.
  in.data = {0, 12, 0, 13, 13, 255, 0, 14, 0};
  params.sigma_range = 1e4;
  const double w = std::exp(-1.0 / 0.72);
  const DenoiseStep equal = denoise_step(Denoiser::bilateral, in, params, 1, 1);
  CHECK_THAT(equal.total, WithinAbs(1.0 + 4.0 * w, 1e-3));
  params.sigma_range = 10.0;
  const DenoiseStep near = denoise_step(Denoiser::bilateral, in, params, 1, 1);
  const double r = std::exp(-1.0 / 200.0);
  CHECK_THAT(near.total, WithinAbs(1.0 + w + 2.0 * w * r, 1e-9));
  CHECK_THAT(near.exact, WithinAbs(13.0, 1e-9));
  CHECK(near.space[0] == 0.0);
}

TEST_CASE("the radius is OpenCV's, strengths go in and come out", "[image]") {
  CHECK(bilateral_radius(0.5) == 1);
  CHECK(bilateral_radius(2.0) == 3);
  CHECK(bilateral_radius(5.0) == 8);
  for (int k = 0; k < denoisers; ++k) {
    const auto filter = static_cast<Denoiser>(k);
    for (const double s : denoise_strengths(filter)) {
      const DenoiseParams changed = with_strength(filter, {}, s);
      CHECK(denoise_strength(filter, changed) == s);
      const auto other = static_cast<Denoiser>((k + 1) % denoisers);
      CHECK(denoise_strength(other, changed) == denoise_strength(other, {}));
    }
  }
}

TEST_CASE("impulses are black or white where the original is neither", "[image]") {
  Image clean(4, 1, 1), image(4, 1, 1);
  clean.data = {0, 100, 100, 255};
  image.data = {255, 255, 0, 255};
  CHECK(count_impulses(clean, image) == 2);
}

TEST_CASE("the bilateral filter makes the same bytes with every instruction set, near its definition", "[image]") {
  for (const auto& [width, height, channels] : {std::array{1, 1, 1}, {33, 40, 1}, {7, 5, 2}, {19, 9, 3}, {21, 3, 4}}) {
    INFO(width << " x " << height << " x " << channels);
    const Image in = random_image(width, height, channels, 5);
    for (const Padding border : {Padding::zero, Padding::replicate, Padding::reflect}) {
      Image slow, first, fast;
      bilateral_ref(in, 3, 2.0, 40.0, border, slow);
      simd::limit(simd::InstructionSet::sse2);
      bilateral(in, 3, 2.0, 40.0, border, first);
      CHECK(largest_difference(first, slow) <= 1);
      for (const auto set : {simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
        simd::limit(set);
        bilateral(in, 3, 2.0, 40.0, border, fast);
        CHECK(fast == first);
      }
    }
  }
  const Image in = random_image(40, 20, 1, 6);
  Image out;
  bilateral(in, 0, 1.0, 10.0, Padding::reflect, out);  // only the pixel itself
  CHECK(out == in);
}

TEST_CASE("fast structural similarity equals its definition", "[image]") {
  for (const auto& [width, height, channels] : {std::array{11, 11, 1}, {12, 30, 3}, {150, 13, 1}, {300, 12, 2}}) {
    const Image a = random_image(width, height, channels, 1);
    Image b = a;
    for (std::size_t i = 0; i < b.data.size(); i += 3) b.data[i] = static_cast<std::uint8_t>(b.data[i] / 2);
    CHECK_THAT(ssim(a, b), WithinAbs(ssim_ref(a, b), 1e-5));
    CHECK_THAT(ssim(a, a), WithinAbs(1.0, 1e-6));
  }
  CHECK(std::isnan(ssim(Image(10, 50, 1), Image(10, 50, 1))));
}
