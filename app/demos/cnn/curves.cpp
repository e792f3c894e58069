// Training below the network: what can be done with its weights, and the curves of the run over one axis.
#include <algorithm>
#include <cmath>

#include "app/demos/cnn/cnn.hpp"
#include "app/shell/widgets.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

constexpr float button_height = 30.0F;
constexpr float least_plot = 96.0F;

double greatest(const std::vector<PlotPoint>& points, double least) {
  for (const PlotPoint& p : points) {
    if (std::isfinite(p.y)) least = std::max(least, p.y);
  }
  return least;
}

}  // namespace

void Cnn::draw_training(const Canvas& canvas, const Rect& area) {
  if (area.height() < 40.0F) return;
  const float top = draw_actions(canvas, area) + 8.0F;
  look_.reset();
  const bool beside = area.width() >= 620.0F;
  const float half = 0.5F * (area.y1 - top - 8.0F);
  if (beside) {
    const float middle = 0.5F * (area.x0 + area.x1);
    if (area.y1 - top < least_plot) return;
    draw_curves(canvas, {area.x0, top, middle - 14.0F, area.y1}, {middle + 14.0F, top, area.x1, area.y1});
  } else if (half >= least_plot) {
    draw_curves(canvas, {area.x0, top, area.x1, top + half}, {area.x0, area.y1 - half, area.x1, area.y1});
  } else if (area.y1 - top >= least_plot) {
    draw_curves(canvas, {area.x0, top, area.x1, area.y1}, {});
  }
}

// Weights to begin with, and files; returns where the buttons end.
float Cnn::draw_actions(const Canvas& canvas, const Rect& area) {
  const Look look{canvas, button_height};
  const Words& words = canvas.words;
  const ImVec2 back = ImGui::GetCursorScreenPos();
  float x = area.x0;
  float y = area.y0;
  const auto one = [&](const char* id, const char* label, bool selected) {
    const float width = std::min(area.width(), button_width(look, words(label), Icon::none));
    if (x > area.x0 && x + width > area.x1 + 1.0F) {
      x = area.x0;
      y += button_height + 4.0F;
    }
    ImGui::SetCursorScreenPos({x, y});
    x += width + 6.0F;
    return button(look, id, words(label), {.selected = selected, .width = width}, words(std::string(label) + ".tip"));
  };
  const bool untouched = training_.steps() == 0 && edits_->empty() && state_.is_default("begun");
  const std::string_view start = state_.choice("start");
  if (one("random", "cnn.forget", untouched && start == "random")) begin_with("random");
  const bool course = nn::format_layers(list_) == course_layers;
  if (course && one("trained", "cnn.as_trained", untouched && start == "trained")) begin_with("trained");
  if (one("open", "cnn.open", false)) files_.choose(own_weights);
  if (one("save", "cnn.save", false)) save_weights();
  if (one("onnx", "cnn.export", false)) export_onnx();
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
  return y + button_height;
}

Plot Cnn::loss_plot(const Canvas& canvas) const {
  const Theme& theme = canvas.theme;
  const CnnTraining::Curves& now = training_.curves();
  const CnnTraining::Curves& before = training_.before();
  const double guess = std::log(10.0);
  Plot plot;
  plot.name = canvas.words("cnn.curve.loss");
  plot.x_name = canvas.words("cnn.curve.epoch");
  plot.y = {0.0, std::min(round_up(1.05 * greatest(now.test_loss, greatest(now.loss_mean, guess))), 1e6)};
  plot.levels.push_back({guess, canvas.words("cnn.curve.guessing")});
  if (!before.loss_mean.empty())
    plot.series.push_back(
        {canvas.words("cnn.curve.before"), before.loss_mean, with_alpha(theme.ink_faint, 0.6F), 1.5F});
  plot.series.push_back({"", now.loss, with_alpha(theme.categorical[0], theme.dark ? 0.45F : 0.28F), 1.0F});
  plot.series.push_back({canvas.words("cnn.curve.training"), now.loss_mean, theme.categorical[0]});
  plot.series.push_back({canvas.words("cnn.curve.test"), now.test_loss, theme.categorical[1], 2.0F, true});
  return plot;
}

