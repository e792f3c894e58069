// The neuron itself, its sum, the table of the task and the activation.
#include <algorithm>
#include <cmath>

#include "app/demos/neuron/neuron.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

const char* sign_of(Activation f) {
  switch (f) {
    case Activation::sigmoid:
      return "\u03C3";
    case Activation::tanh:
      return "tanh";
    case Activation::relu:
      return "relu";
    default:
      return "step";
  }
}

std::string bracketed(const Words& words, double value) {
  const std::string text = words.number(value, 4);
  return value < 0.0 ? "(" + text + ")" : text;
}

}  // namespace

Neuron::Layout Neuron::layout(const Rect& a) const {
  Layout l;
  l.wide = a.width() >= 620.0F && a.width() > 1.05F * a.height();
  const float pad = l.wide ? std::clamp(0.022F * a.width(), 12.0F, 28.0F) : 10.0F;
  const Rect in{a.x0 + pad, a.y0 + 0.6F * pad, a.x1 - pad, a.y1 - 0.6F * pad};
  if (l.wide) {
    const float right = std::min(0.5F * in.width(), in.height() * 0.72F);
    l.plane = {in.x1 - right, in.y0, in.x1, in.y0 + right - 8.0F};
    l.curve = {l.plane.x0, l.plane.y1 + 12.0F, in.x1, in.y1};
    const float left = l.plane.x0 - 1.2F * pad;
    const float table = std::min(0.3F * in.height(), 170.0F);
    const float formula = 106.0F;
    l.table = {in.x0, in.y1 - table, left, in.y1};
    l.formula = {in.x0, l.table.y0 - 12.0F - formula, left, l.table.y0 - 12.0F};
    l.graph = {in.x0, in.y0, left, l.formula.y0 - 8.0F};
    return l;
  }
  float room = in.height() - 150.0F - std::min(in.width(), 236.0F);
  const auto take = [&](float height) {
    if (room < height + 8.0F) return 0.0F;
    room -= height + 8.0F;
    return height;
  };
  const float formula = take(88.0F);
  const float table = take(134.0F);
  const float curve = take(130.0F);
  float y = in.y0;
  const auto next = [&](float height) {
    const Rect r{in.x0, y, in.x1, y + height};
    if (height > 0.0F) y += height + 8.0F;
    return r;
  };
  l.graph = next(142.0F + std::clamp(0.4F * room, 0.0F, 60.0F));
  l.formula = next(formula);
  const float rest = (table > 0.0F ? table + 8.0F : 0.0F) + (curve > 0.0F ? curve + 8.0F : 0.0F);
  l.plane = next(std::min(in.width(), in.y1 - y - rest));
  l.table = next(table);
  l.curve = next(curve);
  return l;
}

void Neuron::draw(Canvas& canvas) {
  if (canvas.area.width() < 200.0F || canvas.area.height() < 180.0F) return;
  const Layout l = layout(canvas.area);
  build_graph(canvas, l);
  const GraphPlan plan = plan_graph(canvas, graph_);
  draw_graph(canvas, graph_, plan);
  draw_analogy(canvas, l);
  point(canvas, l, plan);
  if (l.formula.height() > 40.0F) draw_explanation(canvas, l.formula);
  if (l.plane.height() > 60.0F) draw_plane(canvas, l.plane);
  if (l.table.height() > 60.0F) draw_table(canvas, l.table);
  if (l.curve.height() > 90.0F) draw_curve(canvas, l.curve);
  if (const auto value = editor_.draw(canvas, "number", 0.1)) edit(editor_.target(), *value);
  int rows = 0;
  int columns = 0;
  if (arrow_keys(rows, columns)) set_input(x1() + 0.1 * columns, x2() - 0.1 * rows);
}

