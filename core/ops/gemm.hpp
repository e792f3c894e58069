// Matrix product, row-major:  C = op(A) op(B), or C += op(A) op(B) with `accumulate`.   op(X) = X or its transpose
//
//   C(i, j) (+)= sum_p op(A)(i, p) * op(B)(p, j)      i < m, j < n, p < k
//
//   op(A) (m, k): a[i*lda + p], or with transpose_a a[p*lda + i].   op(B) (k, n): b[p*ldb + j], or with transpose_b
//   b[j*ldb + p].   C (m, n): c[i*ldc + j].   k = 0: C = 0, or unchanged with `accumulate`.
// A bias: fill the rows of C with it and accumulate. Gradients are products too, of C = A B:
//   dA += dC B^T: gemm(false, true, m, k, n, dC, B, dA, true)     dB += A^T dC: gemm(true, false, k, n, m, A, dC, dB,
//   true)
// C must not overlap A or B. Results do not depend on the number of threads.
// Source of the fast one's blocking: Goto, van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS
// 34(3), 2008; Van Zee, van de Geijn, "BLIS", ACM TOMS 41(3), 2015.
#pragma once

#include <cstddef>

namespace cvlab {

// The definition, readable, float and double.
template <class T>
void gemm_ref(bool transpose_a, bool transpose_b, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k, const T* a,
              std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, T* c, std::ptrdiff_t ldc, bool accumulate);

// The same, fast (SIMD, threads), in another order of summation. Scratch memory belongs to the calling threads and is
// kept for the next call.
void gemm(bool transpose_a, bool transpose_b, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k, const float* a,
          std::ptrdiff_t lda, const float* b, std::ptrdiff_t ldb, float* c, std::ptrdiff_t ldc, bool accumulate);

// `count` products of one size; the i-th has a + i*a_step, b + i*b_step, c + i*c_step. The C must not overlap.
void gemm_batch(std::ptrdiff_t count, bool transpose_a, bool transpose_b, std::ptrdiff_t m, std::ptrdiff_t n,
                std::ptrdiff_t k, const float* a, std::ptrdiff_t lda, std::ptrdiff_t a_step, const float* b,
                std::ptrdiff_t ldb, std::ptrdiff_t b_step, float* c, std::ptrdiff_t ldc, std::ptrdiff_t c_step,
                bool accumulate);

}  // namespace cvlab
