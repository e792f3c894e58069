#include "core/rng.hpp"

#include <cassert>
#include <cmath>

namespace cvlab {

namespace {

std::uint32_t low_word(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high_word(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

// log(x) for 0 < x <= 1 from additions, products and quotients alone: the C library's may differ in the last bit
// between machines, and then every number drawn after it would.
double exact_log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2.0;
    --exponent;
  }
  const double s = (mantissa - 1.0) / (mantissa + 1.0), s2 = s * s;
  double series = 0.0;  // log(mantissa) = 2 (s + s^3/3 + s^5/5 + …), |s| <= 0.172
  for (int k = 23; k >= 1; k -= 2) series = series * s2 + 1.0 / k;
  return exponent * 0.69314718055994530942 + 2.0 * s * series;
}

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) {  // lowest power first
  double sum = 0.0;
  for (std::size_t i = N; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

using Coefficients = std::array<double, 8>;
constexpr Coefficients centre_above = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                       1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                       3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr Coefficients centre_below = {1.0,
                                       4.2313330701600911252e1,
                                       6.8718700749205790830e2,
                                       5.3941960214247511077e3,
                                       2.1213794301586595867e4,
                                       3.9307895800092710610e4,
                                       2.8729085735721942674e4,
                                       5.2264952788528545610e3};
constexpr Coefficients side_above = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                     3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                     2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr Coefficients side_below = {1.0,
                                     2.05319162663775882187e0,
                                     1.67638483018380384940e0,
                                     6.89767334985100004550e-1,
                                     1.48103976427480074590e-1,
                                     1.51986665636164571966e-2,
                                     5.47593808499534494600e-4,
                                     1.05075007164441684324e-9};
constexpr Coefficients tail_above = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                     2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr Coefficients tail_below = {1.0,
                                     5.99832206555887937690e-1,
                                     1.36929880922735805310e-1,
                                     1.48753612908506148525e-2,
                                     7.86869131145613259100e-4,
                                     1.84631831751005468180e-5,
                                     1.42151175831644588870e-7,
                                     2.04426310338993978564e-15};

}  // namespace

double normal_quantile(double p) {
  assert(p > 0.0 && p < 1.0 && "normal_quantile: p lies between 0 and 1");
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(centre_above, r) / polynomial(centre_below, r);
  }
  const double r = std::sqrt(-exact_log(q < 0.0 ? p : 1.0 - p));
  const double x = r <= 5.0 ? polynomial(side_above, r - 1.6) / polynomial(side_below, r - 1.6)
                            : polynomial(tail_above, r - 5.0) / polynomial(tail_below, r - 5.0);
  return q < 0.0 ? -x : x;
}

Rng::Rng(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

Rng::Block Rng::philox(Block counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0], b = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {high_word(b) ^ counter[1] ^ key[0], low_word(b), high_word(a) ^ counter[3] ^ key[1], low_word(a)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

std::uint32_t Rng::bits() {
  const std::uint64_t block = position_ / 4;
  if (position_ % 4 == 0)
    block_ = philox({low_word(block), high_word(block), low_word(stream_), high_word(stream_)},
                    {low_word(seed_), high_word(seed_)});
  return block_[position_++ % 4];
}

void Rng::seek(std::uint64_t position) {
  position_ = position / 4 * 4;
  while (position_ < position) bits();
}

double Rng::uniform() {
  const std::uint64_t high = bits() >> 5, low = bits() >> 6;  // 27 + 26 bits
  return static_cast<double>((high << 26) | low) * 0x1p-53;
}

double Rng::uniform(double low, double high) {
  const double x = low + (high - low) * uniform();
  return x < high ? x : low;  // the sum may round up to `high`
}

double Rng::normal(double mean, double deviation) {
  const std::uint64_t high = bits() >> 6,
                      low = bits() >> 6;  // 52 bits, so that the middle of a cell is exact: never 0 or 1
  return mean + deviation * normal_quantile((static_cast<double>((high << 26) | low) + 0.5) * 0x1p-52);
}

// Source: D. Lemire, "Fast random integer generation in an interval", 2019.
std::uint32_t Rng::below(std::uint32_t bound) {
  assert(bound >= 1 && "Rng::below: nothing lies below 0");
  std::uint64_t product = std::uint64_t{bits()} * bound;
  if (low_word(product) < bound) {
    const std::uint32_t threshold = (0u - bound) % bound;
    while (low_word(product) < threshold) product = std::uint64_t{bits()} * bound;
  }
  return high_word(product);
}

}  // namespace cvlab
