// The flow figure: a frame with its arrows, the window that is looked at, its bowl, its equations, its eigenvalues.
#include <algorithm>
#include <cmath>

#include "app/demos/optical-flow/optical_flow.hpp"
#include "app/views/camera.hpp"
#include "app/views/cells.hpp"
#include "app/views/linear_system.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/symbols.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/ticks.hpp"
#include "core/image/flow_colour.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float system_height = 2.0F * linear_system_row + caption + 26.0F;
constexpr float bars_height = 84.0F;
constexpr ImU32 under = IM_COL32(0, 0, 0, 150);  // keeps arrows visible on any photograph

ImU32 colour_of(FlowKnown known) {
  return known == FlowKnown::all ? IM_COL32(255, 205, 60, 255) : IM_COL32(120, 205, 255, 255);
}

ImU32 packed(const Rgb& c) { return IM_COL32(c[0], c[1], c[2], 255); }

}  // namespace

OpticalFlow::Layout OpticalFlow::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  l.wide = a.width() >= 600.0F && a.width() > 1.05F * a.height();
  const float top = a.y0 + 8.0F + sentence_height(canvas, sentence(canvas.words), a.width() - 2.0F * pad) + 6.0F;
  const float ratio = pair_.empty() ? 1.0F : static_cast<float>(height()) / static_cast<float>(width());
  if (l.wide) {
    const float room = a.y1 - pad - top - caption;
    const float patches = std::clamp(0.24F * room, 0.0F, 150.0F);
    const float high = room - patches - caption - 8.0F;
    // The right column is as wide as the picture leaves it, within reason.
    const float least_side = std::clamp(0.36F * a.width(), 270.0F, 400.0F);
    const float left = std::min(a.width() - least_side - 3.0F * pad, std::max(0.4F * a.width(), high / ratio));
    const float x1 = a.x0 + pad + left;
    const float picture = std::min(ratio * left, high);
    l.picture = {a.x0 + pad, top + caption, x1, top + caption + picture};
    l.patches = {l.picture.x0, l.picture.y1 + caption + 8.0F, x1, l.picture.y1 + caption + 8.0F + patches};
    const float x0 = x1 + pad;
    const float bowl = std::min(a.x1 - pad - x0, room - system_height - bars_height - 8.0F);
    l.bowl = {x0, top + caption, a.x1 - pad, top + caption + bowl};
    l.system = {x0, l.bowl.y1 + 8.0F, a.x1 - pad, l.bowl.y1 + 8.0F + system_height};
    l.bars = {x0, l.system.y1, a.x1 - pad, l.system.y1 + bars_height};
    return l;
  }
  // On a short stage the picture comes first, then the equations, the eigenvalues, the bowl.
  const float x0 = a.x0 + pad, x1 = a.x1 - pad;
  float room = a.y1 - 6.0F - top - caption;
  const float wanted = std::min(ratio * (x1 - x0), std::max(60.0F, room));
  const auto fits = [&](float height) {
    if (room - height < 0.62F * wanted) return false;
    room -= height;
    return true;
  };
  const bool with_system = fits(system_height);
  const bool with_bars = with_system && fits(bars_height);
  float y = top + caption + std::min(wanted, room);
  l.picture = {x0, top + caption, x1, y};
  const auto take = [&](Rect& part, float height) {
    part = {x0, y, x1, y + height};
    y += height;
  };
  if (with_system) take(l.system, system_height);
  if (with_bars) take(l.bars, bars_height);
  const float left = a.y1 - 6.0F - y;
  if (with_bars && left > 170.0F) l.bowl = {x0, y + caption, x1, y + caption + std::min(left - caption, 300.0F)};
  return l;
}

void OpticalFlow::draw(Canvas& canvas) {
  if (canvas.area.width() < 140.0F || canvas.area.height() < 140.0F) return;
  if (is_line()) {
    draw_line_figure(canvas);
  } else {
    draw_flow(canvas);
  }
}

