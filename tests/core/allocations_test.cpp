// Replaces the program's operator new by one that counts.
#include "tests/core/allocations.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__)  // as GCC says it
#define CVLAB_ADDRESS_SANITIZER
#elif defined(__has_feature)  // as clang says it
#if __has_feature(address_sanitizer)
#define CVLAB_ADDRESS_SANITIZER
#endif
#endif

#if !defined(CVLAB_ADDRESS_SANITIZER)

namespace {

std::atomic<std::size_t> count{0};

void* counted(std::size_t size, std::size_t alignment) {
  ++count;
  const std::size_t whole = (size + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, whole == 0 ? alignment : whole);
  if (!memory) std::abort();
  return memory;
}

}  // namespace

// Not inlined, where the compiler would see memory of aligned_alloc freed as if by another's operator new.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace cvlab::test {

std::size_t allocations() { return count; }

}  // namespace cvlab::test

TEST_CASE("allocations are counted", "[core][allocations]") {
  const std::size_t before = cvlab::test::allocations();
  void* const memory = ::operator new(1000);  // called by name: what a new-expression asks for may be left out
  CHECK(cvlab::test::allocations() - before == 1);
  ::operator delete(memory);
}

#else

std::size_t cvlab::test::allocations() { return 0; }

#endif
