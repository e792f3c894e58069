// The chosen unit: its map enlarged, the numbers that meet in it, and their sum.
#include <algorithm>
#include <cmath>

#include "app/demos/cnn/cnn.hpp"
#include "app/shell/widgets.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float line = 24.0F;
constexpr float label_height = 17.0F;
constexpr float calm = 1.5F;  // the strongest value is not the strongest colour: numbers stay easy to read

}  // namespace

constexpr float plate = 7.0F;  // around a number that can be changed, at its left and right

// One of the three rows: values, weights, products of all groups.
struct Cnn::TermRow {
  Rect area;
  std::string label;
  double nn::TraceTerm::*number = nullptr;
  TermLook look;
  bool edited = false;
};

std::string Cnn::unit_name(const Words& words, const MapUnit& unit) const {
  const std::string& layer = layer_of(unit.layer).name;
  const bool classes = unit.layer + 2 >= static_cast<int>(columns_.size());  // fc and softmax
  if (classes) return words.format("cnn.unit_of_class", {layer, std::to_string(unit.channel)});
  if (single(unit.layer)) return words.format("cnn.unit_of_output", {layer, std::to_string(unit.channel + 1)});
  const std::string row = std::to_string(unit.row + 1);
  const std::string column = std::to_string(unit.column + 1);
  if (unit.layer == 0) return words.format("cnn.unit_of_input", {row, column});
  return words.format("cnn.unit", {layer, std::to_string(unit.channel + 1), row, column});
}

void Cnn::draw_detail(const Canvas& canvas, const Layout& l) {
  next_marked_.reset();
  draw_large_map(canvas, l.map);
  if (l.terms.height() >= 40.0F) draw_terms(canvas, l.terms);
  marked_ = next_marked_;
}

// Cells that a finger can hit.
void Cnn::draw_large_map(const Canvas& canvas, const Rect& area) {
  if (area.width() < 60.0F || area.height() < 60.0F) return;
  const MapUnit unit = shown_;
  const MapLayer& layer = network_.layers()[static_cast<std::size_t>(unit.layer)];
  const int rows = static_cast<int>(layer.values.size(1));
  const int columns = static_cast<int>(layer.values.size(2));
  const std::string name = unit.layer == 0
                               ? layer.name
                               : canvas.words.format("cnn.map_name", {layer.name, std::to_string(unit.channel + 1)});
  const Rect below{area.x0, area.y0 + line, area.x1, area.y1};
  draw_caption(canvas, {below.x0, below.y0, below.x1, below.y1}, name.c_str(),
               ("\u00B1" + canvas.words.number(static_cast<double>(layer.high), 2)).c_str());
  if (fresh_) {
    Tensor plane(Shape{1, 1, rows, columns});
    std::copy_n(layer.values.data() + static_cast<std::ptrdiff_t>(unit.channel) * rows * columns, plane.count(),
                plane.data());
    large_.set_plane(plane, layer.shade, 0.0F, layer.high);
    fresh_ = false;
  }
  CellMap map;
  map.size = below.width() / static_cast<float>(columns);
  map.x = below.x0;
  map.y = below.y0;
  map.clip = map.rect(0, 0, rows, columns);
  large_.draw(canvas, map);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  const ImU32 colour = backward() ? canvas.theme.gradient : canvas.theme.focus;
  draw_frame(canvas, map.rect(unit.row, unit.column), colour, 2.0F);
  const AreaInput input = area_input("large", map.clip);
  const Cell at = map.at(input.x, input.y);
  if (!input.hovered || at.row < 0 || at.row >= rows || at.column < 0 || at.column >= columns) return;
  const float value = layer.values(unit.channel, at.row, at.column);
  if (input.clicked || input.pressed) {
    keep({unit.layer, unit.channel, at.row, at.column});
  } else {
    draw_note(canvas, input.x, input.y,
              "(" + std::to_string(at.row + 1) + ", " + std::to_string(at.column + 1) + ")  " +
                  canvas.words.number(static_cast<double>(value), 4));
  }
}

