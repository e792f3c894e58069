#include "core/train/trainer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/core/gradient_check.hpp"
#include "tests/core/train/training_fixture.hpp"

using namespace cvlab;
using test::bars_network;
using test::bars_split;

namespace {

TrainerParams quick() {
  TrainerParams params;
  params.epochs = 4;
  params.batch_size = 32;
  params.optimizer.learning_rate = 0.01f;
  params.seed = 5;
  return params;
}

struct Outcome {
  std::vector<float> losses;
  std::vector<EpochResult> epochs;
  std::vector<Tensor> weights;
};

Outcome outcome(const Trainer& trainer, const nn::Graph& model) {
  Outcome out;
  for (const TrainingPoint& point : trainer.points()) out.losses.push_back(point.loss);
  out.epochs = trainer.epochs();
  for (const Parameter& p : model.parameters()) out.weights.push_back(p.value);
  for (const auto& [name, s] : model.statistics()) {
    out.weights.push_back(s.mean);
    out.weights.push_back(s.variance);
  }
  return out;
}

Outcome run(const Split& data, const TrainerParams& params, double budget, std::uint64_t model_seed = 1) {
  nn::Graph model = bars_network(true, model_seed);
  Trainer trainer(model, data.train, data.test, params);
  while (!trainer.finished()) trainer.step(budget);
  return outcome(trainer, model);
}

}  // namespace

TEST_CASE("a network learns what is easy") {
  const Split data = bars_split();
  nn::Graph model = bars_network(false, 1);
  TrainerParams params = quick();
  params.epochs = 8;
  Trainer trainer(model, data.train, data.test, params);
  CHECK(trainer.steps_per_epoch() == 10);
  while (!trainer.finished()) trainer.step(1.0);
  CHECK(trainer.diverged().empty());
  CHECK(trainer.steps_done() == 80);
  REQUIRE(trainer.points().size() == 80);
  REQUIRE(trainer.epochs().size() == 8);
  CHECK(trainer.epochs().front().epoch == 1);
  CHECK(trainer.epochs().back().train_loss < 0.5f * trainer.epochs().front().train_loss);
  CHECK(trainer.epochs().back().test_accuracy >= 0.97f);
  CHECK(trainer.images_per_second() > 0.0);

  // The same numbers from the outside: the mean over the epoch's mini-batches, and evaluate().
  double sum = 0.0;
  for (int i = 70; i < 80; ++i)
    sum += static_cast<double>(trainer.points()[static_cast<std::size_t>(i)].loss) * (i == 79 ? 12 : 32);
  CHECK(std::abs(sum / 300.0 - static_cast<double>(trainer.epochs().back().train_loss)) < 1e-6);
  const Evaluation test = evaluate(model, data.test, params, 33);
  CHECK(std::abs(test.loss - trainer.epochs().back().test_loss) < 1e-6f);
  CHECK(test.accuracy == trainer.epochs().back().test_accuracy);
  int right = 0;
  for (int i = 0; i < 100; ++i)
    right += test.predicted[static_cast<std::size_t>(i)] == data.test.labels[static_cast<std::size_t>(i)];
  CHECK(std::abs(static_cast<float>(right) / 100.0f - test.accuracy) < 1e-6f);
}

TEST_CASE("the same seed gives the same run, however it is cut into slices") {
  const Split data = bars_split();
  TrainerParams params = quick();
  params.augmentation.shift = 1.0f;
  const Outcome one = run(data, params, 0.0), again = run(data, params, 100.0);
  CHECK(one.losses == again.losses);
  CHECK(one.weights == again.weights);
  params.seed = 6;
  CHECK(run(data, params, 1.0).losses != one.losses);
}

TEST_CASE("a step of budget 0 does one mini-batch, of training or of evaluation") {
  const Split data = bars_split();
  nn::Graph model = bars_network(false, 1);
  TrainerParams params = quick();
  params.epochs = 1;
  Trainer trainer(model, data.train, data.test, params);
  for (int i = 0; i < 10; ++i) {
    CHECK(!trainer.evaluating());
    CHECK(trainer.step(0.0) == 1);
  }
  CHECK(trainer.evaluating());
  CHECK(!trainer.finished());
  CHECK(trainer.step(0.0) == 0);
  CHECK(trainer.finished());
  CHECK(trainer.step(1.0) == 0);
  CHECK(trainer.epochs().size() == 1);
}

