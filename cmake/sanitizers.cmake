# Our code and the decoders it includes (stb). The other dependencies are compiled as they are, which halves the time of the
# sanitized build; where the standard library annotates its containers (libc++), a container filled here and read there
# must agree, and they are sanitized too.
if(CVLAB_SANITIZE AND NOT EMSCRIPTEN)
  # -O1: the sanitized suite runs three times faster than at -O0, and stacks stay readable.
  add_compile_options(-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

function(cvlab_not_sanitized)
  foreach(target IN LISTS ARGN)
    if(CVLAB_SANITIZE AND TARGET ${target} AND NOT APPLE)
      target_compile_options(${target} PRIVATE -fno-sanitize=all -g0)
    endif()
  endforeach()
endfunction()

# Fuzz targets need clang's libFuzzer. They share the sanitized objects with the tests; they link cvlab_fuzz_flags, and the
# files that parse what strangers hand us say cvlab_cover(files), so that the fuzzer sees which branches it took.
add_library(cvlab_fuzz_flags INTERFACE)
set(CVLAB_FUZZ OFF)
if(CVLAB_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set(CVLAB_FUZZ ON)
  target_link_options(cvlab_fuzz_flags INTERFACE -fsanitize=fuzzer)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

function(cvlab_cover)
  if(CVLAB_FUZZ)
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS -fsanitize=fuzzer-no-link)
  endif()
endfunction()
