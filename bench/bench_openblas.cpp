// bench_openblas [threads]: the matrix products by OpenBLAS. OPENBLAS_CORETYPE=Haswell keeps it to AVX2.
#include <cblas.h>

#include <cstdlib>

#include "bench/cases.hpp"

extern "C" void openblas_set_num_threads(int);

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  openblas_set_num_threads(threads);
  for (int n : bench::product_sizes) {
    std::vector<float> a(static_cast<std::size_t>(n) * static_cast<std::size_t>(n)), b(a.size()), c(a.size());
    bench::fill(a.data(), a.size());
    bench::fill(b.data(), b.size());
    bench::report(
        "OpenBLAS", bench::product_name(n), threads,
        [&] {
          cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0f, a.data(), n, b.data(), n, 0.0f,
                      c.data(), n);
        },
        bench::product_flop(n));
  }
}
