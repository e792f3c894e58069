#include "app/demos/edges/edges.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/image/colormap.hpp"
#include "core/image/convert.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/range.hpp"

namespace cvlab::app {

namespace {

enum Stage { smoothed, along_x, along_y, magnitude, direction, thinned, thresholds, edges };

Tensor plane_for(const Image& image, int channels = 1) { return Tensor(Shape{1, channels, image.height, image.width}); }

template <class Values>
Tensor plane_of(const Image& image, const Values& values) {
  Tensor plane = plane_for(image);
  std::transform(values.begin(), values.end(), plane.data(), [](auto v) { return static_cast<float>(v); });
  return plane;
}

}  // namespace

const char* Edges::stage_name(int stage) {
  constexpr const char* names[] = {"smoothed", "x", "y", "magnitude", "direction", "thinned", "thresholds", "edges"};
  return names[stage];
}

std::unique_ptr<Demo> make_edges(DemoContext context) { return std::make_unique<Edges>(context); }

int Edges::shown_stage() const {
  const std::string_view name = state_.choice("stage");
  for (int stage = 0; stage < stages; ++stage) {
    if (name == stage_name(stage)) return stage;
  }
  return 0;
}

bool Edges::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  remark_ = {};
  load();
  if (!grey_.empty()) {
    detect();
    settle_cell();
  }
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

void Edges::load() {
  const ChosenPicture::Look look = chosen_.look(pictures_, state_.raw("image"));
  if (look == ChosenPicture::Look::missing) {
    grey_ = {};
    smooth_ = {};
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  grey_ = tensor_to_image(image_to_grey(chosen_.image()).view());
  sigma_ = -1.0;
}

// Only what a changed parameter can change is drawn anew.
void Edges::detect() {
  const double sigma = state_.real("sigma");
  const double low = state_.integer("low");
  const double high = state_.integer("high");
  const bool other_picture = sigma != sigma_;
  if (!other_picture && low == low_ && high == high_) return;
  if (other_picture) {
    if (sigma > 0.0) {
      gaussian_blur(grey_, sigma, 0, Padding::reflect, smooth_);
    } else {
      smooth_ = grey_;
    }
  }
  sigma_ = sigma;
  low_ = low;
  high_ = high;
  canny_stages(smooth_, {low, high, true}, result_);
  if (other_picture) show_gradients();
  show_decisions();
  count();
}

void Edges::show_gradients() {
  const Tensor x = plane_of(smooth_, result_.gradient.x);
  const Tensor y = plane_of(smooth_, result_.gradient.y);
  const Tensor strength = plane_of(smooth_, result_.magnitude);
  const auto greatest = [](const Tensor& t) {
    const float typical = absolute_quantile(t.view(), 0.99);
    return typical > 0.0F ? typical : std::max(1.0F, absolute_quantile(t.view(), 1.0));
  };
  gradient_high_ = std::max(greatest(x), greatest(y));
  magnitude_high_ = greatest(strength);
  views_[smoothed].set_plane(plane_of(smooth_, smooth_.data), Shade::grey, 0.0F, 255.0F);
  views_[along_x].set_plane(x, Shade::diverging, 0.0F, gradient_high_);
  views_[along_y].set_plane(y, Shade::diverging, 0.0F, gradient_high_);
  views_[magnitude].set_plane(strength, Shade::sequential, 0.0F, magnitude_high_);
  Tensor wheel = plane_for(smooth_, 3);
  Tensor thin = plane_for(smooth_);
  const std::ptrdiff_t n = thin.count();
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const float bright = std::min(1.0F, result_.magnitude[k] / magnitude_high_);
    const Rgb colour = colormap_cyclic(gradient_direction(result_.gradient.x[k], result_.gradient.y[k]) / 360.0);
    for (std::size_t c = 0; c < 3; ++c)
      wheel.data()[static_cast<std::ptrdiff_t>(c) * n + i] = bright * static_cast<float>(colour[c]);
    thin.data()[i] = result_.ridge[k] != 0 ? result_.magnitude[k] : 0.0F;
  }
  views_[direction].set_colour(wheel, 255.0F);
  views_[thinned].set_plane(thin, Shade::sequential, 0.0F, magnitude_high_);
}

// Weak pixels in one colour, strong ones white.
void Edges::show_decisions() {
  const Rgb weak = colormap_categorical(1);
  Tensor both = plane_for(smooth_, 3);
  const std::ptrdiff_t n = both.count() / 3;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const int kind = result_.classes[static_cast<std::size_t>(i)];
    for (std::size_t c = 0; c < 3; ++c)
      both.data()[static_cast<std::ptrdiff_t>(c) * n + i] =
          kind == canny_strong ? 255.0F : (kind == canny_weak ? static_cast<float>(weak[c]) : 0.0F);
  }
  views_[thresholds].set_colour(both, 255.0F);
  views_[edges].set_plane(plane_of(smooth_, result_.edges.data), Shade::grey, 0.0F, 255.0F);
}

