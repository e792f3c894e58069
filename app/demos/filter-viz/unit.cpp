// A unit: the kernels of its layer, the picture that it likes best, and the test pictures that it likes best.
#include <algorithm>
#include <cmath>

#include "app/demos/filter-viz/filter_viz.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/plot.hpp"
#include "app/views/sentence.hpp"
#include "app/views/tensor_grid.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float name_line = 16.0F;  // over the kernel of a unit
constexpr float gap = 8.0F;

CellMap square_map(const Rect& area, int cells) {
  CellMap map;
  map.size = std::min(area.width(), area.height()) / static_cast<float>(cells);
  map.x = area.x0;
  map.y = area.y0;
  map.clip = map.rect(0, 0, cells, cells);
  return map;
}

}  // namespace

std::string FilterViz::unit_name(const Words& words) const {
  const std::string number = std::to_string(recipe_.unit.channel + 1);
  if (recipe_.unit.layer == chain_->output())
    return words.format("filter-viz.unit_class", {class_name(words, recipe_.unit.channel)});
  return words.format(recipe_.unit.whole_map ? "filter-viz.unit_map" : "filter-viz.unit_cell",
                      {std::string(state_.choice("layer")), number});
}

std::string FilterViz::unit_sentence(const Words& words) const {
  if (looked_ < 0) return {};
  if (slope_ == 0.0) return words.format("filter-viz.no_slope", {unit_name(words)});
  const std::string what =
      words.format("filter-viz.said_unit", {unit_name(words), words.number(activation_, 4), std::to_string(looked_)});
  return what + ' ' +
         words.format("filter-viz.said_answer",
                      {class_name(words, answer_), percent(words, shares_[static_cast<std::size_t>(answer_)])});
}

// The weights of the layer: a plane for each unit, on which its tiles (one for each map that it reads) lie side by
// side.
void FilterViz::make_kernels() {
  const std::string key = network_ + '/' + std::string(state_.choice("layer"));
  if (kernels_of_ == key) return;
  kernels_of_ = key;
  const int layer = recipe_.unit.layer;
  const std::string name = trained_.layers()[static_cast<std::size_t>(layer)].name + ".weight";
  const Tensor& weight = trained_.find(name)->value;
  const auto units = static_cast<int>(weight.size(0));
  int maps = 1;
  kernel_ = {};
  if (weight.shape().rank() == 4) {
    maps = static_cast<int>(weight.size(1));
    kernel_.rows = static_cast<int>(weight.size(2));
    kernel_.columns = static_cast<int>(weight.size(3));
  } else if (trained_.layers()[static_cast<std::size_t>(layer - 1)].kind == nn::LayerKind::flatten) {
    const explain::Extent& read = chain_->extent(layer - 2);
    maps = read.channels;
    kernel_.rows = read.rows;
    kernel_.columns = read.columns;
  } else {  // of a dense layer: no places, so any shape will do
    kernel_.columns = static_cast<int>(weight.size(1));
    while (kernel_.columns % 2 == 0 && kernel_.columns > 2 * kernel_.rows) {
      kernel_.columns /= 2;
      kernel_.rows *= 2;
    }
  }
  kernel_.across = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(maps))));
  while (maps % kernel_.across != 0) ++kernel_.across;
  kernel_.down = maps / kernel_.across;
  const int each = kernel_.rows * kernel_.columns;
  kernels_.resize(static_cast<std::size_t>(units));
  kernel_.high = signed_range(ConstView(weight.data(), Shape{weight.count(), 1}), 1e-6F);
  for (int u = 0; u < units; ++u) {
    Tensor plane(Shape{1, 1, kernel_.down * kernel_.rows, kernel_.across * kernel_.columns});
    for (int m = 0; m < maps; ++m)
      for (int i = 0; i < each; ++i) {
        const int row = m / kernel_.across * kernel_.rows + i / kernel_.columns;
        const int column = m % kernel_.across * kernel_.columns + i % kernel_.columns;
        plane(0, 0, row, column) = weight.data()[(static_cast<std::ptrdiff_t>(u) * maps + m) * each + i];
      }
    kernels_[static_cast<std::size_t>(u)].set_plane(plane, Shade::diverging, 0.0F, kernel_.high);
    kernel_.planes.push_back(std::move(plane));
  }
}

