// The figure: status line, the two curves over one axis, and where everything stands.
#include <algorithm>
#include <cmath>

#include "app/demos/train-cnn/train_cnn.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

constexpr float status_height = 24.0F;
constexpr float caption = 22.0F;
constexpr float least_curve = 118.0F;       // height of a plot on a phone
constexpr float confusion_heading = 36.0F;  // of the view: names and numbers of the columns

double greatest(const std::vector<PlotPoint>& points, double least) {
  for (const PlotPoint& p : points) {
    if (std::isfinite(p.y)) least = std::max(least, p.y);
  }
  return least;
}

double smallest_positive(const std::vector<PlotPoint>& points, double most) {
  for (const PlotPoint& p : points) {
    if (p.y > 0.0) most = std::min(most, p.y);
  }
  return most;
}

std::vector<PlotPoint> errors_of(const std::vector<PlotPoint>& accuracy, double least) {
  std::vector<PlotPoint> errors = accuracy;
  for (PlotPoint& p : errors) p.y = std::max(1.0 - p.y, least);
  return errors;
}

}  // namespace

TrainCnn::Layout TrainCnn::layout(const Rect& a) const {
  return a.width() >= 560.0F && a.width() > 1.1F * a.height() ? wide_layout(a) : narrow_layout(a);
}

// Curves and confusion matrix side by side; below them the mini-batch, the kernels, the mistakes.
TrainCnn::Layout TrainCnn::wide_layout(const Rect& a) const {
  Layout l;
  const float pad = std::clamp(0.022F * a.width(), 12.0F, 30.0F);
  l.status = {a.x0 + pad, a.y0 + 0.5F * pad, a.x1 - pad, a.y0 + 0.5F * pad + status_height};
  const float top = l.status.y1 + 0.4F * pad;
  const float bottom = a.y1 - 0.6F * pad;
  l.tile = std::clamp(0.04F * a.width(), 34.0F, 46.0F);
  // One or two rows of pictures, each with two lines of text.
  const float row = 1.2F * l.tile + 34.0F;
  const float lower = caption + (bottom - top >= 600.0F ? 2.0F * row + Thumbnails::gap : row);
  const float middle = bottom - lower - 0.7F * pad;
  const float names = data_ == "digits" ? 48.0F : 92.0F;  // of the rows
  const float cells = std::min(middle - top - caption - confusion_heading, 0.46F * a.width());
  const float right = names + 10.0F * std::floor(0.1F * cells);
  const float x = a.x1 - pad - right;
  l.confusion = {x, top, a.x1 - pad, middle};
  const float left = x - pad - (a.x0 + pad);
  const float half = 0.5F * (middle - top - 14.0F);
  l.loss = {a.x0 + pad, top, a.x0 + pad + left, top + half};
  l.accuracy = {l.loss.x0, l.loss.y1 + 14.0F, l.loss.x1, middle};
  const float y = middle + 0.7F * pad;
  const float kernels = std::clamp(0.3F * left, 96.0F, 190.0F);
  l.batch = {l.loss.x0, y, l.loss.x1 - kernels - pad, bottom};
  l.kernels = {l.loss.x1 - kernels, y, l.loss.x1, bottom};
  l.mistakes = {x, y, a.x1 - pad, bottom};
  return l;
}

// One below the other; what the height has no room for is left out, the least important first.
TrainCnn::Layout TrainCnn::narrow_layout(const Rect& a) const {
  Layout l;
  const float pad = 12.0F;
  const float width = a.width() - 2.0F * pad;
  l.tile = 38.0F;
  const float confusion = std::min(0.86F * width, 420.0F) + caption + confusion_heading;
  const float mistakes = caption + l.tile + 40.0F;
  const float batch = caption + l.tile + 24.0F;
  const float kernels = caption + 40.0F;
  float room = a.height() - status_height - 8.0F - 2.0F * least_curve;
  const auto take = [&](float height) {
    if (room < height + pad) return 0.0F;
    room -= height + pad;
    return height;
  };
  const float heights[4] = {take(confusion), take(mistakes), take(batch), take(kernels)};
  const float curve = least_curve + std::clamp(0.5F * room, 0.0F, 60.0F);
  float y = a.y0 + 2.0F;
  const auto next = [&](float height, float gap) {
    const Rect area{a.x0 + pad, y, a.x1 - pad, y + height};
    if (height > 0.0F) y += height + gap;
    return area;
  };
  l.status = next(status_height, 2.0F);
  l.loss = next(curve, 4.0F);
  l.accuracy = next(curve, pad);
  l.confusion = next(heights[0], pad);
  l.mistakes = next(heights[1], pad);
  l.batch = next(heights[2], pad);
  l.kernels = next(heights[3], pad);
  return l;
}

