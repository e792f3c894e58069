#include "app/demos/convolution/convolution.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "app/demos/convolution/pixel_edits.hpp"
#include "app/shell/chosen_picture.hpp"
#include "app/shell/text.hpp"
#include "core/image/convert.hpp"
#include "core/image/kernels.hpp"
#include "core/image/range.hpp"

namespace cvlab::app {

namespace {

KernelKind kernel_kind(std::string_view name) {
  if (name == "identity") return KernelKind::identity;
  if (name == "shift") return KernelKind::shift;
  if (name == "sharpen") return KernelKind::sharpen;
  if (name == "sobel-x") return KernelKind::sobel_x;
  if (name == "sobel-y") return KernelKind::sobel_y;
  if (name == "laplacian") return KernelKind::laplacian;
  if (name == "emboss") return KernelKind::emboss;
  if (name == "gaussian") return KernelKind::gaussian;
  return KernelKind::mean;
}

Padding padding_of(std::string_view name) {
  if (name == "zero") return Padding::zero;
  if (name == "replicate") return Padding::replicate;
  if (name == "reflect") return Padding::reflect;
  return Padding::valid;
}

// The shortest decimal that reads back as the same float: 0.11111111, not the double next to it.
double shortest(float value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return parse_number({text.data(), static_cast<std::size_t>(end - text.data())}).value_or(static_cast<double>(value));
}

std::string matrix_text(const Tensor& weights) {
  std::vector<double> values(static_cast<std::size_t>(weights.count()));
  std::transform(weights.data(), weights.data() + weights.count(), values.begin(), shortest);
  return State::format(values, static_cast<int>(weights.size(2)), static_cast<int>(weights.size(3)));
}

// The same weights in a kernel of another size, middle on middle, zeros around.
Tensor resized(const Tensor& weights, int rows, int columns) {
  Tensor result(Shape{1, 1, rows, columns});
  const int old_rows = static_cast<int>(weights.size(2));
  const int old_columns = static_cast<int>(weights.size(3));
  const int down = (rows - 1) / 2 - (old_rows - 1) / 2;
  const int right = (columns - 1) / 2 - (old_columns - 1) / 2;
  for (int row = 0; row < old_rows; ++row) {
    for (int column = 0; column < old_columns; ++column) {
      const int r = row + down;
      const int c = column + right;
      if (r >= 0 && r < rows && c >= 0 && c < columns) result(0, 0, r, c) = weights(0, 0, row, column);
    }
  }
  return result;
}

}  // namespace

std::unique_ptr<Demo> make_convolution(DemoContext context) { return std::make_unique<Convolution>(context); }

bool Convolution::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  remark_ = {};
  load_input();
  load_kernel();
  convolve();
  settle_cell();
  seen_state_ = state_.version();  // after our own writes
  seen_pictures_ = pictures_.version();
  return false;
}

void Convolution::load_input() {
  const std::string_view id = state_.raw("image");
  // Edited pixels belong to the picture they were made on.
  if (!image_.empty() && id != image_ && state_.raw("edits") == edits_) (void)state_.set("edits", "");
  const PictureLibrary::Entry& entry = pictures_.get(id);
  const bool same = id == image_ && entry.version == image_version_ && state_.raw("edits") == edits_;
  image_ = id;
  edits_ = state_.raw("edits");
  if (entry.status != PictureLibrary::Status::ready) {
    input_ = {};
    image_version_ = 0;
    problem_ = missing(entry);
    return;
  }
  if (same && !input_.empty()) return;
  const auto edits = parse_pixel_edits(edits_);
  edit_problem_ = edits ? Error{} : edits.error();
  image_version_ = entry.version;
  input_ = image_to_grey(entry.image);
  if (edits) {
    if (auto applied = apply_pixel_edits(edits.value(), input_); !applied) edit_problem_ = applied.error();
  }
  const float greatest = input_.empty() ? 0.0F : *std::max_element(input_.data(), input_.data() + input_.count());
  input_high_ = greatest > 0.0F ? greatest : 255.0F;
  input_view_.set_plane(input_, Shade::grey, 0.0F, input_high_);
}

