#include "core/nn/trace.hpp"

#include <algorithm>
#include <cmath>

#include "core/nn/shapes.hpp"

namespace cvlab::nn {

namespace {

struct Extent {
  int channels = 1, rows = 1, columns = 1;
  std::ptrdiff_t unit(int channel, int row, int column) const {
    return (static_cast<std::ptrdiff_t>(channel) * rows + row) * columns + column;
  }
  int channel(std::ptrdiff_t unit) const {
    return static_cast<int>(unit / (static_cast<std::ptrdiff_t>(rows) * columns));
  }
  int row(std::ptrdiff_t unit) const { return static_cast<int>(unit / columns % rows); }
  int column(std::ptrdiff_t unit) const { return static_cast<int>(unit % columns); }
};

const Layer& layer_of(const Graph& graph, int layer) { return graph.layers()[static_cast<std::size_t>(layer)]; }

// Of one example: (C, H, W); (C) stands as C channels of one cell.
Extent extent_of(const Graph& graph, const Tape& tape, int layer) {
  const Shape& shape = tape.shape(graph.value_of(layer));
  assert(shape.rank() >= 2 && shape[0] == 1 && "one example is traced");
  const bool picture = shape.rank() == 4;
  return {static_cast<int>(shape[1]), picture ? static_cast<int>(shape[2]) : 1,
          picture ? static_cast<int>(shape[3]) : 1};
}

double value_at(const Graph& graph, const Tape& tape, int layer, std::ptrdiff_t unit) {
  return static_cast<double>(tape.value(graph.value_of(layer)).data()[unit]);
}

double gradient_at(const Graph& graph, Tape& tape, int layer, std::ptrdiff_t unit) {
  return static_cast<double>(tape.gradient(graph.value_of(layer)).data()[unit]);
}

const Tensor& parameter(const Graph& graph, const Layer& layer, const char* suffix) {
  const std::string name = (layer.shares.empty() ? layer.name : layer.shares) + "." + suffix;
  const auto all = graph.parameters();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& p) { return p.name == name; });
  assert(found != all.end() && "a layer has the parameters of its kind");
  return found->value;
}

double bias_of(const Graph& graph, const Layer& layer, std::ptrdiff_t channel) {
  return layer.bias ? static_cast<double>(parameter(graph, layer, "bias").data()[channel]) : 0.0;
}

void add_product(Trace& trace, TraceTerm term) {
  term.product = term.value * term.weight;
  trace.terms.push_back(term);
  trace.result += term.product;
}

void shape_of(Trace& trace, TraceRule rule, int groups, int rows, int columns) {
  trace.rule = rule;
  trace.groups = groups;
  trace.rows = rows;
  trace.columns = columns;
}

// --- forward

void trace_conv2d(const Graph& graph, const Tape& tape, int index, std::ptrdiff_t unit, Trace& trace) {
  const Layer& layer = layer_of(graph, index);
  const int from = layer.inputs[0];
  const Extent in = extent_of(graph, tape, from);
  const Extent out = extent_of(graph, tape, index);
  const Tensor& weight = parameter(graph, layer, "weight");  // (O, C/groups, Kh, Kw)
  const MacStep step = conv2d_step(conv2d_params(layer), tape.shape(graph.value_of(from)), weight.shape(),
                                   out.row(unit), out.column(unit));
  const int channel = out.channel(unit);
  const int per_group = static_cast<int>(weight.size(1));
  const int first = channel / (out.channels / layer.groups) * per_group;
  const auto kernel_columns = static_cast<int>(weight.size(3));
  const auto kernel_rows = static_cast<int>(weight.size(2));
  shape_of(trace, TraceRule::sum, per_group, kernel_rows, kernel_columns);
  trace.weights_of = index;
  trace.result = trace.bias = bias_of(graph, layer, channel);
  const Extent kernels{per_group, kernel_rows, kernel_columns};
  const std::ptrdiff_t kernel = static_cast<std::ptrdiff_t>(channel) * per_group * kernel_rows * kernel_columns;
  for (int c = 0; c < per_group; ++c) {
    for (const MacTerm& t : step.terms) {
      const bool inside = t.from_row >= 0;
      const std::ptrdiff_t u = inside ? in.unit(first + c, t.from_row, t.from_column) : -1;
      const std::ptrdiff_t w = kernel + kernels.unit(c, t.kernel_row, t.kernel_column);
      add_product(trace, {from, u, inside ? value_at(graph, tape, from, u) : 0.0, static_cast<double>(weight.data()[w]),
                          0.0, w});
    }
  }
}

