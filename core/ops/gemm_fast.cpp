#include "core/ops/gemm.hpp"

namespace cvlab {

void gemm(bool transpose_a, bool transpose_b, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k, const float* a,
          std::ptrdiff_t lda, const float* b, std::ptrdiff_t ldb, float* c, std::ptrdiff_t ldc, bool accumulate) {
  gemm_ref<float>(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
}

void gemm_batch(std::ptrdiff_t count, bool transpose_a, bool transpose_b, std::ptrdiff_t m, std::ptrdiff_t n,
                std::ptrdiff_t k, const float* a, std::ptrdiff_t lda, std::ptrdiff_t a_step, const float* b,
                std::ptrdiff_t ldb, std::ptrdiff_t b_step, float* c, std::ptrdiff_t ldc, std::ptrdiff_t c_step,
                bool accumulate) {
  for (std::ptrdiff_t i = 0; i < count; ++i)
    gemm(transpose_a, transpose_b, m, n, k, a + i * a_step, lda, b + i * b_step, ldb, c + i * c_step, ldc, accumulate);
}

}  // namespace cvlab
