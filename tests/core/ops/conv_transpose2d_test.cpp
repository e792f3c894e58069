// conv_transpose2d: its definition by hand and by its law (it is the transpose of conv2d), its gradients, and the fast
// one against the definition.
#include "core/ops/conv_transpose2d.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "core/ops/conv2d.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/simd/dispatch.hpp"
#include "tests/core/gradient_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

using Index = std::ptrdiff_t;

struct Case {
  ConvTranspose2dParams params;
  Shape in, weight;
};

// Every kind of parameter, sizes on both sides of 4, 8 and 16 lanes.
std::vector<Case> cases(std::initializer_list<Index> widths) {
  std::vector<Case> all;
  for (Index width : widths)
    for (int stride : {1, 2, 3})
      for (int padding : {0, 1, 2})
        for (int dilation : {1, 2})
          for (int groups : {1, 2}) {
            const Index kernel = stride == 3 ? 3 : 4;
            all.push_back({{stride, padding, stride - 1, dilation, groups},
                           {2, 4, 5, width},
                           {4, 6 / groups, kernel, kernel - 1}});
          }
  return all;
}

double tolerance(Index products) { return 1e-6 * static_cast<double>(products + 4); }

}  // namespace

TEST_CASE("conv_transpose2d: output sizes", "[core][conv_transpose2d]") {
  const auto size = [](ConvTranspose2dParams p, Index n, Index k) {
    return conv_transpose2d_output_shape(p, {1, 1, n, n}, {1, 1, k, k})[2];
  };
  CHECK(size({}, 3, 3) == 5);
  CHECK(size({.stride = 2, .padding = 1}, 7, 4) == 14);  // DCGAN: twice the size
  CHECK(size({.stride = 2, .padding = 1, .output_padding = 1}, 7, 3) == 14);
  CHECK(size({.dilation = 3}, 4, 2) == 7);
  CHECK(size({.padding = 2}, 1, 1) == 0);
  CHECK(size({}, 0, 3) == 0);
  CHECK(conv_transpose2d_output_shape({.groups = 2}, {2, 4, 3, 5}, {4, 3, 2, 2}) == Shape{2, 6, 4, 6});
}

TEST_CASE("conv_transpose2d: stamps by hand", "[core][conv_transpose2d]") {
  Tensor in({1, 1, 1, 2}), weight({1, 1, 1, 3}), bias({1}), out({1, 1, 1, 5});
  std::copy_n(std::array{2.0f, 3.0f}.begin(), 2, in.data());
  std::copy_n(std::array{1.0f, 10.0f, 100.0f}.begin(), 3, weight.data());
  bias(0) = 1000;
  const std::array overlapping = {1002.0f, 1020.0f, 1203.0f, 1030.0f, 1300.0f};  // 2 20 200 and 3 30 300 two further
  conv_transpose2d_forward_ref<float>({.stride = 2}, in.view(), weight.view(), bias.view(), out.view());
  for (std::size_t x = 0; x < 5; ++x) CHECK(out.data()[x] == overlapping[x]);
  conv_transpose2d_forward({.stride = 2}, in.view(), weight.view(), bias.view(), out.view());
  for (std::size_t x = 0; x < 5; ++x) CHECK(out.data()[x] == overlapping[x]);
}

TEST_CASE("conv_transpose2d is conv2d's gradient in its input", "[core][conv_transpose2d]") {
  Rng rng(1);
  for (const Case& c : cases({7})) {
    const Tensor in = random_tensor(c.in, rng), weight = random_tensor(c.weight, rng);
    const Shape shape = conv_transpose2d_output_shape(c.params, c.in, c.weight);
    const Conv2dParams conv = {.stride_y = c.params.stride,
                               .stride_x = c.params.stride,
                               .dilation_y = c.params.dilation,
                               .dilation_x = c.params.dilation,
                               .padding = Padding::zero,
                               .padding_y = c.params.padding,
                               .padding_x = c.params.padding,
                               .groups = c.params.groups};
    REQUIRE(conv2d_output_shape(conv, shape, c.weight) == c.in);
    Tensor out(shape), gradient(shape);
    conv_transpose2d_forward_ref<float>(c.params, in.view(), weight.view(), {}, out.view());
    conv2d_backward_ref<float>(conv, out.view(), weight.view(), in.view(), gradient.view(), {}, {});
    REQUIRE(largest_difference(out, gradient) <= tolerance(c.weight[0] * c.weight[2] * c.weight[3]));
  }
}

