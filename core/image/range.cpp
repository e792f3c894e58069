#include "core/image/range.hpp"

#include <algorithm>
#include <cmath>
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

}  // namespace cvlab
