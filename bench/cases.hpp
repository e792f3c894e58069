// The products and convolutions that bench_kernels and its peers all compute.
#pragma once

#include <string>

#include "bench/timing.hpp"

namespace bench {

inline constexpr int product_sizes[] = {16, 32, 64, 128, 256, 512, 1024};  // square matrices, C = A B, row-major
inline std::string product_name(int n) { return "sgemm " + std::to_string(n); }
inline double product_flop(int n) { return 2.0 * n * n * n; }

struct Convolution {
  const char* name;
  int samples, channels, outputs, size, kernel, padding;
  int out_size() const { return size + 2 * padding - kernel + 1; }
  double flop() const { return 2.0 * samples * outputs * out_size() * out_size() * channels * kernel * kernel; }
};
inline constexpr Convolution convolutions[] = {{"conv 3x3 56x56x64->64 b1", 1, 64, 64, 56, 3, 1},
                                               {"conv 3x3 56x56x64->64 b8", 8, 64, 64, 56, 3, 1},
                                               {"conv 3x3 28x28x1->8 b32", 32, 1, 8, 28, 3, 0},
                                               {"conv 3x3 13x13x8->16 b32", 32, 8, 16, 13, 3, 0},
                                               {"conv 5x5 14x14x32->64 b64", 64, 32, 64, 14, 5, 2}};
inline constexpr const char* forward = ", forward";
inline constexpr const char* backward_data = ", backward data";
inline constexpr const char* backward_weights = ", backward weights";  // and bias

// Numbers around 0 that no library can make short work of.
inline void fill(float* data, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) data[i] = value(static_cast<unsigned>(i)) / 255.0f - 0.5f;
}

}  // namespace bench
