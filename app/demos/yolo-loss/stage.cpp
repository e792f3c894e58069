// The picture: grid, boxes, what each cell adds, and where the gradient pushes the boxes.
#include <algorithm>
#include <cmath>

#include "app/demos/yolo-loss/yolo_loss.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float arrow_longest = 54.0F;  // px

void draw_arrow(const Canvas& canvas, ImVec2 from, ImVec2 by) {
  const float length = std::hypot(by.x, by.y);
  if (length < 2.0F) return;
  const ImVec2 to{from.x + by.x, from.y + by.y};
  const ImVec2 along{by.x / length, by.y / length};
  const float head = std::min(9.0F, 0.6F * length);
  const ImVec2 neck{to.x - head * along.x, to.y - head * along.y};
  const ImVec2 left{neck.x - 0.6F * head * along.y, neck.y + 0.6F * head * along.x};
  const ImVec2 right{neck.x + 0.6F * head * along.y, neck.y - 0.6F * head * along.x};
  canvas.list.AddLine(from, neck, IM_COL32(0, 0, 0, 150), 6.0F);
  canvas.list.AddTriangle(to, left, right, IM_COL32(0, 0, 0, 150), 3.0F);
  canvas.list.AddLine(from, neck, IM_COL32_WHITE, 4.0F);
  canvas.list.AddLine(from, neck, canvas.theme.gradient, 3.0F);
  canvas.list.AddTriangleFilled(to, left, right, canvas.theme.gradient);
}

}  // namespace

YoloLossDemo::Layout YoloLossDemo::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const bool wide = a.width() >= 560.0F && a.width() > 1.1F * a.height();
  const auto ratio = static_cast<float>(scene_.picture().height / std::max(1.0, scene_.picture().width));
  l.label = 72.0F;
  Rect card;
  if (wide) {
    const float side = std::clamp(0.43F * a.width(), 280.0F, 440.0F);
    const float width = a.width() - side - 3.0F * pad;
    const float height = std::min(width * ratio, a.height() - 2.0F * pad - caption);
    l.picture = {a.x0 + pad, a.y0 + pad + caption, a.x0 + pad + width, a.y0 + pad + caption + height};
    card = {l.picture.x1 + pad, l.picture.y0, a.x1 - pad, a.y1 - pad};
  } else {
    const float width = a.width() - 2.0F * pad;
    const float rest = 6.0F * 24.0F + 8.0F;  // the bars
    const float height = std::max(60.0F, std::min(width * ratio, a.height() - caption - rest - 14.0F));
    l.picture = {a.x0 + pad, a.y0 + 4.0F + caption, a.x1 - pad, a.y0 + 4.0F + caption + height};
    card = {a.x0 + pad, l.picture.y1 + 8.0F, a.x1 - pad, a.y1 - 4.0F};
  }
  const float table = caption + 48.0F + 3.0F * 40.0F;
  l.two_lines = card.height() >= 6.0F * 44.0F + table;
  const float row = l.two_lines ? 46.0F : 25.0F;
  l.bars = {card.x0, card.y0, card.x1, std::min(card.y1, card.y0 + 6.0F * row)};
  l.size = std::clamp((card.width() - l.label) / 5.0F, 20.0F, 52.0F);
  l.size = std::min(l.size, (card.y1 - l.bars.y1 - caption - 50.0F) / 3.0F);
  l.table = {card.x0 + l.label, l.bars.y1 + caption + 22.0F, card.x0 + l.label + 5.0F * l.size,
             l.bars.y1 + caption + 22.0F + 3.0F * l.size};
  return l;
}

void YoloLossDemo::draw(Canvas& canvas) {
  const Layout l = layout(canvas);
  if (l.picture.width() < 16.0F || l.picture.height() < 16.0F) return;
  pointed_.reset();
  draw_bars(canvas, l);
  draw_picture(canvas, l.picture);
  if (l.size >= 14.0F) draw_table(canvas, l);
}

void YoloLossDemo::draw_picture(const Canvas& canvas, const Rect& area) {
  const CellMap map = scene_.backdrop().map(area);
  const int shown = pointed_.value_or(term());
  constexpr const char* names[] = {"xy", "wh", "object", "nothing", "classes", "total"};
  draw_caption(
      canvas, {map.clip.x0, map.clip.y0, map.clip.x1, map.clip.y1}, canvas.words("yolo-loss.drag"),
      canvas.words.format("yolo-loss.on_grid", {canvas.words(std::string("yolo-loss.name.") + names[shown])}).c_str());
  scene_.backdrop().draw(canvas, map, 0.7F);
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  draw_shares(canvas, map);
  scene_.draw_grid(canvas, map);
  canvas.list.PopClipRect();
  const std::vector<LabelledBox> boxes = scene_.labelled(canvas, assignment_);
  draw_boxes(canvas, map, boxes, selected());
  draw_arrows(canvas, map);
  draw_share_numbers(canvas, map);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  edit(editor_.edit("picture", map, boxes, selected(), scene_.picture().width, scene_.picture().height));
}

