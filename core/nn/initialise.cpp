#include "core/nn/initialise.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace cvlab::nn {

namespace {

float xavier_deviation(const Shape& weight) {
  const Fan fan = fan_of(weight);
  return std::sqrt(2.0f / static_cast<float>(fan.in + fan.out));
}

float he_deviation(const Shape& weight, float slope) {
  return std::sqrt(2.0f / ((1.0f + slope * slope) * static_cast<float>(fan_of(weight).in)));
}

void uniform_of_deviation(View weight, Rng& rng, float deviation) {
  const float bound = std::sqrt(3.0f) * deviation;
  initialise_uniform(weight, rng, -bound, bound);
}

bool keeps_sign(LayerKind kind) {  // layers through which a ReLU is still the next thing to come
  return kind == LayerKind::batch_norm || kind == LayerKind::layer_norm || kind == LayerKind::add ||
         kind == LayerKind::max_pool2d || kind == LayerKind::avg_pool2d || kind == LayerKind::dropout ||
         kind == LayerKind::concat || kind == LayerKind::reshape || kind == LayerKind::flatten;
}

bool relu_kind(Activation kind) {
  return kind == Activation::relu || kind == Activation::leaky_relu || kind == Activation::elu ||
         kind == Activation::gelu || kind == Activation::silu;
}

// The activation that a layer's output goes into first, if it is of the ReLU kind; nullptr else.
const Layer* next_relu(const std::vector<Layer>& layers, int from) {
  for (std::size_t i = static_cast<std::size_t>(from) + 1; i < layers.size(); ++i) {
    const Layer& layer = layers[i];
    if (std::find(layer.inputs.begin(), layer.inputs.end(), from) == layer.inputs.end()) continue;
    if (layer.kind == LayerKind::activation && relu_kind(layer.activation)) return &layer;
    if (!keeps_sign(layer.kind)) continue;
    if (const Layer* found = next_relu(layers, static_cast<int>(i))) return found;
  }
  return nullptr;
}

}  // namespace

Fan fan_of(const Shape& weight) {
  assert(weight.rank() >= 2 && "fans are those of a matrix or a kernel");
  const std::ptrdiff_t rest = weight.count() / (weight[0] * weight[1]);
  return {weight[1] * rest, weight[0] * rest};
}

void initialise_constant(View weight, float value) { std::fill_n(weight.data(), weight.count(), value); }

void initialise_normal(View weight, Rng& rng, float mean, float deviation) {
  for (std::ptrdiff_t i = 0; i < weight.count(); ++i)
    weight.data()[i] = static_cast<float>(rng.normal(static_cast<double>(mean), static_cast<double>(deviation)));
}

void initialise_uniform(View weight, Rng& rng, float low, float high) {
  for (std::ptrdiff_t i = 0; i < weight.count(); ++i)
    weight.data()[i] = static_cast<float>(rng.uniform(static_cast<double>(low), static_cast<double>(high)));
}

void initialise_xavier_uniform(View weight, Rng& rng) {
  uniform_of_deviation(weight, rng, xavier_deviation(weight.shape()));
}
void initialise_xavier_normal(View weight, Rng& rng) {
  initialise_normal(weight, rng, 0.0f, xavier_deviation(weight.shape()));
}
void initialise_he_uniform(View weight, Rng& rng, float slope) {
  uniform_of_deviation(weight, rng, he_deviation(weight.shape(), slope));
}
void initialise_he_normal(View weight, Rng& rng, float slope) {
  initialise_normal(weight, rng, 0.0f, he_deviation(weight.shape(), slope));
}

void initialise_orthogonal(View weight, Rng& rng, float gain) {
  const Fan fan = fan_of(weight.shape());
  const Eigen::Index rows = weight.size(0), columns = fan.in;
  const Eigen::Index tall = std::max(rows, columns), flat = std::min(rows, columns);
  Eigen::MatrixXd a(tall, flat);
  for (Eigen::Index i = 0; i < a.size(); ++i) a.data()[i] = rng.normal();
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(a);
  Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(tall, flat);
  for (Eigen::Index j = 0; j < flat; ++j)
    if (qr.matrixQR()(j, j) < 0.0) q.col(j) = -q.col(j);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < columns; ++j)
      weight.data()[i * columns + j] = gain * static_cast<float>(rows >= columns ? q(i, j) : q(j, i));
}

Result<void> Graph::initialise(Rng& rng) {
  if (Result<void> made = make_parameters(); !made) return made;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    if (first_parameter_[i] < 0 || !layer.shares.empty()) continue;
    const View weight = parameters_[static_cast<std::size_t>(first_parameter_[i])].value.view();
    if (layer.kind == LayerKind::constant) {
      initialise_normal(weight, rng, 0.0f, 0.02f);  // as vision transformers do
    } else if (weight.shape().rank() >= 2) {
      const Layer* relu = next_relu(layers_, static_cast<int>(i));
      const bool leaky = relu && relu->activation == Activation::leaky_relu;
      const float slope = !leaky ? 0.0f : relu->alpha > 0.0f ? relu->alpha : default_alpha(Activation::leaky_relu);
      relu ? initialise_he_normal(weight, rng, slope) : initialise_xavier_uniform(weight, rng);
    }
  }
  return {};
}

}  // namespace cvlab::nn
