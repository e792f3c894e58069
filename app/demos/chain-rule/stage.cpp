// The expression with its present piece, and its graph.
#include <algorithm>
#include <cmath>

#include "app/demos/chain-rule/chain_rule.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr float gap = 8.0F;
constexpr int most_pieces = 220;  // of lines: beyond, nobody could follow them, and a frame takes too long

// The size and the number of lines in which `length` characters fit a width.
struct Typeset {
  float em = 17.0F;
  int per_line = 1;
  int lines = 1;
};

Typeset typeset(const Canvas& canvas, int length, float width) {
  Typeset t;
  for (const float em : {18.0F, 16.0F, 14.0F, 13.0F, 12.0F}) {
    t.em = em;
    const float advance = canvas.text_width(canvas.fonts.number, "0", em);
    t.per_line = std::max(8, static_cast<int>(width / std::max(1.0F, advance)));
    t.lines = std::max(1, (length + t.per_line - 1) / t.per_line);
    if (t.lines == 1) break;
  }
  return t;
}

}  // namespace

ChainRule::Layout ChainRule::layout(const Canvas& canvas) const {
  const Rect& a = canvas.area;
  Layout l;
  const bool wide = a.width() >= 640.0F && a.width() > 1.05F * a.height();
  const float pad = wide ? std::clamp(0.02F * a.width(), 12.0F, 26.0F) : 10.0F;
  const Rect in{a.x0 + pad, a.y0 + 0.5F * pad, a.x1 - pad, a.y1 - 0.5F * pad};
  const Typeset t = typeset(canvas, static_cast<int>(text_.size()), in.width() - 24.0F);
  const float head = 14.0F + 1.5F * t.em * static_cast<float>(std::min(t.lines, 4));
  l.expression = {in.x0, in.y0, in.x1, in.y0 + head};
  float y = l.expression.y1 + gap;
  if (wide) {
    const float lower = std::clamp(0.31F * in.height(), 120.0F, 240.0F);
    const float formula = 100.0F;
    l.graph = {in.x0, y, in.x1, in.y1 - lower - formula - 2.0F * gap};
    l.formula = {in.x0, l.graph.y1 + gap, in.x1, l.graph.y1 + gap + formula};
    l.table = {in.x0, l.formula.y1 + gap, in.x0 + std::min(440.0F, 0.48F * in.width()), in.y1};
    l.plot = {l.table.x1 + 2.0F * pad, l.table.y0, in.x1, in.y1};
    return l;
  }
  l.down = true;
  float room = in.y1 - y;
  const float formula = room > 260.0F ? 96.0F : 0.0F;
  room -= formula + gap + std::min(room, 230.0F);
  const auto take = [&](float height) {
    if (room < height + gap) return 0.0F;
    room -= height + gap;
    return height;
  };
  const float plot = take(140.0F);
  const float table = take(150.0F);
  const float graph = in.y1 - y - formula - plot - table - gap * 3.0F;
  const auto next = [&](float height) {
    const Rect r{in.x0, y, in.x1, y + height};
    if (height > 0.0F) y += height + gap;
    return r;
  };
  l.graph = next(std::max(10.0F, graph));
  l.formula = next(formula);
  l.plot = next(plot);
  l.table = next(table);
  return l;
}

