#include "core/train/norm_study.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/ops/activation.hpp"
#include "core/ops/batch_norm.hpp"
#include "core/ops/cross_entropy.hpp"
#include "core/ops/linear.hpp"
#include "core/rng.hpp"

namespace cvlab {

namespace {

constexpr int set_size = 256;
constexpr double noise = 0.1;
constexpr int recent = 8;  // mini-batches
constexpr std::size_t depth = 6;
constexpr std::ptrdiff_t width = 20;
constexpr double epsilon = 1e-5, momentum = 0.1;

using DoubleTensor = BasicTensor<double>;

std::vector<double> numbers(ConstView view) { return {view.data(), view.data() + view.count()}; }

DoubleTensor tensor_of(std::span<const double> values, const Shape& shape) {
  DoubleTensor tensor(shape);
  std::copy(values.begin(), values.end(), tensor.data());
  return tensor;
}

DoubleTensor points_of(const ToyData& data, std::span<const int> chosen) {
  DoubleTensor points(Shape{static_cast<std::ptrdiff_t>(chosen.size()), 2});
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const float* from = data.points.data() + std::ptrdiff_t{2} * chosen[i];
    std::copy_n(from, 2, points.data() + 2 * static_cast<std::ptrdiff_t>(i));
  }
  return points;
}

Tensor floats(const std::vector<double>& values) {
  Tensor tensor(Shape{static_cast<std::ptrdiff_t>(values.size())});
  std::transform(values.begin(), values.end(), tensor.data(), [](double v) { return static_cast<float>(v); });
  return tensor;
}

}  // namespace

NormedBatch norm_batch(std::span<const double> values, int examples, int features, const NormSettings& settings) {
  const auto count = static_cast<std::size_t>(examples) * static_cast<std::size_t>(features);
  assert(values.size() >= count && examples > 0 && features > 0);
  NormedBatch result;
  result.examples = examples;
  result.features = features;
  result.x.assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
  const Shape shape{examples, features}, channels{features};
  const DoubleTensor x = tensor_of(result.x, shape);
  DoubleTensor mean(channels), variance(channels);
  batch_norm_statistics_ref<double>(x.view(), mean.view(), variance.view());
  result.mean.assign(mean.data(), mean.data() + features);
  result.variance.assign(variance.data(), variance.data() + features);

  BatchNormStatistics running{Tensor(channels, 0.0f), Tensor(channels, 1.0f)};
  const Tensor batch_mean = floats(result.mean), batch_variance = floats(result.variance);
  for (int i = 0; i < settings.updates; ++i) {
    batch_norm_update(running, batch_mean.view(), batch_variance.view(), examples,
                      static_cast<float>(settings.momentum));
  }
  result.running_mean = numbers(running.mean.view());
  result.running_variance = numbers(running.variance.view());
  result.used_mean = settings.evaluate ? result.running_mean : result.mean;
  result.used_variance = settings.evaluate ? result.running_variance : result.variance;

  const DoubleTensor used_mean = tensor_of(result.used_mean, channels);
  const DoubleTensor used_variance = tensor_of(result.used_variance, channels);
  DoubleTensor y(shape);
  const auto forward = [&](double scale, double shift) {
    const DoubleTensor gamma(channels, scale), beta(channels, shift);
    batch_norm_forward_ref<double>(x.view(), gamma.view(), beta.view(), used_mean.view(), used_variance.view(),
                                   settings.epsilon, y.view());
    return std::vector<double>(y.data(), y.data() + y.count());
  };
  result.normalised = forward(1.0, 0.0);
  result.y = forward(settings.gamma, settings.beta);
  return result;
}

NormRun::NormRun(const NormRunParams& params, const ToyData& train, const ToyData& test)
    : params_(params), train_(&train), test_(&test), order_(train.labels.size()) {
  Rng rng(params.seed, 1);
  for (std::size_t l = 0; l <= depth; ++l) {
    const std::ptrdiff_t in = l == 0 ? 2 : width, out = l == depth ? 2 : width;
    const bool he = l < depth;
    const double deviation = std::sqrt(2.0 / static_cast<double>(he ? in : in + out));
    Layer layer;
    layer.weight = Values(Shape{out, in});
    for (std::ptrdiff_t i = 0; i < layer.weight.count(); ++i) layer.weight.data()[i] = rng.normal(0.0, deviation);
    if (params.norm && l < depth) {
      layer.gamma = layer.running_variance = Values(Shape{out}, 1.0);
      layer.beta = layer.running_mean = Values(Shape{out});
    } else {
      layer.bias = Values(Shape{out});
    }
    layers_.push_back(std::move(layer));
  }
}

