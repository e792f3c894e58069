// The first figure: the batch, normalised, scaled; each column on a line; the four equations with their numbers.
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "app/demos/batch-norm/batch_norm.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"
#include "app/views/ticks.hpp"
#include "core/train/distribution.hpp"

namespace cvlab::app {

namespace {

constexpr float heading = 26.0F;
constexpr float line_height = 27.0F;  // of an equation

Tensor tensor_of(const std::vector<double>& values, int rows, int columns) {
  Tensor tensor(Shape{rows, columns});
  std::transform(values.begin(), values.end(), tensor.data(), [](double v) { return static_cast<float>(v); });
  return tensor;
}

std::string index_text(int i) {  // 1 -> ₁
  std::string text;
  for (const char digit : std::to_string(i)) {
    text += "\xE2\x82";
    text += static_cast<char>(0x80 + (digit - '0'));
  }
  return text;
}

}  // namespace

void BatchNorm::draw_equations(const Canvas& canvas) {
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.022F * a.width(), 12.0F, 28.0F);
  pointed_.reset();
  const float formula_height = 4.0F * line_height + 34.0F;
  const float bottom = a.y1 - 0.5F * pad - formula_height;
  if (a.width() >= 640.0F && a.width() > 1.05F * a.height()) {
    const float split = a.x0 + 0.64F * a.width();
    draw_grids(canvas, {a.x0 + pad, a.y0 + 0.5F * pad, split - 0.5F * pad, bottom - 0.6F * pad});
    draw_lines(canvas, {split + 0.7F * pad, a.y0 + 0.5F * pad, a.x1 - pad, bottom - 0.6F * pad});
  } else {
    const float grids = 46.0F + 36.0F * static_cast<float>(batch_.examples);
    const bool lines = bottom - a.y0 > 340.0F;  // else the tables get all there is
    const float middle = lines ? a.y0 + 4.0F + std::min(0.6F * (bottom - a.y0), grids) : bottom - 6.0F;
    draw_grids(canvas, {a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, middle});
    if (lines) draw_lines(canvas, {a.x0 + pad, middle + 10.0F, a.x1 - pad, bottom - 6.0F});
  }
  draw_formulas(canvas, {a.x0 + pad, bottom, a.x1 - pad, a.y1 - 0.5F * pad});
  // Pointing looks, clicking keeps.
  shown_ = pointed_.value_or(kept());
}

void BatchNorm::draw_grids(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const float gap = std::clamp(0.04F * area.width(), 14.0F, 34.0F);
  const float each = (area.width() - 2.0F * gap) / 3.0F;
  const std::vector<double>* all[3] = {&batch_.x, &batch_.normalised, &batch_.y};
  const char* names[3] = {"batch-norm.grid_x", "batch-norm.grid_normalised", "batch-norm.grid_y"};
  const Rect first{area.x0, area.y0 + heading, area.x0 + each, area.y1};
  const float largest = std::min({84.0F, first.width() / static_cast<float>(batch_.features),
                                  first.height() / static_cast<float>(batch_.examples)});
  for (int g = 0; g < 3; ++g) {
    const float x = area.x0 + static_cast<float>(g) * (each + gap);
    const CellMap map = fit_cells({x, area.y0 + heading, x + each, area.y1}, batch_.examples, batch_.features, largest);
    const Tensor values = tensor_of(*all[g], batch_.examples, batch_.features);
    GridStyle style{Shade::diverging, 0.0F, 1.6F * signed_range(values.view(), 1e-6F), true, shown_};
    std::optional<Cell> over;
    const Rect column = map.rect(0, shown_.column, batch_.examples, 1);
    if (g == 0) {
      const auto edited = editor_.draw(canvas, "x", map, values.view(), style, 0.1, over);
      if (edited) edit(edited->cell, edited->value);
    } else {
      over = tensor_grid(canvas, map, values.view(), style);  // before the area takes the press
      const Rect whole = map.rect(0, 0, batch_.examples, batch_.features);
      const AreaInput input = area_input(g == 1 ? "normalised" : "y", whole);
      if (over && input.clicked) keep(*over);
    }
    draw_frame(canvas, column, canvas.theme.accent, 1.5F);
    draw_frame(canvas, map.rect(shown_.row, shown_.column), canvas.theme.focus, 2.5F);
    canvas.text(canvas.fonts.text_small, std::max(x, map.x), area.y0 + 10.0F, canvas.theme.ink,
                fitted(canvas, canvas.fonts.text_small, words(names[g]), each + 0.5F * gap));
    if (g < 2) {
      canvas.text(canvas.fonts.text_large, x + each + 0.5F * gap,
                  map.y + 0.5F * map.size * static_cast<float>(batch_.examples), canvas.theme.ink_faint, "→",
                  Align::centre);
    }
    if (over && over->row >= 0 && over->row < batch_.examples && over->column >= 0 && over->column < batch_.features)
      pointed_ = over;
  }
}

