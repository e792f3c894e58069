#include "core/train/session.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/gradient_check.hpp"
#include "tests/core/train/training_fixture.hpp"

using namespace cvlab;

namespace {

TrainerParams quick() {
  TrainerParams params;
  params.epochs = 3;
  params.batch_size = 32;
  params.seed = 5;
  return params;
}

std::shared_ptr<const Split> data() {
  static const auto split = std::make_shared<const Split>(test::bars_split());
  return split;
}

// As a picture's frames do it, until it stands still.
void follow(TrainingSession& session) {
  while (session.running()) session.work(0.001);
  session.work(0.001);
}

std::vector<Tensor> weights(const nn::Graph& model) {
  std::vector<Tensor> all;
  for (const Parameter& p : model.parameters()) all.push_back(p.value);
  for (const auto& [name, s] : model.statistics()) all.push_back(s.variance);
  return all;
}

}  // namespace

TEST_CASE("a session does what the trainer does, with a thread or without") {
  nn::Graph model = test::bars_network(true, 1), trained = model;
  Trainer trainer(trained, data()->train, data()->test, quick());
  std::vector<std::vector<Tensor>> after_epoch = {weights(trained)};
  while (!trainer.finished()) {
    trainer.step(0.0);
    if (after_epoch.size() <= trainer.epochs().size()) after_epoch.push_back(weights(trained));
  }

  TrainingSession session(model, data(), quick());
  CHECK(!session.running());
  CHECK(session.snapshot().steps == 0);
  session.run();
  follow(session);
  const TrainingSession::Snapshot& snapshot = session.snapshot();
  CHECK(snapshot.finished);
  CHECK(snapshot.steps == 30);
  REQUIRE(snapshot.points.size() == 30);
  for (std::size_t i = 0; i < 30; ++i) {
    CHECK(snapshot.points[i].step == static_cast<int>(i));
    CHECK(snapshot.points[i].loss == trainer.points()[i].loss);
  }
  REQUIRE(snapshot.epochs.size() == 3);
  CHECK(snapshot.epochs[2].test_loss == trainer.epochs()[2].test_loss);

  nn::Graph copy;
  for (int epoch = 0; epoch <= 3; ++epoch) {
    INFO(epoch);
    REQUIRE(session.model_at(epoch, copy));
    CHECK(weights(copy) == after_epoch[static_cast<std::size_t>(epoch)]);
  }
  CHECK(!session.model_at(4, copy));
  CHECK(!session.model_at(-1, copy));
  REQUIRE(session.current_model(copy));
  CHECK(weights(copy) == weights(trained));
}

TEST_CASE("a session stops where it is told, and goes on from there") {
  TrainingSession session(test::bars_network(true, 1), data(), quick());
  session.run(7);
  follow(session);
  CHECK(session.snapshot().steps == 7);
  CHECK(session.snapshot().points.size() == 7);
  session.run(7);  // nothing left to do
  follow(session);
  CHECK(session.snapshot().steps == 7);
  session.run(10);  // the end of an epoch: with its evaluation
  follow(session);
  CHECK(session.snapshot().steps == 10);
  CHECK(session.snapshot().epochs.size() == 1);
  session.run();
  follow(session);
  CHECK(session.snapshot().finished);
  CHECK(session.snapshot().points.size() == 30);
}

TEST_CASE("a pause holds, a session may end in the middle") {
  TrainerParams params = quick();
  params.epochs = 1000;
  TrainingSession session(test::bars_network(false, 1), data(), params);
  session.run();
  while (session.snapshot().steps < 5) session.work(0.001);
  session.pause();
  follow(session);
  const int steps = session.snapshot().steps;
  nn::Graph copy, again;
  REQUIRE(session.current_model(copy));
  session.work(0.01);
  CHECK(session.snapshot().steps == steps);
  REQUIRE(session.current_model(again));
  CHECK(weights(copy) == weights(again));
  session.run();  // destroyed while it trains
}

TEST_CASE("weights changed between two mini-batches are where a session goes on") {
  const nn::Graph model = test::bars_network(true, 1);
  nn::Graph by_hand = model;
  Trainer trainer(by_hand, data()->train, data()->test, quick());
  const auto change = [](nn::Graph& m) { m.parameters()[0].value.data()[1] = 0.75F; };
  while (trainer.steps_done() < 2) trainer.step(0.0);
  change(by_hand);
  while (trainer.steps_done() < 4) trainer.step(0.0);

  TrainingSession session(model, data(), quick());
  nn::Graph seen = model;
  session.run(2);
  follow(session);
  session.change(change);
  REQUIRE(session.current_model(seen));
  CHECK(seen.parameters()[0].value.data()[1] == 0.75F);
  session.run(4);
  follow(session);
  REQUIRE(session.current_model(seen));
  CHECK(weights(seen) == weights(by_hand));
  REQUIRE(session.model_at(0, seen));
  CHECK(weights(seen) == weights(model));
}
