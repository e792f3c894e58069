// Below the graph: the present product, derivatives beside finite differences, and a curve with its slope.
#include <algorithm>
#include <cmath>

#include "app/demos/chain-rule/chain_rule.hpp"
#include "app/views/area_input.hpp"
#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

constexpr int samples = 160;
constexpr double farthest = 1e12;

bool is_function(ScalarOp op) { return op >= ScalarOp::exp && op <= ScalarOp::relu; }

// The ends of what is finite, with some room.
PlotAxis axis_of(const std::vector<PlotPoint>& a, const std::vector<PlotPoint>& b, double limit) {
  double low = INFINITY;
  double high = -INFINITY;
  for (const auto* points : {&a, &b}) {
    for (const PlotPoint& p : *points) {
      if (!std::isfinite(p.y) || std::fabs(p.y) > limit) continue;
      low = std::min(low, p.y);
      high = std::max(high, p.y);
    }
  }
  if (!(low <= high)) return {-1.0, 1.0};
  const double room = std::max(0.08 * (high - low), 1e-3 * std::max(1.0, std::fabs(high)));
  return {low - room, high + room};
}

}  // namespace

void ChainRule::draw_explanation(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  canvas.list.AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, canvas.theme.surface, 6.0F);
  const Rect in{area.x0 + 12.0F, area.y0 + 6.0F, area.x1 - 12.0F, area.y1 - 2.0F};
  std::string heading;
  std::vector<FormulaPiece> pieces;
  if (pointed_ >= 0) {
    const ScalarNode& n = node(pointed_);
    if (n.has_gradient) {
      pieces = gradient_pieces(canvas, pointed_);
      heading = words.format("chain-rule.gradient_of",
                             {plain(pointed_), words.number(full_->finite_difference(pointed_), 6)});
    } else if (n.operand_count > 0) {
      pieces = forward_pieces(canvas, pointed_);
      heading = words("chain-rule.computes");
    } else {
      heading = words("chain-rule.given");
    }
  } else if (current_ < 0) {
    heading = words("chain-rule.begin");
  } else {
    pieces = backward_ ? backward_pieces(canvas, current_) : forward_pieces(canvas, current_);
    heading = std::string(words(backward_ ? "chain-rule.backward" : "chain-rule.forward")) + "  " +
              std::to_string(done()) + " / " + std::to_string(steps());
  }
  const float width = canvas.text_width(canvas.fonts.text_small, heading, 13.0F);
  canvas.text(canvas.fonts.text_small, in.x0, in.y0 + 9.0F, canvas.theme.ink_soft, heading, Align::left,
              13.0F * std::clamp(in.width() / std::max(1.0F, width), 0.75F, 1.0F));
  draw_formula(canvas, {in.x0, in.y0 + 22.0F, in.x1, in.y1}, pieces);
}

// Inputs, then parts with a name, then the rest, as far as there is room.
void ChainRule::draw_table(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  constexpr float row = 21.0F;
  const bool roomy = area.width() > 400.0F;
  const float em = roomy ? 12.5F : 10.5F;
  const float first = 70.0F;
  const float each = (area.width() - first - 8.0F) / 3.0F;
  const auto right = [&](int column) { return area.x0 + first + each * static_cast<float>(column + 1); };
  const char* const heads[] = {"chain-rule.column.value", "chain-rule.column.gradient", "chain-rule.column.check"};
  for (int c = 0; c < 3; ++c)
    canvas.text(canvas.fonts.text_small, right(c), area.y0 + 9.0F, c == 1 ? theme.gradient : theme.ink_soft,
                words(heads[c]), Align::right, roomy ? 13.0F : 11.0F);
  const float top = area.y0 + row;
  canvas.list.AddLine({area.x0, top - 0.5F}, {area.x1, top - 0.5F}, theme.rule_strong);
  std::vector<int> order = graph_->inputs();
  for (const bool named : {true, false}) {
    for (int i = 0; i < static_cast<int>(symbols_.size()); ++i)
      if (node(i).operand_count > 0 && node(i).name.empty() != named) order.push_back(i);
  }
  const int shown = std::min(static_cast<int>(order.size()), static_cast<int>((area.y1 - top) / row));
  const AreaInput input = area_input("table", {area.x0, top, area.x1, top + row * static_cast<float>(shown)});
  for (int r = 0; r < shown; ++r) {
    const int i = order[static_cast<std::size_t>(r)];
    const Rect line{area.x0, top + row * static_cast<float>(r), area.x1, top + row * static_cast<float>(r + 1)};
    const float y = 0.5F * (line.y0 + line.y1);
    const bool over = input.hovered && input.y >= line.y0 && input.y < line.y1;
    if (over) pointed_ = i;
    if (over || (pointed_ < 0 && i == current_))
      canvas.list.AddRectFilled({line.x0, line.y0}, {line.x1, line.y1}, theme.focus_soft, 4.0F);
    if (over && input.clicked) {
      (void)state_.set("look", plain(i));
      if (node(i).op == ScalarOp::input)
        editor_.open(node(i).name, node(i).value, {line.x0 + 2.0F, line.y0, right(0) + 4.0F, line.y1});
    }
    draw_symbols(canvas, canvas.fonts.text, area.x0 + 8.0F, y, theme.ink, symbol(i), Align::left, 13.0F);
    const auto cell = [&](int column, double value, ImU32 colour, bool there) {
      canvas.text(canvas.fonts.number, right(column), y, there ? colour : theme.ink_faint,
                  there ? words.number(value, 7) : "\u00B7", Align::right, em);
    };
    cell(0, node(i).value, theme.ink, node(i).has_value);
    cell(1, node(i).gradient, theme.gradient, node(i).has_gradient);
    if (node(i).has_gradient) cell(2, full_->finite_difference(i), theme.ink_soft, true);
    if (!node(i).has_gradient) cell(2, 0.0, theme.ink_soft, false);
  }
}

