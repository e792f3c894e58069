// The convolutions of networks (many channels; core/ops/conv2d_network.hpp) equal the reference: layers as they occur,
// sizes on both sides of lanes and tiles, groups, paddings, strides, every instruction set, one thread and several.
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

// Both sum the same products in another order: for N products of numbers below 1, a few roundings of a sum below N.
double tolerance(Index products) { return 1e-6 * static_cast<double>(products + 4); }

template <class Check>
void for_each_instruction_set(Check&& check) {
  for (auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
    simd::limit(set);
    check();
  }
  simd::limit(simd::InstructionSet::avx512);
}

struct Layer {
  Conv2dParams params;
  Shape in, weight;
};

Conv2dParams padded(int padding, int stride = 1, int groups = 1, int dilation = 1) {
  return {.stride_y = stride,
          .stride_x = stride,
          .dilation_y = dilation,
          .dilation_x = dilation,
          .padding = Padding::zero,
          .padding_y = padding,
          .padding_x = padding,
          .groups = groups};
}

void check(const Layer& l, Rng& rng) {
  const Shape shape = conv2d_output_shape(l.params, l.in, l.weight);
  INFO("in " << l.in[0] << "x" << l.in[1] << "x" << l.in[2] << "x" << l.in[3] << ", weight " << l.weight[0] << "x"
             << l.weight[1] << "x" << l.weight[2] << "x" << l.weight[3] << ", stride " << l.params.stride_y << ","
             << l.params.stride_x << ", dilation " << l.params.dilation_y << "," << l.params.dilation_x << ", padding "
             << static_cast<int>(l.params.padding) << " " << l.params.padding_y << "," << l.params.padding_x
             << ", groups " << l.params.groups << ", flip " << l.params.flip << ", "
             << simd::name(simd::instruction_set()));
  const Tensor in = random_tensor(l.in, rng), weight = random_tensor(l.weight, rng);
  const Tensor bias = random_tensor({l.weight[0]}, rng), dout = random_tensor(shape, rng);
  Tensor out(shape, -77.0f), expected(shape);
  conv2d_forward(l.params, in.view(), weight.view(), bias.view(), out.view());
  conv2d_forward_ref<float>(l.params, in.view(), weight.view(), bias.view(), expected.view());
  const Index taps = l.weight[2] * l.weight[3];
  REQUIRE(largest_difference(out, expected) <= tolerance(l.weight[1] * taps));
  Tensor din = random_tensor(l.in, rng), dweight = random_tensor(l.weight, rng), dbias = bias;
  Tensor din_ref = din, dweight_ref = dweight, dbias_ref = dbias, fresh(l.in, -55.0f), fresh_ref(l.in);
  conv2d_backward(l.params, in.view(), weight.view(), dout.view(), din.view(), dweight.view(), dbias.view());
  conv2d_backward_ref<float>(l.params, in.view(), weight.view(), dout.view(), din_ref.view(), dweight_ref.view(),
                             dbias_ref.view());
  conv2d_backward(l.params, in.view(), weight.view(), dout.view(), fresh.view(), {}, {}, false);
  conv2d_backward_ref<float>(l.params, in.view(), weight.view(), dout.view(), fresh_ref.view(), {}, {});
  // A mirrored cell collects from several padded ones.
  const double din_tolerance = tolerance(l.weight[0] * taps * (l.params.padding_y < 0 ? 4 : 1));
  REQUIRE(largest_difference(din, din_ref) <= din_tolerance);
  REQUIRE(largest_difference(fresh, fresh_ref) <= din_tolerance);
  REQUIRE(largest_difference(dweight, dweight_ref) <= tolerance(shape[0] * shape[2] * shape[3]));
  REQUIRE(largest_difference(dbias, dbias_ref) <= tolerance(shape[0] * shape[2] * shape[3]));
}

}  // namespace

