// conv2d gives what OpenCV's filter2D gives, on a photograph and on a random picture of odd size. The numbers and the
// version they come from: tests/data/make_opencv.py, tests/data/opencv/VERSION.
#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "core/ops/conv2d.hpp"
#include "tests/core/gradient_check.hpp"
#include "tests/core/reference_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

constexpr double tolerance = 1e-3;  // on a scale of 0..255

ConstView as_nchw(const Tensor& t) { return {t.data(), {1, 1, t.size(0), t.size(1)}}; }

Padding padding_of(const std::string& name) {
  return name == "zero"        ? Padding::zero
         : name == "replicate" ? Padding::replicate
         : name == "reflect"   ? Padding::reflect
                               : Padding::valid;
}

}  // namespace

TEST_CASE("conv2d equals OpenCV's filter2D", "[core][conv2d][opencv]") {
  const auto bytes = reference_file("opencv/cases.txt");
  std::istringstream cases(std::string(bytes.begin(), bytes.end()));
  std::string number, picture, padding;
  int stride = 0, dilation = 0, flip = 0, seen = 0;
  while (cases >> number >> picture >> padding >> stride >> dilation >> flip) {
    const Tensor in = reference("opencv/" + picture + ".npy"), kernel = reference("opencv/kernel-" + number + ".npy");
    const Tensor expected = reference("opencv/out-" + number + ".npy");
    const Conv2dParams params = {stride, stride, dilation, dilation, padding_of(padding), flip != 0};
    Tensor out(Shape{expected.size(0), expected.size(1)}), plain = out;
    const Shape shape = conv2d_output_shape(params, as_nchw(in).shape(), as_nchw(kernel).shape());
    INFO("case " << number << ": " << picture << ", " << padding << ", kernel " << kernel.size(0) << "x"
                 << kernel.size(1));
    REQUIRE(shape == Shape{1, 1, expected.size(0), expected.size(1)});
    conv2d_forward(params, as_nchw(in), as_nchw(kernel), {}, View(out.data(), shape));
    conv2d_forward_ref<float>(params, as_nchw(in), as_nchw(kernel), {}, View(plain.data(), shape));
    CHECK(largest_difference(out, expected) < tolerance);
    CHECK(largest_difference(plain, expected) < tolerance);
    ++seen;
  }
  CHECK(seen == 48);
}
