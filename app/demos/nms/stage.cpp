#include <algorithm>
#include <cmath>

#include "app/demos/nms/nms.hpp"
#include "app/views/note.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float row_height = 25.0F;
constexpr int named_classes = 7;

}  // namespace

// Picture at the left (on a phone: at the top), the boxes by score beside it, every pair's IoU below them.
Nms::Layout Nms::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const float rows = row_height * static_cast<float>(count()) + 4.0F;
  const auto ratio = static_cast<float>(backdrop_.height() / std::max(1.0, backdrop_.width()));
  if (a.width() >= 560.0F && a.width() > 1.1F * a.height()) {
    const float side = std::clamp(0.42F * a.width(), 260.0F, 420.0F);
    const float width = a.width() - side - 3.0F * pad;
    const float picture = std::min(width * ratio, a.height() - 2.0F * pad - 2.0F * caption - 8.0F);
    l.picture = {a.x0 + pad, a.y0 + pad + caption, a.x0 + pad + width, a.y0 + pad + caption + picture};
    l.status = {l.picture.x0, l.picture.y1 + 6.0F, l.picture.x1, l.picture.y1 + 6.0F + 2.0F * caption};
    l.list = {l.picture.x1 + pad, l.picture.y0, a.x1 - pad, std::min(a.y1 - pad, l.picture.y0 + rows)};
    l.matrix = {l.list.x0, l.list.y1 + caption + 10.0F, l.list.x1, a.y1 - pad};
    return l;
  }
  const float width = a.width() - 2.0F * pad;
  const float room = a.height() - 2.0F * caption - 16.0F;
  const float picture = std::max(60.0F, std::min(width * ratio, std::max(room - rows - caption, 0.6F * room)));
  l.picture = {a.x0 + pad, a.y0 + 4.0F + caption, a.x1 - pad, a.y0 + 4.0F + caption + picture};
  l.status = {l.picture.x0, l.picture.y1 + 4.0F, l.picture.x1, l.picture.y1 + 4.0F + caption};
  l.list = {a.x0 + pad, l.status.y1 + caption, a.x1 - pad, std::min(a.y1 - 4.0F, l.status.y1 + caption + rows)};
  l.matrix = {l.list.x0, l.list.y1 + caption + 10.0F, l.list.x1, a.y1 - pad};
  return l;
}

ImU32 Nms::class_colour(const Theme& theme, int label) const {
  constexpr int colours[] = {2, 6, 1, 0, 5, 4, 3};  // of the categorical set
  return theme.categorical[colours[(label - 1) % 7]];
}

std::string Nms::class_name(const Words& words, int label) const {
  if (label <= named_classes) return words("nms.class." + std::to_string(label));
  return words.format("nms.class", {std::to_string(label)});
}

void Nms::draw(Canvas& canvas) {
  const Layout l = layout(canvas);
  if (l.picture.width() < 16.0F || l.picture.height() < 16.0F) return;
  pointed_.reset();
  draw_list(canvas, l.list);
  if (l.matrix.height() > 90.0F && count() > 1) draw_matrix(canvas, l.matrix);
  draw_picture(canvas, l);
}

// Of the decision just made.
bool Nms::looked_at(int index) const {
  const auto& last = run_.last();
  return last.box == index || last.other == index;
}

std::string Nms::status_text(const Words& words, int index) const {
  switch (run_.status(index)) {
    case Status::waiting:
      return words("nms.waiting");
    case Status::low_score:
      return words("nms.low_score");
    case Status::kept:
      return words("nms.kept");
    case Status::suppressed:
      break;
  }
  const int by = run_.suppressed_by(index);
  return words.format("nms.by",
                      {words.number(iou(detection(by).box, detection(index).box), 2), std::to_string(by + 1)});
}

std::string Nms::step_text(const Words& words) const {
  const auto& last = run_.last();
  const auto name = [](int i) { return std::to_string(i + 1); };
  switch (last.kind) {
    case Kind::begin:
      return words.format("nms.step.begin", {std::to_string(count())});
    case Kind::drop:
      return words.format("nms.step.drop", {std::to_string(last.dropped), words.number(state_.real("score"), 3)});
    case Kind::keep:
      return words.format("nms.step.keep", {name(last.box), words.number(detection(last.box).score, 3)});
    case Kind::compare:
      return words.format(
          last.suppresses ? "nms.step.suppress" : "nms.step.spare",
          {name(last.box), name(last.other), words.number(last.iou, 3), words.number(state_.real("iou"), 3)});
    case Kind::end:
      return words.format("nms.step.end", {std::to_string(run_.count(Status::kept)), std::to_string(count())});
  }
  return {};
}

