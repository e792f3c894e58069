// The line figure: points with two lines, and the bowl of the one that least squares finds.
#include <algorithm>
#include <cmath>

#include "app/demos/optical-flow/optical_flow.hpp"
#include "app/views/cells.hpp"
#include "app/views/drawn_points.hpp"
#include "app/views/linear_system.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float system_height = 2.0F * linear_system_row + caption + 26.0F;
constexpr float row_height = 26.0F;
constexpr float reach = 14.0F;  // px around a point that still grip it
constexpr double sure = 0.99;

ImU32 squares_colour(const Theme& theme) { return theme.categorical[6]; }
ImU32 consensus_colour(const Theme& theme) { return theme.categorical[2]; }

std::string line_text(const Words& words, double slope, double intercept) {
  const std::string sign = intercept < 0.0 ? " − " : " + ";
  return "y = " + words.number(slope, 3) + " x" + sign + words.number(std::abs(intercept), 3);
}

}  // namespace

void OpticalFlow::draw_line_figure(const Canvas& canvas) {
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const std::string text = sentence(canvas.words);
  const float top = a.y0 + 8.0F + sentence_height(canvas, text, a.width() - 2.0F * pad) + 6.0F;
  draw_sentence(canvas, {a.x0 + pad, a.y0 + 8.0F, a.x1 - pad, a.y1}, text,
                points_problem_ ? canvas.theme.bad : canvas.theme.ink);
  const float table_height = 4.0F * row_height + 6.0F;
  if (a.width() >= 600.0F && a.width() > 1.05F * a.height()) {
    const float side = std::clamp(0.36F * a.width(), 270.0F, 400.0F);
    const float x1 = a.x1 - side - 2.0F * pad;
    draw_points(canvas, {a.x0 + pad, top + caption, x1, a.y1 - pad});
    const float bowl = std::min(side, a.y1 - pad - top - caption - system_height - table_height);
    const Rect right{x1 + pad, top + caption, a.x1 - pad, top + caption + bowl};
    if (bowl > 110.0F) draw_line_bowl(canvas, right);
    draw_line_system(canvas, {right.x0, right.y1 + 8.0F, right.x1, right.y1 + 8.0F + system_height});
    draw_line_table(canvas, {right.x0, right.y1 + 8.0F + system_height, right.x1, a.y1 - 4.0F});
    return;
  }
  const float x0 = a.x0 + pad, x1 = a.x1 - pad;
  // On a short stage the points come first, then the table, the equations, the bowl.
  float room = a.y1 - 6.0F - top - caption;
  const float wanted = std::min(x1 - x0, std::max(80.0F, room));
  const auto fits = [&](float height) {
    if (room - height < 0.6F * wanted) return false;
    room -= height;
    return true;
  };
  const bool with_table = fits(table_height);
  const bool with_system = with_table && fits(system_height);
  float y = top + caption + std::min(wanted, room);
  draw_points(canvas, {x0, top + caption, x1, y});
  y += 4.0F;
  if (with_table) draw_line_table(canvas, {x0, y, x1, y + table_height});
  y += table_height;
  if (with_system) draw_line_system(canvas, {x0, y, x1, y + system_height});
  y += system_height;
  if (with_system && a.y1 - y > 190.0F) {
    draw_line_bowl(canvas, {x0, y + caption, x1, std::min(a.y1 - 6.0F, y + caption + 300.0F)});
  }
}

void OpticalFlow::draw_points(const Canvas& canvas, const Rect& area) {
  FieldMap plane;
  const FieldMap map = fit_field(area, plane, true);
  const std::string hint =
      fitted(canvas, canvas.fonts.text_small, canvas.words("optical-flow.points_caption"), area.width());
  draw_caption(canvas, {area.x0, area.y0, area.x1, area.y1}, hint.c_str(), nullptr);
  edit_points(canvas, map);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  draw_fits(canvas, map);
  canvas.list.PopClipRect();
  draw_field_axes(canvas, map, "x", "y");
}

