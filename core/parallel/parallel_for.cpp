#include "core/parallel/parallel_for.hpp"

#include <algorithm>
#include <cassert>

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
#define CVLAB_THREADS 1
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>
#endif

namespace cvlab {

#ifdef CVLAB_THREADS

namespace {

struct Job {
  std::ptrdiff_t last;
  std::ptrdiff_t grain;
  parallel_detail::Piece piece;
  void* function;
  std::atomic<std::ptrdiff_t> next;

  void work() {
    for (;;) {
      const std::ptrdiff_t from = next.fetch_add(grain, std::memory_order_relaxed);
      if (from >= last) return;
      piece(function, from, std::min(from + grain, last));
    }
  }
};

thread_local bool inside_piece = false;

// About 30 us together.
#if defined(__x86_64__) || defined(__i386__)
constexpr int spin_rounds = 1000;
void pause_briefly() { __builtin_ia32_pause(); }
#else
constexpr int spin_rounds = 10'000;
void pause_briefly() {}
#endif

// Sleeping and being woken takes 10 us, as long as many an op of a small network: who waits looks around that long
// first. Bounded, so that an idle page costs nothing. Says whether it came true.
template <class Condition>
bool spin_until(Condition&& condition) {
  for (int i = 0; i < spin_rounds; ++i) {
    if (condition()) return true;
    pause_briefly();
  }
  return condition();
}

int core_count() { return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 64); }

// The calling thread always works too and waits only for helpers that have taken the job up: in a page a helper may
// start late or never, and nothing may hang on it.
class Pool {
 public:
  ~Pool() { stop(); }

  int count() const { return count_.load(std::memory_order_relaxed); }

  void set_count(int count) {
    const std::lock_guard turn(turn_);
    stop();
    count_ = count <= 0 ? core_count() : std::min(count, 64);
  }

  void run(Job& job) {
    const std::unique_lock turn(turn_, std::try_to_lock);
    if (!turn.owns_lock()) return job.work();  // another thread uses the pool: do it here
    start();
    {
      const std::lock_guard lock(mutex_);
      job_ = &job;
      ticket_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    job.work();
    {
      const std::lock_guard lock(mutex_);
      job_ = nullptr;  // late helpers find nothing
    }
    if (spin_until([&] { return busy_.load(std::memory_order_acquire) == 0; })) return;
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return busy_.load(std::memory_order_acquire) == 0; });
  }

 private:
  void start() {
    while (static_cast<int>(helpers_.size()) < count() - 1) helpers_.emplace_back([this] { help(); });
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& helper : helpers_) helper.join();
    helpers_.clear();
    stopping_ = false;
  }

  void help() {
    inside_piece = true;
    for (std::uint64_t seen = 0;;) {
      const auto called = [&] { return ticket_.load(std::memory_order_acquire) != seen; };
      const bool soon = spin_until(called);
      std::unique_lock lock(mutex_);
      if (!soon) wake_.wait(lock, [&] { return stopping_ || called(); });
      if (stopping_) return;
      seen = ticket_.load(std::memory_order_relaxed);
      Job* job = job_;
      if (!job) continue;  // the others were faster
      busy_.fetch_add(1, std::memory_order_relaxed);
      lock.unlock();
      job->work();
      // The caller looks for 0, and is gone, its job with it, the moment it sees it.
      if (busy_.fetch_sub(1, std::memory_order_acq_rel) > 1) continue;
      lock.lock();  // not between the caller's last look and its falling asleep
      lock.unlock();
      done_.notify_one();
    }
  }

  std::mutex turn_;  // held by the caller whose job it is
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::vector<std::thread> helpers_;
  std::atomic<int> count_{core_count()};
  Job* job_ = nullptr;
  std::atomic<std::uint64_t> ticket_{0};  // moves, and busy_ grows, under the mutex
  std::atomic<int> busy_{0};
  bool stopping_ = false;
};

Pool& pool() {
  // In a page it is never destroyed: joining there would block the page that is being left.
#ifdef __EMSCRIPTEN__
  static Pool* const instance = new Pool;
  return *instance;
#else
  static Pool instance;
  return instance;
#endif
}

}  // namespace

int thread_count() { return pool().count(); }
void set_thread_count(int count) { pool().set_count(count); }

void parallel_detail::run(std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t grain, Piece piece,
                          void* function) {
  assert(grain >= 1 && "parallel_for: a piece has at least one item");
  if (first >= last) return;
  Job job{last, grain, piece, function, {first}};
  if (inside_piece || last - first <= grain || thread_count() == 1) return job.work();
  inside_piece = true;
  pool().run(job);
  inside_piece = false;
}

#else

int thread_count() { return 1; }
void set_thread_count(int) {}

void parallel_detail::run(std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t grain, Piece piece,
                          void* function) {
  assert(grain >= 1 && "parallel_for: a piece has at least one item");
  for (std::ptrdiff_t from = first; from < last; from += grain) piece(function, from, std::min(from + grain, last));
}

#endif

}  // namespace cvlab
