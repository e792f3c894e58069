#include "core/train/update.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/parallel/parallel_for.hpp"
#include "core/simd/dispatch.hpp"
#include "tests/core/gradient_check.hpp"

using namespace cvlab;

namespace {

constexpr OptimizerKind kinds[] = {OptimizerKind::sgd,     OptimizerKind::momentum, OptimizerKind::nesterov,
                                   OptimizerKind::adagrad, OptimizerKind::rmsprop,  OptimizerKind::adam,
                                   OptimizerKind::adamw};

Parameter parameter(const char* name, const Shape& shape, Rng& rng) {
  return {name, test::random_tensor(shape, rng), test::random_tensor(shape, rng), false};
}

double norm(const Tensor& t) { return std::sqrt(test::weighted_sum(t, t)); }

}  // namespace

TEST_CASE("the fast update equals the readable one, with every instruction set and for every tail") {
  Rng rng(1);
  for (const simd::InstructionSet set :
       {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
    simd::limit(set);
    for (const OptimizerKind kind : kinds) {
      for (const std::ptrdiff_t n : {0, 1, 3, 4, 7, 8, 9, 16, 31, 33, 100}) {
        OptimizerParams params;
        params.kind = kind;
        params.weight_decay = 0.01f;
        const auto c = update_constants(params, 0.1f, 3, 0.7f);
        const Tensor g = test::random_tensor({n}, rng);
        Tensor p = test::random_tensor({n}, rng), m = test::random_tensor({n}, rng), v({n}, 0.5f);
        Tensor p2 = p, m2 = m, v2 = v;
        update_ref(c, n, g.data(), p.data(), m.data(), v.data());
        update(c, n, g.data(), p2.data(), uses_first_moment(kind) ? m2.data() : nullptr,
               uses_second_moment(kind) ? v2.data() : nullptr);
        INFO(name(kind) << " " << n << " " << simd::name(simd::instruction_set()));
        CHECK(test::largest_difference(p, p2) < 2e-6);
        CHECK(test::largest_difference(m, m2) < 1e-6);
        CHECK(test::largest_difference(v, v2) < 1e-6);
        double squares = 0.0;
        for (std::ptrdiff_t i = 0; i < n; ++i)
          squares += static_cast<double>(g.data()[i]) * static_cast<double>(g.data()[i]);
        CHECK(std::abs(sum_of_squares(g.data(), n) - squares) <= 1e-6 * squares);
      }
    }
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("the norm is that of all gradients; clipping scales them to the one asked for") {
  Rng rng(2);
  std::vector<Parameter> parameters = {parameter("a", {100}, rng), parameter("b", {3, 70000}, rng)};
  const double expected = std::hypot(norm(parameters[0].gradient), norm(parameters[1].gradient));
  for (const float clip : {0.0f, 1.0f, 1e6f}) {
    std::vector<Parameter> now = parameters;
    OptimizerParams params;
    params.kind = OptimizerKind::sgd;
    params.learning_rate = 1.0f;
    params.clip_norm = clip;
    Optimizer optimizer(params);
    CHECK(std::abs(static_cast<double>(optimizer.step(now)) / expected - 1.0) < 1e-5);
    CHECK(now[0].gradient == parameters[0].gradient);
    double moved = 0.0;
    for (std::size_t i = 0; i < 2; ++i)
      moved = std::hypot(moved, [&] {
        Tensor difference = now[i].value;
        for (std::ptrdiff_t k = 0; k < difference.count(); ++k) difference.data()[k] -= parameters[i].value.data()[k];
        return norm(difference);
      }());
    INFO(clip);
    CHECK(std::abs(moved / (clip == 1.0f ? 1.0 : expected) - 1.0) < 1e-4);
  }
}

TEST_CASE("results do not depend on the number of threads") {
  Rng rng(3);
  const std::vector<Parameter> start = {parameter("a", {200000}, rng)};
  std::vector<Parameter> one = start, many = start;
  OptimizerParams params;
  Optimizer first(params), second(params);
  set_thread_count(1);
  const float norm_one = first.step(one);
  set_thread_count(4);
  const float norm_many = second.step(many);
  set_thread_count(0);
  CHECK(norm_one == norm_many);
  CHECK(one[0].value == many[0].value);
}

TEST_CASE("a parameter whose gradient is not finite keeps its value; frozen and unused ones do, too") {
  Rng rng(4);
  std::vector<Parameter> parameters = {parameter("bad", {10}, rng), parameter("frozen", {10}, rng),
                                       parameter("unused", {10}, rng), parameter("good", {10}, rng)};
  parameters[0].gradient(3) = NAN;
  parameters[1].frozen = true;
  parameters[2].gradient = Tensor();
  const std::vector<Parameter> before = parameters;
  Optimizer optimizer({});
  CHECK(!std::isfinite(optimizer.step(parameters)));
  for (const std::size_t i : {0u, 1u, 2u}) CHECK(parameters[i].value == before[i].value);
  CHECK(!(parameters[3].value == before[3].value));
}

TEST_CASE("schedules") {
  Schedule schedule;
  CHECK(schedule.factor(0) == 1.0f);
  CHECK(schedule.factor(1000) == 1.0f);
  schedule = {ScheduleKind::step, 0, 100, 30, 0.5f};
  CHECK(schedule.factor(29) == 1.0f);
  CHECK(schedule.factor(30) == 0.5f);
  CHECK(schedule.factor(95) == 0.125f);
  schedule = {ScheduleKind::cosine, 10, 110, 0, 0.1f};
  CHECK(schedule.factor(0) == 0.1f);
  CHECK(schedule.factor(9) == 1.0f);
  CHECK(schedule.factor(10) == 1.0f);
  CHECK(std::abs(schedule.factor(60) - 0.5f) < 1e-6f);
  CHECK(std::abs(schedule.factor(110)) < 1e-6f);
  CHECK(std::abs(schedule.factor(500)) < 1e-6f);

  const auto read = parse_schedule("cosine,warmup=0.5", 100, 20);
  REQUIRE(read);
  CHECK((read.value().kind == ScheduleKind::cosine && read.value().warmup_steps == 10 &&
         read.value().total_steps == 100));
  const auto steps = parse_schedule("step=2,factor=0.25", 100, 20);
  REQUIRE(steps);
  CHECK((steps.value().kind == ScheduleKind::step && steps.value().step_every == 40 &&
         steps.value().step_factor == 0.25f));
  REQUIRE(parse_schedule("", 100, 20));
  for (const char* bad : {"sine", "cosine=1", "step", "step=0", "step=x", "factor=2", "warmup"}) {
    INFO(bad);
    CHECK(!parse_schedule(bad, 100, 20));
  }
  CHECK(parse_optimizer("nesterov").value() == OptimizerKind::nesterov);
  CHECK(parse_optimizer("adama").error().id == "optimizer-unknown");
}
