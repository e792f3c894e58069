// bench_image [threads [instruction set [case]]]: our operations on a full-HD 8-bit picture, and the copy of such a
// picture that none can beat.
#include <array>
#include <cstdlib>
#include <cstring>

#include "bench/scene.hpp"
#include "core/image/box.hpp"
#include "core/image/canny.hpp"
#include "core/image/colour.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/gradient.hpp"
#include "core/image/median.hpp"
#include "core/image/resize.hpp"
#include "core/image/threshold.hpp"
#include "core/image/warp.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/simd/dispatch.hpp"

using namespace cvlab;

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  for (auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512})
    if (argc > 2 && std::strcmp(argv[2], simd::name(set)) == 0) simd::limit(set);
  set_thread_count(threads);
  Image grey(bench::width, bench::height, 1), colour(bench::width, bench::height, 4), out(grey), edges;
  bench::fill_scene(grey.data.data(), 1);
  bench::fill_scene(colour.data.data(), 4);
  const auto timed = [&](const char* name, auto&& work) {
    if (argc < 4 || std::strstr(name, argv[3])) bench::report("cvlab", name, threads, work);
  };
  bench::report("libc", "copy 8-bit", threads, [&] {
    parallel_for(0, bench::height, 60, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
      std::memcpy(out.data.data() + first * bench::width, grey.data.data() + first * bench::width,
                  static_cast<std::size_t>(last - first) * bench::width);
    });
  });
  constexpr Padding reflect = Padding::reflect;
  timed("Gaussian 5x5, sigma 1", [&] { gaussian_blur(grey, 1.0, 5, reflect, out); });
  timed("Gaussian, sigma 5", [&] { gaussian_blur(grey, 5.0, 0, reflect, out); });
  timed("mean 3x3", [&] { box_mean(grey, 3, 3, reflect, out); });
  timed("mean 15x15", [&] { box_mean(grey, 15, 15, reflect, out); });
  timed("Sobel magnitude", [&] { gradient_magnitude(grey, GradientKernel::sobel, reflect, out); });
  timed("sharpen 3x3", [&] { sharpen(grey, reflect, out); });
  std::array<float, 9> whole, real;
  for (std::size_t k = 0; k < 9; ++k) real[k] = (whole[k] = bench::dense[k]) / 8.5F;
  timed("dense 3x3", [&] { filter_3x3(grey, whole, reflect, out); });
  timed("dense 3x3, fractions", [&] { filter_3x3(grey, real, reflect, out); });
  timed("median 3x3", [&] { median(grey, 3, out); });
  timed("median 5x5", [&] { median(grey, 5, out); });
  timed("median 15x15", [&] { median(grey, 15, out); });
  timed("Canny 50, 150", [&] { canny(grey, {.low = 50, .high = 150}, edges); });
  timed("threshold", [&] { threshold(grey, 100, out); });
  timed("RGBA to grey", [&] { to_grey(colour, out); });
  Homography map;
  std::copy(std::begin(bench::perspective), std::end(bench::perspective), map.h.begin());
  timed("perspective, bilinear", [&] { warp_perspective(grey, map, out); });
  Image half(bench::width / 2, bench::height / 2, 1);
  timed("half the size, area", [&] { resize(grey, Resampling::area, half); });
}