NormRun::Values NormRun::forward(const Values& points, Statistics statistics, std::vector<Pass>& passes) const {
  passes.resize(depth);
  const Values* x = &points;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    const Shape shape{points.size(0), layer.weight.size(0)};
    Values z(shape);
    linear_forward_ref<double>(x->view(), layer.weight.view(), layer.bias.view(), z.view());
    if (l == depth) return z;
    Pass& pass = passes[l];
    pass.z = std::move(z);
    const Values* bent = &pass.z;
    if (params_.norm) {
      pass.mean = layer.running_mean;
      pass.variance = layer.running_variance;
      if (statistics == Statistics::batch)
        batch_norm_statistics_ref<double>(pass.z.view(), pass.mean.view(), pass.variance.view());
      pass.normed.resize(shape);
      batch_norm_forward_ref<double>(pass.z.view(), layer.gamma.view(), layer.beta.view(), pass.mean.view(),
                                     pass.variance.view(), epsilon, pass.normed.view());
      bent = &pass.normed;
    }
    pass.out.resize(shape);
    activation_forward_ref<double>(Activation::relu, 0.0, bent->view(), pass.out.view());
    x = &pass.out;
  }
  return {};
}

// Each layer's parameters move as soon as their gradient is known and the layer below has got its own.
void NormRun::backward(const Values& points, const std::vector<Pass>& passes, Values gradient) {
  const auto descend = [&](Values& value, const Values& slope) {
    for (std::ptrdiff_t i = 0; i < value.count(); ++i) value.data()[i] -= params_.rate * slope.data()[i];
  };
  for (std::size_t l = layers_.size(); l-- > 0;) {
    Layer& layer = layers_[l];
    if (l < depth) {
      const Pass& pass = passes[l];
      const Values& bent = params_.norm ? pass.normed : pass.z;
      Values through(bent.shape());
      activation_backward_ref<double>(Activation::relu, 0.0, bent.view(), pass.out.view(),
                                      std::as_const(gradient).view(), through.view());
      gradient = std::move(through);
      if (params_.norm) {
        Values dz(pass.z.shape()), dgamma(layer.gamma.shape()), dbeta(layer.beta.shape());
        batch_norm_backward_ref<double>(pass.z.view(), std::as_const(layer.gamma).view(), pass.mean.view(),
                                        pass.variance.view(), epsilon, true, std::as_const(gradient).view(), dz.view(),
                                        dgamma.view(), dbeta.view());
        descend(layer.gamma, dgamma);
        descend(layer.beta, dbeta);
        gradient = std::move(dz);
      }
    }
    const Values& x = l == 0 ? points : passes[l - 1].out;
    Values dx(x.shape()), dweight(layer.weight.shape()), dbias(layer.bias.shape());
    linear_backward_ref<double>(x.view(), std::as_const(layer.weight).view(), std::as_const(gradient).view(), dx.view(),
                                dweight.view(), layer.bias.empty() ? BasicView<double>() : dbias.view());
    descend(layer.weight, dweight);
    if (!layer.bias.empty()) descend(layer.bias, dbias);
    gradient = std::move(dx);
  }
}

// As batch_norm_update() has it.
void NormRun::move_statistics(const std::vector<Pass>& passes) {
  const double count = params_.batch;
  const double unbiased = params_.batch > 1 ? count / (count - 1.0) : 1.0;
  for (std::size_t l = 0; l < depth && params_.norm; ++l) {
    for (std::ptrdiff_t c = 0; c < width; ++c) {
      double& mean = layers_[l].running_mean.data()[c];
      double& variance = layers_[l].running_variance.data()[c];
      mean += momentum * (passes[l].mean.data()[c] - mean);
      variance += momentum * (unbiased * passes[l].variance.data()[c] - variance);
    }
  }
}