// The rule with its numbers.
std::string Cnn::equation(const Words& words) const {
  const nn::Trace& t = backward() ? backward_ : forward_;
  const auto number = [&](double value) { return words.number(value, 4); };
  std::string result = number(t.result);
  const nn::TraceTerm first = t.terms.empty() ? nn::TraceTerm{} : t.terms[0];
  const std::string value = number(first.value);
  if (backward()) {
    switch (t.rule) {
      case nn::TraceRule::sum:
        return "\u2202L/\u2202x = \u03A3 \u2202L/\u2202y\u00B7w = " + result;
      case nn::TraceRule::maximum:
        if (t.terms.empty()) return "\u2202L/\u2202x = 0";
        return "\u2202L/\u2202x = " + value + " \u00B7 " + number(first.weight) + " = " + result;
      case nn::TraceRule::function:
        return "\u2202L/\u2202x = \u2202L/\u2202y \u00B7 f\u2032(x) = " + value + " \u00B7 " + number(first.weight) +
               " = " + result;
      case nn::TraceRule::cross_entropy:
        return "\u2202L/\u2202z = p \u2212 t = " + value + " \u2212 " + number(first.weight) + " = " + result;
      case nn::TraceRule::loss:
        return first.weight > 0.0
                   ? "L = \u2212ln p = " + number(loss_) + ",   \u2202L/\u2202p = \u22121 / " + value + " = " + result
                   : "L = \u2212ln p(" + std::to_string(target_class_) + "),   \u2202L/\u2202p = 0";
      default:
        return result;
    }
  }
  switch (t.rule) {
    case nn::TraceRule::maximum:
      return "max = " + result;
    case nn::TraceRule::function:
      return "max(0, " + value + ") = " + result;
    case nn::TraceRule::softmax: {
      const nn::TraceTerm& own = t.terms[static_cast<std::size_t>(shown_.channel)];
      return "e^(z \u2212 max) / \u03A3 = " + number(own.weight) + " / " + number(t.bias) + " = " + result;
    }
    default:
      return result;
  }
}

// One group stands side by side with its weights and products, several groups in three rows.
Cnn::TermLook Cnn::term_look(const Rect& area) const {
  const nn::Trace& trace = backward() ? backward_ : forward_;
  TermLook look;
  const auto groups = static_cast<float>(trace.groups);
  const auto rows = static_cast<float>(trace.rows);
  const auto columns = static_cast<float>(trace.columns);
  if (trace.groups == 1 && trace.rows > 1) {
    look.gap = 40.0F;
    const float wide = (area.width() - 2.0F * look.gap) / (3.0F * columns);
    look.cell = std::floor(std::min({wide, (area.height() - label_height - 4.0F) / rows, 56.0F}));
    look.across = look.gap + look.cell * columns;
    return look;
  }
  const bool compact = area.height() < 150.0F;  // no lines for what the rows are, short names before them
  look.indent = compact ? 34.0F : 0.0F;
  look.gap = trace.groups > 8 ? 5.0F : compact ? 4.0F : 8.0F;
  const float above = compact ? 0.0F : label_height;
  const float wide = (area.width() - look.indent - look.gap * (groups - 1.0F)) / (groups * columns);
  const float high = (area.height() / 3.0F - above - 5.0F) / rows;
  look.cell = std::floor(2.0F * std::min({wide, high, 46.0F})) / 2.0F;
  look.down = above + 5.0F + look.cell * rows;
  return look;
}

// Of a unit that reads very many numbers, the products alone: their groups in as many lines as make them largest.
Cnn::TermLook Cnn::crowded_look(const Rect& area) const {
  const nn::Trace& trace = backward() ? backward_ : forward_;
  TermLook best;
  best.gap = 4.0F;
  for (int across = 1; across <= trace.groups; ++across) {
    const int rows_of_groups = (trace.groups + across - 1) / across;
    const auto lines = static_cast<float>(rows_of_groups);
    const auto side_by_side = static_cast<float>(across);
    const float wide =
        (area.width() - best.gap * (side_by_side - 1.0F)) / (side_by_side * static_cast<float>(trace.columns));
    const float high =
        (area.height() - label_height - 4.0F - best.gap * (lines - 1.0F)) / (lines * static_cast<float>(trace.rows));
    const float cell = std::min({wide, high, 46.0F});
    if (cell <= best.cell) continue;
    best.cell = cell;
    best.in_line = across;
  }
  return best;
}

