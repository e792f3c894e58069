// Which SIMD instructions this processor has, asked once, at run time.
//
// An op's kernel header, core/ops/<op>_kernel.hpp, is compiled once for each set, with that set's compiler options. It
// defines
//   namespace cvlab::<op>_kernel {
//     struct Table { … };                                 // plain function pointers and the number of lanes
//     template <class Arch> constexpr Table table();      // xsimd architecture -> its functions
//     const Table& best();                                // declared only: cmake/add_op.cmake writes it
//   }
// Rule: every function in it is a template on Arch, and it calls nothing of the standard library that is not one
// instruction. An ordinary inline function would be compiled several times under one name, and the linker might keep
// the one that this processor cannot run.
#pragma once

namespace cvlab::simd {

enum class InstructionSet { native, wasm, sse2, avx2, avx512 };  // in rising order on x86

// The best one that processor, operating system and limit() allow.
InstructionSet instruction_set();
// The best one without the limit.
InstructionSet supported_instruction_set();
// Not more than this, for tests and measurements: InstructionSet::avx512 takes the limit away.
void limit(InstructionSet most);
const char* name(InstructionSet set);

}  // namespace cvlab::simd
