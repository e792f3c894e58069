#include "core/ops/losses.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "core/ops/softmax.hpp"
#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

using View64 = BasicView<const double>;
const Shape shape = {3, 7};

// Numbers of two tensors whose differences keep away from 0 and from +-1, where mae and huber have their kinks.
struct Pair {
  Tensor64 a, b;
  explicit Pair(Rng& rng) : a(random_tensor<double>(shape, rng)), b(a) {
    for (std::ptrdiff_t i = 0; i < b.count(); ++i) {
      const double r = rng.bits() & 1 ? rng.uniform(0.05, 0.9) : rng.uniform(1.1, 2.0);
      b.data()[i] += rng.bits() & 1 ? r : -r;
    }
  }
};

Tensor64 shares(Rng& rng) {  // rows that sum to 1
  const Tensor64 x = random_tensor<double>(shape, rng);
  Tensor64 p(shape);
  softmax_forward_ref<double>(x.view(), p.view());
  return p;
}

Tensor64 between_0_and_1(Rng& rng) {
  Tensor64 t(shape);
  for (std::ptrdiff_t i = 0; i < t.count(); ++i) t.data()[i] = rng.uniform();
  return t;
}

constexpr double dloss = 0.7;  // so that a factor forgotten shows

}  // namespace

TEST_CASE("losses: by hand", "[core][losses]") {
  Tensor a({2, 1}), b({2, 1});
  a(0, 0) = 3;
  a(1, 0) = -0.5f;
  CHECK(mse_forward<float>(a.view(), b.view()) == 4.625f);
  CHECK(mae_forward<float>(a.view(), b.view()) == 1.75f);
  CHECK(huber_forward<float>(1.0f, a.view(), b.view()) == (2.5f + 0.125f) / 2);
  CHECK(std::abs(binary_cross_entropy_forward_ref<float>(Tensor({1}).view(), Tensor({1}, 1.0f).view()) -
                 std::log(2.0f)) < 1e-7f);
  CHECK(gaussian_kl_forward<float>(Tensor({2, 3}).view(), Tensor({2, 3}).view(), {}, {}) == 0.0f);
  CHECK(gaussian_kl_forward<float>(Tensor({1, 2}, 2.0f).view(), Tensor({1, 2}).view(), {}, {}) == 4.0f);
  Tensor p({1, 2}), log_q({1, 2}, std::log(0.5f));
  p(0, 0) = 1;  // a certain p against a coin: log 2; its 0 log 0 is nothing
  CHECK(std::abs(categorical_kl_forward<float>(log_q.view(), p.view()) - std::log(2.0f)) < 1e-6f);
  Tensor scores({1, 3});
  scores(0, 0) = 2;
  scores(0, 1) = 1.5f;
  const std::vector<int> label = {0};
  CHECK(hinge_forward<float>(1.0f, scores.view(), label) == 0.5f / 3);
  // A mask predicted surely: nothing lost. The opposite: nearly everything.
  Tensor logits({1, 4}, 100.0f);
  CHECK(dice_forward_ref<float>(logits.view(), Tensor({1, 4}, 1.0f).view()) == 0.0f);
  CHECK(std::abs(dice_forward_ref<float>(logits.view(), Tensor({1, 4}).view()) - 0.8f) < 1e-6f);
  CHECK(mse_forward<float>(Tensor({0, 3}).view(), Tensor({0, 3}).view()) == 0.0f);
}

TEST_CASE("losses: gradients of the pairs", "[core][losses][gradient]") {
  Rng rng(1);
  const auto check = [&](auto&& forward, auto&& backward) {
    Pair pair(rng);
    Tensor64 da(shape), db(shape);
    backward(View64(pair.a.view()), View64(pair.b.view()), da.view(), db.view());
    const auto loss = [&] { return dloss * forward(View64(pair.a.view()), View64(pair.b.view())); };
    CHECK(gradient_error(pair.a, da, loss) < gradient_tolerance);
    CHECK(gradient_error(pair.b, db, loss) < gradient_tolerance);
  };
  check([](View64 a, View64 b) { return mse_forward<double>(a, b); },
        [](View64 a, View64 b, auto da, auto db) { mse_backward<double>(a, b, dloss, da, db); });
  check([](View64 a, View64 b) { return mae_forward<double>(a, b); },
        [](View64 a, View64 b, auto da, auto db) { mae_backward<double>(a, b, dloss, da, db); });
  check([](View64 a, View64 b) { return huber_forward<double>(1.0, a, b); },
        [](View64 a, View64 b, auto da, auto db) { huber_backward<double>(1.0, a, b, dloss, da, db); });
}

TEST_CASE("losses: gradients of binary cross-entropy and Dice", "[core][losses][gradient]") {
  Rng rng(2);
  Tensor64 logits = random_tensor<double>(shape, rng), d_bce(shape), d_dice(shape);
  const Tensor64 target = between_0_and_1(rng);
  binary_cross_entropy_backward_ref<double>(logits.view(), target.view(), dloss, d_bce.view());
  CHECK(gradient_error(logits, d_bce, [&] {
          return dloss * binary_cross_entropy_forward_ref<double>(logits.view(), target.view());
        }) < gradient_tolerance);
  dice_backward_ref<double>(logits.view(), target.view(), dloss, d_dice.view());
  CHECK(gradient_error(logits, d_dice, [&] { return dloss * dice_forward_ref<double>(logits.view(), target.view()); }) <
        gradient_tolerance);
}

