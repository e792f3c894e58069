#include "core/image/range.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace cvlab {

float absolute_quantile(ConstView values, double q) {
  assert(q >= 0.0 && q <= 1.0 && "a quantile is a fraction");
  const std::ptrdiff_t count = values.count();
  if (count == 0) return 0.0F;
  std::vector<float> magnitudes(static_cast<std::size_t>(count));
  std::transform(values.data(), values.data() + count, magnitudes.begin(),
                 [](float v) { return std::isnan(v) ? 0.0F : std::fabs(v); });
  const auto rank =
      std::max<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(std::ceil(q * static_cast<double>(count))), 1) - 1;
  std::nth_element(magnitudes.begin(), magnitudes.begin() + rank, magnitudes.end());
  return magnitudes[static_cast<std::size_t>(rank)];
}

// Side by side in lanes, so that the compiler makes vectors of it: a webcam frame asks for it each time.
ValueRange value_range(ConstView values) {
  constexpr std::size_t lanes = 16;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::array<float, lanes> least;
  std::array<float, lanes> greatest;
  least.fill(infinity);
  greatest.fill(-infinity);
  const auto count = static_cast<std::size_t>(values.count());
  const float* at = values.data();
  const auto take = [&](std::size_t lane, float v) {
    least[lane] = v < least[lane] ? v : least[lane];
    greatest[lane] = v > greatest[lane] ? v : greatest[lane];
  };
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) take(lane, at[i + lane]);
  }
  for (; i < count; ++i) take(0, at[i]);
  const ValueRange range{*std::min_element(least.begin(), least.end()),
                         *std::max_element(greatest.begin(), greatest.end())};
  return range.least <= range.greatest ? range : ValueRange{};
}

}  // namespace cvlab
