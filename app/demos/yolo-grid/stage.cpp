#include <algorithm>
#include <cmath>

#include "app/demos/yolo-grid/yolo_grid.hpp"
#include "app/views/note.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float line = 21.0F;
constexpr const char* box_columns[] = {"x", "y", "w", "h", "C"};

GridStyle number_style() { return {Shade::diverging, 0.0F, 1.6F, true, {}}; }

std::string place(const YoloCell& cell) {
  return std::to_string(cell.row + 1) + ", " + std::to_string(cell.column + 1);
}

}  // namespace

YoloGrid::Layout YoloGrid::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const YoloShape& shape = scene_.shape();
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const bool wide = a.width() >= 560.0F && a.width() > 1.1F * a.height();
  const auto ratio = static_cast<float>(scene_.picture().height / std::max(1.0, scene_.picture().width));
  Rect card;
  if (wide) {
    const float side = std::clamp(0.42F * a.width(), 270.0F, 430.0F);
    const float width = a.width() - side - 3.0F * pad;
    const float height = std::min(width * ratio, a.height() - 2.0F * pad - caption);
    l.picture = {a.x0 + pad, a.y0 + pad + caption, a.x0 + pad + width, a.y0 + pad + caption + height};
    card = {l.picture.x1 + pad, a.y0 + pad, a.x1 - pad, a.y1 - pad};
  } else {
    const float width = a.width() - 2.0F * pad;
    const float height = std::max(60.0F, std::min(width * ratio, a.height() - caption - 216.0F));
    l.picture = {a.x0 + pad, a.y0 + 4.0F + caption, a.x1 - pad, a.y0 + 4.0F + caption + height};
    card = {a.x0 + pad, l.picture.y1 + 6.0F, a.x1 - pad, a.y1 - 4.0F};
  }
  l.title = {card.x0, card.y0, card.x1, card.y0 + caption};
  l.label = 58.0F;
  const float iou_width = 58.0F;
  const float rows = static_cast<float>(shape.boxes) + 1.0F;
  const float tall = (card.height() - caption - 24.0F) / rows;
  l.size = std::clamp(std::min((card.width() - l.label - iou_width) / 5.0F, tall), 14.0F, wide ? 46.0F : 36.0F);
  l.boxes = {card.x0 + l.label, l.title.y1 + 16.0F, card.x0 + l.label + 5.0F * l.size,
             l.title.y1 + 16.0F + rows * l.size + 6.0F};
  const int columns = std::min(shape.classes, 10);
  const int class_rows = (shape.classes + columns - 1) / columns;
  const float room = card.y1 - l.boxes.y1 - caption - 2.0F * line - 16.0F;
  const float cell =
      std::min({card.width() / static_cast<float>(columns), room / static_cast<float>(class_rows), 44.0F});
  if (cell >= 9.0F) {
    l.classes = {card.x0, l.boxes.y1 + caption + 2.0F, card.x1,
                 l.boxes.y1 + caption + 2.0F + cell * static_cast<float>(class_rows)};
  } else {
    l.classes = {card.x0, l.boxes.y1, card.x1, l.boxes.y1};
  }
  l.formula = {card.x0, l.classes.y1 + 12.0F, card.x1, card.y1};
  return l;
}

void YoloGrid::draw(Canvas& canvas) {
  const Layout l = layout(canvas);
  if (l.picture.width() < 16.0F || l.picture.height() < 16.0F) return;
  pointed_.reset();
  draw_picture(canvas, l.picture);
  const Words& words = canvas.words;
  const YoloShape& shape = scene_.shape();
  canvas.text(canvas.fonts.text_large, l.title.x0, l.title.y0 + 10.0F, canvas.theme.ink,
              words.format("yolo-grid.cell_title", {place(scene_.cell())}));
  const std::string size = words.format(
      "yolo-grid.size", {std::to_string(shape.boxes), std::to_string(shape.classes), std::to_string(shape.per_cell())});
  canvas.text(canvas.fonts.text_small, l.title.x1, l.title.y0 + 10.0F, canvas.theme.ink_soft, size, Align::right);
  draw_boxes_panel(canvas, l);
  draw_classes(canvas, l.classes);
  draw_formula(canvas, l.formula);
}

