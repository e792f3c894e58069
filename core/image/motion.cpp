#include "core/image/motion.hpp"

#include <algorithm>
#include <cmath>

#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

constexpr double degree = 0.017453292519943295;

}  // namespace

PictureMotion::Flow PictureMotion::flow(double x, double y, int width, int height) const {
  const double cx = 0.5 * (width - 1);
  const double cy = 0.5 * (height - 1);
  const double c = scale * std::cos(angle * degree);
  const double s = scale * std::sin(angle * degree);
  const double rx = x - cx;
  const double ry = y - cy;
  return {c * rx - s * ry - rx + shift_x, s * rx + c * ry - ry + shift_y};
}

float sample_bilinear(ConstView plane, double x, double y) {
  const auto height = static_cast<int>(plane.size(0));
  const auto width = static_cast<int>(plane.size(1));
  const double cx = std::clamp(x, 0.0, static_cast<double>(width - 1));
  const double cy = std::clamp(y, 0.0, static_cast<double>(height - 1));
  const int x0 = std::min(static_cast<int>(cx), std::max(0, width - 2));
  const int y0 = std::min(static_cast<int>(cy), std::max(0, height - 2));
  const int x1 = std::min(x0 + 1, width - 1);
  const int y1 = std::min(y0 + 1, height - 1);
  const auto fx = static_cast<float>(cx - x0);
  const auto fy = static_cast<float>(cy - y0);
  const float* top = plane.data() + y0 * plane.stride(0);
  const float* low = plane.data() + y1 * plane.stride(0);
  const float a = top[x0] + fx * (top[x1] - top[x0]);
  const float b = low[x0] + fx * (low[x1] - low[x0]);
  return a + fy * (b - a);
}

Tensor move_picture(ConstView plane, const PictureMotion& motion) {
  const std::ptrdiff_t height = plane.size(0);
  const std::ptrdiff_t width = plane.size(1);
  Tensor out(Shape{height, width});
  if (out.empty()) return out;
  const double cx = 0.5 * static_cast<double>(width - 1);
  const double cy = 0.5 * static_cast<double>(height - 1);
  // The inverse: p = c + R(-angle) (p' - c - shift) / scale.
  const double c = std::cos(motion.angle * degree) / motion.scale;
  const double s = std::sin(motion.angle * degree) / motion.scale;
  parallel_for(0, height, 32, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t row = first; row < last; ++row) {
      const double ry = static_cast<double>(row) - cy - motion.shift_y;
      for (std::ptrdiff_t column = 0; column < width; ++column) {
        const double rx = static_cast<double>(column) - cx - motion.shift_x;
        out(row, column) = sample_bilinear(plane, cx + c * rx + s * ry, cy - s * rx + c * ry);
      }
    }
  });
  return out;
}

}  // namespace cvlab
