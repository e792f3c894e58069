// conv2d: its definition against arithmetic done by hand, its laws, its gradients. What must hold for the fast twin is
// in conv2d_fast_test.cpp; what OpenCV says, in conv2d_opencv_test.cpp.
#include "core/ops/conv2d.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <initializer_list>

#include "core/image/kernels.hpp"
#include "tests/core/gradient_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

Tensor picture(std::ptrdiff_t rows, std::ptrdiff_t columns, std::initializer_list<float> values) {
  Tensor tensor({1, 1, rows, columns});
  std::copy(values.begin(), values.end(), tensor.data());
  return tensor;
}

Tensor as_weight(const Tensor& kernel) {
  Tensor weight({1, 1, kernel.size(0), kernel.size(1)});
  std::copy_n(kernel.data(), kernel.count(), weight.data());
  return weight;
}

Tensor filter(const Conv2dParams& params, const Tensor& in, const Tensor& weight) {
  Tensor out(conv2d_output_shape(params, in.shape(), weight.shape()));
  conv2d_forward_ref<float>(params, in.view(), weight.view(), {}, out.view());
  return out;
}

constexpr std::array all_paddings = {Padding::valid, Padding::zero, Padding::replicate, Padding::reflect};

}  // namespace

TEST_CASE("conv2d: output sizes", "[core][conv2d]") {
  const auto size = [](Conv2dParams p, std::ptrdiff_t n, std::ptrdiff_t k) {
    const Shape shape = conv2d_output_shape(p, {1, 1, n, n}, {1, 1, k, k});
    CHECK(shape[2] == shape[3]);
    return shape[2];
  };
  // The slides' "(N-1)x(M-1)" is the case of a 2x2 kernel; in general N-k+1.
  CHECK(size({}, 10, 2) == 9);
  CHECK(size({}, 10, 3) == 8);
  CHECK(size({}, 3, 3) == 1);
  CHECK(size({}, 2, 3) == 0);
  CHECK(size({.stride_y = 2, .stride_x = 2}, 227, 11) == 109);
  CHECK(size({.stride_y = 4, .stride_x = 4}, 227, 11) == 55);  // AlexNet's first layer
  CHECK(size({.dilation_y = 2, .dilation_x = 2}, 10, 3) == 6);
  CHECK(size({.dilation_y = 5, .dilation_x = 5}, 10, 3) == 0);
  for (Padding padding : {Padding::zero, Padding::replicate, Padding::reflect}) {
    for (int k = 1; k <= 15; ++k) CHECK(size({.padding = padding}, 7, k) == 7);
    CHECK(size({.stride_y = 2, .stride_x = 2, .padding = padding}, 7, 3) == 4);
    CHECK(size({.stride_y = 2, .stride_x = 2, .padding = padding}, 8, 3) == 4);
    CHECK(size({.padding = padding}, 0, 3) == 0);
  }
  CHECK(conv2d_output_shape({}, {2, 3, 8, 9}, {4, 3, 3, 2}) == Shape{2, 4, 6, 8});
  CHECK(conv2d_output_shape({.groups = 3}, {2, 6, 8, 9}, {9, 2, 3, 2}) == Shape{2, 9, 6, 8});
  const auto padded = [&](int each, int stride) {
    return Conv2dParams{
        .stride_y = stride, .stride_x = stride, .padding = Padding::zero, .padding_y = each, .padding_x = each};
  };
  CHECK(size(padded(3, 2), 224, 7) == 112);  // ResNet's first layer
  CHECK(size(padded(1, 2), 28, 4) == 14);    // DCGAN's discriminator
  CHECK(size(padded(2, 1), 1, 5) == 1);
  CHECK(size(padded(1, 1), 1, 5) == 0);
  CHECK(size(padded(0, 1), 10, 3) == 8);
}

TEST_CASE("conv2d: which cell stands for one outside", "[core][conv2d]") {
  CHECK(border_source(Padding::zero, -1, 4) == -1);
  CHECK(border_source(Padding::zero, 4, 4) == -1);
  CHECK(border_source(Padding::replicate, -3, 4) == 0);
  CHECK(border_source(Padding::replicate, 9, 4) == 3);
  const std::array<int, 14> mirrored = {1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2};  // cells -5 .. 8 of a b c d
  for (int i = -5; i <= 8; ++i)
    CHECK(border_source(Padding::reflect, i, 4) == mirrored[static_cast<std::size_t>(i + 5)]);
  CHECK(border_source(Padding::reflect, -7, 1) == 0);
  for (Padding padding : all_paddings) CHECK(border_source(padding, 2, 4) == 2);
}

