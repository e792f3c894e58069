#include "core/train/loss_slice.hpp"

#include <cassert>
#include <cmath>
#include <utility>

#include "core/data/toy.hpp"
#include "core/train/descent.hpp"

namespace cvlab {

namespace {

constexpr int count = 16;
// Written down, so that anybody can compute the same losses.
constexpr double line_noise[count] = {0.3, -0.2, 0.4, -0.5, 0.1, 0.5,  -0.3, -0.1,
                                      0.2, -0.4, 0.5, -0.2, 0.1, -0.3, 0.4,  -0.1};
constexpr double curve_targets[count] = {-1.6, -1.2, -1.5, -1.1, -1.4, -0.9, -0.9, -0.1,
                                         0.4,  0.4,  1.1,  0.9,  1.5,  1.1,  1.6,  1.3};

LossSlice line_slice() {
  LossSlice::Data data;
  for (int i = 0; i < count; ++i) {
    data.inputs.push_back(0.2 * i);
    data.targets.push_back(0.5 + 0.8 * (0.2 * i) + line_noise[i]);
  }
  return {DenseNet({1, 1}), std::move(data), {1.0, 0.0}, {0.0, 1.0}};
}

LossSlice two_layer_slice() {
  LossSlice::Data data;
  for (int i = 0; i < count; ++i) {
    data.inputs.push_back(0.2 * i - 1.5);
    data.targets.push_back(curve_targets[i]);
  }
  return {DenseNet({1, 1, 1}), std::move(data), {1.0, 0.0, 0.0, 0.0}, {0.0, 0.0, 1.0, 0.0}};
}

// A minimum of a 2-6-1 network: 300 steps of Adam with all examples, from the seed's weights.
std::vector<double> trained(const LossSlice::Data& data, std::uint64_t seed) {
  DenseNet net({2, 6, 1});
  Rng rng(seed);
  net.initialise(rng);
  Descent adam;
  adam.params.learning_rate = 0.05f;
  std::vector<double> slope(data.targets.size());
  for (int step = 0; step < 300; ++step) {
    const auto z = net.forward(data.inputs, count);
    for (std::size_t i = 0; i < slope.size(); ++i) slope[i] = (portable_sigmoid(z[i]) - data.targets[i]) / count;
    net.zero_gradient();
    net.backward(slope);
    for (std::size_t i = 0; i < net.parameters().size(); ++i) net.gradient()[i] += data.decay * net.parameters()[i];
    adam.step(net.parameters(), net.gradient());
  }
  return net.parameters();
}

LossSlice network_slice() {
  const ToyData moons = make_toy(ToyKind::moons, count, 0.15, 5);
  LossSlice::Data data;
  data.classify = true;
  data.decay = 0.01;
  for (int axis = 0; axis < 2; ++axis) {
    for (int i = 0; i < count; ++i) data.inputs.push_back(static_cast<double>(moons.points(i, axis)));
  }
  for (const int label : moons.labels) data.targets.push_back(label);
  const std::vector<double> a = trained(data, 3), b = trained(data, 4);
  DenseNet net({2, 6, 1});
  std::vector<double> first(a.size()), second(a.size());
  double length = 0.0, along = 0.0;
  Rng rng(7);
  for (std::size_t i = 0; i < a.size(); ++i) {
    net.parameters()[i] = 0.5 * (a[i] + b[i]);
    first[i] = 0.5 * (b[i] - a[i]);
    second[i] = rng.uniform(-1.0, 1.0);
    length += first[i] * first[i];
    along += first[i] * second[i];
  }
  double across = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    second[i] -= along / length * first[i];
    across += second[i] * second[i];
  }
  for (double& s : second) s *= std::sqrt(length / across);
  return {std::move(net), std::move(data), std::move(first), std::move(second)};
}

}  // namespace

const char* name(SliceKind kind) {
  switch (kind) {
    case SliceKind::line:
      return "line";
    case SliceKind::two_layers:
      return "two-layers";
    case SliceKind::network:
      return "network";
  }
  return "";
}

LossSlice make_slice(SliceKind kind) {
  switch (kind) {
    case SliceKind::two_layers:
      return two_layer_slice();
    case SliceKind::network:
      return network_slice();
    case SliceKind::line:
      break;
  }
  return line_slice();
}

