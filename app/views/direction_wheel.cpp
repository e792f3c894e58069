#include "app/views/direction_wheel.hpp"

#include <algorithm>
#include <cmath>

#include "core/image/colormap.hpp"

namespace cvlab::app {

namespace {
constexpr float pi = 3.14159265F;
}

ImU32 direction_colour(double degrees) {
  const Rgb c = colormap_cyclic(degrees / 360.0);
  return IM_COL32(c[0], c[1], c[2], 255);
}

void draw_direction_wheel(const Canvas& canvas, const DirectionWheel& wheel) {
  constexpr int parts = 120;
  const float inner = 0.76F * wheel.radius;
  const auto at = [&](float degrees, float radius) {
    const float a = degrees * pi / 180.0F;
    return ImVec2{wheel.x + radius * std::cos(a), wheel.y + radius * std::sin(a)};
  };
  for (int i = 0; i < parts; ++i) {
    constexpr float step = 360.0F / parts;
    const float a = step * static_cast<float>(i);
    const float b = a + step + 0.6F;  // no gaps between neighbours
    canvas.list.AddQuadFilled(at(a, inner), at(a, wheel.radius), at(b, wheel.radius), at(b, inner),
                              direction_colour(static_cast<double>(a + 0.5F * step)));
  }
  for (int k = 0; k < 4; ++k) {
    const float a = 90.0F * static_cast<float>(k);
    canvas.list.AddLine(at(a, wheel.radius), at(a, wheel.radius + 4.0F), canvas.theme.rule_strong, 1.5F);
  }
  if (!wheel.degrees) {
    canvas.list.AddCircleFilled({wheel.x, wheel.y}, 3.0F, canvas.theme.ink_faint);
    return;
  }
  const auto a = static_cast<float>(*wheel.degrees);
  const float length = inner * std::clamp(wheel.length, 0.3F, 0.92F);
  const ImVec2 tip = at(a, length);
  canvas.list.AddLine({wheel.x, wheel.y}, at(a, length - 6.0F), canvas.theme.focus, 2.5F);
  const float back = a * pi / 180.0F;
  const ImVec2 side{-std::sin(back) * 5.0F, std::cos(back) * 5.0F};
  const ImVec2 base = at(a, length - 9.0F);
  canvas.list.AddTriangleFilled(tip, {base.x + side.x, base.y + side.y}, {base.x - side.x, base.y - side.y},
                                canvas.theme.focus);
  canvas.list.AddCircleFilled({wheel.x, wheel.y}, 3.0F, canvas.theme.focus);
}

}  // namespace cvlab::app
