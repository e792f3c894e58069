// Discrete Fourier transform, of any size:
//   F(k) = sum_n f(n) exp(-2 pi i k n / N)        f(n) = 1/N sum_k F(k) exp(+2 pi i k n / N)
// in two dimensions along the rows and then along the columns. Sizes that are powers of two take N log N steps by
// halving, all others by Bluestein's convolution.
// Sources: J. Cooley, J. Tukey, Mathematics of Computation 19, 1965; L. Bluestein, IEEE Trans. Audio 18, 1970.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "core/tensor/tensor.hpp"

namespace cvlab {

using Complex = std::complex<double>;

// The sum as it is written above, N^2 steps. `inverse`: the second formula.
std::vector<Complex> fourier_ref(std::span<const Complex> values, bool inverse = false);
// The same, fast, in place.
void fourier(std::span<Complex> values, bool inverse = false);

struct Spectrum {
  int rows = 0, columns = 0;
  std::vector<Complex> values;  // row-major; frequency (0, 0) first
  const Complex& at(int row, int column) const {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)];
  }
};

Spectrum fourier_2d(ConstView plane);             // (H, W)
Tensor inverse_fourier_2d(const Spectrum& from);  // the real part, (H, W)

// Magnitudes with frequency 0 in the middle, cell (rows / 2, columns / 2) as NumPy's fftshift: (H, W). Logarithmic:
// ln(1 + |F|), so that more than the strongest is seen.
Tensor centred_magnitude(const Spectrum& spectrum, bool logarithmic);

}  // namespace cvlab
