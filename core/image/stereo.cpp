#include "core/image/stereo.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <limits>

#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

constexpr int no_cost = std::numeric_limits<int>::max();

int pixel(const Image& image, int row, int column) {
  return image.at(std::clamp(row, 0, image.height - 1), std::clamp(column, 0, image.width - 1));
}

int cost_at(const Image& left, const Image& right, int radius, int row, int column, int d) {
  int sum = 0;
  for (int j = -radius; j <= radius; ++j) {
    for (int i = -radius; i <= radius; ++i) {
      sum += std::abs(pixel(left, row + j, column + i) - pixel(right, row + j, column - d + i));
    }
  }
  return sum;
}

std::size_t index(const Image& image, int row, int column) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(column);
}

// A step in -1/2 .. 1/2 from the least of three costs to the least point of their parabola.
double parabola(int before, int least, int after) {
  const int bend = before - 2 * least + after;
  return bend > 0 ? 0.5 * (before - after) / bend : 0.0;
}

void prepare(const Image& left, const StereoParams& params, StereoResult& out) {
  const Shape shape{1, 1, left.height, left.width};
  if (!(out.disparity.shape() == shape)) {
    out.disparity = Tensor(shape);
    out.raw = Tensor(shape);
  }
  const std::size_t count = index(left, left.height, 0);
  out.marks.assign(count, StereoMark::good);
  out.back.assign(params.check ? count : 0, 0);
}

// The pixel that was found looks back: it must find a pixel next to where we started.
void check(const Image& left, const StereoParams& params, StereoResult& out) {
  out.kept = 0;
  for (int row = 0; row < left.height; ++row) {
    for (int column = 0; column < left.width; ++column) {
      const std::size_t i = index(left, row, column);
      const int d = static_cast<int>(out.raw.data()[i]);
      if (params.check &&
          std::abs(d - static_cast<int>(out.back[i - static_cast<std::size_t>(d)])) > params.tolerance) {
        out.marks[i] = StereoMark::inconsistent;
        out.disparity.data()[i] = std::numeric_limits<float>::quiet_NaN();
      } else {
        ++out.kept;
      }
    }
  }
}

// Costs of one row for every disparity, cost[d * width + x], from sums over columns of the window.
class RowCosts {
 public:
  RowCosts(const Image& left, const Image& right, const StereoParams& params)
      : left_(left), right_(right), radius_(params.radius), range_(params.range) {
    const auto size = static_cast<std::size_t>(range_ + 1) * static_cast<std::size_t>(padded());
    columns_.assign(size, 0);
    cost_.assign(static_cast<std::size_t>(range_ + 1) * static_cast<std::size_t>(left.width), 0);
    padded_left_.resize(static_cast<std::size_t>(padded()));
    padded_right_.resize(static_cast<std::size_t>(padded() + range_));
  }

  void start(int row) {
    std::fill(columns_.begin(), columns_.end(), 0);
    for (int j = -radius_; j <= radius_; ++j) add(row + j, 1);
    sum_rows();
  }
  void next(int row) {  // from row - 1
    add(row + radius_, 1);
    add(row - 1 - radius_, -1);
    sum_rows();
  }
  const int* cost(int d) const {
    return cost_.data() + static_cast<std::size_t>(d) * static_cast<std::size_t>(left_.width);
  }

 private:
  int padded() const { return left_.width + 2 * radius_; }

  // Adds |left - right| of one row to the column sums. Column x of the window may lie outside the picture.
  void add(int row, int sign) {
    const int n = padded();
    for (int x = 0; x < n; ++x) padded_left_[static_cast<std::size_t>(x)] = pixel(left_, row, x - radius_);
    for (int x = 0; x < n + range_; ++x) {
      padded_right_[static_cast<std::size_t>(x)] = pixel(right_, row, x - radius_ - range_);
    }
    for (int d = 0; d <= range_; ++d) {
      int* to = columns_.data() + static_cast<std::size_t>(d) * static_cast<std::size_t>(n);
      const int* a = padded_left_.data();
      const int* b = padded_right_.data() + (range_ - d);
      for (int x = 0; x < n; ++x) to[x] += sign * std::abs(a[x] - b[x]);
    }
  }

  void sum_rows() {
    const int n = padded();
    const int window = 2 * radius_ + 1;
    for (int d = 0; d <= range_; ++d) {
      const int* from = columns_.data() + static_cast<std::size_t>(d) * static_cast<std::size_t>(n);
      int* to = cost_.data() + static_cast<std::size_t>(d) * static_cast<std::size_t>(left_.width);
      int sum = 0;
      for (int x = 0; x < window - 1; ++x) sum += from[x];
      for (int x = 0; x < left_.width; ++x) {
        sum += from[x + window - 1];
        to[x] = sum;
        sum -= from[x];
      }
    }
  }