TEST_CASE("losses: gradients of the divergences", "[core][losses][gradient]") {
  Rng rng(3);
  for (bool prior : {false, true}) {
    Tensor64 mean = random_tensor<double>(shape, rng), log_variance = random_tensor<double>(shape, rng);
    const Tensor64 mean2 = random_tensor<double>(shape, rng), log_variance2 = random_tensor<double>(shape, rng);
    const View64 m2 = prior ? mean2.view() : View64(), v2 = prior ? log_variance2.view() : View64();
    Tensor64 dmean(shape), dlog_variance(shape);
    gaussian_kl_backward<double>(mean.view(), log_variance.view(), m2, v2, dloss, dmean.view(), dlog_variance.view());
    const auto loss = [&] { return dloss * gaussian_kl_forward<double>(mean.view(), log_variance.view(), m2, v2); };
    CHECK(gradient_error(mean, dmean, loss) < gradient_tolerance);
    CHECK(gradient_error(log_variance, dlog_variance, loss) < gradient_tolerance);
  }
  Tensor64 log_q = random_tensor<double>(shape, rng), d(shape);
  const Tensor64 p = shares(rng);
  categorical_kl_backward<double>(p.view(), dloss, d.view());
  CHECK(gradient_error(log_q, d, [&] { return dloss * categorical_kl_forward<double>(log_q.view(), p.view()); }) <
        gradient_tolerance);
}

TEST_CASE("losses: gradients of hinge and triplet", "[core][losses][gradient]") {
  Rng rng(4);
  // Scores 0.01 apart, margin 0.255: no sum lies at the kink.
  Tensor64 scores = distinct<double>({3, 7}, rng), d(shape);
  const std::vector<int> labels = {0, 6, 3};
  hinge_backward<double>(0.255, scores.view(), labels, dloss, d.view());
  CHECK(gradient_error(scores, d, [&] { return dloss * hinge_forward<double>(0.255, scores.view(), labels); }) <
        gradient_tolerance);
  Tensor64 anchor = random_tensor<double>(shape, rng), positive = random_tensor<double>(shape, rng);
  Tensor64 negative = random_tensor<double>(shape, rng);
  for (std::ptrdiff_t i = 0; i < 7; ++i) {  // the first example is far inside the margin: no loss, no gradient
    positive(0, i) = anchor(0, i) + 1e-3;
    negative(0, i) = anchor(0, i) + 10;
  }
  Tensor64 da(shape), dp(shape), dn(shape);
  triplet_backward<double>(1.0, anchor.view(), positive.view(), negative.view(), dloss, da.view(), dp.view(),
                           dn.view());
  const auto loss = [&] {
    return dloss * triplet_forward<double>(1.0, anchor.view(), positive.view(), negative.view());
  };
  CHECK(da(0, 0) == 0.0);
  CHECK(da(1, 0) != 0.0);
  CHECK(gradient_error(anchor, da, loss) < gradient_tolerance);
  CHECK(gradient_error(positive, dp, loss) < gradient_tolerance);
  CHECK(gradient_error(negative, dn, loss) < gradient_tolerance);
}

TEST_CASE("losses: binary cross-entropy and Dice, fast = reference", "[core][losses][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(5);
    std::vector<std::ptrdiff_t> sizes = sizes_around(lanes);
    sizes.push_back(2100);  // more than two blocks
    for (std::ptrdiff_t n : sizes) {
      INFO(n << " numbers");
      Tensor logits({2, n}), target({2, n});
      for (std::ptrdiff_t i = 0; i < logits.count(); ++i) {
        logits.data()[i] = static_cast<float>(rng.uniform(-8, 8));
        target.data()[i] = static_cast<float>(rng.uniform());
      }
      REQUIRE(std::abs(binary_cross_entropy_forward(logits.view(), target.view()) -
                       binary_cross_entropy_forward_ref<float>(logits.view(), target.view())) < 1e-5f);
      REQUIRE(std::abs(dice_forward(logits.view(), target.view()) -
                       dice_forward_ref<float>(logits.view(), target.view())) < 1e-5f);
      // dloss as large as the numbers are many, so that each gradient counts.
      const float dloss_all = static_cast<float>(n + 1);
      const Tensor d0 = random_tensor(logits.shape(), rng);
      Tensor d = d0, d1 = d0;
      binary_cross_entropy_backward(logits.view(), target.view(), dloss_all, d.view());
      binary_cross_entropy_backward_ref<float>(logits.view(), target.view(), dloss_all, d1.view());
      REQUIRE(relative_difference(d, d1) < fast_tolerance);
      dice_backward(logits.view(), target.view(), dloss_all, d.view());
      dice_backward_ref<float>(logits.view(), target.view(), dloss_all, d1.view());
      REQUIRE(relative_difference(d, d1) < 4 * fast_tolerance);
    }
  });
}