TEST_CASE("conv2d of networks: layers as they occur", "[core][conv2d][network]") {
  Rng rng(1);
  for_each_instruction_set([&] {
    check({{}, {5, 1, 28, 28}, {8, 1, 3, 3}}, rng);  // small-cnn
    check({{}, {5, 8, 13, 13}, {16, 8, 3, 3}}, rng);
    check({padded(2), {2, 1, 28, 28}, {6, 1, 5, 5}}, rng);  // lenet5
    check({{}, {2, 6, 14, 14}, {16, 6, 5, 5}}, rng);
    check({padded(2), {2, 32, 14, 14}, {64, 32, 5, 5}}, rng);   // the bigger LeNet
    check({padded(1, 2), {3, 1, 28, 28}, {32, 1, 4, 4}}, rng);  // DCGAN's discriminator
    check({padded(1, 2), {3, 32, 14, 14}, {24, 32, 4, 4}}, rng);
    check({padded(1), {1, 16, 56, 56}, {12, 16, 3, 3}}, rng);  // ResNet
    check({padded(3, 2), {1, 3, 47, 45}, {10, 3, 7, 7}}, rng);
    check({padded(0, 2), {1, 20, 14, 14}, {40, 20, 1, 1}}, rng);
    check({padded(1), {1, 96, 7, 7}, {80, 96, 3, 3}}, rng);
    check({padded(1, 1, 24), {2, 24, 9, 11}, {24, 1, 3, 3}}, rng);  // MobileNet
    check({padded(1, 2, 24), {2, 24, 9, 11}, {24, 1, 3, 3}}, rng);
    check({padded(0), {2, 24, 9, 11}, {40, 24, 1, 1}}, rng);
    check({padded(2, 1, 2), {1, 8, 13, 13}, {12, 4, 5, 5}}, rng);  // AlexNet's two halves
    check({padded(0, 4), {2, 3, 32, 32}, {16, 3, 4, 4}}, rng);     // patches of a vision transformer
  });
}

TEST_CASE("conv2d of networks: widths around lanes and tiles", "[core][conv2d][network]") {
  for_each_instruction_set([&] {
    Rng rng(2);
    for (Index width : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 33, 47, 49, 65})
      for (Index outputs : {1, 4, 5, 9})
        for (int padding : {0, 1, 2})
          if (width + 2 * padding >= 3) check({padded(padding), {2, 4, 5, width}, {outputs, 4, 3, 3}}, rng);
  });
}

TEST_CASE("conv2d of networks: channels around tiles", "[core][conv2d][network]") {
  for_each_instruction_set([&] {
    Rng rng(3);
    for (Index outputs = 1; outputs <= 18; ++outputs) check({padded(1), {2, 4, 6, 7}, {outputs, 4, 3, 2}}, rng);
    for (Index channels = 1; channels <= 18; ++channels)
      check({padded(1), {2, channels, 6, 7}, {4, channels, 2, 3}}, rng);
  });
}

TEST_CASE("conv2d of networks: every border, stride, dilation, flip and group", "[core][conv2d][network]") {
  Rng rng(4);
  for (Padding padding : {Padding::valid, Padding::zero, Padding::replicate, Padding::reflect})
    for (int stride_y : {1, 2, 3})
      for (int stride_x : {1, 2, 4})
        for (int dilation : {1, 2, 3})
          for (bool flip : {false, true})
            for (int groups : {1, 2}) {
              const Conv2dParams params = {.stride_y = stride_y,
                                           .stride_x = stride_x,
                                           .dilation_y = dilation,
                                           .dilation_x = 4 - dilation,
                                           .padding = padding,
                                           .flip = flip,
                                           .groups = groups};
              check({params, {2, 4, 9, 14}, {6, 4 / groups, 3, 2}}, rng);
              check({params, {1, 4, 11, 9}, {4, 4 / groups, 2, 4}}, rng);
            }
}

TEST_CASE("conv2d of networks: 3x3 kernels by tiles of 4x4", "[core][conv2d][network][winograd]") {
  Rng rng(7);
  for_each_instruction_set([&] {
    check({padded(1), {1, 32, 23, 25}, {33, 32, 3, 3}}, rng);        // odd sides: cut tiles at both ends
    check({padded(1), {3, 37, 14, 14}, {32, 37, 3, 3}}, rng);        // fewer tiles in a row than lanes
    check({padded(0), {2, 32, 18, 37}, {34, 32, 3, 3}}, rng);        // nothing outside
    check({padded(2), {1, 32, 21, 20}, {32, 32, 3, 3}}, rng);        // zeros all around
    check({padded(1, 1, 2), {1, 64, 24, 24}, {96, 32, 3, 3}}, rng);  // groups
    check({padded(1), {1, 64, 60, 56}, {32, 64, 3, 3}}, rng);        // several pieces of one picture
    check({padded(1), {70, 32, 3, 2}, {32, 32, 3, 3}}, rng);         // tiles that hang over everywhere
    check({{.padding = Padding::zero, .flip = true}, {1, 32, 22, 24}, {32, 32, 3, 3}}, rng);
    check({{.padding = Padding::reflect}, {1, 32, 22, 24}, {32, 32, 3, 3}}, rng);  // not zeros: the other way
  });
}

TEST_CASE("conv2d of networks: counted padding on each axis, up to more than the kernel", "[core][conv2d][network]") {
  Rng rng(5);
  for (int above : {0, 1, 4})
    for (int beside : {0, 2, 5})
      for (int stride : {1, 2, 3})
        check({{.stride_y = stride,
                .stride_x = 4 - stride,
                .padding = Padding::zero,
                .padding_y = above,
                .padding_x = beside},
               {2, 4, 6, 7},
               {5, 4, 3, 2}},
              rng);
}

