#include "app/views/graph.hpp"

#include <algorithm>
#include <cmath>

#include "app/gfx/shade.hpp"
#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

constexpr float number_share = 0.92F;  // of the size of names
constexpr float line_share = 1.28F;    // line height in em
constexpr float label_pad = 3.0F;
constexpr float least_width = 1.0F;
constexpr float most_width = 6.0F;
constexpr float halo = 9.0F;  // px that the glow is wider than the line
constexpr float arrow_length = 8.0F;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

struct TextSize {
  ImFont* font;
  float size;
};

TextSize size_of(const Canvas& canvas, const GraphText& text, float em) {
  return text.name ? TextSize{canvas.fonts.text_small, em} : TextSize{canvas.fonts.number, number_share * em};
}

float width_of(const Canvas& canvas, const GraphText& text, float em) {
  const TextSize type = size_of(canvas, text, em);
  return text.name ? symbols_width(canvas, type.font, text.text, type.size)
                   : canvas.text_width(type.font, text.text, type.size);
}

float row_width(const Canvas& canvas, const std::vector<GraphText>& lines, float em) {
  float width = 0.7F * em * static_cast<float>(lines.size() - 1);
  for (const GraphText& line : lines) width += width_of(canvas, line, em);
  return width;
}

float widest(const Canvas& canvas, const std::vector<GraphText>& lines, float em) {
  float width = 0.0F;
  for (const GraphText& line : lines) width = std::max(width, width_of(canvas, line, em));
  return width;
}

void draw_line(const Canvas& canvas, const GraphText& line, float x, float y, float em, ImU32 ink, float alpha) {
  const TextSize type = size_of(canvas, line, em);
  const ImU32 colour = with_alpha(line.colour != 0 ? line.colour : ink, alpha);
  if (line.name) {
    draw_symbols(canvas, type.font, x, y, colour, line.text, Align::centre, type.size);
  } else {
    canvas.text(type.font, x, y, colour, line.text, Align::centre, type.size);
  }
}

void draw_lines(const Canvas& canvas, const std::vector<GraphText>& lines, ImVec2 middle, float em, ImU32 ink,
                float alpha) {
  const float height = line_share * em;
  float y = middle.y - 0.5F * height * static_cast<float>(lines.size() - 1);
  for (const GraphText& line : lines) {
    draw_line(canvas, line, middle.x, y, em, ink, alpha);
    y += height;
  }
}

void draw_row(const Canvas& canvas, const std::vector<GraphText>& lines, ImVec2 middle, float em, ImU32 ink,
              float alpha) {
  float x = middle.x - 0.5F * row_width(canvas, lines, em);
  for (const GraphText& line : lines) {
    const float width = width_of(canvas, line, em);
    draw_line(canvas, line, x + 0.5F * width, middle.y, em, ink, alpha);
    x += width + 0.7F * em;
  }
}

// Where the line from the middle of the node towards `to` leaves it.
ImVec2 outline(const GraphNode& node, ImVec2 from, ImVec2 to) {
  if (node.half_width <= 0.0F) return from;
  const float dx = to.x - from.x;
  const float dy = to.y - from.y;
  float t = 0.0F;
  if (node.round) {
    t = 1.0F / std::max(1e-6F, std::hypot(dx / node.half_width, dy / node.half_height));
  } else {
    t = std::min(node.half_width / std::max(1e-6F, std::fabs(dx)), node.half_height / std::max(1e-6F, std::fabs(dy)));
  }
  t = std::min(t, 1.0F);
  return {from.x + t * dx, from.y + t * dy};
}

std::array<ImVec2, 4> curve_of(const Graph& graph, const GraphEdge& edge) {
  const GraphNode& a = graph.nodes[at(edge.from)];
  const GraphNode& b = graph.nodes[at(edge.to)];
  ImVec2 from{a.x, a.y + edge.from_dy};
  ImVec2 to{b.x, b.y + edge.to_dy};
  if (graph.bend <= 0.0F) {
    const ImVec2 start = outline(a, from, to);
    const ImVec2 end = outline(b, to, from);
    return {start, ImVec2{start.x + (end.x - start.x) / 3.0F, start.y + (end.y - start.y) / 3.0F},
            ImVec2{end.x - (end.x - start.x) / 3.0F, end.y - (end.y - start.y) / 3.0F}, end};
  }
  const auto side = [](const GraphNode& node, float dy) {
    const float s = std::clamp(dy / std::max(1.0F, node.half_height), -1.0F, 1.0F);
    return node.round ? node.half_width * std::sqrt(1.0F - s * s) : node.half_width;
  };
  if (graph.down) {
    from = {a.x + edge.from_dy, a.y + a.half_height};
    to = {b.x + edge.to_dy, b.y - b.half_height};
    const float reach = graph.bend * std::max(8.0F, std::fabs(to.y - from.y));
    return {from, ImVec2{from.x, from.y + reach}, ImVec2{to.x, to.y - reach}, to};
  }
  from.x += side(a, edge.from_dy);
  to.x -= side(b, edge.to_dy);
  const float reach = graph.bend * std::max(20.0F, std::fabs(to.x - from.x));
  return {from, ImVec2{from.x + reach, from.y}, ImVec2{to.x - reach, to.y}, to};
}

