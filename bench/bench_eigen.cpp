// bench_eigen [threads]: the matrix products by Eigen, compiled for AVX2 with FMA, its own threads through OpenMP.
#include <Eigen/Core>
#include <cstdlib>

#include "bench/cases.hpp"

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  Eigen::setNbThreads(threads);
  for (int n : bench::product_sizes) {
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Matrix a(n, n), b(n, n), c(n, n);
    bench::fill(a.data(), static_cast<std::size_t>(a.size()));
    bench::fill(b.data(), static_cast<std::size_t>(b.size()));
    bench::report(
        "Eigen", bench::product_name(n), threads, [&] { c.noalias() = a * b; }, bench::product_flop(n));
  }
}
