#include "core/explain/ascent.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/rng.hpp"

namespace cvlab::explain {

std::vector<double> unit_seed(const Extent& extent, const Unit& unit) {
  assert(unit.channel >= 0 && unit.channel < extent.channels);
  std::vector<double> seed(extent.count(), 0.0);
  const int plane = extent.rows * extent.columns;
  const auto first = seed.begin() + static_cast<std::ptrdiff_t>(unit.channel) * plane;
  if (unit.whole_map) {
    std::fill_n(first, plane, 1.0 / plane);
  } else {
    first[static_cast<std::ptrdiff_t>(extent.rows / 2) * extent.columns + extent.columns / 2] = 1.0;
  }
  return seed;
}

double unit_value(const Chain& chain, const Unit& unit) {
  const std::vector<double> seed = unit_seed(chain.extent(unit.layer), unit);
  const auto values = chain.values(unit.layer);
  return std::inner_product(values.begin(), values.end(), seed.begin(), 0.0);
}

std::vector<double> noise_picture(std::size_t count, double height, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> picture(count);
  for (double& pixel : picture) pixel = height * rng.uniform();
  return picture;
}

std::vector<double> rolled(std::span<const double> picture, int rows, int columns, int down, int right) {
  std::vector<double> moved(picture.size());
  for (int i = 0; i < rows; ++i) {
    const int row = ((i + down) % rows + rows) % rows;
    for (int j = 0; j < columns; ++j) {
      const int column = ((j + right) % columns + columns) % columns;
      moved[static_cast<std::size_t>(row * columns + column)] = picture[static_cast<std::size_t>(i * columns + j)];
    }
  }
  return moved;
}

std::vector<double> blurred(std::span<const double> picture, int rows, int columns, double sigma) {
  if (sigma <= 0.0) return {picture.begin(), picture.end()};
  const int radius = std::max(1, static_cast<int>(std::ceil(3.0 * sigma)));
  std::vector<double> kernel;
  for (int k = -radius; k <= radius; ++k) kernel.push_back(std::exp(-0.5 * k * k / (sigma * sigma)));
  const double sum = std::accumulate(kernel.begin(), kernel.end(), 0.0);
  std::vector<double> across(picture.size()), both(picture.size());
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j)
      for (int k = -radius; k <= radius; ++k)
        across[static_cast<std::size_t>(i * columns + j)] +=
            kernel[static_cast<std::size_t>(k + radius)] / sum *
            picture[static_cast<std::size_t>(i * columns + std::clamp(j + k, 0, columns - 1))];
  for (int i = 0; i < rows; ++i)
    for (int k = -radius; k <= radius; ++k) {
      const int row = std::clamp(i + k, 0, rows - 1);
      for (int j = 0; j < columns; ++j)
        both[static_cast<std::size_t>(i * columns + j)] +=
            kernel[static_cast<std::size_t>(k + radius)] / sum * across[static_cast<std::size_t>(row * columns + j)];
    }
  return both;
}

Ascent::Ascent(std::shared_ptr<Chain> chain, const Unit& unit, const AscentSettings& settings,
               std::vector<double> start)
    : chain_(std::move(chain)),
      unit_(unit),
      settings_(settings),
      seed_(unit_seed(chain_->extent(unit.layer), unit)),
      picture_(std::move(start)) {
  assert(chain_->extent(0).channels == 1 && picture_.size() == chain_->extent(0).count());
}

Ascent::Point Ascent::advance() {
  const int rows = chain_->extent(0).rows;
  const int columns = chain_->extent(0).columns;
  int down = 0;
  int right = 0;
  if (settings_.jitter > 0) {
    Rng rng(settings_.seed, static_cast<std::uint64_t>(steps_) + 1);
    const auto places = static_cast<std::uint32_t>(2 * settings_.jitter + 1);
    down = static_cast<int>(rng.below(places)) - settings_.jitter;
    right = static_cast<int>(rng.below(places)) - settings_.jitter;
  }
  chain_->forward(rolled(picture_, rows, columns, down, right), unit_.layer);
  chain_->backward(unit_.layer, seed_);
  const std::vector<double> g = rolled(chain_->gradient(0), rows, columns, -down, -right);
  const double length = std::sqrt(std::inner_product(g.begin(), g.end(), g.begin(), 0.0));
  const double scale = length > 0.0 ? settings_.rate / length : 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) picture_[i] = (1.0 - settings_.decay) * (picture_[i] + scale * g[i]);
  picture_ = blurred(picture_, rows, columns, settings_.blur);
  if (settings_.bounded) {
    for (double& pixel : picture_) pixel = std::clamp(pixel, 0.0, 1.0);
  }
  ++steps_;
  return {activation(), length};
}

double Ascent::activation() {
  chain_->forward(picture_, unit_.layer);
  return unit_value(*chain_, unit_);
}

}  // namespace cvlab::explain
