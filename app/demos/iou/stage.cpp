#include <algorithm>
#include <cmath>

#include "app/demos/iou/iou.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr const char* row_words[] = {"iou.row.area_a", "iou.row.area_b", "iou.row.intersection", "iou.row.union",
                                     "iou.row.hull",   "iou.row.iou",    "iou.row.dice",         "iou.row.giou"};
constexpr const char* note_words[] = {"iou.note.area", "iou.note.area", "iou.note.intersection", "iou.note.union",
                                      "iou.note.hull", "iou.note.iou",  "iou.note.dice",         "iou.note.giou"};

ImU32 truth_colour(const Theme& theme) { return theme.categorical[2]; }
ImU32 prediction_colour(const Theme& theme) { return theme.categorical[6]; }

std::string area_text(const Words& words, const Box& box) {
  return words.number(box.width(), 6) + " · " + words.number(box.height(), 6);
}

}  // namespace

Iou::Layout Iou::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const bool wide = a.width() >= 560.0F && a.width() > 1.1F * a.height();
  const auto ratio = static_cast<float>(backdrop_.height() / std::max(1.0, backdrop_.width()));
  if (wide) {
    const float rows = std::clamp(0.37F * a.width(), 250.0F, 440.0F);
    const float width = a.width() - rows - 3.0F * pad;
    const float room = a.height() - 2.0F * pad - caption;
    const float picture = std::min(width * ratio, 0.66F * room);
    l.picture = {a.x0 + pad + 30.0F, a.y0 + pad + caption, a.x0 + pad + width, a.y0 + pad + caption + picture};
    l.plot = {l.picture.x0, l.picture.y1 + 14.0F, l.picture.x1,
              std::min(a.y1 - pad, l.picture.y1 + 14.0F + std::max(150.0F, 0.62F * picture))};
    l.rows = {l.picture.x1 + pad, l.picture.y0, a.x1 - pad, a.y1 - pad};
    l.two_lines = rows < 380.0F;
    return l;
  }
  // On a short stage the picture comes first, then what the three measures need.
  const float width = a.width() - 2.0F * pad;
  const float room = a.height() - pad - caption - 4.0F;
  l.first_row = room - row_count * 38.0F < 0.55F * width * ratio ? static_cast<int>(Row::intersection) : 0;
  l.two_lines = l.first_row == 0 && a.width() < 420.0F;
  const float rows = static_cast<float>(row_count - l.first_row) * (l.two_lines ? 38.0F : 26.0F) + 6.0F;
  const float rest = room - rows - 8.0F;
  const bool with_plot = rest > std::min(260.0F, width * ratio + 120.0F);
  const float picture = std::max(60.0F, std::min(width * ratio, with_plot ? rest - 130.0F : rest));
  l.picture = {a.x0 + pad, a.y0 + 4.0F + caption, a.x1 - pad, a.y0 + 4.0F + caption + picture};
  l.rows = {a.x0 + pad, l.picture.y1 + 8.0F, a.x1 - pad, l.picture.y1 + 8.0F + rows};
  if (with_plot) l.plot = {l.picture.x0, l.rows.y1 + 4.0F, l.picture.x1, std::min(a.y1 - pad, l.rows.y1 + 180.0F)};
  return l;
}

Iou::Row Iou::measure() const {
  const std::string_view m = state_.choice("measure");
  return m == "dice" ? Row::dice : m == "giou" ? Row::giou : Row::iou;
}

void Iou::draw(Canvas& canvas) {
  const Layout l = layout(canvas);
  if (l.picture.width() < 16.0F || l.picture.height() < 16.0F) return;
  const CellMap map = backdrop_.map(l.picture);
  draw_picture(canvas, l);
  draw_rows(canvas, l);
  if (l.plot.height() > 60.0F) draw_plot_panel(canvas, l.plot, map);
}

void Iou::draw_picture(const Canvas& canvas, const Layout& l) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const CellMap map = backdrop_.map(l.picture);
  const std::string verdict = words.format(matches() ? "iou.counts" : "iou.counts_not",
                                           {words.number(overlap_.iou, 3), words.number(state_.real("threshold"), 3)});
  const Rect under{map.clip.x0, map.clip.y0, map.clip.x1, map.clip.y1};
  draw_caption(canvas, under, words("iou.drag"), nullptr);
  const float used = canvas.text_width(canvas.fonts.text_small, words("iou.drag")) + 14.0F;
  if (used + canvas.text_width(canvas.fonts.text_small, verdict) < under.width()) {
    canvas.text(canvas.fonts.text_small, under.x1, under.y0 - 13.0F, matches() ? theme.good : theme.bad, verdict,
                Align::right);
  }
  backdrop_.draw(canvas, map);
  draw_region(canvas, map, pointed_.value_or(measure()));

  const LabelledBox boxes[] = {{boxes_[0], words("iou.truth"), truth_colour(theme)},
                               {boxes_[1], words("iou.prediction"), prediction_colour(theme)}};
  draw_boxes(canvas, map, boxes, selected());
  draw_frame(canvas, map.clip, theme.rule_strong, 1.0F);
  const BoxEvent event = editor_.edit("picture", map, boxes, selected(), backdrop_.width(), backdrop_.height());
  if (event.chosen) (void)state_.set("selected", *event.chosen == 0 ? "truth" : "prediction");
  if (event.changed) keep(event.chosen.value_or(selected()), *event.changed);
}

