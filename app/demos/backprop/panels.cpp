// Below the network: the present product, the gradients beside their finite differences, the error over the updates.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/demos/backprop/backprop.hpp"
#include "app/shell/widgets.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

bool starts(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }
bool ends(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

ImU32 colour_of(const Theme& theme, std::string_view name) {
  const bool derivative = !name.empty() && name[0] == 'd';
  return derivative ? theme.gradient : theme.ink;
}

// As many decimals as the textbook has, so that the columns can be compared.
std::string decimal_text(const Words& words, double value, int decimals) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, std::fabs(value));
  std::string text = buffer;
  if (const std::size_t point = text.find_first_of(".,"); point != std::string::npos)
    text[point] = words.language() == "fr" ? ',' : '.';
  return (std::signbit(value) ? "\u2212" : "") + text;
}

std::string number_of(const Words& words, double value) {
  const std::string text = words.number(value, 6);
  return value < 0.0 ? "(" + text + ")" : text;
}

}  // namespace

std::string Backprop::what_happens(const Words& words, const std::string& target) const {
  const char* kind = "backprop.what.slope";
  if (starts(target, "net_")) {
    kind = "backprop.what.net";
  } else if (starts(target, "out_")) {
    kind = "backprop.what.out";
  } else if (target == "E_total") {
    kind = "backprop.what.total";
  } else if (ends(target, "_new")) {
    kind = "backprop.what.new";
  } else if (starts(target, "E_")) {
    kind = "backprop.what.error";
  } else if (starts(target, "dE_dout_o")) {
    kind = "backprop.what.miss";
  } else if (starts(target, "dE_dout_h")) {
    kind = "backprop.what.both";
  } else if (starts(target, "dE_dnet")) {
    kind = "backprop.what.through";
  } else if (starts(target, "dE_dw")) {
    kind = "backprop.what.weight";
  } else if (starts(target, "dE_db")) {
    kind = "backprop.what.bias";
  }
  return words(kind);
}