TEST_CASE("conv2d: the slide's 10x10 box picture with the 3x3 mean", "[core][conv2d][golden]") {
  const Tensor in = picture(10, 10, {0, 0, 0,  0,  0,  0,  0,  0,  0, 0,  //
                                     0, 0, 0,  0,  0,  0,  0,  0,  0, 0,  //
                                     0, 0, 0,  90, 90, 90, 90, 90, 0, 0,  //
                                     0, 0, 0,  90, 90, 90, 90, 90, 0, 0,  //
                                     0, 0, 0,  90, 90, 90, 90, 90, 0, 0,  //
                                     0, 0, 0,  90, 0,  90, 90, 90, 0, 0,  //
                                     0, 0, 0,  90, 90, 90, 90, 90, 0, 0,  //
                                     0, 0, 0,  0,  0,  0,  0,  0,  0, 0,  //
                                     0, 0, 90, 0,  0,  0,  0,  0,  0, 0,  //
                                     0, 0, 0,  0,  0,  0,  0,  0,  0, 0});
  // The slide prints nine rows: it repeats the last one. A 10x10 picture under a 3x3 kernel has eight.
  const Tensor slide = picture(8, 8, {0,  10, 20, 30, 30, 30, 20, 10,  //
                                      0,  20, 40, 60, 60, 60, 40, 20,  //
                                      0,  30, 60, 90, 90, 90, 60, 30,  //
                                      0,  30, 50, 80, 80, 90, 60, 30,  //
                                      0,  30, 50, 80, 80, 90, 60, 30,  //
                                      0,  20, 30, 50, 50, 60, 40, 20,  //
                                      10, 20, 30, 30, 30, 30, 20, 10,  //
                                      10, 10, 10, 0,  0,  0,  0,  0});
  const Tensor mean = as_weight(make_kernel(KernelKind::mean, 3, 3));
  CHECK(largest_difference(filter({}, in, mean), slide) < 1e-4);
  Tensor fast(slide.shape());
  conv2d_forward({}, in.view(), mean.view(), {}, fast.view());
  CHECK(largest_difference(fast, slide) < 1e-4);
}

TEST_CASE("conv2d: the slide's O(5,7) is I57K11+I58K12+I59K13+I67K21+I68K22+I69K23", "[core][conv2d][golden]") {
  const MacStep step = conv2d_step({}, {1, 1, 6, 9}, {1, 1, 2, 3}, 5 - 1, 7 - 1);  // the slide counts from 1
  std::string sum;
  for (const MacTerm& t : step.terms) {
    CHECK(t.row == t.from_row);
    CHECK(t.column == t.from_column);
    sum += (sum.empty() ? "I" : "+I") + std::to_string(t.from_row + 1) + std::to_string(t.from_column + 1) + "K" +
           std::to_string(t.kernel_row + 1) + std::to_string(t.kernel_column + 1);
  }
  CHECK(sum == "I57K11+I58K12+I59K13+I67K21+I68K22+I69K23");
  CHECK(step.row == 4);
  CHECK(step.column == 6);
}

TEST_CASE("conv2d: small cases by hand", "[core][conv2d]") {
  const Tensor in = picture(2, 3, {1, 2, 3, 4, 5, 6});
  SECTION("an even kernel looks one further down and right") {
    const Tensor kernel = picture(1, 2, {10, 1});
    CHECK(filter({.padding = Padding::zero}, in, kernel) == picture(2, 3, {12, 23, 30, 45, 56, 60}));
    CHECK(filter({.padding = Padding::replicate}, in, kernel) == picture(2, 3, {12, 23, 33, 45, 56, 66}));
    CHECK(filter({.padding = Padding::reflect}, in, kernel) == picture(2, 3, {12, 23, 32, 45, 56, 65}));
  }
  SECTION("flip is the mathematician's convolution") {
    CHECK(filter({.flip = true}, in, picture(1, 2, {10, 1})) == picture(2, 2, {21, 32, 54, 65}));
  }
  SECTION("stride and dilation") {
    CHECK(filter({.stride_x = 2}, in, picture(1, 1, {1})) == picture(2, 2, {1, 3, 4, 6}));
    CHECK(filter({.dilation_x = 2}, in, picture(1, 2, {10, 1})) == picture(2, 1, {13, 46}));
  }
  SECTION("a kernel larger than the picture mirrors more than once") {
    // Mirrored without end, cells -3 .. 5 are 2 3 2 | 1 2 3 | 2 1 2; the sums of the seven around each of the middle
    // three:
    const Tensor ones = picture(1, 7, {1, 1, 1, 1, 1, 1, 1});
    const Tensor row = picture(1, 3, {1, 2, 3});
    CHECK(filter({.padding = Padding::reflect}, row, ones) == picture(1, 3, {15, 14, 13}));
  }
  SECTION("bias and channels") {
    Tensor two({1, 2, 1, 2}), weight({1, 2, 1, 1}), bias({1}), out({1, 1, 1, 2});
    std::copy_n(std::array{1.0f, 2.0f, 3.0f, 4.0f}.begin(), 4, two.data());
    weight(0, 0, 0, 0) = 10;
    weight(0, 1, 0, 0) = 1;
    bias(0) = 100;
    conv2d_forward_ref<float>({}, two.view(), weight.view(), bias.view(), out.view());
    CHECK(out(0, 0, 0, 0) == 113);
    CHECK(out(0, 0, 0, 1) == 124);
  }
}

