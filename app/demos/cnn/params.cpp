#include "app/demos/cnn/cnn.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
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
      {.id = "layer",
       .type = ParamType::choice,
       .initial = "conv2",
       .choices = {"input", "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "fc", "softmax"},
       .group = ParamGroup::more},
      {.id = "map",
       .type = ParamType::integer,
       .initial = "3",
       .min = 1,
       .max = 16,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "cell", .type = ParamType::cell, .initial = "6,7", .min = 1, .max = 28, .group = ParamGroup::state},
      {.id = "strokes", .type = ParamType::text, .initial = "", .max = Cnn::most_strokes, .group = ParamGroup::state},
      {.id = "edits", .type = ParamType::text, .initial = "", .max = 4000, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_cnn() {
  static const DemoInfo info{
      .id = "cnn", .params = params(), .has_steps = true, .aspect = 1.28, .narrow_aspect = 0.44, .make = make_cnn};
  return info;
}

}  // namespace cvlab::app
