# Finds Emscripten; no flags here (they are all in emscripten.cmake).
# tools/setup writes build/toolchain.cmake, which names the folder of emcc in CVLAB_EMSCRIPTEN.
include("${CMAKE_CURRENT_LIST_DIR}/../build/toolchain.cmake" OPTIONAL)
if(NOT CVLAB_EMSCRIPTEN)
  message(FATAL_ERROR "No Emscripten is set up for this checkout: run tools/setup")
endif()
set(EMSCRIPTEN_ROOT_PATH "${CVLAB_EMSCRIPTEN}")
include("${CVLAB_EMSCRIPTEN_TOOLCHAIN}")
