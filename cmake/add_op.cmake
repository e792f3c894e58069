# cvlab_add_op(<op>): one line an operation. Compiles core/ops/<op>.cpp (the readable definition) and, where it exists,
# <op>_fast.cpp; an op without a header or a test is refused. When <op>_kernel.hpp exists it is compiled once for each
# instruction set below, and <op>_kernel::best() chooses between them at run time: a SIMD version touches no other line.
# What a kernel header must define is said in core/simd/dispatch.hpp.
include_guard(GLOBAL)

# Each entry: name | xsimd architecture | compiler options separated by commas. The first is what every machine of the
# kind has. `name` is an enumerator of cvlab::simd::InstructionSet.
if(EMSCRIPTEN)
  set(cvlab_instruction_sets "wasm|xsimd::wasm|")
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i.86")
  set(cvlab_instruction_sets
    "sse2|xsimd::sse2|"
    "avx2|xsimd::fma3<xsimd::avx2>|-mavx2,-mfma"
    "avx512|xsimd::avx512bw|-mavx512f,-mavx512cd,-mavx512dq,-mavx512bw,-mfma")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # its own AVX-512 header reads an undefined register on purpose
    string(APPEND cvlab_instruction_sets ",-Wno-uninitialized,-Wno-maybe-uninitialized")
  endif()
else()
  set(cvlab_instruction_sets "native|xsimd::default_arch|")
endif()
if(CVLAB_SANITIZE)
  # The body is the same one: it is checked once, since an instrumented tile of many registers takes the compiler minutes.
  list(LENGTH cvlab_instruction_sets sets)
  if(sets GREATER 1)
    list(GET cvlab_instruction_sets 0 cvlab_instruction_sets)
    add_compile_definitions(CVLAB_BASE_INSTRUCTION_SET)  # core/simd/dispatch.cpp
  endif()
endif()

function(cvlab_add_op op)
  foreach(needed IN ITEMS "core/ops/${op}.hpp" "core/ops/${op}.cpp" "tests/core/ops/${op}_test.cpp")
    if(NOT EXISTS "${PROJECT_SOURCE_DIR}/${needed}")
      message(FATAL_ERROR "The op \"${op}\" needs ${needed}: write it, then configure again (CONTRIBUTING.md, \"an op\").")
    endif()
  endforeach()
  set(stem "${PROJECT_SOURCE_DIR}/core/ops/${op}")
  target_sources(cvlab_core PRIVATE "${stem}.cpp")
  if(EXISTS "${stem}_fast.cpp")
    target_sources(cvlab_core PRIVATE "${stem}_fast.cpp")
  endif()
  if(EXISTS "${stem}_kernel.hpp")
    cvlab_add_kernel("${op}_kernel")
  endif()
endfunction()

# Generates <kernel>_<set>.cpp for each instruction set and <kernel>_dispatch.cpp, and gives them to cvlab_core. The header
# lies in core/ops, or in the folder of core that is named.
function(cvlab_add_kernel kernel)
  set(module "ops")
  if(ARGC GREATER 1)
    set(module "${ARGV1}")
  endif()
  set(folder "${CMAKE_BINARY_DIR}/generated/core/${module}")
  set(declarations "")
  set(cases "")
  list(GET cvlab_instruction_sets 0 first)
  string(REGEX REPLACE "[|].*" "" first_name "${first}")
  foreach(entry IN LISTS cvlab_instruction_sets)
    string(REGEX MATCH "^([^|]*)[|]([^|]*)[|](.*)$" matched "${entry}")
    set(set_name "${CMAKE_MATCH_1}")
    set(set_arch "${CMAKE_MATCH_2}")
    string(REPLACE "," ";" set_options "${CMAKE_MATCH_3}")
    string(APPEND declarations "extern const Table table_${set_name};\n")
    string(APPEND cases "    case simd::InstructionSet::${set_name}: return table_${set_name};\n")
    set(source "${folder}/${kernel}_${set_name}.cpp")
    file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT [[
// Made by cmake/add_op.cmake.
#include "core/@module@/@kernel@.hpp"

namespace cvlab::@kernel@ {
// constinit: nothing compiled for this instruction set runs before it was chosen.
extern const Table table_@set_name@;
constinit const Table table_@set_name@ = table<@set_arch@>();
}  // namespace cvlab::@kernel@
]])
    set_source_files_properties("${source}" TARGET_DIRECTORY cvlab_core PROPERTIES COMPILE_OPTIONS "${set_options}")
    target_sources(cvlab_core PRIVATE "${source}")
  endforeach()
  set(source "${folder}/${kernel}_dispatch.cpp")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT [[
// Made by cmake/add_op.cmake.
#include "core/@module@/@kernel@.hpp"
#include "core/simd/dispatch.hpp"

namespace cvlab::@kernel@ {

@declarations@
const Table& best() {
  switch (simd::instruction_set()) {
@cases@    default: return table_@first_name@;
  }
}

}  // namespace cvlab::@kernel@
]])
  target_sources(cvlab_core PRIVATE "${source}")
endfunction()
