# cvlab_warnings and cvlab_flags: every target of ours links both; dependencies link neither.
add_library(cvlab_warnings INTERFACE)
target_compile_options(cvlab_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # GCC 12 and 13 see it in every "text" + std::string (GCC bug 105651)
  target_compile_options(cvlab_warnings INTERFACE -Wno-restrict)
endif()
if(CVLAB_WERROR)
  target_compile_options(cvlab_warnings INTERFACE -Werror)
endif()

add_library(cvlab_flags INTERFACE)
target_include_directories(cvlab_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_features(cvlab_flags INTERFACE cxx_std_20)
# No silent fused multiply-add: the same source gives the same numbers with g++, clang and in WASM. Kernels that want
# one say so, through core/simd.
target_compile_options(cvlab_flags INTERFACE -ffp-contract=off)
if(NOT EMSCRIPTEN)
  find_package(Threads REQUIRED)
  target_link_libraries(cvlab_flags INTERFACE Threads::Threads)
endif()