void ChainRule::draw(Canvas& canvas) {
  if (canvas.area.width() < 180.0F || canvas.area.height() < 140.0F) return;
  const Layout l = layout(canvas);
  draw_expression_line(canvas, l.expression);
  if (!graph_) {
    draw_message(
        canvas, {l.expression.x0, l.expression.y1, l.expression.x1, std::min(canvas.area.y1, l.expression.y1 + 160.0F)},
        canvas.words.sentence(problem_));
    return;
  }
  pointed_ = -1;
  const bool drawn = pieces_ <= most_pieces;
  if (drawn) {
    build_graph(canvas, l);
    point(canvas, l, plan_graph(canvas, picture_));
  } else {
    draw_message(canvas, l.graph, canvas.words.format("chain-rule.too_large", {std::to_string(forward_steps_)}));
  }
  if (l.table.height() > 60.0F) draw_table(canvas, l.table);
  if (drawn && pointed_ >= 0) build_graph(canvas, l);  // now it glows
  if (drawn) draw_graph(canvas, picture_, plan_graph(canvas, picture_));
  if (l.formula.height() > 40.0F) draw_explanation(canvas, l.formula);
  if (l.plot.height() > 90.0F) draw_curve(canvas, l.plot);
  if (const auto value = editor_.draw(canvas, "number", 0.1)) {
    if (const int at = graph_->find(editor_.target()); at >= 0) edit(at, *value);
  }
  int rows = 0;
  int columns = 0;
  if (arrow_keys(rows, columns) && columns != 0) (void)step(columns > 0 ? 1 : -1);
}

// As it was typed; the piece of the node in focus on a plate, a wrong character with a mark below it.
void ChainRule::draw_expression_line(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  canvas.list.AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, theme.surface, 6.0F);
  const Typeset t = typeset(canvas, static_cast<int>(text_.size()), area.width() - 24.0F);
  const float advance = canvas.text_width(canvas.fonts.number, "0", t.em);
  const float height = 1.5F * t.em;
  std::size_t first = 0;
  std::size_t last = 0;
  if (graph_ && focus() >= 0) {
    first = node(focus()).first;
    last = node(focus()).last;
    while (last > first && text_[last - 1] == ' ') --last;
  }
  const auto place = [&](std::size_t i) {
    const int at = static_cast<int>(i);
    const int line = at / t.per_line;
    return ImVec2{area.x0 + 12.0F + advance * static_cast<float>(at % t.per_line),
                  area.y0 + 7.0F + height * (static_cast<float>(line) + 0.5F)};
  };
  for (std::size_t i = 0; i < text_.size(); ++i) {
    const ImVec2 p = place(i);
    if (p.y + 0.5F * height > area.y1 + 2.0F) break;
    const bool lit = i >= first && i < last;
    if (lit) {
      canvas.list.AddRectFilled({p.x, p.y - 0.46F * height}, {p.x + advance, p.y + 0.46F * height}, theme.focus_soft);
    }
    // A sign of several bytes is drawn with its first.
    std::size_t size = 1;
    while (i + size < text_.size() && (text_[i + size] & 0xC0) == 0x80) ++size;
    if ((text_[i] & 0xC0) == 0x80) continue;
    canvas.text(canvas.fonts.number, p.x, p.y, lit ? theme.focus : theme.ink, std::string_view(text_).substr(i, size),
                Align::left, t.em);
  }
  if (graph_) return;
  const ImVec2 wrong = place(wrong_at_);
  const float x = wrong.x + 0.5F * advance;
  const float y = wrong.y + 0.42F * height;
  canvas.list.AddTriangleFilled({x, y}, {x - 5.0F, y + 8.0F}, {x + 5.0F, y + 8.0F}, theme.bad);
  canvas.list.AddLine({wrong.x, y}, {wrong.x + advance, y}, theme.bad, 2.0F);
}

// Everything between the node pointed at and the output: the paths of its derivative.
std::vector<bool> ChainRule::nodes_on_paths() const {
  std::vector<bool> on(graph_->nodes().size(), false);
  if (pointed_ < 0) {
    if (current_ < 0) return on;
    on[static_cast<std::size_t>(current_)] = true;
    for (int o = 0; o < node(current_).operand_count; ++o)
      on[static_cast<std::size_t>(node(current_).operands[static_cast<std::size_t>(o)])] = true;
    return on;
  }
  std::vector<bool> after(on.size(), false);
  std::vector<bool> before(on.size(), false);
  after[static_cast<std::size_t>(pointed_)] = true;
  for (const auto& [from, to] : edges_)
    if (after[static_cast<std::size_t>(from)]) after[static_cast<std::size_t>(to)] = true;
  before[static_cast<std::size_t>(graph_->output())] = true;
  for (auto edge = edges_.rbegin(); edge != edges_.rend(); ++edge)
    if (before[static_cast<std::size_t>(edge->second)]) before[static_cast<std::size_t>(edge->first)] = true;
  for (std::size_t i = 0; i < on.size(); ++i) on[i] = after[i] && before[i];
  return on;
}

