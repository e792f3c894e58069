# Every Emscripten flag of the project, each with its reason. Emscripten 3.1.69 or later.
#   baseline (preset web)        runs in any frame of any page: no threads, so no special headers
#   turbo    (preset web-turbo)  pages that are cross-origin isolated: threads and relaxed SIMD
# Functions: cvlab_web_module(target), cvlab_node_program(target); the rest applies to all code, dependencies included.
option(CVLAB_TURBO "Relaxed SIMD and threads (preset web-turbo)" OFF)

# ---- all code, dependencies included -------------------------------------------------------------------------------
add_compile_options(
  -msimd128         # 128-bit SIMD: in every browser since 2023; xsimd compiles its kernels to it
  -fno-exceptions   # exceptions in WASM cost size and speed everywhere; our code returns Result<T>
)
if(CVLAB_TURBO)
  add_compile_options(
    -mrelaxed-simd  # fused multiply-add in one instruction
    -pthread        # all objects must agree: shared memory, atomics
  )
  add_link_options(-pthread)
endif()

# ---- all programs --------------------------------------------------------------------------------------------------
add_link_options(
  -sALLOW_MEMORY_GROWTH=1   # a 512x512 photo and a 10x10 grid live in the same module
  -sINITIAL_MEMORY=33554432 # 32 MiB: what a demo needs, so that growth (a pause) is rare
  -sSTACK_SIZE=1048576      # 1 MiB, as a thread has natively; the default of 64 KiB overflows without a word
  -sDYNAMIC_EXECUTION=0     # no eval, no new Function: the pages' Content-Security-Policy forbids both
  -sMALLOC=emmalloc         # smaller than dlmalloc; hot paths do not allocate
)
if(CVLAB_TURBO)
  add_link_options(
    -Wno-pthreads-mem-growth  # warns that JavaScript re-reads the memory's size on access: we cross rarely
  )
endif()

# ---- the module of the pages: bin/<target>.js + .wasm --------------------------------------------------------------
# Exported C functions carry EMSCRIPTEN_KEEPALIVE where they are defined (app/platform).
function(cvlab_web_module target)
  target_link_options(${target} PRIVATE
    -sMODULARIZE=1 -sEXPORT_ES6=1   # import createCvlab from "./cvlab-app.js"; several figures, no global names
    -sEXPORT_NAME=createCvlab
    -sENVIRONMENT=web,worker        # leaves out the glue for Node and shells
    -sFILESYSTEM=0                  # pictures arrive as pixels; there are no files
    -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2  # WebGL 2 alone: leaves out the emulation of 1
    -sGL_SUPPORT_AUTOMATIC_ENABLE_EXTENSIONS=1   # float textures need EXT_color_buffer_float and friends
    -sEXPORTED_RUNTIME_METHODS=ccall,cwrap,UTF8ToString,stringToUTF8,lengthBytesUTF8,HEAPU8,HEAPF32,wasmMemory
    -sEXPORTED_FUNCTIONS=_main,_malloc,_free
    -sEXIT_RUNTIME=0                # main returns and the figure lives on; cv_stop ends it
    -sINVOKE_RUN=1
    -sABORTING_MALLOC=0             # a too large picture is refused with a sentence, not by ending the module
  )
  if(CVLAB_TURBO)
    target_link_options(${target} PRIVATE
      # Started with the module: a thread made later would wait for the browser's own turn, which a busy page delays.
      # One core stays for the page; more than 7 helpers gain nothing on teaching-sized work. One more thread trains
      # behind the picture (TrainingSession): waiting for its end would hang a page where it had not begun.
      "-sPTHREAD_POOL_SIZE=1+Math.max(1,Math.min(7,navigator.hardwareConcurrency-1))"
      -sPTHREAD_POOL_SIZE_STRICT=0  # fewer threads than asked for is no error
    )
  endif()
endfunction()

# ---- tests under Node: bin/<target>.js -----------------------------------------------------------------------------
function(cvlab_node_program target)
  target_link_options(${target} PRIVATE
    -O1                 # no second optimiser over the whole program, a quarter of a minute each: tests are never timed
    -sNODERAWFS=1       # the tests read tests/data and write results as the native ones do
    -sEXIT_RUNTIME=1    # the exit code is the verdict
    -sSTACK_SIZE=4194304    # Catch2's reporters and property tests nest deeper than the application
  )
  if(CVLAB_TURBO)
    target_link_options(${target} PRIVATE
      -sENVIRONMENT=node,worker
      -sPROXY_TO_PTHREAD=1  # main may block while threads work, as natively
      -sPTHREAD_POOL_SIZE=8 # main + helpers, ready before the first parallel_for
      -sPTHREAD_POOL_SIZE_STRICT=0
    )
  else()
    target_link_options(${target} PRIVATE -sENVIRONMENT=node)
  endif()
endfunction()

# ---- dependencies --------------------------------------------------------------------------------------------------
# SDL2 from Emscripten's port; tools/setup has it build from Debian's source tarball of SDL.
macro(cvlab_sdl2_port)
  if(NOT TARGET SDL2::SDL2)
    add_library(sdl2_port INTERFACE)
    target_compile_options(sdl2_port INTERFACE -sUSE_SDL=2)
    target_link_options(sdl2_port INTERFACE -sUSE_SDL=2)
    add_library(SDL2::SDL2 ALIAS sdl2_port)
  endif()
endmacro()

# The tests are built as what ships is built: a failed REQUIRE ends the run instead of throwing.
macro(cvlab_catch2_options)
  set(CATCH_CONFIG_DISABLE_EXCEPTIONS ON CACHE BOOL "" FORCE)
  set(CATCH_CONFIG_NO_POSIX_SIGNALS ON CACHE BOOL "" FORCE)
endmacro()
