# cvlab_add_chapter(<id>): the demos that follow belong to this chapter of the course; its name is the word "chapter.<id>".
# cvlab_add_demo(<id>): one line a demo, in lesson order. The folder app/demos/<id>/ is compiled, its words go into the
# program, and menu, gallery, URL, embed and the tests over all demos follow. A demo without words or test is refused.
include_guard(GLOBAL)

function(cvlab_add_chapter id)
  set_property(GLOBAL APPEND PROPERTY CVLAB_CHAPTERS "${id}")
endfunction()

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
  get_property(chapters GLOBAL PROPERTY CVLAB_CHAPTERS)
  if(NOT chapters)
    message(FATAL_ERROR "The demo \"${id}\" belongs to no chapter: put a cvlab_add_chapter() line before it.")
  endif()
  list(GET chapters -1 chapter)
  set_property(GLOBAL APPEND PROPERTY "CVLAB_DEMOS_OF_${chapter}" "${id}")
  set_property(GLOBAL APPEND PROPERTY CVLAB_DEMO_SOURCES ${sources})
endfunction()

# Writes registry.cpp (chapters()) for the demos added so far and gives it, with their sources, to `target`.
function(cvlab_write_registry target)
  get_property(chapters GLOBAL PROPERTY CVLAB_CHAPTERS)
  get_property(sources GLOBAL PROPERTY CVLAB_DEMO_SOURCES)
  set(declarations "")
  set(entries "")
  foreach(chapter IN LISTS chapters)
    get_property(demos GLOBAL PROPERTY "CVLAB_DEMOS_OF_${chapter}")
    string(APPEND entries "      {\"${chapter}\", {\n")
    foreach(id IN LISTS demos)
      string(REPLACE "-" "_" name "${id}")
      string(APPEND declarations "const DemoInfo& demo_info_${name}();\n")
      string(APPEND entries "          &demo_info_${name}(),\n")
    endforeach()
    string(APPEND entries "      }},\n")
  endforeach()
  set(registry "${CMAKE_BINARY_DIR}/generated/registry.cpp")
  file(CONFIGURE OUTPUT "${registry}" @ONLY CONTENT [[
// Made by cmake/add_demo.cmake from the cvlab_add_chapter() and cvlab_add_demo() lines of app/CMakeLists.txt.
#include "app/shell/chapters.hpp"

namespace cvlab::app {

@declarations@
const std::vector<Chapter>& chapters() {
  static const std::vector<Chapter> all = {
@entries@  };
  return all;
}

}  // namespace cvlab::app
]])
  target_sources(${target} PRIVATE "${registry}" ${sources})
endfunction()
