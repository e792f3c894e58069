// Fast equals reference: over every instruction set this machine has, and sizes that straddle its lanes.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "core/simd/dispatch.hpp"
#include "tests/core/gradient_check.hpp"

namespace cvlab::test {

// A few roundings of numbers around 1; sums of n numbers get n times as much where a test says so.
inline constexpr double fast_tolerance = 4e-6;

// The largest difference, relative where the expected number is above 1; equal NaNs and infinities count as equal.
inline double relative_difference(ConstView out, ConstView expected) {
  if (!(out.shape() == expected.shape())) return INFINITY;
  double worst = 0.0;
  for (std::ptrdiff_t i = 0; i < out.count(); ++i) {
    const double a = static_cast<double>(out.data()[i]), b = static_cast<double>(expected.data()[i]);
    if (a == b || (std::isnan(a) && std::isnan(b))) continue;
    const double difference = std::abs(a - b) / std::max(1.0, std::abs(b));
    worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
  }
  return worst;
}

inline double relative_difference(const Tensor& out, const Tensor& expected) {
  return relative_difference(out.view(), expected.view());
}

// check(lanes) with each instruction set in force.
template <class Check>
void for_each_instruction_set(Check&& check) {
  using simd::InstructionSet;
  bool any = false;
  for (InstructionSet set : {InstructionSet::sse2, InstructionSet::avx2, InstructionSet::avx512}) {
    if (set > simd::supported_instruction_set()) continue;
    any = true;
    simd::limit(set);
    INFO(simd::name(simd::instruction_set()));
    check(std::ptrdiff_t{set == InstructionSet::avx512 ? 16 : set == InstructionSet::avx2 ? 8 : 4});
  }
  simd::limit(InstructionSet::avx512);
  if (!any) check(std::ptrdiff_t{4});
}

inline std::vector<std::ptrdiff_t> sizes_around(std::ptrdiff_t w) {
  return {0, 1, 2, w - 1, w, w + 1, 3 * w + 2, 8 * w + 3};
}

// Numbers in -1 .. 1 that keep `distance` from 0: away from the kinks of ReLU and its like.
template <class T>
BasicTensor<T> away_from_zero(const Shape& shape, Rng& rng, double distance = 0.01) {
  BasicTensor<T> tensor(shape);
  for (std::ptrdiff_t i = 0; i < tensor.count(); ++i) {
    const double v = rng.uniform(distance, 1.0);
    tensor.data()[i] = static_cast<T>(rng.bits() & 1 ? v : -v);
  }
  return tensor;
}

// All different by at least 1e-2 (below 100 elements a row of values), in random order: no two compete for a maximum.
template <class T>
BasicTensor<T> distinct(const Shape& shape, Rng& rng) {
  BasicTensor<T> tensor(shape);
  for (std::ptrdiff_t i = 0; i < tensor.count(); ++i)
    tensor.data()[i] = (static_cast<T>(i) - static_cast<T>(tensor.count()) / 2) * T(0.01);
  rng.shuffle(std::span<T>(tensor.data(), static_cast<std::size_t>(tensor.count())));
  return tensor;
}

using Tensor64 = BasicTensor<double>;

}  // namespace cvlab::test
