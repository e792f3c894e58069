// Every optimizer and schedule against PyTorch's own numbers: tests/data/torch/optimizer_*, made by
// tests/data/make_torch_optimizer.py.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>

#include "core/train/optimizer.hpp"
#include "tests/core/reference_data.hpp"

using namespace cvlab;

namespace {

// The largest difference over all steps, relative to the value where that is above 1.
double worst_difference(const OptimizerParams& params, const std::string& saved) {
  const Tensor start = test::reference("torch/optimizer_start.npy");
  const Tensor gradients = test::reference("torch/optimizer_gradients.npy");
  const Tensor expected = test::reference("torch/optimizer_" + saved + ".npy");
  REQUIRE(expected.shape() == gradients.shape());
  std::vector<Parameter> parameters = {{"p", start, Tensor(start.shape()), false}};
  Optimizer optimizer(params);
  double worst = 0.0;
  for (std::ptrdiff_t step = 0; step < gradients.size(0); ++step) {
    std::copy_n(&gradients(step, 0), start.count(), parameters[0].gradient.data());
    optimizer.step(parameters);
    for (std::ptrdiff_t i = 0; i < start.count(); ++i) {
      const auto wanted = static_cast<double>(expected(step, i));
      worst = std::max(
          worst, std::abs(static_cast<double>(parameters[0].value(i)) - wanted) / std::max(1.0, std::abs(wanted)));
    }
  }
  CHECK(optimizer.steps() == 30);
  return worst;
}

OptimizerParams settings(OptimizerKind kind) {
  OptimizerParams params;
  params.kind = kind;
  params.learning_rate = 0.05f;
  params.weight_decay = 0.01f;
  if (kind == OptimizerKind::adagrad) params.epsilon = 1e-10f;
  return params;
}

}  // namespace

TEST_CASE("optimizers equal PyTorch's, step for step") {
  for (const OptimizerKind kind :
       {OptimizerKind::sgd, OptimizerKind::momentum, OptimizerKind::nesterov, OptimizerKind::adagrad,
        OptimizerKind::rmsprop, OptimizerKind::adam, OptimizerKind::adamw}) {
    INFO(name(kind));
    CHECK(worst_difference(settings(kind), name(kind)) < 2e-6);
  }
}

TEST_CASE("clipping equals PyTorch's") {
  OptimizerParams params = settings(OptimizerKind::adam);
  params.clip_norm = 1.0f;
  CHECK(worst_difference(params, "clip") < 2e-6);
}

TEST_CASE("schedules equal PyTorch's") {
  const Tensor step = test::reference("torch/optimizer_schedule_step.npy");
  const Tensor cosine = test::reference("torch/optimizer_schedule_cosine.npy");
  const Schedule by_steps{ScheduleKind::step, 0, 0, 7, 0.3f}, by_cosine{ScheduleKind::cosine, 0, 20, 0, 0.1f};
  for (int i = 0; i <= 20; ++i) {
    CHECK(std::abs(by_steps.factor(i) - step(i)) < 1e-6f);
    CHECK(std::abs(by_cosine.factor(i) - cosine(i)) < 1e-6f);
  }
}
