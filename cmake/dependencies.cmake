# What we build on, each at one pinned version. Where it comes from, first that applies:
#   1. FETCHCONTENT_SOURCE_DIR_<NAME>, set by build/toolchain.cmake: sources that tools/setup took from Debian 13,
#      so that the native and the web build compile the same text;
#   2. find_package, when the system has that version;
#   3. a clone at the pinned tag.
# To add one: declare it here, add its package to tools/cvlab_tools/sources.py, link its target where it is used.
include(FetchContent)
set(FETCHCONTENT_QUIET ON)

# SOURCE_SUBDIR names a folder that does not exist: fetched, but its own CMakeLists is not run (headers need none).
set(headers_only SOURCE_SUBDIR only-headers SYSTEM)

FetchContent_Declare(eigen3 GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git GIT_TAG 3.4.0 GIT_SHALLOW ON
  ${headers_only} FIND_PACKAGE_ARGS 3.4.0 NAMES Eigen3)
FetchContent_Declare(xsimd GIT_REPOSITORY https://github.com/xtensor-stack/xsimd.git GIT_TAG 13.2.0 GIT_SHALLOW ON
  ${headers_only} FIND_PACKAGE_ARGS 13.2.0)
FetchContent_Declare(nlohmann_json GIT_REPOSITORY https://github.com/nlohmann/json.git GIT_TAG v3.11.3 GIT_SHALLOW ON
  ${headers_only} FIND_PACKAGE_ARGS 3.11)
FetchContent_Declare(cli11 GIT_REPOSITORY https://github.com/CLIUtils/CLI11.git GIT_TAG v2.4.1 GIT_SHALLOW ON
  ${headers_only} FIND_PACKAGE_ARGS 2.4 NAMES CLI11)
# stb has no releases; this is the commit Debian 13 packages.
FetchContent_Declare(stb GIT_REPOSITORY https://github.com/nothings/stb.git GIT_TAG 5c205738c191bcb0abc65c4febfa9bd25ff35234
  ${headers_only})
# No find_package: systems' libraries are built with obsolete names and without our switches.
FetchContent_Declare(imgui GIT_REPOSITORY https://github.com/ocornut/imgui.git GIT_TAG v1.90.1 GIT_SHALLOW ON ${headers_only})
FetchContent_MakeAvailable(eigen3 xsimd nlohmann_json stb imgui)

# The target a dependency is known by, made of its headers unless find_package brought it.
function(cvlab_header_library target folder)
  if(TARGET ${target})
    return()
  endif()
  string(REPLACE "::" "_" name "header_${target}")
  add_library(${name} INTERFACE)
  target_include_directories(${name} SYSTEM INTERFACE "${folder}")
  add_library(${target} ALIAS ${name})
endfunction()

cvlab_header_library(Eigen3::Eigen "${eigen3_SOURCE_DIR}")
cvlab_header_library(xsimd "${xsimd_SOURCE_DIR}/include")
cvlab_header_library(nlohmann_json::nlohmann_json "${nlohmann_json_SOURCE_DIR}/include")
cvlab_header_library(stb "${stb_SOURCE_DIR}")
if(NOT EMSCRIPTEN)
  FetchContent_MakeAvailable(cli11)
  if(NOT TARGET CLI11::CLI11)  # compiled once: as headers it costs each file that reads a command line nine seconds
    file(GLOB parts RELATIVE "${cli11_SOURCE_DIR}/include" "${cli11_SOURCE_DIR}/include/CLI/impl/*_inl.hpp")
    list(TRANSFORM parts REPLACE "(.+)" "#include <\\1>\n")
    string(JOIN "" parts ${parts})
    file(CONFIGURE OUTPUT generated/cli11.cpp CONTENT "${parts}")
    add_library(cli11 STATIC "${CMAKE_BINARY_DIR}/generated/cli11.cpp")
    target_compile_definitions(cli11 PUBLIC CLI11_COMPILE)
    target_include_directories(cli11 SYSTEM PUBLIC "${cli11_SOURCE_DIR}/include")
    add_library(CLI11::CLI11 ALIAS cli11)
  endif()
endif()

add_library(imgui STATIC
  "${imgui_SOURCE_DIR}/imgui.cpp"
  "${imgui_SOURCE_DIR}/imgui_draw.cpp"
  "${imgui_SOURCE_DIR}/imgui_tables.cpp"
  "${imgui_SOURCE_DIR}/imgui_widgets.cpp")
target_include_directories(imgui SYSTEM PUBLIC "${imgui_SOURCE_DIR}")
target_compile_features(imgui PUBLIC cxx_std_20)
target_compile_options(imgui PRIVATE -ffp-contract=off)
target_compile_definitions(imgui PUBLIC
  IMGUI_DISABLE_OBSOLETE_FUNCTIONS
  ImDrawIdx=unsigned           # 32-bit: OpenGL ES 3.0 has no base vertex, and a figure with many numbers passes 65,536
  IMGUI_DISABLE_DEMO_WINDOWS   # 100 KB of the web module
  IMGUI_DISABLE_DEBUG_TOOLS)

if(CVLAB_WINDOW)
  if(EMSCRIPTEN)
    cvlab_sdl2_port()  # cmake/emscripten.cmake: SDL2::SDL2 is Emscripten's port
  else()
    find_package(SDL2 2.0.20 CONFIG)
    find_library(CVLAB_GLES GLESv2)
    if(NOT SDL2_FOUND OR NOT CVLAB_GLES)
      message(FATAL_ERROR "SDL2 or OpenGL ES is missing: run tools/setup, or configure with -DCVLAB_WINDOW=OFF")
    endif()
  endif()
  add_library(imgui_backends STATIC
    "${imgui_SOURCE_DIR}/backends/imgui_impl_opengl3.cpp"
    "${imgui_SOURCE_DIR}/backends/imgui_impl_sdl2.cpp")
  target_include_directories(imgui_backends SYSTEM PUBLIC "${imgui_SOURCE_DIR}/backends")
  target_compile_definitions(imgui_backends PUBLIC IMGUI_IMPL_OPENGL_ES3)
  target_link_libraries(imgui_backends PUBLIC imgui SDL2::SDL2 $<$<BOOL:${CVLAB_GLES}>:${CVLAB_GLES}>)
  if(EMSCRIPTEN)  # no questions to the GPU while drawing; the file says why
    target_sources(imgui_backends PRIVATE "${PROJECT_SOURCE_DIR}/app/gfx/known_gl_state.cpp")
    target_compile_definitions(imgui_backends PRIVATE glGetIntegerv=cvlab_gl_get_integerv)
  endif()
endif()

if(CVLAB_TESTS)
  if(EMSCRIPTEN)
    cvlab_catch2_options()  # cmake/emscripten.cmake
  endif()
  FetchContent_Declare(catch2 GIT_REPOSITORY https://github.com/catchorg/Catch2.git GIT_TAG v3.7.1 GIT_SHALLOW ON
    SYSTEM FIND_PACKAGE_ARGS 3.7.1 NAMES Catch2)
  FetchContent_MakeAvailable(catch2)
  get_target_property(installed Catch2 IMPORTED)
  if(NOT installed)  # its 106 small files are two minutes in each of our five builds one by one, seconds in three pieces
    set_target_properties(Catch2 PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 36)
    target_compile_options(Catch2 PRIVATE -O1)  # tests are never timed
    cvlab_not_sanitized(Catch2 Catch2WithMain)
  endif()
endif()

cvlab_not_sanitized(imgui imgui_backends cli11)