Plot Cnn::accuracy_plot(const Canvas& canvas) const {
  const Theme& theme = canvas.theme;
  const CnnTraining::Curves& now = training_.curves();
  const CnnTraining::Curves& before = training_.before();
  Plot plot;
  plot.name = canvas.words("cnn.curve.accuracy");
  plot.x_name = canvas.words("cnn.curve.epoch");
  plot.y = {0.0, 1.0, false, 100.0, "%"};
  plot.levels.push_back({0.1, {}});
  if (!before.accuracy_mean.empty())
    plot.series.push_back(
        {canvas.words("cnn.curve.before"), before.accuracy_mean, with_alpha(theme.ink_faint, 0.6F), 1.5F});
  plot.series.push_back({canvas.words("cnn.curve.training"), now.accuracy_mean, theme.categorical[0]});
  plot.series.push_back({canvas.words("cnn.curve.test"), now.test_accuracy, theme.categorical[1], 2.0F, true});
  return plot;
}

void Cnn::draw_curves(const Canvas& canvas, const Rect& loss_area, const Rect& accuracy_area) {
  const int per_epoch = training_.steps_per_epoch();
  const int begun = (training_.steps() + per_epoch - 1) / per_epoch;
  const PlotAxis epochs{0.0, static_cast<double>(std::max(state_.integer("epochs"), begun))};
  Plot loss = loss_plot(canvas);
  Plot accuracy = accuracy_plot(canvas);
  loss.x = accuracy.x = epochs;
  const bool both = accuracy_area.height() > 0.0F;
  float left = plot_left(canvas, loss_area, loss);
  if (both) left = std::max(left, plot_left(canvas, accuracy_area, accuracy));
  scrub(plot_map(loss_area, loss, left), loss_area, "loss");
  if (both) scrub(plot_map(accuracy_area, accuracy, left), accuracy_area, "accuracy");
  const auto cursor = look_ ? look_ : looks_back() ? std::optional<double>(state_.integer("epoch")) : std::nullopt;
  loss.cursor = accuracy.cursor = cursor;
  draw_plot(canvas, loss_area, loss, left);
  if (both) draw_plot(canvas, accuracy_area, accuracy, left);
  if (training_.begun() || !training_.before().loss.empty()) return;
  // No curve yet: what to do first, on a plate over the grid.
  const Rect curves = plot_map(loss_area, loss, left).area;
  const Rect plate{curves.x0 + 10.0F, 0.5F * (curves.y0 + curves.y1) - 8.0F, curves.x1 - 10.0F, curves.y1 - 10.0F};
  canvas.list.AddRectFilled({plate.x0, plate.y0}, {plate.x1, plate.y1}, canvas.theme.surface, 6.0F);
  draw_message(canvas, plate,
               canvas.words(state_.choice("start") == "random" ? "cnn.press_play" : "cnn.press_play_or_forget"));
}

// Pointing reads the curves; a click or a drag goes back to the nearest epoch.
void Cnn::scrub(const PlotMap& map, const Rect& area, const char* id) {
  const AreaInput input = area_input(id, {map.area.x0 - 6.0F, area.y0 + plot_caption, area.x1, area.y1});
  if (!input.hovered && !input.pressed) return;
  const double x = std::clamp(map.x_at(input.x), map.x.low, map.x.high);
  look_ = std::min(x, static_cast<double>(training_.steps()) / training_.steps_per_epoch());
  if (input.pressed && training_.epochs_done() > 0) look_at_epoch(static_cast<int>(std::lround(*look_)));
  if (input.hovered && training_.epochs_done() > 0) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
}

std::string Cnn::training_text(const Words& words) const {
  const int per_epoch = training_.steps_per_epoch();
  const int epochs = state_.integer("epochs");
  const int epoch = std::clamp((training_.steps() + per_epoch - 1) / per_epoch, 1, epochs);
  return words.format("cnn.training", {std::to_string(epoch), std::to_string(epochs), std::to_string(training_.steps()),
                                       std::to_string(std::max(limit(), training_.steps()))});
}

}  // namespace cvlab::app
