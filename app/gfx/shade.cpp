#include "app/gfx/shade.hpp"

#include <algorithm>
#include <cmath>

#include "core/image/colormap.hpp"

namespace cvlab::app {

namespace {

constexpr ImU32 not_a_number = IM_COL32(255, 0, 255, 255);

float linear(ImU32 channel) {
  const float c = static_cast<float>(channel & 0xFFU) / 255.0F;
  return c <= 0.04045F ? c / 12.92F : std::pow((c + 0.055F) / 1.055F, 2.4F);
}

// Straight in sRGB: half way looks half way, where linear light would leave small values almost neutral.
ImU32 blend(ImU32 a, ImU32 b, float t) {
  ImU32 result = 0;
  for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT}) {
    const auto from = static_cast<float>((a >> shift) & 0xFFU);
    const auto to = static_cast<float>((b >> shift) & 0xFFU);
    result |= static_cast<ImU32>(std::lround(from + t * (to - from))) << shift;
  }
  return result | IM_COL32_A_MASK;
}

ImU32 pack(const Rgb& rgb) { return IM_COL32(rgb[0], rgb[1], rgb[2], 255); }

}  // namespace

ImU32 shade_colour(const Theme& theme, Shade shade, float low, float high, float value) {
  if (std::isnan(value)) return not_a_number;
  if (shade == Shade::diverging) {
    const float t = std::clamp(value / std::max(high, 1e-30F), -1.0F, 1.0F);
    return t < 0 ? blend(theme.neutral, theme.negative, -t) : blend(theme.neutral, theme.positive, t);
  }
  const float range = std::max(high - low, 1e-30F);
  const float t = std::clamp((value - low) / range, 0.0F, 1.0F);
  if (shade == Shade::sequential) return pack(colormap_sequential(static_cast<double>(t)));
  const auto grey = static_cast<std::uint8_t>(std::lround(t * 255.0F));
  return IM_COL32(grey, grey, grey, 255);
}

ImU32 ink_on(ImU32 background) {
  const float luminance = 0.2126F * linear(background >> IM_COL32_R_SHIFT) +
                          0.7152F * linear(background >> IM_COL32_G_SHIFT) +
                          0.0722F * linear(background >> IM_COL32_B_SHIFT);
  return luminance > 0.18F ? IM_COL32(16, 18, 22, 255) : IM_COL32(250, 250, 248, 255);
}

}  // namespace cvlab::app