void OpticalFlow::draw_flow(const Canvas& canvas) {
  if (pair_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  draw_sentence(canvas, {l.picture.x0, canvas.area.y0 + 8.0F, canvas.area.x1 - 10.0F, canvas.area.y1},
                sentence(canvas.words), canvas.theme.ink);
  draw_picture(canvas, l.picture);
  if (l.patches.height() > 70.0F) draw_patches(canvas, l.patches);
  if (l.bowl.height() > 110.0F) draw_flow_bowl(canvas, l.bowl);
  if (l.system.height() > 0.0F && l.system.y1 <= canvas.area.y1 + 24.0F) draw_flow_system(canvas, l.system);
  if (l.bars.height() > 0.0F && l.bars.y1 <= canvas.area.y1 + 24.0F) draw_eigenvalues(canvas, l.bars);
}

// Of arrows closer than 13 px on the screen only some are drawn.
int OpticalFlow::shown_every(float pixel) const {
  return std::max(1, static_cast<int>(std::ceil(13.0F / (pixel * static_cast<float>(spacing_)))));
}

std::string OpticalFlow::legend(const Words& words, float pixel) const {
  if (state_.choice("show") == "difference") return words("optical-flow.legend.difference");
  if (state_.choice("show") == "colours") {
    return words.format("optical-flow.legend.colours", {words.number(longest_, 2)});
  }
  return words.format("optical-flow.legend.arrows", {words.number(shown_every(pixel) * spacing_ / longest_, 2)});
}

void OpticalFlow::draw_picture(const Canvas& canvas, const Rect& area) {
  const bool difference = state_.choice("show") == "difference";
  const std::string key = frames_key_ + (difference ? 'd' : 'f');
  if (key != view_key_) {
    view_key_ = key;
    Tensor plane(Shape{1, 1, height(), width()});
    for (std::ptrdiff_t i = 0; i < plane.count(); ++i) {
      plane.data()[i] = difference ? second_.data()[i] - first_.data()[i] : first_.data()[i];
    }
    view_.set_plane(plane, difference ? Shade::diverging : Shade::grey, 0.0F, difference ? 64.0F : 255.0F);
  }
  const CellMap map = place(Camera{}, area, height(), width());
  draw_caption(canvas, {map.clip.x0, map.clip.y0, map.clip.x1, map.clip.y1},
               canvas.words(difference ? "optical-flow.difference" : "optical-flow.first"),
               legend(canvas.words, map.size).c_str());
  view_.draw(canvas, map);
  if (state_.choice("show") == "colours") {
    draw_wheel(canvas, map);
  } else if (!difference) {
    draw_arrows(canvas, map);
  }
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);

  const AreaInput input = area_input("picture", map.clip);
  const Cell over = map.at(input.x, input.y);
  const bool inside = over.row >= 0 && over.column >= 0 && over.row < height() && over.column < width();
  std::optional<std::pair<int, int>> shown;
  if ((input.hovered || input.pressed) && inside) {
    shown = {over.row, over.column};
    if (input.pressed) (void)state_.set("point", State::format(over));
  }
  int down = 0, right = 0;
  if (arrow_keys(down, right)) {
    const Cell from = state_.cell("point");
    const Cell to{std::clamp(from.row + down, 0, height() - 1), std::clamp(from.column + right, 0, width() - 1)};
    (void)state_.set("point", State::format(to));
  }
  const Cell kept = state_.cell("point");
  const std::pair<int, int> at =
      shown.value_or(std::pair{std::min(kept.row, height() - 1), std::min(kept.column, width() - 1)});
  if (at != std::pair{row_, column_}) look_at(at.first, at.second);
  const int radius = state_.integer("window") / 2;
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  const Rect window = map.rect(row_ - radius, column_ - radius, 2 * radius + 1, 2 * radius + 1);
  canvas.list.AddRect({window.x0 - 1.0F, window.y0 - 1.0F}, {window.x1 + 1.0F, window.y1 + 1.0F}, under, 0.0F, 0, 4.0F);
  draw_frame(canvas, window, canvas.theme.focus, 2.0F);
  canvas.list.PopClipRect();
}

