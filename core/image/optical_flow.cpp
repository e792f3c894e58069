#include "core/image/optical_flow.hpp"

#include <algorithm>
#include <cmath>

#include "core/image/motion.hpp"
#include "core/ops/conv2d.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

constexpr int least_side = 8;  // px of a level
constexpr std::ptrdiff_t band = 32;

std::ptrdiff_t mirrored(std::ptrdiff_t index, std::ptrdiff_t size) {
  return border_source(Padding::reflect, static_cast<int>(index), static_cast<int>(size));
}

}  // namespace

void scharr_ref(ConstView plane, View dx, View dy) {
  const std::ptrdiff_t height = plane.size(0);
  const std::ptrdiff_t width = plane.size(1);
  constexpr float weight[] = {3.0F, 10.0F, 3.0F};
  for (std::ptrdiff_t y = 0; y < height; ++y) {
    for (std::ptrdiff_t x = 0; x < width; ++x) {
      float sum_x = 0.0F;
      float sum_y = 0.0F;
      for (int k = -1; k <= 1; ++k) {
        const float w = weight[k + 1];
        sum_x += w * (plane(mirrored(y + k, height), mirrored(x + 1, width)) -
                      plane(mirrored(y + k, height), mirrored(x - 1, width)));
        sum_y += w * (plane(mirrored(y + 1, height), mirrored(x + k, width)) -
                      plane(mirrored(y - 1, height), mirrored(x + k, width)));
      }
      dx(y, x) = sum_x / 32.0F;
      dy(y, x) = sum_y / 32.0F;
    }
  }
}

void scharr(ConstView plane, View dx, View dy) {
  const std::ptrdiff_t height = plane.size(0);
  const std::ptrdiff_t width = plane.size(1);
  parallel_for(0, height, band, [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    // Of three rows: their smoothed sum and their difference, with a mirrored pixel on either side.
    std::vector<float> smooth(static_cast<std::size_t>(width) + 2U);
    std::vector<float> difference(smooth.size());
    for (std::ptrdiff_t y = from; y < to; ++y) {
      const float* above = plane.data() + mirrored(y - 1, height) * plane.stride(0);
      const float* here = plane.data() + y * plane.stride(0);
      const float* below = plane.data() + mirrored(y + 1, height) * plane.stride(0);
      float* const s = smooth.data() + 1;
      float* const d = difference.data() + 1;
      for (std::ptrdiff_t x = 0; x < width; ++x) {
        s[x] = 3.0F * (above[x] + below[x]) + 10.0F * here[x];
        d[x] = below[x] - above[x];
      }
      s[-1] = s[mirrored(-1, width)];
      s[width] = s[mirrored(width, width)];
      d[-1] = d[mirrored(-1, width)];
      d[width] = d[mirrored(width, width)];
      float* const out_x = dx.data() + y * dx.stride(0);
      float* const out_y = dy.data() + y * dy.stride(0);
      for (std::ptrdiff_t x = 0; x < width; ++x) {
        out_x[x] = (s[x + 1] - s[x - 1]) / 32.0F;
        out_y[x] = (3.0F * (d[x - 1] + d[x + 1]) + 10.0F * d[x]) / 32.0F;
      }
    }
  });
}

Tensor pyramid_down(ConstView plane) {
  const std::ptrdiff_t height = plane.size(0);
  const std::ptrdiff_t width = plane.size(1);
  constexpr float weight[] = {1.0F / 16, 4.0F / 16, 6.0F / 16, 4.0F / 16, 1.0F / 16};
  Tensor out(Shape{(height + 1) / 2, (width + 1) / 2});
  std::vector<float> column(static_cast<std::size_t>(width));  // filtered downwards
  for (std::ptrdiff_t y = 0; y < out.size(0); ++y) {
    std::fill(column.begin(), column.end(), 0.0F);
    for (int k = -2; k <= 2; ++k) {
      const float* row = plane.data() + mirrored(2 * y + k, height) * plane.stride(0);
      const float w = weight[k + 2];
      for (std::ptrdiff_t x = 0; x < width; ++x) column[static_cast<std::size_t>(x)] += w * row[x];
    }
    for (std::ptrdiff_t x = 0; x < out.size(1); ++x) {
      const bool inside = x >= 1 && 2 * x + 2 < width;  // nothing to mirror
      float sum = 0.0F;
      for (int k = -2; k <= 2; ++k) {
        const std::ptrdiff_t from = inside ? 2 * x + k : mirrored(2 * x + k, width);
        sum += weight[k + 2] * column[static_cast<std::size_t>(from)];
      }
      out(y, x) = sum;
    }
  }
  return out;
}