void OpticalFlow::draw_fits(const Canvas& canvas, const FieldMap& map) const {
  const Theme& theme = canvas.theme;
  const auto line = [&](double slope, double intercept, ImU32 colour, float width) {
    canvas.list.AddLine(map.at(-1.0, intercept - slope), map.at(1.0, intercept + slope), colour, width);
  };
  const LineRansac::Trial* best = ransac_ ? ransac_->best() : nullptr;
  const bool any_trial = ransac_ && !ransac_->trials().empty();
  std::vector<bool> agree(points_.size(), false);
  if (best != nullptr) {
    agree = ransac_->agreeing(*best);
    // The band in which points agree with the best trial's line.
    const double t = state_.real("threshold");
    const double low = best->intercept - t, high = best->intercept + t;
    canvas.list.AddQuadFilled(map.at(-1.0, low - best->slope), map.at(1.0, low + best->slope),
                              map.at(1.0, high + best->slope), map.at(-1.0, high - best->slope),
                              with_alpha(consensus_colour(theme), 0.14F));
  }
  if (least_squares_) {
    for (const LinePoint& p : points_) {
      canvas.list.AddLine(map.at(p.x, p.y), map.at(p.x, least_squares_->at(p.x)),
                          with_alpha(squares_colour(theme), 0.45F), 1.0F);
    }
  }
  if (any_trial) {
    const LineRansac::Trial& last = ransac_->trials().back();
    if (last.line) line(last.slope, last.intercept, with_alpha(theme.focus, 0.8F), 1.5F);
    for (const int i : {last.a, last.b}) {
      const LinePoint& p = points_[static_cast<std::size_t>(i)];
      canvas.list.AddCircle(map.at(p.x, p.y), 9.0F, theme.focus, 0, 2.0F);
    }
  }
  if (least_squares_) line(least_squares_->slope, least_squares_->intercept, squares_colour(theme), 3.0F);
  if (consensus_) line(consensus_->slope, consensus_->intercept, consensus_colour(theme), 3.0F);
  for (std::size_t i = 0; i < points_.size(); ++i) {
    draw_dot(canvas, map.at(points_[i].x, points_[i].y), 4.0F, agree[i] ? consensus_colour(theme) : theme.ink);
  }
}

// Drag a point, click beside all of them for another one, double-click (or click with the right button) takes one away.
void OpticalFlow::edit_points(const Canvas& canvas, const FieldMap& map) {
  const AreaInput input = area_input("points", map.area);
  const auto nearest = [&]() {
    int best = -1;
    float least = reach;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const ImVec2 at = map.at(points_[i].x, points_[i].y);
      const float distance = std::hypot(at.x - input.x, at.y - input.y);
      if (distance < least) {
        least = distance;
        best = static_cast<int>(i);
      }
    }
    return best;
  };
  const int over = input.hovered ? nearest() : -1;
  if (over >= 0) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const auto place = [](double v) { return std::clamp(v, -0.99, 0.99); };
  if (input.double_clicked && over >= 0 && points_.size() > 2) {
    points_.erase(points_.begin() + over);
    dragged_ = -1;
    keep_points();
  } else if (input.clicked) {
    dragged_ = over;
    if (over < 0 && points_.size() < 100) {
      points_.push_back({place(map.x_at(input.x)), place(map.y_at(input.y))});
      dragged_ = static_cast<int>(points_.size()) - 1;
      keep_points();
    }
  } else if (input.pressed && dragged_ >= 0 && dragged_ < static_cast<int>(points_.size()) &&
             (input.drag_x != 0.0F || input.drag_y != 0.0F)) {
    points_[static_cast<std::size_t>(dragged_)] = {place(map.x_at(input.x)), place(map.y_at(input.y))};
    keep_points();
  }
  if (!input.pressed) dragged_ = -1;
  work_on_line();
  if (over < 0 || input.pressed || !least_squares_) return;
  const LinePoint& p = points_[static_cast<std::size_t>(over)];
  const Words& words = canvas.words;
  draw_note(canvas, input.x, input.y,
            words.format("optical-flow.note.point",
                         {words.number(p.x, 3), words.number(p.y, 3), words.number(p.y - least_squares_->at(p.x), 3)}));
}

