#include "core/rng.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

using namespace cvlab;

TEST_CASE("Rng: Philox4x32-10 gives the published numbers", "[core][rng][golden]") {
  // Random123 1.14, tests/kat_vectors.
  constexpr std::uint32_t f = 0xffffffffu;
  CHECK(Rng::philox({0, 0, 0, 0}, {0, 0}) == Rng::Block{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u});
  CHECK(Rng::philox({f, f, f, f}, {f, f}) == Rng::Block{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu});
  CHECK(Rng::philox({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, {0xa4093822u, 0x299f31d0u}) ==
        Rng::Block{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u});
}

TEST_CASE("Rng: seed, stream and position decide everything", "[core][rng]") {
  Rng a(7), b(7), other_seed(8), other_stream(7, 1);
  CHECK(a.bits() == b.bits());
  CHECK(a.bits() == b.bits());
  Rng c(7), d(7);
  CHECK(c.bits() != other_seed.bits());
  CHECK(d.bits() != other_stream.bits());
  // The first block is Philox of counter 0, stream, seed.
  const Rng::Block block = Rng::philox({0, 0, 5, 0}, {9, 1});
  Rng e(std::uint64_t{1} << 32 | 9, 5);
  for (std::uint32_t word : block) CHECK(e.bits() == word);
  std::vector<std::uint32_t> walked;
  walked.reserve(50);
  Rng f(3);
  for (int i = 0; i < 50; ++i) walked.push_back(f.bits());
  for (std::size_t position : {0U, 1U, 2U, 3U, 4U, 5U, 17U, 48U, 49U}) {
    f.seek(position);
    CHECK(f.position() == position);
    CHECK(f.bits() == walked[position]);
  }
}

TEST_CASE("Rng: uniform fills [0, 1) evenly", "[core][rng]") {
  Rng rng(1);
  std::array<int, 16> bins{};
  double sum = 0, squares = 0;
  constexpr int n = 200'000;
  for (int i = 0; i < n; ++i) {
    const double x = rng.uniform();
    REQUIRE((x >= 0.0 && x < 1.0));
    ++bins[static_cast<std::size_t>(x * 16)];
    sum += x;
    squares += x * x;
  }
  CHECK(std::abs(sum / n - 0.5) < 0.003);
  CHECK(std::abs(squares / n - 1.0 / 3.0) < 0.003);
  double chi2 = 0;
  for (int count : bins) chi2 += std::pow(count - n / 16.0, 2) / (n / 16.0);
  CHECK(chi2 < 37.7);  // 15 degrees of freedom, one in a thousand
  for (int i = 0; i < 1000; ++i) {
    const double x = rng.uniform(-3.0, 2.0);
    REQUIRE((x >= -3.0 && x < 2.0));
  }
}

TEST_CASE("Rng: the normal quantile has the published values", "[core][rng][golden]") {
  // M. Wichura, AS 241, table of check values.
  CHECK(std::abs(normal_quantile(0.25) - -0.6744897501960817) < 1e-15);
  CHECK(std::abs(normal_quantile(0.001) - -3.090232306167814) < 4e-15);
  CHECK(std::abs(normal_quantile(1e-20) - -9.262340089798408) < 1e-14);
  CHECK(normal_quantile(0.5) == 0.0);
  for (double p : {0.01, 0.07, 0.2, 0.4}) CHECK(std::abs(normal_quantile(p) + normal_quantile(1 - p)) < 1e-14);
}

TEST_CASE("Rng: normal has mean and deviation", "[core][rng]") {
  Rng rng(2);
  double sum = 0, squares = 0, inside = 0;
  constexpr int n = 200'000;
  for (int i = 0; i < n; ++i) {
    const double x = rng.normal(10.0, 2.0);
    REQUIRE(std::isfinite(x));
    sum += x;
    squares += (x - 10.0) * (x - 10.0);
    inside += std::abs(x - 10.0) < 2.0;
  }
  CHECK(std::abs(sum / n - 10.0) < 0.02);
  CHECK(std::abs(squares / n - 4.0) < 0.06);
  CHECK(std::abs(inside / n - 0.682689) < 0.005);
}

TEST_CASE("Rng: these very numbers, on every machine", "[core][rng]") {
  // Built of operations that IEEE 754 fixes to the bit. The hash is computed by tests/data/make_rng.py, in Python.
  Rng rng(2024);
  std::uint64_t hash = 1469598103934665603u;
  for (int i = 0; i < 10'000; ++i) {
    const double x = rng.normal();
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    hash = (hash ^ bits) * 1099511628211u;
  }
  CHECK(hash == 0x1927b2f00bda80b8u);
  // Where no draw comes: the last pair of polynomials.
  const std::pair<double, double> tail[] = {{1e-12, -7.034483825301132},
                                            {1e-15, -7.941345326170995},
                                            {1e-30, -11.464024688443617},
                                            {1e-100, -21.27345356096532},
                                            {1e-300, -37.0470962993612}};
  for (const auto& [p, x] : tail) CHECK(normal_quantile(p) == x);
}

TEST_CASE("Rng: below is fair and shuffle reaches every order", "[core][rng]") {
  Rng rng(3);
  for (std::uint32_t bound : {1u, 2u, 3u, 10u, 0x80000001u})
    for (int i = 0; i < 100; ++i) REQUIRE(rng.below(bound) < bound);
  std::array<int, 6> dice{};
  for (int i = 0; i < 60'000; ++i) ++dice[rng.below(6)];
  for (int count : dice) CHECK(std::abs(count - 10'000) < 400);
  std::set<std::array<int, 4>> orders;
  for (int i = 0; i < 1000; ++i) {
    std::array<int, 4> items = {1, 2, 3, 4};
    rng.shuffle(std::span<int>(items));
    orders.insert(items);
    std::array<int, 4> sorted = items;
    std::sort(sorted.begin(), sorted.end());
    REQUIRE(sorted == std::array<int, 4>{1, 2, 3, 4});
  }
  CHECK(orders.size() == 24);
}