// The column that is looked at, three times: as it comes, normalised, scaled and shifted.
void BatchNorm::draw_lines(const Canvas& canvas, const Rect& area) {
  const float each = area.height() / 3.0F;
  if (each < 34.0F) return;
  const Theme& theme = canvas.theme;
  draw_line(canvas, {area.x0, area.y0, area.x1, area.y0 + each}, batch_.x, "x", theme.categorical[5]);
  draw_line(canvas, {area.x0, area.y0 + each, area.x1, area.y0 + 2.0F * each}, batch_.normalised, "x′",
            theme.categorical[0]);
  draw_line(canvas, {area.x0, area.y0 + 2.0F * each, area.x1, area.y1}, batch_.y, "y", theme.categorical[2]);
}

void BatchNorm::draw_line(const Canvas& canvas, const Rect& area, const std::vector<double>& values, const char* name,
                          ImU32 colour) {
  const Theme& theme = canvas.theme;
  std::vector<double> column;
  double reach = 2.0;
  for (int n = 0; n < batch_.examples; ++n) {
    column.push_back(value(values, {n, shown_.column}));
    reach = std::max(reach, std::abs(column.back()));
  }
  reach = reach > 2.0 ? round_up(1.05 * reach) : 2.0;
  const Moments moments = moments_of(std::span<const double>(column));
  const float left = area.x0 + 8.0F;
  const float right = area.x1 - 8.0F;
  const float y = area.y0 + std::max(24.0F, 0.5F * area.height());
  const auto at = [&](double v) {
    return left + (right - left) * static_cast<float>(std::clamp(0.5 + 0.5 * v / reach, 0.0, 1.0));
  };
  canvas.text(canvas.fonts.number, area.x0, area.y0 + 10.0F, theme.ink, name);
  const std::string text =
      canvas.words.format("batch-norm.moments", {canvas.words.number(std::round(moments.mean * 1e4) / 1e4, 3),
                                                 canvas.words.number(moments.deviation * moments.deviation, 3)});
  canvas.text(canvas.fonts.text_small, area.x1, area.y0 + 10.0F, theme.ink_soft, text, Align::right);
  canvas.list.AddLine({left, y}, {right, y}, theme.rule_strong, 1.0F);
  for (const double tick : linear_ticks(-reach, reach, 5)) {
    canvas.list.AddLine({at(tick), y - 4.0F}, {at(tick), y + 4.0F}, theme.rule_strong);
    canvas.text(canvas.fonts.number_small, at(tick), y + 15.0F, theme.ink_soft, canvas.words.number(tick, 3),
                Align::centre);
  }
  // One deviation to each side of the mean.
  canvas.list.AddRectFilled({at(moments.mean - moments.deviation), y - 9.0F},
                            {at(moments.mean + moments.deviation), y + 9.0F}, with_alpha(colour, 0.2F), 3.0F);
  canvas.list.AddLine({at(moments.mean), y - 11.0F}, {at(moments.mean), y + 11.0F}, colour, 2.0F);
  for (int n = 0; n < batch_.examples; ++n) {
    const bool here = n == shown_.row;
    const ImVec2 dot{at(column[static_cast<std::size_t>(n)]), y};
    canvas.list.AddCircleFilled(dot, here ? 6.0F : 4.5F, theme.paper);
    canvas.list.AddCircleFilled(dot, here ? 5.0F : 3.5F, here ? theme.focus : colour);
  }
}

