// Fast = definition, for sizes that straddle the lanes, all borders, every instruction set; identities; small pictures.
#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <numeric>
#include <span>

#include "core/image/bilateral.hpp"
#include "core/image/box.hpp"
#include "core/image/canny.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/gradient.hpp"
#include "core/image/median.hpp"
#include "core/image/median_network.hpp"
#include "core/image/noise.hpp"
#include "core/image/quality.hpp"
#include "core/rng.hpp"
#include "core/simd/dispatch.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

Image random_image(int width, int height, int channels, std::uint64_t seed) {
  Image image(width, height, channels);
  Rng rng(seed);
  for (std::uint8_t& v : image.data) v = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

struct Size {
  int width, height, channels;
};
// One pixel, lines, either side of 16, 32, 64 and 128 lanes, colour, smaller than a window.
constexpr Size sizes[] = {{1, 1, 1},  {1, 7, 1},  {7, 1, 1},   {2, 3, 3},   {15, 5, 1}, {16, 4, 1},
                          {17, 6, 1}, {33, 9, 2}, {64, 40, 1}, {129, 3, 1}, {43, 21, 3}};
constexpr Padding borders[] = {Padding::zero, Padding::replicate, Padding::reflect};

template <class Function>
void each_instruction_set(Function&& function) {
  for (const auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
    simd::limit(set);
    INFO(simd::name(simd::instruction_set()));
    function();
  }
  simd::limit(simd::InstructionSet::avx512);
}

}  // namespace

TEST_CASE("fast filters equal their definitions", "[image]") {
  each_instruction_set([] {
    for (const Size& s : sizes) {
      INFO(s.width << " x " << s.height << " x " << s.channels);
      const Image in = random_image(s.width, s.height, s.channels, 3);
      Image fast, slow;
      Gradient g, h;
      std::vector<std::int16_t> l, k;
      for (const Padding border : borders) {
        for (const auto& [rows, columns] :
             {std::pair{3, 3}, {2, 4}, {15, 15}, {5, 9}, {1, 1}, {19, 17}, {16, 8}, {1, 16}}) {
          INFO(rows << " x " << columns);
          box_mean(in, rows, columns, border, fast);
          box_mean_ref(in, rows, columns, border, slow);
          CHECK(fast == slow);
        }
        for (const GradientKernel kernel : {GradientKernel::sobel, GradientKernel::scharr}) {
          gradient(in, kernel, border, g);
          gradient_ref(in, kernel, border, h);
          CHECK((g.x == h.x && g.y == h.y));
          gradient_magnitude(in, kernel, border, fast);
          gradient_magnitude_ref(in, kernel, border, slow);
          CHECK(fast == slow);
        }
        laplacian(in, border, l);
        laplacian_ref(in, border, k);
        CHECK(l == k);
        sharpen(in, border, fast);
        sharpen_ref(in, border, slow);
        CHECK(fast == slow);
        for (const auto& weights : {std::array<float, 9>{-1, -1, -1, -1, 9, -1, -1, -1, -1},
                                    {14, -14, 14, -14, 16, -14, 14, -14, 14},
                                    {100, -90, 3, 7, 77, -60, 1, 2, 3},
                                    {0.1F, 0.12F, 0.3F, -0.25F, 0.5F, 0.125F, 0.05F, 0.0625F, -0.01F}}) {
          filter_3x3(in, weights, border, fast);
          filter_3x3_ref(in, weights, border, slow);
          CHECK(fast == slow);
        }
      }
      for (const int size : {1, 3, 5, 7, 13}) {
        median(in, size, fast);
        median_ref(in, size, slow);
        CHECK(fast == slow);
      }
      if (s.channels == 1) {
        canny(in, {150, 500, false}, fast);
        canny_ref(in, {150, 500, false}, slow);
        CHECK(fast == slow);
      }
    }
  });
}

