#include "app/demos/denoise/denoise.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/image/colour.hpp"
#include "core/image/noise.hpp"
#include "core/image/quality.hpp"

namespace cvlab::app {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr std::chrono::milliseconds slice(10);
// What every slider can follow at once; of a larger picture the middle.
constexpr int most_columns = 1280, most_rows = 960;

Image middle_of(const Image& grey) {
  Image part(std::min(grey.width, most_columns), std::min(grey.height, most_rows), 1);
  const int top = (grey.height - part.height) / 2, left = (grey.width - part.width) / 2;
  for (int row = 0; row < part.height; ++row) {
    const auto from = grey.data.begin() + static_cast<std::ptrdiff_t>(top + row) * grey.width + left;
    std::copy_n(from, part.width, part.data.begin() + static_cast<std::ptrdiff_t>(row) * part.width);
  }
  return part;
}

}  // namespace

const char* Denoise::result_name(int result) {
  constexpr const char* names[] = {"noisy", "mean", "gaussian", "median", "bilateral"};
  return names[result];
}

std::unique_ptr<Demo> make_denoise(DemoContext context) { return std::make_unique<Denoise>(context); }

bool Denoise::update(double /*dt*/) {
  if (state_.version() != seen_state_ || pictures_.version() != seen_pictures_) {
    // A camera's next picture waits until this one is measured.
    const bool next_frame = state_.version() == seen_state_ && !clean_.empty() && !fresh();
    if (!next_frame) {
      load();
      seen_state_ = state_.version();
      seen_pictures_ = pictures_.version();
    }
  }
  if (clean_.empty()) return false;
  const Cell wanted = state_.cell("cell");
  cell_ = {std::min(wanted.row, rows() - 1), std::min(wanted.column, columns() - 1)};
  const auto end = std::chrono::steady_clock::now() + slice;
  do {
    if (!work()) return false;
  } while (std::chrono::steady_clock::now() < end);
  return true;
}