void YoloGrid::draw_picture(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const YoloShape& shape = scene_.shape();
  const CellMap map = scene_.backdrop().map(area);
  const std::string grid = std::to_string(shape.grid) + " × " + std::to_string(shape.grid) + " × " +
                           std::to_string(shape.per_cell()) + " = " + std::to_string(shape.numbers());
  draw_caption(canvas, {map.clip.x0, map.clip.y0, map.clip.x1, map.clip.y1}, canvas.words("yolo-grid.drag"),
               grid.c_str());
  scene_.backdrop().draw(canvas, map, 0.8F);
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  for (const YoloTarget& t : assignment_.targets) {
    const Rect r = scene_.cell_rect(map, t.cell);
    canvas.list.AddRectFilled({r.x0, r.y0}, {r.x1, r.y1}, with_alpha(theme.categorical[2], 0.45F));
  }
  scene_.draw_grid(canvas, map);
  canvas.list.PopClipRect();
  std::vector<LabelledBox> boxes = scene_.labelled(canvas, assignment_);
  for (int i = 0; i < scene_.predictions(); ++i) {
    const auto& at = scene_.slot(i);
    if (at && !(at->cell == scene_.cell())) boxes[scene_.objects().size() + static_cast<std::size_t>(i)].alpha = 0.6F;
  }
  draw_boxes(canvas, map, boxes, selected());
  for (const LabelledBox& b : boxes) draw_centre(canvas, map, b.box, b.colour);
  draw_frame(canvas, map.clip, theme.rule_strong, 1.0F);
  edit(editor_.edit("picture", map, boxes, selected(), scene_.picture().width, scene_.picture().height));
}

// A press looks at the cell, a drag moves a box, a double click places an object, Delete takes the selected one away.
void YoloGrid::edit(const BoxEvent& event) {
  if (event.chosen) (void)state_.set("selected", std::to_string(*event.chosen + 1));
  if (event.clicked) {
    scene_.look_at(state_, cell_of(scene_.shape(), {event.x, event.y, event.x, event.y}, scene_.picture()));
  }
  if (event.double_clicked) scene_.add_object(state_, event.x, event.y);
  if (event.changed) scene_.move(state_, event.chosen.value_or(selected()), *event.changed);
  const bool keyboard = !ImGui::GetIO().WantTextInput && ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows);
  if (keyboard && ImGui::IsKeyPressed(ImGuiKey_Delete)) scene_.remove(state_, selected());
  assign();
}

// A row for each of the cell's boxes: its five numbers and its IoU with the object; then what they should be.
void YoloGrid::draw_boxes_panel(const Canvas& canvas, const Layout& l) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const int boxes = scene_.shape().boxes;
  const YoloTarget* t = target();
  const CellMap map{l.boxes.x0, l.boxes.y0, l.size, {l.boxes.x0, l.boxes.y0, l.boxes.x1, l.boxes.y1 + 1.0F}};
  Tensor values(Shape{boxes, 5});
  for (int b = 0; b < boxes; ++b) {
    for (int c = 0; c < 5; ++c) {
      values(b, c) = static_cast<float>(scene_.output().cell(scene_.cell())[static_cast<std::size_t>(5 * b + c)]);
    }
  }
  for (int c = 0; c < 5; ++c) {
    const Rect cell = map.rect(0, c);
    canvas.text(canvas.fonts.text_small, 0.5F * (cell.x0 + cell.x1), cell.y0 - 9.0F, theme.ink_soft, box_columns[c],
                Align::centre);
  }
  GridStyle style = number_style();
  if (number() < 5 * boxes) style.highlight = Cell{number() / 5, number() % 5};
  const AreaInput input = area_input("numbers", map.rect(0, 0, boxes, 5));
  if (const auto over = tensor_grid(canvas, map, values.view(), style)) {
    pointed_ = 5 * over->row + over->column;
    if (input.clicked) (void)state_.set("number", std::to_string(*pointed_ + 1));
  }
  for (int b = 0; b < boxes; ++b) {
    const Rect row = map.rect(b, 0, 1, 5);
    const float y = 0.5F * (row.y0 + row.y1);
    const bool answers = t != nullptr && t->responsible == b;
    const auto prediction = scene_.prediction_at(scene_.cell(), b);
    const ImU32 ink = prediction ? theme.ink : theme.ink_faint;
    canvas.text(canvas.fonts.text_small, row.x0 - 8.0F, y, ink, words.format("yolo-grid.box", {std::to_string(b + 1)}),
                Align::right);
    if (t == nullptr) continue;
    const std::string value = words.number(t->ious[static_cast<std::size_t>(b)], 3) + (answers ? " ✓" : "");
    canvas.text(canvas.fonts.text_small, row.x1 + 8.0F, y, answers ? theme.good : theme.ink_soft, value);
  }
  if (t != nullptr) {
    const Rect first = map.rect(0, 4);
    canvas.text(canvas.fonts.text_small, first.x1 + 8.0F, first.y0 - 9.0F, theme.ink_soft, "IoU");
    draw_target_row(canvas, l, *t);
  } else {
    const float y = map.rect(boxes, 0).y0 + 0.4F * l.size;
    canvas.text(canvas.fonts.text_small, l.title.x0, y, theme.ink_soft,
                fitted(canvas, canvas.fonts.text_small, words("yolo-grid.no_object"), l.title.width()));
  }
}