void trace_linear(const Graph& graph, const Tape& tape, int index, std::ptrdiff_t unit, Trace& trace) {
  const Layer& layer = layer_of(graph, index);
  const int from = before_flatten(graph, layer.inputs[0]);
  const Extent in = extent_of(graph, tape, from);
  const Tensor& weight = parameter(graph, layer, "weight");  // (Out, In)
  shape_of(trace, TraceRule::sum, in.channels, in.rows, in.columns);
  trace.weights_of = index;
  trace.result = trace.bias = bias_of(graph, layer, unit);
  for (std::ptrdiff_t i = 0; i < weight.size(1); ++i) {
    const std::ptrdiff_t w = unit * weight.size(1) + i;
    add_product(trace, {from, i, value_at(graph, tape, from, i), static_cast<double>(weight.data()[w]), 0.0, w});
  }
}

// Where the window of an output cell begins, and how much of it lies inside.
struct Window {
  int row0, row1, column0, column1;
};
Window pool_window(const Layer& layer, const Extent& in, int row, int column) {
  const Pool2dParams p = pool2d_params(layer);
  const int top = row * p.stride_y - p.padding_y;
  const int left = column * p.stride_x - p.padding_x;
  return {std::max(0, top), std::min(in.rows, top + p.kernel_y), std::max(0, left),
          std::min(in.columns, left + p.kernel_x)};
}

// The first of equals in reading order, as the op has it.
std::ptrdiff_t greatest_of(const Graph& graph, const Tape& tape, int from, const Extent& in, int channel, Window w) {
  std::ptrdiff_t best = in.unit(channel, w.row0, w.column0);
  for (int row = w.row0; row < w.row1; ++row) {
    for (int column = w.column0; column < w.column1; ++column) {
      const std::ptrdiff_t u = in.unit(channel, row, column);
      if (value_at(graph, tape, from, u) > value_at(graph, tape, from, best)) best = u;
    }
  }
  return best;
}

void trace_max_pool(const Graph& graph, const Tape& tape, int index, std::ptrdiff_t unit, Trace& trace) {
  const Layer& layer = layer_of(graph, index);
  const int from = layer.inputs[0];
  const Extent in = extent_of(graph, tape, from);
  const Extent out = extent_of(graph, tape, index);
  const int channel = out.channel(unit);
  const Window w = pool_window(layer, in, out.row(unit), out.column(unit));
  const std::ptrdiff_t best = greatest_of(graph, tape, from, in, channel, w);
  shape_of(trace, TraceRule::maximum, 1, w.row1 - w.row0, w.column1 - w.column0);
  for (int row = w.row0; row < w.row1; ++row) {
    for (int column = w.column0; column < w.column1; ++column) {
      const std::ptrdiff_t u = in.unit(channel, row, column);
      if (u == best) trace.winner = static_cast<std::ptrdiff_t>(trace.terms.size());
      add_product(trace, {from, u, value_at(graph, tape, from, u), u == best ? 1.0 : 0.0});
    }
  }
}

double derivative(const Layer& layer, double x, double y) {
  const double alpha = static_cast<double>(layer.alpha == 0.0f ? default_alpha(layer.activation) : layer.alpha);
  const double one = 1.0;
  double slope = 0.0;
  const Shape single{1};
  activation_backward_ref<double>(layer.activation, alpha, {&x, single}, {&y, single}, {&one, single},
                                  {&slope, single});
  return slope;
}

