#include "core/explain/chain.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cvlab::explain {

namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

// Calls visit(to, from, count): rows of `out` cells that kernel cell (k, l) brings together with rows of `in` cells.
template <class Visit>
void for_each_row(const Extent& out, const Extent& in, int padding, int k, int l, Visit&& visit) {
  const int first = std::max(0, padding - l);
  const int last = std::min(out.columns, in.columns + padding - l);
  for (int i = 0; i < out.rows && first < last; ++i) {
    const int row = i + k - padding;
    if (row < 0 || row >= in.rows) continue;
    visit(index(i * out.columns + first), index(row * in.columns + first + l - padding), index(last - first));
  }
}

// Calls visit(weight, out plane, in plane, row visitor's arguments …) for every weight of a convolution.
template <class Visit>
void for_each_weight(const Extent& out, const Extent& in, int kernel, int padding, Visit&& visit) {
  std::size_t w = 0;
  const std::size_t out_plane = index(out.rows * out.columns), in_plane = index(in.rows * in.columns);
  for (int o = 0; o < out.channels; ++o)
    for (int c = 0; c < in.channels; ++c)
      for (int k = 0; k < kernel; ++k)
        for (int l = 0; l < kernel; ++l, ++w)
          for_each_row(out, in, padding, k, l, [&](std::size_t to, std::size_t from, std::size_t count) {
            visit(w, index(o) * out_plane + to, index(c) * in_plane + from, count);
          });
}

}  // namespace

bool Chain::takes(const nn::Graph& trained) {
  const auto& layers = trained.layers();
  if (layers.empty() || layers[0].kind != nn::LayerKind::input || layers[0].shape.rank() != 3) return false;
  for (std::size_t i = 1; i < layers.size(); ++i) {
    const nn::Layer& layer = layers[i];
    if (layer.inputs.size() != 1 || layer.inputs[0] != static_cast<int>(i) - 1) return false;
    bool known = layer.kind == nn::LayerKind::flatten || layer.kind == nn::LayerKind::linear;
    if (layer.kind == nn::LayerKind::activation) known = layer.activation == Activation::relu;
    if (layer.kind == nn::LayerKind::max_pool2d) known = layer.padding == 0 && !layer.ceil_mode && layer.dilation == 1;
    if (layer.kind == nn::LayerKind::conv2d) known = layer.stride == 1 && layer.dilation == 1 && layer.groups == 1;
    if (!known || layer.kernel_y != layer.kernel_x) return false;
  }
  return true;
}

Chain::Chain(const nn::Graph& trained) {
  assert(takes(trained));
  const nn::Summary summary = trained.summarise().value();
  for (std::size_t i = 0; i < trained.layers().size(); ++i) {
    const nn::Layer& layer = trained.layers()[i];
    const Shape& shape = summary.layers[i].output;
    Step step;
    step.kind = layer.kind;
    step.extent.channels = static_cast<int>(shape[1]);
    if (shape.rank() == 4) {
      step.extent.rows = static_cast<int>(shape[2]);
      step.extent.columns = static_cast<int>(shape[3]);
    }
    step.kernel = layer.kernel_y;
    step.stride = layer.stride;
    step.padding = layer.padding;
    for (const Parameter& p : trained.parameters()) {
      if (p.name == layer.name + ".weight") step.weight.assign(p.value.data(), p.value.data() + p.value.count());
      if (p.name == layer.name + ".bias") step.bias.assign(p.value.data(), p.value.data() + p.value.count());
    }
    if (step.bias.empty()) step.bias.resize(index(step.extent.channels));
    step.values.resize(step.extent.count());
    step.gradient.resize(step.extent.count());
    layers_.push_back(std::move(step));
  }
}

void Chain::forward(std::span<const double> picture, int last) {
  assert(picture.size() == at(0).values.size() && last <= output());
  std::copy(picture.begin(), picture.end(), at(0).values.begin());
  for (int i = 1; i <= last; ++i) run(at(i), at(i - 1));
}

