#include "core/train/point_classifier.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/data/toy.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

std::shared_ptr<const LabelledPoints> blobs(int classes) {
  const ToyData toy = make_toy(ToyKind::blobs, 30 * classes, 0.1, 1, classes);
  LabelledPoints data;
  data.classes = classes;
  for (int axis = 0; axis < 2; ++axis) {
    for (std::ptrdiff_t i = 0; i < toy.points.size(0); ++i)
      data.points.push_back(static_cast<double>(toy.points(i, axis)));
  }
  data.labels = toy.labels;
  return std::make_shared<const LabelledPoints>(std::move(data));
}

}  // namespace

// PyTorch 1.13.0, double: Sequential(Linear(2, 3), Tanh, Linear(3, 3)), parameters (7 k mod 13 - 6.5) / 10,
// cross_entropy, Adam with rate 0.03, the same four examples five times.
TEST_CASE("PointClassifier: losses, gradient and answers as PyTorch's", "[train][classifier]") {
  ClassifierSettings settings;
  settings.hidden = {3};
  PointClassifier run(blobs(3), settings);
  auto& parameters = run.net().parameters();
  REQUIRE(parameters.size() == 21);
  for (int k = 0; k < 21; ++k) parameters[static_cast<std::size_t>(k)] = (7 * k % 13 - 6.5) / 10.0;
  const double points[] = {0.5, -0.75, 0.25, -0.5, -0.25, 0.125, 1.0, -1.0};
  const int labels[] = {0, 2, 1, 1};
  const double losses[] = {1.5372969039268491, 1.468859294847699, 1.4069893555788275, 1.350949562721149,
                           1.2998060764232235};
  for (int step = 0; step < 5; ++step) {
    CHECK_THAT(run.update(points, labels), WithinAbs(losses[step], 1e-6));
    if (step > 0) continue;
    CHECK_THAT(run.net().gradient()[0], WithinAbs(-0.14147150679341292, 1e-12));
    CHECK_THAT(run.net().gradient()[1], WithinAbs(0.04298547703960235, 1e-12));
    CHECK_THAT(run.net().gradient()[20], WithinAbs(0.29351829127594486, 1e-12));
  }
  const std::vector<double> p = run.probabilities(points);
  CHECK_THAT(p[1], WithinAbs(0.3632722252979141, 1e-6));
  CHECK_THAT(p[4 + 1], WithinAbs(0.20742377654436414, 1e-6));
  CHECK_THAT(p[8 + 1], WithinAbs(0.4293039981577218, 1e-6));
}

TEST_CASE("PointClassifier: begins with an even guess and learns clouds", "[train][classifier]") {
  for (const int classes : {2, 3, 4}) {
    PointClassifier run(blobs(classes), {.hidden = {6}});
    CHECK_THAT(run.evaluate().loss, WithinAbs(std::log(classes), 1e-12));
    for (int i = 0; i < 200; ++i) run.advance();
    const PointClassifier::Result result = run.evaluate();
    CHECK(result.loss < 0.2);
    CHECK(result.right > 29 * classes);
    CHECK_FALSE(run.diverged());
  }
}

TEST_CASE("PointClassifier: divergence is noticed, and it stands still", "[train][classifier]") {
  ClassifierSettings settings;
  settings.hidden = {8};
  settings.activation = Activation::relu;
  settings.optimizer = OptimizerKind::sgd;
  settings.rate = 1000.0;
  PointClassifier run(blobs(3), settings);
  for (int i = 0; i < 100; ++i) run.advance();
  REQUIRE(run.diverged());
  CHECK(run.diverged()->step < 100);
  CHECK(run.diverged()->layer >= 1);
  const std::vector<double> there = run.net().parameters();
  run.advance();
  CHECK(run.steps() == 101);
  CHECK(run.net().parameters()[0] == there[0]);
  PointClassifier none(std::make_shared<const LabelledPoints>(), {});
  none.advance();
  CHECK(none.evaluate().loss == 0.0);
}