  const Image& left_;
  const Image& right_;
  int radius_, range_;
  std::vector<int> columns_, cost_, padded_left_, padded_right_;
};

// Left pixels look to the left, right pixels to the right: cost of right pixel x at d is that of left pixel x + d.
void choose(const RowCosts& costs, const StereoParams& params, int row, int width, StereoResult& out,
            std::vector<int>& least) {
  const std::size_t start = static_cast<std::size_t>(row) * static_cast<std::size_t>(width);
  float* raw = out.raw.data() + start;
  float* disparity = out.disparity.data() + start;
  least.assign(static_cast<std::size_t>(width), no_cost);
  std::fill(raw, raw + width, 0.0F);
  for (int d = 0; d <= std::min(params.range, width - 1); ++d) {
    const int* cost = costs.cost(d);
    const auto value = static_cast<float>(d);
    for (int x = d; x < width; ++x) {
      const bool less = cost[x] < least[static_cast<std::size_t>(x)];
      least[static_cast<std::size_t>(x)] = less ? cost[x] : least[static_cast<std::size_t>(x)];
      raw[x] = less ? value : raw[x];
    }
  }
  for (int x = 0; x < width; ++x) {
    const int d = static_cast<int>(raw[x]);
    disparity[x] = raw[x];
    if (!params.subpixel || d == 0 || d == std::min(params.range, x)) continue;
    disparity[x] += static_cast<float>(parabola(costs.cost(d - 1)[x], costs.cost(d)[x], costs.cost(d + 1)[x]));
  }
  if (!params.check) return;
  least.assign(static_cast<std::size_t>(width), no_cost);
  std::uint8_t* back = out.back.data() + start;
  for (int d = 0; d <= std::min(params.range, width - 1); ++d) {
    const int* cost = costs.cost(d) + d;
    for (int x = 0; x + d < width; ++x) {
      const bool less = cost[x] < least[static_cast<std::size_t>(x)];
      least[static_cast<std::size_t>(x)] = less ? cost[x] : least[static_cast<std::size_t>(x)];
      back[x] = less ? static_cast<std::uint8_t>(d) : back[x];
    }
  }
}

void assert_pair([[maybe_unused]] const Image& left, [[maybe_unused]] const Image& right,
                 [[maybe_unused]] const StereoParams& params) {
  assert(left.width == right.width && left.height == right.height && "block matching needs pictures of one size");
  assert((left.empty() || (left.channels == 1 && right.channels == 1)) && "block matching needs grey pictures");
  assert(params.radius >= 0 && params.radius <= 31 && params.range >= 0 && params.range <= 255);
}

}  // namespace

std::vector<int> matching_costs(const Image& left, const Image& right, const StereoParams& params, int row,
                                int column) {
  assert_pair(left, right, params);
  std::vector<int> costs;
  for (int d = 0; d <= std::min(params.range, column); ++d) {
    costs.push_back(cost_at(left, right, params.radius, row, column, d));
  }
  return costs;
}

double best_disparity(const std::vector<int>& costs, bool subpixel) {
  const auto least = std::min_element(costs.begin(), costs.end());
  const auto d = static_cast<double>(least - costs.begin());
  if (!subpixel || least == costs.begin() || least + 1 == costs.end()) return d;
  return d + parabola(*(least - 1), *least, *(least + 1));
}

void block_match_ref(const Image& left, const Image& right, const StereoParams& params, StereoResult& out) {
  assert_pair(left, right, params);
  prepare(left, params, out);
  for (int row = 0; row < left.height; ++row) {
    for (int column = 0; column < left.width; ++column) {
      const std::size_t i = index(left, row, column);
      const std::vector<int> costs = matching_costs(left, right, params, row, column);
      out.raw.data()[i] = static_cast<float>(best_disparity(costs, false));
      out.disparity.data()[i] = out.raw.data()[i];
      out.disparity.data()[i] +=
          static_cast<float>(best_disparity(costs, params.subpixel) - best_disparity(costs, false));
      if (!params.check) continue;
      std::vector<int> back;
      for (int d = 0; d <= params.range && column + d < left.width; ++d) {
        back.push_back(cost_at(left, right, params.radius, row, column + d, d));
      }
      out.back[i] = static_cast<std::uint8_t>(best_disparity(back, false));
    }
  }
  check(left, params, out);
}

void block_match(const Image& left, const Image& right, const StereoParams& params, StereoResult& out) {
  assert_pair(left, right, params);
  prepare(left, params, out);
  if (left.empty()) {
    out.kept = 0;
    return;
  }
  parallel_for(0, left.height, 32, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    RowCosts costs(left, right, params);
    std::vector<int> least;
    for (std::ptrdiff_t row = first; row < last; ++row) {
      const int r = static_cast<int>(row);
      row == first ? costs.start(r) : costs.next(r);
      choose(costs, params, r, left.width, out, least);
    }
  });
  check(left, params, out);
}

}  // namespace cvlab
