#include "app/demos/chain-rule/chain_rule.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "expression",
       .type = ParamType::text,
       .initial = "(sigmoid(w2*sigmoid(w1*x + b1) + b2) - y)^2",
       .max = 300},
      // Values of the names in it; what is not listed is 1.
      {.id = "values", .type = ParamType::text, .initial = "x=0.6; w1=1.5; b1=-0.4; w2=-2; b2=0.5; y=1", .max = 400},
      {.id = "step",
       .type = ParamType::integer,
       .initial = "11",
       .min = 0,
       .max = 400,
       .step = 1,
       .group = ParamGroup::more},
      // The quantity whose value and derivative the read-outs give: a name of the expression, or v1, v2 …
      {.id = "look", .type = ParamType::text, .initial = "w1", .max = 30, .group = ParamGroup::more},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_chain_rule() {
  static const DemoInfo info{.id = "chain-rule",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.25,
                             .narrow_aspect = 0.4,
                             .make = make_chain_rule};
  return info;
}

}  // namespace cvlab::app