void ChainRule::add_node(const Canvas& canvas, const Layout& l, int i, ImVec2 middle, ImVec2 half) {
  const Words& words = canvas.words;
  const ScalarNode& n = node(i);
  const bool number = n.op == ScalarOp::number;
  const bool input = n.op == ScalarOp::input;
  const bool tight = half.y < 17.0F && half.x < 40.0F;
  const int digits = half.x > 26.0F && !tight ? 4 : 3;
  GraphNode shown{.x = middle.x, .y = middle.y, .half_width = half.x, .half_height = half.y};
  shown.in_row = l.down || half.y < 17.0F;
  shown.round = !input && !number && !shown.in_row;
  if (number) {
    shown.half_width *= 0.6F;
    if (!l.down) shown.half_height *= 0.6F;
    shown.lines.push_back({n.name, canvas.theme.ink_soft});
  } else {
    const std::string head = input ? symbol(i) : tight ? sign_of(i) : symbol(i) + "  " + sign_of(i);
    shown.lines.push_back({head, input ? canvas.theme.ink_soft : canvas.theme.accent, true});
    if (n.has_value) shown.lines.push_back({words.number(n.value, digits)});
    if (n.has_gradient) shown.lines.push_back({words.number(n.gradient, 3), canvas.theme.gradient});
  }
  shown.tone = !n.has_value ? GraphTone::faint : GraphTone::plain;
  picture_.nodes.push_back(std::move(shown));
}

void ChainRule::add_edge(const Canvas& canvas, int i, int operand, const std::vector<ImVec2>& corners) {
  const ScalarNode& n = node(i);
  const int from = n.operands[static_cast<std::size_t>(operand)];
  const bool twice = n.operand_count > 1 && n.operands[0] == n.operands[1];
  // A node that has sent its gradient back says so with the arrow.
  const bool sent =
      n.has_gradient && backward_ && (node(from).has_gradient || i == current_) && node(from).op != ScalarOp::number;
  const int pieces = static_cast<int>(corners.size()) + 1;
  int last = from;
  for (int p = 0; p < pieces; ++p) {
    int to = i;
    if (p + 1 < pieces) {
      picture_.nodes.push_back({.x = corners[static_cast<std::size_t>(p)].x,
                                .y = corners[static_cast<std::size_t>(p)].y,
                                .half_width = 0.0F,
                                .half_height = 0.0F});
      to = static_cast<int>(picture_.nodes.size()) - 1;
    }
    GraphEdge edge{.from = last, .to = to};
    if (!sent && p + 1 == pieces) edge.arrow = GraphArrow::forward;
    if (sent && p == 0) edge.arrow = GraphArrow::backward;
    if (sent && p + 1 == pieces)
      edge.label.push_back(
          {canvas.words.number(n.derivatives[static_cast<std::size_t>(operand)], 3), canvas.theme.gradient});
    if (twice) edge.from_dy = edge.to_dy = operand == 0 ? -7.0F : 7.0F;
    picture_.edges.push_back(std::move(edge));
    edge_of_.emplace_back(i, operand);
    last = to;
  }
}