void FilterViz::draw_unit(const Canvas& canvas) {
  if (looked_ < 0) return;
  make_kernels();
  const Rect& a = canvas.area;
  const bool wide = a.width() >= 620.0F && a.width() > 0.95F * a.height();
  const float pad = wide ? std::clamp(0.022F * a.width(), 12.0F, 30.0F) : 12.0F;
  const Rect inner{a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, a.y1 - 6.0F};
  const std::string text = remark_.id.empty() ? unit_sentence(canvas.words) : canvas.words.sentence(remark_);
  const float top = inner.y0 + sentence_height(canvas, text, inner.width());
  draw_sentence(canvas, {inner.x0, inner.y0, inner.x1, top}, text,
                remark_.id.empty() ? canvas.theme.ink : canvas.theme.bad);
  if (wide) {
    const float split = inner.x0 + 0.42F * inner.width();
    draw_kernels(canvas, {inner.x0, top + 4.0F, split, inner.y1});
    const Rect right{split + 1.3F * pad, top + 4.0F, inner.x1, inner.y1};
    const float most = 0.5F * (right.width() - pad);
    const float square = std::min(most, 0.46F * right.height());
    const Rect pictures{right.x0, right.y0, right.x1, right.y0 + caption + square};
    draw_ascent(canvas, pictures);
    const float rest = right.y1 - pictures.y1 - 12.0F;
    const float strip = rest > 250.0F ? caption + 76.0F : 0.0F;
    draw_curve(canvas, {right.x0, pictures.y1 + 12.0F, right.x1, right.y1 - strip});
    if (strip > 0.0F) draw_best(canvas, {right.x0, right.y1 - strip + 2.0F, right.x1, right.y1});
    return;
  }
  const float square = std::min(0.5F * (inner.width() - gap), 0.34F * inner.height());
  const Rect pictures{inner.x0, top, inner.x1, top + caption + square};
  draw_ascent(canvas, pictures);
  const float rest = inner.y1 - pictures.y1 - 8.0F;
  const float curve = std::clamp(0.3F * rest, 90.0F, 170.0F);
  draw_curve(canvas, {inner.x0, pictures.y1 + 6.0F, inner.x1, pictures.y1 + 6.0F + curve});
  const float strip = rest > 330.0F ? caption + 66.0F : 0.0F;
  if (strip > 0.0F) draw_best(canvas, {inner.x0, inner.y1 - strip, inner.x1, inner.y1});
  draw_kernels(canvas, {inner.x0, pictures.y1 + 10.0F + curve, inner.x1, inner.y1 - strip});
}

// How many units stand side by side, and how wide each is: as large as fits.
FilterViz::KernelGrid FilterViz::arrange_kernels(const Rect& area) const {
  const auto units = static_cast<int>(kernels_.size());
  const float ratio = kernel_.ratio();
  KernelGrid grid;
  for (int n = 1; n <= units; ++n) {
    const int down = (units + n - 1) / n;
    const float by_width = (area.width() + gap) / static_cast<float>(n) - gap;
    const float by_height = ((area.height() + gap) / static_cast<float>(down) - gap - name_line) / ratio;
    const float fits = std::min({by_width, by_height, 150.0F});
    if (fits >= grid.width) grid = {n, fits};
  }
  return grid;
}

// One unit's weights, its tiles apart.
void FilterViz::draw_kernel(const Canvas& canvas, const CellMap& map, int unit, bool chosen) {
  kernels_[static_cast<std::size_t>(unit)].draw(canvas, map);
  for (int k = 1; k < kernel_.across; ++k) {
    const float line = map.rect(0, k * kernel_.columns).x0;
    canvas.list.AddLine({line, map.clip.y0}, {line, map.clip.y1}, canvas.theme.paper, 2.0F);
  }
  for (int k = 1; k < kernel_.down; ++k) {
    const float line = map.rect(k * kernel_.rows, 0).y0;
    canvas.list.AddLine({map.clip.x0, line}, {map.clip.x1, line}, canvas.theme.paper, 2.0F);
  }
  draw_frame(canvas, map.clip, chosen ? canvas.theme.focus : canvas.theme.rule, chosen ? 2.5F : 1.0F);
}

