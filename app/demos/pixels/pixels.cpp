#include "app/demos/pixels/pixels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/image/convert.hpp"

namespace cvlab::app {

namespace {

// One plane of a (1, C, H, W) tensor as a tensor of its own.
Tensor plane_of(const Tensor& planes, int channel) {
  Tensor plane(Shape{1, 1, planes.size(2), planes.size(3)});
  std::copy_n(planes.data() + channel * plane.count(), plane.count(), plane.data());
  return plane;
}

}  // namespace

std::unique_ptr<Demo> make_pixels(DemoContext context) { return std::make_unique<Pixels>(context); }

bool Pixels::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  remark_ = {};
  load();
  if (!values_.empty()) {
    quantise();
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
    values_ = {};
    levels_ = {};
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  file_channels_ = chosen_.image().channels;
  const Tensor file = image_to_tensor(chosen_.image());
  const Tensor luma = image_to_grey(chosen_.image());
  const std::ptrdiff_t count = luma.count();
  const bool colour = file_channels_ >= 3;
  values_ = Tensor(Shape{1, 4, luma.size(2), luma.size(3)});
  for (int channel = 0; channel < 3; ++channel) {
    std::copy_n(file.data() + (colour ? channel * count : 0), count, values_.data() + channel * count);
  }
  std::transform(luma.data(), luma.data() + count, values_.data() + grey * count,
                 [](float v) { return std::round(v); });
  bits_ = 0;
}

void Pixels::quantise() {
  const int bits = state_.integer("bits");
  const std::string_view channel = state_.choice("channel");
  if (bits == bits_ && channel == channel_) return;
  const float top = static_cast<float>((1 << bits) - 1);
  if (bits != bits_) {
    levels_ = Tensor(values_.shape());
    std::transform(values_.data(), values_.data() + values_.count(), levels_.data(),
                   [&](float v) { return static_cast<float>(quantise_level(static_cast<int>(v), bits)); });
    for (int c = 0; c < 3; ++c) {
      plane_views_[static_cast<std::size_t>(c)].set_plane(plane_of(levels_, c), Shade::grey, 0.0F, top);
    }
  }
  bits_ = bits;
  channel_ = channel;
  const Tensor plane = plane_of(levels_, shown_channel());
  const auto [low, high] = std::minmax_element(plane.data(), plane.data() + plane.count());
  minimum_ = static_cast<int>(*low);
  maximum_ = static_cast<int>(*high);
  if (channel == "colour" && file_channels_ >= 3) {
    Tensor rgb(Shape{1, 3, levels_.size(2), levels_.size(3)});
    std::copy_n(levels_.data(), rgb.count(), rgb.data());
    view_.set_colour(rgb, top);
  } else {
    view_.set_plane(plane, Shade::grey, 0.0F, top);
  }
}

int Pixels::shown_channel() const {
  const std::string_view channel = state_.choice("channel");
  return channel == "red" ? 0 : channel == "green" ? 1 : channel == "blue" ? 2 : grey;
}

int Pixels::value(int channel, Cell cell) const { return static_cast<int>(values_(0, channel, cell.row, cell.column)); }

Readouts Pixels::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = !levels_.empty();
  const Cell cell = hovered_.value_or(cell_);
  const auto of = [&](int channel) { return any ? static_cast<double>(value(channel, cell)) : undefined; };
  const auto number = [&](double v) { return any ? v : undefined; };
  const int planes = state_.choice("channel") == "colour" && file_channels_ >= 3 ? 3 : 1;
  return {
      {"width", any ? static_cast<double>(columns()) : undefined, "px"},
      {"height", any ? static_cast<double>(rows()) : undefined, "px"},
      {"row", number(cell.row + 1.0)},
      {"column", number(cell.column + 1.0)},
      {"red", of(0)},
      {"green", of(1)},
      {"blue", of(2)},
      {"value", any ? static_cast<double>(levels_(0, shown_channel(), cell.row, cell.column)) : undefined},
      {"levels", static_cast<double>(1 << state_.integer("bits"))},
      {"minimum", number(minimum_)},
      {"maximum", number(maximum_)},
      {"size", any ? static_cast<double>(rows()) * columns() * planes * state_.integer("bits") / 8.0 : undefined, "",
       9},
  };
}

std::string Pixels::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  const Cell cell = hovered_.value_or(cell_);
  return words.format("pixels.sentence", {std::to_string(cell.row + 1), std::to_string(cell.column + 1),
                                          std::to_string(value(0, cell)), std::to_string(value(1, cell)),
                                          std::to_string(value(2, cell)), std::to_string(value(grey, cell))});
}

}  // namespace cvlab::app