bool overlap(const Rect& a, const Rect& b) { return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1; }

Rect box_of(const GraphNode& node) {
  return {node.x - node.half_width, node.y - node.half_height, node.x + node.half_width, node.y + node.half_height};
}

// Lines of other edges that a label would hide.
int crossed(const GraphPlan& plan, std::size_t own, const Rect& box) {
  constexpr int samples = 24;
  int count = 0;
  for (std::size_t e = 0; e < plan.curves.size(); ++e) {
    if (e == own) continue;
    for (int i = 1; i < samples; ++i) {
      const ImVec2 p = curve_point(plan.curves[e], static_cast<float>(i) / samples);
      if (!box.contains(p.x, p.y)) continue;
      ++count;
      break;
    }
  }
  return count;
}

// The free place nearest to where it would like to be; one that hides no other line is worth a detour.
std::optional<Rect> place_label(const Canvas& canvas, const Graph& graph, const GraphPlan& plan, std::size_t e) {
  const GraphEdge& edge = graph.edges[e];
  if (edge.label.empty()) return std::nullopt;
  const float half_width = 0.5F * widest(canvas, edge.label, graph.text) + label_pad;
  const float half_height = 0.5F * line_share * graph.text * static_cast<float>(edge.label.size()) + 1.0F;
  std::optional<Rect> best;
  float best_cost = 1e9F;
  for (int i = 0; i <= 32; ++i) {
    const float t = 0.1F + 0.8F * static_cast<float>(i) / 32.0F;
    const ImVec2 p = curve_point(plan.curves[e], t);
    const Rect box{p.x - half_width, p.y - half_height, p.x + half_width, p.y + half_height};
    bool free = true;
    for (const GraphNode& node : graph.nodes) free = free && !overlap(box, box_of(node));
    for (const auto& other : plan.labels) free = free && !(other && overlap(box, *other));
    if (!free) continue;
    const float cost = std::fabs(t - edge.place) + 0.25F * static_cast<float>(crossed(plan, e, box));
    if (cost < best_cost) {
      best_cost = cost;
      best = box;
    }
  }
  return best;
}

// 0 .. 1 of the full colour and width; what is no number has all of it.
float share_of(const Graph& graph, double weight) {
  const double share = std::fabs(weight) / std::max(1e-12, graph.weight_range);
  return std::isfinite(share) ? static_cast<float>(std::min(1.0, share)) : 1.0F;
}

float width_of_edge(const Graph& graph, const GraphEdge& edge) {
  if (!edge.weight) return 1.25F;
  return least_width + (most_width - least_width) * share_of(graph, *edge.weight);
}

ImU32 colour_of_edge(const Canvas& canvas, const Graph& graph, const GraphEdge& edge) {
  if (!edge.weight) return edge.tone == GraphTone::path ? canvas.theme.focus : canvas.theme.rule_strong;
  if (*edge.weight == 0.0) return canvas.theme.rule_strong;
  const ImU32 full = std::isnan(*edge.weight) ? canvas.theme.focus
                     : *edge.weight > 0.0     ? canvas.theme.positive
                                              : canvas.theme.negative;
  return mix(canvas.theme.rule_strong, full, 0.35F + 0.65F * share_of(graph, *edge.weight));
}

void draw_curve(ImDrawList& list, const std::array<ImVec2, 4>& c, ImU32 colour, float width) {
  list.AddBezierCubic(c[0], c[1], c[2], c[3], colour, width);
}

