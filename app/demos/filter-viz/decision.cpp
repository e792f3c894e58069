// A decision: the picture, the classes, four explanations side by side, and what is left without their strongest
// pixels.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/demos/filter-viz/filter_viz.hpp"
#include "app/views/area_input.hpp"
#include "app/views/colour_bar.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float foot = 44.0F;  // under a map: its colours, and what is left
constexpr float button_height = 30.0F;
constexpr const char* method_ids[] = {"saliency", "product", "occlusion", "cam"};

std::size_t at(int i) { return static_cast<std::size_t>(i); }

CellMap square_map(float x, float y, float width, int cells) {
  CellMap map;
  map.size = width / static_cast<float>(cells);
  map.x = x;
  map.y = y;
  map.clip = map.rect(0, 0, cells, cells);
  return map;
}

}  // namespace

std::string FilterViz::decision_sentence(const Words& words) const {
  if (drawn() && strokes_.empty()) return words("filter-viz.empty");
  const std::string answer = class_name(words, answer_);
  const std::string sure = percent(words, shares_[at(answer_)]);
  std::string said = label_ < 0 ? words.format("filter-viz.said_drawn", {answer, sure})
                     : label_ == answer_
                         ? words.format("filter-viz.said_right", {answer, sure})
                         : words.format("filter-viz.said_wrong", {answer, sure, class_name(words, label_)});
  return said + ' ' +
         words.format(question_.target == answer_ ? "filter-viz.explained" : "filter-viz.explained_other",
                      {class_name(words, question_.target), words.number(logit_, 4),
                       equals_percent(words, shares_[at(question_.target)])});
}

void FilterViz::draw_decision(const Canvas& canvas) {
  if (covered_ < 0 && maps_[0].empty()) {
    draw_message(canvas, canvas.area, canvas.words("filter-viz.working"));
    return;
  }
  shown_ = state_.cell("cell");
  looked_at_ = method();
  const Rect& a = canvas.area;
  const bool wide = a.width() >= 620.0F && a.width() > 0.95F * a.height();
  const float pad = wide ? std::clamp(0.022F * a.width(), 12.0F, 30.0F) : 12.0F;
  const Rect inner{a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, a.y1 - 6.0F};
  const std::string text = remark_.id.empty() ? decision_sentence(canvas.words) : canvas.words.sentence(remark_);
  const float top = inner.y0 + sentence_height(canvas, text, inner.width());
  draw_sentence(canvas, {inner.x0, inner.y0, inner.x1, top}, text,
                remark_.id.empty() ? canvas.theme.ink : canvas.theme.bad);
  const Layout l = layout({inner.x0, top, inner.x1, inner.y1}, wide, pad);
  const auto place = [&](int m) {
    if (l.single) return l.maps;
    const float width = 0.5F * (l.maps.width() - l.between);
    const float x = l.maps.x0 + static_cast<float>(m % 2) * (width + l.between);
    const float y = l.maps.y0 + (m < 2 ? 0.0F : 0.5F * l.maps.height());
    return Rect{x, y, x + width, y + 0.5F * l.maps.height()};
  };
  const auto each = [&](const auto& visit) {
    for (int m = 0; m < methods; ++m)
      if (!l.single || method() == m) visit(place(m), static_cast<Method>(m));
  };
  covering_ = false;
  each([&](const Rect& at, Method m) { point_map(at, m); });
  point_picture(canvas, l.picture);
  each([&](const Rect& at, Method m) { draw_map(canvas, at, m); });
  draw_picture(canvas, l.picture);
  if (!l.single)
    draw_buttons(canvas, {l.picture.x0, l.picture.y1 + 6.0F, l.picture.x1, l.picture.y1 + 6.0F + button_height});
  draw_classes(canvas, l.classes);
  draw_sentence(canvas, l.plate, formula(canvas.words), canvas.theme.ink_soft);
}

