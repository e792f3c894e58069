#include "core/parallel/parallel_for.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <vector>

using namespace cvlab;

TEST_CASE("parallel_for: every item once, in pieces of at most `grain`", "[core][parallel]") {
  for (int threads : {1, 2, 5}) {
    set_thread_count(threads);
    for (std::ptrdiff_t n : {0, 1, 2, 7, 64, 1001}) {
      for (std::ptrdiff_t grain : {1, 3, 64, 5000}) {
        std::vector<std::atomic<int>> visits(static_cast<std::size_t>(n));
        std::atomic<bool> fits = true;
        parallel_for(5, 5 + n, grain, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
          if (last - first > grain || first >= last) fits = false;
          for (std::ptrdiff_t i = first; i < last; ++i) ++visits[static_cast<std::size_t>(i - 5)];
        });
        REQUIRE(fits);
        for (const auto& count : visits) REQUIRE(count == 1);
      }
    }
  }
  set_thread_count(0);
}

TEST_CASE("parallel_for: a call inside a piece runs in place", "[core][parallel]") {
  set_thread_count(3);
  std::atomic<int> sum = 0;
  parallel_for(0, 20, 1, [&](std::ptrdiff_t, std::ptrdiff_t) {
    int own = 0;  // not atomic: it would tear if the inner call left this thread
    parallel_for(0, 50, 1, [&](std::ptrdiff_t first, std::ptrdiff_t last) { own += static_cast<int>(last - first); });
    sum += own;
  });
  CHECK(sum == 1000);
  set_thread_count(0);
}

TEST_CASE("parallel_for: many short calls, and changing the number of threads between them", "[core][parallel]") {
  std::atomic<int> sum = 0;
  for (int round = 0; round < 300; ++round) {
    if (round % 50 == 0) set_thread_count(1 + round / 50);
    parallel_for(0, 8, 1, [&](std::ptrdiff_t first, std::ptrdiff_t last) { sum += static_cast<int>(last - first); });
  }
  CHECK(sum == 2400);
  set_thread_count(0);
  CHECK(thread_count() >= 1);
}