std::vector<FormulaPiece> Backprop::pieces_of(const Canvas& canvas, const BackpropFormula& formula, int part) const {
  const Words& words = canvas.words;
  std::vector<FormulaPiece> pieces;
  pieces.push_back(piece_of(formula.target));
  const bool all = part < 0 || part + 1 >= static_cast<int>(formula.partial.size());
  const double value = all ? formula.value : formula.partial[static_cast<std::size_t>(part)];
  pieces.back().value = words.number(value, 7);
  pieces.back().colour = canvas.theme.focus;
  pieces.push_back({.top = "=", .sign = true});
  for (const BackpropTerm& term : formula.terms) {
    FormulaPiece piece;
    if (term.sign) {
      piece.top = term.text;
      piece.sign = true;
    } else {
      piece = piece_of(term.text);
      piece.value = number_of(words, term.value);
      piece.colour = colour_of(canvas.theme, term.text);
      piece.marked = part >= 0 && term.part == part;
    }
    piece.pale = part >= 0 && term.part > part;
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

// The same by finite differences, where it is the gradient of a parameter and there is room; returns the width taken.
float Backprop::draw_check(const Canvas& canvas, const Rect& in, const std::string& target) const {
  for (std::size_t i = 0; i < backprop_parameters.size(); ++i) {
    if (target != std::string("dE_d") + backprop_parameters[i] || in.width() < 720.0F) continue;
    const std::vector<FormulaPiece> pieces = {
        {.top = "E(" + symbol_of(backprop_parameters[i]) + " + h) \u2212 E(" + symbol_of(backprop_parameters[i]) +
                " \u2212 h)",
         .bottom = "2 h",
         .value = canvas.words.number(example_.finite_difference(static_cast<int>(i)), 7)}};
    constexpr float width = 190.0F;
    canvas.text(canvas.fonts.text_small, in.x1 - width, in.y0 + 9.0F, canvas.theme.ink_soft,
                canvas.words("backprop.check"));
    draw_formula(canvas, {in.x1 - width, in.y0 + 22.0F, in.x1, in.y1}, pieces);
    return width + 24.0F;
  }
  return 0.0F;
}

void Backprop::draw_explanation(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  canvas.list.AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, canvas.theme.surface, 6.0F);
  const Rect in{area.x0 + 12.0F, area.y0 + 6.0F, area.x1 - 12.0F, area.y1 - 2.0F};
  const float y = in.y0 + 9.0F;
  const BackpropMoment* now = moment();
  BackpropFormula formula = example_.formula(pointed_);
  int part = -1;
  std::string heading;
  if (pointed_.empty() || formula.terms.empty()) {
    if (!now) {
      canvas.text(canvas.fonts.text_small, in.x0, y, canvas.theme.ink_soft, words("backprop.begin"));
      return;
    }
    formula = example_.formula(now->target);
    part = now->part;
    static constexpr const char* phases[] = {"backprop.forward", "backprop.error", "backprop.backward",
                                             "backprop.update"};
    heading = std::string(words(phases[static_cast<std::size_t>(now->phase)])) + "  " + std::to_string(done()) + " / " +
              std::to_string(moment_count());
    heading += "   \u00B7   ";
  }
  heading += what_happens(words, formula.target);
  constexpr float em = 13.0F;
  if (canvas.text_width(canvas.fonts.text_small, heading, em) > in.width())
    heading = what_happens(words, formula.target);
  const float width = canvas.text_width(canvas.fonts.text_small, heading, em);
  canvas.text(canvas.fonts.text_small, in.x0, y, canvas.theme.ink_soft, heading, Align::left,
              em * std::clamp(in.width() / std::max(1.0F, width), 0.75F, 1.0F));
  const float check = draw_check(canvas, in, formula.target);
  draw_formula(canvas, {in.x0, in.y0 + 22.0F, in.x1 - check, in.y1}, pieces_of(canvas, formula, part));
}

// One row a parameter: value, gradient by backpropagation, gradient by finite differences, value after the update.
void Backprop::draw_table(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const float row = std::min(21.0F, area.height() / 11.3F);
  if (row < 13.0F) return;
  const int digits = area.width() > 420.0F ? 7 : 5;
  ImFont* font = row > 17.0F && area.width() > 420.0F ? canvas.fonts.number : canvas.fonts.number_small;
  const float em = font == canvas.fonts.number ? 12.5F : 10.5F;
  const float name = 34.0F;
  const float each = (area.width() - name - 8.0F) / 4.0F;
  const auto right = [&](int column) { return area.x0 + name + each * static_cast<float>(column + 1); };
  const char* const heads[] = {"backprop.column.value", "backprop.column.gradient", "backprop.column.check",
                               "backprop.column.new"};
  for (int c = 0; c < 4; ++c)
    canvas.text(canvas.fonts.text_small, right(c), area.y0 + 9.0F, c == 1 ? theme.gradient : theme.ink_soft,
                words(heads[c]), Align::right, area.width() > 420.0F ? 13.0F : 11.0F);
  const float top = area.y0 + row;
  canvas.list.AddLine({area.x0, top - 0.5F}, {area.x1, top - 0.5F}, theme.rule_strong);
  const AreaInput input = area_input("table", {area.x0, top, area.x1, top + 10.0F * row});
  for (int i = 0; i < 10; ++i) {
    const std::string id = backprop_parameters[static_cast<std::size_t>(i)];
    const Rect line{area.x0, top + row * static_cast<float>(i), area.x1, top + row * static_cast<float>(i + 1)};
    const float y = 0.5F * (line.y0 + line.y1);
    const bool over = input.hovered && input.y >= line.y0 && input.y < line.y1;
    const BackpropMoment* now = moment();
    const std::string_view looked = !pointed_.empty() ? std::string_view(pointed_)
                                    : now             ? std::string_view(now->target)
                                                      : "";
    const bool current = looked == "dE_d" + id || looked == id + "_new";
    if (over) {
      pointed_ = input.x > right(2) && known(id + "_new") ? id + "_new" : "dE_d" + id;
      if (input.clicked) editor_.open(id, example_.value(id), {line.x0 + 2.0F, line.y0, right(0) + 4.0F, line.y1});
    }
    if (over || current) canvas.list.AddRectFilled({line.x0, line.y0}, {line.x1, line.y1}, theme.focus_soft, 4.0F);
    draw_symbols(canvas, canvas.fonts.text, area.x0 + 8.0F, y, theme.ink, symbol_of(id), Align::left, 13.0F);
    const auto cell = [&](int column, double value, ImU32 colour, bool there) {
      canvas.text(font, right(column), y, there ? colour : theme.ink_faint,
                  !there                         ? std::string("\u00B7")
                  : column == 0 && updates_ == 0 ? words.number(value, digits)
                                                 : decimal_text(words, value, digits + 1),
                  Align::right, em);
    };
    const bool gradient = known("dE_d" + id);
    cell(0, example_.value(id), theme.ink, true);
    cell(1, example_.value("dE_d" + id), theme.gradient, gradient);
    cell(2, example_.finite_difference(i), theme.ink_soft, gradient);
    cell(3, example_.value(id + "_new"), theme.ink,
         id[0] == 'b' && !state_.toggle("biases") ? gradient : known(id + "_new"));
  }
}

void Backprop::draw_buttons(const Canvas& canvas, const Rect& area) {
  const Look look{canvas, 32.0F};
  const ImVec2 back = ImGui::GetCursorScreenPos();
  const Words& words = canvas.words;
  const auto label = [&](int n) {
    return "+" + (n == 10'000 ? std::string(words("backprop.ten_thousand")) : std::to_string(n));
  };
  float x = area.x0;
  const float y = area.y0;
  if (area.width() > 420.0F)
    x +=
        canvas.text(canvas.fonts.text_small, x, y + 16.0F, canvas.theme.ink_soft, words("backprop.do_updates")) + 10.0F;
  for (const int n : {1, 100, 10'000}) {
    ImGui::SetCursorScreenPos({x, y});
    const std::string text = label(n);
    const std::string id = "update" + std::to_string(n);
    if (button(look, id.c_str(), text, {}, words("backprop.repeats"))) train_to(updates_ + n);
    x += button_width(look, text, Icon::none) + 6.0F;
  }
  ImGui::SetCursorScreenPos({x, y});
  if (button(look, "back_to_start", {}, {.icon = Icon::reset}, words("backprop.back_to_start"))) train_to(0);
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
}

// Both axes logarithmic: the error falls by four powers of ten in ten thousand updates. What is still to come is pale.
void Backprop::draw_curve(const Canvas& canvas, const Layout& l) {
  const Words& words = canvas.words;
  double low = 1.0;
  double high = 1e-12;
  for (const double loss : losses_) {
    low = std::min(low, std::max(loss, 1e-12));
    high = std::max(high, loss);
  }
  Plot plot;
  const std::string name =
      words.format("backprop.curve", {words.number(example_.value("E_total"), 6), std::to_string(updates_)});
  plot.name = name;
  plot.x = {1.0, static_cast<double>(most_updates), true};
  plot.y = {std::min(0.5 * high, std::pow(10.0, std::floor(std::log10(low)))), std::max(1e-11, 1.4 * high), true};
  plot.x_name = words("backprop.updates_axis");
  const auto done_points = static_cast<std::size_t>(std::clamp(updates_, 0, most_updates));
  plot.series.push_back({"", curve_, with_alpha(canvas.theme.ink_faint, 0.45F), 1.5F});
  plot.series.push_back({"", {curve_.data(), done_points}, canvas.theme.categorical[0], 2.5F});
  const float left = plot_left(canvas, l.plot, plot);
  const PlotMap map = plot_map(l.plot, plot, left);
  const AreaInput input = area_input("curve", {map.area.x0 - 6.0F, map.area.y0, l.plot.x1, map.area.y1});
  if (input.hovered || input.pressed) {
    const double x = std::clamp(map.x_at(input.x), 1.0, static_cast<double>(most_updates));
    const int at = input.x < map.area.x0 + 2.0F ? 0 : static_cast<int>(std::lround(x));
    if (input.pressed) {
      goal_ = -1;
      (void)state_.set("updates", std::to_string(at));
    }
    draw_note(canvas, input.x, input.y,
              words.format("backprop.curve_note",
                           {std::to_string(at), words.number(losses_[static_cast<std::size_t>(at)], 6)}));
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  }
  if (updates_ > 0) plot.cursor = static_cast<double>(updates_);
  draw_plot(canvas, l.plot, plot, left);
  const ImVec2 dot{map.px(std::max(1.0, static_cast<double>(updates_))), map.py(losses_[done_points])};
  canvas.list.AddCircleFilled(dot, 4.5F, canvas.theme.focus);
}

}  // namespace cvlab::app
