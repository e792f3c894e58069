#include "core/train/deep_study.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/autodiff/functions.hpp"
#include "core/nn/initialise.hpp"

namespace cvlab {

namespace {

constexpr int keep_every = 20;  // steps
constexpr double sure = 0.6;    // probability of the truth

float deviation(FirstWeights weights, const nn::Fan& fan) {
  const auto in = static_cast<double>(fan.in);
  const auto out = static_cast<double>(fan.out);
  switch (weights) {
    case FirstWeights::zero:
      return 0.0f;
    case FirstWeights::small:
      return 0.01f;
    case FirstWeights::large:
      return 1.0f;
    case FirstWeights::xavier:
      return static_cast<float>(std::sqrt(2.0 / (in + out)));
    case FirstWeights::he:
      return static_cast<float>(std::sqrt(2.0 / in));
  }
  return 0.0f;
}

std::span<const float> span_of(ConstView view) { return {view.data(), static_cast<std::size_t>(view.count())}; }

}  // namespace

DeepStudy::DeepStudy(const DeepParams& params, ToyData data) : params_(params), data_(std::move(data)), graph_("deep") {
  build();
  initialise();
  measure();
  keep();
}

void DeepStudy::build() {
  int from = graph_.add({.kind = nn::LayerKind::input, .name = "points", .shape = {data_.points.size(1)}});
  for (int l = 1; l <= params_.depth; ++l) {
    const std::string number = std::to_string(l);
    int x = graph_.add({.kind = nn::LayerKind::linear,
                        .name = "layer" + number,
                        .inputs = {from},
                        .channels = params_.width,
                        .bias = !params_.batch_norm});
    if (params_.batch_norm) x = graph_.add({.kind = nn::LayerKind::batch_norm, .name = "norm" + number, .inputs = {x}});
    before_.push_back(x);
    x = graph_.add(
        {.kind = nn::LayerKind::activation, .name = "f" + number, .inputs = {x}, .activation = params_.activation});
    bent_.push_back(x);
    if (params_.skip && l > 1)
      x = graph_.add({.kind = nn::LayerKind::add, .name = "add" + number, .inputs = {x, from}});
    outputs_.push_back(x);
    from = x;
  }
  graph_.add({.kind = nn::LayerKind::linear, .name = "head", .inputs = {from}, .channels = data_.classes});
}

void DeepStudy::initialise() {
  [[maybe_unused]] const Result<void> made = graph_.make_parameters();
  assert(made && "layers of one width fit");
  Rng rng(params_.seed, 1);
  for (Parameter& p : graph_.parameters()) {
    if (p.value.shape().rank() < 2) continue;  // biases 0, gamma 1, beta 0
    const bool head = p.name == "head.weight";
    const FirstWeights weights = head && params_.weights != FirstWeights::zero ? FirstWeights::xavier : params_.weights;
    nn::initialise_normal(p.value.view(), rng, 0.0f, deviation(weights, nn::fan_of(p.value.shape())));
  }
}

void DeepStudy::measure() {
  pass_forward();
  pass_back();
  read();
  part_ = Part::forward;
}

void DeepStudy::pass_forward() {
  zero_gradients(graph_.parameters());
  tape_.rewind();
  Rng unused(0);
  logits_ = graph_.forward(tape_, tape_.input(data_.points.view()), true, unused, true);
  loss_node_ = cross_entropy(tape_, logits_, data_.labels);
}

void DeepStudy::pass_back() { tape_.backward(loss_node_); }

// Off the tape, where both passes have left their numbers.
void DeepStudy::read() {
  loss_ = static_cast<double>(tape_.value(loss_node_).data()[0]);
  const ConstView scores = tape_.value(logits_);
  int right = 0;
  for (std::ptrdiff_t n = 0; n < scores.size(0); ++n) {
    const float* row = scores.data() + n * scores.size(1);
    const float truth = row[data_.labels[static_cast<std::size_t>(n)]];
    double sum = 0.0;
    for (std::ptrdiff_t c = 0; c < scores.size(1); ++c) sum += std::exp(static_cast<double>(row[c] - truth));
    right += 1.0 / sum > sure ? 1 : 0;
  }
  accuracy_ = static_cast<double>(right) / static_cast<double>(scores.size(0));

  layers_.clear();
  bad_forward_ = bad_backward_ = -1;
  for (std::size_t l = 0; l < outputs_.size(); ++l) {
    layers_.push_back(statistics(l));
    if (bad_forward_ < 0 && layers_.back().activation.not_finite > 0) bad_forward_ = static_cast<int>(l);
    const bool bad = layers_.back().gradient.not_finite > 0 || layers_.back().weight_gradient.not_finite > 0;
    if (bad) bad_backward_ = static_cast<int>(l);  // the last one is the first on the way back
  }
  if (!std::isfinite(loss_) && bad_forward_ < 0) bad_forward_ = params_.depth;
  losses_.resize(static_cast<std::size_t>(steps_));
  losses_.push_back(loss_);
}

LayerStatistics DeepStudy::statistics(std::size_t l) {
  LayerStatistics s;
  s.activation = moments_of(activations(static_cast<int>(l)));
  s.gradient = moments_of(gradients(static_cast<int>(l)));
  const Parameter* weight = graph_.find("layer" + std::to_string(l + 1) + ".weight");
  s.weight_gradient = moments_of(span_of(weight->gradient.view()));

  const ConstView z = tape_.value(graph_.value_of(before_[l]));
  const ConstView y = tape_.value(graph_.value_of(bent_[l]));
  if (ones_.shape() != z.shape()) ones_ = Tensor(z.shape(), 1.0f);
  slope_.resize(z.shape());
  activation_backward(params_.activation, default_alpha(params_.activation), z, y, ones_.view(), slope_.view(), false);
  for (std::ptrdiff_t unit = 0; unit < z.size(1); ++unit) {
    bool dead = true;
    for (std::ptrdiff_t n = 0; n < z.size(0) && dead; ++n) dead = slope_(n, unit) == 0.0f;
    s.dead += dead ? 1 : 0;
  }
  return s;
}

std::span<const float> DeepStudy::activations(int layer) const {
  return span_of(tape_.value(graph_.value_of(outputs_[static_cast<std::size_t>(layer)])));
}

std::span<const float> DeepStudy::gradients(int layer) {
  return span_of(tape_.gradient(graph_.value_of(outputs_[static_cast<std::size_t>(layer)])));
}

int DeepStudy::dead() const {
  int sum = 0;
  for (const LayerStatistics& layer : layers_) sum += layer.dead;
  return sum;
}

void DeepStudy::descend() {
  for (Parameter& p : graph_.parameters()) {
    for (std::ptrdiff_t i = 0; i < p.value.count(); ++i) p.value.data()[i] -= params_.rate * p.gradient.data()[i];
  }
}

bool DeepStudy::step() {
  if (!finite()) return false;
  while (!part()) {
  }
  return true;
}

bool DeepStudy::part() {
  assert(finite() && "there is no step from numbers that are none");
  switch (part_) {
    case Part::forward:
      descend();
      pass_forward();
      part_ = Part::back;
      return false;
    case Part::back:
      pass_back();
      part_ = Part::reading;
      return false;
    case Part::reading:
      break;
  }
  ++steps_;
  read();
  if (steps_ % keep_every == 0 && kept_.back().step < steps_) keep();
  part_ = Part::forward;
  return true;
}

void DeepStudy::keep() {
  Kept state{steps_, {}};
  for (const Parameter& p : graph_.parameters()) state.values.push_back(p.value);
  kept_.push_back(std::move(state));
}

void DeepStudy::rewind(int step) {
  if (step >= steps_) return;  // a step under way goes on
  const auto later = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& k) { return k.step > step; });
  const Kept& state = *(later - 1);
  const auto parameters = graph_.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].value = state.values[i];
  steps_ = state.step;
  measure();
}

}  // namespace cvlab