TEST_CASE("conv2d: laws", "[core][conv2d]") {
  Rng rng(1);
  const Tensor a = random_tensor({1, 1, 9, 11}, rng), b = random_tensor({1, 1, 9, 11}, rng);
  const Tensor kernel = random_tensor({1, 1, 3, 4}, rng);
  for (Padding padding : all_paddings) {
    const Conv2dParams params = {.padding = padding};
    SECTION("linear in the picture, padding " + std::to_string(static_cast<int>(padding))) {
      Tensor mixed(a.shape());
      for (std::ptrdiff_t i = 0; i < a.count(); ++i) mixed.data()[i] = 2 * a.data()[i] - 3 * b.data()[i];
      const Tensor fa = filter(params, a, kernel), fb = filter(params, b, kernel), fm = filter(params, mixed, kernel);
      Tensor expected(fa.shape());
      for (std::ptrdiff_t i = 0; i < fa.count(); ++i) expected.data()[i] = 2 * fa.data()[i] - 3 * fb.data()[i];
      CHECK(largest_difference(fm, expected) < 1e-5);
    }
    SECTION("the identity kernel changes nothing, padding " + std::to_string(static_cast<int>(padding))) {
      for (int k = 1; k <= 5; ++k) {
        if (padding == Padding::valid && k > 1) continue;
        CHECK(filter(params, a, as_weight(make_kernel(KernelKind::identity, k, k))) == a);
      }
    }
    SECTION("flip twice is no flip, padding " + std::to_string(static_cast<int>(padding))) {
      Tensor mirrored(kernel.shape());
      for (int k = 0; k < 3; ++k)
        for (int l = 0; l < 4; ++l) mirrored(0, 0, k, l) = kernel(0, 0, 2 - k, 3 - l);
      CHECK(filter({.padding = padding, .flip = true}, a, mirrored) == filter(params, a, kernel));
    }
  }
  SECTION("the shift kernel moves the picture one column to the right") {
    const Tensor shifted = filter({.padding = Padding::zero}, a, as_weight(make_kernel(KernelKind::shift, 3, 3)));
    for (int i = 0; i < 9; ++i)
      for (int j = 0; j < 11; ++j) CHECK(shifted(0, 0, i, j) == (j == 0 ? 0.0f : a(0, 0, i, j - 1)));
  }
  SECTION("a shifted picture has a shifted output, away from the border") {
    Tensor moved(a.shape());
    for (int i = 0; i < 9; ++i)
      for (int j = 1; j < 11; ++j) moved(0, 0, i, j) = a(0, 0, i, j - 1);
    const Tensor fa = filter({}, a, kernel), fm = filter({}, moved, kernel);
    for (int i = 0; i < fa.size(2); ++i)
      for (int j = 1; j < fa.size(3); ++j) CHECK(fm(0, 0, i, j) == fa(0, 0, i, j - 1));
  }
}

// Every combination worth trying, small enough for central differences and for conv2d_step.
template <class Check>
void for_each_variant(Check&& check) {
  for (Padding padding : all_paddings)
    for (int stride : {1, 2, 3})
      for (int dilation : {1, 2})
        for (bool flip : {false, true})
          check(Conv2dParams{.stride_y = stride,
                             .stride_x = stride == 3 ? 1 : stride,
                             .dilation_y = dilation,
                             .dilation_x = dilation == 2 ? 3 : 1,
                             .padding = padding,
                             .flip = flip});
}

TEST_CASE("conv2d: conv2d_step tells exactly what the reference sums", "[core][conv2d]") {
  Rng rng(2);
  const Tensor in = random_tensor({1, 1, 7, 9}, rng), weight = random_tensor({1, 1, 3, 2}, rng);
  for_each_variant([&](const Conv2dParams& params) {
    const Tensor out = filter(params, in, weight);
    for (int i = 0; i < out.size(2); ++i) {
      for (int j = 0; j < out.size(3); ++j) {
        float sum = 0;
        const MacStep step = conv2d_step(params, in.shape(), weight.shape(), i, j);
        REQUIRE(step.terms.size() == 6);
        REQUIRE(step.terms[0].row == step.row);
        REQUIRE(step.terms[0].column == step.column);
        for (const MacTerm& t : step.terms)
          if (t.from_row >= 0) sum += in(0, 0, t.from_row, t.from_column) * weight(0, 0, t.kernel_row, t.kernel_column);
        REQUIRE(sum == out(0, 0, i, j));
      }
    }
  });
}