void YoloGrid::draw_target_row(const Canvas& canvas, const Layout& l, const YoloTarget& t) {
  const float y0 = l.boxes.y0 + static_cast<float>(scene_.shape().boxes) * l.size + 6.0F;
  const CellMap map{l.boxes.x0, y0, l.size, {l.boxes.x0, y0, l.boxes.x1, y0 + l.size}};
  Tensor values(Shape{1, 5});
  const double wanted[] = {t.box.x, t.box.y, t.box.w, t.box.h, t.box.confidence};
  for (int c = 0; c < 5; ++c) values(0, c) = static_cast<float>(wanted[c]);
  tensor_grid(canvas, map, values.view(), number_style());
  draw_frame(canvas, map.rect(0, 0, 1, 5), canvas.theme.categorical[2], 2.0F);
  canvas.text(canvas.fonts.text_small, l.boxes.x0 - 8.0F, y0 + 0.5F * l.size, canvas.theme.ink,
              canvas.words("yolo-grid.target"), Align::right);
}

// The cell's class probabilities; a click on one says which class the cell's object is of.
void YoloGrid::draw_classes(const Canvas& canvas, const Rect& area) {
  if (area.height() < 9.0F) return;
  const YoloShape& shape = scene_.shape();
  const Words& words = canvas.words;
  const int columns = std::min(shape.classes, 10);
  const int rows = (shape.classes + columns - 1) / columns;
  const std::span<const double> p = scene_.output().classes(scene_.cell());
  Tensor values(Shape{rows, columns});
  for (int c = 0; c < rows * columns; ++c) {
    values(c / columns, c % columns) = c < shape.classes ? static_cast<float>(p[static_cast<std::size_t>(c)]) : 0.0F;
  }
  const YoloTarget* t = target();
  CellMap map = fit_cells(area, rows, columns, 46.0F);
  map.x = area.x0;
  map.clip = {area.x0, area.y0, area.x1, area.y1};
  draw_caption(
      canvas, area, words("yolo-grid.classes_caption"),
      t != nullptr ? words.format("yolo-grid.class_hint", {scene_.class_name(words, t->label)}).c_str() : nullptr);
  GridStyle style = number_style();
  const int label = number() - 5 * shape.boxes;
  if (label >= 0) style.highlight = Cell{label / columns, label % columns};
  const AreaInput input = area_input("classes", map.rect(0, 0, rows, columns));
  const auto over = tensor_grid(canvas, map, values.view(), style);
  if (t != nullptr && t->label < shape.classes) {
    draw_frame(canvas, map.rect(t->label / columns, t->label % columns), canvas.theme.categorical[2], 2.0F);
  }
  if (!over) return;
  const int c = over->row * columns + over->column;
  if (c >= shape.classes) return;
  pointed_ = 5 * shape.boxes + c;
  draw_note(canvas, input.x, input.y, scene_.class_name(words, c));
  if (!input.clicked) return;
  (void)state_.set("number", std::to_string(*pointed_ + 1));
  if (t != nullptr) scene_.set_label(state_, t->object, c);
}

