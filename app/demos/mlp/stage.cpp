// The figure: the network, the plane in the colours of its answers, the loss.
#include <algorithm>
#include <cmath>

#include "app/demos/mlp/mlp.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"

namespace cvlab::app {

namespace {

constexpr double edge = 1.25;
constexpr float caption = 24.0F;

}  // namespace

Mlp::Layout Mlp::layout(const Canvas& canvas) const {
  const Rect& a = canvas.area;
  Layout l;
  const bool wide = a.width() >= 620.0F && a.width() > 1.05F * a.height();
  const float pad = wide ? std::clamp(0.02F * a.width(), 12.0F, 26.0F) : 10.0F;
  const float x0 = a.x0 + pad, x1 = a.x1 - pad;
  float y = a.y0 + 6.0F;
  l.status = {x0, y, x1, y + sentence_height(canvas, sentence(canvas.words), x1 - x0)};
  y = l.status.y1 + 6.0F;
  if (wide) {
    const float bottom = a.y1 - pad;
    const float side = std::min(bottom - y - field_below, 0.55F * (x1 - x0));
    l.plane = {x1 - side - field_left - 1.0F, y, x1, y + side + field_below};
    const float left = l.plane.x0 - pad;
    const float loss = std::clamp(0.3F * (bottom - y), 120.0F, 220.0F);
    l.network = {x0, y, left, bottom - loss - 14.0F};
    l.loss = {x0, bottom - loss, left, bottom};
    return l;
  }
  const float side = std::min(x1 - x0 - field_left, a.y1 - 6.0F - y - field_below);
  l.plane = {x0, y, x0 + side + field_left + 1.0F, y + side + field_below};
  y = l.plane.y1 + 10.0F;
  const auto take = [&](Rect& part, float height) {
    if (a.y1 - 4.0F - y < height) return;
    part = {x0, y, x1, y + height};
    y += height + 10.0F;
  };
  take(l.network, 240.0F);
  take(l.loss, 120.0F);
  return l;
}

void Mlp::draw(Canvas& canvas) {
  if (!run_ || canvas.area.width() < 140.0F || canvas.area.height() < 140.0F) return;
  const Layout l = layout(canvas);
  draw_sentence(canvas, l.status, sentence(canvas.words), diverged() ? canvas.theme.bad : canvas.theme.ink);
  draw_plane(canvas, l.plane);
  if (l.network.height() > 80.0F) draw_network(canvas, l.network);
  if (l.loss.height() > 60.0F) draw_loss(canvas, l.loss);
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
    probe_[0] = map.x_at(input.x);
    probe_[1] = map.y_at(input.y);
  }
  canvas.list.AddCircle(map.at(probe_[0], probe_[1]), 6.0F, canvas.theme.focus, 0, 2.0F);
  canvas.list.PopClipRect();
  draw_field_axes(canvas, map, "x₁", "x₂");
  if (problem_ == "mlp.no_points") draw_message(canvas, map.area, canvas.words(problem_));
  if (recipe_.data == "own") edit(canvas, map, input.pressed, input.x, input.y);
  if (!input.hovered || input.pressed) return;
  std::string text;
  const std::vector<double> p = run_->run().probabilities(probe_);
  for (std::size_t c = 0; c < p.size(); ++c)
    text += (c > 0 ? "  " : "") + ("p" + std::to_string(c + 1)) + " = " + canvas.words.number(p[c], 3);
  draw_note(canvas, input.x, input.y, text);
}

void Mlp::edit(const Canvas& canvas, const FieldMap& map, bool pressed, float x, float y) {
  const std::string label = canvas.words("mlp.clear");
  const float width = canvas.text_width(canvas.fonts.text_small, label) + 20.0F;
  const Rect chip{map.area.x1 - width - 6.0F, map.area.y0 + 6.0F, map.area.x1 - 6.0F, map.area.y0 + 32.0F};
  bool over = false;
  if (!drawn_.empty()) {
    const AreaInput input = area_input("clear", chip);
    over = input.hovered || input.pressed;
    canvas.list.AddRectFilled({chip.x0, chip.y0}, {chip.x1, chip.y1},
                              over ? canvas.theme.accent_soft : canvas.theme.raised, 5.0F);
    canvas.list.AddRect({chip.x0, chip.y0}, {chip.x1, chip.y1}, canvas.theme.rule_strong, 5.0F);
    canvas.text(canvas.fonts.text_small, 0.5F * (chip.x0 + chip.x1), 0.5F * (chip.y0 + chip.y1), canvas.theme.ink,
                label, Align::centre);
    if (input.clicked) (void)state_.set("points", "");
  }
  if (!pressed || over) return;
  std::vector<DrawnPoint> points = drawn_;
  const int brush = std::min(state_.choice("brush")[0] - 'a', recipe_.classes - 1);
  if (add_point(points, {map.x_at(x), map.y_at(y), brush}, 0.05)) (void)state_.set("points", write_points(points));
}

// --- the network; its neurons hold the values of the ringed point

