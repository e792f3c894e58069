# For everything that is compiled, dependencies too: a container filled here and read there must agree on annotations.
if(CVLAB_SANITIZE AND NOT EMSCRIPTEN)
  # -O1: the sanitized suite runs three times faster than at -O0, and stacks stay readable.
  add_compile_options(-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

# Fuzz targets link this; the libraries they exercise are instrumented for coverage.
add_library(cvlab_fuzz_flags INTERFACE)
if(CVLAB_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  target_link_options(cvlab_fuzz_flags INTERFACE -fsanitize=fuzzer)
endif()
