#include "app/demos/tensors/tensors.hpp"

namespace cvlab::app {

namespace {

Param size(std::string_view id, std::string_view initial, double most) {
  return {.id = id,
          .type = ParamType::integer,
          .initial = initial,
          .min = 1,
          .max = most,
          .step = 1,
          .only_if = "view",
          .only_value = "memory"};
}

Param text(std::string_view id, std::string_view initial, std::string_view only_if, std::string_view only_value) {
  return {
      .id = id, .type = ParamType::text, .initial = initial, .max = 200, .only_if = only_if, .only_value = only_value};
}

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "view", .type = ParamType::choice, .initial = "memory", .choices = {"memory", "broadcast", "puzzle"}},
      {.id = "fill",
       .type = ParamType::choice,
       .initial = "count",
       .choices = {"count", "photo"},
       .only_if = "view",
       .only_value = "memory"},
      size("n", "2", 4),
      size("c", "3", 4),
      size("h", "2", 6),
      size("w", "4", 6),
      text("ops", "", "view", "memory"),
      {.id = "pair",
       .type = ParamType::choice,
       .initial = "channels",
       .choices = {"channels", "outer", "both", "row", "mismatch", "own"},
       .only_if = "view",
       .only_value = "broadcast"},
      text("a", "2,3", "pair", "own"),
      text("b", "3", "pair", "own"),
      {.id = "level",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = layout_puzzles,
       .step = 1,
       .only_if = "view",
       .only_value = "puzzle"},
      text("answer", "", "view", "puzzle"),
      {.id = "image",
       .type = ParamType::picture,
       .initial = "astronaut",
       .choices = {"astronaut", "cat", "coffee", "rocket", "own"},
       .group = ParamGroup::more},
      {.id = "hint",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = 3,
       .step = 1,
       .group = ParamGroup::state},
      // The element that is explained: one index for each axis, counted from 0.
      {.id = "element", .type = ParamType::text, .initial = "0,1,0,1", .max = 40, .group = ParamGroup::state},
      // How many operations are carried out.
      {.id = "upto",
       .type = ParamType::integer,
       .initial = "12",
       .min = 0,
       .max = max_layout_ops,
       .step = 1,
       .group = ParamGroup::state},
      // The axis that the tools change.
      {.id = "axis",
       .type = ParamType::integer,
       .initial = "3",
       .min = 0,
       .max = max_rank - 1,
       .step = 1,
       .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_tensors() {
  static const DemoInfo info{.id = "tensors",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.4,
                             .narrow_aspect = 0.5,
                             .make = make_tensors};
  return info;
}

}  // namespace cvlab::app
