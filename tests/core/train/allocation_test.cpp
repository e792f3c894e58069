// After its first steps training allocates nothing: every operator new of the program is counted.
#include <catch2/catch_test_macros.hpp>

#include "core/parallel/parallel_for.hpp"
#include "core/train/trainer.hpp"
#include "tests/core/allocations.hpp"

using namespace cvlab;

TEST_CASE("a training step allocates nothing after the first") {
  set_thread_count(1);  // a helper that gets its first piece of work late makes its own buffers then
  for (const char* name : {"small-cnn", "mlp", "cnn-bn", "vae"}) {
    INFO(name);
    const nn::ModelInfo* info = nn::find_model(name);
    REQUIRE(info);
    const bool classify = info->objective == nn::Objective::classify;
    nn::Graph model = nn::make_model(name, {1, 28, 28}, classify ? 2 : 0).value();
    Dataset large{
        "large", {1, 28, 28}, std::vector<std::uint8_t>(200 * 784, 100), std::vector<int>(200, 1), {"a", "b"}};
    Rng rng(1);
    REQUIRE(model.initialise(rng));
    TrainerParams params;
    params.objective = info->objective;
    params.batch_size = 32;
    params.epochs = 4;
    params.optimizer.clip_norm = 1.0f;
    params.augmentation = {.mirror = true, .rotate = 5.0f, .shift = 1.0f, .blur = 1.0f, .noise = 0.01f, .cutout = 2};
    Trainer trainer(model, large, large, params);
    while (trainer.steps_done() < 8 || trainer.evaluating())
      trainer.step(0.0);  // one epoch, its evaluation, one more step
    const std::size_t before = test::allocations();
    while (!trainer.finished()) trainer.step(0.0);
    CHECK(test::allocations() - before == 0);
    CHECK(trainer.steps_done() == 28);
  }
  set_thread_count(0);
}
