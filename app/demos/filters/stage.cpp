#include <algorithm>
#include <cmath>

#include "app/demos/filters/filters.hpp"
#include "app/views/colour_bar.hpp"
#include "app/views/expression.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float legend = 22.0F;
constexpr std::array<const char*, 4> names = {"filters.before", "filters.after", "filters.target",
                                              "filters.difference"};

}  // namespace

Filters::Layout Filters::layout(const Canvas& canvas) const {
  const Rect& a = canvas.area;
  return a.width() >= 560.0F && a.width() > a.height() ? wide_layout(a) : narrow_layout(a);
}

// Pictures at the left, the kernel at their right; below them the gallery, or the puzzle's other two pictures.
Filters::Layout Filters::wide_layout(const Rect& a) const {
  Layout l;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 22.0F);
  const float side = std::clamp((puzzle() ? 0.3F : 0.25F) * a.width(), 150.0F, 320.0F);
  const float ratio = static_cast<float>(rows()) / static_cast<float>(columns());
  const float sum = a.height() >= 520.0F ? 64.0F : 40.0F;
  const float bottom = a.y1 - sum - 10.0F;
  const float width = 0.5F * (a.width() - side - 4.0F * pad);
  const float block = caption + legend;
  const float gallery = 0.28F * a.height();
  const float room = puzzle() ? 0.5F * (bottom - a.y0 - 8.0F) - block : bottom - a.y0 - 8.0F - block - gallery;
  const float height = std::min(room, width * std::clamp(ratio, 0.4F, 1.4F));
  float y = a.y0 + 4.0F + caption;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t row = i / 2;
    const float x = a.x0 + pad + static_cast<float>(i % 2) * (width + pad);
    const float top = y + static_cast<float>(row) * (height + block);
    l.picture[i] = {x, top, x + width, top + height};
  }
  const float x = l.picture[1].x1 + pad;
  const float end = puzzle() ? bottom : y + height + legend;
  l.kernel = {x, y, a.x1 - pad, end};
  l.gallery = {a.x0 + pad, y + height + legend + 8.0F, a.x1 - pad, bottom};
  l.sum = {a.x0 + pad, bottom + 6.0F, a.x1 - pad, a.y1 - 4.0F};
  return l;
}

// Pictures in pairs; the kernel beside gallery or puzzle.
Filters::Layout Filters::narrow_layout(const Rect& a) const {
  Layout l;
  l.wide = false;
  const float pad = 10.0F;
  const float ratio = std::clamp(static_cast<float>(rows()) / static_cast<float>(columns()), 0.4F, 1.4F);
  l.letters = puzzle() && a.height() < 480.0F;  // short: all four in one row
  const int across = l.letters ? 4 : 2;
  const auto n = static_cast<float>(across);
  const float width = (a.width() - (n + 1.0F) * pad) / n;
  const float share = !puzzle() ? 0.3F : l.letters ? 0.36F : 0.26F;
  const float height = std::min(width * ratio, share * a.height());
  const float y = a.y0 + 2.0F + caption;
  for (int i = 0; i < 4; ++i) {
    const float x = a.x0 + pad + static_cast<float>(i % across) * (width + pad);
    const int row = i / across;
    const float picture_top = y + static_cast<float>(row) * (height + caption + 2.0F);
    l.picture[static_cast<std::size_t>(i)] = {x, picture_top, x + width, picture_top + height};
  }
  const float top = l.picture[puzzle() ? 3 : 1].y1 + (puzzle() ? 2.0F : legend) + caption;
  const float grid = std::min(0.36F * a.width(), 150.0F);
  l.kernel = {a.x0 + pad, top, puzzle() ? a.x1 - pad : a.x0 + pad + grid, a.y1 - 4.0F};
  l.gallery = {l.kernel.x1 + pad, top - caption + 4.0F, a.x1 - pad, a.y1 - 2.0F};
  return l;
}