void ChainRule::build_graph(const Canvas& canvas, const Layout& l) {
  picture_ = {};
  edge_of_.clear();
  picture_.bend = 0.5F;
  picture_.down = l.down;
  const auto columns = static_cast<float>(std::max(1, layers_.columns));
  const auto rows = static_cast<float>(std::max(1, layers_.widest));
  const float along = l.down ? l.graph.height() : l.graph.width();
  const float across = l.down ? l.graph.width() : l.graph.height();
  const float pitch = along / columns;
  ImVec2 half;
  if (l.down) {
    half = {std::min(70.0F, 0.46F * across / rows), std::min(14.0F, 0.32F * pitch)};
  } else {
    half = {std::min(40.0F, 0.36F * pitch), std::min({34.0F, 0.44F * across / rows})};
  }
  picture_.text = std::clamp(l.down || half.y < 17.0F ? 1.5F * half.y : 0.4F * half.x, 9.0F, 14.0F);
  const auto place = [&](const LayeredPlace& p) {
    const float a = (static_cast<float>(p.column) + 0.5F) * pitch;
    return l.down ? ImVec2{l.graph.x0 + p.across * across, l.graph.y0 + a}
                  : ImVec2{l.graph.x0 + a, l.graph.y0 + p.across * across};
  };
  for (int i = 0; i < static_cast<int>(layers_.nodes.size()); ++i)
    add_node(canvas, l, i, place(layers_.nodes[static_cast<std::size_t>(i)]), half);
  const std::vector<bool> on = nodes_on_paths();
  for (std::size_t e = 0; e < edges_.size(); ++e) {
    std::vector<ImVec2> corners;
    for (const LayeredPlace& p : layers_.corners[e]) corners.push_back(place(p));
    const std::size_t first = picture_.edges.size();
    add_edge(canvas, operands_[e].first, operands_[e].second, corners);
    const auto [from, to] = edges_[e];
    const bool glows =
        on[static_cast<std::size_t>(from)] && on[static_cast<std::size_t>(to)] && (pointed_ >= 0 || to == current_);
    for (std::size_t p = first; p < picture_.edges.size(); ++p) {
      if (glows) picture_.edges[p].tone = GraphTone::path;
    }
  }
  for (std::size_t i = 0; i < on.size(); ++i) {
    const bool operand_only = pointed_ < 0 && static_cast<int>(i) != current_;
    if (on[i] && !operand_only) picture_.nodes[i].tone = GraphTone::path;
  }
}

// Pointing explains; a click keeps the node for the read-outs, and opens the number of an input.
void ChainRule::point(const Canvas& canvas, const Layout& l, const GraphPlan& plan) {
  const AreaInput input = area_input("graph", l.graph);
  if (!input.hovered && !input.pressed) return;
  const GraphHit hit = graph_hit(picture_, plan, input.x, input.y);
  if (hit.edge >= 0) {
    const auto& [i, operand] = edge_of_[static_cast<std::size_t>(hit.edge)];
    const int from = node(i).operands[static_cast<std::size_t>(operand)];
    if (node(from).op == ScalarOp::number || !node(i).has_value) return;
    draw_note(canvas, input.x, input.y,
              "\u2202" + plain(i) + "/\u2202" + plain(from) + " = " + rule_of(i, operand) + " = " +
                  canvas.words.number(node(i).derivatives[static_cast<std::size_t>(operand)], 6));
    return;
  }
  if (hit.node < 0 || hit.node >= static_cast<int>(symbols_.size())) return;
  const ScalarNode& n = node(hit.node);
  if (n.op == ScalarOp::number) return;
  pointed_ = hit.node;
  const bool given = n.op == ScalarOp::input;
  std::string note = plain(hit.node) + " = " + (n.has_value ? canvas.words.number(n.value, 6) : "?");
  if (given) note += std::string("   ") + canvas.words("chain-rule.click_to_change");
  draw_note(canvas, input.x, input.y, note);
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (!input.clicked) return;
  (void)state_.set("look", plain(hit.node));
  const GraphNode& at = picture_.nodes[static_cast<std::size_t>(hit.node)];
  if (given) {
    editor_.open(n.name, n.value,
                 {at.x - at.half_width, at.y - at.half_height, at.x + at.half_width, at.y + at.half_height});
  }
}

}  // namespace cvlab::app
