#include "app/demos/cnn/cnn.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      // What stands below the network.
      {.id = "below", .type = ParamType::choice, .initial = "cell", .choices = {"cell", "training", "layers"}},
      {.id = "source", .type = ParamType::choice, .initial = "data", .choices = {"data", "drawn"}},
      {.id = "picture",
       .type = ParamType::integer,
       .initial = "18",
       .min = 1,
       .max = 1000,
       .step = 1,
       .only_if = "source",
       .only_value = "data"},
      {.id = "direction", .type = ParamType::choice, .initial = "forward", .choices = {"forward", "backward"}},
      // Whose probability the loss is about; "label": the true class, or of a drawing the answer.
      {.id = "target",
       .type = ParamType::choice,
       .initial = "label",
       .choices = {"label", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
       .only_if = "direction",
       .only_value = "backward"},
      // Training: weights at its beginning, and how far it goes.
      {.id = "start",
       .type = ParamType::choice,
       .initial = "trained",
       .choices = {"trained", "random", "file"},
       .only_if = "below",
       .only_value = "training"},
      {.id = "rate",
       .type = ParamType::real,
       .initial = "0.003",
       .min = 1e-5,
       .max = 1,
       .only_if = "below",
       .only_value = "training"},
      {.id = "epochs",
       .type = ParamType::integer,
       .initial = "3",
       .min = 1,
       .max = CnnTraining::most_epochs,
       .step = 1,
       .only_if = "below",
       .only_value = "training"},
      {.id = "epoch",
       .type = ParamType::integer,
       .initial = "10",  // most_epochs: as far as it is trained
       .min = 0,
       .max = CnnTraining::most_epochs,
       .step = 1,
       .only_if = "below",
       .only_value = "training"},
      // The network itself: core/nn/layer_list.hpp.
      {.id = "layers",
       .type = ParamType::text,
       .initial = Cnn::course_layers,
       .max = 200,
       .only_if = "below",
       .only_value = "layers"},
      {.id = "seed",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 9999,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "layer", .type = ParamType::text, .initial = "conv2", .max = 12, .group = ParamGroup::more},
      {.id = "map",
       .type = ParamType::integer,
       .initial = "3",
       .min = 1,
       .max = 64,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "cell", .type = ParamType::cell, .initial = "6,7", .min = 1, .max = 100, .group = ParamGroup::state},
      {.id = "strokes", .type = ParamType::text, .initial = "", .max = Cnn::most_strokes, .group = ParamGroup::state},
      // Weights changed by hand: of what is shown now, and those that training began with.
      {.id = "edits", .type = ParamType::text, .initial = "", .max = 4000, .group = ParamGroup::state},
      {.id = "begun", .type = ParamType::text, .initial = "", .max = 4000, .group = ParamGroup::state},
      // Mini-batches done: a link to a trained network trains it again, the same way.
      {.id = "steps",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = 100000,
       .step = 1,
       .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_cnn() {
  static const DemoInfo info{.id = "cnn",
                             .params = params(),
                             .has_steps = true,
                             .works = true,
                             .aspect = 1.28,
                             .narrow_aspect = 0.44,
                             .make = make_cnn};
  return info;
}

}  // namespace cvlab::app