// Wide: picture and classes at the left, the maps two by two. Narrow: one under the other; where there is no height for
// four maps, the one of the chosen method beside the picture.
FilterViz::Layout FilterViz::layout(const Rect& a, bool wide, float pad) {
  Layout l;
  l.between = wide ? pad : 12.0F;
  if (wide) {
    const float plate = 66.0F;
    const float left = std::min(0.34F * a.width(), 0.5F * a.height());
    l.picture = {a.x0, a.y0 + caption, a.x0 + left, a.y0 + caption + left};
    l.classes = {a.x0, l.picture.y1 + button_height + 14.0F, l.picture.x1, a.y1};
    const float x = l.picture.x1 + 1.4F * pad;
    const float room = a.height() - plate - 2.0F * (caption + foot);
    const float square = std::min(0.5F * room, 0.5F * (a.x1 - x - pad));
    l.maps = {x, a.y0, x + 2.0F * square + pad, a.y0 + 2.0F * (square + caption + foot)};
    l.plate = {x, l.maps.y1 + 4.0F, a.x1, l.maps.y1 + plate};
    return l;
  }
  const float plate = 84.0F;
  const float left = std::min(0.44F * a.width(), 0.26F * a.height());
  l.picture = {a.x0, a.y0 + caption, a.x0 + left, a.y0 + caption + left};
  l.classes = {l.picture.x1 + 12.0F, a.y0 + 4.0F, a.x1, l.picture.y1 + button_height + 8.0F};
  const float y = l.picture.y1 + button_height + 12.0F;
  const float room = a.y1 - y - plate - 2.0F * (caption + foot);
  const float square = std::min(0.5F * room, 0.5F * (a.width() - l.between));
  l.maps = {a.x0, y, a.x0 + 2.0F * square + l.between, y + 2.0F * (square + caption + foot)};
  l.plate = {a.x0, l.maps.y1 + 4.0F, a.x1, a.y1};
  if (square >= 110.0F) return l;
  l.single = true;
  const float side_by_side =
      std::max(20.0F, std::min(0.5F * (a.width() - l.between), a.height() - caption - foot - plate));
  l.picture = {a.x0, a.y0 + caption, a.x0 + side_by_side, a.y0 + caption + side_by_side};
  l.maps = {l.picture.x1 + l.between, a.y0, l.picture.x1 + l.between + side_by_side, l.picture.y1 + foot};
  l.plate = {a.x0, l.maps.y1 + 2.0F, a.x1, l.maps.y1 + 2.0F + plate};
  l.classes = {a.x0, l.plate.y1, a.x1, a.y1};
  return l;
}

// Pointing looks, clicking keeps: the pixel, and whose explanation of it.
void FilterViz::point_map(const Rect& area, Method which) {
  const CellMap map = square_map(area.x0, area.y0 + caption, area.width(), side);
  const AreaInput input = area_input(method_ids[which], map.clip);
  const Cell pointed = map.at(input.x, input.y);
  if ((!input.hovered && !input.pressed) || !in_picture(pointed)) return;
  shown_ = pointed;
  looked_at_ = which;
  covering_ = true;
  if (!input.pressed) return;
  (void)state_.set("method", method_ids[which]);
  (void)state_.set("cell", State::format(pointed));
}

void FilterViz::point_picture(const Canvas& canvas, const Rect& area) {
  const CellMap map = square_map(area.x0, area.y0, area.width(), side);
  const AreaInput input = area_input("picture", map.clip);
  const Cell pointed = map.at(input.x, input.y);
  if (drawn()) {
    draw_pen(map, input.clicked, input.pressed);
    return;
  }
  if ((!input.hovered && !input.pressed) || !in_picture(pointed)) return;
  shown_ = pointed;
  if (input.pressed) (void)state_.set("cell", State::format(pointed));
  draw_note(canvas, input.x, input.y,
            canvas.words.format("filter-viz.pixel_value",
                                {std::to_string(pointed.row + 1), std::to_string(pointed.column + 1),
                                 canvas.words.number(picture_[at(pointed.row * side + pointed.column)], 3)}));
}