void Cnn::draw_terms(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const nn::Trace& trace = backward() ? backward_ : forward_;
  const ImU32 colour = backward() ? canvas.theme.gradient : canvas.theme.focus;
  const std::string name = unit_name(words, shown_);
  canvas.text(canvas.fonts.text, area.x0, area.y0 + 11.0F, canvas.theme.ink, name);
  const float width = canvas.text_width(canvas.fonts.text, name) + 24.0F;
  const bool sum = !backward() && trace.rule == nn::TraceRule::sum;
  const std::string text = sum ? "" : equation(words);
  const bool beside = width + (sum ? sum_width(canvas) : canvas.text_width(canvas.fonts.number, text)) <= area.width();
  const ImVec2 at{beside ? area.x0 + width : area.x0, area.y0 + (beside ? 11.0F : 33.0F)};
  const bool bias = sum && draw_sum(canvas, at.x, at.y);
  if (!sum) canvas.text(canvas.fonts.number, at.x, at.y, colour, text);
  const Rect below{area.x0, area.y0 + (beside ? 26.0F : 49.0F), area.x1, area.y1};
  const bool rows = trace.rule == nn::TraceRule::sum || trace.rule == nn::TraceRule::softmax;
  if (!rows) {
    draw_window(canvas, below);
    return;
  }
  TermLook look = term_look(below);
  const bool crowded = look.cell < 2.5F;
  if (crowded) look = crowded_look(below);
  if (look.cell < 1.0F) return;
  if (editors_.size() < static_cast<std::size_t>(trace.groups)) editors_.resize(static_cast<std::size_t>(trace.groups));
  const std::string stem = trace.rule == nn::TraceRule::softmax ? "cnn.softmax"
                           : backward()                         ? "cnn.back"
                                                                : "cnn.forward";
  const std::string from = graph_.layers()[static_cast<std::size_t>(trace.terms[0].layer)].name;
  const std::string of = trace.weights_of >= 0 ? graph_.layers()[static_cast<std::size_t>(trace.weights_of)].name : "";
  const auto row = [&](int i, const char* which, double nn::TraceTerm::*number) {
    TermRow r;
    r.look = look;
    const auto n = static_cast<float>(i);
    const float x = below.x0 + n * look.across;
    const float y = below.y0 + n * look.down;
    r.area = {x, y, below.x1, below.y1};
    r.label = look.indent > 0.0F ? words(stem + which + ".short")
                                 : words.format(stem + which, {from, of, std::to_string(trace.terms.size())});
    r.number = number;
    r.edited = sum && (i == 1 || crowded);
    draw_term_row(canvas, r);
    if (look.across == 0.0F || i == 0) return;
    canvas.text(canvas.fonts.text_large, x - 0.5F * look.gap,
                y + label_height + 0.5F * look.cell * static_cast<float>(trace.rows), canvas.theme.ink_soft,
                i == 1 ? "\u00D7" : "=", Align::centre);
  };
  if (!crowded) row(0, ".values", &nn::TraceTerm::value);
  if (!crowded) row(1, ".weights", &nn::TraceTerm::weight);
  row(crowded ? 0 : 2, ".products", &nn::TraceTerm::product);
  if (sum) edit_numbers(canvas);
  if (next_marked_ && !bias && !number_.is_open()) explain_term(canvas);
}

// The sum before the bias, the bias, the result.
std::array<std::string, 3> Cnn::sum_parts(const Words& words) const {
  const nn::Trace& t = forward_;
  return {"\u03A3 x\u00B7w + b = " + words.number(t.result - t.bias, 4) + " + ", words.number(t.bias, 4),
          " = " + words.number(t.result, 4)};
}

float Cnn::sum_width(const Canvas& canvas) const {
  float width = 2.0F * plate;
  for (const std::string& part : sum_parts(canvas.words)) width += canvas.text_width(canvas.fonts.number, part);
  return width;
}