double applied(const Layer& layer, double x) {
  const double alpha = static_cast<double>(layer.alpha == 0.0f ? default_alpha(layer.activation) : layer.alpha);
  double y = 0.0;
  const Shape single{1};
  activation_forward_ref<double>(layer.activation, alpha, {&x, single}, {&y, single});
  return y;
}

void trace_softmax(const Graph& graph, const Tape& tape, int index, std::ptrdiff_t unit, Trace& trace) {
  const int from = layer_of(graph, index).inputs[0];
  const Extent in = extent_of(graph, tape, from);
  double greatest = value_at(graph, tape, from, 0);
  for (int k = 1; k < in.channels; ++k) greatest = std::max(greatest, value_at(graph, tape, from, k));
  shape_of(trace, TraceRule::softmax, 1, 1, in.channels);
  double sum = 0.0;
  for (int k = 0; k < in.channels; ++k) {
    const double z = value_at(graph, tape, from, k);
    trace.terms.push_back({from, k, z, std::exp(z - greatest), 0.0});
    sum += trace.terms.back().weight;
  }
  for (TraceTerm& term : trace.terms) term.product = term.weight / sum;
  trace.bias = sum;
  trace.result = trace.terms[static_cast<std::size_t>(unit)].product;
}

// --- backward: one consumer of the layer

void sent_by_conv2d(const Graph& graph, Tape& tape, int consumer, const Extent& in, std::ptrdiff_t unit, Trace& trace) {
  const Layer& layer = layer_of(graph, consumer);
  const Extent out = extent_of(graph, tape, consumer);
  const Tensor& weight = parameter(graph, layer, "weight");
  const auto kernel_rows = static_cast<int>(weight.size(2));
  const auto kernel_columns = static_cast<int>(weight.size(3));
  const int per_group = static_cast<int>(weight.size(1));
  const int outs_per_group = out.channels / layer.groups;
  const int group = in.channel(unit) / per_group;
  shape_of(trace, TraceRule::sum, outs_per_group, kernel_rows, kernel_columns);
  trace.weights_of = consumer;
  // The output cells, in reading order, whose kernels lie over this cell: the kernel runs backwards.
  for (int o = group * outs_per_group; o < (group + 1) * outs_per_group; ++o) {
    for (int k = kernel_rows - 1; k >= 0; --k) {
      for (int l = kernel_columns - 1; l >= 0; --l) {
        const int row = in.row(unit) + layer.padding - k * layer.dilation;
        const int column = in.column(unit) + layer.padding - l * layer.dilation;
        const bool met = row >= 0 && column >= 0 && row % layer.stride == 0 && column % layer.stride == 0 &&
                         row / layer.stride < out.rows && column / layer.stride < out.columns;
        const std::ptrdiff_t u = met ? out.unit(o, row / layer.stride, column / layer.stride) : -1;
        const std::ptrdiff_t w =
            ((static_cast<std::ptrdiff_t>(o) * per_group + in.channel(unit) % per_group) * kernel_rows + k) *
                kernel_columns +
            l;
        add_product(trace, {consumer, u, met ? gradient_at(graph, tape, consumer, u) : 0.0,
                            static_cast<double>(weight.data()[w]), 0.0, w});
      }
    }
  }
}

void sent_by_max_pool(const Graph& graph, Tape& tape, int consumer, const Extent& in, std::ptrdiff_t unit,
                      Trace& trace) {
  const Layer& layer = layer_of(graph, consumer);
  const Extent out = extent_of(graph, tape, consumer);
  const int channel = in.channel(unit);
  for (int row = 0; row < out.rows; ++row) {
    for (int column = 0; column < out.columns; ++column) {
      const Window w = pool_window(layer, in, row, column);
      if (in.row(unit) < w.row0 || in.row(unit) >= w.row1 || in.column(unit) < w.column0 ||
          in.column(unit) >= w.column1)
        continue;
      const bool winner = greatest_of(graph, tape, layer.inputs[0], in, channel, w) == unit;
      const std::ptrdiff_t u = out.unit(channel, row, column);
      add_product(trace, {consumer, u, gradient_at(graph, tape, consumer, u), winner ? 1.0 : 0.0});
    }
  }
  shape_of(trace, TraceRule::maximum, 1, 1, static_cast<int>(trace.terms.size()));
}

