// A parameter of a demo, declared once in the demo's table. Panel, HTML control, URL text, `--set`, reset and
// the min/max smoke test all follow from the row. Labels and helps are words: "<demo>.<param>",
// "<demo>.<param>.help", "<demo>.<param>.<choice>".
#pragma once

#include <string_view>
#include <vector>

namespace cvlab::app {

enum class ParamType {
  integer,  // whole number in [min, max], multiple of step above min
  real,     // number in [min, max]
  toggle,   // 0 or 1
  choice,   // one of `choices`
  picture,  // one of `choices`, ids of the picture library; "own" among them lets the learner open a picture
  cell,     // "row,column", counted from 1 as in the formulas; both in [min, max], or from 1 up without a max
  matrix,   // "1 2 1; 0 0 0; -1 -2 -1": rows separated by ';', all of one length, numbers within 1e9;
            // min .. max rows and as many columns (1 .. 15 without a max)
  text      // free text that the demo reads itself; at most max bytes
};

enum class ParamGroup {
  main,  // shown at once
  more,  // shown under "More"
  state  // no control: changed by direct manipulation of the figure; still in the URL
};

struct Param {
  std::string_view id;
  ParamType type;
  std::string_view initial;  // the default as text, the form it has in the URL
  double min = 0.0;
  double max = 0.0;
  double step = 0.0;  // 0 for real: continuous
  std::vector<std::string_view> choices = {};
  ParamGroup group = ParamGroup::main;
  // The control shows only while the parameter `only_if` has the value `only_value`; "" = always.
  std::string_view only_if = {};
  std::string_view only_value = {};
};

using ParamTable = std::vector<Param>;

}  // namespace cvlab::app