// The sum of squares over all lines: one place a line.
void OpticalFlow::draw_line_bowl(const Canvas& canvas, const Rect& area) {
  if (!least_squares_) return;
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const FieldMap map = fit_field(area, line_plane_);
  draw_caption(canvas, {area.x0, area.y0, area.x1, area.y1}, words("optical-flow.line_bowl"), nullptr);
  line_bowl_.draw(canvas, map, theme.dark ? 0.55F : 0.6F);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  line_bowl_.draw_levels(canvas, map, with_alpha(theme.ink, theme.dark ? 0.25F : 0.3F));
  draw_dot(canvas, map.at(least_squares_->slope, least_squares_->intercept), 5.5F, squares_colour(theme));
  if (consensus_) draw_dot(canvas, map.at(consensus_->slope, consensus_->intercept), 5.5F, consensus_colour(theme));
  canvas.list.PopClipRect();
  draw_field_axes(canvas, map, "m", "c");
  const AreaInput input = area_input("line-bowl", map.area);
  if (!input.hovered) return;
  const double slope = map.x_at(input.x), intercept = map.y_at(input.y);
  draw_note(canvas, input.x, input.y,
            words.format("optical-flow.line_bowl_note", {line_text(words, slope, intercept),
                                                         words.number(least_squares_->error(slope, intercept), 3)}));
}

void OpticalFlow::draw_line_system(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  draw_caption(canvas, {area.x0, area.y0 + caption, area.x1, area.y1}, words("optical-flow.line_equations"), nullptr);
  if (!least_squares_) return;
  const LineFit& fit = *least_squares_;
  const auto n = [&](double value) { return words.number(value, 4); };
  LinearSystem system;
  system.matrix = {{{"Σ x x", n(fit.xx)}, {"Σ x", n(fit.x)}, {"Σ x", n(fit.x)}, {"n", n(fit.n)}}};
  system.unknowns = {"m", "c"};
  system.right = {{{"Σ x y", n(fit.xy)}, {"Σ y", n(fit.y)}}};
  system.solution = {"m = " + words.number(fit.slope, 3), "c = " + words.number(fit.intercept, 3)};
  draw_linear_system(canvas, {area.x0, area.y0 + caption, area.x1, area.y1}, system);
}

// Name, line, and what it rests on.
void OpticalFlow::draw_line_table(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  float y = area.y0 + 0.5F * row_height + 4.0F;
  const auto row = [&](ImU32 colour, const char* name, const std::string& value, ImFont* font) {
    canvas.list.AddLine({area.x0, y}, {area.x0 + 18.0F, y}, colour, 3.0F);
    canvas.text(canvas.fonts.text_small, area.x0 + 26.0F, y, theme.ink, name);
    canvas.text(font, area.x1, y, theme.ink, value, Align::right);
    y += row_height;
  };
  if (least_squares_) {
    row(squares_colour(theme), words("optical-flow.least_squares"),
        line_text(words, least_squares_->slope, least_squares_->intercept), canvas.fonts.number);
  }
  const LineRansac::Trial* best = ransac_ ? ransac_->best() : nullptr;
  row(consensus_colour(theme), "RANSAC",
      consensus_ ? line_text(words, consensus_->slope, consensus_->intercept) : words("optical-flow.no_trial"),
      consensus_ ? canvas.fonts.number : canvas.fonts.text_small);
  if (ransac_ && !ransac_->trials().empty()) {
    const LineRansac::Trial& last = ransac_->trials().back();
    row(theme.focus, words.format("optical-flow.last_trial", {std::to_string(ransac_->trials().size())}).c_str(),
        words.format("optical-flow.agree", {std::to_string(last.agree), std::to_string(points_.size())}),
        canvas.fonts.text_small);
  }
  if (best == nullptr) return;
  const double needed = ransac_trials(best->agree / static_cast<double>(points_.size()), sure);
  canvas.text(canvas.fonts.text_small, area.x0, y, theme.ink_soft,
              words.format("optical-flow.enough", {std::to_string(best->agree), words.number(needed, 4)}));
}

}  // namespace cvlab::app
