// Our side of the browser benchmark: C functions that ours.js calls. One piece of work at a time.
#include <emscripten/emscripten.h>

#include "bench/web/work.hpp"
#include "core/parallel/parallel_for.hpp"

namespace {

std::unique_ptr<cvlab::bench::Work>& work() {
  static std::unique_ptr<cvlab::bench::Work> current;
  return current;
}

}  // namespace

extern "C" {

// 0: no such work.
EMSCRIPTEN_KEEPALIVE int bench_prepare(const char* name, int threads) {
  cvlab::set_thread_count(threads);
  work() = cvlab::bench::make_work(name);
  return work() != nullptr;
}

EMSCRIPTEN_KEEPALIVE void bench_run(int times) {
  for (int i = 0; i < times; ++i) work()->run();
}

EMSCRIPTEN_KEEPALIVE int bench_input_count() { return static_cast<int>(work()->inputs().size()); }
EMSCRIPTEN_KEEPALIVE float* bench_input(int i) { return work()->inputs()[static_cast<std::size_t>(i)].data(); }
EMSCRIPTEN_KEEPALIVE int bench_input_size(int i) {
  return static_cast<int>(work()->inputs()[static_cast<std::size_t>(i)].count());
}
EMSCRIPTEN_KEEPALIVE const float* bench_result() { return work()->result().data(); }
EMSCRIPTEN_KEEPALIVE int bench_result_size() { return static_cast<int>(work()->result().count()); }
EMSCRIPTEN_KEEPALIVE int bench_threads() { return cvlab::thread_count(); }

}  // extern "C"

int main() { return 0; }