void sent_by_linear(const Graph& graph, Tape& tape, int consumer, std::ptrdiff_t unit, Trace& trace) {
  const Layer& layer = layer_of(graph, consumer);
  const Tensor& weight = parameter(graph, layer, "weight");
  shape_of(trace, TraceRule::sum, 1, 1, static_cast<int>(weight.size(0)));
  trace.weights_of = consumer;
  for (std::ptrdiff_t o = 0; o < weight.size(0); ++o) {
    const std::ptrdiff_t w = o * weight.size(1) + unit;
    add_product(trace,
                {consumer, o, gradient_at(graph, tape, consumer, o), static_cast<double>(weight.data()[w]), 0.0, w});
  }
}

void sent_by_softmax(const Graph& graph, const Tape& tape, int consumer, std::ptrdiff_t unit, int target,
                     Trace& trace) {
  shape_of(trace, TraceRule::cross_entropy, 1, 1, 1);
  const double p = value_at(graph, tape, consumer, unit);
  const double wanted = unit == target ? 1.0 : 0.0;
  trace.terms.push_back({consumer, unit, p, wanted, p - wanted});
  trace.result = p - wanted;
}

void sent_by(const Graph& graph, Tape& tape, int consumer, int layer, std::ptrdiff_t unit, int target, Trace& trace) {
  const Layer& reads = layer_of(graph, consumer);
  switch (reads.kind) {
    case LayerKind::conv2d:
      return sent_by_conv2d(graph, tape, consumer, extent_of(graph, tape, layer), unit, trace);
    case LayerKind::max_pool2d:
      return sent_by_max_pool(graph, tape, consumer, extent_of(graph, tape, layer), unit, trace);
    case LayerKind::linear:
      return sent_by_linear(graph, tape, consumer, unit, trace);
    case LayerKind::softmax:
      return sent_by_softmax(graph, tape, consumer, unit, target, trace);
    case LayerKind::activation:
      shape_of(trace, TraceRule::function, 1, 1, 1);
      return add_product(
          trace, {consumer, unit, gradient_at(graph, tape, consumer, unit),
                  derivative(reads, value_at(graph, tape, layer, unit), value_at(graph, tape, consumer, unit))});
    case LayerKind::flatten: {
      for (int next = consumer + 1; next <= graph.output(); ++next) {
        if (layer_of(graph, next).inputs == std::vector<int>{consumer})
          return sent_by(graph, tape, next, consumer, unit, target, trace);
      }
      return;
    }
    default:
      return;
  }
}

// The cells of what `layer` reads that the cells `region` of its output depend on.
std::optional<Region> read_by(const Graph& graph, const Tape& tape, int layer, const Region& region) {
  const Layer& of = layer_of(graph, layer);
  const Extent in = extent_of(graph, tape, of.inputs[0]);
  const auto window = [&](int kernel_y, int kernel_x, const Pool2dParams& p) {
    Region read = region;
    read.row0 = std::max(0, region.row0 * p.stride_y - p.padding_y);
    read.row1 = std::min(in.rows, (region.row1 - 1) * p.stride_y - p.padding_y + kernel_y);
    read.column0 = std::max(0, region.column0 * p.stride_x - p.padding_x);
    read.column1 = std::min(in.columns, (region.column1 - 1) * p.stride_x - p.padding_x + kernel_x);
    return read;
  };
  const Pool2dParams p = pool2d_params(of);
  switch (of.kind) {
    case LayerKind::conv2d: {
      Region read = window((of.kernel_y - 1) * of.dilation + 1, (of.kernel_x - 1) * of.dilation + 1, p);
      const int outs = of.channels / of.groups;
      const int ins = in.channels / of.groups;
      read.channel0 = region.channel0 / outs * ins;
      read.channel1 = ((region.channel1 - 1) / outs + 1) * ins;
      return read;
    }
    case LayerKind::max_pool2d:
      return window(p.kernel_y, p.kernel_x, p);
    case LayerKind::activation:
      return region;
    case LayerKind::linear:
    case LayerKind::softmax:
    case LayerKind::flatten:
      return Region{0, in.channels, 0, in.rows, 0, in.columns};
    default:
      return std::nullopt;
  }
}

}  // namespace

