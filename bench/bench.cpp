// bench [threads]: our conv2d on a full-HD grey picture (float in, float out), and the copy of such a picture that no
// filter can beat.
#include <cstdlib>
#include <cstring>
#include <string>

#include "bench/timing.hpp"
#include "core/ops/conv2d.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/simd/dispatch.hpp"

using namespace cvlab;

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  set_thread_count(threads);
  Tensor in({1, 1, bench::height, bench::width}), out(in.shape());
  for (std::ptrdiff_t i = 0; i < in.count(); ++i) in.data()[i] = bench::value(static_cast<unsigned>(i));
  bench::report("libc", "memcpy", threads, [&] {
    parallel_for(0, bench::height, 60, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
      std::memcpy(out.data() + first * bench::width, in.data() + first * bench::width,
                  static_cast<std::size_t>(last - first) * bench::width * sizeof(float));
    });
  });
  for (auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
    if (set > simd::supported_instruction_set()) continue;
    simd::limit(set);
    for (int k : bench::sizes) {
      Tensor weight({1, 1, k, k});
      for (std::ptrdiff_t i = 0; i < weight.count(); ++i)
        weight.data()[i] = bench::value(static_cast<unsigned>(i) + 99u) / static_cast<float>(255 * k * k);
      const std::string name = "filter " + std::to_string(k) + "x" + std::to_string(k);
      bench::report((std::string("cvlab ") + simd::name(set)).c_str(), name.c_str(), threads,
                    [&] { conv2d_forward({.padding = Padding::reflect}, in.view(), weight.view(), {}, out.view()); });
    }
  }
}