TEST_CASE("conv2d: zeros counted on each side are zeros put there by hand", "[core][conv2d]") {
  Rng rng(12);
  const Tensor in = random_tensor({1, 2, 5, 6}, rng), weight = random_tensor({3, 2, 3, 4}, rng);
  for (int above : {0, 1, 3})
    for (int beside : {0, 2}) {
      Tensor wide({1, 2, 5 + 2 * above, 6 + 2 * beside});
      for (int c = 0; c < 2; ++c)
        for (int i = 0; i < 5; ++i)
          for (int j = 0; j < 6; ++j) wide(0, c, i + above, j + beside) = in(0, c, i, j);
      const Conv2dParams params = {.stride_y = 2, .padding = Padding::zero, .padding_y = above, .padding_x = beside};
      CHECK(filter(params, in, weight) == filter({.stride_y = 2}, wide, weight));
      CHECK(conv2d_step(params, in.shape(), weight.shape(), 0, 0).row == -above);
      CHECK(conv2d_step(params, in.shape(), weight.shape(), 0, 0).column == -beside);
    }
}

TEST_CASE("conv2d: a group is a convolution of its own", "[core][conv2d]") {
  Rng rng(13);
  const Tensor in = random_tensor({1, 4, 5, 6}, rng), weight = random_tensor({6, 2, 3, 3}, rng);
  const Tensor out = filter({.groups = 2}, in, weight);
  for (std::ptrdiff_t group : {0, 1}) {
    Tensor part({1, 2, 5, 6}), kernels({3, 2, 3, 3});
    std::copy_n(&in(0, 2 * group, 0, 0), part.count(), part.data());
    std::copy_n(&weight(3 * group, 0, 0, 0), kernels.count(), kernels.data());
    const Tensor expected = filter({}, part, kernels);
    CHECK(std::equal(expected.data(), expected.data() + expected.count(), &out(0, 3 * group, 0, 0)));
  }
}

TEST_CASE("conv2d: gradients with groups and counted padding", "[core][conv2d][gradient]") {
  using Tensor64 = BasicTensor<double>;
  Rng rng(14);
  for (int groups : {1, 2, 4})
    for (int stride : {1, 2}) {
      const Conv2dParams params = {.stride_y = stride,
                                   .stride_x = stride,
                                   .padding = Padding::zero,
                                   .padding_y = 2,
                                   .padding_x = 1,
                                   .groups = groups};
      Tensor64 in = random_tensor<double>({2, 4, 4, 5}, rng),
               weight = random_tensor<double>({4, 4 / groups, 3, 2}, rng);
      Tensor64 out(conv2d_output_shape(params, in.shape(), weight.shape())), din(in.shape()), dweight(weight.shape());
      const Tensor64 dout = random_tensor<double>(out.shape(), rng);
      const auto loss = [&] {
        conv2d_forward_ref<double>(params, in.view(), weight.view(), {}, out.view());
        return weighted_sum(out, dout);
      };
      conv2d_backward_ref<double>(params, in.view(), weight.view(), dout.view(), din.view(), dweight.view(), {});
      CHECK(gradient_error(in, din, loss) < gradient_tolerance);
      CHECK(gradient_error(weight, dweight, loss) < gradient_tolerance);
    }
}

TEST_CASE("conv2d: gradients against central differences", "[core][conv2d][gradient]") {
  using Tensor64 = BasicTensor<double>;
  Rng rng(3);
  for_each_variant([&](const Conv2dParams& params) {
    Tensor64 in = random_tensor<double>({2, 2, 6, 5}, rng), weight = random_tensor<double>({3, 2, 2, 2}, rng);
    Tensor64 bias = random_tensor<double>({3}, rng), out(conv2d_output_shape(params, in.shape(), weight.shape()));
    const Tensor64 dout = random_tensor<double>(out.shape(), rng);
    const auto loss = [&] {
      conv2d_forward_ref<double>(params, in.view(), weight.view(), bias.view(), out.view());
      return weighted_sum(out, dout);
    };
    Tensor64 din(in.shape()), dweight(weight.shape()), dbias(bias.shape());
    conv2d_backward_ref<double>(params, in.view(), weight.view(), dout.view(), din.view(), dweight.view(),
                                dbias.view());
    CHECK(gradient_error(in, din, loss) < gradient_tolerance);
    CHECK(gradient_error(weight, dweight, loss) < gradient_tolerance);
    CHECK(gradient_error(bias, dbias, loss) < gradient_tolerance);
  });
}
