// The fast gemm. Blocks of B are packed once into panels as wide as a tile and shared by all threads; A is read where
// it lies. Small products read B where it lies too.
#include <algorithm>
#include <vector>

#include "core/ops/gemm.hpp"
#include "core/ops/gemm_kernel.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/tensor/aligned_allocator.hpp"

namespace cvlab {

namespace {

using gemm_kernel::Block;
using gemm_kernel::Pack;
using gemm_kernel::Table;
using Index = std::ptrdiff_t;

constexpr Index block_k = 384;            // a panel of B (24 KB with AVX2) and a tile of A stay in the first cache
constexpr Index block_n = 2048;           // a block of B (2.6 MB) stays in the outer caches
constexpr Index least_work = 1 << 19;     // products worth waking a thread for
constexpr Index least_columns = 192;      // from so many on A is packed
constexpr Index direct_floats = 1 << 13;  // B is read in place when all of it stays in the first cache

constexpr Index round_up(Index n, Index multiple) { return (n + multiple - 1) / multiple * multiple; }

using Memory = std::vector<float, AlignedAllocator<float>>;

float* grown(Memory& memory, Index count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

struct Scratch {
  Memory panels, last, rows;
};

Scratch& scratch() {
  thread_local Scratch mine;
  return mine;
}

struct Product {
  bool transpose_a, transpose_b;
  Index m, n, k;
  const float* a;
  Index lda;
  const float* b;
  Index ldb;
  float* c;
  Index ldc;
  bool accumulate;

  const float* a_at(Index i, Index p) const { return transpose_a ? a + p * lda + i : a + i * lda + p; }
  const float* b_at(Index p, Index j) const { return transpose_b ? b + j * ldb + p : b + p * ldb + j; }
  Block block(Index first_row, Index rows, Index j, Index columns, Index p, Index depth) const {
    return {rows,
            columns,
            depth,
            a_at(first_row, p),
            transpose_a ? 1 : lda,
            transpose_a ? lda : 1,
            false,
            nullptr,
            0,
            0,
            nullptr,
            c + first_row * ldc + j,
            ldc,
            accumulate || p > 0};
  }
};

void pack_panel(const Table& kernel, const Product& product, Index p, Index depth, Index j, Index columns, float* to) {
  const Pack work = {product.b_at(p, j), product.ldb, depth, columns, to, round_up(columns, kernel.lanes)};
  (product.transpose_b ? kernel.pack_transposed : kernel.pack)(work);
}

// B where it lies; only columns that do not fill a vector are copied, because whole vectors are read.
void multiply_directly(const Table& kernel, const Product& product) {
  Block work = product.block(0, product.m, 0, product.n, 0, product.k);
  work.b = product.b;
  work.b_row = product.ldb;
  work.b_tile = kernel.width;
  if (product.n % kernel.lanes != 0) {
    const Index first = (product.n - 1) / kernel.width * kernel.width, columns = product.n - first;
    float* last = grown(scratch().last, product.k * kernel.width);
    pack_panel(kernel, product, 0, product.k, first, columns, last);
    work.b_last = last;
  }
  kernel.multiply(work);
}

// Rows of one piece: whole tiles, enough work for a thread's turn and, where there are many, so many that a panel in
// the first cache serves for a while.
Index piece_rows(const Table& kernel, Index rows, Index columns, Index depth) {
  const Index by_work = least_work / std::max<Index>(columns * depth, 1), by_cache = std::min<Index>(96, rows / 4);
  return round_up(std::max<Index>({by_work, by_cache, 1}), kernel.rows);
}

void multiply_block(const Table& kernel, const Product& product, Index p, Index depth, Index first, Index columns,
                    float* panels) {
  const Index panel_count = (columns + kernel.width - 1) / kernel.width;
  // Some rows of all panels before the next: neighbouring panels are neighbours in memory.
  const Index some = product.transpose_b ? depth : 32;
  const auto pack_panels = [&](Index from, Index to) {
    for (Index q = 0; q < depth; q += some)
      for (Index panel = from; panel < to; ++panel) {
        const Index j = panel * kernel.width, used = std::min(kernel.width, columns - j);
        pack_panel(kernel, product, p + q, std::min(some, depth - q), first + j, used,
                   panels + j * depth + q * round_up(used, kernel.lanes));
      }
  };
  const bool share = product.m * columns * depth >= 2 * least_work;
  parallel_for(0, panel_count, share ? std::max<Index>((1 << 17) / (depth * kernel.width), 1) : panel_count,
               pack_panels);
  const Index rows = piece_rows(kernel, product.m, columns, depth);
  const Index pieces = (product.m + rows - 1) / rows;
  parallel_for(0, pieces, share ? 1 : pieces, [&](Index from, Index to) {
    for (Index piece = from; piece < to; ++piece) {
      const Index i = piece * rows;
      Block work = product.block(i, std::min(rows, product.m - i), first, columns, p, depth);
      if (columns >= least_columns) {
        float* packed = grown(scratch().rows, work.m * depth + gemm_kernel::max_lanes);
        kernel.pack_rows(work, packed);
        work.a = packed;
        work.a_packed = true;
      }
      work.b = panels;
      work.b_row = kernel.width;
      work.b_tile = kernel.width * depth;
      work.b_last = panels + (panel_count - 1) * kernel.width * depth;
      kernel.multiply(work);
    }
  });
}

void multiply(const Product& product) {
  const Table& kernel = gemm_kernel::best();
  if (!product.transpose_b && (product.k * product.n <= direct_floats || product.m <= kernel.rows))
    return multiply_directly(kernel, product);
  const Index blocks = (product.k + block_k - 1) / block_k,
              depth = (product.k + blocks - 1) / blocks;  // of equal depth
  const Index most_columns = std::min(product.n, block_n);
  float* panels = grown(scratch().panels, round_up(most_columns, kernel.width) * depth);
  for (Index j = 0; j < product.n; j += block_n)
    for (Index p = 0; p < product.k; p += depth)
      multiply_block(kernel, product, p, std::min(depth, product.k - p), j, std::min(block_n, product.n - j), panels);
}

}  // namespace

void gemm(bool transpose_a, bool transpose_b, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k, const float* a,
          std::ptrdiff_t lda, const float* b, std::ptrdiff_t ldb, float* c, std::ptrdiff_t ldc, bool accumulate) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0) {
    if (!accumulate)
      for (Index i = 0; i < m; ++i) std::fill_n(c + i * ldc, n, 0.0f);
    return;
  }
  multiply({transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, accumulate});
}

void gemm_batch(std::ptrdiff_t count, bool transpose_a, bool transpose_b, std::ptrdiff_t m, std::ptrdiff_t n,
                std::ptrdiff_t k, const float* a, std::ptrdiff_t lda, std::ptrdiff_t a_step, const float* b,
                std::ptrdiff_t ldb, std::ptrdiff_t b_step, float* c, std::ptrdiff_t ldc, std::ptrdiff_t c_step,
                bool accumulate) {
  const Index work = std::max<Index>(m * n * k, 1);
  const Index grain = std::max<Index>(least_work / work, 1);
  const auto products = [&](Index first, Index last) {
    for (Index i = first; i < last; ++i)
      gemm(transpose_a, transpose_b, m, n, k, a + i * a_step, lda, b + i * b_step, ldb, c + i * c_step, ldc,
           accumulate);
  };
  if (work > 8 * least_work) return products(0, count);  // large ones share out their own rows
  parallel_for(0, count, grain, products);
}

}  // namespace cvlab
