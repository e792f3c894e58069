#include "core/train/point_classifier.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace cvlab {

namespace {

std::vector<int> sizes_of(const ClassifierSettings& settings, int dimensions, int classes) {
  std::vector<int> sizes = {dimensions};
  sizes.insert(sizes.end(), settings.hidden.begin(), settings.hidden.end());
  sizes.push_back(classes);
  return sizes;
}

// (C, n) logits to probabilities, where they lie.
void softmax_columns(std::vector<double>& values, std::size_t n) {
  const std::size_t classes = values.size() / std::max<std::size_t>(1, n);
  for (std::size_t i = 0; i < n; ++i) {
    double highest = values[i], sum = 0.0;
    for (std::size_t c = 1; c < classes; ++c) highest = std::max(highest, values[c * n + i]);
    for (std::size_t c = 0; c < classes; ++c) sum += values[c * n + i] = portable_exp(values[c * n + i] - highest);
    for (std::size_t c = 0; c < classes; ++c) values[c * n + i] /= sum;
  }
}

}  // namespace

PointClassifier::PointClassifier(std::shared_ptr<const LabelledPoints> data, const ClassifierSettings& settings)
    : data_(std::move(data)),
      settings_(settings),
      net_(sizes_of(settings, data_->dimensions, data_->classes), settings.activation) {
  Rng rng(settings.seed);
  net_.initialise(rng);
  std::fill(net_.parameters().begin() + static_cast<std::ptrdiff_t>(net_.weight(net_.layers(), 0, 0)),
            net_.parameters().end(), 0.0);
  descent_.params.kind = settings.optimizer;
  descent_.params.learning_rate = static_cast<float>(settings.rate);
}

std::vector<double> PointClassifier::probabilities(std::span<const double> points) {
  const std::size_t n = points.size() / static_cast<std::size_t>(data_->dimensions);
  const auto out = net_.forward(points, static_cast<int>(n));
  std::vector<double> values(out.begin(), out.end());
  softmax_columns(values, n);
  return values;
}

std::vector<double> PointClassifier::first_products(int unit, std::span<const double> point) const {
  std::vector<double> products(point.begin(), point.end());
  for (std::size_t i = 0; i < point.size(); ++i)
    products[i] *= net_.parameters()[net_.weight(1, unit, static_cast<int>(i))];
  return products;
}

double PointClassifier::first_sum(int unit, std::span<const double> point) const {
  double sum = net_.parameters()[net_.bias(1, unit)];
  for (const double product : first_products(unit, point)) sum += product;
  return sum;
}

double PointClassifier::loss_and_gradient(std::span<const double> points, std::span<const int> labels) {
  std::vector<double> slope = probabilities(points);
  const std::size_t n = labels.size();
  const auto count = static_cast<double>(n);
  double loss = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    double& own = slope[static_cast<std::size_t>(labels[i]) * n + i];
    loss -= std::log(std::max(own, 1e-300)) / count;
    own -= 1.0;
  }
  for (double& s : slope) s /= count;
  net_.zero_gradient();
  net_.backward(slope);
  return loss;
}

double PointClassifier::update(std::span<const double> points, std::span<const int> labels) {
  const double loss = loss_and_gradient(points, labels);
  descent_.step(net_.parameters(), net_.gradient());
  return loss;
}

PointClassifier::Result PointClassifier::evaluate() {
  const Result result = test(*data_);
  if (data_->count() > 0) loss_and_gradient(data_->points, data_->labels);
  return result;
}

PointClassifier::Result PointClassifier::test(const LabelledPoints& others) {
  Result result;
  const auto n = static_cast<std::size_t>(others.count());
  if (n == 0) return result;
  const std::vector<double> p = probabilities(others.points);
  for (std::size_t i = 0; i < n; ++i) {
    const auto own = static_cast<std::size_t>(others.labels[i]);
    result.loss -= std::log(std::max(p[own * n + i], 1e-300)) / static_cast<double>(n);
    bool best = true;
    for (std::size_t c = 0; c < static_cast<std::size_t>(others.classes); ++c)
      best = best && (c == own || p[c * n + i] < p[own * n + i]);
    result.right += best ? 1 : 0;
  }
  return result;
}

PointClassifier::Point PointClassifier::advance() {
  Point point;
  const int n = data_->count(), size = std::clamp(settings_.batch, 1, std::max(1, n));
  if (n == 0 || diverged_) {
    ++steps_;
    return point;
  }
  const int per_epoch = (n + size - 1) / size;
  std::vector<int> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  Rng rng(settings_.seed, 1 + static_cast<std::uint64_t>(steps_ / per_epoch));
  if (size < n) rng.shuffle(std::span<int>(order));
  const int first = steps_ % per_epoch * size, count = std::min(size, n - first);
  std::vector<double> points;
  std::vector<int> labels;
  labels.reserve(static_cast<std::size_t>(count));
  for (int axis = 0; axis < data_->dimensions; ++axis) {
    for (int k = 0; k < count; ++k)
      points.push_back(data_->points[static_cast<std::size_t>(axis * n + order[static_cast<std::size_t>(first + k)])]);
  }
  for (int k = 0; k < count; ++k)
    labels.push_back(data_->labels[static_cast<std::size_t>(order[static_cast<std::size_t>(first + k)])]);
  point.loss = update(points, labels);
  ++steps_;
  look_for_divergence();
  return point;
}

void PointClassifier::look_for_divergence() {
  for (int layer = 1; layer <= net_.layers() && !diverged_; ++layer) {
    const std::size_t from = net_.weight(layer, 0, 0);
    const std::size_t to = layer < net_.layers() ? net_.weight(layer + 1, 0, 0) : net_.parameters().size();
    for (std::size_t k = from; k < to && !diverged_; ++k) {
      if (!(std::fabs(net_.parameters()[k]) < far)) diverged_ = Divergence{steps_, layer};
    }
  }
}

}  // namespace cvlab