TEST_CASE("fast Gaussian filters equal their definition", "[image]") {
  each_instruction_set([] {
    for (const Size& s : sizes) {
      INFO(s.width << " x " << s.height << " x " << s.channels);
      const Image in = random_image(s.width, s.height, s.channels, 3);
      Image fast, slow;
      for (const Padding border : borders) {
        for (const auto& [sigma, size] : {std::pair{0.1, 3}, {0.3, 3}, {0.5, 3}, {1.0, 5}, {1.3, 0}}) {
          INFO("sigma " << sigma);
          gaussian_blur(in, sigma, size, border, fast);
          gaussian_blur_ref(in, sigma, size, border, slow);
          CHECK(fast == slow);
        }
      }
    }
  });
}

TEST_CASE("a high Gaussian kernel works in strips", "[image]") {
  each_instruction_set([] {
    for (const Size& s : {Size{1100, 5, 1}, Size{361, 4, 3}, Size{1024, 3, 1}}) {
      const Image in = random_image(s.width, s.height, s.channels, 9);
      Image fast, slow;
      gaussian_blur(in, 2.6, 0, Padding::reflect, fast);
      gaussian_blur_ref(in, 2.6, 0, Padding::reflect, slow);
      CHECK(fast == slow);
    }
  });
}

TEST_CASE("the fast bilateral filter is within a grey level of its definition", "[image]") {
  const Image in = random_image(23, 11, 3, 5);
  Image fast, slow;
  bilateral(in, 3, 2.0, 40.0, Padding::reflect, fast);
  bilateral_ref(in, 3, 2.0, 40.0, Padding::reflect, slow);
  int most = 0;
  for (std::size_t i = 0; i < fast.data.size(); ++i) most = std::max(most, std::abs(fast.data[i] - slow.data[i]));
  CHECK(most <= 1);
}

TEST_CASE("wide windows need more than 16 bits", "[image]") {
  Image in(40, 30, 1);
  std::fill(in.data.begin(), in.data.end(), std::uint8_t{255});
  Image out;
  box_mean(in, 301, 255, Padding::reflect, out);
  CHECK(out == in);
  median(in, 255, out);
  CHECK(out == in);
}

TEST_CASE("filters of an empty picture are empty", "[image]") {
  const Image none;
  Image out(3, 3, 1);
  gaussian_blur(none, 2.0, 0, Padding::reflect, out);
  CHECK(out.empty());
  box_mean(none, 3, 3, Padding::reflect, out);
  CHECK(out.empty());
  median(none, 5, out);
  CHECK(out.empty());
  canny(none, {}, out);
  CHECK(out.empty());
  gradient_magnitude(none, GradientKernel::sobel, Padding::zero, out);
  CHECK(out.empty());
  bilateral(none, 2, 1.0, 1.0, Padding::zero, out);
  CHECK(out.empty());
  CHECK(std::isnan(psnr(none, none)));
  CHECK(std::isnan(ssim(none, none)));
}

// If it sorts all zeros and ones it sorts everything; columns arrive sorted.
TEST_CASE("median networks find the middle of all columns of zeros and ones", "[image]") {
  const auto check = [](int size, std::span<const median8_kernel::Exchange> network, int middle) {
    std::vector<int> ones(static_cast<std::size_t>(size), 0);
    bool more = true;
    int wrong = 0;
    while (more) {
      std::vector<int> v(static_cast<std::size_t>(size * size));
      for (int row = 0; row < size; ++row)
        for (int column = 0; column < size; ++column)
          v[static_cast<std::size_t>(row * size + column)] =
              row >= size - ones[static_cast<std::size_t>(column)] ? 1 : 0;
      const int sum = std::accumulate(v.begin(), v.end(), 0);
      for (const auto& [a, b] : network)
        if (v[static_cast<std::size_t>(a)] > v[static_cast<std::size_t>(b)])
          std::swap(v[static_cast<std::size_t>(a)], v[static_cast<std::size_t>(b)]);
      wrong += v[static_cast<std::size_t>(middle)] != (sum > size * size / 2 ? 1 : 0) ? 1 : 0;
      std::size_t digit = 0;
      while (digit < ones.size() && ++ones[digit] > size) ones[digit++] = 0;
      more = digit < ones.size();
    }
    CHECK(wrong == 0);
  };
  check(3, median8_kernel::network9, median8_kernel::middle9);
  check(5, median8_kernel::network25, median8_kernel::middle25);
}

