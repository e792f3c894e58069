// Random numbers that depend on nothing but seed, stream and position: the same natively and in WASM, on every run.
// Source: Philox4x32-10, J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace cvlab {

class Rng {
 public:
  // Streams of one seed are independent of each other: one for each thing that draws (initial weights, noise,
  // shuffling).
  explicit Rng(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint32_t bits();                     // 32 random bits
  double uniform();                         // [0, 1), 53 random bits
  double uniform(double low, double high);  // [low, high)
  double normal(double mean = 0.0, double deviation = 1.0);
  std::uint32_t below(std::uint32_t bound);  // 0 .. bound - 1, every one equally likely; bound >= 1

  template <class T>
  void shuffle(std::span<T> items) {  // Fisher, Yates
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(static_cast<std::uint32_t>(i))]);
  }

  // Where the generator stands, in words of 32 bits drawn; jumping there costs nothing.
  std::uint64_t position() const { return position_; }
  void seek(std::uint64_t position);

  using Block = std::array<std::uint32_t, 4>;
  static Block philox(Block counter, std::array<std::uint32_t, 2> key);

 private:
  std::uint64_t seed_, stream_;
  std::uint64_t position_ = 0;
  Block block_{};
};

// x with P(N(0, 1) <= x) = p, 0 < p < 1, to 1e-15. Source: M. Wichura, algorithm AS 241, Applied Statistics 37, 1988.
double normal_quantile(double p);

}  // namespace cvlab