void draw_arrow(ImDrawList& list, ImVec2 tip, ImVec2 from, ImU32 colour, float width) {
  const float length = std::max(1e-3F, std::hypot(tip.x - from.x, tip.y - from.y));
  const ImVec2 along{(tip.x - from.x) / length, (tip.y - from.y) / length};
  const float half = 0.45F * arrow_length + 0.4F * width;
  const ImVec2 foot{tip.x - arrow_length * along.x, tip.y - arrow_length * along.y};
  list.AddTriangleFilled(tip, {foot.x - half * along.y, foot.y + half * along.x},
                         {foot.x + half * along.y, foot.y - half * along.x}, colour);
}

void draw_edge(const Canvas& canvas, const Graph& graph, const GraphPlan& plan, std::size_t e) {
  const GraphEdge& edge = graph.edges[e];
  const auto& curve = plan.curves[e];
  const float width = width_of_edge(graph, edge);
  const float alpha = edge.tone == GraphTone::faint ? 0.4F : 1.0F;
  const ImU32 colour = with_alpha(colour_of_edge(canvas, graph, edge), alpha);
  if (edge.tone == GraphTone::path) {
    draw_curve(canvas.list, curve, with_alpha(canvas.theme.focus, 0.16F), width + halo);
    draw_curve(canvas.list, curve, with_alpha(canvas.theme.focus, 0.3F), width + 0.5F * halo);
  }
  draw_curve(canvas.list, curve, colour, width);
  const ImU32 head = edge.tone == GraphTone::path ? canvas.theme.focus : colour;
  if (edge.arrow == GraphArrow::forward) draw_arrow(canvas.list, curve[3], curve[2], head, width);
  if (edge.arrow == GraphArrow::backward) draw_arrow(canvas.list, curve[0], curve[1], head, width);
}

void draw_label(const Canvas& canvas, const Graph& graph, const GraphEdge& edge, const Rect& box) {
  const bool path = edge.tone == GraphTone::path;
  canvas.list.AddRectFilled({box.x0, box.y0}, {box.x1, box.y1}, path ? canvas.theme.focus_soft : canvas.theme.paper,
                            4.0F);
  draw_lines(canvas, edge.label, {0.5F * (box.x0 + box.x1), 0.5F * (box.y0 + box.y1)}, graph.text, canvas.theme.ink,
             edge.tone == GraphTone::faint ? 0.55F : 1.0F);
}

// ImGui's own ellipses changed their signature between versions.
void ellipse_path(ImDrawList& list, ImVec2 middle, ImVec2 half) {
  constexpr int corners = 48;
  for (int i = 0; i < corners; ++i) {
    const float angle = 6.2831853F * static_cast<float>(i) / corners;
    list.PathLineTo({middle.x + half.x * std::cos(angle), middle.y + half.y * std::sin(angle)});
  }
}

void draw_outline(ImDrawList& list, const GraphNode& node, float grow, ImU32 colour, float width) {
  const ImVec2 middle{node.x, node.y};
  const ImVec2 half{node.half_width + grow, node.half_height + grow};
  if (node.round) {
    ellipse_path(list, middle, half);
    list.PathStroke(colour, ImDrawFlags_Closed, width);
  } else {
    list.AddRect({middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y}, colour, 6.0F + grow, 0,
                 width);
  }
}

void draw_node(const Canvas& canvas, const Graph& graph, const GraphNode& node) {
  if (node.half_width <= 0.0F) return;
  const Theme& theme = canvas.theme;
  ImU32 fill = theme.raised;
  if (node.value) {
    fill = shade_colour(theme, Shade::diverging, 0.0F, static_cast<float>(graph.value_range),
                        static_cast<float>(*node.value));
  }
  if (node.tone == GraphTone::path) {
    draw_outline(canvas.list, node, 3.0F, with_alpha(theme.focus, 0.18F), 6.0F);
  }
  // An opaque ground, so that lines behind a faint node do not shine through.
  const ImVec2 low{node.x - node.half_width, node.y - node.half_height};
  const ImVec2 high{node.x + node.half_width, node.y + node.half_height};
  if (node.tone == GraphTone::faint) fill = mix(theme.paper, fill, 0.5F);
  if (node.round) {
    ellipse_path(canvas.list, {node.x, node.y}, {node.half_width, node.half_height});
    canvas.list.PathFillConvex(fill);
  } else {
    canvas.list.AddRectFilled(low, high, fill, 6.0F);
  }
  const bool path = node.tone == GraphTone::path;
  draw_outline(canvas.list, node, 0.0F, path ? theme.focus : theme.rule_strong, path ? 2.0F : 1.25F);
  if (node.lines.empty()) return;
  // As large as fits: across the middle of an ellipse, and in height.
  const float room = 2.0F * node.half_width * (node.round ? 0.88F : 1.0F) - 5.0F;
  const float tall = 2.0F * node.half_height * (node.round ? 0.88F : 1.0F) - 2.0F;
  const float wide =
      std::max(1.0F, node.in_row ? row_width(canvas, node.lines, graph.text) : widest(canvas, node.lines, graph.text));
  const float lines = node.in_row ? 1.0F : static_cast<float>(node.lines.size());
  const float em = graph.text * std::min({1.0F, room / wide, tall / (line_share * graph.text * lines)});
  if (em < 6.5F) return;
  const auto draw = node.in_row ? draw_row : draw_lines;
  draw(canvas, node.lines, {node.x, node.y}, em, node.value ? ink_on(fill) : theme.ink,
       node.tone == GraphTone::faint ? 0.55F : 1.0F);
}

