#include "app/views/field.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

constexpr int finest = 256;  // pixels along a side

// Weights of four neighbours at t between the middle two. Source: E. Catmull, R. Rom, 1974.
struct Cubic {
  int first;  // of the four, may lie outside
  float weight[4];
};

std::vector<Cubic> cubics(int nodes, int pixels) {
  std::vector<Cubic> all;
  for (int i = 0; i < pixels; ++i) {
    const float at = (static_cast<float>(i) + 0.5F) / static_cast<float>(pixels) * static_cast<float>(nodes - 1);
    const int node = std::clamp(static_cast<int>(at), 0, std::max(0, nodes - 2));
    const float t = at - static_cast<float>(node);
    all.push_back({node - 1,
                   {0.5F * t * (t * (2.0F - t) - 1.0F), 0.5F * (t * t * (3.0F * t - 5.0F) + 2.0F),
                    0.5F * t * (t * (4.0F - 3.0F * t) + 1.0F), 0.5F * t * t * (t - 1.0F)}});
  }
  return all;
}

// (rows, columns) -> (height, width), first along the rows, then across them, upside down.
void refine(const Tensor& values, int width, int height, std::vector<float>& out) {
  const int rows = static_cast<int>(values.size(0)), columns = static_cast<int>(values.size(1));
  const auto w = static_cast<std::size_t>(width);
  std::vector<float> wide(static_cast<std::size_t>(rows) * w);
  const std::vector<Cubic> across = cubics(columns, width), up = cubics(rows, height);
  for (int row = 0; row < rows; ++row) {
    const float* const from = values.data() + static_cast<std::ptrdiff_t>(row) * columns;
    for (std::size_t x = 0; x < w; ++x) {
      float sum = 0.0F;
      for (int k = 0; k < 4; ++k) sum += across[x].weight[k] * from[std::clamp(across[x].first + k, 0, columns - 1)];
      wide[static_cast<std::size_t>(row) * w + x] = sum;
    }
  }
  out.resize(static_cast<std::size_t>(height) * w);
  for (int y = 0; y < height; ++y) {
    const Cubic& cubic = up[static_cast<std::size_t>(height - 1 - y)];
    const float* from[4];
    for (int k = 0; k < 4; ++k)
      from[k] = wide.data() + static_cast<std::size_t>(std::clamp(cubic.first + k, 0, rows - 1)) * w;
    float* const to = out.data() + static_cast<std::size_t>(y) * w;
    for (std::size_t x = 0; x < w; ++x)
      to[x] = cubic.weight[0] * from[0][x] + cubic.weight[1] * from[1][x] + cubic.weight[2] * from[2][x] +
              cubic.weight[3] * from[3][x];
  }
}

}  // namespace

FieldMap fit_field(const Rect& area, const FieldMap& plane, bool fill) {
  FieldMap map = plane;
  map.area = {area.x0 + field_left, area.y0, std::max(area.x0 + field_left + 1.0F, area.x1 - 1.0F),
              std::max(area.y0 + 1.0F, area.y1 - field_below)};
  if (fill) return map;
  const auto aspect = static_cast<float>((plane.x1 - plane.x0) / (plane.y1 - plane.y0));
  const float width = std::min(map.area.width(), map.area.height() * aspect);
  map.area.x1 = map.area.x0 + std::max(1.0F, std::floor(width));
  map.area.y1 = map.area.y0 + std::max(1.0F, std::floor(width / aspect));
  return map;
}

void FieldView::set(const Tensor& values, Shade shade, float low, float high) {
  rows_ = static_cast<int>(values.size(0));
  columns_ = static_cast<int>(values.size(1));
  values_ = values;
  format_ = PixelFormat::r32f;
  shade_ = shade;
  low_ = low;
  high_ = high;
  width_ = height_ = finest;
  refine(values_, width_, height_, pixels_);
  lines_.clear();
  changed_ = true;
}

void FieldView::set_colours(std::span<const ImU32> colours, int rows, int columns) {
  rows_ = rows;
  columns_ = columns;
  format_ = PixelFormat::rgba8;
  shade_ = Shade::colour;
  width_ = height_ = finest;
  colours_.assign(static_cast<std::size_t>(width_ * height_), IM_COL32_A_MASK);
  Tensor channel(Shape{rows, columns});
  for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT}) {
    for (std::size_t i = 0; i < colours.size(); ++i)
      channel.data()[i] = static_cast<float>((colours[i] >> shift) & 0xFFU);
    refine(channel, width_, height_, pixels_);
    for (std::size_t i = 0; i < pixels_.size(); ++i)
      colours_[i] |= static_cast<ImU32>(std::lround(std::clamp(pixels_[i], 0.0F, 255.0F))) << shift;
  }
  lines_.clear();
  changed_ = true;
}