LossSlice::LossSlice(DenseNet net, Data data, std::vector<double> first, std::vector<double> second)
    : net_(std::move(net)),
      data_(std::move(data)),
      origin_(net_.parameters()),
      first_(std::move(first)),
      second_(std::move(second)) {
  assert(first_.size() == origin_.size() && second_.size() == origin_.size());
  assert(net_.sizes().back() == 1 && "one output");
}

void LossSlice::place(double u, double v) {
  for (std::size_t i = 0; i < origin_.size(); ++i) net_.parameters()[i] = origin_[i] + u * first_[i] + v * second_[i];
}

// The loss; the derivative of the mean over the examples by each output goes into slope_.
double LossSlice::loss_and_slope(std::span<const double> output, std::span<const double> targets) {
  const auto n = static_cast<double>(targets.size());
  slope_.resize(targets.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const double z = output[i], t = targets[i];
    if (data_.classify) {
      sum += std::fmax(z, 0.0) - z * t + std::log1p(portable_exp(-std::fabs(z)));
      slope_[i] = (portable_sigmoid(z) - t) / n;
    } else {
      sum += (z - t) * (z - t);
      slope_[i] = 2.0 * (z - t) / n;
    }
  }
  double squares = 0.0;
  for (const double w : net_.parameters()) squares += w * w;
  return sum / n + 0.5 * data_.decay * squares;
}

LossSlice::Value LossSlice::value_of(std::span<const double> x, std::span<const double> targets) {
  Value value;
  value.loss = loss_and_slope(net_.forward(x, static_cast<int>(targets.size())), targets);
  net_.zero_gradient();
  net_.backward(slope_);
  for (std::size_t i = 0; i < origin_.size(); ++i) {
    const double g = net_.gradient()[i] + data_.decay * net_.parameters()[i];
    value.du += first_[i] * g;
    value.dv += second_[i] * g;
  }
  return value;
}

LossSlice::Value LossSlice::at(double u, double v) {
  place(u, v);
  return value_of(data_.inputs, data_.targets);
}

LossSlice::Value LossSlice::at(double u, double v, std::span<const int> examples) {
  place(u, v);
  x_.clear();
  targets_.clear();
  const auto n = data_.targets.size();
  for (int axis = 0; axis < net_.sizes().front(); ++axis) {
    for (const int i : examples)
      x_.push_back(data_.inputs[static_cast<std::size_t>(axis) * n + static_cast<std::size_t>(i)]);
  }
  for (const int i : examples) targets_.push_back(data_.targets[static_cast<std::size_t>(i)]);
  return value_of(x_, targets_);
}

std::vector<LossSlice::Value> LossSlice::each(double u, double v) {
  std::vector<Value> values;
  values.reserve(data_.targets.size());
  for (int i = 0; i < examples(); ++i) values.push_back(at(u, v, std::span<const int>(&i, 1)));
  return values;
}

double LossSlice::predict(double u, double v, std::span<const double> x) {
  place(u, v);
  const double z = net_.forward(x, 1)[0];
  return data_.classify ? portable_sigmoid(z) : z;
}

std::array<double, 2> LossSlice::curvature(double u, double v) {
  constexpr double h = 1e-4;
  const Value east = at(u + h, v), west = at(u - h, v), north = at(u, v + h), south = at(u, v - h);
  const double uu = (east.du - west.du) / (2.0 * h), vv = (north.dv - south.dv) / (2.0 * h);
  const double uv = (east.dv - west.dv + north.du - south.du) / (4.0 * h);
  const double middle = 0.5 * (uu + vv), radius = std::sqrt(0.25 * (uu - vv) * (uu - vv) + uv * uv);
  return {middle - radius, middle + radius};
}

Tensor LossSlice::grid(double u0, double u1, double v0, double v1, int rows, int columns) {
  Tensor values(Shape{rows, columns});
  for (int row = 0; row < rows; ++row) {
    const double v = v0 + (v1 - v0) * row / (rows - 1);
    for (int column = 0; column < columns; ++column) {
      place(u0 + (u1 - u0) * column / (columns - 1), v);
      values(row, column) = static_cast<float>(loss_and_slope(net_.forward(data_.inputs, examples()), data_.targets));
    }
  }
  return values;
}

}  // namespace cvlab
