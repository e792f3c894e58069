// The arithmetic of one unit of a network, for pictures: which units it reads, with which weights, and what becomes of
// them; and backward, which later units send it their gradient.
//
//   forward    conv2d, linear   y = b + sum over terms of w * x        max_pool2d   y = max over terms of x
//              activation       y = f(x)                               flatten      y = x
//              softmax          p = exp(z - m) / sum of exp(z_k - m),  m the greatest z
//   backward   dL/dx = sum over terms of (dL/dy of a unit that reads x) * (dy/dx); of softmax and cross-entropy
//              together dL/dz_k = p_k - [k = target], L = -ln p_target; of p itself dL/dp_k = -[k = target] / p_k.
//
// Units are counted row-major in their layer's output for one example, (C, H, W) or (C). Values and gradients are those
// that forward() and backward() left on the tape (keep_all, so that no activation overwrites what it reads); sums here
// are in double and agree with them to rounding. A cell outside the input (zero padding) is a term with unit -1.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/nn/graph.hpp"

namespace cvlab::nn {

enum class TraceRule {
  none,           // an input, or a kind that is not traced
  sum,            // products and, forward, a bias
  maximum,        // the greatest of the terms; weight 1 where it stands, else 0
  function,       // an activation of one term; weight dy/dx
  copy,           // the same number
  softmax,        // weight exp(z - m), product its share of their sum
  cross_entropy,  // of one term, p; weight 1 for the target, else 0; p - weight
  loss            // of one term, p: -weight / p
};

struct TraceTerm {
  int layer = -1;            // whose unit it is
  std::ptrdiff_t unit = -1;  // -1: a zero outside
  double value = 0.0;        // its value; backward, its gradient
  double weight = 0.0;
  double product = 0.0;
  std::ptrdiff_t weight_index = -1;  // in the weight of trace.weights_of; -1: no parameter
};

// Terms lie as they do in the picture: `groups` (channels of what is read, or of what sends) of rows x columns each.
// Where several layers read a unit, what they send back lies in one row, and weights_of is the last one.
struct Trace {
  TraceRule rule = TraceRule::none;
  std::vector<TraceTerm> terms;
  int groups = 0, rows = 0, columns = 0;
  int weights_of = -1;  // layer whose weights meet the values
  double bias = 0.0;
  double result = 0.0;
  std::ptrdiff_t winner = -1;  // term of the maximum
};

// One example is on the tape. `unit` is within the layer's output.
Trace trace_forward(const Graph& graph, const Tape& tape, int layer, std::ptrdiff_t unit);
// After backward(); the gradient of cross-entropy of the graph's softmax layer, its last, whose input had the logits.
Trace trace_backward(const Graph& graph, Tape& tape, int layer, std::ptrdiff_t unit, int target);

// A block of cells: channels [channel0, channel1), rows [row0, row1), columns [column0, column1).
struct Region {
  int channel0 = 0, channel1 = 0;
  int row0 = 0, row1 = 0, column0 = 0, column1 = 0;
  bool operator==(const Region&) const = default;
};
// The cells of the earlier layer `of` that unit `unit` of `layer` depends on, inside its picture; nothing where the
// layer between is of a kind that is not traced. Layers without a picture have one row, as long as they have units.
std::optional<Region> receptive_region(const Graph& graph, const Tape& tape, int layer, std::ptrdiff_t unit, int of);

// The layer itself, or the one that a row of flatten layers reads: same numbers, with rows and columns.
int before_flatten(const Graph& graph, int layer);

}  // namespace cvlab::nn
