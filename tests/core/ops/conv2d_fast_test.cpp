// The fast conv2d equals the reference: every size that straddles the SIMD lanes, every rule, every instruction set
// that this machine has, one thread and several.
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

// Both sum the same products in another order: for N products of numbers below 1, a few roundings of a sum below N.
double tolerance(std::ptrdiff_t products) { return 1e-6 * static_cast<double>(products + 4); }

std::vector<simd::InstructionSet> instruction_sets() {
  std::vector<simd::InstructionSet> sets;
  for (auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512})
    if (set <= simd::supported_instruction_set()) sets.push_back(set);
  if (sets.empty()) sets.push_back(simd::supported_instruction_set());
  return sets;
}

struct Case {
  Conv2dParams params;
  Shape in, weight;
};

void check_forward(const Case& c, Rng& rng) {
  const Tensor in = random_tensor(c.in, rng), weight = random_tensor(c.weight, rng);
  const Tensor bias = random_tensor({c.weight[0]}, rng);
  const Shape shape = conv2d_output_shape(c.params, c.in, c.weight);
  Tensor expected(shape), out(shape, -77.0f);
  conv2d_forward_ref<float>(c.params, in.view(), weight.view(), bias.view(), expected.view());
  conv2d_forward(c.params, in.view(), weight.view(), bias.view(), out.view());
  INFO("in " << c.in[1] << "x" << c.in[2] << "x" << c.in[3] << ", kernel " << c.weight[0] << "x" << c.weight[2] << "x"
             << c.weight[3] << ", stride " << c.params.stride_y << "," << c.params.stride_x << ", dilation "
             << c.params.dilation_y << "," << c.params.dilation_x << ", padding " << static_cast<int>(c.params.padding)
             << ", " << simd::name(simd::instruction_set()));
  REQUIRE(largest_difference(out, expected) <= tolerance(c.weight[1] * c.weight[2] * c.weight[3]));
}

void check_backward(const Case& c, Rng& rng) {
  const Tensor in = random_tensor(c.in, rng), weight = random_tensor(c.weight, rng);
  const Tensor dout = random_tensor(conv2d_output_shape(c.params, c.in, c.weight), rng);
  // Gradients are added to what is there already.
  const Tensor din0 = random_tensor(c.in, rng), dweight0 = random_tensor(c.weight, rng);
  const Tensor dbias0 = random_tensor({c.weight[0]}, rng);
  Tensor din = din0, dweight = dweight0, dbias = dbias0, din_ref = din0, dweight_ref = dweight0, dbias_ref = dbias0;
  conv2d_backward_ref<float>(c.params, in.view(), weight.view(), dout.view(), din_ref.view(), dweight_ref.view(),
                             dbias_ref.view());
  conv2d_backward(c.params, in.view(), weight.view(), dout.view(), din.view(), dweight.view(), dbias.view());
  INFO("in " << c.in[1] << "x" << c.in[2] << "x" << c.in[3] << ", kernel " << c.weight[0] << "x" << c.weight[2] << "x"
             << c.weight[3] << ", stride " << c.params.stride_y << "," << c.params.stride_x << ", dilation "
             << c.params.dilation_y << "," << c.params.dilation_x << ", padding "
             << static_cast<int>(c.params.padding));
  REQUIRE(largest_difference(din, din_ref) <= tolerance(c.weight[0] * c.weight[2] * c.weight[3] * 4));
  REQUIRE(largest_difference(dweight, dweight_ref) <= tolerance(dout.count() / c.weight[0]));
  REQUIRE(largest_difference(dbias, dbias_ref) <= tolerance(dout.count() / c.weight[0]));
}

constexpr std::array all_paddings = {Padding::valid, Padding::zero, Padding::replicate, Padding::reflect};

}  // namespace