void NormRun::next_batch() {
  const int per_epoch = static_cast<int>(order_.size()) / params_.batch;
  const int place = steps() % per_epoch;
  if (place == 0) {
    std::iota(order_.begin(), order_.end(), 0);
    Rng rng(params_.seed, 100 + static_cast<std::uint64_t>(steps() / per_epoch));
    rng.shuffle(std::span<int>(order_));
  }
  const std::span<const int> chosen = std::span(order_).subspan(static_cast<std::size_t>(place * params_.batch),
                                                                static_cast<std::size_t>(params_.batch));
  points_ = points_of(*train_, chosen);
  labels_.clear();
  for (const int i : chosen) labels_.push_back(train_->labels[static_cast<std::size_t>(i)]);
}

bool NormRun::step() {
  if (!finite_) return false;
  next_batch();
  std::vector<Pass> passes;
  const Values logits = forward(points_, Statistics::batch, passes);
  Values probabilities(logits.shape()), gradient(logits.shape());
  const double loss = cross_entropy_forward_ref<double>(logits.view(), labels_, {}, 0.0, probabilities.view());
  finite_ = std::isfinite(loss);
  if (!finite_) return false;
  cross_entropy_backward_ref<double>(std::as_const(probabilities).view(), labels_, {}, 0.0, 1.0, gradient.view());
  losses_.push_back(loss);
  move_statistics(passes);
  backward(points_, passes, std::move(gradient));
  return true;
}

double NormRun::recent_loss() const {
  if (!finite_) return std::numeric_limits<double>::infinity();
  if (losses_.empty()) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t count = std::min<std::size_t>(recent, losses_.size());
  return std::accumulate(losses_.end() - static_cast<std::ptrdiff_t>(count), losses_.end(), 0.0) /
         static_cast<double>(count);
}

NormRun::Test NormRun::test(bool batch_statistics) const {
  const int count = static_cast<int>(test_->labels.size());
  const int size = batch_statistics ? params_.batch : count;
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  Test result;
  std::vector<Pass> passes;
  for (int first = 0; first + size <= count; first += size) {
    const auto from = static_cast<std::size_t>(first), some = static_cast<std::size_t>(size);
    const Values points = points_of(*test_, std::span<const int>(all).subspan(from, some));
    const std::span<const int> labels = std::span<const int>(test_->labels).subspan(from, some);
    const Values logits = forward(points, batch_statistics ? Statistics::batch : Statistics::running, passes);
    Values probabilities(logits.shape());
    result.loss += size * cross_entropy_forward_ref<double>(logits.view(), labels, {}, 0.0, probabilities.view());
    for (int n = 0; n < size; ++n) {
      const int answer = logits(n, 1) > logits(n, 0) ? 1 : 0;
      result.accuracy += answer == labels[static_cast<std::size_t>(n)] ? 1.0 : 0.0;
    }
  }
  result.loss /= count;
  result.accuracy /= count;
  return result;
}

NormRace::NormRace(int batch, std::uint64_t seed)
    : train_(std::make_unique<ToyData>(make_toy(ToyKind::moons, set_size, noise, seed))),
      test_(std::make_unique<ToyData>(make_toy(ToyKind::moons, set_size, noise, seed + 1000))) {
  for (const double rate : race_rates) {
    for (const bool norm : {false, true}) runs_.emplace_back(NormRunParams{norm, rate, batch, seed}, *train_, *test_);
  }
}

bool NormRace::step(int steps) {
  for (std::size_t tried = 0; tried < runs_.size(); ++tried) {
    NormRun& run = runs_[next_];
    next_ = (next_ + 1) % runs_.size();
    if (run.finite() && run.steps() < steps) {
      run.step();
      return true;
    }
  }
  return false;
}

double NormRace::greatest_rate(bool norm, double loss) const {
  double greatest = 0.0;
  for (std::size_t i = 0; i < race_rates.size(); ++i) {
    const NormRun& one = run(i, norm);
    if (one.steps() > 0 && one.recent_loss() < loss) greatest = race_rates[i];
  }
  return greatest;
}

}  // namespace cvlab
