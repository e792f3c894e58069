#include "app/demos/frame-averaging/frame_averaging.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "app/shell/chosen_picture.hpp"
#include "core/image/convert.hpp"

namespace cvlab::app {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double slice_seconds = 0.008;
constexpr int crossing = 32;  // frames that the disc takes from one side to the other

Tensor grey_plane(const Image& image) {
  const Tensor grey = image_to_grey(image);
  Tensor plane(Shape{grey.size(2), grey.size(3)});
  std::copy_n(grey.data(), grey.count(), plane.data());
  return plane;
}

// Where the disc is in a frame.
void paint_moving(View plane, int frame, View still) {
  const auto width = static_cast<double>(plane.size(1));
  const auto height = static_cast<double>(plane.size(0));
  const double along = 0.06 + 0.88 * (frame % crossing) / (crossing - 1.0);
  paint_disc(plane, along * width, 0.5 * height, 0.09 * std::min(width, height), 250.0F, still);
}

}  // namespace

std::unique_ptr<Demo> make_frame_averaging(DemoContext context) { return std::make_unique<FrameAveraging>(context); }

bool FrameAveraging::update(double /*dt*/) {
  const bool other_state = state_.version() != seen_state_;
  const auto works = [&] { return problem_.id.empty() && !filmed(); };
  // The camera's next picture waits until this one has its frames: else none would ever have them.
  const bool waits = !other_state && works() && !key_.empty() && !done();
  if (other_state || (!waits && pictures_.version() != seen_pictures_)) {
    load();
    seen_state_ = state_.version();
    seen_pictures_ = pictures_.version();
  }
  if (!works()) return false;
  return work() || pictures_.version() != seen_pictures_;
}

void FrameAveraging::load() {
  problem_ = {};
  const std::string_view id = state_.raw("image");
  const PictureLibrary::Entry& entry = pictures_.get(id);
  if (entry.status != PictureLibrary::Status::ready || entry.image.empty()) {
    problem_ = missing(entry);
    key_.clear();
    return;
  }
  if (filmed()) {
    take_filmed();
    return;
  }
  std::string key(id);
  key += ' ' + std::to_string(entry.version);
  for (const char* param : {"sigma", "moving", "bytes", "seed"}) (key += ' ') += state_.raw(param);
  if (key == key_) return;
  key_ = key;
  scene_ = grey_plane(entry.image);
  begin();
}

void FrameAveraging::begin() {
  average_.clear();
  for (FrameAverage& half : halves_) half.clear();
  kept_.clear();
  measured_.clear();
  measured_still_.clear();
  still_ = Tensor(scene_.shape(), 1.0F);
  frame_number_ = -1;
}

void FrameAveraging::restart() {
  key_.clear();
  filmed_version_ = 0;
  seen_state_ = 0;
}

void FrameAveraging::make_frame(int number) {
  if (number == frame_number_) return;
  Tensor scene = scene_;
  if (state_.toggle("moving")) paint_moving(scene.view(), number, still_.view());
  frame_.resize(scene.shape());
  noisy_frame(scene.view(), state_.real("sigma"), static_cast<std::uint64_t>(state_.integer("seed")), number,
              state_.toggle("bytes"), frame_.view());
  frame_error_ = root_mean_square(frame_.view(), scene.view());
  frame_number_ = number;
}

void FrameAveraging::add_frame() {
  make_frame(average_.count());
  average_.add(frame_.view());
  const int n = average_.count();
  if ((n & (n - 1)) == 0 && kept_.size() <= static_cast<std::size_t>(std::lround(std::log2(n)))) {
    kept_.push_back(average_);
  }
  measure();
}

void FrameAveraging::measure() {
  const int n = average_.count();
  if (static_cast<std::size_t>(n) != measured_.size() + 1) return;  // it was measured before
  const double error = root_mean_square(average_.mean().view(), scene_.view());
  measured_.push_back({static_cast<double>(n), error});
  const double still =
      state_.toggle("moving") ? root_mean_square(average_.mean().view(), scene_.view(), still_.view()) : error;
  measured_still_.push_back({static_cast<double>(n), still});
}

