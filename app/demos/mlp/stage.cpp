// The figure: the network, the plane in the colours of its answers, the loss.
#include <algorithm>
#include <cmath>

#include "app/demos/mlp/mlp.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/point_editor.hpp"
#include "app/views/scrub_plot.hpp"
#include "app/views/sentence.hpp"

namespace cvlab::app {

namespace {

constexpr double edge = 1.25;
constexpr float caption = 24.0F;

}  // namespace

Mlp::Layout Mlp::layout(const Canvas& canvas) const {
  const StageRoom room = stage_room(canvas, sentence(canvas.words));
  const float x0 = room.rest.x0, x1 = room.rest.x1, top = room.rest.y0, bottom = room.rest.y1;
  float y = top;
  Layout l;
  l.status = room.status;
  if (room.wide) {
    const float side = std::min(bottom - y - field_below, 0.55F * (x1 - x0));
    l.plane = {x1 - side - field_left - 1.0F, y, x1, y + side + field_below};
    const float left = l.plane.x0 - room.pad;
    const float loss = std::clamp(0.3F * (bottom - y), 120.0F, 220.0F);
    l.network = {x0, y, left, bottom - loss - 14.0F};
    l.loss = {x0, bottom - loss, left, bottom};
    if (!pictures()) return l;
    l.plane.y1 = std::min(bottom, y + wall_height(l.plane.width()));
    l.unit = {l.plane.x0, l.plane.y1 + 12.0F, x1, std::min(bottom, l.plane.y1 + 200.0F)};
    return l;
  }
  const float side = std::min(x1 - x0 - field_left, bottom - y - field_below);
  l.plane = {x0, y, x0 + side + field_left + 1.0F, y + side + field_below};
  if (pictures()) l.plane = {x0, y, x1, y + std::min(wall_height(x1 - x0), bottom - y)};
  y = l.plane.y1 + 10.0F;
  const auto take = [&](Rect& part, float height) {
    if (bottom + 2.0F - y < height) return;
    part = {x0, y, x1, y + height};
    y += height + 10.0F;
  };
  take(l.network, pictures() ? 300.0F : 240.0F);
  take(l.loss, 120.0F);
  return l;
}

void Mlp::draw(Canvas& canvas) {
  if (canvas.area.width() < 140.0F || canvas.area.height() < 140.0F) return;
  if (!run_) return draw_message(canvas, canvas.area, sentence(canvas.words));
  if (looked_ < 0) look();
  const Layout l = layout(canvas);
  draw_sentence(canvas, l.status, sentence(canvas.words), diverged() ? canvas.theme.bad : canvas.theme.ink);
  if (pictures()) {
    draw_wall(canvas, l.plane);
  } else {
    draw_plane(canvas, l.plane);
  }
  if (l.network.height() > 80.0F) draw_network(canvas, l.network);
  if (l.loss.height() > 60.0F) draw_loss(canvas, l.loss);
  if (l.unit.height() > 90.0F) draw_unit(canvas, l.unit);
  int rows = 0, columns = 0;
  if (arrow_keys(rows, columns) && columns != 0)
    (void)state_.set("step", std::to_string(std::clamp(state_.integer("step") + columns, 0, most_steps)));
}

// --- the plane: each class has its colour, the surer the stronger

void Mlp::paint_plane(const Canvas& canvas) {
  if (painted_ == looked_ && painted_dark_ == canvas.theme.dark) return;
  painted_ = looked_;
  painted_dark_ = canvas.theme.dark;
  const auto classes = static_cast<std::size_t>(recipe_.classes), count = chances_.size() / classes;
  std::vector<ImU32> colours(count, canvas.theme.neutral);
  const double even = 1.0 / static_cast<double>(classes);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < classes; ++c) {
      if (chances_[c * count + i] > chances_[best * count + i]) best = c;
    }
    const double sure = (chances_[best * count + i] - even) / (1.0 - even);
    if (std::isfinite(sure))
      colours[i] = mix(canvas.theme.neutral, canvas.theme.categorical[best], static_cast<float>(0.5 * sure));
  }
  const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(count))));
  colours_.set_colours(colours, side, side);
}

