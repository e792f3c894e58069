#include "app/shell/demo.hpp"

namespace cvlab::app {

// all_demos() itself is written by cmake/add_demo.cmake.
const DemoInfo* find_demo(std::string_view id) {
  for (const DemoInfo* info : all_demos()) {
    if (info->id == id) return info;
  }
  return nullptr;
}

}  // namespace cvlab::app
