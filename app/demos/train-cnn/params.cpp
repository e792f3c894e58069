#include "app/demos/train-cnn/train_cnn.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "data", .type = ParamType::choice, .initial = "digits", .choices = {"digits", "fashion-mnist"}},
      {.id = "optimizer",
       .type = ParamType::choice,
       .initial = "adam",
       .choices = {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"}},
      {.id = "rate", .type = ParamType::real, .initial = "0.003", .min = 1e-5, .max = 10},
      {.id = "batch", .type = ParamType::choice, .initial = "32", .choices = {"8", "16", "32", "64", "128", "256"}},
      {.id = "augment", .type = ParamType::toggle, .initial = "1"},
      {.id = "epochs", .type = ParamType::integer, .initial = "8", .min = 1, .max = TrainCnn::most_epochs, .step = 1},
      {.id = "epoch",
       .type = ParamType::integer,
       .initial = "20",  // most_epochs: as far as it is trained
       .min = 0,
       .max = TrainCnn::most_epochs,
       .step = 1},
      {.id = "seed", .type = ParamType::integer, .initial = "1", .min = 1, .max = 9999, .step = 1},
      {.id = "log", .type = ParamType::toggle, .initial = "0", .group = ParamGroup::more},
      // Mini-batches done: a link to a trained network trains it again, the same way.
      {.id = "steps",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = 100000,
       .step = 1,
       .group = ParamGroup::state},
      // Cell of the confusion matrix whose pictures are shown, true class and answer counted from 1; 0,0: all mistakes.
      {.id = "cell", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 10, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_train_cnn() {
  static const DemoInfo info{.id = "train-cnn",
                             .params = params(),
                             .has_steps = true,
                             .works = true,
                             .aspect = 1.25,
                             .narrow_aspect = 0.385,
                             .make = make_train_cnn};
  return info;
}

}  // namespace cvlab::app
