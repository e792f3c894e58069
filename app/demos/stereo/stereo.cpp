#include "app/demos/stereo/stereo.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/shell/chosen_picture.hpp"
#include "core/image/convert.hpp"
#include "core/image/features.hpp"
#include "core/image/resize.hpp"

namespace cvlab::app {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
// The calibration that comes with the motorcycle's pictures (Middlebury 2014), for pictures of half the size.
constexpr StereoRig motorcycle_rig{994.978 / 2, 0.193001, 31.086 / 2};
constexpr int dots_width = 240, dots_height = 160, dots_near = 14, dots_far = 5;

Image halved(const Image& image) {
  Image whole(image.width / 2 * 2, image.height / 2 * 2, image.channels);  // without an odd last row or column
  for (int row = 0; row < whole.height; ++row) {
    for (int column = 0; column < whole.width; ++column) {
      for (int c = 0; c < image.channels; ++c) whole.at(row, column, c) = image.at(row, column, c);
    }
  }
  Image half;
  half.width = whole.width / 2;
  half.height = whole.height / 2;
  resize(whole, Resampling::area, half);
  return half;
}

}  // namespace

std::unique_ptr<Demo> make_stereo(DemoContext context) { return std::make_unique<Stereo>(context); }

bool Stereo::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  if (load()) {
    params_ = {state_.integer("window") / 2, state_.integer("range"), state_.toggle("subpixel"), state_.toggle("check"),
               state_.integer("tolerance")};
    std::string key = pair_ + ' ' + std::to_string(pair_version_);
    for (const char* id : {"window", "range", "subpixel", "check", "tolerance"})
      key += ' ' + std::string(state_.raw(id));
    if (key != computed_) {
      block_match(left_, right_, params_, result_);
      computed_ = key;
      int known = 0;
      int found = 0;
      const std::ptrdiff_t count = truth_.empty() ? 0 : truth_.count();
      for (std::ptrdiff_t i = 0; i < count; ++i) {
        if (std::isnan(truth_.data()[i]) || result_.marks[static_cast<std::size_t>(i)] != StereoMark::good) continue;
        ++known;
        found += std::abs(truth_.data()[i] - result_.disparity.data()[i]) <= 1.0F ? 1 : 0;
      }
      right_share_ = known > 0 ? static_cast<double>(found) / known : undefined;
    }
    map_changed_ = true;
    const Cell wanted = state_.cell("cell");
    hovered_.reset();
    look_at({std::min(wanted.row, left_.height - 1), std::min(wanted.column, left_.width - 1)});
  }
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

// False while there is nothing to match.
bool Stereo::load() {
  const std::string_view pair = state_.choice("pair");
  problem_ = {};
  if (!motorcycle()) {
    if (pair == pair_) return true;
    RandomDots dots = make_random_dots(dots_width, dots_height, dots_near, dots_far, 1);
    left_ = std::move(dots.left);
    right_ = std::move(dots.right);
    truth_ = std::move(dots.truth);
    left_view_.set(left_);
    right_view_.set(right_);
    pair_ = pair;
    pair_version_ = 0;
    return true;
  }
  const PictureLibrary::Entry& a = pictures_.get("motorcycle_left");
  const PictureLibrary::Entry& b = pictures_.get("motorcycle_right");
  for (const PictureLibrary::Entry* entry : {&a, &b}) {
    if (problem_.id.empty()) problem_ = missing(*entry);
  }
  if (problem_.id.empty() &&
      (a.image.width != b.image.width || a.image.height != b.image.height || a.image.width < 2 || a.image.height < 2)) {
    problem_ = {"stereo.sizes", "The two pictures are not of one size."};
  }
  if (!problem_.id.empty()) {
    left_ = {};
    right_ = {};
    pair_.clear();
    return false;
  }
  if (pair == pair_ && pair_version_ == a.version + b.version) return true;
  const Image left = halved(a.image);
  const Image right = halved(b.image);
  left_view_.set(left);
  right_view_.set(right);
  left_ = to_grey_image(left);
  right_ = to_grey_image(right);
  truth_ = {};
  rig_ = motorcycle_rig;
  pair_ = pair;
  pair_version_ = a.version + b.version;
  return true;
}

void Stereo::look_at(Cell cell) {
  cell_ = cell;
  costs_ = matching_costs(left_, right_, params_, cell.row, cell.column);
}

bool Stereo::good(Cell cell) const {
  return result_.marks[static_cast<std::size_t>(cell.row * left_.width + cell.column)] == StereoMark::good;
}

int Stereo::whole(Cell cell) const { return static_cast<int>(result_.raw(0, 0, cell.row, cell.column)); }

// Of the pixel that is looked at, left out or not: what the curve says.
double Stereo::disparity() const { return best_disparity(costs_, params_.subpixel); }

double Stereo::cost_per_pixel(int cost) const {
  const int side = 2 * params_.radius + 1;
  return static_cast<double>(cost) / (side * side);
}

Readouts Stereo::readouts() const {
  const bool any = !left_.empty();
  const auto n = [&](double v) { return any ? v : undefined; };
  const int d = any ? whole(cell_) : 0;
  const double exact = any ? disparity() : undefined;
  const double back =
      any && params_.check
          ? static_cast<double>(result_.back[static_cast<std::size_t>(cell_.row * left_.width + cell_.column - d)])
          : undefined;
  const int side = 2 * params_.radius + 1;
  return {
      {"row", n(cell_.row + 1.0)},
      {"column", n(cell_.column + 1.0)},
      {"disparity", exact, "px"},
      {"whole", n(d), "px"},
      {"cost", any ? static_cast<double>(costs_[static_cast<std::size_t>(d)]) : undefined, "", 6},
      {"tried", n(static_cast<double>(costs_.size()))},
      {"back", back, "px"},
      {"consistent", any ? (good(cell_) ? 1.0 : 0.0) : undefined},
      {"depth", any && motorcycle() ? rig_.depth(exact) : undefined, "m"},
      {"kept", any ? 100.0 * result_.kept / static_cast<double>(result_.marks.size()) : undefined, "%"},
      {"right_share", any && !motorcycle() ? 100.0 * right_share_ : undefined, "%"},
      {"differences", n(static_cast<double>(side) * side * static_cast<double>(costs_.size())), "", 6},
  };
}

std::string Stereo::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (left_.empty()) return {};
  const std::string place = State::format(cell_);
  if (!good(cell_)) {
    const int d = whole(cell_);
    const int back = result_.back[static_cast<std::size_t>(cell_.row * left_.width + cell_.column - d)];
    return words.format("stereo.sentence.refused", {place, std::to_string(d), std::to_string(back)});
  }
  return words.format("stereo.sentence", {place, words.number(disparity(), 4)});
}

}  // namespace cvlab::app