// The bias stands on a plate: a click changes it. True while it is pointed at.
bool Cnn::draw_sum(const Canvas& canvas, float x, float y) {
  const Theme& theme = canvas.theme;
  const std::array<std::string, 3> parts = sum_parts(canvas.words);
  const auto width = [&](int i) { return canvas.text_width(canvas.fonts.number, parts[static_cast<std::size_t>(i)]); };
  canvas.text(canvas.fonts.number, x, y, theme.focus, parts[0]);
  const float left = x + width(0);
  const Rect box{left, y - 11.0F, left + width(1) + 2.0F * plate, y + 11.0F};
  const AreaInput input = area_input("bias", box);
  canvas.list.AddRectFilled({box.x0, box.y0}, {box.x1, box.y1}, theme.raised, 4.0F);
  canvas.list.AddRect({box.x0, box.y0}, {box.x1, box.y1}, input.hovered ? theme.accent : theme.rule_strong, 4.0F, 0,
                      input.hovered ? 1.5F : 1.0F);
  canvas.text(canvas.fonts.number, left + plate, y, theme.focus, parts[1]);
  canvas.text(canvas.fonts.number, box.x1, y, theme.focus, parts[2]);
  if (input.clicked) {
    numbers_weight_ = -1;
    number_.open("bias", forward_.bias, box);
  }
  if (!input.hovered) return false;
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const std::string& layer = graph_.layers()[static_cast<std::size_t>(forward_.weights_of)].name;
  const bool map = !single(shown_.layer);
  const std::string of = map ? canvas.words.format("cnn.map_name", {layer, std::to_string(shown_.channel + 1)})
                             : unit_name(canvas.words, shown_);
  draw_note(canvas, input.x, input.y, canvas.words.format("cnn.bias_note", {of}));
  return true;
}

// The field beside the number that was clicked.
void Cnn::edit_numbers(const Canvas& canvas) {
  if (const auto value = number_.draw(canvas, "number", 0.1)) edit_weight(numbers_weight_, *value);
}

void Cnn::draw_term_row(const Canvas& canvas, const TermRow& row) {
  const nn::Trace& trace = backward() ? backward_ : forward_;
  const bool beside = row.look.indent > 0.0F;
  const float middle = 0.5F * (beside ? row.look.cell * static_cast<float>(trace.rows) : label_height);
  canvas.text(
      canvas.fonts.text_small, row.area.x0, row.area.y0 + middle, canvas.theme.ink_soft,
      row.look.across > 0.0F ? fitted(canvas, canvas.fonts.text_small, row.label, row.look.across - 6.0F) : row.label);
  Tensor all(Shape{static_cast<std::ptrdiff_t>(trace.groups) * trace.rows, trace.columns});
  for (std::size_t i = 0; i < trace.terms.size(); ++i) all.data()[i] = static_cast<float>(trace.terms[i].*row.number);
  const float range = calm * signed_range(std::as_const(all).view(), 1e-9F);
  const int size = trace.rows * trace.columns;
  for (int group = 0; group < trace.groups; ++group) {
    CellMap map;
    map.size = row.look.cell;
    const int in_line = row.look.in_line > 0 ? row.look.in_line : trace.groups;
    const int group_line = group / in_line;
    map.x = row.area.x0 + row.look.indent + 1.0F +
            static_cast<float>(group % in_line) * (row.look.cell * static_cast<float>(trace.columns) + row.look.gap);
    map.y =
        std::round(row.area.y0 + (beside ? 0.0F : label_height) +
                   static_cast<float>(group_line) * (row.look.cell * static_cast<float>(trace.rows) + row.look.gap));
    map.clip = map.rect(0, 0, trace.rows, trace.columns);
    const ConstView values(all.data() + static_cast<std::ptrdiff_t>(group) * size, Shape{trace.rows, trace.columns});
    GridStyle style{Shade::diverging, 0.0F, range, true};
    const int marked = marked_.value_or(-1) - group * size;
    if (marked >= 0 && marked < size) style.highlight = Cell{marked / trace.columns, marked % trace.columns};
    std::optional<Cell> over;
    const auto term = [&](const Cell& cell) { return group * size + cell.row * trace.columns + cell.column; };
    const auto weight = [&](const Cell& cell) {
      return trace.terms[static_cast<std::size_t>(term(cell))].weight_index;
    };
    if (row.edited && row.number == &nn::TraceTerm::weight) {
      const std::string id = "kernel" + std::to_string(group);
      KernelEditor& editor = editors_[static_cast<std::size_t>(group)];
      const auto edit = editor.draw(canvas, id.c_str(), map, values, style, 0.1, over);
      if (edit) edit_weight(weight(edit->cell), edit->value);
    } else {
      over = tensor_grid(canvas, map, values, style);
      // The products alone stand there: a click on one changes its weight.
      const std::string id = "products" + std::to_string(group);
      if (row.edited && area_input(id.c_str(), map.clip).clicked && over) {
        numbers_weight_ = weight(*over);
        number_.open("weight", trace.terms[static_cast<std::size_t>(term(*over))].weight,
                     map.rect(over->row, over->column));
      }
    }
    if (over) next_marked_ = term(*over);
  }
}

