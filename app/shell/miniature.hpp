// A demo of the gallery at its defaults, drawn small; nobody plays with it.
#pragma once

#include <cstdint>
#include <memory>

#include "app/shell/app.hpp"

namespace cvlab::app {

struct App::Miniature {
  Miniature(const DemoInfo& demo_info, PictureLibrary& pictures)
      : info(demo_info), state(demo_info.params), demo(demo_info.make(DemoContext{state, pictures})) {}

  const DemoInfo& info;
  State state;
  std::unique_ptr<Demo> demo;
  std::uint64_t seen_pictures = 0;  // it is updated once, and again when its photograph arrives
};

}  // namespace cvlab::app
