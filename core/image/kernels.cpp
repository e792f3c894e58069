#include "core/image/kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cvlab {

namespace {

using Three = std::array<float, 9>;
constexpr Three sharpen = {0, -1, 0, -1, 5, -1, 0, -1, 0};
constexpr Three sobel_x = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
constexpr Three sobel_y = {-1, -2, -1, 0, 0, 0, 1, 2, 1};
constexpr Three laplacian = {0, 1, 0, 1, -4, 1, 0, 1, 0};
constexpr Three emboss = {-2, -1, 0, -1, 1, 1, 0, 1, 2};

int middle(int cells) { return (cells - 1) / 2; }

Tensor centred(const Three& values, int rows, int columns) {
  Tensor kernel({rows, columns});
  for (int k = 0; k < 3; ++k) {
    for (int l = 0; l < 3; ++l) {
      const int row = middle(rows) + k - 1, column = middle(columns) + l - 1;
      if (row >= 0 && row < rows && column >= 0 && column < columns)
        kernel(row, column) = values[static_cast<std::size_t>(3 * k + l)];
    }
  }
  return kernel;
}

Tensor gaussian(int rows, int columns, double sigma) {
  assert(sigma > 0.0 && "make_kernel: sigma is positive");
  // An even kernel has its middle between two cells: only there is the bell symmetric.
  const double centre_y = (rows - 1) / 2.0, centre_x = (columns - 1) / 2.0;
  // Measured from the cells nearest the middle, so that a very small sigma does not make every cell 0.
  const double nearest = (rows % 2 == 0 ? 0.25 : 0.0) + (columns % 2 == 0 ? 0.25 : 0.0);
  const auto bell = [&](int k, int l) {
    const double y = k - centre_y, x = l - centre_x;
    return std::exp(-(x * x + y * y - nearest) / (2.0 * sigma * sigma));
  };
  double sum = 0.0;
  for (int k = 0; k < rows; ++k)
    for (int l = 0; l < columns; ++l) sum += bell(k, l);
  Tensor kernel({rows, columns});
  for (int k = 0; k < rows; ++k)
    for (int l = 0; l < columns; ++l) kernel(k, l) = static_cast<float>(bell(k, l) / sum);
  return kernel;
}

}  // namespace

Tensor make_kernel(KernelKind kind, int rows, int columns, double sigma) {
  assert(rows >= 1 && rows <= max_kernel_size && columns >= 1 && columns <= max_kernel_size &&
         "make_kernel: 1x1 to 15x15");
  Tensor kernel({rows, columns});
  switch (kind) {
    case KernelKind::mean:
      return Tensor({rows, columns}, 1.0f / static_cast<float>(rows * columns));
    case KernelKind::identity:
      kernel(middle(rows), middle(columns)) = 1.0f;
      return kernel;
    case KernelKind::shift:
      kernel(middle(rows), 0) = 1.0f;
      return kernel;
    case KernelKind::sharpen:
      return centred(sharpen, rows, columns);
    case KernelKind::sobel_x:
      return centred(sobel_x, rows, columns);
    case KernelKind::sobel_y:
      return centred(sobel_y, rows, columns);
    case KernelKind::laplacian:
      return centred(laplacian, rows, columns);
    case KernelKind::emboss:
      return centred(emboss, rows, columns);
    case KernelKind::gaussian:
      return gaussian(rows, columns, sigma);
    case KernelKind::motion:
      for (int i = 0, n = std::min(rows, columns); i < n; ++i) {
        kernel(middle(rows) - middle(n) + i, middle(columns) - middle(n) + i) = 1.0f / static_cast<float>(n);
      }
      return kernel;
  }
  return kernel;
}

Tensor centred_kernel(ConstView kernel, int rows, int columns) {
  Tensor result({rows, columns});
  const int old_rows = static_cast<int>(kernel.size(0)), old_columns = static_cast<int>(kernel.size(1));
  for (int k = 0; k < old_rows; ++k) {
    for (int l = 0; l < old_columns; ++l) {
      const int row = k + middle(rows) - middle(old_rows), column = l + middle(columns) - middle(old_columns);
      if (row >= 0 && row < rows && column >= 0 && column < columns) result(row, column) = kernel(k, l);
    }
  }
  return result;
}

}  // namespace cvlab
