#include "core/image/colour.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "core/image/byte_kernel.hpp"
#include "core/image/reshape.hpp"
#include "core/image/transfer.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

constexpr int hsv_bits = 12;
constexpr double white_x = 0.950456;
constexpr double white_z = 1.088754;

std::uint8_t weighted(std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
  return static_cast<std::uint8_t>((red * 9798U + green * 19235U + blue * 3735U + 16384U) >> 15);
}

template <class Pixel>
void each_pixel(const Image& in, Image& out, Pixel pixel) {
  assert((in.channels == 3 || in.empty()) && "colour spaces: three channels");
  if (&out != &in) reshape(out, in.width, in.height, in.channels);
  const std::uint8_t* from = in.data.data();
  std::uint8_t* to = out.data.data();
  parallel_for(0, static_cast<std::ptrdiff_t>(in.data.size()) / 3, std::ptrdiff_t{1} << 14,
               [&](std::ptrdiff_t first, std::ptrdiff_t last) {
                 for (std::ptrdiff_t i = first; i < last; ++i) pixel(from + 3 * i, to + 3 * i);
               });
}

// 2^12 n / i, rounded: divisions by a byte as a product.
std::array<int, 256> reciprocals(double n) {
  std::array<int, 256> table{};
  for (std::size_t i = 1; i < 256; ++i) {
    table[i] = static_cast<int>(std::nearbyint(n * (1 << hsv_bits) / static_cast<double>(i)));
  }
  return table;
}

double linear_light(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }
double display_light(double v) { return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055; }

double lab_curve(double t) { return t > 216.0 / 24389.0 ? std::cbrt(t) : (841.0 / 108.0) * t + 16.0 / 116.0; }
// The same by a table, straight between its places: off by less than 3e-7, a ten-thousandth of a level.
constexpr std::size_t lab_places = 1U << 14U;
class LabCurve {
 public:
  LabCurve() {
    for (std::size_t i = 0; i < at_.size(); ++i) at_[i] = lab_curve(static_cast<double>(i) / lab_places);
  }
  double operator()(double t) const {  // 0 <= t <= 1, and a little beyond
    const double place = t * lab_places;
    const std::size_t i = std::min(static_cast<std::size_t>(place), lab_places);
    return at_[i] + (at_[i + 1] - at_[i]) * (place - static_cast<double>(i));
  }

 private:
  std::array<double, lab_places + 2> at_{};
};

double lab_inverse(double f) { return f > 6.0 / 29.0 ? f * f * f : (f - 16.0 / 116.0) * (108.0 / 841.0); }

}  // namespace

void to_grey_ref(const Image& in, Image& out) {
  reshape(out, in.width, in.height, 1);
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      out.at(y, x) = in.channels < 3 ? in.at(y, x) : weighted(in.at(y, x, 0), in.at(y, x, 1), in.at(y, x, 2));
    }
  }
}

void to_grey(const Image& in, Image& out) {
  assert(&in != &out && "to_grey: out is another picture");
  if (in.channels < 3) return to_grey_ref(in, out);
  reshape(out, in.width, in.height, 1);
  const std::uint8_t* from = in.data.data();
  std::uint8_t* to = out.data.data();
  const auto& kernel = byte_kernel::best();
  const auto grey = in.channels == 3 ? kernel.grey : kernel.grey_of_rgba;
  const std::ptrdiff_t channels = in.channels;
  parallel_for(
      0, static_cast<std::ptrdiff_t>(out.data.size()), std::ptrdiff_t{1} << 16,
      [&](std::ptrdiff_t first, std::ptrdiff_t last) { grey(from + channels * first, last - first, to + first); });
}

void rgb_to_hsv(const Image& in, Image& out) {
  static const std::array<int, 256> saturation = reciprocals(255.0);
  static const std::array<int, 256> hue = reciprocals(30.0);
  constexpr int half = 1 << (hsv_bits - 1);
  each_pixel(in, out, [&](const std::uint8_t* rgb, std::uint8_t* hsv) {
    const int r = rgb[0], g = rgb[1], b = rgb[2];
    const int most = std::max({r, g, b});
    const int range = most - std::min({r, g, b});
    // Masks instead of branches, which a photograph's colours would make at random.
    const int red = -static_cast<int>(most == r), green = ~red & -static_cast<int>(most == g), blue = ~(red | green);
    const int sixth = (red & (g - b)) + (green & (b - r + 2 * range)) + (blue & (r - g + 4 * range));
    const int h = (sixth * hue[static_cast<std::size_t>(range)] + half) >> hsv_bits;
    hsv[0] = static_cast<std::uint8_t>(h + (180 & -static_cast<int>(h < 0)));
    hsv[1] = static_cast<std::uint8_t>((range * saturation[static_cast<std::size_t>(most)] + half) >> hsv_bits);
    hsv[2] = static_cast<std::uint8_t>(most);
  });
}

void hsv_to_rgb(const Image& in, Image& out) {
  each_pixel(in, out, [](const std::uint8_t* hsv, std::uint8_t* rgb) {
    const double h = (hsv[0] % 180) / 30.0;
    const double v = hsv[2];
    const double s = hsv[1] / 255.0;
    const int sector = static_cast<int>(h);
    const double part = h - sector;
    const double low = v * (1.0 - s), falling = v * (1.0 - s * part), rising = v * (1.0 - s * (1.0 - part));
    const double table[6][3] = {{v, rising, low},  {falling, v, low}, {low, v, rising},
                                {low, falling, v}, {rising, low, v},  {v, low, falling}};
    for (int c = 0; c < 3; ++c) rgb[c] = saturated_byte(table[sector][c]);
  });
}

void rgb_to_lab(const Image& in, Image& out) {
  static const LabCurve curve;
  std::array<double, 256> light{};
  for (std::size_t v = 0; v < 256; ++v) light[v] = linear_light(static_cast<double>(v) / 255.0);
  each_pixel(in, out, [&](const std::uint8_t* rgb, std::uint8_t* lab) {
    const double r = light[rgb[0]], g = light[rgb[1]], b = light[rgb[2]];
    const double x = curve((0.412453 * r + 0.357580 * g + 0.180423 * b) / white_x);
    const double y = curve(0.212671 * r + 0.715160 * g + 0.072169 * b);
    const double z = curve((0.019334 * r + 0.119193 * g + 0.950227 * b) / white_z);
    lab[0] = saturated_byte((116.0 * y - 16.0) * 255.0 / 100.0);
    lab[1] = saturated_byte(500.0 * (x - y) + 128.0);
    lab[2] = saturated_byte(200.0 * (y - z) + 128.0);
  });
}

void lab_to_rgb(const Image& in, Image& out) {
  each_pixel(in, out, [](const std::uint8_t* lab, std::uint8_t* rgb) {
    const double fy = (lab[0] * 100.0 / 255.0 + 16.0) / 116.0;
    const double x = white_x * lab_inverse(fy + (lab[1] - 128.0) / 500.0);
    const double y = lab_inverse(fy);
    const double z = white_z * lab_inverse(fy - (lab[2] - 128.0) / 200.0);
    rgb[0] = saturated_byte(255.0 * display_light(3.240479 * x - 1.537150 * y - 0.498535 * z));
    rgb[1] = saturated_byte(255.0 * display_light(-0.969256 * x + 1.875991 * y + 0.041556 * z));
    rgb[2] = saturated_byte(255.0 * display_light(0.055648 * x - 0.204043 * y + 1.057311 * z));
  });
}

}  // namespace cvlab
