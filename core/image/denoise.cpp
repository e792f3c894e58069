#include "core/image/denoise.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>

#include "core/image/bilateral.hpp"
#include "core/image/box.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/median.hpp"

namespace cvlab {

int bilateral_radius(double sigma_space) { return std::max(1, static_cast<int>(std::floor(1.5 * sigma_space + 0.5))); }

void denoise(Denoiser filter, const Image& in, const DenoiseParams& params, Image& out) {
  switch (filter) {
    case Denoiser::mean:
      return box_mean(in, params.mean_window, params.mean_window, Padding::reflect, out);
    case Denoiser::gaussian:
      return gaussian_blur(in, params.sigma, 0, Padding::reflect, out);
    case Denoiser::median:
      return median(in, params.median_window, out);
    case Denoiser::bilateral:
      return bilateral(in, bilateral_radius(params.sigma_space), params.sigma_space, params.sigma_range,
                       Padding::reflect, out);
  }
}

namespace {

int window_side(Denoiser filter, const DenoiseParams& params) {
  switch (filter) {
    case Denoiser::mean:
      return params.mean_window;
    case Denoiser::gaussian:
      return gaussian_size(params.sigma);
    case Denoiser::median:
      return params.median_window;
    case Denoiser::bilateral:
      break;
  }
  return 2 * bilateral_radius(params.sigma_space) + 1;
}

void weigh_gaussian(const DenoiseParams& params, DenoiseStep& step) {
  const std::vector<std::uint16_t> fixed = gaussian_fixed(params.sigma, step.size);
  for (const std::uint16_t down : fixed)
    for (const std::uint16_t across : fixed) step.weights.push_back(down * across / 65536.0);
}

void weigh_bilateral(const DenoiseParams& params, DenoiseStep& step) {
  const int radius = step.size / 2;
  const int centre = step.values[step.values.size() / 2];
  for (std::size_t i = 0; i < step.values.size(); ++i) {
    const int dy = static_cast<int>(i) / step.size - radius;
    const int dx = static_cast<int>(i) % step.size - radius;
    const int squared = dy * dy + dx * dx;
    const double difference = step.values[i] - centre;
    step.space.push_back(
        squared > radius * radius ? 0.0 : std::exp(-squared / (2.0 * params.sigma_space * params.sigma_space)));
    step.range.push_back(std::exp(-difference * difference / (2.0 * params.sigma_range * params.sigma_range)));
    step.weights.push_back(step.space.back() * step.range.back());
  }
}

}  // namespace

DenoiseStep denoise_step(Denoiser filter, const Image& in, const DenoiseParams& params, int row, int column) {
  assert(in.channels == 1 && "a grey picture");
  DenoiseStep step;
  step.size = window_side(filter, params);
  const Padding border = filter == Denoiser::median ? Padding::replicate : Padding::reflect;
  const int radius = step.size / 2;
  for (int dy = -radius; dy <= radius; ++dy)
    for (int dx = -radius; dx <= radius; ++dx)
      step.values.push_back(
          in.at(border_source(border, row + dy, in.height), border_source(border, column + dx, in.width)));
  if (filter == Denoiser::median) {
    step.sorted = step.values;
    std::sort(step.sorted.begin(), step.sorted.end());
    step.result = step.sorted[step.sorted.size() / 2];
    step.exact = step.result;
    return step;
  }
  if (filter == Denoiser::mean) step.weights.assign(step.values.size(), 1.0);
  if (filter == Denoiser::gaussian) weigh_gaussian(params, step);
  if (filter == Denoiser::bilateral) weigh_bilateral(params, step);
  for (std::size_t i = 0; i < step.values.size(); ++i) {
    step.sum += step.weights[i] * step.values[i];
    step.total += step.weights[i];
  }
  step.exact = step.sum / step.total;
  step.result = static_cast<int>(std::floor(step.exact + 0.5));
  return step;
}

double denoise_strength(Denoiser filter, const DenoiseParams& params) {
  switch (filter) {
    case Denoiser::mean:
      return params.mean_window;
    case Denoiser::gaussian:
      return params.sigma;
    case Denoiser::median:
      return params.median_window;
    case Denoiser::bilateral:
      break;
  }
  return params.sigma_range;
}

DenoiseParams with_strength(Denoiser filter, const DenoiseParams& params, double strength) {
  DenoiseParams changed = params;
  if (filter == Denoiser::mean) changed.mean_window = static_cast<int>(strength);
  if (filter == Denoiser::gaussian) changed.sigma = strength;
  if (filter == Denoiser::median) changed.median_window = static_cast<int>(strength);
  if (filter == Denoiser::bilateral) changed.sigma_range = strength;
  return changed;
}

const std::vector<double>& denoise_strengths(Denoiser filter) {
  static const std::vector<double> windows = {1, 3, 5, 7, 9, 11, 13, 15};
  static const std::vector<double> sigmas = {0.3, 0.5, 0.7, 0.9, 1.1, 1.4, 1.7, 2.0, 2.5, 3.0, 4.0, 5.0};
  static const std::vector<double> ranges = {5, 10, 20, 30, 40, 50, 60, 80, 100, 125, 150};
  return filter == Denoiser::gaussian ? sigmas : filter == Denoiser::bilateral ? ranges : windows;
}

int count_impulses(const Image& clean, const Image& image) {
  assert(clean.data.size() == image.data.size() && "pictures of one size");
  const auto extreme = [](std::uint8_t v) { return v == 0 || v == 255; };
  int count = 0;
  for (std::size_t i = 0; i < image.data.size(); ++i)
    count += extreme(image.data[i]) && !extreme(clean.data[i]) ? 1 : 0;
  return count;
}

}  // namespace cvlab