TEST_CASE("conv2d of networks: strided views", "[core][conv2d][network]") {
  // Channels last in memory, and a weight whose input and output channels are exchanged.
  Rng rng(6);
  const Tensor in = random_tensor({2, 9, 11, 4}, rng), weight = random_tensor({4, 6, 3, 3}, rng);
  const Tensor dout = random_tensor({2, 9, 11, 6}, rng);
  const auto last = [](auto&& t, Index channels) {
    return BasicView<std::remove_reference_t<decltype(*t.data())>>(t.data(), {2, channels, 9, 11},
                                                                   {99 * channels, 1, 11 * channels, channels});
  };
  const ConstView kernels(weight.data(), {6, 4, 3, 3}, {9, 54, 3, 1});
  const Conv2dParams params = padded(1);
  Tensor out({2, 9, 11, 6}), din(in.shape()), dweight(weight.shape());
  conv2d_forward(params, last(in, 4), kernels, {}, last(out, 6));
  conv2d_backward(params, last(in, 4), kernels, last(dout, 6), last(din, 4),
                  View(dweight.data(), {6, 4, 3, 3}, {9, 54, 3, 1}), {});
  Tensor out_ref({2, 9, 11, 6}), din_ref(in.shape()), dweight_ref(weight.shape());
  conv2d_forward_ref<float>(params, last(in, 4), kernels, {}, last(out_ref, 6));
  conv2d_backward_ref<float>(params, last(in, 4), kernels, last(dout, 6), last(din_ref, 4),
                             View(dweight_ref.data(), {6, 4, 3, 3}, {9, 54, 3, 1}), {});
  CHECK(largest_difference(out, out_ref) <= tolerance(36));
  CHECK(largest_difference(din, din_ref) <= tolerance(54));
  CHECK(largest_difference(dweight, dweight_ref) <= tolerance(198));
}

TEST_CASE("conv2d of networks: what lies behind a picture does not matter", "[core][conv2d][network]") {
  // Scratch memory keeps old numbers: a NaN of an earlier call must not come back.
  Rng rng(7);
  const Layer large = {padded(1), {2, 8, 21, 23}, {8, 8, 3, 3}}, small = {padded(1), {2, 5, 6, 7}, {5, 5, 3, 3}};
  const Tensor poison(large.in, NAN), weight(large.weight, NAN);
  Tensor out(conv2d_output_shape(large.params, large.in, large.weight)), din(large.in), dweight(large.weight);
  conv2d_forward(large.params, poison.view(), weight.view(), {}, out.view());
  conv2d_backward(large.params, poison.view(), weight.view(), out.view(), din.view(), dweight.view(), {});
  for_each_instruction_set([&] { check(small, rng); });
}

TEST_CASE("conv2d of networks: the number of threads changes no bit", "[core][conv2d][network][parallel]") {
  Rng rng(8);
  for (const Layer& l :
       {Layer{padded(1), {9, 16, 20, 21}, {24, 16, 3, 3}}, Layer{padded(1), {1, 40, 50, 21}, {72, 40, 3, 3}},
        Layer{padded(1), {1, 96, 7, 7}, {128, 96, 3, 3}}, Layer{padded(1, 2, 32), {5, 32, 40, 40}, {32, 1, 3, 3}}}) {
    const Tensor in = random_tensor(l.in, rng), weight = random_tensor(l.weight, rng);
    const Shape shape = conv2d_output_shape(l.params, l.in, l.weight);
    const auto run = [&](int threads) {
      set_thread_count(threads);
      Tensor out(shape), din(l.in), dweight(l.weight), dbias({shape[1]});
      conv2d_forward(l.params, in.view(), weight.view(), {}, out.view());
      conv2d_backward(l.params, in.view(), weight.view(), out.view(), din.view(), dweight.view(), dbias.view());
      return std::array{out, din, dweight, dbias};
    };
    const auto one = run(1), three = run(3);
    set_thread_count(0);
    for (std::size_t i = 0; i < 4; ++i) CHECK(one[i] == three[i]);
  }
}

TEST_CASE("conv2d of networks: nothing in, nothing out", "[core][conv2d][network]") {
  Rng rng(9);
  check({padded(1), {0, 4, 6, 7}, {5, 4, 3, 3}}, rng);
  check({padded(0), {2, 4, 2, 7}, {5, 4, 3, 3}}, rng);  // the kernel does not fit
  const Tensor bias = random_tensor({5}, rng), in({2, 0, 6, 7}), weight({5, 0, 3, 3});
  Tensor out({2, 5, 4, 5});
  conv2d_forward({}, in.view(), weight.view(), bias.view(), out.view());
  CHECK(out(1, 4, 3, 4) == bias(4));
}