TEST_CASE("a run that is taken up again equals the one that was never interrupted") {
  const Split data = bars_split();
  TrainerParams params = quick();
  params.schedule = {ScheduleKind::cosine, 5, 40, 0, 0.1f};
  const Outcome whole = run(data, params, 1.0);
  for (const int stop : {1, 10, 17, 20}) {
    INFO(stop);
    nn::Graph first = bars_network(true, 1);
    Trainer before(first, data.train, data.test, params);
    while (before.steps_done() < stop) before.step(0.0);
    nn::Graph second = bars_network(true, 99);  // other weights: all must come from the first
    Trainer after(second, data.train, data.test, params);
    for (std::size_t i = 0; i < first.parameters().size(); ++i)
      second.parameters()[i].value = first.parameters()[i].value;
    second.statistics() = first.statistics();
    after.optimizer().first_moments() = before.optimizer().first_moments();
    after.optimizer().second_moments() = before.optimizer().second_moments();
    after.optimizer().set_steps(before.optimizer().steps());
    after.restore(before.progress());
    while (!after.finished()) after.step(1.0);
    const Outcome resumed = outcome(after, second);
    CHECK(resumed.weights == whole.weights);
    REQUIRE(resumed.epochs.size() == whole.epochs.size());
    for (std::size_t e = 0; e < whole.epochs.size(); ++e) {
      CHECK(resumed.epochs[e].train_loss == whole.epochs[e].train_loss);
      CHECK(resumed.epochs[e].test_loss == whole.epochs[e].test_loss);
    }
  }
}

TEST_CASE("divergence is told in words that name where it began, and the weights stay numbers") {
  const Split data = bars_split();
  nn::Graph model = bars_network(false, 1);
  TrainerParams params = quick();
  params.optimizer.kind = OptimizerKind::sgd;
  params.optimizer.learning_rate = 1e30f;
  Trainer trainer(model, data.train, data.test, params);
  while (!trainer.finished()) trainer.step(1.0);
  REQUIRE(!trainer.diverged().empty());
  INFO(trainer.diverged());
  CHECK(trainer.diverged().starts_with("Training diverged in mini-batch "));
  CHECK(trainer.diverged().find("(layer \"") != std::string::npos);
  for (const Parameter& p : model.parameters())
    for (std::ptrdiff_t i = 0; i < p.value.count(); ++i) REQUIRE(std::isfinite(p.value.data()[i]));
  CHECK(trainer.step(1.0) == 0);

  nn::Graph poisoned = bars_network(false, 1);
  poisoned.find("fc.weight")->value(0, 0) = NAN;
  Trainer second(poisoned, data.train, data.test, quick());
  second.step(0.0);
  CHECK(second.diverged().find("in mini-batch 1:") != std::string::npos);
  CHECK(second.diverged().find("fc.weight") != std::string::npos);
}

TEST_CASE("training stops early when the test loss no longer gets better") {
  const Split data = bars_split();
  nn::Graph model = bars_network(false, 1);
  TrainerParams params = quick();
  params.epochs = 50;
  params.patience = 2;
  params.optimizer.learning_rate = 0.0f;  // the first epoch is the best, for ever
  Trainer trainer(model, data.train, data.test, params);
  while (!trainer.finished()) trainer.step(1.0);
  CHECK(trainer.epochs().size() == 3);
}

TEST_CASE("autoencoders are trained on what goes in, variational ones with their divergence") {
  const Split data = bars_split();
  for (const bool variational : {false, true}) {
    INFO(variational);
    nn::Graph model = nn::make_model(variational ? "vae" : "autoencoder", {1, 8, 8}).value();
    Rng rng(1);
    REQUIRE(model.initialise(rng));
    TrainerParams params = quick();
    params.epochs = 6;
    params.optimizer.learning_rate = 3e-3f;
    params.objective = variational ? nn::Objective::variational : nn::Objective::reconstruct;
    const float before = evaluate(model, data.test, params).loss;
    Trainer trainer(model, data.train, data.test, params);
    while (!trainer.finished()) trainer.step(1.0);
    CHECK(trainer.diverged().empty());
    CHECK(trainer.epochs().back().test_loss < 0.8f * before);
    // By hand, from the network's outputs.
    Tape tape;
    Tensor images;
    std::vector<int> labels;
    Loader(data.test, 100, false, 0).batch(0, 0, images, labels);
    Rng unused(0);
    const Var out = model.forward(tape, tape.input(images.view()), false, unused);
    double squares = 0.0, kl = 0.0;
    for (std::ptrdiff_t i = 0; i < images.count(); ++i)
      squares += std::pow(static_cast<double>(tape.value(out).data()[i] - images.data()[i]), 2.0);
    if (variational) {
      const ConstView mean = tape.value(model.value_of(model.extra_outputs[0]));
      const ConstView log_variance = tape.value(model.value_of(model.extra_outputs[1]));
      for (std::ptrdiff_t i = 0; i < mean.count(); ++i) {
        const auto m = static_cast<double>(mean.data()[i]), v = static_cast<double>(log_variance.data()[i]);
        kl += 0.5 * (m * m + std::exp(v) - 1.0 - v);
      }
    }
    const double expected = variational ? (squares + kl) / 100.0 : squares / 6400.0;
    CHECK(std::abs(static_cast<double>(trainer.epochs().back().test_loss) / expected - 1.0) < 1e-4);
  }
}