void Denoise::load() {
  problem_ = {};
  const ChosenPicture::Look look = chosen_.look(pictures_, state_.raw("image"));
  if (look == ChosenPicture::Look::missing) {
    clean_ = {};
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  to_grey(chosen_.image(), clean_);
  middle_ = clean_.width > most_columns || clean_.height > most_rows;
  if (middle_) clean_ = middle_of(clean_);
  ++loads_;
  views_[0].set(clean_);
  hovered_.reset();
}

std::string Denoise::noise_text() const {
  const bool salt = state_.choice("noise") == "salt";
  return std::to_string(loads_) + (salt ? "|salt|" : "|gaussian|") +
         std::string(state_.raw(salt ? "amount" : "level")) + '|' + std::string(state_.raw("seed"));
}

std::string Denoise::filter_text(int filter) const {
  constexpr const char* strengths[] = {"mean", "sigma", "median", "range"};
  return sweep_text(filter) + '|' + std::string(state_.raw(strengths[filter]));
}

std::string Denoise::sweep_text(int filter) const {
  const bool bilateral = static_cast<Denoiser>(filter) == Denoiser::bilateral;
  return noise_text() + (bilateral ? '|' + std::string(state_.raw("space")) : "");
}

bool Denoise::made(int result) const {
  const auto& r = results_[static_cast<std::size_t>(result)];
  return !clean_.empty() && r.from == (result == 0 ? noise_text() : filter_text(result - 1));
}

bool Denoise::measured(int result) const {
  const auto& r = results_[static_cast<std::size_t>(result)];
  return made(result) && r.measured_from == r.from;
}

bool Denoise::fresh() const {
  for (int i = 0; i < results; ++i)
    if (!measured(i)) return false;
  return true;
}

DenoiseParams Denoise::filters() const {
  return {state_.integer("mean"), state_.integer("median"), state_.real("sigma"), state_.real("space"),
          state_.real("range")};
}

int Denoise::explained() const {
  int filter = 0;
  while (filter + 1 < denoisers && state_.choice("explain") != result_name(filter + 1)) ++filter;
  return filter;
}

// Pictures come before their measures, which take longer, and those before the curves.
bool Denoise::work() {
  for (int i = 0; i < results; ++i) {
    if (made(i)) continue;
    Result& r = results_[static_cast<std::size_t>(i)];
    if (i == 0) {
      add_noise(noise_text());
    } else {
      denoise(static_cast<Denoiser>(i - 1), results_[0].image, filters(), r.image);
      r.from = filter_text(i - 1);
    }
    r.error = mean_squared_error(clean_, r.image);
    r.psnr = psnr(clean_, r.image);
    r.impulses = count_impulses(clean_, r.image);
    views_[static_cast<std::size_t>(i) + 1].set(r.image);
    return true;
  }
  for (int i = 0; i < results; ++i) {
    if (measured(i)) continue;
    Result& r = results_[static_cast<std::size_t>(i)];
    r.ssim = ssim(clean_, r.image);
    r.measured_from = r.from;
    return true;
  }
  for (int filter = 0; filter < denoisers; ++filter)
    if (sweep_on(filter)) return true;
  return false;
}

void Denoise::add_noise(const std::string& from) {
  Result& r = results_[0];
  const auto seed = static_cast<std::uint64_t>(state_.integer("seed"));
  if (state_.choice("noise") == "salt") {
    add_salt_and_pepper(clean_, 0.01 * state_.real("amount"), seed, r.image);
  } else {
    add_gaussian_noise(clean_, state_.real("level"), seed, r.image);
  }
  r.from = from;
}

// One more point of a filter's curve.
bool Denoise::sweep_on(int filter) {
  Sweep& sweep = sweeps_[static_cast<std::size_t>(filter)];
  const std::string from = sweep_text(filter);
  if (sweep.from != from) sweep = {from, {}, false};
  const std::vector<double>& strengths = denoise_strengths(static_cast<Denoiser>(filter));
  if (sweep.whole) return false;
  const double strength = strengths[sweep.points.size()];
  denoise(static_cast<Denoiser>(filter), results_[0].image,
          with_strength(static_cast<Denoiser>(filter), filters(), strength), scratch_);
  sweep.points.push_back({strength, psnr(clean_, scratch_)});
  sweep.whole = sweep.points.size() == strengths.size();
  return true;
}

std::optional<int> Denoise::best(bool similarity) const {
  int best = 0;
  const auto value = [&](int i) {
    const Result& r = results_[static_cast<std::size_t>(i)];
    return similarity ? r.ssim : r.psnr;
  };
  for (int i = 0; i < results; ++i) {
    if (!(similarity ? measured(i) : made(i)) || std::isnan(value(i))) return std::nullopt;
    if (value(i) > value(best)) best = i;
  }
  return best;
}

double Denoise::best_strength(int filter) const {
  const Sweep& sweep = sweeps_[static_cast<std::size_t>(filter)];
  if (clean_.empty() || !sweep.whole || sweep.from != sweep_text(filter)) return undefined;
  const auto lower = [](const PlotPoint& a, const PlotPoint& b) { return a.y < b.y; };
  return std::max_element(sweep.points.begin(), sweep.points.end(), lower)->x;
}

Readouts Denoise::readouts() const {
  const auto finite = [](double v) { return std::isfinite(v) ? v : undefined; };
  const auto name = [](const char* what, int i) { return std::string(what) + '_' + result_name(i); };
  const Cell at = looked_at();
  const bool any = !clean_.empty();
  Readouts all = {{"row", any ? at.row + 1.0 : undefined},
                  {"column", any ? at.column + 1.0 : undefined},
                  {"value_clean", any ? clean_.at(at.row, at.column) : undefined}};
  for (int i = 0; i < results; ++i) {
    const Image& image = results_[static_cast<std::size_t>(i)].image;
    all.push_back({name("value", i), made(i) ? image.at(at.row, at.column) : undefined});
  }
  for (int i = 0; i < results; ++i)
    all.push_back({name("psnr", i), made(i) ? finite(results_[static_cast<std::size_t>(i)].psnr) : undefined, "dB"});
  for (int i = 0; i < results; ++i)
    all.push_back({name("ssim", i), measured(i) ? results_[static_cast<std::size_t>(i)].ssim : undefined});
  const auto index = [](const std::optional<int>& i) { return i ? static_cast<double>(*i) : undefined; };
  all.push_back({"best_psnr", index(best(false))});
  all.push_back({"best_ssim", index(best(true))});
  const std::optional<int> winner = best(false);
  const double gain = winner ? results_[static_cast<std::size_t>(*winner)].psnr - results_[0].psnr : undefined;
  all.push_back({"gain", finite(gain), "dB"});
  all.push_back({"impulses_noisy", made(0) ? results_[0].impulses : undefined, "px", 8});
  constexpr int median = 1 + static_cast<int>(Denoiser::median);
  all.push_back({"impulses_median", made(median) ? results_[median].impulses : undefined, "px", 8});
  for (int filter = 0; filter < denoisers; ++filter)
    all.push_back({name("strongest", filter + 1), best_strength(filter)});
  return all;
}

std::string Denoise::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  const std::optional<int> winner = best(false);
  if (!winner) return words("denoise.working");
  const auto decibels = [&](int i) {
    const double v = results_[static_cast<std::size_t>(i)].psnr;
    return std::isinf(v) ? std::string("∞") : words.number(v, 3);
  };
  const std::string of_part = middle_ ? " " + std::string(words("denoise.middle")) : "";
  if (*winner == 0) return words.format("denoise.sentence.none", {decibels(0)}) + of_part;
  const std::string name = words(std::string("denoise.the.") + result_name(*winner));
  return words.format("denoise.sentence", {decibels(0), name, decibels(*winner)}) + of_part;
}

}  // namespace cvlab::app
