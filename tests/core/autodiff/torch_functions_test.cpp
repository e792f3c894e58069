// Arithmetic, shapes, reductions, dropout and losses against PyTorch.
#include <array>

#include "tests/core/autodiff/torch_reference.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("PyTorch: arithmetic with broadcasting", "[core][autodiff][torch]") {
  for (const std::string shape : {"same", "row", "column", "middle", "one"}) {
    agrees_with_torch("add_" + shape, [](Tape& t, const Arguments& a) { return add(t, a["a"], a["b"]); });
    agrees_with_torch("sub_" + shape, [](Tape& t, const Arguments& a) { return sub(t, a["a"], a["b"]); });
    agrees_with_torch("mul_" + shape, [](Tape& t, const Arguments& a) { return mul(t, a["a"], a["b"]); });
  }
  agrees_with_torch("scale", [](Tape& t, const Arguments& a) { return scale(t, a["x"], -2.5f, 0.75f); });
  agrees_with_torch("exp", [](Tape& t, const Arguments& a) { return exp(t, a["x"]); });
}

TEST_CASE("PyTorch: shapes", "[core][autodiff][torch]") {
  agrees_with_torch("reshape", [](Tape& t, const Arguments& a) { return reshape(t, a["x"], {4, 57}); });
  agrees_with_torch("permute", [](Tape& t, const Arguments& a) { return permute(t, a["x"], std::array{0, 2, 3, 1}); });
  agrees_with_torch("concat", [](Tape& t, const Arguments& a) {
    return concat(t, std::array{a["a"], a["b"], a["c"]}, 1);
  });
  agrees_with_torch("slice", [](Tape& t, const Arguments& a) { return slice(t, a["x"], 1, 1, 2); });
}

TEST_CASE("PyTorch: reductions", "[core][autodiff][torch]") {
  agrees_with_torch("sum", [](Tape& t, const Arguments& a) { return sum(t, a["x"]); });
  agrees_with_torch("mean", [](Tape& t, const Arguments& a) { return mean(t, a["x"]); });
  for (int axis : {0, 1, 2}) {
    const std::string number = std::to_string(axis);
    agrees_with_torch("sum_" + number, [&](Tape& t, const Arguments& a) { return sum(t, a["x"], axis); });
    agrees_with_torch("mean_" + number, [&](Tape& t, const Arguments& a) { return mean(t, a["x"], axis); });
    agrees_with_torch("max_" + number, [&](Tape& t, const Arguments& a) { return max(t, a["x"], axis); });
  }
}

TEST_CASE("PyTorch: dropout scales what it keeps as PyTorch's does", "[core][autodiff][torch]") {
  // Whom they drop is theirs: the mask is read from their result.
  const SavedCase saved = torch_case("dropout");
  const Tensor &x = saved.at("x"), &y = saved.at("y");
  Rng rng(1);
  Tensor mask(x.shape()), ours(x.shape());
  dropout_mask(DropoutKind::inverted, 0.3, rng, mask.view());
  const float kept = *std::max_element(mask.data(), mask.data() + mask.count());
  for (std::ptrdiff_t i = 0; i < x.count(); ++i) mask.data()[i] = y.data()[i] != 0.0f ? kept : 0.0f;
  dropout_forward<float>(x.view(), mask.view(), ours.view());
  CHECK(torch_difference(ours.view(), y) < torch_tolerance);
}

TEST_CASE("PyTorch: losses of pairs", "[core][autodiff][torch]") {
  agrees_with_torch("mse_loss", [](Tape& t, const Arguments& a) { return mse_loss(t, a["a"], a["b"]); });
  agrees_with_torch("mae_loss", [](Tape& t, const Arguments& a) { return mae_loss(t, a["a"], a["b"]); });
  agrees_with_torch("huber_loss_1.0", [](Tape& t, const Arguments& a) { return huber_loss(t, a["a"], a["b"]); });
  agrees_with_torch("huber_loss_0.3", [](Tape& t, const Arguments& a) { return huber_loss(t, a["a"], a["b"], 0.3f); });
  agrees_with_torch("binary_cross_entropy", [](Tape& t, const Arguments& a) {
    return binary_cross_entropy_with_logits(t, a["x"], a["target"]);
  });
  agrees_with_torch("triplet_loss",
                    [](Tape& t, const Arguments& a) { return triplet_loss(t, a["a"], a["b"], a["c"], 2.0f); });
  agrees_with_torch("dice_loss", [](Tape& t, const Arguments& a) { return dice_loss(t, a["x"], a["target"]); });
}

TEST_CASE("PyTorch: losses of classes", "[core][autodiff][torch]") {
  const auto check = [](const char* name, bool weighted, float smoothing) {
    agrees_with_torch(name, [&](Tape& t, const Arguments& a) {
      const std::span<const float> weights = weighted ? a.floats("weights") : std::span<const float>();
      return cross_entropy(t, a["x"], a.labels(), weights, smoothing);
    });
  };
  check("cross_entropy", false, 0.0f);
  check("cross_entropy_weights", true, 0.0f);
  check("cross_entropy_smoothing", false, 0.1f);
  check("cross_entropy_both", true, 0.1f);
  agrees_with_torch("hinge_loss", [](Tape& t, const Arguments& a) { return hinge_loss(t, a["x"], a.labels(), 1.5f); });
}

TEST_CASE("PyTorch: divergences", "[core][autodiff][torch]") {
  agrees_with_torch("gaussian_kl",
                    [](Tape& t, const Arguments& a) { return gaussian_kl(t, a["mean"], a["log_variance"]); });
  agrees_with_torch("gaussian_kl_two", [](Tape& t, const Arguments& a) {
    return gaussian_kl(t, a["mean"], a["log_variance"], a["mean2"], a["log_variance2"]);
  });
  agrees_with_torch("categorical_kl",
                    [](Tape& t, const Arguments& a) { return categorical_kl(t, a["log_q"], a["p"]); });
}
