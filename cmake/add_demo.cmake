# cvlab_add_demo(<id>): one line a demo, in lesson order. The folder app/demos/<id>/ is compiled, its words go into the
# program, and menu, gallery, URL, embed and the tests over all demos follow. A demo without words or test is refused.
include_guard(GLOBAL)

function(cvlab_add_demo id)
  set(folder "app/demos/${id}")
  foreach(needed IN ITEMS "${folder}/words.en.json" "${folder}/words.fr.json" "tests/app/demos/${id}_test.cpp")
    if(NOT EXISTS "${PROJECT_SOURCE_DIR}/${needed}")
      message(FATAL_ERROR "The demo \"${id}\" needs ${needed}: write it, then configure again (CONTRIBUTING.md, \"a demo\").")
    endif()
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
  if(NOT sources)
    message(FATAL_ERROR "The demo \"${id}\" has no ${folder}/*.cpp.")
  endif()
  set_property(GLOBAL APPEND PROPERTY CVLAB_DEMOS "${id}")
  set_property(GLOBAL APPEND PROPERTY CVLAB_DEMO_SOURCES ${sources})
endfunction()

# Writes registry.cpp (all_demos()) for the demos added so far and gives it, with their sources, to `target`.
function(cvlab_write_registry target)
  get_property(demos GLOBAL PROPERTY CVLAB_DEMOS)
  get_property(sources GLOBAL PROPERTY CVLAB_DEMO_SOURCES)
  set(declarations "")
  set(entries "")
  foreach(id IN LISTS demos)
    string(REPLACE "-" "_" name "${id}")
    string(APPEND declarations "const DemoInfo& demo_info_${name}();\n")
    string(APPEND entries "      &demo_info_${name}(),\n")
  endforeach()
  set(registry "${CMAKE_BINARY_DIR}/generated/registry.cpp")
  file(CONFIGURE OUTPUT "${registry}" @ONLY CONTENT [[
// Made by cmake/add_demo.cmake from the cvlab_add_demo() lines of app/CMakeLists.txt.
#include "app/shell/demo.hpp"

namespace cvlab::app {

@declarations@
const std::vector<const DemoInfo*>& all_demos() {
  static const std::vector<const DemoInfo*> demos = {
@entries@  };
  return demos;
}

}  // namespace cvlab::app
]])
  target_sources(${target} PRIVATE "${registry}" ${sources})
endfunction()
