// The network as a map, what it says, and what pointing and drawing do.
#include <algorithm>
#include <cmath>

#include "app/demos/cnn/cnn.hpp"
#include "app/shell/widgets.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr float line = 24.0F;
constexpr float least_for_both = 500.0F;  // a stage less high shows training or layers without the network

}  // namespace

// The network above, below it the chosen map and the arithmetic; on a narrow stage one under the other.
Cnn::Layout Cnn::layout(const Rect& a) {
  Layout l;
  l.wide = a.width() >= 620.0F && a.width() > 0.9F * a.height();
  const float pad = l.wide ? std::clamp(0.022F * a.width(), 12.0F, 30.0F) : 12.0F;
  const bool tall = a.height() > 560.0F;
  l.status = {a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, a.y0 + 4.0F + (l.wide || !tall ? line : 2.0F * line)};
  l.pad = l.wide ? 3.3F : tall ? 4.0F : 2.4F;
  const float top = l.status.y1 + 2.0F;
  const float room = a.y1 - 8.0F - top;
  l.network = {a.x0 + pad, top, a.x1 - pad, top + (l.wide || below("cell") ? 0.57F : 0.41F) * room};
  network_.arrange(l.network, !l.wide, 72.0F, l.pad);
  l.network.y1 = network_.bottom();
  const float y = l.network.y1 + (l.wide ? 16.0F : 10.0F);
  const Rect input = network_.map_rect(0, 0);
  l.buttons = l.wide ? Rect{input.x0, input.y1 + 8.0F, input.x1, input.y1 + 116.0F}
                     : Rect{input.x1 + 12.0F, input.y0, l.network.x1, input.y1};
  l.below = {l.network.x0, y, l.network.x1, a.y1 - 6.0F};
  const bool large = !single(shown_.layer);
  if (l.wide) {
    const float side = large ? std::min(a.y1 - 8.0F - y - line, 0.26F * a.width()) : 0.0F;
    l.map = {l.network.x0, y, l.network.x0 + side, y + line + side};
    l.terms = {l.map.x1 + (large ? 1.4F * pad : 0.0F), y, l.network.x1, a.y1 - 6.0F};
  } else {
    const float side = std::min(a.y1 - y - 230.0F - line, 0.6F * a.width());
    const bool shown = large && side > 60.0F;
    l.map = {l.network.x0, y, l.network.x0 + (shown ? side : 0.0F), y + (shown ? line + side : 0.0F)};
    l.terms = {l.network.x0, l.map.y1 + (shown ? 8.0F : 0.0F), l.network.x1, a.y1 - 4.0F};
  }
  return l;
}

void Cnn::draw(Canvas& canvas) {
  if (!ready() && trained_ && !sound()) {
    draw_unsound(canvas);
    return;
  }
  if (!ready()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  keys();
  const Layout l = layout(canvas.area);
  draw_status(canvas, l.status);
  if (!below("cell") && canvas.area.height() < least_for_both) {
    const Rect rest{l.network.x0, l.status.y1 + 8.0F, l.network.x1, canvas.area.y1 - 4.0F};
    return below("layers") ? draw_builder(canvas, rest) : draw_training(canvas, rest);
  }
  point(l);
  network_.draw(canvas, shown_.layer);
  draw_connections(canvas);
  draw_buttons(canvas, l.buttons);
  if (unit_note_) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    draw_note(canvas, mouse.x, mouse.y,
              unit_name(canvas.words, shown_) + " = " + canvas.words.number(value_of(shown_), 4));
  }
  if (below("training")) {
    draw_training(canvas, l.below);
  } else if (below("layers")) {
    draw_builder(canvas, l.below);
  } else {
    draw_detail(canvas, l);
  }
}

// Layers that do not fit together, to be mended where they stood before.
void Cnn::draw_unsound(const Canvas& canvas) {
  const Rect& a = canvas.area;
  Rect builder{a.x0 + 12.0F, a.y0 + 12.0F, a.x1 - 12.0F, a.y1 - 6.0F};
  if (!network_.layers().empty()) {
    const Layout l = layout(a);
    builder = l.below;
    draw_message(canvas, {l.network.x0, l.network.y0, l.network.x1, builder.y0}, canvas.words("cnn.unsound"));
  }
  draw_builder(canvas, builder);
}

std::string Cnn::said(const Words& words) const {
  if (drawn() && strokes_.empty()) return words("cnn.empty");
  if (backward()) return words.format("cnn.said_loss", {std::to_string(target_class_), words.number(loss_, 4)});
  const Var p = graph_.value_of(graph_.output());
  const double share = 100.0 * static_cast<double>(tape_.value(p).data()[answer_]);
  const std::string answer = std::to_string(answer_);
  const std::string percent = words.number(share, share > 99.5 ? 4 : 3) + "\u00A0%";
  if (label_ < 0) return words.format("cnn.said_drawn", {answer, percent});
  return words.format(label_ == answer_ ? "cnn.said_right" : "cnn.said_wrong",
                      {answer, percent, std::to_string(label_)});
}