// The picture; while a map is pointed at, without the pixels that this map holds for the strongest.
void FilterViz::draw_picture(const Canvas& canvas, const Rect& area) {
  const CellMap map = square_map(area.x0, area.y0, area.width(), side);
  const std::vector<int>& strongest = strongest_[at(looked_at_)];
  const std::string count = std::to_string(strongest.size());
  const std::string name =
      covering_ ? canvas.words.format("filter-viz.without", {count}) : canvas.words("filter-viz.the_picture");
  draw_caption(canvas, map.clip, fitted(canvas, canvas.fonts.text_small, name, area.width()).c_str(),
               covering_ ? nullptr : canvas.words.format("filter-viz.framed", {count}).c_str());
  Tensor plane(Shape{1, 1, side, side});
  std::transform(picture_.begin(), picture_.end(), plane.data(), [](double v) { return static_cast<float>(v); });
  if (covering_) {
    for (const int pixel : strongest) plane.data()[pixel] = static_cast<float>(question_.fill);
  }
  picture_view_.set_plane(plane, Shade::grey, 0.0F, 1.0F);
  picture_view_.draw(canvas, map);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  if (!(drawn() && pen_down_)) {
    for (const int pixel : strongest) {
      const Rect r = map.rect(pixel / side, pixel % side);
      canvas.list.AddRect({r.x0, r.y0}, {r.x1, r.y1}, with_alpha(canvas.theme.accent, 0.75F));
    }
    if (looked_at_ == occlusion) {
      const Rect window = [&] {
        const int position = nearest_window(shown_);
        return map.rect(position / occlusion_->across() * question_.stride,
                        position % occlusion_->across() * question_.stride, question_.window, question_.window);
      }();
      draw_frame(canvas, window, canvas.theme.focus, 2.0F);
    }
    draw_frame(canvas, map.rect(shown_.row, shown_.column), canvas.theme.focus, 2.0F);
  }
}

// Bars; a click chooses the class to explain.
void FilterViz::draw_classes(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const auto count = static_cast<int>(shares_.size());
  const float line = std::min(26.0F, area.height() / static_cast<float>(count));
  if (line < 13.0F) return;
  float names = 0.0F;
  for (int k = 0; k < count; ++k)
    names = std::max(names, canvas.text_width(canvas.fonts.text_small, class_name(words, k)));
  const float x0 = area.x0 + names + 8.0F;
  const float x1 = area.x1 - canvas.text_width(canvas.fonts.number_small, ">\u00A099.99\u00A0%") - 6.0F;
  const AreaInput input =
      area_input("classes", {area.x0, area.y0, area.x1, area.y0 + line * static_cast<float>(count)});
  for (int k = 0; k < count; ++k) {
    const float y = area.y0 + line * (static_cast<float>(k) + 0.5F);
    const bool chosen = k == question_.target;
    const bool over = input.hovered && std::fabs(input.y - y) <= 0.5F * line;
    if (chosen || over) {
      canvas.list.AddRectFilled({area.x0 - 4.0F, y - 0.5F * line + 1.0F}, {area.x1, y + 0.5F * line - 1.0F},
                                chosen ? canvas.theme.focus_soft : canvas.theme.surface, 4.0F);
    }
    const ImU32 ink = chosen ? canvas.theme.focus : canvas.theme.ink;
    canvas.text(canvas.fonts.text_small, area.x0, y, ink, class_name(words, k));
    const auto share = static_cast<float>(shares_[at(k)]);
    canvas.list.AddRectFilled({x0, y - 0.25F * line}, {x1, y + 0.25F * line}, canvas.theme.rule);
    canvas.list.AddRectFilled({x0, y - 0.25F * line}, {x0 + share * (x1 - x0), y + 0.25F * line}, canvas.theme.accent);
    canvas.text(canvas.fonts.number_small, area.x1, y, ink, percent(words, shares_[at(k)]), Align::right);
    if (over && input.clicked) (void)state_.set("target", std::to_string(k));
  }
}