void Filters::draw(Canvas& canvas) {
  if (grey_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  if (l.picture[0].width() < 8.0F || l.picture[0].height() < 8.0F) return;
  keys();
  hovered_.reset();
  for (int i = 0; i < (puzzle() ? 4 : 2); ++i) draw_picture(canvas, l, i);
  draw_sum(canvas, l.sum);
  draw_kernel(canvas, l);
  if (!puzzle()) draw_gallery(canvas, l.gallery);
}

void Filters::draw_picture(const Canvas& canvas, const Layout& l, int index) {
  const auto i = static_cast<std::size_t>(index);
  const Rect& area = l.picture[i];
  Explored explored(state_, camera_, area, rows(), columns());
  const CellMap& map = explored.map();
  const char* name = index == 1 && puzzle() ? "filters.yours" : names[i];
  constexpr std::array<const char*, 4> letters = {"f", "g", "t", "g \u2212 t"};
  const std::string size = std::to_string(rows()) + " \u00D7 " + std::to_string(columns());
  draw_caption(canvas, {map.clip.x0, map.clip.y0, map.clip.x1, map.clip.y1},
               l.letters ? letters[i] : canvas.words(name), index == 0 && l.wide ? size.c_str() : nullptr);
  views_[i].draw(canvas, map);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  const Tensor& values = index == 0 ? input_ : index == 1 ? output_ : index == 2 ? target_ : difference_;
  const AreaInput input = area_input(names[i], area);
  explored.move(input);  // all pictures share the camera
  const std::optional<Cell> over = explored.under(input);
  if (over) {
    hovered_ = over;
    if (explored.keeps(input)) (void)state_.set("cell", State::format(*over));
  }
  explored.buttons(canvas, cell_);
  const Cell cell = shown_cell();
  draw_window(canvas, map, cell, index == 0);
  const Display& d = displays_[i];
  if (index > 0 && (l.wide || index == 1) && area.y1 + legend < canvas.area.y1 && (l.wide || !puzzle())) {
    const float from = d.shade == Shade::diverging ? -d.high : d.low;
    const float right = std::max(map.clip.x1, std::min(area.x1, map.clip.x0 + 160.0F));
    const bool below = d.least + 0.01F < from;
    const bool above = d.most - 0.01F > d.high;
    colour_bar(canvas, {map.clip.x0, map.clip.y1 + 2.0F, right, map.clip.y1 + legend},
               {d.shade, d.low, d.high, below, above, values(0, 0, cell.row, cell.column)});
  }
  if (over && !input.pressed) {
    draw_note_at_pointer(
        canvas,
        canvas.words.format("filters.note",
                            {letters[i], std::to_string(over->row + 1), std::to_string(over->column + 1),
                             canvas.words.number(static_cast<double>(values(0, 0, over->row, over->column)), 5)}));
  }
}

// The pixel that is looked at; in the picture before, all those under the kernel.
void Filters::draw_window(const Canvas& canvas, const CellMap& map, Cell cell, bool kernel_window) const {
  const int size_rows = static_cast<int>(kernel_.size(0)), size_columns = static_cast<int>(kernel_.size(1));
  const int top = conv2d_top_padding(params_, size_rows), left = conv2d_left_padding(params_, size_columns);
  mark(canvas, map,
       kernel_window ? map.rect(cell.row - top, cell.column - left, size_rows, size_columns)
                     : map.rect(cell.row, cell.column));
}

// The products of the pixel that is looked at.
void Filters::draw_sum(const Canvas& canvas, const Rect& area) {
  if (area.width() < 200.0F || area.height() < 24.0F) {
    marked_.reset();
    return;
  }
  const Cell cell = shown_cell();
  const Shape weights{1, 1, kernel_.size(0), kernel_.size(1)};
  const MacStep step = conv2d_step(params_, input_.shape(), weights, cell.row, cell.column);
  Expression sum;
  sum.left = "g(" + std::to_string(cell.row + 1) + ", " + std::to_string(cell.column + 1) + ")";
  sum.result = static_cast<double>(output_(0, 0, cell.row, cell.column));
  for (const MacTerm& term : step.terms) {
    sum.products.push_back({static_cast<double>(input_(0, 0, term.from_row, term.from_column)),
                            static_cast<double>(kernel_(term.kernel_row, term.kernel_column))});
  }
  marked_ = draw_expression(canvas, area, sum, marked_);
}

void Filters::keys() {
  int down = 0;
  int right = 0;
  if (!arrow_keys(down, right)) return;
  const Cell from = state_.cell("cell");
  cell_ = {std::clamp(from.row + down, 0, rows() - 1), std::clamp(from.column + right, 0, columns() - 1)};
  (void)state_.set("cell", State::format(cell_));
}

}  // namespace cvlab::app
