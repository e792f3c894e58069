// The range of values that a picture of a tensor should span.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

// The smallest m with |v| <= m for at least the fraction q (0..1) of the values; NaN counts as 0. 0 for an empty view.
// `values` is contiguous.
float absolute_quantile(ConstView values, double q);

// The least and the greatest value; {0, 0} for an empty view. NaN counts as neither. `values` is contiguous.
struct ValueRange {
  float least = 0.0F;
  float greatest = 0.0F;
};
ValueRange value_range(ConstView values);

}  // namespace cvlab
