// One case, timed: warm-up, then samples of at least 4 ms; prints one JSON line with the median.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace bench {

inline constexpr int width = 1920, height = 1080;
inline constexpr int sizes[] = {3, 5, 15};

// The same picture and kernels in both programs: a hash of the position.
inline float value(unsigned i) {
  i = (i ^ 61u) ^ (i >> 16);
  i *= 9u;
  i ^= i >> 4;
  i *= 0x27d4eb2du;
  i ^= i >> 15;
  return static_cast<float>(i & 0xFF);
}

inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class Work>
double median_seconds(Work&& work) {
  double start = seconds();
  work();
  const double once = std::max(seconds() - start, 1e-7);
  const int repeats = std::max(1, static_cast<int>(0.004 / once));
  std::vector<double> samples;
  for (int i = 0; i < 15; ++i) {
    start = seconds();
    for (int r = 0; r < repeats; ++r) work();
    if (i >= 3) samples.push_back((seconds() - start) / repeats);
  }
  std::sort(samples.begin(), samples.end());
  return samples[samples.size() / 2];
}

template <class Work>
void report(const char* library, const char* name, int threads, Work&& work) {
  std::printf("{\"library\":\"%s\",\"case\":\"%s\",\"threads\":%d,\"ms\":%.4f}\n", library, name, threads,
              median_seconds(work) * 1e3);
  std::fflush(stdout);
}

}  // namespace bench
