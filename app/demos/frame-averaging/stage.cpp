// The figure: the last frame, what the frames say together, and the noise over their number.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/demos/frame-averaging/frame_averaging.hpp"
#include "app/views/area_input.hpp"
#include "app/views/camera.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;

}  // namespace

FrameAveraging::Layout FrameAveraging::layout(const Canvas& canvas) const {
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 8.0F, 24.0F);
  const float x0 = a.x0 + pad, x1 = a.x1 - pad;
  const float top = a.y0 + 8.0F + sentence_height(canvas, sentence(canvas.words), x1 - x0) + 6.0F + caption;
  const float between = a.width() < 500.0F ? 8.0F : 16.0F;
  const float each = 0.5F * (x1 - x0 - between);
  const float ratio = frame_.empty() ? 1.0F : static_cast<float>(frame_.size(0)) / static_cast<float>(frame_.size(1));
  const float room = a.y1 - 8.0F - top;
  const float least_plot = std::min(0.4F * room, 190.0F);
  const float height = std::max(20.0F, std::min(ratio * each, room - least_plot - 12.0F));
  Layout l;
  l.frame = {x0, top, x0 + each, top + height};
  l.result = {x1 - each, top, x1, top + height};
  l.plot = {x0, top + height + 12.0F, x1, std::min(a.y1 - 8.0F, top + height + 12.0F + 420.0F)};
  return l;
}

void FrameAveraging::draw(Canvas& canvas) {
  if (canvas.area.width() < 120.0F || canvas.area.height() < 120.0F) return;
  if (!problem_.id.empty() || frame_.empty() || average_.count() == 0) {
    draw_message(canvas, canvas.area, sentence(canvas.words));
    return;
  }
  const Layout l = layout(canvas);
  draw_sentence(canvas, {l.frame.x0, canvas.area.y0 + 8.0F, l.result.x1, canvas.area.y1}, sentence(canvas.words),
                canvas.theme.ink);
  draw_pictures(canvas, l);
  if (l.plot.height() > 90.0F) draw_curve(canvas, l.plot);
}

void FrameAveraging::show_result() {
  std::string key = key_ + ' ' + std::to_string(average_.count()) + ' ' + std::string(state_.choice("show")) +
                    std::to_string(frame_number_);
  if (key == shown_key_) return;
  shown_key_ = key;
  const auto plane = [](const Tensor& values) {
    Tensor shaped(Shape{1, 1, values.size(0), values.size(1)});
    std::copy_n(values.data(), values.count(), shaped.data());
    return shaped;
  };
  frame_view_.set_plane(plane(frame_), Shade::grey, 0.0F, 255.0F);
  const double sigma = std::max(1.0, filmed() ? std::sqrt(average_.mean_variance()) : state_.real("sigma"));
  average_.variance(deviation_);
  for (std::ptrdiff_t i = 0; i < deviation_.count(); ++i) {
    deviation_.data()[i] = std::sqrt(std::max(0.0F, deviation_.data()[i]));
  }
  if (state_.choice("show") == "deviation") {
    shown_range_ = 2.5 * sigma;
    result_view_.set_plane(plane(deviation_), Shade::sequential, 0.0F, static_cast<float>(shown_range_));
  } else if (state_.choice("show") == "error" && !scene_.empty()) {
    Tensor error = plane(average_.mean());
    for (std::ptrdiff_t i = 0; i < error.count(); ++i) error.data()[i] -= scene_.data()[i];
    shown_range_ = 3.0 * sigma / std::sqrt(average_.count());
    result_view_.set_plane(error, Shade::diverging, 0.0F, static_cast<float>(shown_range_));
  } else {
    result_view_.set_plane(plane(average_.mean()), Shade::grey, 0.0F, 255.0F);
  }
}

// What the ends of the colours stand for.
std::string FrameAveraging::result_range(const Words& words) const {
  if (state_.choice("show") == "deviation") return "0 … " + words.number(shown_range_, 2);
  if (state_.choice("show") == "error" && !scene_.empty()) return "± " + words.number(shown_range_, 2);
  return {};
}