FlowKnown FlowSystem::known(double least) const {
  const double n = std::max(1, cells);
  if (large / n < least || large <= 0.0) return FlowKnown::nothing;
  return small / n < least || small <= 1e-9 * large ? FlowKnown::normal : FlowKnown::all;
}

double FlowSystem::error(double at_u, double at_v) const {
  const double squares =
      xx * at_u * at_u + 2.0 * xy * at_u * at_v + yy * at_v * at_v - 2.0 * (bx * at_u + by * at_v) + tt;
  return std::sqrt(std::max(0.0, squares) / std::max(1, cells));
}

void solve_flow(FlowSystem& s) {
  const double half = 0.5 * (s.xx + s.yy);
  const double difference = 0.5 * (s.xx - s.yy);
  const double root = std::sqrt(difference * difference + s.xy * s.xy);
  s.large = half + root;
  // From the determinant: no cancellation where the small one is small.
  s.small = s.large > 0.0 ? std::max(0.0, (s.xx * s.yy - s.xy * s.xy) / s.large) : 0.0;
  if (root > 0.0) {
    // The longer of the two expressions of the same vector.
    const double x = difference >= 0.0 ? difference + root : s.xy;
    const double y = difference >= 0.0 ? s.xy : root - difference;
    const double length = std::sqrt(x * x + y * y);
    s.across = {x / length, y / length};
  } else {
    s.across = {1.0, 0.0};
  }
  if (s.across[0] < 0.0 || (s.across[0] == 0.0 && s.across[1] < 0.0)) s.across = {-s.across[0], -s.across[1]};
  s.u = s.v = s.normal_u = s.normal_v = 0.0;
  if (s.large <= 0.0) return;
  const double along = (s.bx * s.across[0] + s.by * s.across[1]) / s.large;
  s.normal_u = s.u = along * s.across[0];
  s.normal_v = s.v = along * s.across[1];
  if (s.small <= 1e-9 * s.large) return;
  const double other = (s.by * s.across[0] - s.bx * s.across[1]) / s.small;
  s.u -= other * s.across[1];
  s.v += other * s.across[0];
}

FlowPair::FlowPair(ConstView first, ConstView second, int levels) {
  if (first.count() == 0) return;
  Level level{Tensor(first.shape()), Tensor(first.shape()), Tensor(first.shape()), Tensor(first.shape())};
  for (std::ptrdiff_t y = 0; y < first.size(0); ++y) {
    std::copy_n(first.data() + y * first.stride(0), first.size(1), level.first.data() + y * first.size(1));
    std::copy_n(second.data() + y * second.stride(0), first.size(1), level.second.data() + y * first.size(1));
  }
  while (true) {
    scharr(level.first.view(), level.dx.view(), level.dy.view());
    levels_.push_back(std::move(level));
    const Tensor& finer = levels_.back().first;
    if (static_cast<int>(levels_.size()) >= levels || std::min(finer.size(0), finer.size(1)) < 2 * least_side) return;
    level = {pyramid_down(finer.view()), pyramid_down(levels_.back().second.view()), {}, {}};
    level.dx = Tensor(level.first.shape());
    level.dy = Tensor(level.first.shape());
  }
}

namespace {

// A plane between its pixels, at the same fraction of a pixel over a whole window.
struct Shifted {
  const float* data;  // of the window's first cell
  std::ptrdiff_t stride;
  float w00, w01, w10, w11;

