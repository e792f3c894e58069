#include "core/image/colormap.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

constexpr Rgb not_a_number = {255, 0, 255};
constexpr int steps = 1024;  // finer than 8 bits can show

struct OkLab {
  double lightness, a, b;
};

std::uint8_t srgb_byte(double linear) {
  const double x = std::clamp(linear, 0.0, 1.0);
  const double encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * std::pow(x, 1.0 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(255.0 * encoded));
}

// Source: B. Ottosson, "A perceptual color space for image processing", 2020.
Rgb to_srgb(const OkLab& c) {
  const double l = std::pow(c.lightness + 0.3963377774 * c.a + 0.2158037573 * c.b, 3);
  const double m = std::pow(c.lightness - 0.1055613458 * c.a - 0.0638541728 * c.b, 3);
  const double s = std::pow(c.lightness - 0.0894841775 * c.a - 1.2914855480 * c.b, 3);
  return {srgb_byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          srgb_byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          srgb_byte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

// Both arms lose lightness at the same rate and gain the same chroma, so that -x and +x weigh the same to the eye and
// stay apart in grey-scale-free vision: hues 45 (orange) and 252 degrees (blue) differ along the blue-yellow axis.
OkLab diverging(double t) {
  const double size = std::abs(t), chroma = 0.135 * size;
  const double hue = (t < 0 ? 45.0 : 252.0) * 3.14159265358979323846 / 180.0;
  return {0.965 - 0.465 * size, chroma * std::cos(hue), chroma * std::sin(hue)};
}

// Dark blue to light yellow, straight in lightness.
OkLab sequential(double t) { return {0.20 + 0.73 * t, -0.005 - 0.03 * t, -0.10 + 0.25 * t}; }

// Opposite directions are the colours of opposite signs; the two between differ in lightness, too, so that none is
// mistaken for another with any form of colour vision.
OkLab cyclic(double t) {
  constexpr std::array<double, 5> hues = {252.0, 150.0, 45.0, -40.0, -108.0};
  constexpr std::array<double, 5> lightness = {0.66, 0.80, 0.70, 0.54, 0.66};
  const auto quarter = static_cast<std::size_t>(std::min(3.0, std::floor(4.0 * t)));
  const double part = 4.0 * t - static_cast<double>(quarter);
  const auto between = [&](const std::array<double, 5>& at) {
    return at[quarter] + part * (at[quarter + 1] - at[quarter]);
  };
  const double hue = between(hues) * 3.14159265358979323846 / 180.0;
  return {between(lightness), 0.14 * std::cos(hue), 0.14 * std::sin(hue)};
}

using Table = std::array<Rgb, steps + 1>;

template <class Curve>
Table tabulate(double low, double high, Curve curve) {
  Table table{};
  for (std::size_t i = 0; i <= steps; ++i)
    table[i] = to_srgb(curve(low + (high - low) * static_cast<double>(i) / steps));
  return table;
}

Rgb look_up(const Table& table, double position) {
  if (std::isnan(position)) return not_a_number;
  return table[static_cast<std::size_t>(std::lround(std::clamp(position, 0.0, 1.0) * steps))];
}

}  // namespace

Rgb colormap_diverging(double t) {
  static const Table table = tabulate(-1.0, 1.0, diverging);
  return look_up(table, 0.5 * (t + 1.0));
}

Rgb colormap_sequential(double t) {
  static const Table table = tabulate(0.0, 1.0, sequential);
  return look_up(table, t);
}

Rgb colormap_cyclic(double turn) {
  static const Table table = tabulate(0.0, 1.0, cyclic);
  return look_up(table, turn - std::floor(turn));
}

Rgb colormap_categorical(int index) {
  // The same eight as "categorical" in assets/tokens.json; a test compares them.
  static constexpr std::array<Rgb, 8> colours = {{{0x00, 0x72, 0xb2},
                                                  {0xe6, 0x9f, 0x00},
                                                  {0x00, 0x9e, 0x73},
                                                  {0xcc, 0x79, 0xa7},
                                                  {0x56, 0xb4, 0xe9},
                                                  {0xd5, 0x5e, 0x00},
                                                  {0x8c, 0x6b, 0xb1},
                                                  {0x5b, 0x60, 0x68}}};
  return colours[static_cast<std::size_t>(((index % 8) + 8) % 8)];
}

}  // namespace cvlab