void FieldView::set_levels(std::span<const float> levels) {
  lines_.clear();
  for (const float level : levels) {
    for (Contour& line : contours(values_.view(), level)) lines_.push_back(std::move(line));
  }
}

void FieldView::draw(const Canvas& canvas, const FieldMap& map, float alpha, float share) {
  if (empty()) return;
  if (!texture_) texture_ = canvas.graphics.texture();
  if (changed_) {
    const void* const data = format_ == PixelFormat::r32f ? static_cast<const void*>(pixels_.data())
                                                          : static_cast<const void*>(colours_.data());
    texture_->upload(width_, height_, format_, data);
    changed_ = false;
  }
  TextureQuad quad;
  quad.screen = map.area;
  quad.source = {0.0F, 0.0F, static_cast<float>(width_), static_cast<float>(height_)};
  quad.shade = shade_;
  quad.low = low_;
  quad.high = low_ + (high_ - low_) / share;
  quad.alpha = alpha;
  texture_->draw(canvas.list, quad);
}

void FieldView::draw_levels(const Canvas& canvas, const FieldMap& map, ImU32 colour) const {
  const float dx = map.area.width() / static_cast<float>(std::max(1, columns_ - 1));
  const float dy = map.area.height() / static_cast<float>(std::max(1, rows_ - 1));
  std::vector<ImVec2> points;
  for (const Contour& line : lines_) {
    points.clear();
    for (const ContourPoint& p : line.points) points.emplace_back(map.area.x0 + dx * p.x, map.area.y1 - dy * p.y);
    canvas.list.AddPolyline(points.data(), static_cast<int>(points.size()), colour,
                            line.closed ? ImDrawFlags_Closed : ImDrawFlags_None, 1.0F);
  }
}

void draw_field_axes(const Canvas& canvas, const FieldMap& map, std::string_view x_name, std::string_view y_name) {
  const Rect& a = map.area;
  const Theme& theme = canvas.theme;
  ImFont* const font = canvas.fonts.number_small;
  const float y = a.y1 + 12.0F;
  const float name =
      x_name.empty() ? 0.0F : canvas.text(canvas.fonts.text_small, a.x1, y, theme.ink, x_name, Align::right);
  const float end = a.x1 - name - 10.0F;
  for (const double tick : linear_ticks(map.x0, map.x1, std::max(2, static_cast<int>(a.width() / 48.0F)))) {
    const float x = map.px(tick);
    canvas.list.AddLine({x, a.y1}, {x, a.y1 + 4.0F}, theme.rule_strong);
    const std::string label = canvas.words.number(tick, 3);
    const float half = 0.5F * canvas.text_width(font, label);
    if (name > 0.0F && x + half > end) continue;
    canvas.text(font, std::clamp(x, a.x0 + half - 4.0F, std::max(a.x0 + half, a.x1 - half)), y, theme.ink_soft, label,
                Align::centre);
  }
  if (!y_name.empty()) canvas.text(canvas.fonts.text_small, a.x0 - 8.0F, a.y0 + 7.0F, theme.ink, y_name, Align::right);
  for (const double tick : linear_ticks(map.y0, map.y1, std::max(2, static_cast<int>(a.height() / 40.0F)))) {
    const float at = map.py(tick);
    canvas.list.AddLine({a.x0 - 4.0F, at}, {a.x0, at}, theme.rule_strong);
    if (!y_name.empty() && at < a.y0 + 20.0F) continue;
    canvas.text(font, a.x0 - 7.0F, std::clamp(at, a.y0 + 5.0F, a.y1 - 5.0F), theme.ink_soft,
                canvas.words.number(tick, 3), Align::right);
  }
  canvas.list.AddRect({a.x0 - 0.5F, a.y0 - 0.5F}, {a.x1 + 0.5F, a.y1 + 0.5F}, theme.rule_strong);
}

void draw_arrow(const Canvas& canvas, ImVec2 from, ImVec2 to, ImU32 colour, float width) {
  const float dx = to.x - from.x, dy = to.y - from.y;
  const float length = std::sqrt(dx * dx + dy * dy);
  if (!(length > 0.5F)) return;
  const float head = std::min(4.0F * width + 1.0F, 0.7F * length);
  const float ux = dx / length, uy = dy / length;
  const ImVec2 neck{to.x - head * ux, to.y - head * uy};
  canvas.list.AddLine(from, neck, colour, width);
  const float half = 0.45F * head;
  canvas.list.AddTriangleFilled(to, {neck.x - half * uy, neck.y + half * ux}, {neck.x + half * uy, neck.y - half * ux},
                                colour);
}

void draw_dot(const Canvas& canvas, ImVec2 at, float radius, ImU32 colour) {
  canvas.list.AddCircleFilled(at, radius + 1.5F, canvas.theme.paper);
  canvas.list.AddCircleFilled(at, radius, colour);
}

}  // namespace cvlab::app