// The areas that a row speaks of, tinted: the numerator strong, the denominator pale, the hull dashed.
void Iou::draw_region(const Canvas& canvas, const CellMap& map, Row row) const {
  const Theme& theme = canvas.theme;
  const auto fill = [&](const Box& box, ImU32 colour) {
    const Rect r = on_screen(map, box);
    canvas.list.AddRectFilled({r.x0, r.y0}, {r.x1, r.y1}, colour);
  };
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  const ImU32 pale = IM_COL32(255, 255, 255, 110);
  if (row == Row::area_a) fill(boxes_[0], with_alpha(truth_colour(theme), 0.45F));
  if (row == Row::area_b) fill(boxes_[1], with_alpha(prediction_colour(theme), 0.45F));
  if (row == Row::hull || row == Row::giou) {
    fill(overlap_.hull, with_alpha(theme.categorical[1], 0.3F));
    draw_box_outline(canvas, on_screen(map, overlap_.hull), theme.categorical[1], 1.5F, true);
  }
  if (row != Row::area_a && row != Row::area_b && row != Row::hull && row != Row::intersection) {
    // The union as one shape: the pieces of B outside A beside A itself.
    fill(boxes_[0], pale);
    const Box& b = boxes_[1];
    const Box& in = overlap_.intersection;
    if (overlap_.area_intersection <= 0.0) {
      fill(b, pale);
    } else {
      fill({b.x0, b.y0, b.x1, in.y0}, pale);
      fill({b.x0, in.y1, b.x1, b.y1}, pale);
      fill({b.x0, in.y0, in.x0, in.y1}, pale);
      fill({in.x1, in.y0, b.x1, in.y1}, pale);
    }
  }
  const bool top = row == Row::intersection || row == Row::iou || row == Row::dice || row == Row::giou;
  if (top && overlap_.area_intersection > 0.0) fill(overlap_.intersection, with_alpha(theme.focus, 0.5F));
  canvas.list.PopClipRect();
}

double Iou::value(Row row) const {
  const double values[] = {overlap_.area_a,     overlap_.area_b,    overlap_.area_intersection,
                           overlap_.area_union, overlap_.area_hull, overlap_.iou,
                           overlap_.dice,       overlap_.giou};
  return values[static_cast<std::size_t>(row)];
}

std::string Iou::arithmetic(const Words& words, Row row) const {
  const Overlap& o = overlap_;
  const auto n = [&](double v) { return words.number(v, 7); };
  const auto f = [&](double v) { return words.number(v, 4); };
  switch (row) {
    case Row::area_a:
      return area_text(words, boxes_[0]);
    case Row::area_b:
      return area_text(words, boxes_[1]);
    case Row::intersection:
      return o.area_intersection > 0.0 ? area_text(words, o.intersection) : words("iou.nothing_common");
    case Row::area_union:
      return n(o.area_a) + " + " + n(o.area_b) + " − " + n(o.area_intersection);
    case Row::hull:
      return area_text(words, o.hull);
    case Row::iou:
      return n(o.area_intersection) + " / " + n(o.area_union);
    case Row::dice:
      return "2 · " + n(o.area_intersection) + " / (" + n(o.area_a) + " + " + n(o.area_b) + ")";
    case Row::giou:
      return f(o.iou) + " − (" + n(o.area_hull) + " − " + n(o.area_union) + ") / " + n(o.area_hull);
  }
  return {};
}