void Chain::run(Step& step, const Step& from) {
  std::vector<double>& y = step.values;
  const std::vector<double>& x = from.values;
  const Extent& out = step.extent;
  const Extent& in = from.extent;
  switch (step.kind) {
    case nn::LayerKind::conv2d: {
      const auto plane = static_cast<std::ptrdiff_t>(out.rows) * out.columns;
      for (int o = 0; o < out.channels; ++o) std::fill_n(y.begin() + o * plane, plane, step.bias[index(o)]);
      for_each_weight(out, in, step.kernel, step.padding,
                      [&](std::size_t w, std::size_t to, std::size_t source, std::size_t count) {
                        const double weight = step.weight[w];
                        for (std::size_t j = 0; j < count; ++j) y[to + j] += weight * x[source + j];
                      });
      break;
    }
    case nn::LayerKind::activation:
      for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::max(0.0, x[i]);
      break;
    case nn::LayerKind::max_pool2d: {
      step.winners.resize(y.size());
      std::size_t cell = 0;
      for (int c = 0; c < out.channels; ++c)
        for (int i = 0; i < out.rows; ++i)
          for (int j = 0; j < out.columns; ++j, ++cell) {
            int best = (c * in.rows + i * step.stride) * in.columns + j * step.stride;
            const int corner = best;
            for (int k = 0; k < step.kernel; ++k)
              for (int l = 0; l < step.kernel; ++l) {
                const int other = corner + k * in.columns + l;
                if (x[index(other)] > x[index(best)]) best = other;
              }
            step.winners[cell] = best;
            y[cell] = x[index(best)];
          }
      break;
    }
    case nn::LayerKind::linear:
      for (std::size_t o = 0; o < y.size(); ++o) {
        double sum = step.bias[o];
        const double* row = step.weight.data() + o * x.size();
        for (std::size_t i = 0; i < x.size(); ++i) sum += row[i] * x[i];
        y[o] = sum;
      }
      break;
    default:
      y = x;  // flatten
  }
}

void Chain::backward(int layer, std::span<const double> seed) {
  assert(seed.size() == at(layer).gradient.size());
  std::copy(seed.begin(), seed.end(), at(layer).gradient.begin());
  for (int i = layer; i > 0; --i) run_back(at(i), at(i - 1));
}

void Chain::run_back(const Step& step, Step& from) {
  const std::vector<double>& dy = step.gradient;
  std::vector<double>& dx = from.gradient;
  std::fill(dx.begin(), dx.end(), 0.0);
  switch (step.kind) {
    case nn::LayerKind::conv2d:
      for_each_weight(step.extent, from.extent, step.kernel, step.padding,
                      [&](std::size_t w, std::size_t to, std::size_t source, std::size_t count) {
                        const double weight = step.weight[w];
                        for (std::size_t j = 0; j < count; ++j) dx[source + j] += weight * dy[to + j];
                      });
      break;
    case nn::LayerKind::activation:
      for (std::size_t i = 0; i < dx.size(); ++i) dx[i] = from.values[i] > 0.0 ? dy[i] : 0.0;
      break;
    case nn::LayerKind::max_pool2d:
      for (std::size_t i = 0; i < dy.size(); ++i) dx[index(step.winners[i])] += dy[i];
      break;
    case nn::LayerKind::linear:
      for (std::size_t o = 0; o < dy.size(); ++o) {
        if (dy[o] == 0.0) continue;
        const double* row = step.weight.data() + o * dx.size();
        for (std::size_t i = 0; i < dx.size(); ++i) dx[i] += dy[o] * row[i];
      }
      break;
    default:
      dx = dy;  // flatten
  }
}

std::vector<double> probabilities(std::span<const double> logits) {
  const double most = *std::max_element(logits.begin(), logits.end());
  std::vector<double> p(logits.size());
  double sum = 0.0;
  for (std::size_t k = 0; k < p.size(); ++k) sum += p[k] = std::exp(logits[k] - most);
  for (double& share : p) share /= sum;
  return p;
}

}  // namespace cvlab::explain