Trace trace_forward(const Graph& graph, const Tape& tape, int layer, std::ptrdiff_t unit) {
  const Layer& of = layer_of(graph, layer);
  assert(unit >= 0 && unit < tape.value(graph.value_of(layer)).count() && "a unit lies in its layer's output");
  Trace trace;
  const auto read = [&] { return of.inputs[0]; };
  switch (of.kind) {
    case LayerKind::conv2d:
      trace_conv2d(graph, tape, layer, unit, trace);
      break;
    case LayerKind::linear:
      trace_linear(graph, tape, layer, unit, trace);
      break;
    case LayerKind::max_pool2d:
      trace_max_pool(graph, tape, layer, unit, trace);
      break;
    case LayerKind::softmax:
      trace_softmax(graph, tape, layer, unit, trace);
      break;
    case LayerKind::activation: {
      shape_of(trace, TraceRule::function, 1, 1, 1);
      const double x = value_at(graph, tape, read(), unit);
      trace.result = applied(of, x);
      trace.terms.push_back({read(), unit, x, derivative(of, x, trace.result), trace.result});
      break;
    }
    case LayerKind::flatten:
      shape_of(trace, TraceRule::copy, 1, 1, 1);
      add_product(trace, {read(), unit, value_at(graph, tape, read(), unit), 1.0});
      break;
    default:
      trace.result = value_at(graph, tape, layer, unit);
      break;
  }
  return trace;
}

Trace trace_backward(const Graph& graph, Tape& tape, int layer, std::ptrdiff_t unit, int target) {
  assert(layer_of(graph, graph.output()).kind == LayerKind::softmax && "the loss is that of a softmax");
  Trace trace;
  if (layer == graph.output()) {
    shape_of(trace, TraceRule::loss, 1, 1, 1);
    const double p = value_at(graph, tape, layer, unit);
    const double wanted = unit == target ? 1.0 : 0.0;
    trace.result = unit == target ? -1.0 / p : 0.0;
    trace.terms.push_back({layer, unit, p, wanted, trace.result});
    return trace;
  }
  int consumers = 0;
  for (int consumer = layer + 1; consumer <= graph.output(); ++consumer) {
    const auto& inputs = layer_of(graph, consumer).inputs;
    if (std::find(inputs.begin(), inputs.end(), layer) == inputs.end()) continue;
    sent_by(graph, tape, consumer, layer, unit, target, trace);
    ++consumers;
  }
  if (consumers > 1) shape_of(trace, TraceRule::sum, 1, 1, static_cast<int>(trace.terms.size()));
  return trace;
}

std::optional<Region> receptive_region(const Graph& graph, const Tape& tape, int layer, std::ptrdiff_t unit, int of) {
  const Extent own = extent_of(graph, tape, layer);
  const int channel = own.channel(unit);
  Region region{channel, channel + 1, own.row(unit), own.row(unit) + 1, own.column(unit), own.column(unit) + 1};
  while (layer > of) {
    const auto& inputs = layer_of(graph, layer).inputs;
    if (inputs.size() != 1) return std::nullopt;
    const std::optional<Region> read = read_by(graph, tape, layer, region);
    if (!read) return std::nullopt;
    region = *read;
    layer = inputs[0];
  }
  return layer == of ? std::optional(region) : std::nullopt;
}

int before_flatten(const Graph& graph, int layer) {
  while (layer_of(graph, layer).kind == LayerKind::flatten) layer = layer_of(graph, layer).inputs[0];
  return layer;
}

}  // namespace cvlab::nn