void Nms::draw_picture(const Canvas& canvas, const Layout& l) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const CellMap map = backdrop_.map(l.picture);
  draw_caption(canvas, {map.clip.x0, map.clip.y0, map.clip.x1, map.clip.y1},
               words.format("nms.progress", {std::to_string(run_.steps()), std::to_string(all_steps_)}).c_str(),
               words.format("nms.kept_count", {std::to_string(run_.count(Status::kept))}).c_str());
  backdrop_.draw(canvas, map, 0.75F);
  draw_pair(canvas, map);
  std::vector<LabelledBox> boxes;
  for (int i = 0; i < count(); ++i) {
    const Detection& d = detection(i);
    LabelledBox box{d.box, std::to_string(i + 1), class_colour(theme, d.label)};
    const bool gone = run_.status(i) == Status::suppressed || run_.status(i) == Status::low_score;
    const bool looked = looked_at(i) || pointed_ == i;
    if (gone && !looked) box.alpha = 0.35F;
    box.dashed = gone;
    if (run_.status(i) == Status::kept) {
      box.thickness = 4.0F;
      box.label = "✓ " + box.label;
    }
    if (pointed_ == i) box.colour = theme.focus;
    if (looked) box.label += " · " + words.number(d.score, 2);
    boxes.push_back(box);
  }
  const int selected = std::min(state_.integer("selected"), count()) - 1;
  draw_boxes(canvas, map, boxes, selected);
  draw_frame(canvas, map.clip, theme.rule_strong, 1.0F);
  ImFont* font = canvas.fonts.text;
  const std::string text = step_text(words);
  const float wrap = l.status.width();
  if (canvas.text_width(font, text) > wrap) font = canvas.fonts.text_small;
  canvas.list.AddText(font, font->FontSize,
                      {l.status.x0 + (map.clip.width() > 0.8F * wrap ? map.clip.x0 - l.status.x0 : 0.0F), l.status.y0},
                      theme.ink, text.data(), text.data() + text.size(), wrap);

  const BoxEvent event = editor_.edit("picture", map, boxes, selected, backdrop_.width(), backdrop_.height());
  if (event.chosen) (void)state_.set("selected", std::to_string(*event.chosen + 1));
  if (event.changed) {
    put_box(rows_[static_cast<std::size_t>(event.chosen.value_or(selected))], *event.changed);
    keep_rows();
  }
}

// The two boxes being compared: their intersection over their union.
void Nms::draw_pair(const Canvas& canvas, const CellMap& map) const {
  const auto& last = run_.last();
  if (last.kind != Kind::compare) return;
  const Overlap o = overlap(detection(last.box).box, detection(last.other).box);
  const auto fill = [&](const Box& box, ImU32 colour) {
    const Rect r = on_screen(map, box);
    canvas.list.AddRectFilled({r.x0, r.y0}, {r.x1, r.y1}, colour);
  };
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  fill(detection(last.box).box, IM_COL32(255, 255, 255, 70));
  fill(detection(last.other).box, IM_COL32(255, 255, 255, 70));
  if (o.area_intersection > 0.0) fill(o.intersection, with_alpha(canvas.theme.focus, 0.5F));
  canvas.list.PopClipRect();
}

void Nms::draw_list(const Canvas& canvas, const Rect& area) {
  draw_caption(canvas, area, canvas.words("nms.list"), canvas.words("nms.list_hint"));
  // Where not all find room, those of the present decision do.
  const int room = std::max(1, static_cast<int>((area.height() + 1.0F) / row_height));
  const auto& order = run_.order();
  const auto& last = run_.last();
  const int wanted = last.other >= 0 ? last.other : last.box;
  const auto place = std::find(order.begin(), order.end(), wanted) - order.begin();
  const int first = wanted < 0 || count() <= room ? 0 : std::max(0, static_cast<int>(place) + 1 - room);
  for (int i = first; i < std::min(first + room, count()); ++i) {
    const float y = area.y0 + row_height * static_cast<float>(i - first);
    if (y + row_height > area.y1 + 1.0F) return;
    draw_row(canvas, {area.x0, y, area.x1, y + row_height}, order[static_cast<std::size_t>(i)]);
  }
}