// Sums are written out where they fit, else by their result.
std::vector<std::string> BatchNorm::formulas(const Canvas& canvas, float width) const {
  const Words& words = canvas.words;
  const auto c = static_cast<std::size_t>(shown_.column);
  const auto number = [&](double v) { return words.number(std::round(v * 1e5) / 1e5, 4); };
  const auto signed_term = [&](double v) { return v < 0.0 ? "(" + number(v) + ")" : number(v); };
  // The longest that fits, else the shortest.
  const auto fitting = [&](std::initializer_list<std::string> texts) {
    for (const std::string& text : texts) {
      if (canvas.text_width(canvas.fonts.number, text) <= width) return text;
    }
    return *(texts.end() - 1);
  };
  const std::string m = std::to_string(batch_.examples);
  const std::string i = index_text(shown_.row + 1);
  const double mean = batch_.used_mean[c];
  const double variance = batch_.used_variance[c];
  std::vector<std::string> lines;
  if (settings_.evaluate) {
    lines.push_back("μ = " + words.format("batch-norm.running", {number(mean), std::to_string(settings_.updates)}));
    lines.push_back("σ² = " +
                    words.format("batch-norm.running", {number(variance), std::to_string(settings_.updates)}));
  } else {
    std::string sum;
    std::string squares;
    double total = 0.0;
    for (int n = 0; n < batch_.examples; ++n) {
      const double x = value(batch_.x, {n, shown_.column});
      total += x;
      sum += n == 0 ? number(x) : (x < 0.0 ? " − " : " + ") + number(std::abs(x));
      squares += (n == 0 ? "" : " + ") + signed_term(x - mean) + "²";
    }
    lines.push_back(fitting({"μ = (" + sum + ") / " + m + " = " + number(mean),
                             "μ = Σ x / " + m + " = " + number(total) + " / " + m + " = " + number(mean)}));
    lines.push_back(fitting({"σ² = (" + squares + ") / " + m + " = " + number(variance),
                             "σ² = Σ (x − μ)² / " + m + " = " + number(variance)}));
  }
  const double n = value(batch_.normalised, shown_);
  const std::string difference = "(" + number(value(batch_.x, shown_)) + " − " + signed_term(mean) + ")";
  const std::string left = "x′" + i + " = ";
  const std::string letters = "(x" + i + " − μ) / √(σ² + ε)";
  const std::string root = " / √(" + number(variance) + " + ";
  const std::string result = " = " + number(n);
  lines.push_back(
      fitting({left + letters + " = " + difference + root + words.number(settings_.epsilon, 2) + ")" + result,
               left + difference + root + "ε)" + result, left + letters + result}));
  const std::string out = " = " + number(value(batch_.y, shown_));
  const std::string product = number(settings_.gamma) + " · " + signed_term(n) + " + " + signed_term(settings_.beta);
  lines.push_back(fitting({"y" + i + " = γ x′" + i + " + β = " + product + out, "y" + i + " = " + product + out}));
  return lines;
}

void BatchNorm::draw_formulas(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  canvas.list.AddRectFilled({area.x0 - 6.0F, area.y0}, {area.x1 + 6.0F, area.y1}, theme.surface, 6.0F);
  const std::string title = words.format(settings_.evaluate ? "batch-norm.title_eval" : "batch-norm.title_train",
                                         {std::to_string(shown_.column + 1), std::to_string(shown_.row + 1)});
  canvas.text(canvas.fonts.text_small, area.x0 + 4.0F, area.y0 + 14.0F, theme.ink_soft,
              fitted(canvas, canvas.fonts.text_small, title, area.width() - 8.0F));
  const float indent = 36.0F;
  const std::vector<std::string> lines = formulas(canvas, area.width() - indent - 8.0F);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const float y = area.y0 + 28.0F + line_height * (static_cast<float>(i) + 0.5F);
    canvas.text(canvas.fonts.text_small, area.x0 + 4.0F, y, theme.ink_faint, "(" + std::to_string(i + 1) + ")");
    canvas.text(canvas.fonts.number, area.x0 + indent, y, i == 2 ? theme.focus : theme.ink,
                fitted(canvas, canvas.fonts.number, lines[i], area.width() - indent - 4.0F));
  }
}

}  // namespace cvlab::app