std::string Cnn::accuracy_text(const Words& words) const {
  if (training_.running() || pending()) return training_text(words);
  if (test_.count() == 0 || !before_.finished()) return words("cnn.counting");
  const auto percent = [&](const Prediction& p) { return words.number(100.0 * p.accuracy(), 4) + "\u00A0%"; };
  if (edits_->empty()) return words.format("cnn.accuracy", {percent(before_), std::to_string(test_.count())});
  if (!now_.finished()) return words.format("cnn.accuracy_counting", {percent(before_), std::to_string(now_.done())});
  return words.format("cnn.accuracy_changed", {percent(before_), percent(now_), std::to_string(test_.count())});
}

ImU32 Cnn::status_colour(const Theme& theme) const {
  if (!training_.diverged().empty()) return theme.bad;
  if (!remark_.id.empty()) return news_ ? theme.focus : theme.bad;
  return label_ >= 0 && label_ != answer_ && !backward() ? theme.bad : theme.ink;
}

void Cnn::draw_status(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const bool one_line = area.height() < 1.5F * line;
  const std::string text = !training_.diverged().empty() ? words.format("cnn.diverged", {training_.diverged()})
                           : remark_.id.empty()          ? said(words)
                                                         : words.sentence(remark_);
  const std::string detail = backward() ? words("cnn.cells_show") : accuracy_text(words);
  const ImU32 colour = status_colour(canvas.theme);
  const bool fits = canvas.text_width(canvas.fonts.text, text) <= area.width();
  canvas.text(fits ? canvas.fonts.text : canvas.fonts.text_small, area.x0, area.y0 + 12.0F, colour, text);
  const ImU32 soft = edits_->empty() || backward() ? canvas.theme.ink_faint : canvas.theme.focus;
  const float room = area.width() - canvas.text_width(canvas.fonts.text, text) - 16.0F;
  if (one_line && canvas.text_width(canvas.fonts.text_small, detail) > room) return;
  if (one_line) {
    canvas.text(canvas.fonts.text_small, area.x1, area.y0 + 12.0F, soft, detail, Align::right);
  } else {
    canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 34.0F, soft, detail);
  }
}

// Forward: what the unit can see in every layer before it, and lines from what it reads. Backward: lines from the units
// that send it their gradient.
void Cnn::draw_connections(const Canvas& canvas) const {
  const bool back = backward();
  const nn::Trace& trace = back ? backward_ : forward_;
  const ImU32 colour = back ? canvas.theme.gradient : canvas.theme.focus;
  std::vector<MapBlock> seen;
  for (int layer = 0; layer + 1 < shown_.layer && !back; ++layer) {
    const auto region = nn::receptive_region(graph_, tape_, columns_[static_cast<std::size_t>(shown_.layer)],
                                             index_of(shown_), columns_[static_cast<std::size_t>(layer)]);
    if (!region) continue;
    for (int channel = region->channel0; channel < region->channel1; ++channel)
      seen.push_back({layer, channel, region->row0, region->row1, region->column0, region->column1});
  }
  network_.draw_blocks(canvas, seen, with_alpha(colour, 0.55F), std::nullopt);
  // One block for the terms that lie in one map.
  std::vector<MapBlock> blocks;
  for (const nn::TraceTerm& term : trace.terms) {
    if (term.unit < 0 || trace.rule == nn::TraceRule::loss) continue;
    const MapUnit unit = unit_of(term.layer, term.unit);
    if (blocks.empty() || blocks.back().channel != unit.channel) {
      blocks.push_back({unit.layer, unit.channel, unit.row, unit.row + 1, unit.column, unit.column + 1});
    }
    MapBlock& block = blocks.back();
    block.row0 = std::min(block.row0, unit.row);
    block.row1 = std::max(block.row1, unit.row + 1);
    block.column0 = std::min(block.column0, unit.column);
    block.column1 = std::max(block.column1, unit.column + 1);
  }
  network_.draw_blocks(canvas, blocks, colour, shown_);
  const Rect own =
      network_.block_rect({shown_.layer, shown_.channel, shown_.row, shown_.row + 1, shown_.column, shown_.column + 1});
  draw_frame(canvas, network_.map_rect(shown_.layer, shown_.channel), colour, 1.5F);
  draw_frame(canvas, own, colour, 2.0F);
  if (!marked_ || *marked_ >= static_cast<int>(trace.terms.size())) return;
  const nn::TraceTerm& term = trace.terms[static_cast<std::size_t>(*marked_)];
  if (term.unit < 0) return;
  const MapUnit unit = unit_of(term.layer, term.unit);
  draw_frame(canvas,
             network_.block_rect({unit.layer, unit.channel, unit.row, unit.row + 1, unit.column, unit.column + 1}),
             canvas.theme.accent, 2.5F);
}

