// The network: where its neurons stand, what they and their connections show, and what pointing at them does.
#include <algorithm>
#include <cmath>

#include "app/demos/backprop/backprop.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr float table_row = 21.0F;
constexpr float table_height = table_row * 12.0F;

Rect inset(const Rect& r, float x, float y) { return {r.x0 + x, r.y0 + y, r.x1 - x, r.y1 - y}; }

}  // namespace

Backprop::Layout Backprop::layout(const Rect& a) const {
  Layout l;
  l.wide = a.width() >= 640.0F && a.width() > 1.05F * a.height();
  const float pad = l.wide ? std::clamp(0.02F * a.width(), 12.0F, 26.0F) : 10.0F;
  const Rect in = inset(a, pad, 0.5F * pad);
  if (l.wide) {
    const float lower = std::clamp(0.36F * in.height(), 150.0F, table_height + 6.0F);
    const float formula = std::clamp(0.155F * in.height(), 84.0F, 112.0F);
    l.graph = {in.x0, in.y0, in.x1, in.y1 - lower - formula - 8.0F};
    l.formula = {in.x0, l.graph.y1 + 4.0F, in.x1, l.graph.y1 + 4.0F + formula};
    const float table = std::min(470.0F, 0.5F * in.width());
    l.table = {in.x0, l.formula.y1 + 8.0F, in.x0 + table, in.y1};
    l.buttons = {l.table.x1 + 1.6F * pad, l.table.y0, in.x1, l.table.y0 + 34.0F};
    l.plot = {l.buttons.x0, l.buttons.y1 + 8.0F, in.x1, in.y1};
    return l;
  }
  // The network first, then the formula; curve and table where the height has room for them.
  float room = in.height() - 236.0F - 112.0F;
  const auto take = [&](float height) {
    if (room < height + 8.0F) return 0.0F;
    room -= height + 8.0F;
    return height;
  };
  const float buttons = take(40.0F);
  const float plot = buttons > 0.0F ? take(150.0F) : 0.0F;
  const float table = take(table_height);
  float y = in.y0;
  const auto next = [&](float height) {
    const Rect r{in.x0, y, in.x1, y + height};
    if (height > 0.0F) y += height + 8.0F;
    return r;
  };
  l.graph = next(std::min(300.0F, 236.0F + std::max(0.0F, room)));
  l.formula = next(104.0F);
  l.buttons = next(buttons);
  l.plot = next(plot);
  l.table = next(table);
  return l;
}

void Backprop::draw(Canvas& canvas) {
  still_ = canvas.reduced_motion;
  if (canvas.area.width() < 200.0F || canvas.area.height() < 160.0F) return;
  const Layout l = layout(canvas.area);
  pointed_.clear();
  build_graph(canvas, l);
  const GraphPlan before = plan_graph(canvas, graph_);
  point(canvas, l, before);
  if (l.table.height() > 60.0F) draw_table(canvas, l.table);  // may point, too
  build_graph(canvas, l);                                     // now that we know what glows
  draw_network(canvas, l);
  draw_explanation(canvas, l.formula);
  if (l.buttons.height() > 0.0F) draw_buttons(canvas, l.buttons);
  if (l.plot.height() > 80.0F) draw_curve(canvas, l);
  constexpr double unit = 0.05;  // of - and +
  if (const auto value = editor_.draw(canvas, "number", unit)) edit(editor_.target(), *value);
  int rows = 0;
  int columns = 0;
  if (arrow_keys(rows, columns) && columns != 0) step(columns > 0 ? 1 : -1);
}

// What glows: the paths of the quantity pointed at, else what the present moment multiplies.
void Backprop::build_graph(const Canvas& canvas, const Layout& l) {
  lit_.clear();
  if (!pointed_.empty()) {
    lit_ = example_.formula(pointed_).lit;
  } else if (const BackpropMoment* now = moment()) {
    lit_ = now->lit;
  }
  graph_ = {};
  node_places_.clear();
  edge_places_.clear();
  roomy_ = l.graph.width() >= 820.0F;
  graph_.text = roomy_ ? std::clamp(0.0135F * l.graph.width(), 10.5F, 18.0F) : l.wide ? 12.0F : 10.5F;
  double range = 1.0;
  for (const double w : example_.settings().parameters) range = std::max(range, std::fabs(w));
  graph_.weight_range = range;
  add_nodes(canvas, l.graph);
  add_edges(canvas);
}

