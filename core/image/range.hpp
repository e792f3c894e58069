// The range of values that a picture of a tensor should span.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

// The smallest m with |v| <= m for at least the fraction q (0..1) of the values; NaN counts as 0. 0 for an empty view.
// `values` is contiguous.
float absolute_quantile(ConstView values, double q);

}  // namespace cvlab
