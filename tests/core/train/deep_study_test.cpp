#include "core/train/deep_study.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "core/simd/dispatch.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

// PyTorch 1.13.0 in double, 3 layers of 4 units on 6 points, weights w(o, i) = sin(0.7 (o I + i) + k), k the layer from
// 0, 9 for the last one: the loss; root mean squares of x_l, of dL/dx_l, of dL/dW_l.
struct Saved {
  Activation kind;
  bool norm, skip;
  double loss, x[3], dx[3], dw[3];
};
constexpr Saved saved[] = {{Activation::tanh,
                            false,
                            false,
                            0.681607830,
                            {0.565357213, 0.515097123, 0.257825626},
                            {0.037536303, 0.082235256, 0.110202300},
                            {0.029331312, 0.019890850, 0.038096015}},
                           {Activation::tanh,
                            false,
                            true,
                            1.420228456,
                            {0.565357213, 0.681268946, 1.340297701},
                            {0.113618509, 0.138034636, 0.130316643},
                            {0.150544238, 0.217531745, 0.067752791}},
                           {Activation::tanh,
                            true,
                            false,
                            0.680874256,
                            {0.683566060, 0.697560570, 0.624252048},
                            {0.090883399, 0.260389644, 0.111257323},
                            {0.241035209, 0.233143847, 0.208321017}},
                           {Activation::tanh,
                            true,
                            true,
                            1.371556040,
                            {0.683566060, 1.022593850, 1.530087314},
                            {0.123373120, 0.132366995, 0.126833888},
                            {0.222597038, 0.230594373, 0.068756481}},
                           {Activation::relu,
                            false,
                            false,
                            0.953813359,
                            {0.560783554, 0.724213825, 0.791890480},
                            {0.105331822, 0.078014749, 0.132409542},
                            {0.097535736, 0.080865425, 0.202152009}},
                           {Activation::relu,
                            false,
                            true,
                            1.874635303,
                            {0.560783554, 1.029619967, 2.226006315},
                            {0.344845098, 0.192301473, 0.152107312},
                            {0.345869726, 0.234454008, 0.358784584}},
                           {Activation::relu,
                            true,
                            false,
                            0.697119001,
                            {0.726268514, 0.711617550, 0.695480439},
                            {0.642993769, 0.368963239, 0.104836049},
                            {1.461456947, 0.380273148, 0.230028866}},
                           {Activation::relu,
                            true,
                            true,
                            1.802888908,
                            {0.726268514, 1.257850655, 1.777246317},
                            {0.368970581, 0.213886149, 0.135914654},
                            {0.831089960, 0.146892829, 0.114628696}}};

ToyData saved_points() {
  ToyData data;
  data.points = Tensor(Shape{6, 2});
  for (int n = 0; n < 6; ++n) {
    data.points(n, 0) = static_cast<float>(std::cos(1.3 * n));
    data.points(n, 1) = static_cast<float>(std::sin(2.1 * n));
    data.labels.push_back(n % 2);
  }
  return data;
}

DeepStudy study_of(int depth, Activation kind, FirstWeights weights, bool norm = false, bool skip = false,
                   float rate = 0.1f) {
  DeepParams params;
  params.depth = depth;
  params.activation = kind;
  params.weights = weights;
  params.batch_norm = norm;
  params.skip = skip;
  params.rate = rate;
  return {params, make_toy(ToyKind::circles, 128, 0.08, 1)};
}

double gradient_ratio(const DeepStudy& study) {
  return study.layers().front().gradient.rms / study.layers().back().gradient.rms;
}

}  // namespace

TEST_CASE("deep study: signals and gradients are PyTorch's", "[core][deep_study]") {
  for (const Saved& row : saved) {
    INFO(name(row.kind) << (row.norm ? " norm" : "") << (row.skip ? " skip" : ""));
    DeepParams params;
    params.depth = 3;
    params.width = 4;
    params.activation = row.kind;
    params.batch_norm = row.norm;
    params.skip = row.skip;
    DeepStudy study(params, saved_points());
    for (int l = 0; l <= 3; ++l) {
      Parameter* weight = study.graph().find(l < 3 ? "layer" + std::to_string(l + 1) + ".weight" : "head.weight");
      REQUIRE(weight != nullptr);
      for (std::ptrdiff_t i = 0; i < weight->value.count(); ++i)
        weight->value.data()[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i) + (l < 3 ? l : 9)));
    }
    study.measure();
    CHECK_THAT(study.loss(), WithinRel(row.loss, 1e-5));
    for (std::size_t l = 0; l < 3; ++l) {
      CHECK_THAT(study.layers()[l].activation.rms, WithinRel(row.x[l], 2e-5));
      CHECK_THAT(study.layers()[l].gradient.rms, WithinRel(row.dx[l], 1e-4));
      CHECK_THAT(study.layers()[l].weight_gradient.rms, WithinRel(row.dw[l], 1e-4));
    }
  }
}

// All weights 0: the logits are 0, the loss is ln 2, and no gradient reaches a hidden layer.
TEST_CASE("deep study: zero weights learn nothing", "[core][deep_study]") {
  DeepStudy study = study_of(8, Activation::relu, FirstWeights::zero);
  CHECK_THAT(study.loss(), WithinAbs(std::log(2.0), 1e-7));
  for (const LayerStatistics& layer : study.layers()) {
    CHECK(layer.activation.greatest == 0.0);
    CHECK(layer.gradient.greatest == 0.0);
    CHECK(layer.dead == 32);
  }
  for (int i = 0; i < 20; ++i) CHECK(study.step());
  CHECK_THAT(study.loss(), WithinAbs(std::log(2.0), 1e-6));
}

