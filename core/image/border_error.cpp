#include "core/image/border_error.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

constexpr Padding rules[4] = {Padding::valid, Padding::zero, Padding::replicate, Padding::reflect};

Tensor filtered(const Tensor& in, const Tensor& weights, Padding padding) {
  Conv2dParams params;
  params.padding = padding;
  Tensor out(conv2d_output_shape(params, in.shape(), weights.shape()));
  if (out.count() > 0) conv2d_forward(params, in.view(), weights.view(), {}, out.view());
  return out;
}

Tensor part(const Tensor& picture, int top, int left, int side) {
  Tensor square(Shape{1, 1, side, side});
  for (int row = 0; row < side; ++row) std::copy_n(&picture(0, 0, top + row, left), side, &square(0, 0, row, 0));
  return square;
}

// What the rule puts in place of the cells around the crop, less what is there: the difference of both sums, without
// the rounding of either. Pixel (row, column) of the crop.
double invented(const BorderStudy& study, const Tensor& picture, const Tensor& weights, Padding padding, int row,
                int column) {
  const int k = static_cast<int>(weights.size(2));
  const int before = (k - 1) / 2;
  const auto inside = [&](int place) { return place >= 0 && place < study.side; };
  double sum = 0.0;
  for (int i = 0; i < k; ++i) {
    const int y = row - before + i, from_y = border_source(padding, y, study.side);
    for (int j = 0; j < k; ++j) {
      const int x = column - before + j;
      if (inside(y) && inside(x)) continue;
      const int from_x = border_source(padding, x, study.side);
      const double put = from_y < 0 || from_x < 0 ? 0.0 : static_cast<double>(study.crop(0, 0, from_y, from_x));
      const auto real = static_cast<double>(picture(0, 0, study.top + y, study.left + x));
      sum += static_cast<double>(weights(0, 0, i, j)) * (put - real);
    }
  }
  return sum;
}

}  // namespace

int largest_crop(int rows, int columns, int k) { return std::max(0, std::min(rows, columns) - (k - 1)); }

int cells_outside(int side, int k, int row, int column) {
  const int before = (k - 1) / 2;
  const auto inside = [&](int place) { return std::min(side, place - before + k) - std::max(0, place - before); };
  return k * k - std::max(0, inside(row)) * std::max(0, inside(column));
}

BorderStudy study_border(const Tensor& picture, const Tensor& weights, int top, int left, int side) {
  const int k = static_cast<int>(weights.size(2));
  const int before = (k - 1) / 2;
  assert(side >= 1 && side <= largest_crop(static_cast<int>(picture.size(2)), static_cast<int>(picture.size(3)), k));
  BorderStudy study;
  study.side = side;
  study.top = std::clamp(top, before, static_cast<int>(picture.size(2)) - side - (k - 1 - before));
  study.left = std::clamp(left, before, static_cast<int>(picture.size(3)) - side - (k - 1 - before));
  study.crop = part(picture, study.top, study.left, side);
  study.truth = filtered(part(picture, study.top - before, study.left - before, side + k - 1), weights, Padding::valid);
  for (int i = 0; i < side; ++i)
    for (int j = 0; j < side; ++j) study.border_pixels += cells_outside(side, k, i, j) > 0 ? 1 : 0;
  for (std::size_t r = 0; r < study.rules.size(); ++r) {
    BorderError& rule = study.rules[r];
    rule.padding = rules[r];
    rule.output = filtered(study.crop, weights, rule.padding);
    rule.error = Tensor(rule.output.shape());
    const int shift = rule.padding == Padding::valid ? before : 0;
    double sum = 0.0;
    for (int i = 0; i < static_cast<int>(rule.output.size(2)); ++i)
      for (int j = 0; j < static_cast<int>(rule.output.size(3)); ++j) {
        const bool border = cells_outside(side, k, i + shift, j + shift) > 0;
        const double error = border ? invented(study, picture, weights, rule.padding, i + shift, j + shift) : 0.0;
        rule.error(0, 0, i, j) = static_cast<float>(error);
        sum += std::fabs(error);
        rule.worst = std::max(rule.worst, std::fabs(error));
      }
    if (study.border_pixels > 0) rule.mean = sum / study.border_pixels;
  }
  return study;
}

SlidingSize sliding_size(int n, int k, int p, int s) {
  const int room = n - k + 2 * p;
  if (room < 0) return {0, n + 2 * p};
  return {room / s + 1, room % s};
}

}  // namespace cvlab