void FrameAveraging::draw_pictures(const Canvas& canvas, const Layout& l) {
  show_result();
  const Words& words = canvas.words;
  const int rows = static_cast<int>(frame_.size(0));
  const int columns = static_cast<int>(frame_.size(1));
  const CellMap left = place(Camera{}, l.frame, rows, columns);
  const CellMap right = place(Camera{}, l.result, rows, columns);
  const std::string number = words.format("frame-averaging.frame", {std::to_string(frame_number_ + 1)});
  const std::string_view show = state_.choice("show");
  const bool unknown = show == "error" && scene_.empty();
  const std::string name = words.format(show == "deviation"           ? "frame-averaging.deviation_of"
                                        : show == "error" && !unknown ? "frame-averaging.error_of"
                                                                      : "frame-averaging.mean_of",
                                        {std::to_string(average_.count())});
  draw_caption(canvas, left.clip, number.c_str(), nullptr);
  draw_caption(canvas, right.clip, name.c_str(), result_range(words).c_str());
  frame_view_.draw(canvas, left);
  result_view_.draw(canvas, right);
  draw_frame(canvas, left.clip, canvas.theme.rule_strong, 1.0F);
  draw_frame(canvas, right.clip, canvas.theme.rule_strong, 1.0F);
  explain(canvas, left, "frame");
  explain(canvas, right, "result");
}

// What all frames said about the pixel under the pointer.
void FrameAveraging::explain(const Canvas& canvas, const CellMap& map, const char* id) const {
  const AreaInput input = area_input(id, map.clip);
  const Cell over = map.at(input.x, input.y);
  if (!input.hovered || over.row < 0 || over.column < 0 || over.row >= frame_.size(0) ||
      over.column >= frame_.size(1) || deviation_.empty()) {
    return;
  }
  const Words& words = canvas.words;
  const auto n = [&](const Tensor& plane) {
    return words.number(static_cast<double>(plane(over.row, over.column)), 4);
  };
  std::string text =
      words.format("frame-averaging.pixel", {std::to_string(over.row + 1), std::to_string(over.column + 1), n(frame_),
                                             n(average_.mean()), std::to_string(average_.count()), n(deviation_)});
  if (!scene_.empty()) text += words.format("frame-averaging.pixel_scene", {n(scene_)});
  draw_note(canvas, input.x, input.y, text);
}

// Both axes logarithmic, so that sigma / sqrt(n) is a straight line; dragging chooses the number of frames.
void FrameAveraging::draw_curve(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const double sigma = filmed() ? std::sqrt(average_.mean_variance()) : state_.real("sigma");
  std::vector<PlotPoint> law;
  for (int n = 1; n <= most; n *= 2) law.push_back({static_cast<double>(n), sigma / std::sqrt(n)});
  const double high = std::max(1.0, 1.6 * sigma);
  const double low = std::max(0.02, high / 40.0);
  const auto visible = [&](std::vector<PlotPoint> points) {
    for (PlotPoint& p : points) p.y = std::max(p.y, low);
    return points;
  };
  const std::vector<PlotPoint> all = visible(measured_);
  const std::vector<PlotPoint> still = visible(measured_still_);
  law = visible(std::move(law));
  Plot plot;
  plot.name = canvas.words("frame-averaging.plot");
  plot.x_name = canvas.words("frame-averaging.axis");
  plot.x = {1.0, static_cast<double>(most), true};
  plot.y = {low, high, true};
  plot.series.push_back({"σ / √n", law, theme.ink_faint, 1.5F});
  if (state_.toggle("moving") && !filmed()) {
    plot.series.push_back(
        {canvas.words("frame-averaging.still"), still, theme.categorical[2], 2.0F, still.size() < 40});
  }
  plot.series.push_back({canvas.words("frame-averaging.measured"), all, theme.categorical[0], 2.5F, all.size() < 40});
  plot.cursor = average_.count();
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("curve", {map.area.x0 - 6.0F, map.area.y0, area.x1, area.y1});
  if (input.hovered || input.pressed) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (input.pressed) {
    const double at = std::clamp(std::round(map.x_at(input.x)), 1.0, static_cast<double>(most));
    (void)state_.set("frames", State::format(at));
  }
  draw_plot(canvas, area, plot, left);
}

}  // namespace cvlab::app
