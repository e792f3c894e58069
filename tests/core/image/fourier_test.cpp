#include "core/image/fourier.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/rng.hpp"
#include "tests/core/reference_data.hpp"

using namespace cvlab;
using namespace cvlab::test;
using Catch::Matchers::WithinAbs;

TEST_CASE("fourier: fast = the sum, every size up to 40 and back again", "[core][fourier]") {
  Rng rng(4);
  for (std::size_t n = 1; n <= 40; ++n) {
    std::vector<Complex> values(n);
    for (Complex& v : values) v = {rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)};
    const std::vector<Complex> want = fourier_ref(values);
    std::vector<Complex> got = values;
    fourier(got);
    for (std::size_t k = 0; k < n; ++k) {
      INFO(n << ' ' << k);
      CHECK(std::abs(got[k] - want[k]) < 1e-11);
    }
    fourier(got, true);
    const std::vector<Complex> back = fourier_ref(want, true);
    for (std::size_t k = 0; k < n; ++k) {
      CHECK(std::abs(got[k] - values[k]) < 1e-11);
      CHECK(std::abs(back[k] - values[k]) < 1e-11);
    }
  }
  fourier({});
}

TEST_CASE("fourier: pictures as NumPy's fft2", "[core][fourier][numpy]") {
  for (const char* name : {"16x32", "15x21", "1x7", "12x1", "13x16"}) {
    const Tensor plane = reference(std::string("motion/fourier-") + name + ".npy");
    const Tensor want = reference(std::string("motion/fourier-") + name + "-out.npy");  // real rows, then imaginary
    const Spectrum got = fourier_2d(plane.view());
    const std::ptrdiff_t rows = plane.size(0);
    for (std::ptrdiff_t y = 0; y < rows; ++y) {
      for (std::ptrdiff_t x = 0; x < plane.size(1); ++x) {
        const Complex& value = got.at(static_cast<int>(y), static_cast<int>(x));
        CHECK_THAT(value.real(), WithinAbs(static_cast<double>(want(y, x)), 5e-3));
        CHECK_THAT(value.imag(), WithinAbs(static_cast<double>(want(rows + y, x)), 5e-3));
      }
    }
    const Tensor back = inverse_fourier_2d(got);
    for (std::ptrdiff_t i = 0; i < plane.count(); ++i) CHECK_THAT(back.data()[i], WithinAbs(plane.data()[i], 1e-3F));
  }
}

TEST_CASE("fourier: the centred picture of a photograph as NumPy's", "[core][fourier][numpy]") {
  const Tensor first = reference("motion/first.npy");
  Tensor crop(Shape{64, 64});
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) crop(y, x) = first(y, x);
  }
  const Tensor got = centred_magnitude(fourier_2d(crop.view()), true);
  const Tensor want = reference("motion/fourier-photo.npy");
  for (std::ptrdiff_t i = 0; i < got.count(); ++i) REQUIRE_THAT(got.data()[i], WithinAbs(want.data()[i], 1e-4F));
  CHECK(centred_magnitude(fourier_2d(Tensor(Shape{0, 0}).view()), true).empty());
  CHECK(centred_magnitude(fourier_2d(Tensor(Shape{1, 1}, 3.0F).view()), false)(0, 0) == 3.0F);
}