// A function and its derivative around the value that it gets.
void ChainRule::sample_function(int i) {
  const double a = whole(node(i).operands[0]).value;
  const double reach = std::fabs(a) < farthest ? std::max(6.0, std::fabs(a) + 1.0) : 6.0;
  std::vector<double> places;
  for (int s = 0; s <= samples; ++s) places.push_back(reach * (2.0 * s / samples - 1.0));
  if (std::isfinite(a)) places.insert(std::lower_bound(places.begin(), places.end(), a), a);  // what is read is exact
  for (const double x : places) {
    const double y = scalar_value(node(i).op, x);
    curve_.push_back({x, y});
    slope_.push_back({x, scalar_derivatives(node(i).op, x, 0.0, y)[0]});
  }
}

// The output along one quantity, and the tangent whose slope is the derivative.
void ChainRule::sample_output(int i) {
  const double middle = whole(i).value;
  const double out = whole(full_->output()).value;
  if (!(std::fabs(middle) < farthest)) return;  // no curve can be seen there
  const double reach = std::max(2.0, 0.5 * std::fabs(middle));
  for (int s = 0; s <= samples / 2; ++s) {
    const double x = middle + reach * (4.0 * s / samples - 1.0);
    curve_.push_back({x, full_->output_with(i, x)});
  }
  for (const double d : {-0.5, 0.0, 0.5}) slope_.push_back({middle + d * reach, out + d * reach * whole(i).gradient});
}

void ChainRule::draw_curve(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const int at = focus();
  if (at < 0 || node(at).op == ScalarOp::number) return;
  const bool function = is_function(node(at).op) && pointed_ < 0;
  const int key = 2 * at + (function ? 1 : 0);
  if (sampled_version_ != state_.version() || sampled_ != key) {
    curve_.clear();
    slope_.clear();
    if (function) {
      sample_function(at);
    } else {
      sample_output(at);
    }
    sampled_version_ = state_.version();
    sampled_ = key;
  }
  if (curve_.empty()) return;
  Plot plot;
  const std::string f = node(at).op == ScalarOp::sigmoid ? "\u03C3" : name(node(at).op);
  const std::string title = function ? words.format("chain-rule.function", {f})
                                     : words.format("chain-rule.slice", {plain(graph_->output()), plain(at)});
  const std::string x_name = function ? plain(node(at).operands[0]) : plain(at);
  const std::string value_name = function ? f : plain(graph_->output());
  const std::string slope_name = function ? f + "\u2032" : std::string(words("chain-rule.tangent"));
  plot.name = title;
  plot.x_name = x_name;
  plot.x = {curve_.front().x, curve_.back().x};
  const double here = function ? whole(node(at).operands[0]).value : whole(at).value;
  const double level = function ? whole(at).value : whole(full_->output()).value;
  plot.y = axis_of(curve_, function ? slope_ : std::vector<PlotPoint>{},
                   function && std::isfinite(level) ? std::clamp(2.0 * std::fabs(level), 2.0, farthest) : farthest);
  plot.series.push_back({value_name, curve_, canvas.theme.categorical[0], 2.5F});
  plot.series.push_back({slope_name, slope_, canvas.theme.gradient, 2.0F});
  if (std::isfinite(here) && (function || pointed_ >= 0 || current_ >= 0)) plot.cursor = here;
  draw_plot(canvas, area, plot, plot_left(canvas, area, plot));
}

}  // namespace cvlab::app