void TrainCnn::draw(Canvas& canvas) {
  if (!session_) {
    const std::string text = problem_.id.empty() ? canvas.words("train-cnn.waiting") : canvas.words.sentence(problem_);
    draw_message(canvas, canvas.area, text);
    return;
  }
  if (canvas.area.width() < 120.0F || canvas.area.height() < 120.0F) return;
  const Layout l = layout(canvas.area);
  draw_status(canvas, l.status);
  look_.reset();
  draw_curves(canvas, l);
  pointed_.reset();
  draw_confusion_panel(canvas, l.confusion);
  draw_mistakes(canvas, l);
  draw_batch(canvas, l);
  draw_kernels(canvas, l.kernels);
  show_examples();  // of the cell that is pointed at now
  int rows = 0;
  int columns = 0;
  if (arrow_keys(rows, columns) && columns != 0) look_at_epoch(std::max(0, shown_epoch() + columns));
}

void TrainCnn::draw_status(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const float y = 0.5F * (area.y0 + area.y1);
  const TrainingSession::Snapshot& run = session_->snapshot();
  float right = area.x1;
  if (run.images_per_second > 0.0) {
    const std::string speed = words.format("train-cnn.speed", {words.number(run.images_per_second, 3)});
    right -= canvas.text(canvas.fonts.text_small, area.x1, y, canvas.theme.ink_soft, speed, Align::right) + 12.0F;
  }
  std::string text;
  ImU32 colour = canvas.theme.ink;
  if (!run.diverged.empty()) {
    text = words.format("train-cnn.diverged", {run.diverged});
    colour = canvas.theme.bad;
  } else if (!remark_.id.empty()) {
    text = words.sentence(remark_);
  } else if (look_) {
    const int step = std::clamp(static_cast<int>(std::lround(*look_ * steps_per_epoch_)), 0, std::max(0, steps()));
    text = words.format("train-cnn.at_step", {std::to_string(step), words.number(*look_, 3)});
    colour = canvas.theme.focus;
  } else if (not_reached()) {
    text = not_yet(words);
    colour = canvas.theme.focus;
  } else if (looks_back()) {
    text = words.format("train-cnn.back", {std::to_string(shown_epoch()), std::to_string(epochs_done())});
    colour = canvas.theme.focus;
  } else {
    const int epochs = state_.integer("epochs");
    const int epoch = std::min(epochs, (steps() + steps_per_epoch_ - 1) / steps_per_epoch_);
    text = words.format("train-cnn.status", {std::to_string(epoch), std::to_string(epochs), std::to_string(steps()),
                                             std::to_string(std::max(limit(), steps()))});
  }
  canvas.text(canvas.fonts.text, area.x0, y, colour, fitted(canvas, canvas.fonts.text, text, right - area.x0));
}

std::string TrainCnn::not_yet(const Words& words) const {
  return words.format("train-cnn.not_yet", {std::string(state_.raw("epoch")), std::to_string(epochs_done())});
}

Plot TrainCnn::loss_plot(const Canvas& canvas) const {
  const Theme& theme = canvas.theme;
  const double guess = std::log(static_cast<double>(split_->test.classes()));
  const bool logarithmic = state_.toggle("log");
  Plot plot;
  plot.name = canvas.words("train-cnn.loss");
  double high = greatest(curves_.test_loss, greatest(curves_.loss_mean, guess));
  high = std::min(round_up(1.05 * high), 1e6);
  double low = 0.0;
  if (logarithmic) {
    low = smallest_positive(curves_.test_loss, smallest_positive(curves_.loss_mean, 0.3));
    low = std::max(1e-6, std::pow(10.0, std::floor(std::log10(low))));
  }
  plot.y = {low, high, logarithmic};
  plot.levels.push_back({guess, canvas.words("train-cnn.guessing")});
  if (!before_.loss_mean.empty())
    plot.series.push_back(
        {canvas.words("train-cnn.before"), before_.loss_mean, with_alpha(theme.ink_faint, 0.6F), 1.5F});
  plot.series.push_back({"", curves_.loss, with_alpha(theme.categorical[0], theme.dark ? 0.45F : 0.28F), 1.0F});
  plot.series.push_back({canvas.words("train-cnn.training"), curves_.loss_mean, theme.categorical[0]});
  plot.series.push_back({canvas.words("train-cnn.test"), curves_.test_loss, theme.categorical[1], 2.0F, true});
  return plot;
}

