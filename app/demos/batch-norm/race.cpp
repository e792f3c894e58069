// The second figure: the same network with and without batch normalisation, at seven learning rates.
#include <algorithm>
#include <cmath>

#include "app/demos/batch-norm/batch_norm.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr double highest = 1.2;  // loss at the top of the small plots
constexpr int plain_colour = 5, norm_colour = 0;

}  // namespace

void BatchNorm::draw_race(const Canvas& canvas) {
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.022F * a.width(), 12.0F, 28.0F);
  if (a.width() >= 640.0F && a.width() > 1.05F * a.height()) {
    const float middle = a.y0 + 0.56F * a.height();
    const float split = a.x0 + 0.58F * a.width();
    draw_rates(canvas, {a.x0 + pad, a.y0 + 0.5F * pad, split - 0.5F * pad, middle - 0.5F * pad});
    draw_results(canvas, {split + 0.7F * pad, a.y0 + 0.5F * pad, a.x1 - pad, middle - 0.5F * pad});
    draw_curves(canvas, {a.x0 + pad, middle + 0.2F * pad, a.x1 - pad, a.y1 - 0.5F * pad}, 7);
    return;
  }
  const float table = 196.0F;
  const bool room = a.height() > 560.0F;
  const float low = a.y1 - 8.0F - table;
  const float middle = room ? a.y0 + 0.36F * a.height() : low - 10.0F;
  draw_rates(canvas, {a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, middle});
  if (room) draw_curves(canvas, {a.x0 + pad, middle + 8.0F, a.x1 - pad, low - 12.0F}, 4);
  draw_results(canvas, {a.x0 + pad, low, a.x1 - pad, a.y1 - 8.0F});
}

void BatchNorm::draw_rates(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  Plot plot;
  plot.name = words("batch-norm.by_rate");
  plot.x = {race_rates.front() * 0.8, race_rates.back() * 1.25, true};
  plot.x_name = words("batch-norm.rate_axis");
  double high = 1.0;
  for (const auto& points : by_rate_) {
    for (const PlotPoint& p : points) {
      if (std::isfinite(p.y)) high = std::max(high, p.y);
    }
  }
  plot.y = {0.05, std::min(1.2 * high, 1000.0), true};
  plot.levels.push_back({std::log(2.0), words("batch-norm.guess")});
  plot.series.push_back({words("batch-norm.without"), by_rate_[0], theme.categorical[plain_colour], 2.0F, true});
  plot.series.push_back({words("batch-norm.with"), by_rate_[1], theme.categorical[norm_colour], 2.0F, true});
  plot.cursor = race_rates[rate()];
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("rates", map.area);
  if (input.clicked) {
    const double x = map.x_at(input.x);
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < race_rates.size(); ++i) {
      if (std::abs(std::log(race_rates[i] / x)) < std::abs(std::log(race_rates[nearest] / x))) nearest = i;
    }
    (void)state_.set("rate", State::format(race_rates[nearest]));
  }
  if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  draw_plot(canvas, area, plot, left);
  // A run that ended in NaN has no point: say so where it would be.
  for (std::size_t i = 0; i < race_rates.size(); ++i) {
    for (const bool norm : {false, true}) {
      if (race_->run(i, norm).finite()) continue;
      canvas.text(canvas.fonts.text_small, map.px(race_rates[i]), map.area.y0 + (norm ? 22.0F : 8.0F),
                  theme.categorical[norm ? norm_colour : plain_colour], "NaN", Align::centre);
    }
  }
}

void BatchNorm::draw_curves(const Canvas& canvas, const Rect& area, int across) {
  const float gap = 12.0F;
  const int lines = (static_cast<int>(race_rates.size()) + across - 1) / across;
  const float title = 20.0F;
  canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 8.0F, canvas.theme.ink,
              fitted(canvas, canvas.fonts.text_small, canvas.words("batch-norm.curves"), area.width()));
  const float width = (area.width() - gap * static_cast<float>(across - 1)) / static_cast<float>(across);
  const float height = (area.height() - title - gap * static_cast<float>(lines - 1)) / static_cast<float>(lines);
  if (height < 40.0F) return;
  for (std::size_t i = 0; i < race_rates.size(); ++i) {
    const int row = static_cast<int>(i) / across, column = static_cast<int>(i) % across;
    const float x = area.x0 + static_cast<float>(column) * (width + gap);
    const float y = area.y0 + title + static_cast<float>(row) * (height + gap);
    draw_curve(canvas, {x, y, x + width, y + height}, i);
  }
}

