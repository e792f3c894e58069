#include "app/demos/gan/gan.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "what", .type = ParamType::choice, .initial = "plane", .choices = {"plane", "digits"}},
      {.id = "data",
       .type = ParamType::choice,
       .initial = "ring",
       .choices = {"ring", "grid", "pair", "moons", "spiral", "own"},
       .only_if = "what",
       .only_value = "plane"},
      {.id = "loss", .type = ParamType::choice, .initial = "nonsaturating", .choices = {"nonsaturating", "minimax"}},
      {.id = "pace", .type = ParamType::choice, .initial = "steady", .choices = {"slow", "steady", "fast"}},
      {.id = "dsteps", .type = ParamType::integer, .initial = "2", .min = 1, .max = 5, .step = 1},
      {.id = "rated", .type = ParamType::real, .initial = "0.004", .min = 0.0001, .max = 0.05},
      {.id = "rateg", .type = ParamType::real, .initial = "0.002", .min = 0.0001, .max = 0.05},
      {.id = "arrows", .type = ParamType::toggle, .initial = "1", .only_if = "what", .only_value = "plane"},
      {.id = "mesh", .type = ParamType::toggle, .initial = "0", .only_if = "what", .only_value = "plane"},
      // Where between the noises A and B the walk stands; these are numbers of pictures on the wall.
      {.id = "walk",
       .type = ParamType::real,
       .initial = "0.5",
       .min = 0,
       .max = 1,
       .step = 0.01,
       .only_if = "what",
       .only_value = "digits"},
      {.id = "from",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = DigitGame::samples,
       .step = 1,
       .group = ParamGroup::more,
       .only_if = "what",
       .only_value = "digits"},
      {.id = "to",
       .type = ParamType::integer,
       .initial = "8",
       .min = 1,
       .max = DigitGame::samples,
       .step = 1,
       .group = ParamGroup::more,
       .only_if = "what",
       .only_value = "digits"},
      {.id = "seed",
       .type = ParamType::integer,
       .initial = "2",
       .min = 1,
       .max = 9999,
       .step = 1,
       .group = ParamGroup::more},
      // Updates of either player: a link to a trained pair trains it again, the same way.
      {.id = "step",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = Gan::most_steps,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "points",
       .type = ParamType::text,
       .initial = "",
       .max = static_cast<double>(most_drawn_points * drawn_point_bytes),
       .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_gan() {
  static const DemoInfo info{.id = "gan",
                             .params = params(),
                             .has_steps = true,
                             .works = true,
                             .aspect = 1.35,
                             .narrow_aspect = 0.45,
                             .make = make_gan};
  return info;
}

}  // namespace cvlab::app