void FilterViz::draw_kernels(const Canvas& canvas, const Rect& all) {
  const Words& words = canvas.words;
  const auto units = static_cast<int>(kernels_.size());
  const Rect area{all.x0, all.y0 + caption, all.x1, all.y1};
  const auto [across, width] = arrange_kernels(area);
  if (width < 10.0F) return;
  const int rows = kernel_.down * kernel_.rows;
  const int columns = kernel_.across * kernel_.columns;
  const float ratio = kernel_.ratio();
  const int maps = kernel_.down * kernel_.across;
  const std::string name =
      words.format("filter-viz.kernels",
                   {words("filter-viz.layer." + std::string(state_.choice("layer"))), std::to_string(units),
                    std::to_string(maps), std::to_string(kernel_.rows) + " \u00D7 " + std::to_string(kernel_.columns)});
  draw_caption(canvas, area, fitted(canvas, canvas.fonts.text_small, name, area.width()).c_str(),
               ("\u00B1" + words.number(static_cast<double>(kernel_.high), 2)).c_str());
  const AreaInput input = area_input("kernels", area);
  const bool classes = recipe_.unit.layer == chain_->output();
  for (int u = 0; u < units; ++u) {
    const float x = area.x0 + static_cast<float>(u % across) * (width + gap);
    const int line = u / across;
    const float y = area.y0 + static_cast<float>(line) * (width * ratio + name_line + gap) + name_line;
    const CellMap map{x, y, width / static_cast<float>(columns), {x, y, x + width, y + width * ratio}};
    const bool chosen = u == recipe_.unit.channel;
    const std::string label = classes ? class_name(words, u) : std::to_string(u + 1);
    canvas.text(canvas.fonts.number_small, x + 1.0F, y - 0.5F * name_line,
                chosen ? canvas.theme.focus : canvas.theme.ink_soft,
                fitted(canvas, canvas.fonts.number_small, label, width));
    draw_kernel(canvas, map, u, chosen);
    if (!input.hovered || !map.clip.contains(input.x, input.y)) continue;
    if (!chosen) draw_frame(canvas, map.clip, canvas.theme.focus, 1.5F);
    if (input.clicked) (void)state_.set("unit", std::to_string(u + first_unit(recipe_.unit.layer)));
    const Cell cell = map.at(input.x, input.y);
    const int row = std::clamp(cell.row, 0, rows - 1);
    const int column = std::clamp(cell.column, 0, columns - 1);
    const int from = row / kernel_.rows * kernel_.across + column / kernel_.columns;
    const float weight = kernel_.planes[static_cast<std::size_t>(u)](0, 0, row, column);
    draw_note(canvas, input.x, input.y,
              words.format("filter-viz.weight",
                           {label, std::to_string(from + 1), words.number(static_cast<double>(weight), 3)}));
  }
}

// The picture as it has grown, and what the next step would add to it.
void FilterViz::draw_ascent(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const float square = area.height() - caption;
  const float width = 0.5F * area.width();
  for (const bool change : {false, true}) {
    const float x = area.x0 + (change ? std::max(square + gap, width + 0.5F * gap) : 0.0F);
    const CellMap map = square_map({x, area.y0 + caption, x + square, area.y1}, side);
    const std::string name =
        change ? words("filter-viz.next_step") : words.format("filter-viz.after", {std::to_string(looked_)});
    const std::string range = words.number(static_cast<double>(change ? change_high_ : grown_high_), 2);
    const bool plain = !change && recipe_.settings.bounded;
    draw_caption(canvas, map.clip, fitted(canvas, canvas.fonts.text_small, name, square).c_str(),
                 plain ? nullptr : ("\u00B1" + range).c_str());
    (change ? change_ : grown_).draw(canvas, map);
    draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
    const AreaInput input = area_input(change ? "change" : "grown", map.clip);
    const Cell at = map.at(input.x, input.y);
    if ((!input.hovered && !input.pressed) || at.row < 0 || at.row >= side || at.column < 0 || at.column >= side)
      continue;
    draw_frame(canvas, map.rect(at.row, at.column), canvas.theme.focus, 1.5F);
    const auto pixel = static_cast<std::size_t>(at.row * side + at.column);
    const double g = slope_ > 0.0 ? next_[pixel] * slope_ / recipe_.settings.rate : 0.0;
    draw_note(canvas, input.x, input.y,
              words.format("filter-viz.pixel_step",
                           {std::to_string(at.row + 1), std::to_string(at.column + 1),
                            words.number(run_->run().picture()[pixel], 3), words.number(recipe_.settings.rate, 3),
                            words.number(g, 3), words.number(slope_, 3), words.number(next_[pixel], 2)}));
  }
}

