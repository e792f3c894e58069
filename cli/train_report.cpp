#include "cli/train_report.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace cvlab::cli {

namespace {

constexpr double seconds_between_lines = 0.1;
constexpr int bar_width = 20;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[200];
  std::snprintf(text, sizeof text, pattern, values...);  // NOLINT: the patterns below
  return text;
}

std::string clock_text(double seconds) {
  const long whole = std::lround(seconds);
  return whole >= 3600 ? format("%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60)
                       : format("%ld:%02ld", whole / 60, whole % 60);
}

}  // namespace

TrainReport::TrainReport(const Trainer& trainer, int epochs, bool classes)
    : trainer_(trainer),
      epochs_(epochs),
      classes_(classes),
      terminal_(isatty(STDERR_FILENO) != 0),
      epochs_seen_(trainer.epochs().size()) {}

Result<void> TrainReport::open_log(const std::string& path, bool append) {
  log_.reset(std::fopen(path.c_str(), append ? "a" : "w"));
  if (!log_) return Error{"file-write", "The file \"" + path + "\" cannot be written.", {path}};
  return {};
}

void TrainReport::update(bool last) {
  for (; points_seen_ < trainer_.points().size(); ++points_seen_) {
    const TrainingPoint& p = trainer_.points()[points_seen_];
    loss_.add(static_cast<double>(p.loss));
    accuracy_.add(static_cast<double>(p.accuracy));
    if (!log_) continue;
    std::fprintf(log_.get(), "{\"step\": %d, \"loss\": %.9g", p.step, static_cast<double>(p.loss));
    if (classes_) std::fprintf(log_.get(), ", \"accuracy\": %.9g", static_cast<double>(p.accuracy));
    std::fputs("}\n", log_.get());
  }
  for (; epochs_seen_ < trainer_.epochs().size(); ++epochs_seen_) epoch_line(trainer_.epochs()[epochs_seen_]);
  if (terminal_ && !last && now() - drawn_at_ >= seconds_between_lines) draw_line();
}

void TrainReport::draw_line() {
  drawn_at_ = now();
  const int per_epoch = trainer_.steps_per_epoch(), steps = trainer_.steps_done();
  const int epoch = std::min(steps / per_epoch, epochs_ - 1), inside = steps - epoch * per_epoch;
  const int filled = bar_width * inside / per_epoch;
  std::string line = format("epoch %d/%d [", epoch + 1, epochs_) + std::string(static_cast<std::size_t>(filled), '=') +
                     std::string(static_cast<std::size_t>(bar_width - filled), ' ') + "]";
  if (points_seen_ > 0) line += format(" loss %.4f", loss_.value());
  if (points_seen_ > 0 && classes_) line += format(", accuracy %.1f %%", 100.0 * accuracy_.value());
  if (trainer_.evaluating()) line += ", testing";
  if (const double speed = trainer_.images_per_second(); speed > 0.0) {
    const double images = static_cast<double>(epochs_ * per_epoch - steps) * trainer_.batch_size();
    line += format(", %.0f images/s, ETA ", speed) + clock_text(images / speed);
  }
  const std::size_t length = line.size();
  if (length < width_) line.append(width_ - length, ' ');
  width_ = length;
  std::fprintf(stderr, "\r%s", line.c_str());
  std::fflush(stderr);
}

void TrainReport::epoch_line(const EpochResult& e) {
  close();
  std::string line = format("epoch %d/%d: loss %.4f", e.epoch, epochs_, static_cast<double>(e.train_loss));
  if (classes_) line += format(", accuracy %.2f %%", 100.0 * static_cast<double>(e.train_accuracy));
  line += format(", test loss %.4f", static_cast<double>(e.test_loss));
  if (classes_) line += format(", test accuracy %.2f %%", 100.0 * static_cast<double>(e.test_accuracy));
  std::fprintf(stderr, "%s, %.1f s\n", line.c_str(), e.seconds);
  if (!log_) return;
  std::fprintf(log_.get(), "{\"epoch\": %d, \"train_loss\": %.9g, \"test_loss\": %.9g", e.epoch,
               static_cast<double>(e.train_loss), static_cast<double>(e.test_loss));
  if (classes_)
    std::fprintf(log_.get(), ", \"train_accuracy\": %.9g, \"test_accuracy\": %.9g",
                 static_cast<double>(e.train_accuracy), static_cast<double>(e.test_accuracy));
  std::fprintf(log_.get(), ", \"seconds\": %.3f}\n", e.seconds);
  std::fflush(log_.get());
}

void TrainReport::close() {
  if (width_ > 0) std::fprintf(stderr, "\r%s\r", std::string(width_, ' ').c_str());
  width_ = 0;
  std::fflush(stderr);
}

}  // namespace cvlab::cli
