// The figure: the landscape with the paths over it, the data with what the model makes of them, the losses.
#include <algorithm>
#include <cmath>
#include <limits>

#include "app/demos/sgd/sgd.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"

namespace cvlab::app {

namespace {

constexpr float chip_height = 24.0F;
constexpr float chip_gap = 10.0F;
constexpr float chip_frame = 92.0F;  // line and number
constexpr float start_radius = 7.0F;

ImVec2 clamped(const Rect& area, ImVec2 p) {
  return {std::clamp(p.x, area.x0, area.x1), std::clamp(p.y, area.y0, area.y1)};
}

}  // namespace

Sgd::Layout Sgd::layout(const Canvas& canvas) const {
  const Rect& a = canvas.area;
  Layout l;
  const bool wide = a.width() >= 620.0F && a.width() > 1.05F * a.height();
  const float pad = wide ? std::clamp(0.02F * a.width(), 12.0F, 26.0F) : 10.0F;
  const float x0 = a.x0 + pad, x1 = a.x1 - pad;
  float y = a.y0 + 6.0F;
  l.status = {x0, y, x1, y + sentence_height(canvas, sentence(canvas.words), x1 - x0)};
  y = l.status.y1 + 2.0F;
  const float legend = legend_height(canvas, x1 - x0);
  l.legend = {x0, y, x1, y + legend};
  y += legend + 8.0F;
  if (wide) {
    const float cards = a.height() >= 420.0F ? 118.0F : 0.0F;
    const float bottom = a.y1 - pad - (cards > 0.0F ? cards + 12.0F : 0.0F);
    const float field = std::min(bottom - y, 0.6F * (x1 - x0));
    l.field = {x0, y, x0 + field + field_left - field_below, bottom};
    const float middle = y + 0.52F * (bottom - y);
    l.data = {l.field.x1 + pad, y + 22.0F, x1, middle};
    l.loss = {l.data.x0, middle + 10.0F, x1, bottom};
    if (cards > 0.0F) l.cards = {x0, a.y1 - pad - cards, x1, a.y1 - pad};
    return l;
  }
  const float room = a.y1 - 6.0F - y;
  const float field = std::min(x1 - x0 - field_left, room - field_below);
  l.field = {x0, y, x1, y + field + field_below};
  y = l.field.y1 + 8.0F;
  const auto take = [&](Rect& part, float height) {
    if (a.y1 - 4.0F - y < height) return;
    part = {x0, y, x1, y + height};
    y += height + 8.0F;
  };
  take(l.cards, 5.0F * 40.0F);
  take(l.loss, 128.0F);
  if (a.y1 - 4.0F - y >= 140.0F) {
    y += 18.0F;
    take(l.data, std::min(220.0F, a.y1 - 6.0F - y));
  }
  return l;
}

void Sgd::draw(Canvas& canvas) {
  if (runners_.empty() || canvas.area.width() < 140.0F || canvas.area.height() < 140.0F) return;
  const Layout l = layout(canvas);
  draw_status(canvas, l.status);
  draw_legend(canvas, l.legend);
  draw_landscape(canvas, l.field);
  if (l.data.height() > 60.0F) draw_data(canvas, l.data);
  if (l.loss.height() > 60.0F) draw_loss(canvas, l.loss);
  if (l.cards.height() > 60.0F) draw_cards(canvas, l.cards);
  int rows = 0, columns = 0;
  if (arrow_keys(rows, columns) && columns != 0)
    (void)state_.set("step", std::to_string(std::clamp(shown_step() + columns, 0, most_steps)));
}

void Sgd::draw_status(const Canvas& canvas, const Rect& area) const {
  const Runner& runner = chosen();
  const bool over = runner.path.diverged() && reached(runner) < shown_step();
  draw_sentence(canvas, area, sentence(canvas.words), over ? canvas.theme.bad : canvas.theme.ink);
}

// --- the runners by name, with their losses; a click chooses the one that the rest of the figure explains

float Sgd::legend_height(const Canvas& canvas, float width) const {
  float x = 0.0F;
  int lines = 1;
  for (const Runner& runner : runners_) {
    const float chip = chip_frame + canvas.text_width(canvas.fonts.text_small, runner_name(canvas.words, runner));
    if (x > 0.0F && x + chip > width) {
      x = 0.0F;
      ++lines;
    }
    x += chip + chip_gap;
  }
  return chip_height * static_cast<float>(lines);
}

void Sgd::draw_legend(const Canvas& canvas, const Rect& area) {
  float x = area.x0, y = area.y0;
  for (std::size_t i = 0; i < runners_.size(); ++i) {
    const Runner& runner = runners_[i];
    const std::string name = runner_name(canvas.words, runner);
    const float chip = chip_frame + canvas.text_width(canvas.fonts.text_small, name);
    if (x > area.x0 && x + chip > area.x1) {
      x = area.x0;
      y += chip_height;
    }
    const Rect box{x, y, x + chip, y + chip_height - 2.0F};
    const AreaInput input = area_input(runner.word.c_str(), box);
    if (input.hovered && runners_.size() > 1) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const bool mine = i == chosen_;
    if (mine && runners_.size() > 1)
      canvas.list.AddRectFilled({box.x0, box.y0}, {box.x1, box.y1}, canvas.theme.accent_soft, 5.0F);
    const float middle = 0.5F * (box.y0 + box.y1);
    canvas.list.AddLine({x + 8.0F, middle}, {x + 24.0F, middle}, canvas.theme.categorical[runner.colour], 3.0F);
    const float after =
        x + 40.0F +
        canvas.text(canvas.fonts.text_small, x + 30.0F, middle, mine ? canvas.theme.ink : canvas.theme.ink_soft, name);
    const auto& places = runner.path.places();
    const bool over = runner.path.diverged() && reached(runner) < shown_step();
    const std::string loss = over ? canvas.words("sgd.gone")
                                  : canvas.words.number(places[static_cast<std::size_t>(reached(runner))].loss, 3);
    canvas.text(over ? canvas.fonts.text_small : canvas.fonts.number_small, after, middle,
                over ? canvas.theme.bad : canvas.theme.ink_soft, loss);
    if (input.clicked) select(i);
    x += chip + chip_gap;
  }
}

// --- the landscape

void Sgd::draw_landscape(const Canvas& canvas, const Rect& area) {
  const FieldMap map = fit_field(area, plane_);
  const AreaInput input = area_input("landscape", map.area);
  if (input.pressed) {
    dragging_ = true;
    const ImVec2 at = clamped(map.area, {input.x, input.y});
    const auto rounded = [](double value) { return std::clamp(std::round(value * 100.0) / 100.0, -3.0, 3.0); };
    (void)state_.set("u", State::format(rounded(map.x_at(at.x))));
    (void)state_.set("v", State::format(rounded(map.y_at(at.y))));
  } else {
    dragging_ = false;
  }
  field_.draw(canvas, map, canvas.theme.dark ? 0.75F : 0.6F, canvas.theme.dark ? 0.42F : 1.0F);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  field_.draw_levels(canvas, map, with_alpha(canvas.theme.ink, canvas.theme.dark ? 0.3F : 0.28F));
  draw_paths(canvas, map);
  draw_gradients(canvas, map);
  canvas.list.PopClipRect();
  const std::string x_name = canvas.words("sgd.axis_u." + landscape_),
                    y_name = canvas.words("sgd.axis_v." + landscape_);
  draw_field_axes(canvas, map, x_name, y_name);
  if (!input.hovered || input.pressed) return;
  const double u = map.x_at(input.x), v = map.y_at(input.y);
  const LossSlice::Value value = slice_->at(u, v);
  const Words& words = canvas.words;
  draw_note(
      canvas, input.x, input.y,
      words.format("sgd.point", {x_name, words.number(u, 3), y_name, words.number(v, 3), words.number(value.loss, 4),
                                 words.number(value.du, 3), words.number(value.dv, 3)}));
}

void Sgd::draw_paths(const Canvas& canvas, const FieldMap& map) const {
  std::vector<ImVec2> points;
  const auto draw_one = [&](const Runner& runner, bool mine) {
    const ImU32 colour = canvas.theme.categorical[runner.colour];
    const int last = reached(runner);
    points.clear();
    for (int k = 0; k <= last; ++k) {
      const auto& p = runner.path.places()[static_cast<std::size_t>(k)];
      points.push_back(map.at(p.u, p.v));
    }
    const float width = mine ? 2.5F : 1.75F;
    // Piece by piece: joined, sharp turns would end in spikes.
    const auto stroke = [&](ImU32 ink, float thickness) {
      for (std::size_t k = 1; k < points.size(); ++k) canvas.list.AddLine(points[k - 1], points[k], ink, thickness);
    };
    if (mine) stroke(with_alpha(canvas.theme.paper, 0.9F), width + 2.5F);
    stroke(colour, width);
    if (points.size() <= 80) {
      for (const ImVec2& p : points) canvas.list.AddCircleFilled(p, mine ? 2.75F : 2.0F, colour);
    }
    draw_dot(canvas, points.back(), mine ? 6.0F : 4.5F, colour);
  };
  for (std::size_t i = 0; i < runners_.size(); ++i) {
    if (i != chosen_) draw_one(runners_[i], false);
  }
  draw_one(chosen(), true);
  const ImVec2 start = map.at(state_.real("u"), state_.real("v"));
  canvas.list.AddCircleFilled(start, start_radius, with_alpha(canvas.theme.paper, 0.75F));
  canvas.list.AddCircle(start, start_radius, canvas.theme.ink, 0, 2.0F);
  const char* const name = canvas.words("sgd.start");
  const bool left = start.x + 14.0F + canvas.text_width(canvas.fonts.text_small, name) > map.area.x1;
  canvas.text(canvas.fonts.text_small, left ? start.x - 12.0F : start.x + 12.0F, start.y - 9.0F, canvas.theme.ink, name,
              left ? Align::right : Align::left);
}

// What each example alone would do, what all of them together, and what the mini-batch really does: steps of SGD, each
// the learning rate times a gradient, on the scale of the axes.
void Sgd::draw_gradients(const Canvas& canvas, const FieldMap& map) const {
  if (!state_.toggle("arrows") || !plane_.shows(now_.from.u, now_.from.v)) return;
  const auto arrow = [&](const LossSlice::Value& g, ImU32 colour, float width) {
    ImVec2 from = map.at(now_.from.u, now_.from.v);
    ImVec2 to = map.at(now_.from.u - now_.rate * g.du, now_.from.v - now_.rate * g.dv);
    draw_arrow(canvas, from, to, colour, width);
  };
  for (const LossSlice::Value& g : now_.each) arrow(g, with_alpha(canvas.theme.ink, 0.35F), 1.0F);
  arrow(now_.of_all, canvas.theme.ink, 2.0F);
  if (now_.batch.size() < static_cast<std::size_t>(slice_->examples()))
    arrow(now_.of_batch, canvas.theme.gradient, 3.0F);
}

// --- the data, and what the model of the chosen place says about them

void Sgd::draw_data(const Canvas& canvas, const Rect& area) {
  const FieldMap map = fit_field(area, data_plane_, !slice_->data().classify);
  const Theme& theme = canvas.theme;
  const int step = reached(chosen());
  draw_caption(canvas, {map.area.x0 - field_left, area.y0 + 2.0F, area.x1, area.y1}, canvas.words("sgd.data"),
               canvas.words.format("sgd.after", {std::to_string(step)}).c_str());
  if (slice_->data().classify) {
    boundary_.draw(canvas, map, theme.dark ? 0.75F : 0.6F);
    boundary_.draw_levels(canvas, map, theme.ink);
  }
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  if (!slice_->data().classify) draw_curve(canvas, map);
  const LossSlice::Data& data = slice_->data();
  const std::size_t n = data.targets.size();
  const bool some = now_.batch.size() < n;
  for (std::size_t i = 0; i < n; ++i) {
    const bool in_batch = std::find(now_.batch.begin(), now_.batch.end(), static_cast<int>(i)) != now_.batch.end();
    const ImVec2 at =
        data.classify ? map.at(data.inputs[i], data.inputs[n + i]) : map.at(data.inputs[i], data.targets[i]);
    const ImU32 colour = data.classify ? (data.targets[i] > 0.5 ? theme.positive : theme.negative) : theme.ink;
    draw_dot(canvas, at, 3.5F, colour);
    if (in_batch && some) canvas.list.AddCircle(at, 7.0F, theme.gradient, 0, 2.0F);
  }
  canvas.list.PopClipRect();
  draw_field_axes(canvas, map, data.classify ? "x₁" : "x", data.classify ? "x₂" : "y");
}

void Sgd::draw_curve(const Canvas& canvas, const FieldMap& map) {
  const LossSlice::Data& data = slice_->data();
  for (std::size_t k = 0; k < now_.batch.size(); ++k) {
    const auto i = static_cast<std::size_t>(now_.batch[k]);
    canvas.list.AddLine(map.at(data.inputs[i], data.targets[i]), map.at(data.inputs[i], now_.outputs[k]),
                        canvas.theme.gradient, 1.5F);
  }
  std::vector<ImVec2> line;
  constexpr int pieces = 60;
  for (int k = 0; k <= pieces; ++k) {
    const double x = map.x0 + (map.x1 - map.x0) * k / pieces;
    const double y = slice_->predict(now_.from.u, now_.from.v, std::span<const double>(&x, 1));
    line.push_back(map.at(x, std::clamp(y, -1e3, 1e3)));
  }
  canvas.list.AddPolyline(line.data(), static_cast<int>(line.size()), canvas.theme.categorical[chosen().colour],
                          ImDrawFlags_None, 2.5F);
}

// --- the losses over all examples, step by step; dragging goes back in time

void Sgd::draw_loss(const Canvas& canvas, const Rect& area) {
  std::vector<std::vector<PlotPoint>> points(runners_.size());
  double low = 1.0, high = 0.1;
  for (std::size_t i = 0; i < runners_.size(); ++i) {
    const auto& places = runners_[i].path.places();
    const std::size_t last = std::min(places.size(), static_cast<std::size_t>(shown_step()) + 1);
    for (std::size_t k = 0; k < last; ++k) {
      const double loss = std::max(places[k].loss, 1e-6);
      points[i].push_back({static_cast<double>(k), loss});
      low = std::min(low, loss);
      high = std::max(high, loss);
    }
  }
  Plot plot;
  plot.name = canvas.words("sgd.loss_plot");
  plot.x_name = canvas.words("sgd.step_axis");
  plot.x = {0.0, static_cast<double>(most_steps)};
  plot.y = {std::pow(10.0, std::floor(std::log10(low))), std::pow(10.0, std::ceil(std::log10(std::min(high, 1e6)))),
            true};
  for (std::size_t i = 0; i < runners_.size(); ++i) {
    plot.series.push_back({"", points[i], canvas.theme.categorical[runners_[i].colour], i == chosen_ ? 2.5F : 1.5F});
  }
  plot.cursor = shown_step();
  const float left = std::max(field_left, plot_left(canvas, area, plot));
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("losses", {map.area.x0 - 6.0F, map.area.y0, area.x1, area.y1});
  if (input.hovered || input.pressed) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (input.pressed) {
    const double at = std::clamp(std::round(map.x_at(input.x)), 0.0, static_cast<double>(most_steps));
    (void)state_.set("step", State::format(at));
  }
  draw_plot(canvas, area, plot, left);
}

}  // namespace cvlab::app
