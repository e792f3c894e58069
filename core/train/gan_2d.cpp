#include "core/train/gan_2d.hpp"

#include <cmath>
#include <utility>

namespace cvlab {

namespace {

constexpr std::uint64_t weight_stream = 1, first_noise_stream = 1U << 20U, first_batch_stream = 1U << 24U;

Descent adam(double rate) {
  Descent descent;
  descent.params.kind = OptimizerKind::adam;
  descent.params.learning_rate = static_cast<float>(rate);
  descent.params.beta1 = 0.5f;
  return descent;
}

}  // namespace

std::vector<double> plane_noise(int count, std::uint64_t seed, std::uint64_t stream) {
  Rng rng(seed, stream);
  std::vector<double> noise(2 * static_cast<std::size_t>(count));
  for (double& z : noise) z = rng.uniform(-1.0, 1.0);
  return noise;
}

Gan2d::Gan2d(std::shared_ptr<const PointSet> real, const GanSettings& settings)
    : real_(std::move(real)),
      settings_(settings),
      generator_({2, settings.width, settings.width, 2}),
      discriminator_({2, settings.width, settings.width, 1}),
      descent_g_(adam(settings.rate_g)),
      descent_d_(adam(settings.rate_d)) {
  Rng rng(settings.seed, weight_stream);
  generator_.initialise(rng);
  discriminator_.initialise(rng);
  for (int i = 0; i < settings.width; ++i) discriminator_.parameters()[discriminator_.weight(3, 0, i)] = 0.0;
}

std::vector<double> Gan2d::noise_of(int step) const {
  return plane_noise(settings_.batch, settings_.seed, first_noise_stream + static_cast<std::uint64_t>(step));
}

std::vector<double> Gan2d::real_batch(int step) const {
  Rng rng(settings_.seed, first_batch_stream + static_cast<std::uint64_t>(step));
  const auto n = static_cast<std::size_t>(settings_.batch), count = real_->points.size() / 2;
  std::vector<double> batch(2 * n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t from = rng.below(static_cast<std::uint32_t>(count));
    batch[i] = real_->points[from];
    batch[n + i] = real_->points[count + from];
  }
  return batch;
}

Gan2d::Point Gan2d::advance() {
  Point point;
  if (real_->count() == 0) {
    ++steps_;
    return point;
  }
  point.generator = generator_next();
  point.loss =
      point.generator ? update_generator(noise_of(steps_)) : update_discriminator(real_batch(steps_), noise_of(steps_));
  ++steps_;
  return point;
}

double Gan2d::update_discriminator(std::span<const double> real, std::span<const double> noise) {
  double loss = 0.0;
  std::vector<double> slope;
  discriminator_.zero_gradient();
  const auto learn = [&](std::span<const double> points, double sign) {  // sign +1: real
    const int n = static_cast<int>(points.size() / 2);
    const auto logits = discriminator_.forward(points, n);
    slope.resize(logits.size());
    for (std::size_t i = 0; i < slope.size(); ++i) {
      loss += discriminator_loss(logits[i], sign > 0.0) / n;
      slope[i] = -sign * portable_sigmoid(-sign * logits[i]) / n;
    }
    discriminator_.backward(slope);
  };
  learn(real, 1.0);
  learn(generator_.forward(noise, static_cast<int>(noise.size() / 2)), -1.0);
  descent_d_.step(discriminator_.parameters(), discriminator_.gradient());
  return loss;
}

double Gan2d::update_generator(std::span<const double> noise) {
  const int n = static_cast<int>(noise.size() / 2);
  const auto logits = discriminator_.forward(generator_.forward(noise, n), n);
  std::vector<double> slope(logits.size());
  double loss = 0.0;
  for (std::size_t i = 0; i < slope.size(); ++i) {
    loss += generator_loss(settings_.loss, logits[i]) / n;
    slope[i] = generator_slope(settings_.loss, logits[i]) / n;
  }
  generator_.zero_gradient();
  generator_.backward(discriminator_.backward(slope, false));
  descent_g_.step(generator_.parameters(), generator_.gradient());
  return loss;
}

std::vector<double> Gan2d::generate(std::span<const double> noise) {
  const auto x = generator_.forward(noise, static_cast<int>(noise.size() / 2));
  return {x.begin(), x.end()};
}

std::vector<double> Gan2d::discriminate(std::span<const double> points) {
  const auto logits = discriminator_.forward(points, static_cast<int>(points.size() / 2));
  std::vector<double> values(logits.begin(), logits.end());
  for (double& v : values) v = portable_sigmoid(v);
  return values;
}

std::vector<double> Gan2d::pull(std::span<const double> points) {
  const auto logits = discriminator_.forward(points, static_cast<int>(points.size() / 2));
  std::vector<double> slope(logits.size());
  for (std::size_t i = 0; i < slope.size(); ++i) slope[i] = -generator_slope(settings_.loss, logits[i]);
  const auto dx = discriminator_.backward(slope, false);
  return {dx.begin(), dx.end()};
}

Tensor Gan2d::surface(double low, double high, int nodes) {
  Tensor values(Shape{nodes, nodes});
  const auto n = static_cast<std::size_t>(nodes);
  std::vector<double> row(2 * n);
  for (int y = 0; y < nodes; ++y) {
    for (std::size_t x = 0; x < n; ++x) {
      row[x] = low + (high - low) * static_cast<double>(x) / (nodes - 1);
      row[n + x] = low + (high - low) * y / (nodes - 1);
    }
    const std::vector<double> d = discriminate(row);
    for (std::size_t x = 0; x < n; ++x) values(y, static_cast<std::ptrdiff_t>(x)) = static_cast<float>(d[x]);
  }
  return values;
}

GanLosses Gan2d::losses(std::span<const double> fake) {
  const auto logits = [&](std::span<const double> points) {
    const auto out = discriminator_.forward(points, static_cast<int>(points.size() / 2));
    return std::vector<double>(out.begin(), out.end());
  };
  const std::vector<double> real_logits = logits(real_->points), fake_logits = logits(fake);
  return gan_losses(settings_.loss, real_logits, fake_logits);
}

}  // namespace cvlab