TEST_CASE("conv2d fast: sizes around the SIMD lanes", "[core][conv2d][fast]") {
  for (simd::InstructionSet set : instruction_sets()) {
    simd::limit(set);
    const std::ptrdiff_t w = set == simd::InstructionSet::avx512 ? 16 : set == simd::InstructionSet::avx2 ? 8 : 4;
    Rng rng(4);
    for (std::ptrdiff_t width :
         {std::ptrdiff_t{0}, std::ptrdiff_t{1}, w - 1, w, w + 1, 3 * w + 2, 8 * w + 3, 10 * w + 1})
      for (std::ptrdiff_t height : {0, 1, 2, 9})
        for (Padding padding : all_paddings)
          for (std::ptrdiff_t k : {1, 2, 3, 5})
            check_forward({{.padding = padding}, {1, 1, height, width}, {1, 1, k, k == 5 ? 3 : k}}, rng);
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("conv2d fast: all paddings, strides, dilations, flips and shapes of kernel", "[core][conv2d][fast]") {
  const std::array<std::array<std::ptrdiff_t, 2>, 7> kernels = {
      {{1, 1}, {3, 3}, {2, 2}, {4, 3}, {1, 7}, {7, 1}, {5, 4}}};
  for (simd::InstructionSet set : instruction_sets()) {
    simd::limit(set);
    Rng rng(5);
    for (Padding padding : all_paddings)
      for (int stride_y : {1, 2})
        for (int stride_x : {1, 2, 3, 4})
          for (int dilation : {1, 2, 3})
            for (bool flip : {false, true})
              for (auto [rows, columns] : kernels)
                check_forward({{stride_y, stride_x, dilation, 4 - dilation, padding, flip},
                               {1, 1, 11, 37},
                               {1, 1, rows, columns}},
                              rng);
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("conv2d fast: every kernel size up to 15x15, and one larger", "[core][conv2d][fast]") {
  Rng rng(6);
  for (std::ptrdiff_t k = 1; k <= 15; ++k)
    for (Padding padding : all_paddings) {
      check_forward({{.padding = padding}, {1, 1, 21, 45}, {1, 1, k, 16 - k}}, rng);
      check_forward({{.padding = padding}, {1, 1, 16, 17}, {1, 1, k, k}}, rng);
      check_forward({{.padding = padding}, {1, 1, 4, 5}, {1, 1, k, k}}, rng);  // larger than the picture
    }
  check_forward({{.padding = Padding::reflect}, {1, 1, 40, 64}, {1, 1, 31, 27}}, rng);
}

TEST_CASE("conv2d fast: batches and channels", "[core][conv2d][fast]") {
  Rng rng(7);
  for (std::ptrdiff_t outputs : {1, 2, 3, 4, 5, 8, 9})
    for (std::ptrdiff_t channels : {0, 1, 3})
      for (Padding padding : all_paddings)
        for (int stride : {1, 2})
          check_forward({{.stride_y = stride, .stride_x = stride, .padding = padding},
                         {2, channels, 9, 21},
                         {outputs, channels, 3, 3}},
                        rng);
  check_forward({{}, {0, 2, 9, 21}, {3, 2, 3, 3}}, rng);
}

TEST_CASE("conv2d fast: strided views", "[core][conv2d][fast]") {
  // One channel of an interleaved picture in, one channel of another out.
  Rng rng(8);
  const Tensor in = random_tensor({20, 30, 3}, rng), weight = random_tensor({1, 1, 3, 3}, rng);
  Tensor out({20, 30, 3}, 5.0f);
  const ConstView channel(in.data() + 1, {1, 1, 20, 30}, {1800, 1, 90, 3});
  const View target(out.data() + 2, {1, 1, 20, 30}, {1800, 1, 90, 3});
  const Conv2dParams params = {.padding = Padding::reflect};
  Tensor expected({1, 1, 20, 30});
  conv2d_forward_ref<float>(params, channel, weight.view(), {}, expected.view());
  conv2d_forward(params, channel, weight.view(), {}, target);
  for (int i = 0; i < 20; ++i)
    for (int j = 0; j < 30; ++j) {
      CHECK(std::abs(out(i, j, 2) - expected(0, 0, i, j)) < 1e-5f);
      CHECK(out(i, j, 0) == 5.0f);
      CHECK(out(i, j, 1) == 5.0f);
    }
}

TEST_CASE("conv2d fast: the number of threads changes no bit", "[core][conv2d][fast][parallel]") {
  Rng rng(9);
  const Tensor in = random_tensor({2, 3, 150, 260}, rng), weight = random_tensor({6, 3, 5, 5}, rng);
  const Conv2dParams params = {.padding = Padding::reflect};
  const Shape shape = conv2d_output_shape(params, in.shape(), weight.shape());
  const auto run = [&](int threads) {
    set_thread_count(threads);
    Tensor out(shape), din(in.shape()), dweight(weight.shape());
    conv2d_forward(params, in.view(), weight.view(), {}, out.view());
    conv2d_backward(params, in.view(), weight.view(), out.view(), din.view(), dweight.view(), {});
    return std::array{out, din, dweight};
  };
  const auto one = run(1), three = run(3);
  set_thread_count(0);
  for (std::size_t i = 0; i < 3; ++i) CHECK(one[i] == three[i]);
}

TEST_CASE("conv2d fast: backward", "[core][conv2d][fast][gradient]") {
  for (simd::InstructionSet set : instruction_sets()) {
    simd::limit(set);
    Rng rng(10);
    for (Padding padding : all_paddings)
      for (int stride : {1, 2, 3})
        for (int dilation : {1, 2})
          for (bool flip : {false, true})
            for (std::ptrdiff_t width : {1, 4, 15, 16, 17, 37})
              check_backward({{stride, stride == 3 ? 1 : stride, dilation, 3 - dilation, padding, flip},
                              {2, 2, 8, width},
                              {3, 2, 3, 4}},
                             rng);
    check_backward({{.padding = Padding::zero}, {1, 1, 40, 50}, {1, 1, 15, 13}}, rng);
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("conv2d fast: backward passes over empty views", "[core][conv2d][fast]") {
  Rng rng(11);
  const Tensor in = random_tensor({1, 1, 5, 5}, rng), weight = random_tensor({1, 1, 3, 3}, rng);
  const Tensor dout = random_tensor({1, 1, 3, 3}, rng);
  Tensor dweight(weight.shape()), expected(weight.shape());
  conv2d_backward({}, in.view(), weight.view(), dout.view(), {}, dweight.view(), {});
  conv2d_backward_ref<float>({}, in.view(), weight.view(), dout.view(), {}, expected.view(), {});
  CHECK(largest_difference(dweight, expected) < 1e-5);
}
