// The pixel that is looked at: its window, what the chosen filter does with it, and what all four make of it.
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "app/demos/denoise/denoise.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float row_height = 26.0F;
constexpr float title = 26.0F;
constexpr float name_height = 18.0F;
constexpr float between = 12.0F;
constexpr std::size_t written_out = 9;  // values; more are a sum sign

std::string count(std::size_t n) { return std::to_string(n); }

// "10 + 11 + 12 …", or a sum sign when there are many.
std::string sum_text(const std::vector<std::uint8_t>& values) {
  if (values.size() > written_out) return "\u2211\u00A0f";
  std::string text;
  for (const std::uint8_t v : values) text += (text.empty() ? "" : "\u00A0+ ") + std::to_string(v);
  return "(" + text + ")";
}

// Broken at spaces only, never behind the comma of a number.
std::vector<std::string_view> lines_of(const Canvas& canvas, ImFont* font, std::string_view text, float width) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(' '), text.size());
    while (end < text.size()) {
      const std::size_t next = std::min(text.find(' ', end + 1), text.size());
      if (canvas.text_width(font, text.substr(0, next)) > width) break;
      end = next;
    }
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

void Denoise::look() {
  const Cell at = looked_at();
  std::string from = State::format(at) + '|' + noise_text() + '|' + std::to_string(explained());
  for (int filter = 0; filter < denoisers; ++filter) from += '|' + filter_text(filter);
  if (from == steps_from_) return;
  steps_from_ = std::move(from);
  for (int filter = 0; filter < denoisers; ++filter)
    steps_[static_cast<std::size_t>(filter)] =
        denoise_step(static_cast<Denoiser>(filter), results_[0].image, filters(), at.row, at.column);
  const DenoiseStep& step = steps_[static_cast<std::size_t>(explained())];
  bytes_[0].assign(step.values.begin(), step.values.end());
  bytes_[1].assign(step.sorted.begin(), step.sorted.end());
}

void Denoise::draw_card(const Canvas& canvas, const Layout& l) {
  for (int i = 0; i < results; ++i)
    if (!made(i)) return;
  look();
  const Rect& area = l.card;
  if (area.height() < 60.0F || area.width() < 150.0F) return;
  const Cell at = looked_at();
  const auto number = [](int v) { return std::to_string(v); };
  const std::string name = canvas.words.format(
      "denoise.pixel", {number(at.row + 1), number(at.column + 1), number(clean_.at(at.row, at.column)),
                        number(results_[0].image.at(at.row, at.column))});
  const bool large = l.wide && canvas.text_width(canvas.fonts.text, name) <= area.width();
  ImFont* const font = large ? canvas.fonts.text : canvas.fonts.text_small;
  canvas.text(font, area.x0, area.y0 + 9.0F, canvas.theme.ink, fitted(canvas, font, name, area.width()));
  const float top = area.y0 + title;
  if (!l.wide) {
    const float y = draw_grids(canvas, {area.x0, top - 4.0F, area.x1, area.y1 - 40.0F}, true);
    draw_formulas(canvas, {area.x0, y + 6.0F, area.x1, area.y1}, area.y1 - y >= 90.0F);
    return;
  }
  const float table = row_height * (1.0F + static_cast<float>(denoisers));
  const bool both = area.height() >= 300.0F + table;
  float y = top;
  if (both) {
    draw_table(canvas, {area.x0, y, area.x1, y + table});
    look();  // a click may have chosen another filter
    y += table + 12.0F;
  }
  y = draw_grids(canvas, {area.x0, y, area.x1, area.y1 - 56.0F}, false);
  draw_formulas(canvas, {area.x0, y + 10.0F, area.x1, area.y1}, true);
}

