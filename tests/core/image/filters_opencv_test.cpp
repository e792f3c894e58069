// Filters against OpenCV, saved by tests/data/make_filters.py (the version is beside the numbers).
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "core/image/bilateral.hpp"
#include "core/image/box.hpp"
#include "core/image/canny.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/gradient.hpp"
#include "core/image/median.hpp"
#include "core/image/quality.hpp"
#include "tests/core/reference_data.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

Image saved(const std::string& name) {
  const Tensor values = test::reference("filters/" + name + ".npy");  // (H, W) or (H, W, C)
  const int channels = values.shape().rank() == 3 ? static_cast<int>(values.size(2)) : 1;
  Image image(static_cast<int>(values.size(1)), static_cast<int>(values.size(0)), channels);
  for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = static_cast<std::uint8_t>(values.data()[i]);
  return image;
}

int largest_difference(const Image& a, const Image& b) {
  REQUIRE(a.data.size() == b.data.size());
  int most = 0;
  for (std::size_t i = 0; i < a.data.size(); ++i) most = std::max(most, std::abs(a.data[i] - b.data[i]));
  return most;
}

bool same(const std::vector<std::int16_t>& a, const std::string& name) {
  const Tensor b = test::reference("filters/" + name + ".npy");
  return std::equal(a.begin(), a.end(), b.data(), b.data() + b.count(),
                    [](std::int16_t x, float y) { return static_cast<float>(x) == y; });
}

}  // namespace

TEST_CASE("smoothing filters equal OpenCV's", "[image][golden]") {
  for (const std::string name : {"grey", "colour", "random"}) {
    INFO(name);
    const Image in = saved(name);
    Image out;
    gaussian_blur(in, 1.0, 5, Padding::reflect, out);
    CHECK(out == saved(name + "-gaussian-5-1"));
    gaussian_blur(in, 2.5, 0, Padding::reflect, out);
    CHECK(out == saved(name + "-gaussian-2.5"));
    gaussian_blur(in, 0.8, 7, Padding::replicate, out);
    CHECK(out == saved(name + "-gaussian-replicate"));
    box_mean(in, 3, 3, Padding::reflect, out);
    CHECK(out == saved(name + "-mean-3"));
    box_mean(in, 15, 15, Padding::reflect, out);
    CHECK(largest_difference(out, saved(name + "-mean-15")) <= 0);
    for (const int size : {3, 5, 9}) {
      median(in, size, out);
      CHECK(out == saved(name + "-median-" + std::to_string(size)));
    }
    sharpen(in, Padding::reflect, out);
    CHECK(out == saved(name + "-sharpen"));
    filter_3x3(in, {-1, 2, -3, 4, 5, 1, 2, -6, 1}, Padding::reflect, out);
    CHECK(out == saved(name + "-dense-whole"));
    filter_3x3(in, {0.1F, 0.15F, -0.2F, 0.3F, 0.7F, 0.05F, -0.4F, 0.25F, 0.02F}, Padding::reflect, out);
    CHECK(largest_difference(out, saved(name + "-dense-fractions")) <= 1);  // multiply-add elsewhere: other halves
    bilateral(in, 3, 2.0, 25.0, Padding::reflect, out);
    CHECK(largest_difference(out, saved(name + "-bilateral")) <= 1);
  }
}

TEST_CASE("gradients and Canny's edges equal OpenCV's", "[image][golden]") {
  for (const std::string name : {"grey", "random"}) {
    INFO(name);
    const Image in = saved(name);
    Gradient g;
    gradient(in, GradientKernel::sobel, Padding::reflect, g);
    CHECK(same(g.x, name + "-sobel-x"));
    CHECK(same(g.y, name + "-sobel-y"));
    gradient(in, GradientKernel::scharr, Padding::reflect, g);
    CHECK(same(g.x, name + "-scharr-x"));
    CHECK(same(g.y, name + "-scharr-y"));
    std::vector<std::int16_t> second;
    laplacian(in, Padding::reflect, second);
    CHECK(same(second, name + "-laplacian"));
    Image smooth;
    gaussian_blur(in, 1.0, 5, Padding::reflect, smooth);
    const auto both = [&](const Image& picture, const CannyParams& params, const std::string& op) {
      INFO(op);
      Image out;
      canny_ref(picture, params, out);
      CHECK(out == saved(name + op));
      canny(picture, params, out);
      CHECK(out == saved(name + op));
    };
    both(in, {60, 180, false}, "-canny");
    both(smooth, {30, 90, false}, "-canny-smooth");
    both(smooth, {25, 70, true}, "-canny-euclidean");
    both(in, {180, 60, false}, "-canny-swapped");
  }
}

TEST_CASE("PSNR and structural similarity equal OpenCV's", "[image][golden]") {
  const auto bytes = test::reference_file("filters/quality.txt");
  std::istringstream text(std::string(bytes.begin(), bytes.end()));
  double decibels = 0.0;
  double similarity = 0.0;
  text >> decibels >> similarity;
  CHECK_THAT(psnr(saved("grey"), saved("grey-noisy")), WithinAbs(decibels, 1e-8));
  CHECK_THAT(ssim(saved("grey"), saved("grey-noisy")), WithinAbs(similarity, 1e-5));
  CHECK_THAT(ssim(saved("grey"), saved("grey")), WithinAbs(1.0, 1e-12));
  CHECK(std::isinf(psnr(saved("grey"), saved("grey"))));
}