// One number there and back: from pixels into the cell, and out again. Where there is room, all of its box.
void YoloGrid::draw_formula(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const int n = pointed_.value_or(number());
  const int boxes = scene_.shape().boxes;
  std::vector<std::pair<std::string, ImU32>> lines;
  const ImU32 strong = canvas.theme.ink;
  const ImU32 soft = canvas.theme.ink_soft;
  if (n >= 5 * boxes) {
    lines.emplace_back(class_formula(words, n - 5 * boxes), strong);
  } else {
    const bool all = area.height() >= 10.0F * line && scene_.prediction_at(scene_.cell(), n / 5);
    for (int column = 0; column < 5; ++column) {
      if (!all && column != n % 5) continue;
      lines.emplace_back(box_formula(words, n / 5, column), column == n % 5 ? strong : soft);
      const std::string back = box_back(words, n / 5, column);
      if (!back.empty()) lines.emplace_back(back, column == n % 5 ? strong : canvas.theme.ink_faint);
    }
  }
  float y = area.y0 + 0.5F * line;
  for (const auto& [text, ink] : lines) {
    if (y + 0.5F * line > area.y1 + 4.0F) return;
    const bool fits = canvas.text_width(canvas.fonts.number, text) <= area.width();
    ImFont* font = fits ? canvas.fonts.number : canvas.fonts.number_small;
    canvas.text(font, area.x0, y, ink, fitted(canvas, font, text, area.width()));
    y += line;
  }
}

std::string YoloGrid::box_formula(const Words& words, int box, int column) const {
  const YoloCell& cell = scene_.cell();
  const auto prediction = scene_.prediction_at(cell, box);
  if (!prediction) return words("yolo-grid.no_box");
  const YoloBox code = scene_.output().box(cell, box);
  const Box px = scene_.prediction(*prediction);
  const PictureSize picture = scene_.picture();
  const auto n = [&](double v) { return words.number(v, 4); };
  const std::string grid = std::to_string(scene_.shape().grid);
  switch (column) {
    case 0:
      return "x = " + grid + " · " + n(px.x()) + " / " + n(picture.width) + " − " + std::to_string(cell.column) +
             " = " + n(code.x);
    case 1:
      return "y = " + grid + " · " + n(px.y()) + " / " + n(picture.height) + " − " + std::to_string(cell.row) + " = " +
             n(code.y);
    case 2:
      return "w = " + n(px.width()) + " / " + n(picture.width) + " = " + n(code.w);
    case 3:
      return "h = " + n(px.height()) + " / " + n(picture.height) + " = " + n(code.h);
    default:
      break;
  }
  const YoloTarget* t = target();
  const bool answers = t != nullptr && t->responsible == box;
  return words.format(answers ? "yolo-grid.c_target" : "yolo-grid.c_zero",
                      {n(code.confidence), answers ? n(t->box.confidence) : std::string("0")});
}

std::string YoloGrid::box_back(const Words& words, int box, int column) const {
  const YoloCell& cell = scene_.cell();
  if (column > 3 || !scene_.prediction_at(cell, box)) return {};
  const YoloBox code = scene_.output().box(cell, box);
  const PictureSize picture = scene_.picture();
  const Box px = yolo_decode(scene_.shape(), cell, code, picture);
  const auto n = [&](double v) { return words.number(v, 4); };
  const std::string grid = std::to_string(scene_.shape().grid);
  const std::string back = words("yolo-grid.back");
  switch (column) {
    case 0:
      return back + " (" + std::to_string(cell.column) + " + " + n(code.x) + ") / " + grid + " · " + n(picture.width) +
             " = " + n(px.x()) + " px";
    case 1:
      return back + " (" + std::to_string(cell.row) + " + " + n(code.y) + ") / " + grid + " · " + n(picture.height) +
             " = " + n(px.y()) + " px";
    case 2:
      return back + " " + n(code.w) + " · " + n(picture.width) + " = " + n(px.width()) + " px";
    default:
      return back + " " + n(code.h) + " · " + n(picture.height) + " = " + n(px.height()) + " px";
  }
}

// The score of a detection is the product of box and class: C p(c).
std::string YoloGrid::class_formula(const Words& words, int label) const {
  const YoloTarget* t = target();
  const double p = scene_.output().classes(scene_.cell())[static_cast<std::size_t>(label)];
  const double c = scene_.output().box(scene_.cell(), t != nullptr ? t->responsible : 0).confidence;
  return "C · p(" + scene_.class_name(words, label) + ") = " + words.number(c, 3) + " · " + words.number(p, 3) + " = " +
         words.number(c * p, 3);
}

}  // namespace cvlab::app
