// Trains several networks for 100 mini-batches each and prints every loss as JSON, for
// tests/core/train/compare_losses.py: natively and as WebAssembly the same seed must give the same run.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/data/shapes.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/simd/dispatch.hpp"
#include "core/train/trainer.hpp"
#include "tests/core/train/training_fixture.hpp"

using namespace cvlab;

namespace {

// Gentle learning rates. The last bit of a sum, in which machines differ, decides now and then which of two neighbours
// a pooling takes or whether a ReLU lets pass: that mini-batch's gradient then differs by a thousandth. At lively rates
// training is chaotic and makes everything of it; at these it stays far below what is compared.
struct Case {
  const char* model;  // "bars": a small one with batch norm and dropout
  OptimizerKind optimizer;
  float learning_rate;
  bool augmented;
};

constexpr Case cases[] = {
    {"small-cnn", OptimizerKind::adam, 2e-4f, false},  {"small-cnn", OptimizerKind::sgd, 3e-3f, true},
    {"lenet5", OptimizerKind::momentum, 3e-4f, false}, {"mlp", OptimizerKind::adamw, 5e-4f, true},
    {"bars", OptimizerKind::rmsprop, 3e-4f, false},    {"autoencoder", OptimizerKind::adam, 2e-4f, false},
    {"vae", OptimizerKind::adam, 1e-4f, false},
};

// Bright shapes on a dark ground, as digits are: what networks of the course learn in their first steps.
Dataset silhouettes(int count) {
  constexpr int side = 28;
  const SceneParams params{side, side, 1, 1, 0.25f, 0.42f, 0.0f};
  Dataset data{"silhouettes", {1, side, side}, {}, {}, shape_class_names()};
  for (int i = 0; i < count; ++i) {
    const Scene scene = make_scene(params, 1, static_cast<std::uint64_t>(i));
    Rng rng(2, static_cast<std::uint64_t>(i));
    for (const std::uint8_t number : scene.mask)
      data.pixels.push_back(static_cast<std::uint8_t>(number == 0 ? rng.below(20) : 200 + rng.below(56)));
    data.labels.push_back(static_cast<int>(scene.objects[0].label));
  }
  return data;
}

nn::Graph network(const Case& c, nn::Objective& objective) {
  if (std::strcmp(c.model, "bars") == 0) return test::bars_network(true, 1);
  objective = nn::find_model(c.model)->objective;
  const int classes = objective == nn::Objective::classify ? shape_class_count : 0;
  nn::Graph model = nn::make_model(c.model, {1, 28, 28}, classes).value();
  Rng rng(1);
  if (!model.initialise(rng)) std::abort();
  return model;
}

bool run(const Case& c, const Dataset& data, bool first) {
  TrainerParams params;
  nn::Graph model = network(c, params.objective);
  params.epochs = 1;
  params.batch_size = 32;
  params.optimizer.kind = c.optimizer;
  params.optimizer.learning_rate = c.learning_rate;
  params.optimizer.weight_decay = 1e-4f;
  if (c.augmented) params.augmentation = {true, 10.0f, 2.0f, 0.1f, 0.5f, 0.02f, 4};
  const Dataset none;
  Trainer trainer(model, data, none, params);
  while (!trainer.finished()) trainer.step(1.0);
  std::printf("%s\n \"%s, %s%s\": [", first ? "" : ",", c.model, name(c.optimizer), c.augmented ? ", augmented" : "");
  for (const TrainingPoint& point : trainer.points())
    std::printf("%s%.9g", point.step == 0 ? "" : ", ", static_cast<double>(point.loss));
  std::printf("]");
  return trainer.points().size() == 100;
}

}  // namespace

// losses_dump [SET]: SET limits the instructions ("sse2"), to see how much of a difference is theirs.
int main(int argc, char** argv) {
  set_thread_count(1);
  if (argc > 1 && std::strcmp(argv[1], "sse2") == 0) simd::limit(simd::InstructionSet::sse2);
  const Dataset shapes = silhouettes(3200), bars = test::bars(3200, 1);
  bool good = true, first = true;
  std::printf("{");
  for (const Case& c : cases) {
    good = run(c, std::strcmp(c.model, "bars") == 0 ? bars : shapes, first) && good;
    first = false;
  }
  std::printf("\n}\n");
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
