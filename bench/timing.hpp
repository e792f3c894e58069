// One case, timed: warm-up, then samples of at least 4 ms; prints one JSON line with median, least and most. One thread
// is timed by the processor time of the program, which other programs on the machine disturb less; several by the
// clock.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace bench {

inline constexpr int width = 1920, height = 1080;
inline constexpr int sizes[] = {3, 5, 15};

// The same picture and kernels in all programs: a hash of the position.
inline float value(unsigned i) {
  i = (i ^ 61u) ^ (i >> 16);
  i *= 9u;
  i ^= i >> 4;
  i *= 0x27d4eb2du;
  i ^= i >> 15;
  return static_cast<float>(i & 0xFF);
}

inline double seconds(int threads) {
  if (threads == 1) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Times {
  double median, least, most;  // seconds a call
};

template <class Work>
Times time_calls(Work&& work, int threads, int samples) {
  work();
  double start = seconds(threads);
  work();
  const double once = std::max(seconds(threads) - start, 1e-7);
  const int repeats = std::clamp(static_cast<int>(0.004 / once), 1, 20'000);
  std::vector<double> times;
  for (int i = 0; i < samples + 3; ++i) {
    start = seconds(threads);
    for (int r = 0; r < repeats; ++r) work();
    if (i >= 3) times.push_back((seconds(threads) - start) / repeats);
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times.front(), times.back()};
}

// flop: floating-point operations of a call, where a rate is of interest.
template <class Work>
void report(const std::string& library, const std::string& name, int threads, Work&& work, double flop = 0.0,
            int samples = 12) {
  const Times t = time_calls(work, threads, samples);
  std::printf(
      "{\"library\":\"%s\",\"case\":\"%s\",\"threads\":%d,\"ms\":%.6g,\"ms_min\":%.6g,\"ms_max\":%.6g,\"flop\":%.6g}\n",
      library.c_str(), name.c_str(), threads, t.median * 1e3, t.least * 1e3, t.most * 1e3, flop);
  std::fflush(stdout);
}

}  // namespace bench