void BatchNorm::draw_curve(const Canvas& canvas, const Rect& area, std::size_t index) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const bool chosen = index == rate();
  const std::string id = "curve " + std::to_string(index);
  const AreaInput input = area_input(id.c_str(), area);
  const Rect frame{area.x0, area.y0 + 20.0F, area.x1, area.y1};
  canvas.text(canvas.fonts.text_small, area.x0 + 2.0F, area.y0 + 9.0F, chosen ? theme.focus : theme.ink_soft,
              "η = " + words.number(race_rates[index], 3));
  canvas.list.AddRectFilled({frame.x0, frame.y0}, {frame.x1, frame.y1}, theme.surface, 3.0F);
  const PlotMap map{frame, {0.0, std::max(1.0, static_cast<double>(state_.integer("steps")))}, {0.0, highest}};
  const float guess = map.py(std::log(2.0));
  canvas.list.AddLine({frame.x0, guess}, {frame.x1, guess}, theme.rule_strong);
  canvas.list.PushClipRect({frame.x0, frame.y0}, {frame.x1, frame.y1}, true);
  for (int norm = 0; norm < 2; ++norm) {
    const ImU32 colour = theme.categorical[norm == 1 ? norm_colour : plain_colour];
    const std::vector<ImVec2> raw = plot_line(map, curves_[index][norm]);
    const std::vector<ImVec2> mean = plot_line(map, means_[index][norm]);
    canvas.list.AddPolyline(raw.data(), static_cast<int>(raw.size()), with_alpha(colour, 0.25F), ImDrawFlags_None,
                            1.0F);
    canvas.list.AddPolyline(mean.data(), static_cast<int>(mean.size()), colour, ImDrawFlags_None, 2.0F);
  }
  canvas.list.PopClipRect();
  canvas.list.AddRect({frame.x0, frame.y0}, {frame.x1, frame.y1}, chosen ? theme.focus : theme.rule, 3.0F, 0,
                      chosen ? 2.0F : 1.0F);
  if (input.clicked) (void)state_.set("rate", State::format(race_rates[index]));
  if (!input.hovered) return;
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const int step = std::max(0, static_cast<int>(std::lround(map.x_at(input.x))));
  std::string texts[2];
  for (int norm = 0; norm < 2; ++norm) {
    const std::vector<PlotPoint>& points = curves_[index][norm];
    const auto at = static_cast<std::size_t>(step);
    texts[norm] = at < points.size() ? words.number(points[at].y, 3) : std::string("–");
  }
  draw_note(canvas, input.x, input.y,
            words.format("batch-norm.curve_note", {std::to_string(step), texts[0], texts[1]}));
}

void BatchNorm::draw_results(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const float ends[2] = {area.x1 - 0.24F * area.width(), area.x1};
  const float height = std::min(36.0F, (area.height() - 40.0F) / 5.0F);
  float y = area.y0 + 10.0F;
  canvas.text(canvas.fonts.text, area.x0, y, theme.ink,
              words.format("batch-norm.results", {words.number(race_rates[rate()], 3)}));
  y += 8.0F + 0.5F * height;
  const char* heads[2] = {"batch-norm.without", "batch-norm.with"};
  const int colours[2] = {plain_colour, norm_colour};
  y += 10.0F;
  for (int k = 0; k < 2; ++k) {
    const float width = canvas.text(canvas.fonts.text_small, ends[k], y, theme.ink, words(heads[k]), Align::right);
    canvas.list.AddLine({ends[k] - width - 18.0F, y}, {ends[k] - width - 6.0F, y}, theme.categorical[colours[k]], 3.0F);
  }
  canvas.list.AddLine({area.x0, y + 0.5F * height}, {area.x1, y + 0.5F * height}, theme.rule_strong);
  const auto loss = [&](int k) {
    return std::isfinite(results_.loss[k]) ? words.number(results_.loss[k], 3) : std::string("NaN");
  };
  const auto percent = [&](double share) { return words.number(100.0 * share, 3) + "\u00A0%"; };
  const auto greatest = [&](bool norm) {
    const double rate = race_->greatest_rate(norm, learned);
    return rate > 0.0 ? words.number(rate, 3) : std::string("–");
  };
  const struct {
    const char* name;
    std::string values[2];
  } rows[4] = {{"batch-norm.row_loss", {loss(0), loss(1)}},
               {"batch-norm.row_running", {percent(results_.right[0]), percent(results_.right[1])}},
               {"batch-norm.row_batch", {"–", percent(results_.right_batch)}},
               {"batch-norm.row_greatest", {greatest(false), greatest(true)}}};
  for (const auto& row : rows) {
    y += height;
    canvas.text(canvas.fonts.text_small, area.x0, y, theme.ink_soft,
                fitted(canvas, canvas.fonts.text_small, words(row.name), ends[0] - 62.0F - area.x0));
    for (int k = 0; k < 2; ++k) {
      canvas.text(canvas.fonts.number, ends[k], y, theme.ink, resting_ ? row.values[k] : std::string("…"),
                  Align::right);
    }
  }
  const std::string why = words(recipe_.batch > 1 ? "batch-norm.why" : "batch-norm.why_single");
  ImFont* font = canvas.fonts.text_small;
  const float top = y + 0.7F * height;
  const ImVec2 size = font->CalcTextSizeA(font->FontSize, 1e6F, area.width(), why.data(), why.data() + why.size());
  if (top + size.y > area.y1) return;
  canvas.list.AddText(font, font->FontSize, {area.x0, top}, recipe_.batch > 1 ? theme.ink_soft : theme.bad, why.data(),
                      why.data() + why.size(), area.width());
}

}  // namespace cvlab::app
