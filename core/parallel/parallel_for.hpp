// Splits a range of independent work over the processor's cores.
//
//   parallel_for(0, rows, 16, [&](std::ptrdiff_t first, std::ptrdiff_t last) { … });
//
// calls the function for pieces of at most `grain` items that together cover [first, last), in any order, at once, and
// returns when all are done. Pieces do not depend on the number of threads, so neither do the results. A call from
// inside a piece runs in place. Natively and in the threaded web build a pool of threads does it; elsewhere it is a
// loop. Nothing is allocated by a call. The function must not throw.
#pragma once

#include <cstddef>
#include <type_traits>

namespace cvlab {

// How many threads share the work, the calling one included; set_thread_count(0) goes back to one for each core.
// Threads start at the first call that can use them.
int thread_count();
void set_thread_count(int count);

namespace parallel_detail {
using Piece = void (*)(void* function, std::ptrdiff_t first, std::ptrdiff_t last);
void run(std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t grain, Piece piece, void* function);
}  // namespace parallel_detail

template <class Function>
void parallel_for(std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t grain, Function&& function) {
  using Bare = std::remove_reference_t<Function>;
  parallel_detail::run(
      first, last, grain, [](void* f, std::ptrdiff_t from, std::ptrdiff_t to) { (*static_cast<Bare*>(f))(from, to); },
      const_cast<void*>(static_cast<const void*>(&function)));
}

}  // namespace cvlab
