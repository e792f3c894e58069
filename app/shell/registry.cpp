#include "app/shell/chapters.hpp"

namespace cvlab::app {

// chapters() itself is written by cmake/add_demo.cmake.
const std::vector<const DemoInfo*>& all_demos() {
  static const std::vector<const DemoInfo*> all = [] {
    std::vector<const DemoInfo*> demos;
    for (const Chapter& chapter : chapters()) demos.insert(demos.end(), chapter.demos.begin(), chapter.demos.end());
    return demos;
  }();
  return all;
}

const DemoInfo* find_demo(std::string_view id) {
  for (const DemoInfo* info : all_demos()) {
    if (info->id == id) return info;
  }
  return nullptr;
}

}  // namespace cvlab::app
