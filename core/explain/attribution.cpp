#include "core/explain/attribution.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <utility>

#include "core/explain/ascent.hpp"

namespace cvlab::explain {

namespace {

double probability_of(Chain& chain, std::span<const double> picture, int target) {
  chain.forward(picture, chain.output());
  return probabilities(chain.values(chain.output()))[static_cast<std::size_t>(target)];
}

}  // namespace

std::vector<double> input_gradient(Chain& chain, std::span<const double> picture, int target) {
  chain.forward(picture, chain.output());
  chain.backward(chain.output(), unit_seed(chain.extent(chain.output()), {chain.output(), target, false}));
  const auto gradient = chain.gradient(0);
  return {gradient.begin(), gradient.end()};
}

GradCam grad_cam(Chain& chain, std::span<const double> picture, int target, int layer) {
  (void)input_gradient(chain, picture, target);
  const Extent& extent = chain.extent(layer);
  const auto values = chain.values(layer);
  const auto gradient = chain.gradient(layer);
  GradCam cam;
  cam.rows = extent.rows;
  cam.columns = extent.columns;
  cam.maps.assign(values.begin(), values.end());
  const auto plane = static_cast<std::size_t>(extent.rows * extent.columns);
  cam.sum.assign(plane, 0.0);
  for (std::size_t k = 0; k < static_cast<std::size_t>(extent.channels); ++k) {
    double alpha = 0.0;
    for (std::size_t i = 0; i < plane; ++i) alpha += gradient[k * plane + i];
    alpha /= static_cast<double>(plane);
    cam.alpha.push_back(alpha);
    for (std::size_t i = 0; i < plane; ++i) cam.sum[i] += alpha * values[k * plane + i];
  }
  for (const double s : cam.sum) cam.map.push_back(std::max(0.0, s));
  return cam;
}

std::vector<double> resized(std::span<const double> plane, int rows, int columns, int to_rows, int to_columns) {
  struct Between {
    int first, second;
    double share;  // of the second
  };
  const auto between = [](int i, int count, int to) {
    const double place = std::clamp((i + 0.5) * count / to - 0.5, 0.0, static_cast<double>(count - 1));
    const int first = static_cast<int>(place);
    return Between{first, std::min(first + 1, count - 1), place - first};
  };
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(to_rows) * static_cast<std::size_t>(to_columns));
  const auto at = [&](int row, int column) { return plane[static_cast<std::size_t>(row * columns + column)]; };
  for (int i = 0; i < to_rows; ++i) {
    const Between y = between(i, rows, to_rows);
    for (int j = 0; j < to_columns; ++j) {
      const Between x = between(j, columns, to_columns);
      const double above = (1.0 - x.share) * at(y.first, x.first) + x.share * at(y.first, x.second);
      const double below = (1.0 - x.share) * at(y.second, x.first) + x.share * at(y.second, x.second);
      result.push_back((1.0 - y.share) * above + y.share * below);
    }
  }
  return result;
}

Occlusion::Occlusion(std::vector<double> picture, int rows, int columns, int target, int window, int stride,
                     double fill)
    : rows_(rows),
      columns_(columns),
      target_(target),
      window_(window),
      stride_(stride),
      fill_(fill),
      picture_(std::move(picture)),
      down_((rows - window) / stride + 1),
      across_((columns - window) / stride + 1) {
  assert(window >= 1 && stride >= 1 && window <= rows && window <= columns);
}

std::vector<double> Occlusion::covered(int position) const {
  std::vector<double> picture = picture_;
  const int top = position / across_ * stride_;
  const int left = position % across_ * stride_;
  for (int row = top; row < top + window_; ++row)
    std::fill_n(picture.begin() + static_cast<std::ptrdiff_t>(row) * columns_ + left, window_, fill_);
  return picture;
}

bool Occlusion::work(Chain& chain, double seconds) {
  const auto begin = std::chrono::steady_clock::now();
  if (drops_.empty()) probability_ = probability_of(chain, picture_, target_);
  while (!finished()) {
    drops_.push_back(probability_ - probability_of(chain, covered(done()), target_));
    const std::chrono::duration<double> worked = std::chrono::steady_clock::now() - begin;
    if (worked.count() >= seconds) break;
  }
  return !finished();
}

std::vector<double> Occlusion::map() const {
  std::vector<double> sum(picture_.size(), 0.0);
  std::vector<int> windows(picture_.size(), 0);
  for (int position = 0; position < done(); ++position) {
    const int top = position / across_ * stride_;
    const int left = position % across_ * stride_;
    for (int row = top; row < top + window_; ++row)
      for (int column = left; column < left + window_; ++column) {
        const auto pixel = static_cast<std::size_t>(row * columns_ + column);
        sum[pixel] += drops_[static_cast<std::size_t>(position)];
        ++windows[pixel];
      }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] /= std::max(1, windows[i]);
  return sum;
}

std::vector<int> strongest_pixels(std::span<const double> scores, int count) {
  std::vector<int> pixels;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0.0) pixels.push_back(static_cast<int>(i));
  std::stable_sort(pixels.begin(), pixels.end(), [&](int a, int b) {
    return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
  });
  if (static_cast<int>(pixels.size()) > count) pixels.resize(static_cast<std::size_t>(count));
  return pixels;
}

double probability_without(Chain& chain, std::span<const double> picture, std::span<const int> pixels, double fill,
                           int target) {
  std::vector<double> changed(picture.begin(), picture.end());
  for (const int pixel : pixels) changed[static_cast<std::size_t>(pixel)] = fill;
  return probability_of(chain, changed, target);
}

}  // namespace cvlab::explain