  Shifted(const Tensor& plane, double x, double y)
      : data(plane.data() + static_cast<std::ptrdiff_t>(std::floor(y)) * plane.size(1) +
             static_cast<std::ptrdiff_t>(std::floor(x))),
        stride(plane.size(1)) {
    const auto fx = static_cast<float>(x - std::floor(x));
    const auto fy = static_cast<float>(y - std::floor(y));
    w00 = (1.0F - fx) * (1.0F - fy);
    w01 = fx * (1.0F - fy);
    w10 = (1.0F - fx) * fy;
    w11 = fx * fy;
  }
  float at(std::ptrdiff_t row, std::ptrdiff_t column) const {
    const float* const p = data + row * stride + column;
    return w00 * p[0] + w01 * p[1] + w10 * p[stride] + w11 * p[stride + 1];
  }
};

// The same sums for a window that lies inside both frames with a pixel to spare.
template <class Level>
void add_inside(const Level& of, double x, double y, int side, double u, double v, FlowSystem& s) {
  const int radius = side / 2;
  const double left = x - radius;
  const double top = y - radius;
  const Shifted first(of.first, left, top);
  const Shifted dx(of.dx, left, top);
  const Shifted dy(of.dy, left, top);
  const Shifted second(of.second, left + u, top + v);
  for (int j = 0; j < side; ++j) {
    float xx = 0.0F, xy = 0.0F, yy = 0.0F, tt = 0.0F, bx = 0.0F, by = 0.0F;
    for (int i = 0; i < side; ++i) {
      const float gx = dx.at(j, i);
      const float gy = dy.at(j, i);
      const float difference = second.at(j, i) - first.at(j, i);
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      tt += difference * difference;
      bx += gx * difference;
      by += gy * difference;
    }
    s.xx += static_cast<double>(xx);
    s.xy += static_cast<double>(xy);
    s.yy += static_cast<double>(yy);
    s.tt += static_cast<double>(tt);
    s.bx -= static_cast<double>(bx);
    s.by -= static_cast<double>(by);
  }
  s.cells = side * side;
}

}  // namespace

FlowSystem FlowPair::system(int level, double x, double y, int window, double u, double v) const {
  const Level& of = levels_[static_cast<std::size_t>(level)];
  const auto height = static_cast<double>(of.first.size(0) - 1);
  const auto width = static_cast<double>(of.first.size(1) - 1);
  const ConstView first = of.first.view();
  const ConstView second = of.second.view();
  const ConstView dx = of.dx.view();
  const ConstView dy = of.dy.view();
  const bool whole = x == std::floor(x) && y == std::floor(y);  // no interpolation in the first frame
  FlowSystem s;
  const int radius = window / 2;
  const double reach = radius + 1.0;
  if (std::min({x, y, x + u, y + v}) >= reach && std::max(x, x + u) <= width - reach &&
      std::max(y, y + v) <= height - reach) {
    add_inside(of, x, y, 2 * radius + 1, u, v, s);
    solve_flow(s);
    return s;
  }
  for (int j = -radius; j <= radius; ++j) {
    const double py = y + j;
    if (py < 0.0 || py > height) continue;
    for (int i = -radius; i <= radius; ++i) {
      const double px = x + i;
      if (px < 0.0 || px > width) continue;
      const auto value = [&](ConstView plane) {
        return static_cast<double>(whole ? plane(static_cast<std::ptrdiff_t>(py), static_cast<std::ptrdiff_t>(px))
                                         : sample_bilinear(plane, px, py));
      };
      const double gx = value(dx);
      const double gy = value(dy);
      const double difference = static_cast<double>(sample_bilinear(second, px + u, py + v)) - value(first);
      ++s.cells;
      s.xx += gx * gx;
      s.xy += gx * gy;
      s.yy += gy * gy;
      s.tt += difference * difference;
      s.bx -= gx * difference;
      s.by -= gy * difference;
    }
  }
  solve_flow(s);
  return s;
}

FlowPair::Track FlowPair::track(double x, double y, const LucasKanade& how) const {
  Track track;
  if (empty()) return track;
  for (int level = std::min(how.levels, levels()) - 1; level >= 0; --level) {
    const double scale = 1.0 / static_cast<double>(1 << level);
    for (int i = 0; i < how.iterations; ++i) {
      track.last = system(level, x * scale, y * scale, how.window, track.u, track.v);
      track.u += track.last.u;
      track.v += track.last.v;
      // Out of the picture: nothing to be found there.
      track.u = std::clamp(track.u, -2.0 * width(), 2.0 * width());
      track.v = std::clamp(track.v, -2.0 * height(), 2.0 * height());
      if (std::abs(track.last.u) + std::abs(track.last.v) < 1e-3) break;  // it has arrived
    }
    if (level > 0) {
      track.u *= 2.0;
      track.v *= 2.0;
    }
  }
  return track;
}

}  // namespace cvlab