void OpticalFlow::draw_arrows(const Canvas& canvas, const CellMap& map) const {
  const int every = shown_every(map.size);
  const double gain = every * spacing_ / longest_;  // the longest reaches the next one
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  const auto middle = [&](double x, double y) {
    return ImVec2{map.x + map.size * static_cast<float>(x + 0.5), map.y + map.size * static_cast<float>(y + 0.5)};
  };
  for (const Arrow& a : arrows_) {
    if (a.row % every != 0 || a.column % every != 0) continue;
    const ImVec2 from = middle(a.x, a.y);
    if (a.known == FlowKnown::nothing) {
      canvas.list.AddCircleFilled(from, 1.5F, IM_COL32(128, 128, 128, 200));
      continue;
    }
    const double length = std::max(1e-9, std::hypot(a.u, a.v));
    const double shown = gain * std::min(1.5 * longest_, length) / length;
    const ImVec2 to = middle(a.x + shown * a.u, a.y + shown * a.v);
    const ImU32 colour = colour_of(a.known);
    if (std::hypot(to.x - from.x, to.y - from.y) < 3.0F) {
      canvas.list.AddCircleFilled(from, 3.0F, under);
      canvas.list.AddCircleFilled(from, 2.0F, colour);
      continue;
    }
    draw_arrow(canvas, from, to, under, 3.5F);
    draw_arrow(canvas, from, to, colour, a.known == FlowKnown::all ? 1.75F : 1.25F);
  }
  canvas.list.PopClipRect();
}

// Every place in the colour of its flow, and the wheel that says which is which.
void OpticalFlow::draw_wheel(const Canvas& canvas, const CellMap& map) const {
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  const float half = 0.5F * map.size * static_cast<float>(spacing_);
  for (const Arrow& a : arrows_) {
    const float x = map.x + map.size * (static_cast<float>(a.x) + 0.5F);
    const float y = map.y + map.size * (static_cast<float>(a.y) + 0.5F);
    const ImU32 colour =
        a.known == FlowKnown::nothing ? IM_COL32(128, 128, 128, 255) : packed(flow_colour(a.u, a.v, longest_));
    canvas.list.AddRectFilled({x - half, y - half}, {x + half, y + half}, with_alpha(colour, 0.82F));
  }
  canvas.list.PopClipRect();
  const float radius = std::clamp(0.09F * map.clip.width(), 22.0F, 44.0F);
  const ImVec2 middle{map.clip.x1 - radius - 10.0F, map.clip.y1 - radius - 10.0F};
  canvas.list.AddCircleFilled(middle, radius + 4.0F, canvas.theme.raised);
  constexpr int sectors = 48, rings = 6;
  for (int ring = rings; ring > 0; --ring) {
    const double length = static_cast<double>(ring) / rings;
    const float r = radius * static_cast<float>(length);
    for (int i = 0; i < sectors; ++i) {
      const double a = 6.283185307 * i / sectors;
      const double b = 6.283185307 * (i + 1.02) / sectors;
      const double c = 0.5 * (a + b);
      const auto at = [&](double angle) {
        return ImVec2{middle.x + r * static_cast<float>(std::cos(angle)),
                      middle.y + r * static_cast<float>(std::sin(angle))};
      };
      canvas.list.AddTriangleFilled(middle, at(a), at(b),
                                    packed(flow_colour(length * std::cos(c), length * std::sin(c), 1.0)));
    }
  }
  canvas.list.AddCircle(middle, radius + 0.5F, canvas.theme.rule_strong, 0, 1.0F);
}