// Inputs and the constant 1 at the left, the sum, the activation.
void Neuron::build_graph(const Canvas& canvas, const Layout& l) {
  const Words& words = canvas.words;
  const Rect& a = l.graph;
  graph_ = {};
  graph_.text = l.wide ? std::clamp(0.03F * a.width(), 13.0F, 20.0F) : 12.0F;
  const bool products = l.wide && a.height() >= 260.0F;
  graph_.weight_range = std::max({2.0, std::fabs(neuron_.w1), std::fabs(neuron_.w2), std::fabs(neuron_.b)});
  const float bottom = a.y1 - (l.wide ? 44.0F : 18.0F);
  const float height = bottom - a.y0;
  const float r = std::min(l.wide ? std::clamp(0.085F * a.width(), 24.0F, 60.0F) : 24.0F, (height - 10.0F) / 6.4F);
  const float big = std::min((l.wide ? 1.15F : 1.3F) * r, 0.3F * height);
  const float left = a.x0 + r + 2.0F;
  const float sum = a.x0 + 0.54F * a.width();
  const float end = a.x1 - big - 4.0F;
  const auto y = [&](int i) { return a.y0 + r + 2.0F + (height - 2.0F * r - 4.0F) * 0.5F * static_cast<float>(i); };
  const auto node = [&](float x, float at, float size, const char* symbol, const std::string& value) {
    graph_.nodes.push_back({.x = x, .y = at, .half_width = size, .half_height = std::min(size, 0.5F * height)});
    if (*symbol != '\0') graph_.nodes.back().lines.push_back({symbol, canvas.theme.ink_soft, true});
    graph_.nodes.back().lines.push_back({value});
  };
  node(left, y(0), r, "x_1", words.number(x1(), 3));
  node(left, y(1), r, "x_2", words.number(x2(), 3));
  node(left, y(2), 0.75F * r, "", "1");
  const double net = neuron_.net(x1(), x2());
  node(sum, y(1), big, "\u03A3  net", words.number(net, 4));
  node(end, y(1), big, "out", words.number(neuron_.out(x1(), x2()), 4));
  graph_.nodes.back().tone = neuron_.says_yes(x1(), x2()) ? GraphTone::path : GraphTone::plain;
  const double inputs[] = {x1(), x2(), 1.0};
  const double weights[] = {neuron_.w1, neuron_.w2, neuron_.b};
  const char* const names[] = {"w_1", "w_2", "b"};
  for (int i = 0; i < 3; ++i) {
    GraphEdge edge{.from = i, .to = 3, .weight = weights[i], .place = 0.42F};
    edge.label.push_back({std::string(names[i]) + "  " + words.number(weights[i], 3), canvas.theme.ink, true});
    if (i < 2 && products) {
      const double product = weights[i] * inputs[i];
      const ImU32 colour = product > 0.0   ? canvas.theme.positive
                           : product < 0.0 ? canvas.theme.negative
                                           : canvas.theme.ink_faint;
      edge.label.push_back({"\u00B7 " + words.number(inputs[i], 3) + " = " + words.number(product, 3), colour});
    }
    graph_.edges.push_back(std::move(edge));
  }
  GraphEdge edge{.from = 3, .to = 4, .arrow = GraphArrow::forward};
  edge.label.push_back({sign_of(neuron_.f), canvas.theme.accent, true});
  graph_.edges.push_back(std::move(edge));
}

// What the parts are named after.
void Neuron::draw_analogy(const Canvas& canvas, const Layout& l) const {
  if (!l.wide || l.graph.height() < 170.0F) return;
  const float y = l.graph.y1 - 16.0F;
  const char* const keys[] = {"neuron.dendrites", "neuron.synapses", "neuron.body", "neuron.axon"};
  const float middle = 0.5F * (graph_.nodes[0].x + graph_.nodes[3].x);
  const float places[] = {l.graph.x0, middle, graph_.nodes[3].x, l.graph.x1};
  const Align sides[] = {Align::left, Align::centre, Align::centre, Align::right};
  canvas.list.AddLine({l.graph.x0, y - 13.0F}, {l.graph.x1, y - 13.0F}, canvas.theme.rule);
  for (std::size_t i = 0; i < 4; ++i)
    canvas.text(canvas.fonts.text_small, places[i], y, canvas.theme.ink_soft, canvas.words(keys[i]), sides[i]);
}

void Neuron::point(const Canvas& canvas, const Layout& l, const GraphPlan& plan) {
  const AreaInput input = area_input("neuron", l.graph);
  if (!input.hovered && !input.pressed) return;
  const GraphHit hit = graph_hit(graph_, plan, input.x, input.y);
  const char* const nodes[] = {"x1", "x2", "b"};
  const char* const edges[] = {"w1", "w2", "b"};
  std::string param;
  if (hit.node >= 0 && hit.node < 3) param = nodes[hit.node];
  if (hit.edge >= 0 && hit.edge < 3) param = edges[hit.edge];
  if (param.empty()) return;
  const double value = param == "x1"   ? x1()
                       : param == "x2" ? x2()
                       : param == "w1" ? neuron_.w1
                       : param == "w2" ? neuron_.w2
                                       : neuron_.b;
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  draw_note(canvas, input.x, input.y,
            param + " = " + canvas.words.number(value, 6) + "   " + canvas.words("neuron.click_to_change"));
  if (input.clicked) editor_.open(param, value, {input.x - 14.0F, input.y - 12.0F, input.x + 14.0F, input.y + 12.0F});
}