// Number and class, score as a bar that can be dragged, what has become of the box.
void Nms::draw_row(const Canvas& canvas, const Rect& area, int index) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const Detection& d = detection(index);
  const Status status = run_.status(index);
  const bool gone = status == Status::suppressed || status == Status::low_score;
  const float y = 0.5F * (area.y0 + area.y1);
  const float name = area.x0 + std::clamp(0.3F * area.width(), 90.0F, 130.0F);
  const float length = area.width() < 330.0F ? 0.17F : 0.3F;
  const Rect bar{name, y - 8.0F, name + length * area.width(), y + 8.0F};

  const AreaInput input = area_input(("row" + std::to_string(index)).c_str(), area);
  if (input.hovered) pointed_ = index;
  if (input.clicked) (void)state_.set("selected", std::to_string(index + 1));
  const bool on_bar = input.x >= bar.x0 - 8.0F && input.x <= bar.x1 + 8.0F;
  if (input.hovered && on_bar) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (input.pressed && on_bar) {
    const double score = static_cast<double>(std::clamp((input.x - bar.x0) / bar.width(), 0.0F, 1.0F));
    rows_[static_cast<std::size_t>(index)][4] = std::round(100.0 * score) / 100.0;
    (void)state_.set("boxes", format_rows(rows_));  // the list is sorted again in the next update
  }
  if (looked_at(index) || input.hovered) {
    canvas.list.AddRectFilled({area.x0, area.y0 + 1.0F}, {area.x1, area.y1 - 1.0F}, theme.focus_soft, 4.0F);
  }
  const ImU32 ink = gone ? theme.ink_faint : theme.ink;
  const ImU32 colour = class_colour(theme, d.label);
  canvas.list.AddRectFilled({area.x0 + 4.0F, y - 7.0F}, {area.x0 + 8.0F, y + 7.0F},
                            with_alpha(colour, gone ? 0.4F : 1.0F));
  canvas.text(canvas.fonts.number, area.x0 + 30.0F, y, ink, std::to_string(index + 1), Align::right);
  canvas.text(canvas.fonts.text_small, area.x0 + 38.0F, y, ink,
              fitted(canvas, canvas.fonts.text_small, class_name(words, d.label), bar.x0 - area.x0 - 44.0F));
  canvas.list.AddRectFilled({bar.x0, bar.y0}, {bar.x1, bar.y1}, theme.surface, 3.0F);
  const float end = bar.x0 + static_cast<float>(d.score) * bar.width();
  canvas.list.AddRectFilled({bar.x0, bar.y0}, {std::max(bar.x0 + 1.0F, end), bar.y1},
                            with_alpha(colour, gone ? 0.25F : 0.75F), 3.0F);
  const float limit = bar.x0 + static_cast<float>(state_.real("score")) * bar.width();
  canvas.list.AddLine({limit, area.y0}, {limit, area.y1}, theme.ink_soft, 1.0F);
  canvas.text(canvas.fonts.number_small, bar.x1 + 6.0F, y, ink, words.number(d.score, 2));
  const std::string text = status_text(words, index);
  const float left = bar.x1 + 40.0F;
  canvas.text(canvas.fonts.text_small, area.x1 - 6.0F, y, status == Status::kept ? theme.good : ink,
              fitted(canvas, canvas.fonts.text_small, text, area.x1 - 6.0F - left), Align::right);
}

// IoU of every pair in the order of scores; the pair just compared in the focus colour.
void Nms::draw_matrix(const Canvas& canvas, const Rect& area) {
  const auto n = static_cast<std::ptrdiff_t>(count());
  Tensor values(Shape{n, n});
  GridStyle style{Shade::diverging, 0.0F, 1.3F, true};  // never negative: white to blue
  const auto& order = run_.order();
  const auto& last = run_.last();
  for (std::ptrdiff_t r = 0; r < n; ++r) {
    for (std::ptrdiff_t c = 0; c < n; ++c) {
      const int a = order[static_cast<std::size_t>(r)];
      const int b = order[static_cast<std::size_t>(c)];
      values(r, c) = static_cast<float>(iou(detection(a).box, detection(b).box));
      if (last.kind == Kind::compare && a == last.box && b == last.other) {
        style.highlight = Cell{static_cast<int>(r), static_cast<int>(c)};
      }
    }
  }
  const CellMap map = fit_cells({area.x0 + 22.0F, area.y0 + 14.0F, area.x1, area.y1}, count(), count(), 34.0F);
  draw_caption(canvas, {area.x0, area.y0, area.x1, area.y1}, canvas.words("nms.matrix"), nullptr);
  for (int i = 0; i < count(); ++i) {
    const std::string name = std::to_string(order[static_cast<std::size_t>(i)] + 1);
    const Rect row = map.rect(i, 0);
    const Rect column = map.rect(0, i);
    canvas.text(canvas.fonts.number_small, row.x0 - 6.0F, 0.5F * (row.y0 + row.y1), canvas.theme.ink_soft, name,
                Align::right);
    canvas.text(canvas.fonts.number_small, 0.5F * (column.x0 + column.x1), column.y0 - 8.0F, canvas.theme.ink_soft,
                name, Align::centre);
  }
  const auto over = tensor_grid(canvas, map, values.view(), style);
  if (!over) return;
  const int a = order[static_cast<std::size_t>(over->row)];
  const int b = order[static_cast<std::size_t>(over->column)];
  const Overlap o = overlap(detection(a).box, detection(b).box);
  const Words& words = canvas.words;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_note(canvas, mouse.x, mouse.y,
            "IoU(" + std::to_string(a + 1) + ", " + std::to_string(b + 1) +
                ") = " + words.number(o.area_intersection, 7) + " / " + words.number(o.area_union, 7) + " = " +
                words.number(o.iou, 3));
}

}  // namespace cvlab::app
