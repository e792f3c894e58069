#include "core/nn/dense_net.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace cvlab {

namespace {

constexpr double leak = 0.01;

bool is_rectifier(Activation kind) { return kind == Activation::relu || kind == Activation::leaky_relu; }

double activate(Activation kind, double z) {
  switch (kind) {
    case Activation::relu:
      return z > 0.0 ? z : 0.0;
    case Activation::leaky_relu:
      return z > 0.0 ? z : leak * z;
    case Activation::sigmoid:
      return portable_sigmoid(z);
    case Activation::tanh:
      return portable_tanh(z);
    default:
      return z;
  }
}

double slope(Activation kind, double a) {  // f'(z) from a = f(z)
  switch (kind) {
    case Activation::relu:
      return a > 0.0 ? 1.0 : 0.0;
    case Activation::leaky_relu:
      return a > 0.0 ? 1.0 : leak;
    case Activation::sigmoid:
      return a * (1.0 - a);
    case Activation::tanh:
      return 1.0 - a * a;
    default:
      return 1.0;
  }
}

// y += factor * x. Each number for itself: vector registers change nothing.
void add_scaled(int n, double factor, const double* x, double* y) {
  for (int i = 0; i < n; ++i) y[i] += factor * x[i];
}

// In four sums, always the same four: fast, and the same with and without vector registers.
double dot(int n, const double* x, const double* y) {
  double s[4] = {0.0, 0.0, 0.0, 0.0};
  int i = 0;
  for (; i + 4 <= n; i += 4) {
    for (int k = 0; k < 4; ++k) s[k] += x[i + k] * y[i + k];
  }
  for (; i < n; ++i) s[0] += x[i] * y[i];
  return (s[0] + s[1]) + (s[2] + s[3]);
}

}  // namespace

// x = k ln 2 + r, |r| <= ln 2 / 2; exp(r) by its series to the 13th power, which leaves 4e-18; then 2^k into the
// exponent. ln 2 in two parts, so that k times the first is exact. Source: W. Cody, W. Waite, Software Manual for the
// Elementary Functions, 1980, chapter 6.
double portable_exp(double x) {
  if (!(x >= -708.0)) return std::isnan(x) ? x : 0.0;
  if (x > 708.0) return std::numeric_limits<double>::infinity();
  constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
  constexpr double inverse_ln2 = 0x1.71547652b82fep0;
  const double k = std::floor(x * inverse_ln2 + 0.5);
  const double r = (x - k * ln2_high) - k * ln2_low;
  constexpr double inverse_factorial[] = {1.0 / 6227020800.0,
                                          1.0 / 479001600.0,
                                          1.0 / 39916800.0,
                                          1.0 / 3628800.0,
                                          1.0 / 362880.0,
                                          1.0 / 40320.0,
                                          1.0 / 5040.0,
                                          1.0 / 720.0,
                                          1.0 / 120.0,
                                          1.0 / 24.0,
                                          1.0 / 6.0,
                                          0.5,
                                          1.0,
                                          1.0};
  double sum = 0.0;
  for (const double c : inverse_factorial) sum = sum * r + c;
  const auto exponent = static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52U;
  return sum * std::bit_cast<double>(exponent);
}

double portable_tanh(double x) { return 1.0 - 2.0 / (portable_exp(2.0 * x) + 1.0); }

double portable_sigmoid(double x) { return 1.0 / (1.0 + portable_exp(-x)); }

DenseNet::DenseNet(std::vector<int> sizes, Activation hidden) : sizes_(std::move(sizes)), hidden_(hidden) {
  assert(sizes_.size() >= 2 && "a network has an input and an output");
  first_.push_back(0);
  std::size_t count = 0;
  for (std::size_t l = 1; l < sizes_.size(); ++l) {
    first_.push_back(count);
    count += static_cast<std::size_t>(sizes_[l]) * static_cast<std::size_t>(sizes_[l - 1] + 1);
  }
  parameters_.assign(count, 0.0);
  gradient_.assign(count, 0.0);
  values_.resize(sizes_.size());
  deltas_.resize(sizes_.size());
}

