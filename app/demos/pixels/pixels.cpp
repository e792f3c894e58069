#include "app/demos/pixels/pixels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/image/colour.hpp"
#include "core/image/convert.hpp"

namespace cvlab::app {

namespace {

constexpr std::array plane_ids = {"red", "green", "blue", "hue", "saturation", "value", "lightness", "a", "b", "grey"};

Image channel_of(const Image& image, int channel) {
  Image plane(image.width, image.height, 1);
  const auto step = static_cast<std::size_t>(image.channels);
  for (std::size_t i = 0; i < plane.data.size(); ++i) {
    plane.data[i] = image.data[i * step + static_cast<std::size_t>(channel)];
  }
  return plane;
}

// The colours of a file without alpha; a grey one has three equal channels.
Image colours_of(const Image& file) {
  Image rgb(file.width, file.height, 3);
  const bool colour = file.channels >= 3;
  const auto step = static_cast<std::size_t>(file.channels);
  for (std::size_t i = 0; i < rgb.data.size(); ++i) rgb.data[i] = file.data[i / 3 * step + (colour ? i % 3 : 0)];
  return rgb;
}

}  // namespace

std::unique_ptr<Demo> make_pixels(DemoContext context) { return std::make_unique<Pixels>(context); }

const char* Pixels::plane_id(Plane plane) { return plane_ids[static_cast<std::size_t>(plane)]; }

bool Pixels::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  remark_ = {};
  load();
  if (!grey_.empty()) {
    compute();
    const Cell wanted = state_.cell("cell");
    cell_ = {std::min(wanted.row, rows() - 1), std::min(wanted.column, columns() - 1)};
    if (!(cell_ == wanted)) {
      remark_ = {"pixels.no_such_pixel",
                 "There is no pixel (" + State::format(wanted) + "); shown is (" + State::format(cell_) + ").",
                 {State::format(wanted), State::format(cell_)}};
      (void)state_.set("cell", State::format(cell_));
    }
  }
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

void Pixels::load() {
  const ChosenPicture::Look look = chosen_.look(pictures_, state_.raw("image"));
  if (look == ChosenPicture::Look::missing) {
    grey_ = {};
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  ++loaded_;
  hovered_.reset();  // it may lie outside another picture
  file_channels_ = chosen_.image().channels;
  rgb_ = colours_of(chosen_.image());
  to_grey(chosen_.image(), grey_);
  hsv_ = {};
  lab_ = {};
}

void Pixels::compute() {
  Asked asked{loaded_,
              std::string(state_.choice("channel")),
              std::string(state_.choice("show")),
              std::string(state_.choice("numbers")),
              std::string(state_.choice("overflow")),
              state_.integer("bits"),
              state_.integer("offset")};
  if (asked == asked_) return;
  asked_ = std::move(asked);
  bits_ = asked_.bits;
  const Plane shown = shown_plane();
  if (shown >= hue && shown <= brightness && hsv_.empty()) rgb_to_hsv(rgb_, hsv_);
  if (shown >= lightness && shown <= lab_b && lab_.empty()) rgb_to_lab(rgb_, lab_);
  offset_curve_ = offset_curve(asked_.offset, asked_.overflow == "wrap" ? Overflow::wrap : Overflow::saturate);
  level_curve_ = level_curve(bits_);
  shown_curve_ = shown_curve(bits_);

  Image plane = plane_image(shown);
  const Levels before = levels_of(plane, 0);
  overflowing_ = overflowing(before, asked_.offset);
  stored_ = moved_levels(before, offset_curve_);
  levels_ = moved_levels(stored_, level_curve_);
  psnr_ = curve_psnr(stored_, shown_curve_);
  const Image& source = in_colour() && asked_.show == "picture" ? rgb_ : plane;
  Image stored;
  apply_curve(source, offset_curve_, stored);
  compute_view(stored);
  for (int c = 0; c < 3; ++c) {
    Image small = plane_image(static_cast<Plane>(first_of_strip() + c));
    apply_curve(small, offset_curve_, small);
    apply_curve(small, shown_curve_, small);
    strip_[static_cast<std::size_t>(c)].set(small);
  }
}

// The large picture: levels as whole numbers or as fractions of the greatest one, or the error.
void Pixels::compute_view(const Image& stored) {
  const bool errors = asked_.show == "error";
  Image changed;
  apply_curve(stored, errors ? shown_curve_ : level_curve_, changed);
  Tensor numbers = image_to_tensor(changed);
  const auto top = static_cast<float>((1 << bits_) - 1);
  const auto half = static_cast<float>(1 << (bits_ - 1));
  if (errors) {
    for (std::size_t i = 0; i < stored.data.size(); ++i) numbers.data()[i] -= static_cast<float>(stored.data[i]);
    view_shade_ = Shade::diverging;
    view_high_ = std::max(1.0F, 256.0F / static_cast<float>(2 << (bits_ - 1)));
  } else {
    const bool about_zero = is_signed(shown_plane());
    const bool fraction = asked_.numbers == "unit";
    const float shift = about_zero ? half : 0.0F;
    const float scale = fraction ? 1.0F / (about_zero ? half : top) : 1.0F;
    std::for_each(numbers.data(), numbers.data() + numbers.count(), [&](float& v) { v = (v - shift) * scale; });
    view_shade_ = about_zero ? Shade::diverging : Shade::grey;
    view_high_ = fraction ? 1.0F : about_zero ? half : top;
  }
  if (stored.channels == 3) {
    view_shade_ = Shade::colour;
    view_.set_colour(numbers, view_high_);
  } else {
    view_.set_plane(numbers, view_shade_, 0.0F, view_high_);
  }
}

Pixels::Plane Pixels::shown_plane() const {
  const auto at = std::find(plane_ids.begin(), plane_ids.end(), std::string_view(asked_.channel));
  return at == plane_ids.end() ? grey : static_cast<Plane>(at - plane_ids.begin());
}

Image Pixels::plane_image(Plane plane) const {
  if (plane == grey) return grey_;
  return channel_of(plane < hue ? rgb_ : plane < lightness ? hsv_ : lab_, plane % 3);
}

int Pixels::byte_of(Plane plane, Cell at) const {
  if (plane == grey) return grey_.at(at.row, at.column);
  return (plane < hue ? rgb_ : plane < lightness ? hsv_ : lab_).at(at.row, at.column, plane % 3);
}

int Pixels::stored(Cell at) const { return offset_curve_[static_cast<std::size_t>(byte_of(shown_plane(), at))]; }

int Pixels::level(Cell at) const {
  const int whole = level_curve_[static_cast<std::size_t>(stored(at))];
  return is_signed(shown_plane()) ? whole - (1 << (bits_ - 1)) : whole;
}

int Pixels::error(Cell at) const { return shown_curve_[static_cast<std::size_t>(stored(at))] - stored(at); }

double Pixels::luma(Cell at) const {
  Image one(1, 1, 3);
  for (int c = 0; c < 3; ++c) one.at(0, 0, c) = rgb_.at(at.row, at.column, c);
  return static_cast<double>(image_to_grey(one)(0, 0, 0, 0));
}

double Pixels::unit(int level) const {
  return static_cast<double>(level) / (is_signed(shown_plane()) ? 1 << (bits_ - 1) : (1 << bits_) - 1);
}

Readouts Pixels::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = !grey_.empty();
  const Cell cell = looked_at();
  const auto number = [&](double v) { return any ? v : undefined; };
  const auto of = [&](Plane plane) { return any ? static_cast<double>(byte_of(plane, cell)) : undefined; };
  const int shift = any && is_signed(shown_plane()) ? 1 << (bits_ - 1) : 0;
  const int planes = any && in_colour() ? 3 : 1;
  const auto count = [&](std::int64_t n) { return any ? static_cast<double>(n) : undefined; };
  return {
      {"width", number(columns()), "px"},
      {"height", number(rows()), "px"},
      {"row", number(cell.row + 1.0)},
      {"column", number(cell.column + 1.0)},
      {"red", of(red)},
      {"green", of(green)},
      {"blue", of(blue)},
      {"luma", any ? luma(cell) : undefined, "", 6},
      {"stored", any ? stored(cell) : undefined},
      {"value", any ? level(cell) : undefined},
      {"unit", any ? unit(level(cell)) : undefined},
      {"error", any ? error(cell) : undefined},
      {"levels", static_cast<double>(1 << state_.integer("bits"))},
      {"different", any ? different_levels(levels_) : undefined},
      {"minimum", number(levels_.least() - shift)},
      {"maximum", number(levels_.greatest() - shift)},
      {"overflowing", count(overflowing_), "px", 9},
      {"psnr", any && std::isfinite(psnr_) ? psnr_ : undefined, "dB"},
      {"size", any ? static_cast<double>(rows()) * columns() * planes * bits_ / 8.0 : undefined, "", 9},
  };
}

std::string Pixels::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  const Cell cell = looked_at();
  std::string text =
      words.format("pixels.sentence", {std::to_string(cell.row + 1), std::to_string(cell.column + 1),
                                       std::to_string(byte_of(red, cell)), std::to_string(byte_of(green, cell)),
                                       std::to_string(byte_of(blue, cell)), std::to_string(byte_of(grey, cell))});
  if (overflowing_ > 0) {
    text += ' ' + words.format("pixels.overflow_sentence", {std::to_string(overflowing_)});
  }
  return text;
}

}  // namespace cvlab::app