TEST_CASE("conv_transpose2d: gradients against central differences", "[core][conv_transpose2d][gradient]") {
  using Tensor64 = BasicTensor<double>;
  Rng rng(2);
  for (const Case& c : cases({3})) {
    Tensor64 in = random_tensor<double>({2, 4, 2, 3}, rng), weight = random_tensor<double>(c.weight, rng);
    const Shape shape = conv_transpose2d_output_shape(c.params, in.shape(), weight.shape());
    Tensor64 bias = random_tensor<double>({shape[1]}, rng), out(shape);
    const Tensor64 dout = random_tensor<double>(shape, rng);
    const auto loss = [&] {
      conv_transpose2d_forward_ref<double>(c.params, in.view(), weight.view(), bias.view(), out.view());
      return weighted_sum(out, dout);
    };
    Tensor64 din(in.shape()), dweight(weight.shape()), dbias(bias.shape());
    conv_transpose2d_backward_ref<double>(c.params, in.view(), weight.view(), dout.view(), din.view(), dweight.view(),
                                          dbias.view());
    CHECK(gradient_error(in, din, loss) < gradient_tolerance);
    CHECK(gradient_error(weight, dweight, loss) < gradient_tolerance);
    CHECK(gradient_error(bias, dbias, loss) < gradient_tolerance);
  }
}

TEST_CASE("conv_transpose2d fast: forward and backward", "[core][conv_transpose2d][fast]") {
  for (auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
    simd::limit(set);
    Rng rng(3);
    for (const Case& c : cases({1, 3, 4, 8, 9, 17, 35})) {
      const Tensor in = random_tensor(c.in, rng), weight = random_tensor(c.weight, rng);
      const Shape shape = conv_transpose2d_output_shape(c.params, c.in, c.weight);
      const Tensor bias = random_tensor({shape[1]}, rng), dout = random_tensor(shape, rng);
      Tensor out(shape, -77.0f), out_ref(shape);
      Tensor din = random_tensor(c.in, rng), dweight = random_tensor(c.weight, rng);
      Tensor dbias = random_tensor({shape[1]}, rng), din_ref = din, dweight_ref = dweight, dbias_ref = dbias;
      conv_transpose2d_forward(c.params, in.view(), weight.view(), bias.view(), out.view());
      conv_transpose2d_forward_ref<float>(c.params, in.view(), weight.view(), bias.view(), out_ref.view());
      conv_transpose2d_backward(c.params, in.view(), weight.view(), dout.view(), din.view(), dweight.view(),
                                dbias.view());
      conv_transpose2d_backward_ref<float>(c.params, in.view(), weight.view(), dout.view(), din_ref.view(),
                                           dweight_ref.view(), dbias_ref.view());
      INFO("width " << c.in[3] << ", kernel " << c.weight[2] << "x" << c.weight[3] << ", stride " << c.params.stride
                    << ", padding " << c.params.padding << ", dilation " << c.params.dilation << ", groups "
                    << c.params.groups << ", " << simd::name(simd::instruction_set()));
      const Index taps = c.weight[2] * c.weight[3];
      REQUIRE(largest_difference(out, out_ref) <= tolerance(c.weight[0] * taps));
      REQUIRE(largest_difference(din, din_ref) <= tolerance(c.weight[1] * taps));
      REQUIRE(largest_difference(dweight, dweight_ref) <= tolerance(c.in[0] * c.in[2] * c.in[3]));
      REQUIRE(largest_difference(dbias, dbias_ref) <= tolerance(dout.count() / shape[1]));
    }
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("conv_transpose2d fast: the number of threads changes no bit", "[core][conv_transpose2d][fast][parallel]") {
  Rng rng(4);
  const ConvTranspose2dParams params = {.stride = 2, .padding = 1};
  const Tensor in = random_tensor({6, 32, 14, 14}, rng), weight = random_tensor({32, 16, 4, 4}, rng);
  const Shape shape = conv_transpose2d_output_shape(params, in.shape(), weight.shape());
  const auto run = [&](int threads) {
    set_thread_count(threads);
    Tensor out(shape), din(in.shape()), dweight(weight.shape()), dbias({16});
    conv_transpose2d_forward(params, in.view(), weight.view(), {}, out.view());
    conv_transpose2d_backward(params, in.view(), weight.view(), out.view(), din.view(), dweight.view(), dbias.view());
    return std::array{out, din, dweight, dbias};
  };
  const auto one = run(1), three = run(3);
  set_thread_count(0);
  for (std::size_t i = 0; i < 4; ++i) CHECK(one[i] == three[i]);
}

TEST_CASE("conv_transpose2d fast: passes over empty views, and nothing at all", "[core][conv_transpose2d][fast]") {
  Rng rng(5);
  const Tensor in = random_tensor({1, 2, 3, 3}, rng), weight = random_tensor({2, 1, 2, 2}, rng);
  const Tensor dout = random_tensor({1, 1, 4, 4}, rng);
  Tensor dweight(weight.shape()), expected(weight.shape());
  conv_transpose2d_backward({}, in.view(), weight.view(), dout.view(), {}, dweight.view(), {});
  conv_transpose2d_backward_ref<float>({}, in.view(), weight.view(), dout.view(), {}, expected.view(), {});
  CHECK(largest_difference(dweight, expected) < 1e-5);
  const Tensor none({0, 2, 3, 3});
  Tensor out({0, 1, 4, 4});
  conv_transpose2d_forward({}, none.view(), weight.view(), {}, out.view());
  conv_transpose2d_backward({}, none.view(), weight.view(), out.view(), {}, dweight.view(), {});
  CHECK(largest_difference(dweight, expected) < 1e-5);
}
