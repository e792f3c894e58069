#include "app/demos/gaussian/gaussian.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/image/box.hpp"
#include "core/image/quality.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab::app {

namespace {

constexpr int table_size = 5;

Tensor outer(const std::vector<double>& column, const std::vector<double>& row) {
  Tensor plane(Shape{static_cast<std::ptrdiff_t>(column.size()), static_cast<std::ptrdiff_t>(row.size())});
  float* to = plane.data();
  for (const double c : column)
    for (const double r : row) *to++ = static_cast<float>(c * r);
  return plane;
}

// The least of a few runs, in milliseconds.
template <class Work>
double least_time(Work&& work) {
  double least = std::numeric_limits<double>::infinity();
  for (int run = 0; run < 3; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    least = std::min(least, time.count());
  }
  return least;
}

}  // namespace

std::unique_ptr<Demo> make_gaussian(DemoContext context) { return std::make_unique<Gaussian>(context); }

bool Gaussian::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  make_kernels();
  make_table();
  respond();
  load();
  filter();
  if (state_.choice("view") == "separable") measure();
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

void Gaussian::make_kernels() {
  const double sigma = state_.real("sigma");
  const int window = state_.integer("window");
  weights_ = gaussian_weights(sigma, gaussian_size(sigma));
  mean_.assign(static_cast<std::size_t>(window), 1.0 / window);
  const std::vector<double>& shown = state_.choice("filter") == "mean" ? mean_ : weights_;
  plane_ = outer(shown, shown);
}

void Gaussian::make_table() {
  const Sampling sampling = state_.choice("sampling") == "centre" ? Sampling::centre : Sampling::area;
  table_line_ = gaussian_weights(state_.real("sigma"), table_size, sampling);
  table_ = integer_gaussian(state_.real("sigma"), table_size, state_.real("scale"), sampling);
}

void Gaussian::respond() {
  constexpr int points = 200;
  gaussian_curve_.clear();
  mean_curve_.clear();
  for (int i = 0; i <= points; ++i) {
    const double f = 0.5 * i / points;
    gaussian_curve_.push_back({f, frequency_response(weights_, f)});
    mean_curve_.push_back({f, frequency_response(mean_, f)});
  }
  gaussian_response_ = frequency_response(weights_, state_.real("frequency"));
  mean_response_ = frequency_response(mean_, state_.real("frequency"));
}

void Gaussian::load() {
  const ChosenPicture::Look look = chosen_.look(pictures_, state_.raw("image"));
  if (look == ChosenPicture::Look::missing) {
    in_ = {};
    out_ = {};
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  in_ = chosen_.image();
  before_.set(in_);
  done_.clear();
}

void Gaussian::filter() {
  if (in_.empty()) return;
  const bool mean = state_.choice("filter") == "mean";
  const std::string wanted = mean ? "mean " + std::string(state_.raw("window")) : std::string(state_.raw("sigma"));
  if (wanted == done_) return;
  done_ = wanted;
  if (mean) {
    box_mean(in_, state_.integer("window"), state_.integer("window"), Padding::reflect, out_);
  } else {
    gaussian_blur(in_, state_.real("sigma"), 0, Padding::reflect, out_);
  }
  after_.set(out_);
  rms_ = std::sqrt(mean_squared_error(in_, out_));
}

// The same convolution of a small plane with the whole table, and with one column and one row.
void Gaussian::measure() {
  const auto size = static_cast<int>(weights_.size());
  if (size == measured_) return;
  measured_ = size;
  constexpr std::ptrdiff_t side = 96;
  const Tensor in(Shape{1, 1, side, side}, 1.0F);
  Tensor middle(in.shape());
  Tensor out(in.shape());
  const Tensor whole = outer(weights_, weights_);
  const Tensor line = outer({1.0}, weights_);
  const Conv2dParams same{.padding = Padding::reflect};
  direct_ms_ = least_time([&] {
    conv2d_forward(same, in.view(), ConstView(whole.data(), {1, 1, size, size}), {}, out.view());
  });
  separable_ms_ = least_time([&] {
    conv2d_forward(same, in.view(), ConstView(line.data(), {1, 1, 1, size}), {}, middle.view());
    conv2d_forward(same, middle.view(), ConstView(line.data(), {1, 1, size, 1}), {}, out.view());
  });
}

Readouts Gaussian::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const auto size = static_cast<double>(weights_.size());
  const double middle = weights_[weights_.size() / 2];
  const bool timed = measured_ == static_cast<int>(weights_.size()) && state_.choice("view") == "separable";
  return {
      {"size", size, "px"},
      {"products", size * size},
      {"products_separable", 2.0 * size},
      {"middle", middle * middle},
      {"table_sum", static_cast<double>(table_.sum), "", 6},
      {"table_middle", static_cast<double>(table_.weights[12]), "", 6},
      {"table_corner", static_cast<double>(table_.weights[0]), "", 6},
      {"gaussian_response", gaussian_response_},
      {"mean_response", mean_response_},
      {"rms", in_.empty() ? undefined : rms_},
      {"direct_time", timed ? direct_ms_ : undefined, "ms", 3, true},
      {"separable_time", timed ? separable_ms_ : undefined, "ms", 3, true},
  };
}

std::string Gaussian::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  const auto size = static_cast<int>(weights_.size());
  return words.format("gaussian.sentence", {words.number(state_.real("sigma"), 3), std::to_string(size),
                                            std::to_string(size * size), std::to_string(2 * size)});
}

}  // namespace cvlab::app
