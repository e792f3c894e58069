// gemm: its definition against arithmetic done by hand, and the fast one against the definition at every size that
// straddles lanes, tiles and cache blocks, for every instruction set that this machine has.
#include "core/ops/gemm.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "core/parallel/parallel_for.hpp"
#include "core/simd/dispatch.hpp"
#include "tests/core/gradient_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

using Index = std::ptrdiff_t;

std::vector<simd::InstructionSet> instruction_sets() {
  std::vector<simd::InstructionSet> sets;
  for (auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512})
    if (set <= simd::supported_instruction_set()) sets.push_back(set);
  if (sets.empty()) sets.push_back(simd::supported_instruction_set());
  return sets;
}

// Both sum the same k products below 1 in another order: a few roundings of a sum below k.
double tolerance(Index k) { return 1e-6 * static_cast<double>(k + 4); }

// Matrices lie in wider rows, filled with a value that must not matter (A, B) or must stay (C).
struct Product {
  bool transpose_a, transpose_b;
  Index m, n, k, extra;
  bool accumulate;
};

Tensor matrix(Index rows, Index columns, Index extra, Rng& rng) {
  Tensor t = random_tensor({rows, columns + extra}, rng);
  for (Index i = 0; i < rows; ++i)
    for (Index j = columns; j < columns + extra; ++j) t(i, j) = NAN;
  return t;
}

void check(const Product& p, Rng& rng) {
  const Tensor a = p.transpose_a ? matrix(p.k, p.m, p.extra, rng) : matrix(p.m, p.k, p.extra, rng);
  const Tensor b = p.transpose_b ? matrix(p.n, p.k, p.extra, rng) : matrix(p.k, p.n, p.extra, rng);
  Tensor c = random_tensor({p.m, p.n + p.extra}, rng), expected = c;
  gemm_ref<float>(p.transpose_a, p.transpose_b, p.m, p.n, p.k, a.data(), a.size(1), b.data(), b.size(1),
                  expected.data(), expected.size(1), p.accumulate);
  gemm(p.transpose_a, p.transpose_b, p.m, p.n, p.k, a.data(), a.size(1), b.data(), b.size(1), c.data(), c.size(1),
       p.accumulate);
  INFO(p.m << "x" << p.n << "x" << p.k << ", transposed " << p.transpose_a << p.transpose_b << ", extra " << p.extra
           << ", accumulate " << p.accumulate << ", " << simd::name(simd::instruction_set()));
  REQUIRE(largest_difference(c, expected) <= tolerance(p.k));
}

void check_all_kinds(Index m, Index n, Index k, Rng& rng) {
  for (bool transpose_a : {false, true})
    for (bool transpose_b : {false, true})
      for (Index extra : {0, 3})
        for (bool accumulate : {false, true}) check({transpose_a, transpose_b, m, n, k, extra, accumulate}, rng);
}

}  // namespace

TEST_CASE("gemm: small products by hand", "[core][gemm]") {
  const std::array a = {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f};               // (2, 3), or (3, 2) to be transposed
  const std::array b = {1.0f, 0.0f, 2.0f, 1.0f, 0.0f, 3.0f};               // (3, 2), or (2, 3)
  const std::array<std::array<float, 4>, 4> expected = {{{5, 11, 14, 23},  // 1 2 3 / 4 5 6  times 1 0 / 2 1 / 0 3
                                                         {7, 10, 16, 22},  // … times (1 0 2 / 1 0 3)^T
                                                         {7, 18, 10, 22},  // (1 2 / 3 4 / 5 6)^T times 1 0 / 2 1 / 0 3
                                                         {11, 16, 14, 20}}};  // both
  for (const auto product : {&gemm_ref<float>, &gemm}) {
    for (std::size_t kind = 0; kind < 4; ++kind) {
      const bool transpose_a = kind >= 2, transpose_b = kind % 2 == 1;
      std::array<float, 4> c = {100, 100, 100, 100};
      product(transpose_a, transpose_b, 2, 2, 3, a.data(), transpose_a ? 2 : 3, b.data(), transpose_b ? 3 : 2, c.data(),
              2, false);
      CHECK(c == expected[kind]);
      product(transpose_a, transpose_b, 2, 2, 3, a.data(), transpose_a ? 2 : 3, b.data(), transpose_b ? 3 : 2, c.data(),
              2, true);
      for (std::size_t i = 0; i < 4; ++i) CHECK(c[i] == 2 * expected[kind][i]);
    }
  }
}