// The pointed term in words: where it comes from and what it adds.
void Cnn::explain_term(const Canvas& canvas) const {
  const nn::Trace& trace = backward() ? backward_ : forward_;
  if (*next_marked_ >= static_cast<int>(trace.terms.size())) return;
  const nn::TraceTerm& term = trace.terms[static_cast<std::size_t>(*next_marked_)];
  const Words& words = canvas.words;
  std::string text = term.unit < 0 ? words("cnn.outside") : unit_name(words, unit_of(term.layer, term.unit));
  if (trace.rule == nn::TraceRule::softmax) {
    text += ":  e^(z \u2212 max) = " + words.number(term.weight, 4) + ",  p = " + words.number(term.product, 4);
  } else {
    text += ":  " + words.number(term.value, 4) + " \u00B7 " + words.number(term.weight, 4) + " = " +
            words.number(term.product, 4);
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_note(canvas, mouse.x, mouse.y, text);
}

// A window whose greatest goes on, or the one number that the unit is made of.
void Cnn::draw_window(const Canvas& canvas, const Rect& area) {
  const nn::Trace& trace = backward() ? backward_ : forward_;
  const Words& words = canvas.words;
  const bool back = backward();
  const bool maximum = trace.rule == nn::TraceRule::maximum;
  std::string key = back ? "cnn.back.loss" : "cnn.forward.none";
  if (trace.rule == nn::TraceRule::function) key = back ? "cnn.back.function" : "cnn.forward.function";
  if (maximum && !back) key = "cnn.forward.maximum";
  if (maximum && back)
    key = trace.terms.empty() || trace.terms[0].weight > 0.0 ? "cnn.was_greatest" : "cnn.was_not_greatest";
  if (trace.terms.empty() && back) key = "cnn.not_read";
  if (trace.rule == nn::TraceRule::loss) key = "cnn.back.probability";
  const float width = std::min(460.0F, area.width());
  const std::string text = words(key);
  ImFont* font = canvas.fonts.text_small;
  canvas.list.AddText(font, font->FontSize, {area.x0, area.y0 + 4.0F}, canvas.theme.ink_soft, text.data(),
                      text.data() + text.size(), width);
  const float y =
      area.y0 + 12.0F + font->CalcTextSizeA(font->FontSize, 1e6F, width, text.data(), text.data() + text.size()).y;
  if (trace.terms.empty() || area.y1 - y < 40.0F) return;
  const int rows = trace.rows;
  const int columns = trace.columns;
  Tensor values(Shape{rows, columns});
  for (std::size_t i = 0; i < trace.terms.size(); ++i) values.data()[i] = static_cast<float>(trace.terms[i].value);
  CellMap map = fit_cells({area.x0, y, area.x1, area.y1 - 4.0F}, rows, columns, 56.0F);
  map.x = area.x0 + 1.0F;
  map.clip = map.rect(0, 0, rows, columns);
  GridStyle style{Shade::diverging, 0.0F, calm * signed_range(std::as_const(values).view(), 1e-9F), true};
  if (trace.winner >= 0)
    style.highlight = Cell{static_cast<int>(trace.winner) / columns, static_cast<int>(trace.winner) % columns};
  const auto over = tensor_grid(canvas, map, std::as_const(values).view(), style);
  // What comes of it, on the same scale.
  const float middle = 0.5F * (map.clip.y0 + map.clip.y1);
  CellMap result = map;
  result.x = map.clip.x1 + 44.0F;
  result.y = std::round(middle - 0.5F * map.size);
  result.clip = result.rect(0, 0, 1, 1);
  const auto number = static_cast<float>(trace.result);
  const float range = std::max(style.high, calm * std::fabs(number));
  canvas.text(canvas.fonts.text_large, map.clip.x1 + 22.0F, middle, canvas.theme.ink_soft, "\u2192", Align::centre);
  (void)tensor_grid(canvas, result, ConstView(&number, Shape{1, 1}), {Shade::diverging, 0.0F, range, true});
  if (!over) return;
  next_marked_ = over->row * columns + over->column;
  const nn::TraceTerm& term = trace.terms[static_cast<std::size_t>(*next_marked_)];
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_note(canvas, mouse.x, mouse.y,
            unit_name(words, unit_of(term.layer, term.unit)) + " = " + words.number(term.value, 4));
}

}  // namespace cvlab::app