void Convolution::load_kernel() {
  const std::string_view kernel = state_.choice("kernel");
  const int rows = state_.integer("rows");
  const int columns = state_.integer("columns");
  const bool first = kernel_.empty();
  if (kernel != "own") {
    const Tensor plane = make_kernel(kernel_kind(kernel), rows, columns, state_.real("sigma"));  // (rows, columns)
    weights_ = Tensor(Shape{1, 1, rows, columns});
    std::copy_n(plane.data(), plane.count(), weights_.data());
  } else {
    const bool typed = first || state_.raw("weights") != weights_text_;
    if (!typed && kernel_ != "own") {
      (void)state_.set("weights", matrix_text(weights_));  // "own" starts from the kernel that was there
    } else if (!typed && (rows != rows_ || columns != columns_)) {
      (void)state_.set("weights", matrix_text(resized(weights_, rows, columns)));
    }
    int own_rows = 0;
    int own_columns = 0;
    const std::vector<double>& values = state_.matrix("weights", own_rows, own_columns);
    weights_ = Tensor(Shape{1, 1, own_rows, own_columns});
    std::transform(values.begin(), values.end(), weights_.data(), [](double v) { return static_cast<float>(v); });
    if (own_rows != rows) (void)state_.set("rows", std::to_string(own_rows));
    if (own_columns != columns) (void)state_.set("columns", std::to_string(own_columns));
  }
  kernel_ = kernel;
  weights_text_ = state_.raw("weights");
  rows_ = static_cast<int>(weights_.size(2));
  columns_ = static_cast<int>(weights_.size(3));
}

void Convolution::convolve() {
  params_ = {};
  params_.stride_y = params_.stride_x = state_.integer("stride");
  params_.dilation_y = params_.dilation_x = state_.integer("dilation");
  params_.padding = padding_of(state_.choice("padding"));
  params_.flip = state_.toggle("flip");
  output_ = {};
  margin_ = {};
  if (input_.empty()) return;
  const Shape shape = conv2d_output_shape(params_, input_.shape(), weights_.shape());
  if (shape.count() == 0) {
    problem_ = {"convolution.does_not_fit", "The kernel is larger than the picture: there is no output cell."};
    return;
  }
  output_ = Tensor(shape);
  margin_ = margin();
  conv2d_forward(params_, input_.view(), weights_.view(), {}, output_.view());
  const auto [low, high] = std::minmax_element(output_.data(), output_.data() + output_.count());
  minimum_ = *low;
  maximum_ = *high;
  const bool signed_colours = state_.toggle("signed");
  output_shade_ = signed_colours && minimum_ < 0.0F ? Shade::diverging : Shade::grey;
  if (!signed_colours) {
    output_high_ = input_high_;
  } else if (output_shade_ == Shade::grey) {
    output_high_ = std::max(maximum_, input_high_);
  } else {
    // A few strong edges must not make the rest of a photograph invisible; the legend says where colours end.
    const bool photograph = output_.count() > 4096;
    const float typical = photograph ? absolute_quantile(output_.view(), 0.99) : 0.0F;
    output_high_ = typical > 0.0F ? typical : std::max(-minimum_, maximum_);
  }
  output_view_.set_plane(output_, output_shade_, 0.0F, output_high_);
}

// The first and the last window say how far the kernel reaches over the edges.
Convolution::Margin Convolution::margin() const {
  const MacStep first = conv2d_step(params_, input_.shape(), weights_.shape(), 0, 0);
  const MacStep last = conv2d_step(params_, input_.shape(), weights_.shape(), output_rows() - 1, output_columns() - 1);
  return {std::max(0, -first.row), std::max(0, -first.column),
          std::max(0, last.terms.back().row + 1 - static_cast<int>(input_.size(2))),
          std::max(0, last.terms.back().column + 1 - static_cast<int>(input_.size(3)))};
}

void Convolution::settle_cell() {
  if (output_.empty()) return;
  const Cell wanted = state_.cell("cell");
  const Cell nearest{std::min(wanted.row, output_rows() - 1), std::min(wanted.column, output_columns() - 1)};
  if (!(nearest == wanted)) {
    remark_ = {"convolution.no_such_cell",
               "There is no output cell (" + State::format(wanted) + "); shown is (" + State::format(nearest) + ").",
               {State::format(wanted), State::format(nearest)}};
    (void)state_.set("cell", State::format(nearest));
  }
  hovered_.reset();
  look_at(nearest);
}

// Which input cells meet which weights is the core's word, not ours.
void Convolution::look_at(Cell cell) {
  cell_ = cell;
  step_ = conv2d_step(params_, input_.shape(), weights_.shape(), cell.row, cell.column);
  window_ = Tensor(Shape{rows_, columns_});
  products_ = Tensor(Shape{rows_, columns_});
  for (std::size_t t = 0; t < step_.terms.size(); ++t) {
    const MacTerm& term = step_.terms[t];
    const float value = term.from_row < 0 ? 0.0F : input_(0, 0, term.from_row, term.from_column);
    window_.data()[t] = value;
    products_.data()[t] = value * weights_(0, 0, term.kernel_row, term.kernel_column);
  }
}