// The sum of squares over all (u, v): what Lucas and Kanade look for is its lowest point.
void OpticalFlow::draw_flow_bowl(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const FieldMap map = fit_field(area, flow_plane_);
  draw_caption(canvas, {area.x0, area.y0, area.x1, area.y1}, words("optical-flow.bowl"),
               words("optical-flow.bowl_unit"));
  flow_bowl_.draw(canvas, map, theme.dark ? 0.55F : 0.6F);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  flow_bowl_.draw_levels(canvas, map, with_alpha(theme.ink, theme.dark ? 0.25F : 0.3F));
  canvas.list.AddLine(map.at(map.x0, 0.0), map.at(map.x1, 0.0), with_alpha(theme.ink, 0.35F));
  canvas.list.AddLine(map.at(0.0, map.y0), map.at(0.0, map.y1), with_alpha(theme.ink, 0.35F));
  if (known_motion()) {
    const auto [u, v] = truth(column_, row_);
    const ImVec2 at = map.at(u, -v);
    for (const auto& [colour, width] : {std::pair{theme.paper, 5.0F}, {theme.good, 2.5F}}) {
      canvas.list.AddLine({at.x - 6.0F, at.y - 6.0F}, {at.x + 6.0F, at.y + 6.0F}, colour, width);
      canvas.list.AddLine({at.x - 6.0F, at.y + 6.0F}, {at.x + 6.0F, at.y - 6.0F}, colour, width);
    }
  }
  draw_dot(canvas, map.at(system_.u, -system_.v), 5.5F, theme.focus);
  canvas.list.PopClipRect();
  // Axes: v points down, as rows do.
  const Rect& a = map.area;
  ImFont* const font = canvas.fonts.number_small;
  for (const double tick : linear_ticks(map.x0, map.x1, 5)) {
    canvas.text(font, std::clamp(map.px(tick), a.x0 + 8.0F, a.x1 - 22.0F), a.y1 + 12.0F, theme.ink_soft,
                words.number(tick, 3), Align::centre);
    if (map.py(-tick) > a.y0 + 16.0F) {
      canvas.text(font, a.x0 - 7.0F, std::min(map.py(-tick), a.y1 - 5.0F), theme.ink_soft, words.number(tick, 3),
                  Align::right);
    }
  }
  canvas.text(canvas.fonts.text_small, a.x1, a.y1 + 12.0F, theme.ink, "u", Align::right);
  canvas.text(canvas.fonts.text_small, a.x0 - 8.0F, a.y0 + 7.0F, theme.ink, "v", Align::right);
  canvas.list.AddRect({a.x0 - 0.5F, a.y0 - 0.5F}, {a.x1 + 0.5F, a.y1 + 0.5F}, theme.rule_strong);
  // What the signs mean, beside the square where there is room.
  const float x = a.x1 + 12.0F;
  if (area.x1 - x > 60.0F) {
    draw_dot(canvas, {x + 5.0F, a.y0 + 10.0F}, 4.5F, theme.focus);
    canvas.text(canvas.fonts.text_small, x + 16.0F, a.y0 + 10.0F, theme.ink_soft, words("optical-flow.lowest"));
    if (known_motion()) {
      canvas.list.AddLine({x + 1.0F, a.y0 + 26.0F}, {x + 9.0F, a.y0 + 34.0F}, theme.good, 2.0F);
      canvas.list.AddLine({x + 1.0F, a.y0 + 34.0F}, {x + 9.0F, a.y0 + 26.0F}, theme.good, 2.0F);
      canvas.text(canvas.fonts.text_small, x + 16.0F, a.y0 + 30.0F, theme.ink_soft, words("optical-flow.true"));
    }
  }
  const AreaInput input = area_input("bowl", map.area);
  if (!input.hovered) return;
  const double u = map.x_at(input.x), v = -map.y_at(input.y);
  draw_note(canvas, input.x, input.y,
            words.format("optical-flow.bowl_note",
                         {words.number(u, 2), words.number(v, 2), words.number(system_.error(u, v), 3)}));
}

void OpticalFlow::draw_flow_system(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const FlowSystem& s = system_;
  const auto n = [&](double value) { return words.number(std::round(value), 7); };
  draw_caption(canvas, {area.x0, area.y0 + caption, area.x1, area.y1}, words("optical-flow.equations"), nullptr);
  LinearSystem system;
  system.matrix = {{{"Σ I_x I_x", n(s.xx)}, {"Σ I_x I_y", n(s.xy)}, {"Σ I_x I_y", n(s.xy)}, {"Σ I_y I_y", n(s.yy)}}};
  system.unknowns = {"u", "v"};
  system.right = {{{"−Σ I_x I_t", n(s.bx)}, {"−Σ I_y I_t", n(s.by)}}};
  system.solution = {"u = " + words.number(s.u, 3), "v = " + words.number(s.v, 3)};
  std::optional<int> over;
  draw_linear_system(canvas, {area.x0, area.y0 + caption, area.x1, area.y1}, system, &over);
  if (!over) return;
  constexpr const char* notes[] = {"optical-flow.note.xx", "optical-flow.note.xy", "optical-flow.note.xy",
                                   "optical-flow.note.yy", "optical-flow.note.bx", "optical-flow.note.by"};
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_note(canvas, mouse.x, mouse.y, words.format(notes[*over], {std::to_string(s.cells)}));
}

