// The cell pointed at, written out with its numbers, what it means, and its finite difference.
#include <algorithm>

#include "app/demos/matrix-backprop/matrix_backprop.hpp"

namespace cvlab::app {

namespace {

std::string place_of(const MatrixCell& cell) {
  return "(" + std::to_string(cell.row + 1) + "," + std::to_string(cell.column + 1) + ")";
}

FormulaPiece piece_of(const MatrixCell& cell) {
  const std::string symbol = matrix_symbol(cell.id) + place_of(cell);
  if (cell.id == MatrixId::L) return {"L"};
  if (cell.id == MatrixId::ones) return {"1"};
  if (cell.id == MatrixId::slope) return {"f\u2032(Z_1)" + place_of(cell)};
  if (is_gradient(cell.id)) return {"\u2202L", "\u2202" + symbol};
  return {symbol};
}

FormulaPiece sign(std::string text) { return {.top = std::move(text), .sign = true}; }

// Before, between and after the sources of a cell.
struct Pattern {
  std::string before, between, next, after;
};

Pattern pattern_of(const MatrixSettings& s, const MatrixCell& cell) {
  const std::string batch = std::to_string(s.batch);
  switch (matrix_rule(cell.id).kind) {
    case MatrixRuleKind::product:
    case MatrixRuleKind::cellwise:
      return {"", "\u00B7", "+", ""};
    case MatrixRuleKind::error:
      return {"\u00BD (", "\u2212", ")\u00B2 + \u00BD (", ")\u00B2"};
    case MatrixRuleKind::mean:
      return {"1/" + batch + " \u00B7 (", "+", "+", ")"};
    case MatrixRuleKind::difference:
      return {"(", "\u2212", "", ") / " + batch};
    case MatrixRuleKind::activation: {
      if (cell.id == MatrixId::slope) return {"f\u2032(", "", "", ")"};
      static constexpr const char* before[] = {"max(0, ", "\u03C3(", "tanh(", ""};
      return {before[static_cast<int>(s.activation)], "", "", s.activation == MatrixActivation::identity ? "" : ")"};
    }
    case MatrixRuleKind::given:
      break;
  }
  return {};
}

float wrapped(const Canvas& canvas, const Rect& area, float y, float em, ImU32 colour, const std::string& text) {
  ImFont* font = canvas.fonts.text_small;
  const float size = em * canvas.fonts.text_line;
  const ImVec2 box = font->CalcTextSizeA(size, 1e6F, area.width(), text.data(), text.data() + text.size());
  if (y + box.y > area.y1 + 2.0F) return 0.0F;
  canvas.list.AddText(font, size, {area.x0, y}, colour, text.data(), text.data() + text.size(), area.width());
  return box.y;
}

}  // namespace

std::vector<FormulaPiece> MatrixBackprop::pieces_of(const Canvas& canvas, const MatrixCell& cell) const {
  const Words& words = canvas.words;
  std::vector<FormulaPiece> pieces = {piece_of(cell)};
  pieces[0].value = words.number(example_.value(cell), 5);
  pieces[0].colour = canvas.theme.focus;
  const std::vector<MatrixCell> sources = matrix_sources(example_.settings(), cell);
  if (sources.empty()) return pieces;
  pieces.push_back(sign("="));
  const Pattern pattern = pattern_of(example_.settings(), cell);
  if (!pattern.before.empty()) pieces.push_back(sign(pattern.before));
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const MatrixCell& from = sources[i];
    if (i > 0) pieces.push_back(sign(i % 2 == 1 ? pattern.between : pattern.next));
    const double value = example_.value(from);
    const std::string number = words.number(value, 4);
    FormulaPiece piece = piece_of(from);
    piece.value = value < 0.0 && (pattern.between == "\u00B7" || i % 2 == 1) ? "(" + number + ")" : number;
    piece.colour = is_gradient(from.id) ? canvas.theme.gradient : canvas.theme.ink;
    pieces.push_back(std::move(piece));
  }
  if (!pattern.after.empty()) pieces.push_back(sign(pattern.after));
  return pieces;
}

std::string MatrixBackprop::what(const Words& words, MatrixId id) const {
  static constexpr const char* keys[] = {"X", "Y",   "W",   "B",   "W",   "B",   "Z1",  "A1",  "Z2",    "E",
                                         "L", "dZ2", "dW2", "dB2", "dA1", "dZ1", "dW1", "dB1", "slope", "ones"};
  return words(std::string("matrix-backprop.what.") + keys[static_cast<std::size_t>(id)]);
}

// The plate is as tall as its text, at least half of what there is.
void MatrixBackprop::draw_explanation(const Canvas& canvas, const Layout& l) const {
  const Rect& area = l.formula;
  const float pad = l.wide ? 14.0F : 9.0F;
  const Rect in{area.x0 + pad, area.y0 + 0.6F * pad, area.x1 - pad, area.y1 - 0.5F * pad};
  canvas.list.ChannelsSplit(2);
  canvas.list.ChannelsSetCurrent(1);
  const float end = draw_sentences(canvas, in, l.wide) + 0.6F * pad;
  canvas.list.ChannelsSetCurrent(0);
  const float bottom = l.wide ? std::clamp(end, 0.5F * (area.y0 + area.y1), area.y1) : area.y1;
  canvas.list.AddRectFilled({area.x0, area.y0}, {area.x1, bottom}, canvas.theme.surface, 6.0F);
  canvas.list.ChannelsMerge();
}

// Returns where they end.
float MatrixBackprop::draw_sentences(const Canvas& canvas, const Rect& in, bool wide) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const float em = wide ? 13.5F : 12.0F;
  float y = in.y0;
  const std::optional<MatrixCell> cell = shown();
  if (!cell) {
    return y + wrapped(canvas, in, y, em, theme.ink, words("matrix-backprop.begin"));
  }
  if (!known(cell->id)) {
    y += wrapped(canvas, in, y, em, theme.ink, what(words, cell->id)) + 6.0F;
    return y + wrapped(canvas, in, y, em, theme.ink_soft, words("matrix-backprop.click_to_compute"));
  }
  const std::optional<MatrixId> of = matrix_of_gradient(cell->id);
  const float check = of ? 1.7F * em : 0.0F;
  y += wrapped(canvas, in, y, em, theme.ink_soft, what(words, cell->id)) + 0.4F * em;
  y += draw_formula(canvas, {in.x0, y, in.x1, std::max(y + 40.0F, in.y1 - check)}, pieces_of(canvas, *cell));
  if (!of || y + check > in.y1 + 2.0F) return y;
  const double difference = example_.finite_difference({*of, cell->row, cell->column});
  const std::string text = words.format("matrix-backprop.check", {words.number(difference, 5)});
  y += 0.3F * em;
  return y + wrapped(canvas, in, y, em, theme.ink_soft, text);
}

}  // namespace cvlab::app