// Result and error of every filter. A click chooses the one that is explained.
void Denoise::draw_table(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  ImFont* const font = canvas.fonts.text_small;
  const float exact_x = area.x0 + 0.55F * area.width(), result_x = area.x0 + 0.79F * area.width();
  float y = area.y0 + 0.5F * row_height;
  const auto header = [&](float x, const char* key) {
    canvas.text(font, x, y, theme.ink_faint, words(key), Align::right);
  };
  header(exact_x, "denoise.exact");
  header(result_x, "denoise.result");
  header(area.x1 - 4.0F, "denoise.error");
  const Cell at = looked_at();
  const int clean = clean_.at(at.row, at.column);
  for (int filter = 0; filter < denoisers; ++filter) {
    y += row_height;
    const Rect row{area.x0, y - 0.5F * row_height, area.x1, y + 0.5F * row_height};
    const AreaInput input = area_input((std::string("row-") + result_name(filter + 1)).c_str(), row);
    if (input.clicked) (void)state_.set("explain", result_name(filter + 1));
    const bool lit = filter == explained();
    if (lit) canvas.list.AddRectFilled({row.x0, row.y0 + 1.0F}, {row.x1, row.y1 - 1.0F}, theme.focus_soft, 4.0F);
    if (input.hovered) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      draw_note(canvas, input.x, input.y, formula(words, filter));
    }
    const DenoiseStep& step = steps_[static_cast<std::size_t>(filter)];
    const int result = results_[static_cast<std::size_t>(filter) + 1].image.at(at.row, at.column);
    const int error = result - clean;
    canvas.text(font, area.x0 + 6.0F, y, lit ? theme.ink : theme.ink_soft,
                words(std::string("denoise.name.") + result_name(filter + 1)));
    canvas.text(canvas.fonts.number, exact_x, y, theme.ink_soft, words.number(step.exact, 4), Align::right);
    canvas.text(canvas.fonts.number, result_x, y, theme.ink, std::to_string(result), Align::right);
    canvas.text(canvas.fonts.number, area.x1 - 4.0F, y,
                error > 0   ? theme.positive
                : error < 0 ? theme.negative
                            : theme.ink_soft,
                (error > 0 ? "+" : "") + words.number(error, 3), Align::right);
  }
}

// The window, and what the filter makes of it cell by cell. Returns where they end.
float Denoise::draw_grids(const Canvas& canvas, const Rect& area, bool one_row) const {
  const int filter = explained();
  const DenoiseStep& step = steps_[static_cast<std::size_t>(filter)];
  std::vector<Grid> grids = {{"denoise.grid.values", &bytes_[0], true}};
  if (!step.sorted.empty()) grids.push_back({"denoise.grid.sorted", &bytes_[1], true});
  if (!step.space.empty()) {
    grids.push_back({"denoise.grid.space", &step.space, false});
    grids.push_back({"denoise.grid.range", &step.range, false});
  }
  if (!step.weights.empty())
    grids.push_back({step.space.empty() ? "denoise.grid.weights" : "denoise.grid.product", &step.weights, false});
  const int across = one_row ? static_cast<int>(grids.size()) : 2;
  const int lines = (static_cast<int>(grids.size()) + across - 1) / across;
  const float n = static_cast<float>(across), m = static_cast<float>(lines);
  const float gaps = one_row ? 8.0F : between;
  const float width = (area.width() - (n - 1.0F) * gaps) / n;
  const float side = std::min(width, (area.height() - m * name_height - (m - 1.0F) * 6.0F) / m);
  if (side < 24.0F) return area.y0;
  for (std::size_t i = 0; i < grids.size(); ++i) {
    const int line = static_cast<int>(i) / across, column = static_cast<int>(i) % across;
    const float x = area.x0 + static_cast<float>(column) * (side + gaps);
    const float y = area.y0 + static_cast<float>(line) * (side + name_height + 6.0F);
    draw_grid(canvas, {x, y, x + side, y + name_height + side}, grids[i], step);
  }
  return area.y0 + m * (side + name_height) + (m - 1.0F) * 6.0F;
}

