// Products and layers against PyTorch.
#include "core/ops/conv_transpose2d.hpp"
#include "tests/core/autodiff/torch_reference.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("PyTorch: activations", "[core][autodiff][torch]") {
  const auto check = [](const char* name, Activation kind, float alpha = 0.0f) {
    agrees_with_torch(name, [&](Tape& t, const Arguments& a) { return activate(t, kind, a["x"], alpha); });
    // In place: of a copy, since a variable's own value must stay.
    agrees_with_torch(
        name, [&](Tape& t, const Arguments& a) { return activate(t, kind, scale(t, a["x"], 1.0f), alpha, true); });
  };
  check("relu", Activation::relu);
  check("leaky_relu", Activation::leaky_relu);
  check("leaky_relu_0.2", Activation::leaky_relu, 0.2f);
  check("elu", Activation::elu);
  check("elu_1.5", Activation::elu, 1.5f);
  check("gelu", Activation::gelu);
  check("silu", Activation::silu);
  check("sigmoid", Activation::sigmoid);
  check("tanh", Activation::tanh);
  check("softplus", Activation::softplus);
  check("step", Activation::step);
}

TEST_CASE("PyTorch: pooling", "[core][autodiff][torch]") {
  const auto check = [](const std::string& name, const Pool2dParams& params) {
    agrees_with_torch("max_pool2d_" + name, [&](Tape& t, const Arguments& a) { return max_pool2d(t, params, a["x"]); });
    agrees_with_torch("avg_pool2d_" + name, [&](Tape& t, const Arguments& a) { return avg_pool2d(t, params, a["x"]); });
  };
  check("2", {});
  check("2_ceil", {.ceil_mode = true});
  check("3_stride_2_padding_1", {3, 3, 2, 2, 1, 1});
  check("3_stride_2_padding_1_ceil", {3, 3, 2, 2, 1, 1, true});
  check("3x2_stride_1x2", {3, 2, 1, 2, 1, 0});
  agrees_with_torch("global_avg_pool2d", [](Tape& t, const Arguments& a) { return global_avg_pool2d(t, a["x"]); });
}

TEST_CASE("PyTorch: batch norm, its running statistics too", "[core][autodiff][torch]") {
  for (const std::string name :
       {"batch_norm_2d", "batch_norm_1d", "batch_norm_one", "batch_norm_2d_eval", "batch_norm_1d_eval"}) {
    const bool training = !name.ends_with("eval");
    agrees_with_torch(name, [&](Tape& t, const Arguments& a) {
      BatchNormStatistics running = {a.saved.at("mean"), a.saved.at("variance")};
      const Var y = batch_norm(t, a["x"], a["gamma"], a["beta"], running, training);
      CHECK(torch_difference(running.mean.view(), a.saved.at("mean_after")) < torch_tolerance);
      CHECK(torch_difference(running.variance.view(), a.saved.at("variance_after")) < torch_tolerance);
      return y;
    });
  }
}

TEST_CASE("PyTorch: layer norm, softmax, upsampling, padding", "[core][autodiff][torch]") {
  agrees_with_torch("layer_norm",
                    [](Tape& t, const Arguments& a) { return layer_norm(t, a["x"], a["gamma"], a["beta"]); });
  agrees_with_torch("softmax", [](Tape& t, const Arguments& a) { return softmax(t, a["x"]); });
  agrees_with_torch("log_softmax", [](Tape& t, const Arguments& a) { return log_softmax(t, a["x"]); });
  for (int factor : {2, 3}) {
    const std::string number = std::to_string(factor);
    agrees_with_torch("upsample2d_nearest_" + number, [&](Tape& t, const Arguments& a) {
      return upsample2d(t, {factor, Interpolation::nearest}, a["x"]);
    });
    agrees_with_torch("upsample2d_bilinear_" + number, [&](Tape& t, const Arguments& a) {
      return upsample2d(t, {factor, Interpolation::bilinear}, a["x"]);
    });
  }
  const auto pad = [](const char* name, Padding rule, float value = 0.0f) {
    agrees_with_torch(name, [&](Tape& t, const Arguments& a) { return pad2d(t, a["x"], 3, 1, 1, 2, rule, value); });
  };
  pad("pad2d_constant", Padding::zero, 0.5f);
  pad("pad2d_replicate", Padding::replicate);
  pad("pad2d_reflect", Padding::reflect);
}

TEST_CASE("PyTorch: linear, matrix products, attention", "[core][autodiff][torch]") {
  agrees_with_torch("linear", [](Tape& t, const Arguments& a) { return linear(t, a["x"], a["weight"], a["bias"]); });
  agrees_with_torch("linear_no_bias", [](Tape& t, const Arguments& a) { return linear(t, a["x"], a["weight"], {}); });
  agrees_with_torch("matmul", [](Tape& t, const Arguments& a) { return matmul(t, a["a"], a["b"]); });
  for (int heads : {1, 3})
    agrees_with_torch("attention_" + std::to_string(heads), [&](Tape& t, const Arguments& a) {
      return attention(t, a["query"], a["key"], a["value"], heads);
    });
}

TEST_CASE("PyTorch: convolutions", "[core][autodiff][torch]") {
  const auto check = [](const std::string& name, const Conv2dParams& params) {
    agrees_with_torch("conv2d_" + name, [&](Tape& t, const Arguments& a) {
      return conv2d(t, params, a["x"], a["weight"], a.vars.contains("bias") ? a["bias"] : Var{});
    });
  };
  const auto padded = [](int stride, int dilation, int padding, int groups = 1) {
    return Conv2dParams{.stride_y = stride,
                        .stride_x = stride,
                        .dilation_y = dilation,
                        .dilation_x = dilation,
                        .padding = Padding::zero,
                        .padding_y = padding,
                        .padding_x = padding,
                        .groups = groups};
  };
  check("plain", {});
  check("no_bias", {});
  check("1x1", {});
  check("padding_1", padded(1, 1, 1));
  check("stride_2_padding_1", padded(2, 1, 1));
  check("dilation_2", padded(1, 2, 2));
  check("groups_2", padded(1, 1, 1, 2));
  check("depthwise", padded(2, 1, 1, 4));
  check("7_stride_2_padding_3", padded(2, 1, 3));
  check("5x3", {.stride_y = 2,
                .stride_x = 1,
                .dilation_y = 1,
                .dilation_x = 2,
                .padding = Padding::zero,
                .padding_y = 2,
                .padding_x = 1});
}

TEST_CASE("PyTorch: transposed convolutions", "[core][autodiff][torch]") {
  const auto check = [](const std::string& name, const ConvTranspose2dParams& params) {
    agrees_with_torch("conv_transpose2d_" + name, [&](Tape& t, const Arguments& a) {
      return conv_transpose2d(t, params, a["x"], a["weight"], a["bias"]);
    });
  };
  check("plain", {});
  check("4_stride_2_padding_1", {.stride = 2, .padding = 1});
  check("output_padding_1", {.stride = 2, .padding = 1, .output_padding = 1});
  check("groups_2_dilation_2", {.dilation = 2, .groups = 2});
}
