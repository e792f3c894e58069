#include "core/train/norm_study.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/train/deep_study.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double batch[8][3] = {{0.52, -1.31, 0.07}, {1.18, -0.46, 0.35},  {-0.27, 0.93, -0.62}, {0.84, -0.12, 1.41},
                                {-1.05, 0.38, 0.29}, {0.33, -0.77, -0.98}, {1.62, 0.21, 0.54},   {-0.41, 1.06, -0.15}};
std::span<const double> values() { return {&batch[0][0], 24}; }

// torch.nn.BatchNorm1d(3) of PyTorch 1.13.0 in double on that batch: training; evaluation after 20 such batches;
// training with eps = 0.01, weight 2, bias -0.5.
constexpr double trained[8][3] = {{0.211190841, -1.694021383, -0.063857833}, {1.007682014, -0.586392017, 0.344832298},
                                  {-0.742184956, 1.224907769, -1.070987085}, {0.59736838, -0.143340271, 1.892016366},
                                  {-1.683492706, 0.508206415, 0.257255842},  {-0.018102072, -0.990350962, -1.596445825},
                                  {1.538676129, 0.286680542, 0.622157744},   {-0.911137629, 1.394309907, -0.384971508}};
constexpr double evaluated[8][3] = {
    {0.240915321, -1.541233058, -0.038861387}, {0.973842489, -0.534445304, 0.32480673},
    {-0.636376289, 1.111948788, -0.935043534}, {0.596273948, -0.131730202, 1.701550317},
    {-1.502562942, 0.460497888, 0.246877848},  {0.029921136, -0.90162672, -1.402616827},
    {1.462460601, 0.259140338, 0.571581524},   {-0.791845688, 1.265928092, -0.324600622}};
constexpr double scaled[8][3] = {{-0.080657851, -3.859666674, -0.626377881}, {1.50086111, -1.662961541, 0.182440559},
                                 {-1.973688123, 1.929297441, -2.619537609},  {0.686139221, -0.784279488, 3.244396082},
                                 {-3.842755986, 0.507900002, 0.009122322},   {-0.535943613, -2.464112825, -3.659447032},
                                 {2.555207084, 0.068558976, 0.731281643},    {-2.309161842, 2.265264109, -1.261878084}};
constexpr double running_mean[3] = {0.3030560541662535, -0.008784233454094317, 0.09992065554032273};
constexpr double running_variance[3] = {0.8108880026382841, 0.7127806638609847, 0.59278646626494};

void check(const NormedBatch& result, const double (&expected)[8][3], double tolerance) {
  for (std::size_t i = 0; i < 24; ++i) CHECK_THAT(result.y[i], WithinAbs(expected[i / 3][i % 3], tolerance));
}

}  // namespace

TEST_CASE("norm study: equations (1) to (4) are PyTorch's", "[core][norm_study]") {
  NormSettings settings;
  const NormedBatch train = norm_batch(values(), 8, 3, settings);
  check(train, trained, 1e-8);
  CHECK_THAT(train.mean[0], WithinAbs(0.345, 1e-12));
  CHECK_THAT(train.variance[0], WithinAbs(0.686625, 1e-12));
  CHECK_THAT(train.variance[1], WithinAbs(0.5889, 1e-12));

  settings.updates = 20;
  settings.evaluate = true;
  const NormedBatch evaluation = norm_batch(values(), 8, 3, settings);
  check(evaluation, evaluated, 1e-5);  // the running statistics are floats
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK_THAT(evaluation.running_mean[c], WithinAbs(running_mean[c], 1e-6));
    CHECK_THAT(evaluation.running_variance[c], WithinAbs(running_variance[c], 1e-6));
  }
  settings = {};
  settings.gamma = 2.0;
  settings.beta = -0.5;
  settings.epsilon = 0.01;
  check(norm_batch(values(), 8, 3, settings), scaled, 1e-8);
}

TEST_CASE("norm study: one example says nothing", "[core][norm_study]") {
  NormSettings settings;
  settings.gamma = 3.0;
  settings.beta = 0.25;
  const NormedBatch one = norm_batch(values(), 1, 3, settings);
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK(one.variance[c] == 0.0);
    CHECK(one.normalised[c] == 0.0);
    CHECK(one.y[c] == 0.25);  // beta, whatever x was
  }
}

// The tape's network with the same first weights (deep_study_test.cpp holds it against PyTorch). The whole set is one
// batch, so that the order of the examples does not matter.
TEST_CASE("norm study: a run is what the tape makes of it", "[core][norm_study]") {
  const ToyData train = make_toy(ToyKind::moons, 256, 0.1, 3);
  const ToyData test = make_toy(ToyKind::moons, 256, 0.1, 4);
  for (const bool norm : {false, true}) {
    INFO(norm);
    NormRunParams params;
    params.norm = norm;
    params.rate = 0.05;
    params.batch = 256;
    params.seed = 3;
    NormRun run(params, train, test);
    DeepParams deep;
    deep.depth = 6;
    deep.width = 20;
    deep.activation = Activation::relu;
    deep.weights = FirstWeights::he;
    deep.batch_norm = norm;
    deep.rate = 0.05f;
    deep.seed = 3;
    DeepStudy study(deep, train);
    for (int i = 0; i < 6; ++i) {
      CHECK(run.step());
      CHECK_THAT(run.losses().back(), WithinRel(study.loss(), 2e-4));
      CHECK(study.step());
    }
  }
}

TEST_CASE("norm study: normalised networks bear larger rates", "[core][norm_study]") {
  NormRace race(32, 1);
  int steps = 0;
  while (race.step(100)) ++steps;
  CHECK(steps <= 14 * 100);
  CHECK(race.run(0, true).steps() == 100);
  CHECK(race.greatest_rate(true, 0.4) > race.greatest_rate(false, 0.4));
  for (std::size_t rate = 0; rate < 5; ++rate) CHECK(race.run(rate, true).test(false).accuracy > 0.9);
}

TEST_CASE("norm study: batches of one cannot be learned from", "[core][norm_study]") {
  NormRace race(1, 1);
  while (race.step(100)) {
  }
  CHECK(race.run(1, false).test(false).accuracy > 0.8);
  for (std::size_t rate = 0; rate < race_rates.size(); ++rate) {
    CHECK(race.run(rate, true).test(true).accuracy == 0.5);  // the same answer to every point
    CHECK(race.run(rate, true).test(false).accuracy < 0.7);
  }
}
