#include "app/views/ticks.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab::app {

namespace {

constexpr double slack = 1e-9;  // of a step: an end that is a tick but for rounding counts

}  // namespace

std::vector<double> linear_ticks(double low, double high, int most) {
  std::vector<double> ticks;
  if (!(high > low) || most < 1) return ticks;
  double step = std::pow(10.0, std::floor(std::log10(high - low)) - 1.0);
  const auto count = [&](double s) { return std::floor(high / s + slack) - std::ceil(low / s - slack) + 1.0; };
  for (int i = 0; count(step) > most; ++i) step *= i % 3 == 1 ? 2.5 : 2.0;  // 1, 2, 5, 10 …
  const double first = std::ceil(low / step - slack);
  for (int i = 0; i < static_cast<int>(count(step)); ++i) ticks.push_back((first + i) * step);
  return ticks;
}

std::vector<double> logarithmic_ticks(double low, double high, int most) {
  std::vector<double> ticks;
  if (!(low > 0.0) || !(high > low) || most < 1) return ticks;
  const int first = static_cast<int>(std::floor(std::log10(low) + slack));
  const int last = static_cast<int>(std::ceil(std::log10(high) - slack));
  const auto collect = [&](std::initializer_list<double> digits, int every) {
    ticks.clear();
    for (int power = first; power <= last; ++power) {
      for (const double digit : digits) {
        const double tick = digit * std::pow(10.0, power);
        if (power % every == 0 && tick >= low * (1.0 - slack) && tick <= high * (1.0 + slack)) ticks.push_back(tick);
      }
    }
    return static_cast<int>(ticks.size()) <= most;
  };
  if (collect({1.0, 2.0, 5.0}, 1) || collect({1.0, 3.0}, 1)) return ticks;
  for (int every = 1; !collect({1.0}, every); ++every) {
  }
  return ticks;
}

double round_up(double value) {
  if (!(value > 0.0)) return 1.0;
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double digit : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
    if (value <= digit * power * (1.0 + slack)) return digit * power;
  }
  return 10.0 * power;
}

}  // namespace cvlab::app