void Mlp::draw_plane(const Canvas& canvas, const Rect& area) {
  const FieldMap map = fit_field(area, {{}, -edge, edge, -edge, edge});
  const AreaInput input = area_input("plane", map.area);
  paint_plane(canvas);
  colours_.draw(canvas, map);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  const auto n = static_cast<std::size_t>(data_->count());
  for (std::size_t i = 0; i < n; ++i)
    draw_dot(canvas, map.at(data_->points[i], data_->points[n + i]), 3.0F, canvas.theme.categorical[data_->labels[i]]);
  if (input.hovered) {
    probe_ = {map.x_at(input.x), map.y_at(input.y)};
  }
  canvas.list.AddCircle(map.at(probe_[0], probe_[1]), 6.0F, canvas.theme.focus, 0, 2.0F);
  canvas.list.PopClipRect();
  draw_field_axes(canvas, map, "x₁", "x₂");
  if (problem_ == "mlp.no_points") draw_message(canvas, map.area, canvas.words(problem_));
  if (recipe_.data == "own") {
    const int brush = std::min(state_.choice("brush")[0] - 'a', recipe_.classes - 1);
    if (const auto text = edit_points(canvas, map, input, drawn_, {brush, 0.05, canvas.words("mlp.clear")}))
      (void)state_.set("points", *text);
  }
  if (!input.hovered || input.pressed) return;
  std::string text;
  const std::vector<double> p = run_->run().probabilities(probe_);
  for (std::size_t c = 0; c < p.size(); ++c)
    text += (c > 0 ? "  " : "") + ("p" + std::to_string(c + 1)) + " = " + canvas.words.number(p[c], 3);
  draw_note(canvas, input.x, input.y, text);
}

// --- the network; its neurons hold the values of the ringed point

// Of pictures the first column is one node, the picture; a unit behind it is a box for its weights, unless it is an
// output that has a layer before.
Graph Mlp::network_graph(const Canvas& canvas, const Rect& area) {
  DenseNet& net = run_->run().net();
  const std::vector<double> p = run_->run().probabilities(probe_);
  Graph graph;
  std::vector<int> sizes = net.sizes();
  if (pictures()) sizes[0] = 1;
  const float step = area.width() / static_cast<float>(sizes.size());
  int most = 2;
  for (const int size : sizes) most = std::max(most, size);
  const float radius = std::clamp(0.36F * area.height() / static_cast<float>(most), 8.0F, 19.0F);
  std::vector<int> first;
  for (std::size_t layer = 0; layer < sizes.size(); ++layer) {
    first.push_back(static_cast<int>(graph.nodes.size()));
    const bool last = layer + 1 == sizes.size(), box = pictures() && layer < 2;
    for (int i = 0; i < sizes[layer]; ++i) {
      const float share = area.height() / static_cast<float>(sizes[layer]);
      GraphNode node;
      node.x = area.x0 + step * (static_cast<float>(layer) + 0.5F);
      node.y = area.y0 + share * (static_cast<float>(i) + 0.5F);
      node.half_width = node.half_height = radius;
      node.round = !box;
      if (box) node.half_width = node.half_height = std::floor(std::min(0.45F * share, 0.4F * step));
      const double value =
          last ? p[static_cast<std::size_t>(i)] : net.activations(static_cast<int>(layer))[static_cast<std::size_t>(i)];
      if (std::isfinite(value) && !(pictures() && layer == 0)) node.value = value;
      if (radius >= 12.0F && !box) node.lines = {{canvas.words.number(std::round(100.0 * value) / 100.0, 2)}};
      graph.nodes.push_back(node);
    }
  }
  connect(graph, first);
  return graph;
}