void FilterViz::draw_map(const Canvas& canvas, const Rect& area, Method which) {
  const Words& words = canvas.words;
  const CellMap map = square_map(area.x0, area.y0 + caption, area.width(), side);
  const std::string id = method_ids[which];
  const bool chosen = looked_at_ == which;
  canvas.text(canvas.fonts.text_small, map.clip.x0, map.clip.y0 - 13.0F, chosen ? canvas.theme.focus : canvas.theme.ink,
              fitted(canvas, canvas.fonts.text_small, words("filter-viz.method." + id), area.width()));
  views_[at(which)].draw(canvas, map);
  draw_frame(canvas, map.clip, chosen ? canvas.theme.focus : canvas.theme.rule_strong, chosen ? 2.0F : 1.0F);
  draw_frame(canvas, map.rect(shown_.row, shown_.column), canvas.theme.focus, 1.5F);
  ColourBar bar;
  const bool without_sign = which == saliency || which == cam;
  bar.shade = without_sign ? Shade::sequential : Shade::diverging;
  bar.low = 0.0F;
  bar.high = highs_[at(which)];
  bar.value = static_cast<float>(maps_[at(which)][at(shown_.row * side + shown_.column)]);
  colour_bar(canvas, {area.x0, map.clip.y1 + 8.0F, area.x1, map.clip.y1 + 24.0F}, bar);
  const std::string left =
      words.format(area.width() > 190.0F ? "filter-viz.left" : "filter-viz.left_short",
                   {std::to_string(strongest_[at(which)].size()), equals_percent(words, left_[at(which)])});
  canvas.text(canvas.fonts.text_small, area.x0, map.clip.y1 + 34.0F, canvas.theme.ink_soft,
              fitted(canvas, canvas.fonts.text_small, left, area.width()));
}

// The window whose middle is nearest to the pixel's.
int FilterViz::nearest_window(const Cell& pixel) const {
  const auto nearest = [&](int place, int count) {
    const int twice = 2 * place + 1 - question_.window;  // of the window's corner
    return std::clamp((twice + question_.stride) / (2 * question_.stride), 0, count - 1);
  };
  return nearest(pixel.row, occlusion_->down()) * occlusion_->across() + nearest(pixel.column, occlusion_->across());
}

// How the number of the map that is looked at comes about, at the pixel that is looked at.
std::string FilterViz::formula(const Words& words) const {
  const std::size_t pixel = at(shown_.row * side + shown_.column);
  const std::string place = "(" + std::to_string(shown_.row + 1) + ", " + std::to_string(shown_.column + 1) + ")";
  const std::string name = class_name(words, question_.target);
  const auto number = [&](double value) { return words.number(value, 3); };
  const double value = maps_[at(looked_at_)][pixel];
  const double g = gradient_[pixel];
  switch (looked_at_) {
    case saliency:
      return words.format("filter-viz.formula.saliency", {place, name, number(g), number(value)});
    case product: {
      const double sum = std::accumulate(maps_[product].begin(), maps_[product].end(), 0.0);
      return words.format("filter-viz.formula.product",
                          {place, number(picture_[pixel]), number(g), number(value), number(sum), number(logit_)});
    }
    case occlusion: {
      const int window = nearest_window(shown_);
      if (window >= occlusion_->done()) return {};  // not tried yet
      const double before = occlusion_->probability();
      const double drop = occlusion_->drops()[at(window)];
      return words.format("filter-viz.formula.occlusion",
                          {place, name, percent(words, before), percent(words, before - drop), number(100.0 * value)});
    }
    case cam:
      break;
  }
  // The cell of the maps that lies over the pixel, and the maps that say most there.
  const int row = shown_.row * cam_.rows / side;
  const int column = shown_.column * cam_.columns / side;
  const std::size_t cell = at(row * cam_.columns + column);
  const std::size_t plane = at(cam_.rows * cam_.columns);
  std::vector<std::size_t> order(cam_.alpha.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto term = [&](std::size_t k) { return cam_.alpha[k] * cam_.maps[k * plane + cell]; };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return std::fabs(term(i)) > std::fabs(term(j)); });
  std::string terms;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, order.size()); ++i) {
    const std::size_t k = order[i];
    const double alpha = cam_.alpha[k];
    if (i > 0) terms += alpha < 0.0 ? " \u2212 " : " + ";
    terms += number(i > 0 ? std::fabs(alpha) : alpha) + "\u00B7" + number(cam_.maps[k * plane + cell]);
  }
  return words.format("filter-viz.formula.cam",
                      {"(" + std::to_string(row + 1) + ", " + std::to_string(column + 1) + ")", terms,
                       std::to_string(cam_.alpha.size() - std::min<std::size_t>(2, cam_.alpha.size())),
                       number(cam_.map[cell]), number(value)});
}

}  // namespace cvlab::app