Plot TrainCnn::accuracy_plot(const Canvas& canvas) const {
  const Theme& theme = canvas.theme;
  Plot plot;
  plot.name = canvas.words("train-cnn.accuracy");
  plot.x_name = canvas.words("train-cnn.epoch_axis");
  plot.y = {0.0, 1.0, false, 100.0, "%"};
  plot.levels.push_back({1.0 / split_->test.classes(), {}});
  if (!before_.accuracy_mean.empty())
    plot.series.push_back(
        {canvas.words("train-cnn.before"), before_.accuracy_mean, with_alpha(theme.ink_faint, 0.6F), 1.5F});
  plot.series.push_back({canvas.words("train-cnn.training"), curves_.accuracy_mean, theme.categorical[0]});
  plot.series.push_back({canvas.words("train-cnn.test"), curves_.test_accuracy, theme.categorical[1], 2.0F, true});
  return plot;
}

void TrainCnn::draw_curves(const Canvas& canvas, const Layout& l) {
  const int begun = (steps() + steps_per_epoch_ - 1) / steps_per_epoch_;
  const PlotAxis epochs{0.0, static_cast<double>(std::max(state_.integer("epochs"), begun))};
  Plot loss = loss_plot(canvas);
  Plot accuracy = accuracy_plot(canvas);
  loss.x = accuracy.x = epochs;
  std::vector<PlotPoint> errors[3];
  if (state_.toggle("log")) {
    // On a logarithmic axis it is the mistakes that count: from 2 % to 1 % is as far as from 20 % to 10 %.
    const double least = 0.5 / split_->test.count();
    double low = 0.1;
    for (std::size_t i = 0; i < accuracy.series.size(); ++i) {
      const auto& points = accuracy.series[i].points;
      errors[i] = errors_of({points.begin(), points.end()}, least);
      accuracy.series[i].points = errors[i];
      low = smallest_positive(errors[i], low);
    }
    accuracy.name = canvas.words("train-cnn.error");
    accuracy.y = {std::pow(10.0, std::floor(std::log10(low) + 1e-9)), 1.0, true, 100.0, "%"};
    accuracy.levels = {{1.0 - 1.0 / split_->test.classes(), {}}};
  }
  const float left = std::max(plot_left(canvas, l.loss, loss), plot_left(canvas, l.accuracy, accuracy));
  scrub(canvas, plot_map(l.loss, loss, left), l.loss, "loss");
  scrub(canvas, plot_map(l.accuracy, accuracy, left), l.accuracy, "accuracy");
  const auto cursor = look_ ? look_ : looks_back() ? std::optional<double>(shown_epoch()) : std::nullopt;
  loss.cursor = accuracy.cursor = cursor;
  draw_plot(canvas, l.loss, loss, left);
  draw_plot(canvas, l.accuracy, accuracy, left);
}

// Pointing reads the curves; a click or a drag goes back to the nearest epoch.
void TrainCnn::scrub(const Canvas& canvas, const PlotMap& map, const Rect& area, const char* id) {
  const AreaInput input = area_input(id, {map.area.x0 - 6.0F, area.y0 + caption, area.x1, area.y1});
  if (!input.hovered && !input.pressed) return;
  const double x = std::clamp(map.x_at(input.x), map.x.low, map.x.high);
  look_ = std::min(x, static_cast<double>(steps()) / steps_per_epoch_);
  if (input.pressed) look_at_epoch(static_cast<int>(std::lround(*look_)));
  if (input.hovered && epochs_done() > 0) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  (void)canvas;
}

}  // namespace cvlab::app