void FilterViz::draw_curve(const Canvas& canvas, const Rect& area) {
  if (area.height() < 70.0F) return;
  std::vector<PlotPoint> points = {{0.0, start_activation_}};
  double low = std::min(0.0, start_activation_);
  double high = std::max(low + 1e-3, start_activation_);
  for (const explain::Ascent::Point& p : run_->points()) {
    points.push_back({static_cast<double>(points.size()), p.activation});
    low = std::min(low, p.activation);
    high = std::max(high, p.activation);
  }
  Plot plot;
  plot.name = canvas.words("filter-viz.curve");
  plot.x_name = canvas.words("filter-viz.steps_axis");
  plot.x = {0.0, std::clamp(std::ceil(static_cast<double>(run_->farthest()) / 50.0) * 50.0, 50.0, 1.0 * most_steps)};
  const bool known = !best_.order.empty() && best_.unit == recipe_.unit;
  if (known) {
    const double best = best_.activations[static_cast<std::size_t>(best_.order[0])];
    plot.levels = {{best, canvas.words("filter-viz.best_level")}};
    low = std::min(low, best);
    high = std::max(high, best);
  }
  plot.y = {low, high + 0.12 * (high - low)};
  plot.series = {{"a", points, canvas.theme.accent}};
  plot.cursor = looked_;
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("curve", {map.area.x0 - 6.0F, map.area.y0, area.x1, area.y1});
  if (input.hovered || input.pressed) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (input.pressed) {
    const double to = std::clamp(std::round(map.x_at(input.x)), 0.0, 1.0 * most_steps);
    (void)state_.set("step", State::format(to));
  }
  draw_plot(canvas, area, plot, left);
}

void FilterViz::draw_best(const Canvas& canvas, const Rect& area) {
  const Rect below{area.x0, area.y0 + caption, area.x1, area.y1};
  const Words& words = canvas.words;
  const bool known = !best_.order.empty() && best_.unit == recipe_.unit;
  const std::string name = test_.count() == 0 ? words("filter-viz.no_tests")
                           : known            ? words.format("filter-viz.best", {std::to_string(test_.count())})
                                              : words("filter-viz.searching");
  draw_caption(canvas, below, fitted(canvas, canvas.fonts.text_small, name, area.width()).c_str(), nullptr);
  if (!known) return;
  const Thumbnails::Grid grid = Thumbnails::fit(below, below.height() - 20.0F, 1);
  std::vector<ThumbnailCaption> captions;
  for (int i = 0; i < thumbnails_.count(); ++i) {
    const auto index = static_cast<std::size_t>(best_.order[static_cast<std::size_t>(i)]);
    captions.push_back({words.number(best_.activations[index], 3), "", canvas.theme.ink_soft});
  }
  const std::optional<int> over = thumbnails_.draw(canvas, below, grid, captions);
  const AreaInput input = area_input("best", below);
  if (!over || !input.hovered) return;
  const int index = best_.order[static_cast<std::size_t>(*over)];
  draw_note(canvas, input.x, input.y,
            words.format("filter-viz.best_note", {std::to_string(index + 1),
                                                  class_name(words, test_.labels[static_cast<std::size_t>(index)])}));
  if (!input.clicked) return;
  (void)state_.set("source", "data");
  (void)state_.set("picture", std::to_string(index + 1));
}

}  // namespace cvlab::app
