#include "core/simd/dispatch.hpp"

#include <algorithm>
#include <atomic>
#include <xsimd/xsimd.hpp>

namespace cvlab::simd {

namespace {
// The one setting of the process: a processor does not change while it runs.
std::atomic<InstructionSet> most_allowed{InstructionSet::avx512};
}  // namespace

InstructionSet supported_instruction_set() {
#if defined(CVLAB_BASE_INSTRUCTION_SET)  // cmake/add_op.cmake: kernels were compiled for the first set alone
  return InstructionSet::sse2;
#elif defined(__x86_64__) || defined(__i386__)
  static const InstructionSet found = [] {
    const auto has = xsimd::available_architectures();
    if (has.avx512bw) return InstructionSet::avx512;
    if (has.fma3_avx2) return InstructionSet::avx2;
    return InstructionSet::sse2;
  }();
  return found;
#elif defined(__wasm__)
  return InstructionSet::wasm;
#else
  return InstructionSet::native;
#endif
}

InstructionSet instruction_set() {
  return std::min(supported_instruction_set(), most_allowed.load(std::memory_order_relaxed));
}

void limit(InstructionSet most) { most_allowed.store(most, std::memory_order_relaxed); }

const char* name(InstructionSet set) {
  switch (set) {
    case InstructionSet::native:
      return "native";
    case InstructionSet::wasm:
      return "wasm";
    case InstructionSet::sse2:
      return "sse2";
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx512:
      return "avx512";
  }
  return "";
}

}  // namespace cvlab::simd