float distance_to(const std::array<ImVec2, 4>& curve, float x, float y) {
  constexpr int pieces = 24;
  float nearest = 1e9F;
  ImVec2 a = curve[0];
  for (int i = 1; i <= pieces; ++i) {
    const ImVec2 b = curve_point(curve, static_cast<float>(i) / pieces);
    const float dx = b.x - a.x;
    const float dy = b.y - a.y;
    const float t = std::clamp(((x - a.x) * dx + (y - a.y) * dy) / std::max(1e-6F, dx * dx + dy * dy), 0.0F, 1.0F);
    nearest = std::min(nearest, std::hypot(x - a.x - t * dx, y - a.y - t * dy));
    a = b;
  }
  return nearest;
}

}  // namespace

ImVec2 curve_point(const std::array<ImVec2, 4>& c, float t) {
  const float s = 1.0F - t;
  const float w[4] = {s * s * s, 3.0F * s * s * t, 3.0F * s * t * t, t * t * t};
  return {w[0] * c[0].x + w[1] * c[1].x + w[2] * c[2].x + w[3] * c[3].x,
          w[0] * c[0].y + w[1] * c[1].y + w[2] * c[2].y + w[3] * c[3].y};
}

GraphPlan plan_graph(const Canvas& canvas, const Graph& graph) {
  GraphPlan plan;
  for (const GraphEdge& edge : graph.edges) plan.curves.push_back(curve_of(graph, edge));
  plan.labels.resize(graph.edges.size());
  // What glows is placed first: it keeps its label where room is scarce.
  for (const bool path : {true, false}) {
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
      if ((graph.edges[e].tone == GraphTone::path) == path) plan.labels[e] = place_label(canvas, graph, plan, e);
    }
  }
  return plan;
}

void draw_graph(const Canvas& canvas, const Graph& graph, const GraphPlan& plan) {
  for (const GraphTone tone : {GraphTone::faint, GraphTone::plain, GraphTone::path}) {
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
      if (graph.edges[e].tone == tone) draw_edge(canvas, graph, plan, e);
    }
  }
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    if (plan.labels[e]) draw_label(canvas, graph, graph.edges[e], *plan.labels[e]);
  }
  for (const GraphNode& node : graph.nodes) draw_node(canvas, graph, node);
}

GraphHit graph_hit(const Graph& graph, const GraphPlan& plan, float x, float y, float reach) {
  GraphHit hit;
  for (std::size_t n = graph.nodes.size(); n-- > 0;) {
    const GraphNode& node = graph.nodes[n];
    if (node.half_width <= 0.0F) continue;
    const float dx = (x - node.x) / std::max(1.0F, node.half_width);
    const float dy = (y - node.y) / std::max(1.0F, node.half_height);
    if (node.round ? dx * dx + dy * dy > 1.0F : std::max(std::fabs(dx), std::fabs(dy)) > 1.0F) continue;
    hit.node = static_cast<int>(n);
    return hit;
  }
  for (std::size_t e = 0; e < plan.labels.size(); ++e) {
    if (!plan.labels[e] || !plan.labels[e]->contains(x, y)) continue;
    hit.edge = static_cast<int>(e);
    return hit;
  }
  for (std::size_t e = 0; e < plan.curves.size(); ++e) {
    const float distance = distance_to(plan.curves[e], x, y);
    if (distance >= reach) continue;
    reach = distance;
    hit.edge = static_cast<int>(e);
  }
  return hit;
}

}  // namespace cvlab::app