void Denoise::draw_grid(const Canvas& canvas, const Rect& area, const Grid& grid, const DenoiseStep& step) const {
  ImFont* const font = canvas.fonts.text_small;
  canvas.text(font, area.x0, area.y0 + 8.0F, canvas.theme.ink_soft,
              fitted(canvas, font, canvas.words(grid.name), area.width() + 3.0F));
  Tensor values(Shape{step.size, step.size});
  std::transform(grid.values->begin(), grid.values->end(), values.data(),
                 [](double v) { return static_cast<float>(v); });
  const float most = *std::max_element(values.data(), values.data() + values.count());
  const float side = area.height() - name_height;
  CellMap map = fit_cells({area.x0, area.y0 + name_height, area.x0 + side, area.y1}, step.size, step.size, 60.0F);
  map.x = area.x0;
  GridStyle style{
      grid.grey ? Shade::grey : Shade::sequential, 0.0F, grid.grey ? 255.0F : std::max(most, 1e-6F), true, {}};
  style.highlight = Cell{step.size / 2, step.size / 2};
  const std::optional<Cell> over = tensor_grid(canvas, map, values.view(), style);
  if (!over) return;
  const auto i = static_cast<std::size_t>(over->row * step.size + over->column);
  const bool sorted = grid.values == &bytes_[1];
  draw_note_at_pointer(canvas, sorted ? canvas.words.format("denoise.place", {count(i + 1), count(step.values.size()),
                                                                              std::to_string(step.sorted[i])})
                                      : note(canvas.words, step, i));
}

// What one pixel of the window adds.
std::string Denoise::note(const Words& words, const DenoiseStep& step, std::size_t i) const {
  const std::string f = std::to_string(step.values[i]);
  if (!step.sorted.empty()) return words.format("denoise.note.value", {f});
  if (step.space.empty()) {
    const double share = step.weights[i] / step.total;
    return words.format("denoise.note.weight", {words.number(share, 3), f, words.number(share * step.values[i], 4)});
  }
  if (step.space[i] == 0.0) return words.format("denoise.note.beyond", {f});
  const std::string centre = std::to_string(step.values[step.values.size() / 2]);
  return words.format("denoise.note.bilateral", {f, centre, words.number(step.space[i], 3),
                                                 words.number(step.range[i], 3), words.number(step.weights[i], 3)});
}

// How a filter comes to its result, with the numbers.
std::string Denoise::formula(const Words& words, int filter) const {
  const DenoiseStep& step = steps_[static_cast<std::size_t>(filter)];
  const Cell at = looked_at();
  const std::string result = std::to_string(results_[static_cast<std::size_t>(filter) + 1].image.at(at.row, at.column));
  const std::string exact = words.number(step.exact, 5);
  switch (static_cast<Denoiser>(filter)) {
    case Denoiser::mean:
      return words.format("denoise.formula.mean",
                          {sum_text(step.values), words.number(step.sum, 8), count(step.values.size()), exact, result});
    case Denoiser::gaussian:
      return words.format("denoise.formula.gaussian", {exact, result});
    case Denoiser::median:
      return words.format("denoise.formula.median",
                          {count(step.values.size()), count(step.values.size() / 2 + 1), result});
    case Denoiser::bilateral:
      break;
  }
  return words.format("denoise.formula.bilateral",
                      {words.number(step.sum, 5), words.number(step.total, 4), exact, result});
}

// The explained one's formula; where there is room, the others' below it.
void Denoise::draw_formulas(const Canvas& canvas, const Rect& area, bool all) const {
  ImFont* const font = canvas.fonts.text_small;
  const auto draw = [&](const std::string& text, float y, ImU32 ink) {
    const std::vector<std::string_view> lines = lines_of(canvas, font, text, area.width());
    const float height = font->FontSize * static_cast<float>(lines.size());
    if (y + height > area.y1 + 2.0F) return y;
    for (const std::string_view part : lines) {
      canvas.list.AddText(font, font->FontSize, {area.x0, y}, ink, part.data(), part.data() + part.size());
      y += font->FontSize;
    }
    return y + 9.0F;
  };
  const Words& words = canvas.words;
  const auto line = [&](int filter) {
    return std::string(words(std::string("denoise.name.") + result_name(filter + 1))) + words("denoise.colon") +
           formula(words, filter);
  };
  float y = draw(all ? line(explained()) : formula(words, explained()), area.y0, canvas.theme.ink);
  for (int filter = 0; all && filter < denoisers; ++filter)
    if (filter != explained()) y = draw(line(filter), y, canvas.theme.ink_soft);
}

}  // namespace cvlab::app