TEST_CASE("deep study: what vanishes, what explodes, what helps", "[core][deep_study]") {
  CHECK(gradient_ratio(study_of(16, Activation::sigmoid, FirstWeights::xavier)) < 1e-6);
  CHECK(gradient_ratio(study_of(16, Activation::relu, FirstWeights::small)) < 1e-12);
  CHECK(gradient_ratio(study_of(16, Activation::relu, FirstWeights::large)) > 1e6);
  for (const double ratio : {gradient_ratio(study_of(16, Activation::relu, FirstWeights::he)),
                             gradient_ratio(study_of(16, Activation::tanh, FirstWeights::xavier)),
                             gradient_ratio(study_of(16, Activation::sigmoid, FirstWeights::xavier, false, true))}) {
    CHECK(ratio > 0.02);
    CHECK(ratio < 50);
  }
  // Saturated: a slope of exactly 0 in floats.
  CHECK(study_of(16, Activation::tanh, FirstWeights::large).layers()[8].activation.rms > 0.9);
}

TEST_CASE("deep study: it learns where the gradient arrives, and not where it does not", "[core][deep_study]") {
  DeepStudy sigmoid = study_of(16, Activation::sigmoid, FirstWeights::xavier);
  DeepStudy relu = study_of(16, Activation::relu, FirstWeights::he);
  for (int i = 0; i < 300; ++i) {
    CHECK(sigmoid.step());
    CHECK(relu.step());
  }
  CHECK(sigmoid.loss() > 0.65);
  CHECK(relu.loss() < 0.3);
  CHECK(relu.accuracy() > 0.9);
  CHECK(relu.losses().size() == 301);
}

TEST_CASE("deep study: back in time is the same run", "[core][deep_study]") {
  DeepStudy study = study_of(6, Activation::tanh, FirstWeights::xavier, false, false, 0.3f);
  std::vector<double> losses;
  for (int i = 0; i < 70; ++i) {
    losses.push_back(study.loss());
    study.step();
  }
  const double last = study.loss();
  study.rewind(33);
  CHECK(study.steps() == 20);
  CHECK(study.loss() == losses[20]);
  while (study.steps() < 70) study.step();
  CHECK(study.loss() == last);
  study.rewind(0);
  CHECK(study.steps() == 0);
  CHECK(study.loss() == losses[0]);
  study.rewind(5);
  CHECK(study.steps() == 0);
}

TEST_CASE("deep study: what is not finite is found where it begins, and stops the run", "[core][deep_study]") {
  DeepStudy study = study_of(64, Activation::relu, FirstWeights::large);
  CHECK(study.layers().back().activation.rms > 1e25);  // one layer makes 4 of 1
  for (int i = 0; i < 3; ++i) study.step();
  CHECK_FALSE(study.finite());
  CHECK(study.steps() < 3);
  const int stopped = study.steps();
  CHECK_FALSE(study.step());
  CHECK(study.steps() == stopped);
  study.rewind(0);
  CHECK(study.steps() == 0);
  DeepStudy later = study_of(12, Activation::relu, FirstWeights::large, false, false, 1.0f);
  CHECK(later.finite());
  for (int i = 0; i < 20; ++i) later.step();
  CHECK_FALSE(later.finite());
  CHECK(later.steps() < 20);
}

TEST_CASE("deep study: other vectors, the same measurements", "[core][deep_study]") {
  const auto ratio = [](FirstWeights weights, bool norm) {
    return std::log10(gradient_ratio(study_of(16, Activation::sigmoid, weights, norm)));
  };
  for (const FirstWeights weights : {FirstWeights::xavier, FirstWeights::large}) {
    for (const bool norm : {false, true}) {
      const double fast = ratio(weights, norm);
      simd::limit(simd::InstructionSet::sse2);
      const double plain = ratio(weights, norm);
      simd::limit(simd::InstructionSet::avx512);
      CHECK_THAT(fast, WithinAbs(plain, 1e-3));
    }
  }
}

TEST_CASE("a step in parts is the same step, and shows nothing before it is whole") {
  DeepStudy parts = study_of(6, Activation::tanh, FirstWeights::xavier, true, true);
  DeepStudy whole = study_of(6, Activation::tanh, FirstWeights::xavier, true, true);
  for (int k = 0; k < 3; ++k) {
    const double loss = parts.loss(), gradient = parts.layers().front().gradient.rms;
    for (int part = 0; part < 2; ++part) {
      CHECK_FALSE(parts.part());
      CHECK(parts.under_way());
      CHECK(parts.steps() == k);
      CHECK(parts.loss() == loss);
      CHECK(parts.layers().front().gradient.rms == gradient);
    }
    CHECK(parts.part());
    CHECK_FALSE(parts.under_way());
    REQUIRE(whole.step());
    CHECK(parts.losses() == whole.losses());
    CHECK(parts.layers().front().gradient.rms == whole.layers().front().gradient.rms);
  }
  CHECK_FALSE(parts.part());
  parts.rewind(1);  // forgets the step under way
  CHECK_FALSE(parts.under_way());
  whole.rewind(1);
  CHECK(parts.loss() == whole.loss());
  CHECK(parts.step());
  CHECK(parts.steps() == whole.steps() + 1);
}