void Mlp::connect(Graph& graph, std::span<const int> first) {
  const DenseNet& net = run_->run().net();
  const std::vector<double>& shown = state_.choice("edges") == "gradients" ? gradient_ : weights_;
  edges_.clear();
  graph.weight_range = 1e-9;
  for (int layer = 1; layer <= net.layers(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    const bool bundle = pictures() && layer == 1;  // a weight for each pixel: the picture of the unit shows them
    const int ins = bundle ? 1 : net.sizes()[l - 1];
    for (int out = 0; out < net.sizes()[l]; ++out) {
      for (int in = 0; in < ins; ++in) {
        GraphEdge line;
        line.from = first[l - 1] + in;
        line.to = first[l] + out;
        edges_.push_back(bundle ? EdgeName{} : EdgeName{layer, out, in});
        if (!bundle) {
          const double value = shown[net.weight(layer, out, in)];
          line.weight = std::isfinite(value) ? value : 0.0;
          graph.weight_range = std::max(graph.weight_range, std::fabs(*line.weight));
        }
        graph.edges.push_back(line);
      }
    }
  }
}

std::string Mlp::edge_note(const Words& words, const EdgeName& name) {
  const std::size_t at = run_->run().net().weight(name.layer, name.out, name.in);
  return words.format("mlp.edge_note",
                      {std::to_string(name.layer), std::to_string(name.out + 1), std::to_string(name.in + 1),
                       words.number(weights_[at], 4), words.number(gradient_[at], 3)});
}

void Mlp::draw_network(const Canvas& canvas, const Rect& area) {
  const bool gradients = state_.choice("edges") == "gradients";
  draw_caption(canvas, {area.x0, area.y0 + caption, area.x1, area.y1},
               canvas.words(gradients ? "mlp.gradients" : "mlp.weights"),
               canvas.words(pictures() ? "mlp.of_picture" : "mlp.of_ringed"));
  const Rect inner{area.x0, area.y0 + caption + 4.0F, area.x1, area.y1};
  const Graph graph = network_graph(canvas, inner);
  const GraphPlan plan = plan_graph(canvas, graph);
  draw_graph(canvas, graph, plan);
  if (pictures()) draw_units(canvas, graph);
  for (int c = 0; c < recipe_.classes; ++c) {
    const GraphNode& node = graph.nodes[graph.nodes.size() - static_cast<std::size_t>(recipe_.classes - c)];
    if (pictures()) {
      canvas.text(canvas.fonts.number, node.x + node.half_width + 6.0F, node.y, canvas.theme.ink, std::to_string(c));
    } else {
      canvas.list.AddCircle({node.x, node.y}, node.half_width + 3.0F, canvas.theme.categorical[c], 0, 3.0F);
    }
  }
  const AreaInput input = area_input("network", inner);
  pointed_unit_ = std::clamp(state_.integer("unit"), 1, run_->run().net().sizes()[1]) - 1;
  if (!input.hovered && !input.clicked) return;
  const GraphHit hit = graph_hit(graph, plan, input.x, input.y);
  const int units = pictures() ? run_->run().net().sizes()[1] : 0;
  if (hit.node >= 1 && hit.node <= units) {
    pointed_unit_ = hit.node - 1;
    if (input.clicked) (void)state_.set("unit", std::to_string(hit.node));
    draw_note(canvas, input.x, input.y, unit_note(canvas.words, hit.node - 1));
  } else if (hit.edge >= 0 && edges_[static_cast<std::size_t>(hit.edge)].layer > 0) {
    draw_note(canvas, input.x, input.y, edge_note(canvas.words, edges_[static_cast<std::size_t>(hit.edge)]));
  }
}

void Mlp::draw_loss(const Canvas& canvas, const Rect& area) {
  std::vector<PlotPoint> points;
  double low = 0.3, high = std::log(static_cast<double>(recipe_.classes));
  const auto& run = run_->points();
  for (std::size_t k = 0; k < run.size(); ++k) {
    const double loss = std::clamp(run[k].loss, 1e-4, 1e4);
    if (!std::isfinite(loss)) continue;
    points.push_back({static_cast<double>(k + 1), loss});
    low = std::min(low, loss);
    high = std::max(high, loss);
  }
  Plot plot;
  plot.name = canvas.words("mlp.loss");
  plot.x_name = canvas.words("mlp.step_axis");
  plot.x = {0.0, scrub_end(run_->farthest(), 200, most_steps)};
  plot.y = {std::pow(10.0, std::floor(std::log10(low))), std::pow(10.0, std::ceil(std::log10(high))), true};
  plot.levels = {{std::log(static_cast<double>(recipe_.classes)), canvas.words("mlp.guessing")}};
  plot.series.push_back({canvas.words("mlp.mini_batch"), points, canvas.theme.categorical[0], 1.5F});
  plot.cursor = steps();
  if (const auto wanted = scrub_plot(canvas, area, plot, run_->farthest()))
    (void)state_.set("step", std::to_string(*wanted));
}

}  // namespace cvlab::app