bool FrameAveraging::work() {
  const int n = wanted();
  if (average_.count() > n) {  // from the largest kept mean that is not too far
    average_.clear();
    still_ = Tensor(scene_.shape(), 1.0F);
    for (const FrameAverage& kept : kept_) {
      if (kept.count() <= n) average_ = kept;
    }
    if (state_.toggle("moving")) {
      Tensor anywhere = scene_;
      for (int k = 0; k < average_.count(); ++k) paint_moving(anywhere.view(), k, still_.view());
    }
  }
  const auto start = std::chrono::steady_clock::now();
  while (average_.count() < n) {
    add_frame();
    if (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > slice_seconds) break;
  }
  if (average_.count() < n) return true;
  make_frame(n - 1);
  return false;
}

// The camera's frames as they come, until there are as many as wanted. Of a film nobody knows the scene without noise;
// half the difference of the means of even and odd frames has the noise of the whole mean.
void FrameAveraging::take_filmed() {
  const PictureLibrary::Entry& entry = pictures_.get("own");
  if (key_ != "filmed" || average_.count() > wanted()) {
    scene_ = {};
    begin();
    key_ = "filmed";
    filmed_version_ = 0;
  }
  if (entry.version == filmed_version_ || average_.count() >= wanted()) return;
  filmed_version_ = entry.version;
  frame_ = grey_plane(entry.image);
  if (average_.count() > 0 && !(average_.mean().shape() == frame_.shape())) begin();
  halves_[average_.count() % 2].add(frame_.view());
  average_.add(frame_.view());
  frame_number_ = average_.count() - 1;
  const int n = average_.count();
  if (n % 2 != 0) return;
  const double noise = 0.5 * root_mean_square(halves_[0].mean().view(), halves_[1].mean().view());
  measured_.push_back({static_cast<double>(n), noise});
  measured_still_.push_back(measured_.back());
}

bool FrameAveraging::step(int delta) {
  const int next = wanted() + delta;
  if (next < 1 || next > most) return false;
  (void)state_.set("frames", std::to_string(next));
  return true;
}

Readouts FrameAveraging::readouts() const {
  const bool any = problem_.id.empty() && (filmed() ? average_.count() > 0 : done());
  const int n = average_.count();
  const bool made = any && !filmed();
  const auto when = [](bool on, double value) { return on ? value : undefined; };
  const auto at = [&](const std::vector<PlotPoint>& points) {
    const auto found = std::find_if(points.begin(), points.end(), [&](const PlotPoint& p) { return p.x == n; });
    return found == points.end() ? undefined : found->y;
  };
  const double spread = std::sqrt(average_.mean_variance());
  return {{"frames", when(any, n)},
          {"frame_error", when(made, frame_error_), "", 3},
          {"measured", when(any, at(measured_)), "", 3},
          {"expected", when(made, state_.real("sigma") / std::sqrt(std::max(1, n))), "", 3},
          {"still", when(made, at(measured_still_)), "", 3},
          {"spread", when(any && n > 1, spread), "", 3},
          {"estimate", when(any && n > 1, spread / std::sqrt(std::max(1, n))), "", 3}};
}

std::string FrameAveraging::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  const std::string n = std::to_string(average_.count());
  const auto of = [&](double value) { return words.number(value, 3); };
  if (filmed()) return words.format("frame-averaging.filmed", {n, std::to_string(wanted())});
  if (!done()) return words.format("frame-averaging.working", {n, std::to_string(wanted())});
  const double expected = state_.real("sigma") / std::sqrt(wanted());
  const double measured = measured_[static_cast<std::size_t>(wanted()) - 1].y;
  return words.format(state_.toggle("moving") ? "frame-averaging.sentence_moving" : "frame-averaging.sentence",
                      {n, of(measured), of(expected)});
}

}  // namespace cvlab::app