void Iou::draw_rows(const Canvas& canvas, const Layout& l) {
  const int rows = row_count - l.first_row;
  const float height = std::min(l.two_lines ? 46.0F : 36.0F, l.rows.height() / static_cast<float>(rows));
  if (height < 16.0F) return;
  pointed_.reset();
  for (int i = l.first_row; i < row_count; ++i) {
    const Row row = static_cast<Row>(i);
    const float gap = i >= 5 && l.rows.height() > height * static_cast<float>(rows) + 14.0F ? 12.0F : 0.0F;
    const float y = l.rows.y0 + gap + height * static_cast<float>(i - l.first_row);
    const Rect area{l.rows.x0, y, l.rows.x1, y + height};
    const AreaInput input = area_input(row_words[i], area);
    const bool chosen = row == measure();
    if (input.hovered) {
      pointed_ = row;
      draw_note_beside(canvas, area, canvas.words(note_words[i]));
    }
    constexpr const char* measures[] = {"iou", "dice", "giou"};
    if (input.clicked && i >= 5) (void)state_.set("measure", measures[i - 5]);
    draw_row(canvas, area, row, l.two_lines, chosen || input.hovered);
  }
}

// Name, what is computed with which numbers, result.
void Iou::draw_row(const Canvas& canvas, const Rect& area, Row row, bool two_lines, bool shown) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const int index = static_cast<int>(row);
  const bool measure_row = index >= 5;
  if (shown) canvas.list.AddRectFilled({area.x0, area.y0}, {area.x1, area.y1 - 2.0F}, theme.focus_soft, 4.0F);
  const float x0 = area.x0 + 8.0F;
  const float x1 = area.x1 - 8.0F;
  const float y = two_lines ? area.y0 + 0.3F * area.height() : 0.5F * (area.y0 + area.y1) - 1.0F;
  if (row == Row::area_a || row == Row::area_b) {
    const ImU32 colour = row == Row::area_a ? truth_colour(theme) : prediction_colour(theme);
    canvas.list.AddRectFilled({x0 - 5.0F, y - 7.0F}, {x0 - 2.0F, y + 7.0F}, colour, 1.0F);
  }
  const float name = canvas.text(measure_row ? canvas.fonts.text : canvas.fonts.text_small, x0 + 2.0F, y, theme.ink,
                                 words(row_words[index]));
  const std::string result = words.number(value(row), measure_row ? 4 : 7);
  ImU32 ink = theme.ink;
  if (row == Row::giou && value(row) < 0.0) ink = theme.negative;
  const float width = canvas.text(canvas.fonts.number, x1, y, ink, result, Align::right);
  const std::string sum = arithmetic(words, row);
  const bool fits = two_lines && canvas.text_width(canvas.fonts.number, sum) <= x1 - x0 - 2.0F && area.height() > 42.0F;
  ImFont* small = fits ? canvas.fonts.number : canvas.fonts.number_small;
  if (two_lines) {
    canvas.text(small, x0 + 2.0F, area.y0 + 0.7F * area.height(), theme.ink_soft,
                fitted(canvas, small, sum, x1 - x0 - 2.0F));
    return;
  }
  const float end = x1 - width - 10.0F;
  canvas.text(small, end, y, theme.ink_soft, fitted(canvas, small, sum, end - x0 - name - 12.0F), Align::right);
}

// Under the picture and as wide as it: what the measures would be with B moved sideways.
void Iou::draw_plot_panel(const Canvas& canvas, const Rect& area, const CellMap& map) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  Plot plot;
  plot.name = words("iou.sweep");
  plot.x = {0.0, backdrop_.width()};
  plot.y = {-1.0, 1.0};
  plot.x_name = words("iou.sweep_axis");
  plot.levels.push_back({state_.real("threshold"), words("iou.threshold")});
  plot.series = {{"GIoU", giou_curve_, theme.categorical[1], 1.5F},
                 {"Dice", dice_curve_, theme.categorical[0], 1.5F},
                 {"IoU", iou_curve_, theme.focus, 1.5F}};
  // The chosen one thick and last: on top, and the last to lose its place in the legend.
  const auto shown = plot.series.begin() + (measure() == Row::giou ? 0 : measure() == Row::dice ? 1 : 2);
  shown->width = 3.0F;
  std::rotate(shown, shown + 1, plot.series.end());
  plot.cursor = std::clamp(boxes_[1].x0, 0.0, backdrop_.width());
  float left = plot_left(canvas, area, plot);
  Rect place{map.clip.x0 - left, area.y0, map.clip.x1, area.y1};
  if (place.x0 < canvas.area.x0 + 2.0F) place.x0 = area.x0;  // no room for the numbers beside it
  const PlotMap plot_place = plot_map(place, plot, left);
  const AreaInput input = area_input("sweep", {plot_place.area.x0, place.y0 + caption, place.x1, place.y1});
  if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (input.pressed) {
    const double x = std::round(std::clamp(plot_place.x_at(input.x), 0.0, backdrop_.width()));
    (void)state_.set("selected", "prediction");
    keep(1, moved(boxes_[1], x - boxes_[1].x0, 0.0));
    plot.cursor = x;
  }
  draw_plot(canvas, place, plot, left);
}

}  // namespace cvlab::app
