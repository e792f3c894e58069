// Memory that begins at a cache line: whole vectors load without crossing one, and WASM's memory.copy is fast.
#pragma once

#include <cstddef>
#include <new>

namespace cvlab {

template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}  // NOLINT: any two are interchangeable

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, alignment); }
  bool operator==(const AlignedAllocator&) const = default;
};

}  // namespace cvlab
