# A second build, or another checkout's, takes what was compiled before.
find_program(CVLAB_CCACHE ccache)
if(CVLAB_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # compilercheck=content: the compilers may be small wrapper scripts, whose time stamps say nothing.
  # basedir, nohashdir: what one build directory or clone compiled serves the others.
  set(launcher /usr/bin/env CCACHE_COMPILERCHECK=content "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1)
  if(EMSCRIPTEN)
    list(APPEND launcher CCACHE_COMPILERTYPE=clang)  # emcc speaks clang's options; its name does not tell ccache so
  endif()
  list(APPEND launcher "${CVLAB_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
