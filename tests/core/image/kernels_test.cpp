#include "core/image/kernels.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

using namespace cvlab;

namespace {

double sum(const Tensor& t) {
  double total = 0;
  for (std::ptrdiff_t i = 0; i < t.count(); ++i) total += static_cast<double>(t.data()[i]);
  return total;
}

std::vector<float> values(const Tensor& t) { return {t.data(), t.data() + t.count()}; }

}  // namespace

TEST_CASE("kernels: sums say what they do to the brightness, at every size", "[core][kernels]") {
  for (int rows = 1; rows <= max_kernel_size; ++rows) {
    for (int columns = 1; columns <= max_kernel_size; ++columns) {
      for (auto kind : {KernelKind::mean, KernelKind::identity, KernelKind::shift, KernelKind::gaussian})
        CHECK(std::abs(sum(make_kernel(kind, rows, columns)) - 1.0) < 1e-5);
      if (rows < 3 || columns < 3) continue;
      for (auto kind : {KernelKind::sharpen, KernelKind::emboss}) CHECK(sum(make_kernel(kind, rows, columns)) == 1.0);
      for (auto kind : {KernelKind::sobel_x, KernelKind::sobel_y, KernelKind::laplacian})
        CHECK(sum(make_kernel(kind, rows, columns)) == 0.0);
    }
  }
}

TEST_CASE("kernels: the 3x3 ones as printed in every book", "[core][kernels][golden]") {
  using V = std::vector<float>;
  CHECK(values(make_kernel(KernelKind::mean, 3, 3)) == V(9, 1.0f / 9));
  CHECK(values(make_kernel(KernelKind::identity, 3, 3)) == V{0, 0, 0, 0, 1, 0, 0, 0, 0});
  CHECK(values(make_kernel(KernelKind::shift, 3, 3)) == V{0, 0, 0, 1, 0, 0, 0, 0, 0});
  CHECK(values(make_kernel(KernelKind::sharpen, 3, 3)) == V{0, -1, 0, -1, 5, -1, 0, -1, 0});
  CHECK(values(make_kernel(KernelKind::sobel_x, 3, 3)) == V{-1, 0, 1, -2, 0, 2, -1, 0, 1});
  CHECK(values(make_kernel(KernelKind::sobel_y, 3, 3)) == V{-1, -2, -1, 0, 0, 0, 1, 2, 1});
  CHECK(values(make_kernel(KernelKind::laplacian, 3, 3)) == V{0, 1, 0, 1, -4, 1, 0, 1, 0});
}

TEST_CASE("kernels: 3x3 in the middle of a larger one, cropped in a smaller one", "[core][kernels]") {
  const Tensor large = make_kernel(KernelKind::sobel_x, 5, 6);
  CHECK(large(1, 1) == -1);
  CHECK(large(2, 3) == 2);
  CHECK(large(2, 0) == 0);
  CHECK(large(4, 5) == 0);
  CHECK(values(make_kernel(KernelKind::sharpen, 1, 1)) == std::vector<float>{5});
  CHECK(values(make_kernel(KernelKind::sharpen, 1, 3)) == std::vector<float>{-1, 5, -1});
  CHECK(values(make_kernel(KernelKind::identity, 2, 2)) == std::vector<float>{1, 0, 0, 0});
}

TEST_CASE("kernels: motion blur is a diagonal of equal weights", "[core][kernels]") {
  const Tensor three = make_kernel(KernelKind::motion, 3, 5);
  CHECK(three(0, 1) == 1.0f / 3);
  CHECK(three(1, 2) == 1.0f / 3);
  CHECK(three(2, 3) == 1.0f / 3);
  CHECK(std::abs(sum(three) - 1.0) < 1e-6);
  CHECK(values(make_kernel(KernelKind::motion, 1, 1)) == std::vector<float>{1});
}

TEST_CASE("kernels: the same weights in another size", "[core][kernels]") {
  const Tensor sharpen = make_kernel(KernelKind::sharpen, 3, 3);
  const Tensor large = centred_kernel(sharpen.view(), 5, 7);
  CHECK(values(large) == values(make_kernel(KernelKind::sharpen, 5, 7)));
  CHECK(values(centred_kernel(large.view(), 3, 3)) == values(sharpen));
  CHECK(values(centred_kernel(sharpen.view(), 1, 1)) == std::vector<float>{5});
}

TEST_CASE("kernels: Gaussian by its formula", "[core][kernels]") {
  for (double sigma : {0.3, 1.0, 2.5}) {
    const Tensor g = make_kernel(KernelKind::gaussian, 7, 5, sigma);
    const auto ratio = [&](double y, double x) { return std::exp(-(x * x + y * y) / (2 * sigma * sigma)); };
    for (int k = 0; k < 7; ++k)
      for (int l = 0; l < 5; ++l) CHECK(std::abs(static_cast<double>(g(k, l) / g(3, 2)) - ratio(k - 3, l - 2)) < 1e-6);
  }
  const Tensor even = make_kernel(KernelKind::gaussian, 4, 4);
  CHECK(even(1, 1) == even(2, 2));
  CHECK(even(0, 3) == even(3, 0));
  for (int n = 1; n <= 4; ++n) {  // so narrow that every cell but the middle ones is 0
    const Tensor narrow = make_kernel(KernelKind::gaussian, n, n, 1e-3);
    CHECK(std::abs(sum(narrow) - 1.0) < 1e-6);
    CHECK(narrow((n - 1) / 2, (n - 1) / 2) == (n % 2 ? 1.0f : 0.25f));
  }
}