int Backprop::node_of(std::string_view name) const {
  for (std::size_t i = 0; i < node_places_.size(); ++i) {
    if (node_places_[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

int Backprop::add_node(const Canvas& canvas, const Place& place, float x, float y, float half_width,
                       float half_height) {
  const Words& words = canvas.words;
  const bool there = known(place.name);
  const int digits = roomy_ && half_width > 24.0F ? 5 : half_width > 24.0F ? 4 : 3;
  GraphNode node{.x = x, .y = y, .half_width = half_width, .half_height = half_height};
  node.lines.push_back({symbol_of(place.name), canvas.theme.ink_soft, true});
  if (there) node.lines.push_back({words.number(example_.value(place.name), digits)});
  if (!place.inside.empty() && known(place.inside))
    node.lines.push_back({words.number(example_.value(place.inside), digits > 3 ? 3 : 2), canvas.theme.gradient});
  node.tone = lit(place.name) ? GraphTone::path : there ? GraphTone::plain : GraphTone::faint;
  graph_.nodes.push_back(std::move(node));
  node_places_.push_back(place);
  return static_cast<int>(graph_.nodes.size()) - 1;
}

// Inputs, hidden neurons, output neurons, errors from left to right; biases below, targets beside their errors.
void Backprop::add_nodes(const Canvas& canvas, const Rect& a) {
  const bool wide = roomy_;
  const float rx = wide ? std::clamp(0.037F * a.width(), 26.0F, 54.0F) : std::min(0.054F * a.width(), 32.0F);
  const float ry = wide ? std::min(rx, 0.135F * a.height()) : std::min(1.5F * rx, 0.15F * a.height());
  const float small_x = wide ? 0.8F * rx : std::min(rx, 24.0F);
  const float small_y = wide ? std::min(0.8F * rx, 0.11F * a.height()) : 0.9F * small_x;
  const float pair = 2.0F * rx + (wide ? 4.4F * graph_.text : 0.014F * a.width());  // from net to out
  const float total = wide ? 2.0F * rx + 46.0F : 0.0F;                              // from E_o to E_total
  const float to_error = wide ? 70.0F : 0.028F * a.width();
  const float error_y = wide ? 0.85F * ry : std::min(0.85F * ry, 0.082F * a.height());
  const float left = a.x0 + small_x + 2.0F;
  const float error = a.x1 - rx - 4.0F - total;
  const float out_o = error - 2.0F * rx - to_error;
  const float net_o = out_o - pair;
  const float gap = 0.5F * (net_o - pair - left);
  const float net_h = left + gap;
  const float top = a.y0 + 0.29F * a.height();
  const float bottom = a.y0 + 0.67F * a.height();
  const float base = a.y1 - small_y - 2.0F;
  for (int n = 1; n <= 2; ++n) {
    const float y = n == 1 ? top : bottom;
    const std::string h = "h" + std::to_string(n);
    const std::string o = "o" + std::to_string(n);
    const std::string i = "i" + std::to_string(n);
    const std::string t = "t" + std::to_string(n);
    add_node(canvas, {i, i, {}}, left, y, small_x, small_y);
    add_node(canvas, {"net_" + h, {}, "dE_dnet_" + h}, net_h, y, rx, ry);
    add_node(canvas, {"out_" + h, {}, "dE_dout_" + h}, net_h + pair, y, rx, ry);
    add_node(canvas, {"net_" + o, {}, "dE_dnet_" + o}, net_o, y, rx, ry);
    add_node(canvas, {"out_" + o, {}, "dE_dout_" + o}, out_o, y, rx, ry);
    add_node(canvas, {"E_" + o, {}, {}}, error, y, rx, error_y);
    const float target = n == 1 ? a.y0 + small_y + 2.0F : base;
    add_node(canvas, {t, t, {}}, error, target, small_x, small_y);
  }
  add_node(canvas, {"E_total", {}, {}}, error + total, 0.5F * (top + bottom), rx, error_y);
  const float bias_x = wide ? 0.5F : 0.34F;
  add_node(canvas, {"b1", "b1", "dE_db1"}, left + bias_x * (net_h - rx - left), base, small_x, small_y);
  add_node(canvas, {"b2", "b2", "dE_db2"}, net_h + pair + rx + bias_x * (net_o - net_h - pair - 2.0F * rx), base,
           small_x, small_y);
}

void Backprop::add_edge(const Canvas& canvas, const char* from, const char* to, const char* weight, float place) {
  const Words& words = canvas.words;
  const bool wide = roomy_;
  const std::string name = weight;
  GraphEdge edge{.from = node_of(from), .to = node_of(to), .place = place};
  Place at{name, name, {}};
  const bool bias = name[0] == 'b';
  if (name[0] == 'w' || bias) {
    edge.weight = example_.value(name);
    // A bias has two edges; a weight is its edge.
    edge.tone = lit(name) && (!bias || lit(to)) ? GraphTone::path : GraphTone::plain;
    if (!bias) {
      const std::string number = words.number(*edge.weight, wide ? 4 : 2);
      if (wide) {
        edge.label.push_back({symbol_of(name) + "  " + number, canvas.theme.ink, true});
      } else {
        edge.label.push_back({symbol_of(name), canvas.theme.ink_soft, true});
        edge.label.push_back({number});
      }
      if (known("dE_d" + name))
        edge.label.push_back({words.number(example_.value("dE_d" + name), wide ? 3 : 2), canvas.theme.gradient});
    }
    at.name = "dE_d" + name;
  } else {
    at = {name, {}, {}};
    edge.tone = lit(from) && lit(to) ? GraphTone::path : GraphTone::plain;
    const bool back = !pointed_.empty() ? pointed_[0] == 'd' : moment() && moment()->phase == BackpropPhase::backward;
    const bool there = !name.empty() && known(name);  // a derivative goes along it
    const bool glows = name.empty() && edge.tone == GraphTone::path;
    edge.arrow = back && (there || glows) ? GraphArrow::backward : GraphArrow::forward;
    if (there) {
      if (wide) edge.label.push_back({words.number(example_.value(name), 3), canvas.theme.gradient});
    }
  }
  graph_.edges.push_back(std::move(edge));
  edge_places_.push_back(at);
}

void Backprop::add_edges(const Canvas& canvas) {
  add_edge(canvas, "i1", "net_h1", "w1", 0.5F);
  add_edge(canvas, "i2", "net_h1", "w2", 0.3F);
  add_edge(canvas, "i1", "net_h2", "w3", 0.3F);
  add_edge(canvas, "i2", "net_h2", "w4", 0.5F);
  add_edge(canvas, "out_h1", "net_o1", "w5", 0.5F);
  add_edge(canvas, "out_h2", "net_o1", "w6", 0.3F);
  add_edge(canvas, "out_h1", "net_o2", "w7", 0.3F);
  add_edge(canvas, "out_h2", "net_o2", "w8", 0.5F);
  for (const char* to : {"net_h1", "net_h2"}) add_edge(canvas, "b1", to, "b1", 0.5F);
  for (const char* to : {"net_o1", "net_o2"}) add_edge(canvas, "b2", to, "b2", 0.5F);
  add_edge(canvas, "net_h1", "out_h1", "dout_h1_dnet_h1", 0.5F);
  add_edge(canvas, "net_h2", "out_h2", "dout_h2_dnet_h2", 0.5F);
  add_edge(canvas, "net_o1", "out_o1", "dout_o1_dnet_o1", 0.5F);
  add_edge(canvas, "net_o2", "out_o2", "dout_o2_dnet_o2", 0.5F);
  add_edge(canvas, "out_o1", "E_o1", "dE_dout_o1", 0.5F);
  add_edge(canvas, "out_o2", "E_o2", "dE_dout_o2", 0.5F);
  add_edge(canvas, "t1", "E_o1", "", 0.5F);
  add_edge(canvas, "t2", "E_o2", "", 0.5F);
  add_edge(canvas, "E_o1", "E_total", "", 0.5F);
  add_edge(canvas, "E_o2", "E_total", "", 0.5F);
}

// A neuron is its weighted sum and what the logistic function makes of it.
void Backprop::draw_capsules(const Canvas& canvas) const {
  for (const char* neuron : {"h1", "h2", "o1", "o2"}) {
    const GraphNode& net = graph_.nodes[static_cast<std::size_t>(node_of(std::string("net_") + neuron))];
    const GraphNode& out = graph_.nodes[static_cast<std::size_t>(node_of(std::string("out_") + neuron))];
    const float pad = roomy_ ? 8.0F : 3.0F;
    const ImVec2 low{net.x - net.half_width - pad, net.y - net.half_height - pad};
    const ImVec2 high{out.x + out.half_width + pad, out.y + out.half_height + pad};
    const float radius = std::min(net.half_width, net.half_height) + pad;
    canvas.list.AddRectFilled(low, high, canvas.theme.surface, radius);
    canvas.list.AddRect(low, high, canvas.theme.rule, radius);
  }
}

void Backprop::draw_network(const Canvas& canvas, const Layout& l) {
  draw_capsules(canvas);
  draw_graph(canvas, graph_, plan_graph(canvas, graph_));
  if (!l.wide) return;
  for (const auto& [name, key] : {std::pair{"i1", "backprop.inputs"}, std::pair{"net_h1", "backprop.hidden"},
                                  std::pair{"net_o1", "backprop.outputs"}}) {
    const GraphNode& node = graph_.nodes[static_cast<std::size_t>(node_of(name))];
    const bool neuron = name[0] == 'n';
    const float y = l.graph.y0 + 12.0F;
    if (y + 16.0F > node.y - node.half_height - 8.0F) continue;
    canvas.text(canvas.fonts.text_small, node.x - node.half_width - (neuron ? 4.0F : 0.0F), y, canvas.theme.ink_soft,
                canvas.words(key));
  }
}

// Pointing explains, a click edits what is given.
void Backprop::point(const Canvas& canvas, const Layout& l, const GraphPlan& plan) {
  const AreaInput input = area_input("network", l.graph);
  if (!input.hovered && !input.pressed) return;
  const GraphHit hit = graph_hit(graph_, plan, input.x, input.y);
  if (!hit.any()) return;
  const Place& place = hit.node >= 0 ? node_places_[static_cast<std::size_t>(hit.node)]
                                     : edge_places_[static_cast<std::size_t>(hit.edge)];
  if (place.name.empty()) return;
  const bool given = !place.edits.empty();
  pointed_ = given && !place.inside.empty() ? place.inside : place.name;
  // A neuron whose gradient is there explains that.
  if (hit.node >= 0 && !place.inside.empty() && known(place.inside)) pointed_ = place.inside;
  if (given) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const double value = example_.value(place.edits);
    draw_note(canvas, input.x, input.y,
              place.edits + " = " + canvas.words.number(value, 9) + "   " + canvas.words("backprop.click_to_change"));
    if (input.clicked) {
      const GraphNode& node = graph_.nodes[static_cast<std::size_t>(std::max(0, hit.node))];
      const Rect at = hit.node >= 0 ? Rect{node.x - node.half_width, node.y - node.half_height,
                                           node.x + node.half_width, node.y + node.half_height}
                                    : plan.labels[static_cast<std::size_t>(hit.edge)].value_or(
                                          Rect{input.x - 10.0F, input.y - 10.0F, input.x + 10.0F, input.y + 10.0F});
      editor_.open(place.edits, value, at);
    }
  }
}

}  // namespace cvlab::app
