#include "app/demos/filters/filters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/image/colour.hpp"
#include "core/image/convert.hpp"
#include "core/image/kernels.hpp"
#include "core/image/range.hpp"
#include "core/image/resize.hpp"

namespace cvlab::app {

namespace {

constexpr int tile_pixels = 80;
constexpr double sums_to_zero = 0.05;  // less than this, and nothing is left of even areas: edges are what is seen

double sum_of(const Tensor& kernel) {
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < kernel.count(); ++i) sum += static_cast<double>(kernel.data()[i]);
  return sum;
}

// The square in the middle, as small as a tile.
Image tile_of(const Image& grey) {
  const int side = std::min(grey.width, grey.height);
  Image square(side, side, 1);
  const int top = (grey.height - side) / 2, left = (grey.width - side) / 2;
  for (int row = 0; row < side; ++row) {
    const auto from = grey.data.begin() + static_cast<std::ptrdiff_t>(top + row) * grey.width + left;
    std::copy_n(from, side, square.data.begin() + static_cast<std::ptrdiff_t>(row) * side);
  }
  const int size = std::min(side, tile_pixels);
  Image small(size, size, 1);
  resize(square, Resampling::area, small);
  return small;
}

}  // namespace

std::unique_ptr<Demo> make_filters(DemoContext context) { return std::make_unique<Filters>(context); }

bool Filters::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  problem_ = {};
  load();
  load_kernel();
  if (grey_.empty()) return false;
  compute();
  if (!puzzle()) fill_gallery();
  const Cell wanted = state_.cell("cell");
  cell_ = {std::min(wanted.row, rows() - 1), std::min(wanted.column, columns() - 1)};
  return false;
}