TEST_CASE("gemm: nothing to sum, nothing to write", "[core][gemm]") {
  const std::array<float, 4> before = {1, 2, 3, 4};
  for (const auto product : {&gemm_ref<float>, &gemm}) {
    std::array<float, 4> c = before;
    product(false, false, 2, 2, 0, nullptr, 1, nullptr, 2, c.data(), 2, true);
    CHECK(c == before);
    product(false, false, 0, 2, 2, nullptr, 2, before.data(), 2, c.data(), 2, false);
    product(false, false, 2, 0, 2, before.data(), 2, nullptr, 1, c.data(), 2, false);
    CHECK(c == before);
    product(false, false, 2, 2, 0, nullptr, 1, nullptr, 2, c.data(), 2, false);
    CHECK(c == std::array<float, 4>{});
  }
}

TEST_CASE("gemm fast: sizes around the lanes and tiles", "[core][gemm][fast]") {
  for (simd::InstructionSet set : instruction_sets()) {
    simd::limit(set);
    Rng rng(1);
    for (Index m : {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 17, 29})
      for (Index n : {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 50, 65})
        for (Index k : {1, 2, 5, 16, 33}) check_all_kinds(m, n, k, rng);
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("gemm fast: sizes around the cache blocks", "[core][gemm][fast]") {
  for (simd::InstructionSet set : instruction_sets()) {
    simd::limit(set);
    Rng rng(2);
    check_all_kinds(67, 131, 259, rng);
    check_all_kinds(150, 97, 65, rng);
    check_all_kinds(1, 500, 300, rng);
    check_all_kinds(300, 1, 500, rng);
    check_all_kinds(64, 10, 400, rng);
    check({false, false, 200, 610, 523, 0, true}, rng);
    check({true, true, 400, 130, 1030, 5, false}, rng);
    check({false, true, 33, 1100, 600, 0, false}, rng);
    check({true, false, 513, 65, 390, 0, true}, rng);
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("gemm fast: a batch is its products", "[core][gemm][fast]") {
  Rng rng(3);
  const Tensor a = random_tensor({5, 9, 14}, rng), b = random_tensor({5, 21, 14}, rng);
  Tensor c = random_tensor({5, 9, 21}, rng), expected = c;
  gemm_batch(5, false, true, 9, 21, 14, a.data(), 14, 9 * 14, b.data(), 14, 21 * 14, c.data(), 21, 9 * 21, true);
  for (Index i = 0; i < 5; ++i)
    gemm_ref<float>(false, true, 9, 21, 14, &a(i, 0, 0), 14, &b(i, 0, 0), 14, &expected(i, 0, 0), 21, true);
  CHECK(largest_difference(c, expected) <= tolerance(14));
}

TEST_CASE("gemm fast: the number of threads changes no bit", "[core][gemm][fast][parallel]") {
  Rng rng(4);
  const Tensor a = random_tensor({210, 333}, rng), b = random_tensor({333, 190}, rng);
  const auto run = [&](int threads) {
    set_thread_count(threads);
    Tensor c({210, 190});
    gemm(false, false, 210, 190, 333, a.data(), 333, b.data(), 190, c.data(), 190, false);
    return c;
  };
  const Tensor one = run(1), three = run(3);
  set_thread_count(0);
  CHECK(one == three);
}

TEST_CASE("gemm: the gradients that its header names", "[core][gemm][gradient]") {
  using Tensor64 = BasicTensor<double>;
  Rng rng(5);
  const Index m = 4, n = 3, k = 5;
  Tensor64 a = random_tensor<double>({m, k}, rng), b = random_tensor<double>({k, n}, rng), c({m, n});
  const Tensor64 dc = random_tensor<double>({m, n}, rng);
  const auto loss = [&] {
    gemm_ref<double>(false, false, m, n, k, a.data(), k, b.data(), n, c.data(), n, false);
    return weighted_sum(c, dc);
  };
  Tensor64 da({m, k}), db({k, n});
  gemm_ref<double>(false, true, m, k, n, dc.data(), n, b.data(), n, da.data(), k, true);
  gemm_ref<double>(true, false, k, n, m, a.data(), k, dc.data(), n, db.data(), n, true);
  CHECK(gradient_error(a, da, loss) < gradient_tolerance);
  CHECK(gradient_error(b, db, loss) < gradient_tolerance);
}