std::string Convolution::term_name(const MacTerm& t, bool lowered) const {
  const bool short_names = step_.terms.back().row < 9 && step_.terms.back().column < 9 && rows_ < 10 && columns_ < 10;
  const auto name = [&](const char* letter, int row, int column) {
    const std::string i = std::to_string(row + 1);
    const std::string j = std::to_string(column + 1);
    return short_names ? letter + std::string(lowered ? "_" : "") + i + j : letter + ("(" + i + ", " + j + ")");
  };
  // A cell that the padding invents and that stands for none of the picture is worth 0.
  const std::string pixel = t.from_row < 0 ? "0" : name("I", t.from_row, t.from_column);
  return pixel + "\u00B7" + name("K", t.kernel_row, t.kernel_column);
}

void Convolution::edit_pixel(Cell pixel, double value) {
  auto edits = parse_pixel_edits(state_.raw("edits"));
  std::vector<PixelEdit> list = edits ? std::move(edits).value() : std::vector<PixelEdit>{};
  (void)state_.set("edits", format_pixel_edits(with_edit(std::move(list), {pixel, value})));
}

void Convolution::edit_kernel(Cell cell, double value) {
  Tensor weights = weights_;
  weights(0, 0, cell.row, cell.column) = static_cast<float>(value);
  (void)state_.set("kernel", "own");
  (void)state_.set("weights", matrix_text(weights));
}

// Row by row, filling the output as it goes. At the end the whole output stands there, and the next step starts again.
bool Convolution::step(int delta) {
  if (output_.empty()) return false;
  const Cell cell = state_.cell("cell");
  int next = cell.row * output_columns() + cell.column + delta;
  if (next < 0) return false;
  if (next >= output_rows() * output_columns()) {
    if (state_.toggle("fill")) {
      (void)state_.set("fill", "0");
      return false;
    }
    next = 0;
  }
  (void)state_.set("fill", "1");
  return static_cast<bool>(state_.set("cell", State::format(Cell{next / output_columns(), next % output_columns()})));
}

// Half a second a cell while one can follow; a photograph takes half a minute in all.
double Convolution::step_seconds() const {
  const double cells = std::max(1.0, static_cast<double>(output_.count()));
  return std::min(0.5, 30.0 / cells);
}

Readouts Convolution::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = !output_.empty();
  double kernel_sum = 0.0;
  for (std::ptrdiff_t i = 0; i < weights_.count(); ++i) kernel_sum += static_cast<double>(weights_.data()[i]);
  const auto number = [&](float value) { return any ? static_cast<double>(value) : undefined; };
  return {
      {"input_height", input_.empty() ? undefined : static_cast<double>(input_.size(2)), "px"},
      {"input_width", input_.empty() ? undefined : static_cast<double>(input_.size(3)), "px"},
      {"output_height", static_cast<double>(output_rows()), "px"},
      {"output_width", static_cast<double>(output_columns()), "px"},
      {"row", any ? cell_.row + 1.0 : undefined},
      {"column", any ? cell_.column + 1.0 : undefined},
      {"value", any ? static_cast<double>(output_(0, 0, cell_.row, cell_.column)) : undefined, "", 6},
      {"minimum", number(minimum_), "", 6},
      {"maximum", number(maximum_), "", 6},
      {"kernel_sum", kernel_sum},
      {"products", static_cast<double>(weights_.count())},
  };
}

std::string Convolution::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (!edit_problem_.id.empty()) return words.sentence(edit_problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  std::string terms;
  constexpr std::size_t most = 9;
  for (std::size_t t = 0; t < step_.terms.size() && step_.terms.size() <= most; ++t) {
    terms += (t > 0 ? " + " : "") + term_name(step_.terms[t], false);
  }
  const std::string row = std::to_string(cell_.row + 1);
  const std::string column = std::to_string(cell_.column + 1);
  const std::string value = words.number(static_cast<double>(output_(0, 0, cell_.row, cell_.column)), 6);
  if (!terms.empty()) return words.format("convolution.terms", {row, column, terms, value});
  return words.format("convolution.sentence", {row, column, std::to_string(weights_.count()), value});
}

}  // namespace cvlab::app
