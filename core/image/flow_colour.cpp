#include "core/image/flow_colour.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

Rgb flow_colour(double u, double v, double most) {
  const double length = std::sqrt(u * u + v * v);
  if (!(length > 0.0)) return {255, 255, 255};
  const double saturation = std::min(1.0, length / most);
  const double hue = 3.0 * std::atan2(v, u) / 3.141592653589793;  // -3 .. 3 around the circle
  const auto channel = [&](double middle) {
    double away = std::abs(hue - middle);
    away = std::min(away, 6.0 - away);
    const double full = std::clamp(2.0 - away, 0.0, 1.0);
    return static_cast<std::uint8_t>(std::lround(255.0 * (1.0 - saturation * (1.0 - full))));
  };
  return {channel(0.0), channel(2.0), channel(-2.0)};
}

}  // namespace cvlab
