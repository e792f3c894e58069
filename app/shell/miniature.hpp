// A demo of the gallery at its defaults, drawn small; nobody plays with it.
#pragma once

#include <cstdint>
#include <memory>

#include "app/shell/app.hpp"

namespace cvlab::app {

// Draws every texture smaller, towards one point: what the vertices of a miniature get after the demo has drawn them,
// a texture must know before.
class ShrinkingGraphics final : public Graphics {
 public:
  struct Lens {
    float x = 0.0F;
    float y = 0.0F;
    float scale = 1.0F;
    ImVec2 operator()(ImVec2 at) const { return {x + (at.x - x) * scale, y + (at.y - y) * scale}; }
  };
  explicit ShrinkingGraphics(Graphics& graphics) : graphics_(graphics) {}
  std::unique_ptr<Texture> texture() override;
  Lens lens;

 private:
  Graphics& graphics_;
};

struct App::Miniature {
  Miniature(const DemoInfo& demo_info, PictureLibrary& pictures, FileLibrary& files, Graphics& plain)
      : info(demo_info),
        graphics(plain),
        state(demo_info.params),
        demo(demo_info.make(DemoContext{state, pictures, files})) {}

  // The figure as it is on a page, drawn into a rectangle of any size.
  void draw(const Canvas& outer, const Rect& figure);

  const DemoInfo& info;
  ShrinkingGraphics graphics;
  State state;
  std::unique_ptr<Demo> demo;
  // It is updated until it rests, and again when its photograph or its data arrives.
  bool moving = true;
  std::uint64_t seen_pictures = 0;
  std::uint64_t seen_files = 0;
};

}  // namespace cvlab::app
