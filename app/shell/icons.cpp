#include <array>
#include <cmath>
#include <numbers>

#include "app/shell/widgets.hpp"

namespace cvlab::app {
namespace {

struct Pen {
  ImDrawList& list;
  float x, y, unit;  // the middle, and half the icon's size
  ImU32 colour;

  ImVec2 at(float u, float v) const { return {x + u * unit, y + v * unit}; }
  float width() const { return std::fmax(1.5F, 0.19F * unit); }
  void line(float u0, float v0, float u1, float v1) const { list.AddLine(at(u0, v0), at(u1, v1), colour, width()); }
  void fill(float u0, float v0, float u1, float v1, float u2, float v2) const {
    list.AddTriangleFilled(at(u0, v0), at(u1, v1), at(u2, v2), colour);
  }
  void block(float u0, float v0, float u1, float v1) const { list.AddRectFilled(at(u0, v0), at(u1, v1), colour, 1.0F); }
  void frame(float u0, float v0, float u1, float v1) const {
    list.AddRect(at(u0, v0), at(u1, v1), colour, 2.0F, 0, width());
  }
  void circle(float u, float v, float r) const { list.AddCircle(at(u, v), r * unit, colour, 0, width()); }
  void arc(float u, float v, float r, float from, float to) const {
    list.PathArcTo(at(u, v), r * unit, from, to);
    list.PathStroke(colour, 0, width());
  }
};

constexpr float pi = std::numbers::pi_v<float>;

void draw_sun(const Pen& pen) {
  pen.list.AddCircleFilled(pen.at(0, 0), 0.42F * pen.unit, pen.colour);
  for (int i = 0; i < 8; ++i) {
    const float angle = static_cast<float>(i) * pi / 4.0F;
    const float u = std::cos(angle);
    const float v = std::sin(angle);
    pen.line(0.66F * u, 0.66F * v, 0.95F * u, 0.95F * v);
  }
}

void draw_moon(const Pen& pen) {  // the outer edge, then back along a second circle
  pen.list.PathArcTo(pen.at(0, 0), 0.85F * pen.unit, -0.35F * pi, 1.15F * pi, 24);
  pen.list.PathBezierCubicCurveTo(pen.at(-0.15F, 0.25F), pen.at(0.75F, 0.15F), pen.at(0.385F, -0.76F), 16);
  pen.list.PathStroke(pen.colour, ImDrawFlags_Closed, pen.width());
}

void draw_reset(const Pen& pen) {
  pen.arc(0, 0, 0.72F, -0.30F * pi, 1.28F * pi);
  pen.fill(0.05F, -0.62F, 0.62F, -0.98F, 0.62F, -0.26F);
}

void draw_link(const Pen& pen) {
  pen.frame(-0.9F, -0.35F, 0.12F, 0.35F);
  pen.frame(-0.12F, -0.35F, 0.9F, 0.35F);
}

void draw_camera(const Pen& pen) {
  pen.frame(-0.95F, -0.5F, 0.95F, 0.7F);
  pen.circle(0, 0.1F, 0.33F);
  pen.line(-0.3F, -0.72F, 0.3F, -0.72F);
}

void draw_open(const Pen& pen) {  // a framed picture: hills and a sun
  pen.frame(-0.9F, -0.75F, 0.9F, 0.75F);
  pen.line(-0.75F, 0.5F, -0.2F, -0.1F);
  pen.line(-0.2F, -0.1F, 0.2F, 0.35F);
  pen.line(0.2F, 0.35F, 0.45F, 0.1F);
  pen.line(0.45F, 0.1F, 0.8F, 0.5F);
  pen.list.AddCircleFilled(pen.at(0.4F, -0.33F), 0.17F * pen.unit, pen.colour);
}

}  // namespace

void draw_icon(ImDrawList& list, Icon icon, float x, float y, float size, ImU32 colour) {
  const Pen pen{list, x, y, 0.5F * size, colour};
  switch (icon) {
    case Icon::none:
      return;
    case Icon::play:
      return pen.fill(-0.55F, -0.8F, -0.55F, 0.8F, 0.85F, 0.0F);
    case Icon::pause:
      pen.block(-0.65F, -0.75F, -0.2F, 0.75F);
      return pen.block(0.2F, -0.75F, 0.65F, 0.75F);
    case Icon::step_forward:
      pen.fill(-0.6F, -0.7F, -0.6F, 0.7F, 0.4F, 0.0F);
      return pen.block(0.5F, -0.7F, 0.75F, 0.7F);
    case Icon::step_back:
      pen.fill(0.6F, -0.7F, 0.6F, 0.7F, -0.4F, 0.0F);
      return pen.block(-0.75F, -0.7F, -0.5F, 0.7F);
    case Icon::reset:
      return draw_reset(pen);
    case Icon::sun:
      return draw_sun(pen);
    case Icon::moon:
      return draw_moon(pen);
    case Icon::menu:
      for (const float v : {-0.6F, 0.0F, 0.6F}) pen.line(-0.85F, v, 0.85F, v);
      return;
    case Icon::link:
      return draw_link(pen);
    case Icon::open:
      return draw_open(pen);
    case Icon::camera:
      return draw_camera(pen);
    case Icon::close:
      pen.line(-0.6F, -0.6F, 0.6F, 0.6F);
      return pen.line(-0.6F, 0.6F, 0.6F, -0.6F);
    case Icon::plus:
      pen.line(0.0F, -0.6F, 0.0F, 0.6F);
      return pen.line(-0.6F, 0.0F, 0.6F, 0.0F);
    case Icon::minus:
      return pen.line(-0.6F, 0.0F, 0.6F, 0.0F);
    case Icon::fold:
      pen.line(-0.7F, 0.35F, 0.0F, -0.35F);
      return pen.line(0.0F, -0.35F, 0.7F, 0.35F);
    case Icon::unfold:
      pen.line(-0.7F, -0.35F, 0.0F, 0.35F);
      return pen.line(0.0F, 0.35F, 0.7F, -0.35F);
  }
}

}  // namespace cvlab::app