void DenseNet::zero_gradient() { std::fill(gradient_.begin(), gradient_.end(), 0.0); }

std::size_t DenseNet::weight(int layer, int out, int in) const {
  const int inputs = sizes_[static_cast<std::size_t>(layer - 1)];
  return first_[static_cast<std::size_t>(layer)] + static_cast<std::size_t>(out * inputs + in);
}

std::size_t DenseNet::bias(int layer, int out) const {
  const int inputs = sizes_[static_cast<std::size_t>(layer - 1)], outputs = sizes_[static_cast<std::size_t>(layer)];
  return first_[static_cast<std::size_t>(layer)] + static_cast<std::size_t>(outputs * inputs + out);
}

void DenseNet::initialise(Rng& rng) {
  for (int layer = 1; layer <= layers(); ++layer) {
    const int in = sizes_[static_cast<std::size_t>(layer - 1)], out = sizes_[static_cast<std::size_t>(layer)];
    const double bound = std::sqrt(6.0 / (is_rectifier(hidden_) ? in : in + out));
    for (int o = 0; o < out; ++o) {
      for (int i = 0; i < in; ++i) parameters_[weight(layer, o, i)] = rng.uniform(-bound, bound);
      parameters_[bias(layer, o)] = 0.0;
    }
  }
}

std::span<const double> DenseNet::activations(int layer) const { return values_[static_cast<std::size_t>(layer)]; }

std::span<const double> DenseNet::forward(std::span<const double> x, int count) {
  assert(x.size() == static_cast<std::size_t>(sizes_[0]) * static_cast<std::size_t>(count));
  count_ = count;
  const auto n = static_cast<std::size_t>(count);
  values_[0].assign(x.begin(), x.end());
  for (int layer = 1; layer <= layers(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    const int in = sizes_[l - 1], out = sizes_[l];
    std::vector<double>& a = values_[l];
    a.resize(static_cast<std::size_t>(out) * n);
    for (int o = 0; o < out; ++o) {
      double* const row = a.data() + static_cast<std::size_t>(o) * n;
      std::fill_n(row, n, parameters_[bias(layer, o)]);
      for (int i = 0; i < in; ++i)
        add_scaled(count, parameters_[weight(layer, o, i)], values_[l - 1].data() + static_cast<std::size_t>(i) * n,
                   row);
      if (layer == layers()) continue;
      for (std::size_t r = 0; r < n; ++r) row[r] = activate(hidden_, row[r]);
    }
  }
  return values_.back();
}

std::span<const double> DenseNet::backward(std::span<const double> dout, bool into_parameters) {
  const auto n = static_cast<std::size_t>(count_);
  assert(dout.size() == values_.back().size() && "the gradient of the last forward's result");
  deltas_.back().assign(dout.begin(), dout.end());
  for (int layer = layers(); layer >= 1; --layer) {
    const auto l = static_cast<std::size_t>(layer);
    const int in = sizes_[l - 1], out = sizes_[l];
    std::vector<double>& dz = deltas_[l];
    if (layer != layers()) {
      for (std::size_t k = 0; k < dz.size(); ++k) dz[k] *= slope(hidden_, values_[l][k]);
    }
    std::vector<double>& dx = deltas_[l - 1];
    dx.assign(static_cast<std::size_t>(in) * n, 0.0);
    for (int o = 0; o < out; ++o) {
      const double* const row = dz.data() + static_cast<std::size_t>(o) * n;
      for (int i = 0; i < in; ++i) {
        const std::size_t place = static_cast<std::size_t>(i) * n;
        add_scaled(count_, parameters_[weight(layer, o, i)], row, dx.data() + place);
        if (into_parameters) gradient_[weight(layer, o, i)] += dot(count_, row, values_[l - 1].data() + place);
      }
      if (!into_parameters) continue;
      double sum = 0.0;
      for (std::size_t r = 0; r < n; ++r) sum += row[r];
      gradient_[bias(layer, o)] += sum;
    }
  }
  return deltas_[0];
}

}  // namespace cvlab