TEST_CASE("the textbooks' integer Gaussian", "[image][golden]") {
  const IntegerKernel kernel = integer_gaussian(1.0, 5, 274.0, Sampling::area);
  CHECK(kernel.weights ==
        std::vector<int>{1, 4, 7, 4, 1, 4, 16, 26, 16, 4, 7, 26, 41, 26, 7, 4, 16, 26, 16, 4, 1, 4, 7, 4, 1});
  CHECK(kernel.sum == 273);
}

TEST_CASE("what a kernel leaves of a wave", "[image]") {
  const std::vector<double> mean(3, 1.0 / 3.0);
  CHECK_THAT(frequency_response(mean, 0.0), WithinAbs(1.0, 1e-12));
  CHECK_THAT(frequency_response(mean, 1.0 / 3.0), WithinAbs(0.0, 1e-12));  // a window of three is one whole wave
  CHECK_THAT(frequency_response(mean, 0.5), WithinAbs(-1.0 / 3.0, 1e-12));
  // A wide Gaussian's transform is a Gaussian: exp(-2 pi^2 sigma^2 f^2).
  CHECK_THAT(frequency_response(gaussian_weights(2.0, 31), 0.1),
             WithinAbs(std::exp(-0.08 * std::numbers::pi * std::numbers::pi), 1e-9));
}

TEST_CASE("noise has the strength that was asked for, and a seed", "[image]") {
  Image flat(200, 100, 1);
  std::fill(flat.data.begin(), flat.data.end(), std::uint8_t{128});
  Image noisy, again;
  add_gaussian_noise(flat, 10.0, 1, noisy);
  add_gaussian_noise(flat, 10.0, 1, again);
  CHECK(noisy == again);
  CHECK_THAT(std::sqrt(mean_squared_error(flat, noisy)), WithinAbs(10.0, 0.2));
  add_salt_and_pepper(flat, 0.1, 1, noisy);
  const auto black = std::count(noisy.data.begin(), noisy.data.end(), 0);
  const auto white = std::count(noisy.data.begin(), noisy.data.end(), 255);
  CHECK(black + white > 1850);
  CHECK(black + white < 2150);
  CHECK(std::abs(black - white) < 200);
  add_gaussian_noise(flat, 0.0, 1, noisy);
  CHECK(noisy == flat);
}

TEST_CASE("unsharp masking leaves flat regions and overshoots at edges", "[image]") {
  Image step(20, 3, 1);
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 20; ++column) step.at(row, column) = column < 10 ? 100 : 150;
  Image out;
  unsharp(step, 1.0, 1.0, Padding::reflect, out);
  CHECK(out.at(1, 0) == 100);
  CHECK(out.at(1, 19) == 150);
  CHECK(out.at(1, 9) < 100);
  CHECK(out.at(1, 10) > 150);
}

TEST_CASE("direction of a gradient", "[image]") {
  CHECK_THAT(gradient_direction(5, 0), WithinAbs(0.0, 1e-12));
  CHECK_THAT(gradient_direction(0, 5), WithinAbs(90.0, 1e-12));
  CHECK_THAT(gradient_direction(-3, -3), WithinAbs(225.0, 1e-12));
  CHECK_THAT(gradient_direction(0, 0), WithinAbs(0.0, 1e-12));
  CHECK(canny_step(10, 1).column == 1);
  CHECK(canny_step(1, -10).row == 1);
  CHECK(canny_step(10, -10).column == -1);
  CHECK(canny_step(-10, -10).column == 1);
}
