#include "app/demos/neuron/neuron.hpp"

namespace cvlab::app {

namespace {

Param real(std::string_view id, std::string_view initial, double min, double max, ParamGroup group) {
  return {.id = id, .type = ParamType::real, .initial = initial, .min = min, .max = max, .group = group};
}

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "task", .type = ParamType::choice, .initial = "and", .choices = {"and", "or", "nand", "xor"}},
      {.id = "activation",
       .type = ParamType::choice,
       .initial = "step",
       .choices = {"step", "sigmoid", "tanh", "relu"}},
      real("w1", "1", -5, 5, ParamGroup::main),
      real("w2", "1", -5, 5, ParamGroup::main),
      real("b", "-0.5", -5, 5, ParamGroup::main),
      // What the neuron is shown.
      real("x1", "1", -1, 2, ParamGroup::more),
      real("x2", "0", -1, 2, ParamGroup::more),
      real("rate", "1", 0.01, 4, ParamGroup::more),
      // Corners it has learned from, in turn, beginning with the weights above.
      {.id = "steps",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = Neuron::most_steps,
       .step = 1,
       .group = ParamGroup::more},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_neuron() {
  static const DemoInfo info{.id = "neuron",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.25,
                             .narrow_aspect = 0.42,
                             .make = make_neuron};
  return info;
}

}  // namespace cvlab::app
