#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "app/demos/convolution/convolution.hpp"
#include "app/views/area_input.hpp"
#include "app/views/colour_bar.hpp"
#include "app/views/formula.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float legend_height = 24.0F;
constexpr float sizes_height = 68.0F;
constexpr float narrow_sizes_height = 42.0F;
constexpr float calm = 1.5F;  // the strongest weight is not the strongest colour: numbers stay easy to read

std::string size_text(std::ptrdiff_t rows, std::ptrdiff_t columns) {
  return std::to_string(rows) + " \u00D7 " + std::to_string(columns);
}

std::string cell_text(const char* name, Cell cell) {
  return std::string(name) + "(" + std::to_string(cell.row + 1) + ", " + std::to_string(cell.column + 1) + ")";
}

}  // namespace

Convolution::Layout Convolution::layout(const Canvas& canvas) const {
  const Rect& a = canvas.area;
  const bool wide = a.width() >= 460.0F && a.width() > 1.25F * a.height();
  return wide ? wide_layout(a) : narrow_layout(a);
}

// Input, the three grids one below the other, output; the written-out sum underneath.
Convolution::Layout Convolution::wide_layout(const Rect& a) const {
  Layout l;
  const float pad = std::clamp(0.02F * a.width(), 12.0F, 32.0F);
  const float middle = std::clamp(0.17F * a.width(), 84.0F, 220.0F);
  const float gap = std::clamp(0.035F * a.width(), 20.0F, 56.0F);
  const float sizes = a.height() >= 560.0F ? sizes_height : 0.0F;
  const float sum = (a.height() >= 560.0F ? 104.0F : a.height() >= 400.0F ? 62.0F : 40.0F) + sizes;
  const float room = a.height() - 2.0F * pad - caption - legend_height - sum - 14.0F;
  float side = std::min(0.5F * (a.width() - 2.0F * pad - 2.0F * gap - middle), 860.0F);
  // As tall as the picture wants, as far as there is room.
  const float ratio = static_cast<float>(padded_rows()) / static_cast<float>(std::max(1, padded_columns()));
  const float height = std::max(40.0F, std::min(room, side * std::clamp(ratio, 0.9F, 1.2F)));
  side = std::min(side, height / std::clamp(ratio, 0.5F, 1.2F));
  const float x = 0.5F * (a.x0 + a.x1);
  const float y = a.y0 + pad + caption + 0.5F * (room - height);
  const float x0 = x - 0.5F * middle;
  const float x1 = x + 0.5F * middle;
  l.input = {x0 - gap - side, y, x0 - gap, y + height};
  l.output = {x1 + gap, y, x1 + gap + side, y + height};
  // The three grids may be taller than the pictures: their numbers need the room.
  const float column = std::min(room, 1.15F * height);
  const float between = caption + (column < 360.0F ? 3.0F : 8.0F);
  const float cell = (column - 2.0F * between) / 3.0F;
  const float top = y - 0.5F * (column - height);
  l.window = {x0, top, x1, top + cell};
  l.kernel = {x0, top + cell + between, x1, top + 2.0F * cell + between};
  l.products = {x0, top + 2.0F * (cell + between), x1, top + column};
  l.legend = {l.output.x0, l.output.y1 + 4.0F, l.output.x1, l.output.y1 + legend_height};
  const float below = std::max(l.legend.y1, l.products.y1) + 14.0F;
  l.expression = {l.input.x0, below + sizes, l.output.x1, std::min(a.y1 - 4.0F, below + sum)};
  if (sizes > 0.0F) l.sizes = {l.input.x0, below, l.output.x1, below + sizes};
  return l;
}