void Filters::load() {
  const ChosenPicture::Look look = chosen_.look(pictures_, state_.raw("image"));
  if (look == ChosenPicture::Look::missing) {
    grey_ = {};
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  ++loads_;
  to_grey(chosen_.image(), grey_);
  input_ = image_to_tensor(grey_);
  show(0, input_, {});
  hovered_.reset();
}

void Filters::show(std::size_t view, const Tensor& values, Display display) {
  const ValueRange range = value_range(values.view());
  display.least = range.least;
  display.most = range.greatest;
  displays_[view] = display;
  views_[view].set_plane(values, display.shade, display.low, display.high);
}

void Filters::load_kernel() {
  if (!puzzle()) {
    const auto at = std::find(kernel_names.begin(), kernel_names.end(), state_.choice("kernel"));
    kernel_ = gallery_kernel(static_cast<int>(at - kernel_names.begin()));
    return;
  }
  hidden_ = puzzle_kernel(state_.integer("puzzle"));
  int own_rows = 0, own_columns = 0;
  const std::vector<double>& values = state_.matrix("guess", own_rows, own_columns);
  const double divisor = state_.integer("divisor");
  Tensor guess(Shape{own_rows, own_columns});
  std::transform(values.begin(), values.end(), guess.data(), [&](double v) { return static_cast<float>(v / divisor); });
  // As many cells as the puzzle needs: they are what the learner fills in.
  kernel_ = centred_kernel(guess.view(), std::max(own_rows, static_cast<int>(hidden_.size(0))),
                           std::max(own_columns, static_cast<int>(hidden_.size(1))));
}

// One tile of the gallery, in the order of the choices of "kernel".
Tensor Filters::gallery_kernel(int tile) const {
  constexpr int own = kernel_tiles - 1;
  struct Row {
    KernelKind kind;
    int size;
  };
  constexpr std::array<Row, own> rows = {{{KernelKind::identity, 3},
                                          {KernelKind::shift, 3},
                                          {KernelKind::mean, 3},
                                          {KernelKind::mean, 9},
                                          {KernelKind::gaussian, 5},
                                          {KernelKind::motion, 9},
                                          {KernelKind::sharpen, 3},
                                          {KernelKind::emboss, 3},
                                          {KernelKind::sobel_x, 3},
                                          {KernelKind::sobel_y, 3},
                                          {KernelKind::laplacian, 3}}};
  if (tile < own) {
    const Row& row = rows[static_cast<std::size_t>(tile)];
    return make_kernel(row.kind, row.size, row.size);
  }
  int own_rows = 0, own_columns = 0;
  const std::vector<double>& values = state_.matrix("weights", own_rows, own_columns);
  Tensor kernel(Shape{own_rows, own_columns});
  std::transform(values.begin(), values.end(), kernel.data(), [](double v) { return static_cast<float>(v); });
  return kernel;
}

void Filters::filter(const Tensor& picture, const Tensor& kernel, Tensor& result) const {
  const ConstView weights(kernel.data(), Shape{1, 1, kernel.size(0), kernel.size(1)});
  result.resize(picture.shape());
  conv2d_forward(params_, picture.view(), weights, {}, result.view());
}

// Signed values need a middle; a kernel whose weights sum to something gives a photograph again.
Filters::Display Filters::display_of(const Tensor& kernel) const {
  const std::string_view negatives = state_.choice("negatives");
  float reach = 0.0F;
  bool negative = false;
  for (std::ptrdiff_t i = 0; i < kernel.count(); ++i) {
    reach += std::abs(kernel.data()[i]);
    negative = negative || kernel.data()[i] < 0.0F;
  }
  if (negatives == "offset") return {Shade::grey, -128.0F, 127.0F};
  if (negatives == "signed" || (negatives == "auto" && negative && sum_of(kernel) < sums_to_zero)) {
    // The greatest possible value is reached at black beside white alone: an eighth of it shows the rest as well.
    return {Shade::diverging, 0.0F, std::max(1.0F, 255.0F * 0.5F * reach / 8.0F)};
  }
  return {};
}

void Filters::compute() {
  std::string now = std::to_string(loads_);
  for (const char* id : {"mode", "kernel", "weights", "puzzle", "guess", "divisor", "negatives"}) {
    now += '|' + std::string(state_.raw(id));
  }
  if (now == done_) return;
  done_ = std::move(now);
  filter(input_, kernel_, output_);
  show(1, output_, display_of(puzzle() ? hidden_ : kernel_));  // of a puzzle: both in the same colours
  if (puzzle()) solve();
}

void Filters::solve() {
  filter(input_, hidden_, target_);
  difference_.resize(output_.shape());
  std::transform(output_.data(), output_.data() + output_.count(), target_.data(), difference_.data(),
                 [](float a, float b) { return a - b; });
  distance_ = picture_distance(output_.view(), target_.view());
  solved_ = judge_puzzle(distance_, kernel_.view(), hidden_.view());
  show(2, target_, displays_[1]);
  // Large differences at one end of the colours, small ones still visible when the goal is near.
  const float range = std::clamp(static_cast<float>(distance_.greatest), static_cast<float>(puzzle_tolerance), 64.0F);
  show(3, difference_, {Shade::diverging, 0.0F, range});
}

// The middle of the picture, small, through every kernel: signed ones on one sheet, the others on another.
void Filters::fill_gallery() {
  std::string now = std::to_string(loads_) + '|' + std::string(state_.raw("weights")) + '|';
  now += state_.raw("negatives");
  if (now == gallery_done_) return;
  gallery_done_ = std::move(now);
  const Tensor small = image_to_tensor(tile_of(grey_));
  const std::ptrdiff_t cells = small.count();
  Tensor greys(Shape{kernel_tiles, 1, small.size(2), small.size(3)});
  Tensor marks(greys.shape());
  Tensor result;
  for (int tile = 0; tile < kernel_tiles; ++tile) {
    const auto i = static_cast<std::size_t>(tile);
    tile_kernels_[i] = gallery_kernel(tile);
    tile_displays_[i] = display_of(tile_kernels_[i]);
    filter(small, tile_kernels_[i], result);
    const Display& display = tile_displays_[i];
    const std::ptrdiff_t at = tile * cells;
    for (std::ptrdiff_t c = 0; c < cells; ++c) {
      greys.data()[at + c] = result.data()[c] - display.low;
      marks.data()[at + c] = result.data()[c] / display.high;
    }
  }
  grey_sheet_.set(greys, Shade::grey, 0.0F, 255.0F);
  signed_sheet_.set(marks, Shade::diverging, 0.0F, 1.0F);
}

// A cell of the kernel was changed by hand: in the gallery it becomes one's own.
void Filters::edit(Cell cell, double value) {
  const int size_rows = static_cast<int>(kernel_.size(0)), size_columns = static_cast<int>(kernel_.size(1));
  const double divisor = puzzle() ? state_.integer("divisor") : 1;
  std::vector<double> values(static_cast<std::size_t>(kernel_.count()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Six decimals: 0.111111, not the nearest float's 0.11111111193895340.
    values[i] = std::round(1e6 * static_cast<double>(kernel_.data()[i]) * divisor) / 1e6;
  }
  values[static_cast<std::size_t>(cell.row * size_columns + cell.column)] = value;
  const std::string text = State::format(values, size_rows, size_columns);
  if (!puzzle()) (void)state_.set("kernel", "own");
  (void)state_.set(puzzle() ? "guess" : "weights", text);
}

double Filters::kernel_sum() const { return sum_of(kernel_); }

Readouts Filters::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = !grey_.empty();
  const bool asked = any && puzzle();
  const auto number = [&](double v) { return any ? v : undefined; };
  const Cell cell = shown_cell();
  const auto value = [&](const Tensor& t) {
    return any ? static_cast<double>(t(0, 0, cell.row, cell.column)) : undefined;
  };
  return {
      {"kernel_sum", std::round(1e6 * kernel_sum()) / 1e6},
      {"input", value(input_)},
      {"output", value(output_), "", 5},
      {"minimum", number(static_cast<double>(displays_[1].least)), "", 5},
      {"maximum", number(static_cast<double>(displays_[1].most)), "", 5},
      {"distance", asked ? distance_.greatest : undefined, "", 4},
      {"mean_distance", asked ? distance_.mean : undefined, "", 4},
      {"solved", asked ? (solved_ == PuzzleState::open ? 0.0 : 1.0) : undefined},
      {"hidden_sum", asked && state_.integer("hint") >= 1 ? std::round(1e6 * sum_of(hidden_)) / 1e6 : undefined},
  };
}

std::string Filters::sentence(const Words& words) const {
  if (grey_.empty()) return words.sentence(problem_);
  if (puzzle()) {
    const std::string number = std::to_string(state_.integer("puzzle"));
    if (solved_ == PuzzleState::solved) return words.format("filters.solved", {number});
    if (solved_ == PuzzleState::solved_otherwise) return words.format("filters.solved_otherwise", {number});
    return words.format("filters.open", {number, words.number(distance_.greatest, 4)});
  }
  const double sum = kernel_sum();
  const std::string text = words.number(std::round(1e6 * sum) / 1e6, 3);
  if (std::abs(sum - 1.0) < 1e-4) return words.format("filters.sum_one", {text});
  if (std::abs(sum) < 1e-4) return words.format("filters.sum_zero", {text});
  return words.format("filters.sum_other", {text});
}

}  // namespace cvlab::app
