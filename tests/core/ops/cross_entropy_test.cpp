#include "core/ops/cross_entropy.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

std::vector<int> random_labels(std::ptrdiff_t n, std::ptrdiff_t classes, Rng& rng) {
  std::vector<int> labels(static_cast<std::size_t>(n));
  for (int& label : labels) label = static_cast<int>(rng.below(static_cast<std::uint32_t>(classes)));
  return labels;
}

std::vector<float> random_weights(std::ptrdiff_t classes, Rng& rng) {
  std::vector<float> weights(static_cast<std::size_t>(classes));
  for (float& w : weights) w = static_cast<float>(rng.uniform(0.2, 2.0));
  return weights;
}

}  // namespace

TEST_CASE("cross_entropy: by hand", "[core][cross_entropy]") {
  Tensor logits({2, 4}), p({2, 4});
  const std::vector<int> labels = {0, 3};
  CHECK(std::abs(cross_entropy_forward(logits.view(), labels, {}, 0.0f, p.view()) - std::log(4.0f)) < 1e-6f);
  CHECK(p(1, 2) == 0.25f);
  logits(0, 0) = logits(1, 3) = 1000;  // sure and right: nothing is lost, nothing overflows
  CHECK(cross_entropy_forward(logits.view(), labels, {}, 0.0f, p.view()) == 0.0f);
  logits(1, 3) = -1000;
  const float far = cross_entropy_forward(logits.view(), labels, {}, 0.0f, p.view());
  CHECK(std::abs(far - (1000 + std::log(3.0f)) / 2) < 1e-3f);
  CHECK(cross_entropy_forward(Tensor({0, 4}).view(), {}, {}, 0.0f, Tensor({0, 4}).view()) == 0.0f);
}

TEST_CASE("cross_entropy: gradients against central differences", "[core][cross_entropy][gradient]") {
  Rng rng(1);
  for (double smoothing : {0.0, 0.1})
    for (bool weighted : {false, true})
      for (std::ptrdiff_t classes : {2, 10, 17}) {
        Tensor64 logits = random_tensor<double>({5, classes}, rng), p(logits.shape()), dlogits(logits.shape());
        const std::vector<int> labels = random_labels(5, classes, rng);
        const std::vector<float> weights = weighted ? random_weights(classes, rng) : std::vector<float>();
        const auto loss = [&] {
          return cross_entropy_forward_ref<double>(logits.view(), labels, weights, smoothing, p.view());
        };
        loss();
        cross_entropy_backward_ref<double>(p.view(), labels, weights, smoothing, 1.0, dlogits.view());
        CHECK(gradient_error(logits, dlogits, loss) < gradient_tolerance);
      }
}

TEST_CASE("cross_entropy: fast = reference", "[core][cross_entropy][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t classes : sizes_around(lanes))
      for (float smoothing : {0.0f, 0.1f})
        for (bool weighted : {false, true}) {
          if (classes == 0) continue;
          INFO(classes << " classes");
          const Tensor logits = random_tensor({7, classes}, rng), d0 = random_tensor({7, classes}, rng);
          const std::vector<int> labels = random_labels(7, classes, rng);
          const std::vector<float> weights = weighted ? random_weights(classes, rng) : std::vector<float>();
          Tensor p(logits.shape()), p1(logits.shape()), d = d0, d1 = d0, written(logits.shape(), NAN);
          const float loss1 = cross_entropy_forward_ref<float>(logits.view(), labels, weights, smoothing, p1.view());
          const float loss = cross_entropy_forward(logits.view(), labels, weights, smoothing, p.view());
          REQUIRE(std::abs(loss - loss1) < 1e-5f);
          REQUIRE(relative_difference(p, p1) < fast_tolerance);
          cross_entropy_backward_ref<float>(p1.view(), labels, weights, smoothing, 0.7f, d1.view());
          cross_entropy_backward(p1.view(), labels, weights, smoothing, 0.7f, d.view());
          REQUIRE(relative_difference(d, d1) < fast_tolerance);
          Tensor sum(logits.shape());
          cross_entropy_backward_ref<float>(p1.view(), labels, weights, smoothing, 0.7f, sum.view());
          cross_entropy_backward(p1.view(), labels, weights, smoothing, 0.7f, written.view(), false);
          REQUIRE(relative_difference(written, sum) < fast_tolerance);
        }
  });
}