void Neuron::draw_explanation(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  canvas.list.AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, canvas.theme.surface, 6.0F);
  const double net = neuron_.net(x1(), x2());
  const auto sign = [](const char* text) { return FormulaPiece{.top = text, .sign = true}; };
  const auto factor = [&](const char* symbol, double value) {
    return FormulaPiece{.top = symbol, .value = bracketed(words, value)};
  };
  const std::vector<FormulaPiece> pieces = {
      {.top = "out", .value = words.number(neuron_.out(x1(), x2()), 5), .colour = canvas.theme.focus},
      sign("="),
      {.top = std::string(sign_of(neuron_.f)) + "(", .sign = true},
      factor("w_1", neuron_.w1),
      sign("\u00B7"),
      factor("x_1", x1()),
      sign("+"),
      factor("w_2", neuron_.w2),
      sign("\u00B7"),
      factor("x_2", x2()),
      sign("+"),
      factor("b", neuron_.b),
      sign(")"),
  };
  const std::string heading = words.format(neuron_.says_yes(x1(), x2()) ? "neuron.yes" : "neuron.no",
                                           {words.number(net, 4), words.number(neuron_.threshold(), 2)});
  canvas.text(canvas.fonts.text_small, area.x0 + 12.0F, area.y0 + 14.0F, canvas.theme.ink_soft, heading);
  draw_formula(canvas, {area.x0 + 12.0F, area.y0 + 26.0F, area.x1 - 10.0F, area.y1}, pieces);
}

// The four corners: what is wanted, the sum, the answer.
void Neuron::draw_table(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const float row = std::min(24.0F, area.height() / 6.2F);
  const float each = area.width() / 6.0F;
  const auto right = [&](int column) { return area.x0 + each * (static_cast<float>(column) + 0.62F); };
  const char* const heads[] = {"x_1", "x_2", "neuron.wanted", "net", "out", ""};
  for (int c = 0; c < 5; ++c) {
    const char* text = c == 2 ? words(heads[c]) : heads[c];
    draw_symbols(canvas, canvas.fonts.text_small, right(c), area.y0 + 9.0F, theme.ink_soft, text, Align::centre);
  }
  const float top = area.y0 + 20.0F;
  canvas.list.AddLine({area.x0, top - 0.5F}, {area.x1, top - 0.5F}, theme.rule_strong);
  const AreaInput input = area_input("table", {area.x0, top, area.x1, top + 4.0F * row});
  for (int i = 0; i < 4; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const auto& corner = logic_corners[index];
    const Rect line{area.x0, top + row * static_cast<float>(i), area.x1, top + row * static_cast<float>(i + 1)};
    const float y = 0.5F * (line.y0 + line.y1);
    const bool over = input.hovered && input.y >= line.y0 && input.y < line.y1;
    if (over) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (over && input.clicked) set_input(corner[0], corner[1]);
    const bool shown = x1() == corner[0] && x2() == corner[1];
    if (over || shown) canvas.list.AddRectFilled({line.x0, line.y0}, {line.x1, line.y1}, theme.focus_soft, 4.0F);
    const double values[] = {corner[0], corner[1], neuron_.wanted(task_[index]), neuron_.net(corner[0], corner[1]),
                             neuron_.out(corner[0], corner[1])};
    draw_answer(canvas, {right(2) - 22.0F, y}, 5.5F, task_[index]);
    for (int c = 0; c < 5; ++c)
      canvas.text(canvas.fonts.number, right(c), y, theme.ink, words.number(values[c], 3), Align::centre, 13.0F);
    const bool good = neuron_.says_yes(corner[0], corner[1]) == task_[index];
    canvas.text(canvas.fonts.text, right(5), y, good ? theme.good : theme.bad, good ? "\u2713" : "\u2717",
                Align::centre);
  }
  const float y = top + 4.0F * row + 14.0F;
  if (y + 8.0F > area.y1 + 6.0F) return;
  const int steps = state_.integer("steps");
  const std::string text = steps > 0 ? words.format("neuron.learned", {std::to_string(right_), std::to_string(steps)})
                                     : words.format("neuron.score", {std::to_string(right_)});
  canvas.text(canvas.fonts.text_small, area.x0 + 6.0F, y, right_ == 4 ? theme.good : theme.ink_soft, text);
}

void Neuron::draw_curve(const Canvas& canvas, const Rect& area) const {
  Plot plot;
  const std::string name = std::string("out = ") + sign_of(neuron_.f) + "(net)";
  plot.name = name;
  plot.x_name = "net";
  plot.x = {curve_.front().x, curve_.back().x};
  const bool relu = neuron_.f == Activation::relu;
  plot.y = {neuron_.f == Activation::tanh ? -1.15 : -0.15, relu ? std::max(1.15, curve_.back().y) : 1.15};
  plot.series.push_back({"out", curve_, canvas.theme.categorical[0], 2.5F});
  plot.cursor = neuron_.net(x1(), x2());
  draw_plot(canvas, area, plot, plot_left(canvas, area, plot));
}

}  // namespace cvlab::app