// What each cell adds to the term: the stronger the tint, the more.
void YoloLossDemo::draw_shares(const Canvas& canvas, const CellMap& map) const {
  const int shown = pointed_.value_or(term());
  const int grid = scene_.shape().grid;
  double most = 0.0;
  for (int i = 0; i < scene_.shape().cells(); ++i) most = std::max(most, share(shown, i));
  if (most <= 0.0) return;
  for (int i = 0; i < scene_.shape().cells(); ++i) {
    const double value = share(shown, i);
    if (value <= 0.0) continue;
    const Rect r = scene_.cell_rect(map, {i / grid, i % grid});
    const float strength = 0.25F + 0.55F * static_cast<float>(value / most);
    canvas.list.AddRectFilled({r.x0, r.y0}, {r.x1, r.y1}, with_alpha(canvas.theme.focus, strength));
  }
}

// The numbers of the tinted cells, over the arrows.
void YoloLossDemo::draw_share_numbers(const Canvas& canvas, const CellMap& map) const {
  const int shown = pointed_.value_or(term());
  const int grid = scene_.shape().grid;
  for (int i = 0; i < scene_.shape().cells(); ++i) {
    const double value = share(shown, i);
    const Rect r = scene_.cell_rect(map, {i / grid, i % grid});
    const std::string text = canvas.words.number(value, 2);
    const float half = 0.5F * canvas.text_width(canvas.fonts.number_small, text) + 3.0F;
    if (value <= 0.0 || 2.0F * half + 2.0F > r.width() || r.height() < 30.0F) continue;
    const float x = 0.5F * (r.x0 + r.x1);
    canvas.list.AddRectFilled({x - half, r.y0 + 3.0F}, {x + half, r.y0 + 17.0F}, IM_COL32(0, 0, 0, 190), 3.0F);
    canvas.text(canvas.fonts.number_small, x, r.y0 + 10.0F, IM_COL32_WHITE, text, Align::centre);
  }
}

// Against the gradient: where descent would push centre, right and lower edge of every responsible box.
void YoloLossDemo::draw_arrows(const Canvas& canvas, const CellMap& map) const {
  double steepest = 0.0;
  for (const YoloTarget& t : assignment_.targets) {
    const YoloBox s = loss_.gradient.box(t.cell, t.responsible);
    steepest = std::max({steepest, std::hypot(s.x, s.y), std::abs(s.w), std::abs(s.h)});
  }
  if (steepest <= 0.0) return;
  const auto length = [&](double slope) { return static_cast<float>(-slope / steepest) * arrow_longest; };
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  for (const YoloTarget& t : assignment_.targets) {
    if (!scene_.prediction_at(t.cell, t.responsible)) continue;
    const YoloBox s = loss_.gradient.box(t.cell, t.responsible);
    const Box box = yolo_decode(scene_.shape(), t.cell, scene_.output().box(t.cell, t.responsible), scene_.picture());
    const Rect r = on_screen(map, box);
    const ImVec2 middle{0.5F * (r.x0 + r.x1), 0.5F * (r.y0 + r.y1)};
    draw_centre(canvas, map, box, canvas.theme.gradient);
    draw_arrow(canvas, middle, {length(s.x), length(s.y)});
    draw_arrow(canvas, {r.x1, middle.y}, {length(s.w), 0.0F});
    draw_arrow(canvas, {middle.x, r.y1}, {0.0F, length(s.h)});
  }
  canvas.list.PopClipRect();
}

void YoloLossDemo::edit(const BoxEvent& event) {
  if (event.chosen) (void)state_.set("selected", std::to_string(*event.chosen + 1));
  if (event.clicked) {
    scene_.look_at(state_, cell_of(scene_.shape(), {event.x, event.y, event.x, event.y}, scene_.picture()));
  }
  if (event.changed) scene_.move(state_, event.chosen.value_or(selected()), *event.changed);
  if (event.changed || event.clicked) compute();
}

}  // namespace cvlab::app