void Edges::count() {
  const auto all = [](const auto& values, int wanted) {
    return static_cast<int>(std::count(values.begin(), values.end(), wanted));
  };
  ridge_pixels_ = all(result_.ridge, 1);
  weak_ = all(result_.classes, canny_weak);
  strong_ = all(result_.classes, canny_strong);
  edge_pixels_ = all(result_.edges.data, 255);
}

void Edges::settle_cell() {
  const Cell wanted = state_.cell("cell");
  cell_ = {std::min(wanted.row, rows() - 1), std::min(wanted.column, columns() - 1)};
  if (cell_ == wanted) return;
  remark_ = {"edges.no_such_pixel",
             "There is no pixel (" + State::format(wanted) + "); shown is (" + State::format(cell_) + ").",
             {State::format(wanted), State::format(cell_)}};
  (void)state_.set("cell", State::format(cell_));
}

double Edges::magnitude_at(int row, int column) const {
  if (row < 0 || column < 0 || row >= rows() || column >= columns()) return 0.0;
  const std::size_t i = result_.gradient.index(row, column);
  const double x = result_.gradient.x[i];
  const double y = result_.gradient.y[i];
  return std::sqrt(x * x + y * y);
}

Edges::Pixel Edges::pixel(Cell cell) const {
  const std::size_t i = result_.gradient.index(cell.row, cell.column);
  Pixel at;
  at.row = cell.row;
  at.column = cell.column;
  at.value = smooth_.data[i];
  at.gx = result_.gradient.x[i];
  at.gy = result_.gradient.y[i];
  at.magnitude = magnitude_at(cell.row, cell.column);
  at.direction = gradient_direction(at.gx, at.gy);
  at.across = canny_step(at.gx, at.gy);
  at.before = magnitude_at(cell.row - at.across.row, cell.column - at.across.column);
  at.after = magnitude_at(cell.row + at.across.row, cell.column + at.across.column);
  at.ridge = result_.ridge[i] != 0;
  at.canny_class = result_.classes[i];
  at.edge = result_.edges.data[i] != 0;
  return at;
}

bool Edges::step(int delta) {
  const int next = shown_stage() + delta;
  if (next < 0 || next >= stages) return false;
  return static_cast<bool>(state_.set("stage", stage_name(next)));
}

Readouts Edges::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = !smooth_.empty();
  const Pixel at = any ? pixel(looked_at()) : Pixel{};
  const auto number = [&](double v) { return any ? v : undefined; };
  return {
      {"width", number(columns()), "px"},
      {"height", number(rows()), "px"},
      {"row", number(at.row + 1.0)},
      {"column", number(at.column + 1.0)},
      {"value", number(at.value)},
      {"gx", number(at.gx)},
      {"gy", number(at.gy)},
      {"magnitude", number(at.magnitude), "", 5},
      {"direction", any && at.magnitude > 0.0 ? at.direction : undefined, "°"},
      {"before", number(at.before), "", 5},
      {"after", number(at.after), "", 5},
      {"ridge", number(at.ridge ? 1.0 : 0.0)},
      {"class", number(at.canny_class)},
      {"edge", number(at.edge ? 1.0 : 0.0)},
      {"ridge_pixels", number(ridge_pixels_), "px", 8},
      {"weak", number(weak_), "px", 8},
      {"strong", number(strong_), "px", 8},
      {"edge_pixels", number(edge_pixels_), "px", 8},
      {"edge_share", any ? 100.0 * edge_pixels_ / static_cast<double>(smooth_.data.size()) : undefined, "%"},
  };
}

std::string Edges::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  const Pixel at = pixel(looked_at());
  return words.format("edges.sentence",
                      {std::to_string(at.row + 1), std::to_string(at.column + 1), words.number(at.magnitude, 4),
                       words.number(at.direction, 4), std::to_string(edge_pixels_)});
}

}  // namespace cvlab::app
