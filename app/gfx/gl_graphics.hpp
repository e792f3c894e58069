// Graphics on OpenGL ES 3 / WebGL 2. Textures keep their pixels on this side, so a lost context is only a refill.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "app/gfx/graphics.hpp"
#include "app/gfx/theme.hpp"

namespace cvlab::app {

class GlTexture;

class GlGraphics final : public Graphics {
 public:
  GlGraphics() = default;
  ~GlGraphics() override;
  GlGraphics(const GlGraphics&) = delete;
  GlGraphics& operator=(const GlGraphics&) = delete;

  std::unique_ptr<Texture> texture() override;

  // Before ImGui's frame: forgets the last frame's quads; colour maps follow the theme.
  void begin_frame(const Theme& theme);
  // The context is gone: gives up every GL name. What is drawn next makes them anew from the pixels kept here.
  void release();

 private:
  friend class GlTexture;

  // What a quad of this frame needs when ImGui's list is rendered. Shares ownership, so a texture may be dropped in
  // between.
  struct Draw {
    GlGraphics* graphics;
    std::shared_ptr<struct GlPixels> pixels;
    TextureQuad quad;
  };
  struct Program {
    unsigned id = 0;
    unsigned vertex_array = 0;
    int screen, source, pixels, map, bounds, footprint, range, shade, grid, hairline, alpha;
  };

  static void render(const struct ImDrawList* list, const struct ImDrawCmd* command);
  void draw(const Draw& draw, const struct ImDrawCmd& command);
  void make_program();
  unsigned map_texture(Shade shade);

  const Theme* theme_ = nullptr;
  Program program_;
  unsigned maps_[4] = {0, 0, 0, 0};
  std::deque<Draw> draws_;                              // stable addresses: callbacks point into it
  std::vector<std::weak_ptr<struct GlPixels>> pixels_;  // of all textures, to forget their names
};

}  // namespace cvlab::app