// Both pictures side by side, the three grids below them, then the sum.
Convolution::Layout Convolution::narrow_layout(const Rect& a) const {
  Layout l;
  l.wide = false;
  const float pad = 12.0F;
  const float side = 0.5F * (a.width() - 3.0F * pad);
  const float height = std::min(side, (a.height() < 460.0F ? 0.34F : 0.42F) * a.height());
  const float y = a.y0 + 4.0F + caption;
  l.input = {a.x0 + pad, y, a.x0 + pad + side, y + height};
  l.output = {a.x1 - pad - side, y, a.x1 - pad, y + height};
  l.legend = {l.output.x0, l.output.y1 + 4.0F, l.output.x1, l.output.y1 + legend_height};
  const float gap = 18.0F;
  const float third = (a.width() - 2.0F * pad - 2.0F * gap) / 3.0F;
  const float y1 = l.legend.y1 + caption + 6.0F;
  const float cell = std::min(third, 0.3F * a.height());
  l.window = {a.x0 + pad, y1, a.x0 + pad + third, y1 + cell};
  l.kernel = {l.window.x1 + gap, y1, l.window.x1 + gap + third, y1 + cell};
  l.products = {l.kernel.x1 + gap, y1, a.x1 - pad, y1 + cell};
  const float used =
      static_cast<float>(rows_) * std::min(grid_cell(l), third / static_cast<float>(std::max(columns_, 1)));
  const float top = y1 + std::min(cell, used) + 12.0F;
  const float sizes = a.y1 - top > 124.0F ? narrow_sizes_height : 0.0F;
  l.expression = {a.x0 + pad, top + sizes, a.x1 - pad, a.y1 - 4.0F};
  if (sizes > 0.0F) l.sizes = {a.x0 + pad, top, a.x1 - pad, top + sizes};
  return l;
}

float Convolution::grid_cell(const Layout& l) const { return l.wide ? 0.3F * l.window.width() : 40.0F; }