Graph Mlp::network_graph(const Canvas& canvas, const Rect& area) {
  DenseNet& net = run_->run().net();
  const std::vector<double> p = run_->run().probabilities(probe_);
  Graph graph;
  const auto& sizes = net.sizes();
  const float step = area.width() / static_cast<float>(sizes.size());
  const bool gradients = state_.choice("edges") == "gradients";
  const std::vector<double>& shown = gradients ? gradient_ : weights_;
  int most = 2;
  for (const int size : sizes) most = std::max(most, size);
  const float radius = std::clamp(0.36F * area.height() / static_cast<float>(most), 8.0F, 19.0F);
  std::vector<int> first;
  for (std::size_t layer = 0; layer < sizes.size(); ++layer) {
    first.push_back(static_cast<int>(graph.nodes.size()));
    const bool last = layer + 1 == sizes.size();
    for (int i = 0; i < sizes[layer]; ++i) {
      GraphNode node;
      node.x = area.x0 + step * (static_cast<float>(layer) + 0.5F);
      node.y = area.y0 + area.height() * (static_cast<float>(i) + 0.5F) / static_cast<float>(sizes[layer]);
      node.half_width = node.half_height = radius;
      const double value =
          last ? p[static_cast<std::size_t>(i)] : net.activations(static_cast<int>(layer))[static_cast<std::size_t>(i)];
      if (std::isfinite(value)) node.value = value;
      if (radius >= 12.0F) node.lines = {{canvas.words.number(std::round(100.0 * value) / 100.0, 2)}};
      graph.nodes.push_back(node);
    }
  }
  graph.weight_range = 1e-9;
  for (int layer = 1; layer <= net.layers(); ++layer) {
    for (int out = 0; out < sizes[static_cast<std::size_t>(layer)]; ++out) {
      for (int in = 0; in < sizes[static_cast<std::size_t>(layer - 1)]; ++in) {
        GraphEdge line;
        line.from = first[static_cast<std::size_t>(layer - 1)] + in;
        line.to = first[static_cast<std::size_t>(layer)] + out;
        const double value = shown[net.weight(layer, out, in)];
        line.weight = std::isfinite(value) ? value : 0.0;
        graph.weight_range = std::max(graph.weight_range, std::fabs(*line.weight));
        graph.edges.push_back(line);
      }
    }
  }
  return graph;
}

std::string Mlp::edge_note(const Words& words, int wanted) {
  const DenseNet& net = run_->run().net();
  int edge_number = 0;
  for (int layer = 1; layer <= net.layers(); ++layer) {
    const int outs = net.sizes()[static_cast<std::size_t>(layer)],
              ins = net.sizes()[static_cast<std::size_t>(layer - 1)];
    if (wanted >= edge_number + outs * ins) {
      edge_number += outs * ins;
      continue;
    }
    const int out = (wanted - edge_number) / ins, in = (wanted - edge_number) % ins;
    const std::size_t at = net.weight(layer, out, in);
    return words.format("mlp.edge_note", {std::to_string(layer), std::to_string(out + 1), std::to_string(in + 1),
                                          words.number(weights_[at], 4), words.number(gradient_[at], 3)});
  }
  return {};
}

void Mlp::draw_network(const Canvas& canvas, const Rect& area) {
  const bool gradients = state_.choice("edges") == "gradients";
  draw_caption(canvas, {area.x0, area.y0 + caption, area.x1, area.y1},
               canvas.words(gradients ? "mlp.gradients" : "mlp.weights"), canvas.words("mlp.of_ringed"));
  const Rect inner{area.x0, area.y0 + caption + 4.0F, area.x1, area.y1};
  const Graph graph = network_graph(canvas, inner);
  const GraphPlan plan = plan_graph(canvas, graph);
  draw_graph(canvas, graph, plan);
  for (int c = 0; c < recipe_.classes; ++c) {
    const GraphNode& node = graph.nodes[graph.nodes.size() - static_cast<std::size_t>(recipe_.classes - c)];
    canvas.list.AddCircle({node.x, node.y}, node.half_width + 3.0F, canvas.theme.categorical[c], 0, 3.0F);
  }
  const AreaInput input = area_input("network", inner);
  if (!input.hovered) return;
  const GraphHit hit = graph_hit(graph, plan, input.x, input.y);
  if (hit.edge >= 0) draw_note(canvas, input.x, input.y, edge_note(canvas.words, hit.edge));
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
  const double end = std::max(200.0, static_cast<double>(run_->farthest()));
  plot.x = {0.0, std::min(static_cast<double>(most_steps), std::ceil(end / 200.0) * 200.0)};
  plot.y = {std::pow(10.0, std::floor(std::log10(low))), std::pow(10.0, std::ceil(std::log10(high))), true};
  plot.levels = {{std::log(static_cast<double>(recipe_.classes)), canvas.words("mlp.guessing")}};
  plot.series.push_back({canvas.words("mlp.mini_batch"), points, canvas.theme.categorical[0], 1.5F});
  plot.cursor = steps();
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("losses", {map.area.x0 - 6.0F, map.area.y0, area.x1, area.y1});
  if (input.hovered || input.pressed) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (input.pressed) {
    const double at = std::clamp(std::round(map.x_at(input.x)), 0.0, static_cast<double>(run_->farthest()));
    (void)state_.set("step", State::format(at));
  }
  draw_plot(canvas, area, plot, left);
}

}  // namespace cvlab::app