// Pointing at a cell explains it, clicking keeps it; the square of a drawing takes the pen.
void Cnn::point(const Layout& l) {
  unit_note_ = false;
  const Rect pad = network_.map_rect(0, 0);
  const AreaInput network = area_input("network", {l.network.x0, l.network.y0, l.network.x1, network_.bottom() + 2.0F});
  const std::optional<MapUnit> over = network_.at(network.x, network.y);
  const bool drawing = drawn() && (pen_down_ || (network.clicked && pad.contains(network.x, network.y)));
  if (drawing) {
    if (network.clicked) {
      strokes_.emplace_back();
      pen_down_ = true;
    }
    if (network.pressed) {
      draw_stroke(network_.cells(0, 0));
    } else {
      pen_down_ = false;
    }
  } else if (network.hovered && over) {
    if (!(*over == shown_)) look_at(*over);
    if (network.clicked) keep(*over);
    unit_note_ = !below("cell");  // else its numbers stand below
    return;
  }
  if (!(shown_ == kept_)) look_at(kept_);
}

// A point of the stroke under way, where the pointer is.
void Cnn::draw_stroke(const CellMap& pad) {
  if (strokes_.empty()) strokes_.emplace_back();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto half = [&](float from, float to) {
    return std::clamp(static_cast<int>(std::floor(2.0F * (to - from) / pad.size)), 0, pen_half_pixels - 1);
  };
  const PenPoint at{half(pad.x, mouse.x), half(pad.y, mouse.y)};
  PenStroke& stroke = strokes_.back();
  if (!stroke.empty()) {
    const int dx = at.x - stroke.back().x;
    const int dy = at.y - stroke.back().y;
    if (dx * dx + dy * dy < 4) return;  // less than a pixel away
  }
  stroke.push_back(at);
  const std::string text = format_strokes(strokes_);
  if (text.size() <= static_cast<std::size_t>(most_strokes)) {
    (void)state_.set("strokes", text);
  } else {
    stroke.pop_back();
    if (stroke.empty()) strokes_.pop_back();
  }
}

void Cnn::draw_buttons(const Canvas& canvas, const Rect& area) {
  const Look look{canvas, 30.0F};
  const Words& words = canvas.words;
  const ImVec2 back = ImGui::GetCursorScreenPos();
  float x = area.x0;
  float y = area.y0;
  const bool flat = area.height() < 100.0F;  // side by side
  const auto one = [&](const char* id, const std::string& label, const char* help) {
    const float width = std::min(area.width(), button_width(look, label, Icon::none));
    if (flat && x + width > area.x1 + 1.0F) {
      x = area.x0;
      y += 34.0F;
    }
    ImGui::SetCursorScreenPos({x, y});
    if (flat) {
      x += width + 6.0F;
    } else {
      y += 36.0F;
    }
    return button(look, id, label, {.width = width}, words(help));
  };
  if (drawn()) {
    if (one("clear", words("cnn.clear"), "cnn.clear.tip")) (void)state_.set("strokes", "");
  } else if (one("draw", words("cnn.draw"), "cnn.draw.tip")) {
    (void)state_.set("source", "drawn");
  }
  const std::string kernel = layer_of(kept_.layer).name + ":" + std::to_string(kept_.channel + 1) + "=off";
  const bool kernels = layer_of(kept_.layer).kind == nn::LayerKind::conv2d && edits_->find(kernel) == std::string::npos;
  const std::string off = words.format("cnn.off", {std::to_string(kept_.channel + 1)});
  if (kernels && !backward() && one("off", off, "cnn.off.tip")) switch_off();
  if (!edits_->empty() && one("undo", words("cnn.undo"), "cnn.undo.tip")) (void)state_.set("edits", "");
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
}

// Arrow keys move the kept unit in its map.
void Cnn::keys() {
  int rows = 0;
  int columns = 0;
  if (!arrow_keys(rows, columns)) return;
  MapUnit unit = kept_;
  const Tensor& values = network_.layers()[static_cast<std::size_t>(unit.layer)].values;
  if (single(unit.layer)) {
    unit.channel = std::clamp(unit.channel + rows + columns, 0, static_cast<int>(values.size(0)) - 1);
  } else {
    unit.row = std::clamp(unit.row + rows, 0, static_cast<int>(values.size(1)) - 1);
    unit.column = std::clamp(unit.column + columns, 0, static_cast<int>(values.size(2)) - 1);
  }
  keep(unit);
  kept_ = unit;
  look_at(unit);
}

}  // namespace cvlab::app