// How much the window knows in its best and in its worst direction, on a logarithmic scale.
void OpticalFlow::draw_eigenvalues(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  draw_caption(canvas, {area.x0, area.y0 + caption, area.x1, area.y1}, words("optical-flow.eigenvalues"), nullptr);
  const double n = std::max(1, system_.cells);
  const double least = state_.real("least");
  const double values[] = {system_.large / n, system_.small / n};
  constexpr const char* names[] = {"λ₁ / n", "λ₂ / n"};
  const float x0 = area.x0 + 56.0F;
  const float x1 = area.x1 - 58.0F;
  const auto at = [&](double value) {
    const double t = std::log10(std::clamp(value, 0.1, 1e4) / 0.1) / 5.0;
    return x0 + (x1 - x0) * static_cast<float>(t);
  };
  for (int i = 0; i < 2; ++i) {
    const float y = area.y0 + caption + 12.0F + 22.0F * static_cast<float>(i);
    const bool enough = values[i] >= least && values[i] > 0.0;
    canvas.text(canvas.fonts.text_small, area.x0, y, theme.ink_soft, names[i]);
    canvas.list.AddRectFilled({x0, y - 6.0F}, {x1, y + 6.0F}, theme.rule, 3.0F);
    if (at(values[i]) > x0 + 1.0F) {
      canvas.list.AddRectFilled({x0, y - 6.0F}, {at(values[i]), y + 6.0F}, enough ? theme.accent : theme.ink_faint,
                                3.0F);
    }
    canvas.text(canvas.fonts.number, area.x1, y, theme.ink, words.number(values[i], 3), Align::right);
  }
  const float x = at(least);
  canvas.list.AddLine({x, area.y0 + caption + 2.0F}, {x, area.y0 + caption + 44.0F}, theme.ink, 2.0F);
  const Rect bars{area.x0, area.y0 + caption, area.x1, area.y0 + caption + 46.0F};
  const AreaInput input = area_input("eigenvalues", bars);
  if (input.hovered) {
    draw_note(canvas, input.x, input.y,
              words.format("optical-flow.note.eigenvalues",
                           {words.number(values[0], 3), words.number(values[1], 3), words.number(least, 3)}));
  }
}

// The window in both frames, and what changed between them.
void OpticalFlow::draw_patches(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const int side = state_.integer("window");
  const int radius = side / 2;
  const auto patch = [&](const auto& value) {
    Tensor cells(Shape{side, side});
    for (int j = 0; j < side; ++j) {
      for (int i = 0; i < side; ++i) {
        const int y = row_ - radius + j, x = column_ - radius + i;
        const bool inside = y >= 0 && x >= 0 && y < height() && x < width();
        cells(j, i) = inside ? value(y, x) : 0.0F;
      }
    }
    return cells;
  };
  struct Patch {
    const char* name;
    Tensor values;
    GridStyle style;
  };
  const float steep = 48.0F;
  const Patch patches[] = {
      {"I", patch([&](int y, int x) { return first_(y, x); }), {Shade::grey, 0.0F, 255.0F, false, {}}},
      {"J", patch([&](int y, int x) { return second_(y, x); }), {Shade::grey, 0.0F, 255.0F, false, {}}},
      {"I_t = J − I",
       patch([&](int y, int x) { return second_(y, x) - first_(y, x); }),
       {Shade::diverging, 0.0F, steep, false, {}}},
      {"I_x",
       patch([&](int y, int x) { return pair_.gradient_x()(y, x); }),
       {Shade::diverging, 0.0F, steep, false, {}}},
      {"I_y",
       patch([&](int y, int x) { return pair_.gradient_y()(y, x); }),
       {Shade::diverging, 0.0F, steep, false, {}}},
  };
  constexpr float between = 12.0F;
  const float width = std::min((area.width() - 4.0F * between) / 5.0F, area.height());
  for (std::size_t i = 0; i < 5; ++i) {
    const float x = area.x0 + static_cast<float>(i) * (width + between);
    CellMap map;
    map.size = width / static_cast<float>(side);
    map.x = x;
    map.y = area.y0;
    map.clip = map.rect(0, 0, side, side);
    draw_symbols(canvas, canvas.fonts.text_small, x, area.y0 - 11.0F, canvas.theme.ink_soft, patches[i].name);
    const auto over = tensor_grid(canvas, map, patches[i].values.view(), patches[i].style);
    if (!over) continue;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    draw_note(canvas, mouse.x, mouse.y,
              words.format(
                  "optical-flow.note.patch",
                  {std::to_string(row_ - radius + over->row + 1), std::to_string(column_ - radius + over->column + 1),
                   words.number(static_cast<double>(patches[i].values(over->row, over->column)), 4)}));
  }
}

}  // namespace cvlab::app
