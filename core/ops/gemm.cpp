#include "core/ops/gemm.hpp"

namespace cvlab {

template <class T>
void gemm_ref(bool transpose_a, bool transpose_b, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k, const T* a,
              std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, T* c, std::ptrdiff_t ldc, bool accumulate) {
  for (std::ptrdiff_t i = 0; i < m; ++i) {
    for (std::ptrdiff_t j = 0; j < n; ++j) {
      T sum = accumulate ? c[i * ldc + j] : T(0);
      for (std::ptrdiff_t p = 0; p < k; ++p)
        sum += (transpose_a ? a[p * lda + i] : a[i * lda + p]) * (transpose_b ? b[j * ldb + p] : b[p * ldb + j]);
      c[i * ldc + j] = sum;
    }
  }
}

template void gemm_ref<float>(bool, bool, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t, const float*, std::ptrdiff_t,
                              const float*, std::ptrdiff_t, float*, std::ptrdiff_t, bool);
template void gemm_ref<double>(bool, bool, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t, const double*,
                               std::ptrdiff_t, const double*, std::ptrdiff_t, double*, std::ptrdiff_t, bool);

}  // namespace cvlab
