#include "core/image/fourier.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

constexpr double two_pi = 6.283185307179586;

// Without the special cases for infinities that std::complex's operator has.
Complex product(const Complex& a, const Complex& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

// exp(-2 pi i k / n) for k = 0 .. n/2 - 1.
std::vector<Complex> roots(std::size_t n) {
  std::vector<Complex> result(n / 2);
  for (std::size_t k = 0; k < result.size(); ++k) {
    const double angle = two_pi * static_cast<double>(k) / static_cast<double>(n);
    result[k] = {std::cos(angle), -std::sin(angle)};
  }
  return result;
}

// Size a power of two, forward, unscaled.
void halving(std::span<Complex> values, const std::vector<Complex>& root) {
  const std::size_t n = values.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n / 2;
    for (; (j & bit) != 0U; bit /= 2) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
  for (std::size_t half = 1; half < n; half *= 2) {
    const std::size_t stride = n / (2 * half);
    for (std::size_t start = 0; start < n; start += 2 * half) {
      for (std::size_t k = 0; k < half; ++k) {
        const Complex odd = product(values[start + half + k], root[k * stride]);
        const Complex even = values[start + k];
        values[start + k] = even + odd;
        values[start + half + k] = even - odd;
      }
    }
  }
}

// A transform of one size, ready to be repeated.
class Plan {
 public:
  explicit Plan(std::size_t n) : n_(n), power_((n & (n - 1)) == 0) {
    if (power_) {
      root_ = roots(n);
      return;
    }
    // k n = (k^2 + n^2 - (k - n)^2) / 2: a convolution with exp(i pi n^2 / N), done by a power of two.
    std::size_t size = 1;
    while (size < 2 * n - 1) size *= 2;
    root_ = roots(size);
    chirp_.resize(n);
    filter_.assign(size, Complex());
    scratch_.resize(size);
    for (std::size_t k = 0; k < n; ++k) {
      const auto square = static_cast<double>(static_cast<std::uint64_t>(k) * k % (2 * static_cast<std::uint64_t>(n)));
      const double angle = 0.5 * two_pi * square / static_cast<double>(n);
      chirp_[k] = {std::cos(angle), -std::sin(angle)};
      filter_[k] = std::conj(chirp_[k]);
      if (k > 0) filter_[size - k] = filter_[k];
    }
    halving(filter_, root_);
  }

  void run(std::span<Complex> values, bool inverse) {
    if (n_ < 2) return;
    if (inverse) conjugate(values, 1.0);
    if (power_) {
      halving(values, root_);
    } else {
      bluestein(values);
    }
    if (inverse) conjugate(values, 1.0 / static_cast<double>(n_));
  }

 private:
  static void conjugate(std::span<Complex> values, double scale) {
    for (Complex& v : values) v = {v.real() * scale, -v.imag() * scale};
  }

  void bluestein(std::span<Complex> values) {
    std::fill(scratch_.begin(), scratch_.end(), Complex());
    for (std::size_t k = 0; k < n_; ++k) scratch_[k] = product(values[k], chirp_[k]);
    halving(scratch_, root_);
    for (std::size_t k = 0; k < scratch_.size(); ++k) scratch_[k] = std::conj(product(scratch_[k], filter_[k]));
    halving(scratch_, root_);
    const double scale = 1.0 / static_cast<double>(scratch_.size());
    for (std::size_t k = 0; k < n_; ++k) values[k] = product(std::conj(scratch_[k]) * scale, chirp_[k]);
  }

  std::size_t n_;
  bool power_;
  std::vector<Complex> root_, chirp_, filter_, scratch_;
};

void both_ways(Spectrum& spectrum, bool inverse) {
  if (spectrum.values.empty()) return;
  const auto rows = static_cast<std::size_t>(spectrum.rows);
  const auto columns = static_cast<std::size_t>(spectrum.columns);
  Plan along(columns);
  for (std::size_t row = 0; row < rows; ++row) {
    along.run(std::span(spectrum.values).subspan(row * columns, columns), inverse);
  }
  Plan down(rows);
  std::vector<Complex> line(rows);
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t row = 0; row < rows; ++row) line[row] = spectrum.values[row * columns + column];
    down.run(line, inverse);
    for (std::size_t row = 0; row < rows; ++row) spectrum.values[row * columns + column] = line[row];
  }
}

}  // namespace

std::vector<Complex> fourier_ref(std::span<const Complex> values, bool inverse) {
  const std::size_t n = values.size();
  std::vector<Complex> result(n);
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      const double angle = (inverse ? two_pi : -two_pi) * static_cast<double>(static_cast<std::uint64_t>(k) * i % n) /
                           static_cast<double>(n);
      result[k] += product(values[i], {std::cos(angle), std::sin(angle)});
    }
    if (inverse) result[k] /= static_cast<double>(n);
  }
  return result;
}

void fourier(std::span<Complex> values, bool inverse) {
  if (!values.empty()) Plan(values.size()).run(values, inverse);
}

Spectrum fourier_2d(ConstView plane) {
  Spectrum spectrum{static_cast<int>(plane.size(0)), static_cast<int>(plane.size(1)), {}};
  spectrum.values.reserve(static_cast<std::size_t>(plane.count()));
  for (std::ptrdiff_t y = 0; y < plane.size(0); ++y) {
    for (std::ptrdiff_t x = 0; x < plane.size(1); ++x) {
      spectrum.values.emplace_back(static_cast<double>(plane(y, x)), 0.0);
    }
  }
  both_ways(spectrum, false);
  return spectrum;
}

Tensor inverse_fourier_2d(const Spectrum& from) {
  Spectrum spectrum = from;
  both_ways(spectrum, true);
  Tensor plane(Shape{spectrum.rows, spectrum.columns});
  std::transform(spectrum.values.begin(), spectrum.values.end(), plane.data(),
                 [](const Complex& v) { return static_cast<float>(v.real()); });
  return plane;
}

Tensor centred_magnitude(const Spectrum& spectrum, bool logarithmic) {
  Tensor plane(Shape{spectrum.rows, spectrum.columns});
  for (int row = 0; row < spectrum.rows; ++row) {
    for (int column = 0; column < spectrum.columns; ++column) {
      const Complex& value = spectrum.at(row, column);
      const double magnitude = std::sqrt(value.real() * value.real() + value.imag() * value.imag());
      plane((row + spectrum.rows / 2) % spectrum.rows, (column + spectrum.columns / 2) % spectrum.columns) =
          static_cast<float>(logarithmic ? std::log1p(magnitude) : magnitude);
    }
  }
  return plane;
}

}  // namespace cvlab