void Convolution::draw(Canvas& canvas) {
  if (!problem_.id.empty() && input_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  keys(l.input);
  const CellMap input = input_map(l);
  draw_input(canvas, l);
  draw_caption(canvas, {l.input.x0, input.clip.y0, l.input.x1, input.clip.y1}, canvas.words("convolution.input"),
               size_text(input_.size(2), input_.size(3)).c_str());
  if (output_.empty()) {
    draw_message(canvas, l.output, canvas.words.sentence(problem_));
    return;
  }
  draw_output(canvas, l, input);
  draw_links(canvas, l, input);
  draw_caption(canvas, {l.output.x0, input.clip.y0, l.output.x1, input.clip.y1}, canvas.words("convolution.output"),
               size_text(output_rows(), output_columns()).c_str());
  draw_operators(canvas, l);
  draw_products(canvas, l);
  if (l.sizes.height() > 0.0F) draw_sizes(canvas, l);
}

// The input with the margin that padding adds; (0, 0) is the picture's first pixel.
CellMap Convolution::input_map(const Layout& l) {
  CellMap map = place(camera_.read(state_, padded_rows(), padded_columns()), l.input, padded_rows(), padded_columns());
  map.x += static_cast<float>(margin_.left) * map.size;
  map.y += static_cast<float>(margin_.top) * map.size;
  return map;
}

// Output cells lie over the middle of their windows, so that both pictures show the same place.
CellMap Convolution::output_map(const CellMap& input, const Layout& l) const {
  if (output_.empty()) return {};
  const MacStep first = conv2d_step(params_, input_.shape(), weights_.shape(), 0, 0);
  const auto middle = [](int start, int end, int stride) {
    return 0.5F * static_cast<float>(start + end + 1 - stride);
  };
  CellMap map = input;
  const float dx = l.output.x0 - l.input.x0;
  const float dy = l.output.y0 - l.input.y0;
  map.size = input.size * static_cast<float>(params_.stride_y);
  map.x += dx + input.size * middle(first.column, first.terms.back().column, params_.stride_x);
  map.y += dy + input.size * middle(first.row, first.terms.back().row, params_.stride_y);
  map.clip = {input.clip.x0 + dx, input.clip.y0 + dy, input.clip.x1 + dx, input.clip.y1 + dy};
  const Rect whole = map.rect(0, 0, output_rows(), output_columns());
  map.clip = {std::max(map.clip.x0, whole.x0), std::max(map.clip.y0, whole.y0), std::min(map.clip.x1, whole.x1),
              std::min(map.clip.y1, whole.y1)};
  return map;
}

// Wheel, pinch and the other buttons move the camera that both pictures share; + goes towards the window that the
// figure explains.
bool Convolution::navigate(const Canvas& canvas, const Rect& area, const AreaInput& input, bool with_buttons) {
  Explored explored(state_, camera_, area, padded_rows(), padded_columns());
  const bool moved = explored.move(input, true);
  const Rect window = explored.map().rect(step_.row + margin_.top, step_.column + margin_.left, rows_, columns_);
  return (with_buttons && explored.buttons(canvas, window)) || moved;
}

void Convolution::draw_input(const Canvas& canvas, const Layout& l) {
  const CellMap map = input_map(l);
  draw_border(canvas, map);
  CellMap inner = map;
  const Rect whole = map.rect(0, 0, static_cast<int>(input_.size(2)), static_cast<int>(input_.size(3)));
  inner.clip = {std::max(map.clip.x0, whole.x0), std::max(map.clip.y0, whole.y0), std::min(map.clip.x1, whole.x1),
                std::min(map.clip.y1, whole.y1)};
  input_view_.draw(canvas, inner);
  canvas.list.AddRect({inner.clip.x0 - 1.0F, inner.clip.y0 - 1.0F}, {inner.clip.x1 + 1.0F, inner.clip.y1 + 1.0F},
                      canvas.theme.rule_strong);
  const AreaInput input = area_input("input", l.input);
  if (navigate(canvas, l.input, input, true) || output_.empty()) return;

  canvas.list.PushClipRect({l.input.x0 - 3.0F, l.input.y0 - 3.0F}, {l.input.x1 + 3.0F, l.input.y1 + 3.0F}, true);
  const MacTerm& end = step_.terms.back();
  const Rect window = map.rect(step_.row, step_.column, end.row + 1 - step_.row, end.column + 1 - step_.column);
  mark(canvas, map, window);
  if (params_.dilation_y > 1 && map.size >= 4.0F) {
    for (const MacTerm& t : step_.terms) {
      const Rect c = map.rect(t.row, t.column);
      canvas.list.AddRect({c.x0, c.y0}, {c.x1, c.y1}, with_alpha(canvas.theme.focus, 0.7F), 1.0F);
    }
  }
  if (marked_) {
    const MacTerm& t = step_.terms[static_cast<std::size_t>(*marked_)];
    draw_frame(canvas, map.rect(t.row, t.column), canvas.theme.focus, 2.0F);
  }
  canvas.list.PopClipRect();
  edit_in_place(canvas, map, input);
  if (!input.hovered && !input.pressed) return;
  // The output cell whose window has this pixel in its middle, or the nearest one.
  const CellMap out = output_map(map, l);
  const Cell over = out.at(input.x + l.output.x0 - l.input.x0, input.y + l.output.y0 - l.input.y0);
  hovered_ = Cell{std::clamp(over.row, 0, output_rows() - 1), std::clamp(over.column, 0, output_columns() - 1)};
  if (input.pressed) keep(*hovered_);
  const Cell pixel = map.at(input.x, input.y);
  if (!input.pressed && pixel.row >= 0 && pixel.column >= 0 && pixel.row < input_.size(2) &&
      pixel.column < input_.size(3)) {
    explain(canvas, cell_text("I", pixel) + " = " +
                        canvas.words.number(static_cast<double>(input_(0, 0, pixel.row, pixel.column)), 4));
  }
}

// A pixel of the picture itself, on double click.
void Convolution::edit_in_place(const Canvas& canvas, const CellMap& map, const AreaInput& input) {
  const Cell pixel = map.at(input.x, input.y);
  const bool inside =
      pixel.row >= 0 && pixel.column >= 0 && pixel.row < input_.size(2) && pixel.column < input_.size(3);
  if (input.double_clicked && inside && map.size >= number_cell) {
    edited_ = pixel;
    pixel_editor_.open("pixel", static_cast<double>(input_(0, 0, pixel.row, pixel.column)),
                       map.rect(pixel.row, pixel.column));
  }
  const std::optional<double> typed = pixel_editor_.draw(canvas, "pixel", 10.0);
  if (typed && edited_.row < input_.size(2) && edited_.column < input_.size(3)) edit_pixel(edited_, *typed);
}

// The cells that padding invents around the picture, paler than real ones.
void Convolution::draw_border(const Canvas& canvas, const CellMap& map) const {
  if (output_.empty() || params_.padding == Padding::valid || map.size < 4.0F) return;
  const int height = static_cast<int>(input_.size(2));
  const int width = static_cast<int>(input_.size(3));
  const Margin& m = margin_;
  CellMap padded = map;
  padded.x -= static_cast<float>(m.left) * map.size;
  padded.y -= static_cast<float>(m.top) * map.size;
  const CellMap::Range range = padded.visible(padded_rows(), padded_columns());
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  for (int row = range.row0 - m.top; row < range.row1 - m.top; ++row) {
    for (int column = range.column0 - m.left; column < range.column1 - m.left; ++column) {
      if (row >= 0 && row < height && column >= 0 && column < width) continue;
      const int from_row = border_source(params_.padding, row, height);
      const int from_column = border_source(params_.padding, column, width);
      const bool none = from_row < 0 || from_column < 0;
      const float value = none ? 0.0F : input_(0, 0, from_row, from_column);
      const ImU32 fill =
          mix(canvas.theme.surface, shade_colour(canvas.theme, Shade::grey, 0.0F, input_high_, value), 0.28F);
      const Rect cell = map.rect(row, column);
      canvas.list.AddRectFilled({cell.x0 + 0.5F, cell.y0 + 0.5F}, {cell.x1 - 0.5F, cell.y1 - 0.5F}, fill);
      if (map.size >= number_cell) draw_number(canvas, cell, value, canvas.theme.ink_faint, number_size(map.size, 3));
    }
  }
  canvas.list.PopClipRect();
}

void Convolution::draw_output(const Canvas& canvas, const Layout& l, const CellMap& input_map) {
  const CellMap map = output_map(input_map, l);
  // The extent of the input, so that one sees what valid padding loses.
  const float dx = l.output.x0 - l.input.x0;
  const float dy = l.output.y0 - l.input.y0;
  const Rect frame = input_map.rect(0, 0, static_cast<int>(input_.size(2)), static_cast<int>(input_.size(3)));
  canvas.list.PushClipRect({l.output.x0 - 2.0F, l.output.y0 - 2.0F}, {l.output.x1 + 2.0F, l.output.y1 + 2.0F}, true);
  canvas.list.AddRect({frame.x0 + dx - 1.0F, frame.y0 + dy - 1.0F}, {frame.x1 + dx + 1.0F, frame.y1 + dy + 1.0F},
                      canvas.theme.rule);
  output_view_.draw(canvas, map);
  if (state_.toggle("fill") && !hovered_) {
    const Rect now = map.rect(cell_.row, cell_.column);
    const Rect whole = map.rect(0, 0, output_rows(), output_columns());
    canvas.list.AddRectFilled({now.x1, now.y0}, {whole.x1, now.y1}, canvas.theme.surface);
    canvas.list.AddRectFilled({whole.x0, now.y1}, {whole.x1, whole.y1}, canvas.theme.surface);
    canvas.list.AddRect({whole.x0, whole.y0}, {whole.x1, whole.y1}, canvas.theme.rule_strong);
  }
  canvas.list.PopClipRect();
  mark(canvas, map, cell_);
  const float least = output_shade_ == Shade::diverging ? -output_high_ : 0.0F;
  colour_bar(canvas, l.legend,
             {output_shade_, 0.0F, output_high_, minimum_<least, maximum_> output_high_,
              output_(0, 0, cell_.row, cell_.column)});

  const AreaInput input = area_input("output", l.output);
  if (navigate(canvas, l.output, input, l.wide)) return;  // on a phone one set of buttons serves both
  const Cell over = map.at(input.x, input.y);
  const bool inside = over.row >= 0 && over.column >= 0 && over.row < output_rows() && over.column < output_columns();
  if ((input.hovered || input.pressed) && inside) {
    hovered_ = over;
    if (input.pressed) keep(over);
    explain(canvas, cell_text("O", over) + " = " +
                        canvas.words.number(static_cast<double>(output_(0, 0, over.row, over.column)), 6));
  }
}

void Convolution::draw_products(const Canvas& canvas, const Layout& l) {
  const float largest = grid_cell(l);
  const CellMap window = fit_cells(l.window, rows_, columns_, largest);
  const CellMap kernel = fit_cells(l.kernel, rows_, columns_, largest);
  const CellMap product = fit_cells(l.products, rows_, columns_, largest);
  const auto caption_over = [&](const CellMap& map, const Rect& area, const char* name) {
    const float width = canvas.text_width(canvas.fonts.text_small, name);
    const float x = std::min(map.x, area.x1 - width);
    draw_caption(canvas, {l.wide ? x : area.x0, map.y, area.x1, map.y}, name, nullptr);
  };
  caption_over(window, l.window, canvas.words("convolution.window"));
  caption_over(kernel, l.kernel, canvas.words(params_.flip ? "convolution.kernel_flipped" : "convolution.kernel_name"));
  caption_over(product, l.products, canvas.words("convolution.products_name"));

  const auto window_cell = [&](int t) { return Cell{t / columns_, t % columns_}; };
  std::optional<Cell> in_window;
  std::optional<Cell> in_kernel;
  const std::optional<Cell> marked = marked_ ? std::optional(window_cell(*marked_)) : std::nullopt;
  std::optional<Cell> marked_weight;
  if (marked_) {
    const MacTerm& t = step_.terms[static_cast<std::size_t>(*marked_)];
    marked_weight = Cell{t.kernel_row, t.kernel_column};
  }
  const auto pixel = window_editor_.draw(canvas, "window", window, window_.view(),
                                         {Shade::grey, 0.0F, input_high_, true, marked}, 10.0, in_window);
  const BasicView<const float> weights(weights_.data(), Shape{rows_, columns_});
  const auto weight = kernel_editor_.draw(
      canvas, "kernel", kernel, weights,
      {Shade::diverging, 0.0F, calm * signed_range(weights, 1e-6F), true, marked_weight}, 1.0, in_kernel);
  const std::optional<Cell> in_products =
      tensor_grid(canvas, product, products_.view(),
                  {Shade::diverging, 0.0F, calm * signed_range(products_.view(), 1e-6F), true, marked});

  Expression expression;
  expression.left = cell_text("O", cell_);
  expression.result = static_cast<double>(output_(0, 0, cell_.row, cell_.column));
  for (std::size_t t = 0; t < step_.terms.size(); ++t) {
    const MacTerm& term = step_.terms[t];
    expression.products.push_back({static_cast<double>(window_.data()[t]),
                                   static_cast<double>(weights_(0, 0, term.kernel_row, term.kernel_column)),
                                   term_name(term, true)});
  }
  marked_ = draw_expression(canvas, l.expression, expression, marked_);
  if (const auto at = in_window ? in_window : in_products) marked_ = at->row * columns_ + at->column;
  if (in_kernel) {
    for (std::size_t t = 0; t < step_.terms.size(); ++t) {
      const MacTerm& term = step_.terms[t];
      if (Cell{term.kernel_row, term.kernel_column} == *in_kernel) marked_ = static_cast<int>(t);
    }
  }
  if (marked_ && (in_window || in_products || in_kernel)) {
    const MacTerm& t = step_.terms[static_cast<std::size_t>(*marked_)];
    const Product& p = expression.products[static_cast<std::size_t>(*marked_)];
    const Words& words = canvas.words;
    explain(canvas, cell_text("I", {t.row, t.column}) + " \u00B7 " + cell_text("K", {t.kernel_row, t.kernel_column}) +
                        " = " + words.number(p.a, 4) + " \u00B7 " + words.number(p.b, 4) + " = " +
                        words.number(p.a * p.b, 5));
  }
  if (weight) edit_kernel(weight->cell, weight->value);
  if (pixel) {
    const MacTerm& t = step_.terms[static_cast<std::size_t>(pixel->cell.row * columns_ + pixel->cell.column)];
    if (t.from_row >= 0) edit_pixel({t.from_row, t.from_column}, pixel->value);
  }
  // Pointing looks, clicking keeps: without a pointer over a picture the kept cell is explained again.
  const Cell shown = hovered_.value_or(state_.cell("cell"));
  if (!(shown == cell_) && shown.row < output_rows() && shown.column < output_columns()) look_at(shown);
  hovered_.reset();
}

// From the window in the input to the numbers, and from the products to the output cell.
void Convolution::draw_links(const Canvas& canvas, const Layout& l, const CellMap& input) const {
  if (!l.wide) return;
  const MacTerm& end = step_.terms.back();
  const Rect from = input.rect(step_.row, step_.column, end.row + 1 - step_.row, end.column + 1 - step_.column);
  const Rect to = output_map(input, l).rect(cell_.row, cell_.column);
  const Rect a = fit_cells(l.window, rows_, columns_, grid_cell(l)).rect(0, 0, rows_, columns_);
  const Rect b = fit_cells(l.products, rows_, columns_, grid_cell(l)).rect(0, 0, rows_, columns_);
  const ImU32 colour = with_alpha(canvas.theme.focus, 0.4F);
  canvas.list.PushClipRect({l.input.x0, l.window.y0 - 2.0F}, {l.output.x1, std::max(l.output.y1, l.products.y1)}, true);
  canvas.list.AddLine({from.x1, from.y0}, {a.x0 - 1.0F, a.y0 - 1.0F}, colour, 1.0F);
  canvas.list.AddLine({from.x1, from.y1}, {a.x0 - 1.0F, a.y1}, colour, 1.0F);
  canvas.list.AddLine({b.x1, b.y0}, {to.x0, to.y0}, colour, 1.0F);
  canvas.list.AddLine({b.x1, b.y1}, {to.x0, to.y1}, colour, 1.0F);
  canvas.list.PopClipRect();
}

// Window times kernel equals products.
void Convolution::draw_operators(const Canvas& canvas, const Layout& l) const {
  const auto between = [&](const Rect& area, const char* sign) {
    const CellMap map = fit_cells(area, rows_, columns_, grid_cell(l));
    const Rect grid = map.rect(0, 0, rows_, columns_);
    const float x = l.wide ? std::max(grid.x0 - 18.0F, area.x0 - 14.0F) : area.x0 - 9.0F;
    canvas.text(canvas.fonts.text_large, x, 0.5F * (grid.y0 + grid.y1), canvas.theme.ink_soft, sign, Align::centre);
  };
  between(l.kernel, "\u00D7");
  between(l.products, "=");
}

// How many places the kernel has, down and across: the formula over its numbers.
void Convolution::draw_sizes(const Canvas& canvas, const Layout& l) const {
  struct Side {
    const char* name;
    int input, kernel, output;
  };
  const std::array<Side, 2> sides = {
      Side{"convolution.rows_size", static_cast<int>(input_.size(2)), rows_, output_rows()},
      Side{"convolution.columns_size", static_cast<int>(input_.size(3)), columns_, output_columns()}};
  const auto sign = [](const char* text) { return FormulaPiece{.top = text, .sign = true}; };
  const float half = 0.5F * l.sizes.width();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (std::size_t k = 0; k < sides.size(); ++k) {
    const Side& side = sides[k];
    const int span = params_.dilation_y * (side.kernel - 1) + 1;
    const int added = padding_cells(side.kernel);
    const bool dilated = params_.dilation_y > 1;
    const std::string reach =
        dilated ? "(" + std::to_string(params_.dilation_y) + "\u00B7(" + std::to_string(side.kernel) + "\u22121)+1)"
                : std::to_string(side.kernel);
    const std::string stride = std::to_string(params_.stride_y);
    if (!l.wide) {
      const std::string text = std::string(canvas.words(side.name)) + " = \u230A(" + std::to_string(side.input) +
                               " + " + std::to_string(added) + " \u2212 " + reach + ") / " + stride +
                               "\u230B + 1 = " + std::to_string(side.output);
      canvas.text(canvas.fonts.text_small, l.sizes.x0, l.sizes.y0 + 10.0F + 20.0F * static_cast<float>(k),
                  canvas.theme.ink, fitted(canvas, canvas.fonts.text_small, text, l.sizes.width()));
      continue;
    }
    const std::vector<FormulaPiece> pieces = {
        {.top = "N", .value = std::to_string(side.input)},
        sign("+"),
        {.top = "P", .value = std::to_string(added)},
        sign("\u2212"),
        {.top = dilated ? "(d(k\u22121)+1)" : "k", .value = reach},
        sign("/"),
        {.top = "s", .value = stride},
        sign("+ 1 ="),
        {.top = canvas.words(side.name), .value = std::to_string(side.output), .marked = true}};
    std::vector<FormulaPiece> whole = {sign("\u230A(")};
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (i == 5) whole.push_back(sign(")"));
      if (i == 7) whole.push_back(sign("\u230B"));
      whole.push_back(pieces[i]);
    }
    const float x = l.sizes.x0 + static_cast<float>(k) * half;
    const Rect area{x, l.sizes.y0, x + half - 8.0F, l.sizes.y1};
    (void)draw_formula(canvas, area, whole);
    if (!area.contains(mouse.x, mouse.y) || !ImGui::IsWindowHovered()) continue;
    explain(canvas,
            canvas.words.format("convolution.size_note",
                                {canvas.words(side.name), std::to_string(side.input), std::to_string(added),
                                 std::to_string(span), std::to_string(params_.stride_y), std::to_string(side.output)}));
  }
}

// The learner chose a cell: the link says so, and the output is whole again.
void Convolution::keep(Cell cell) {
  (void)state_.set("cell", State::format(cell));
  (void)state_.set("fill", "0");
}

void Convolution::explain(const Canvas& canvas, const std::string& text) const {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_note(canvas, mouse.x, mouse.y, text);
}

void Convolution::keys(const Rect& area) {
  int rows = 0;
  int columns = 0;
  if (output_.empty() || !arrow_keys(rows, columns)) return;
  const Cell from = state_.cell("cell");
  const Cell cell{std::clamp(from.row + rows, 0, output_rows() - 1),
                  std::clamp(from.column + columns, 0, output_columns() - 1)};
  keep(cell);
  look_at(cell);
  const Camera& camera = camera_.read(state_, padded_rows(), padded_columns());
  if (camera.zoom <= 1.0F) return;
  const Cell middle{step_.row + margin_.top + rows_ / 2, step_.column + margin_.left + columns_ / 2};
  camera_.write(state_, revealed(camera, area, padded_rows(), padded_columns(), middle));
}

}  // namespace cvlab::app
