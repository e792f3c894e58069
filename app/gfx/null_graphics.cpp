#include "app/gfx/graphics.hpp"

namespace cvlab::app {

namespace {

class NullTexture final : public Texture {
 public:
  int width() const override { return width_; }
  int height() const override { return height_; }
  void upload(int width, int height, PixelFormat /*format*/, const void* /*pixels*/) override {
    width_ = width;
    height_ = height;
  }
  void draw(ImDrawList& /*list*/, const TextureQuad& /*quad*/) override {}

 private:
  int width_ = 0;
  int height_ = 0;
};

class NullGraphics final : public Graphics {
 public:
  std::unique_ptr<Texture> texture() override { return std::make_unique<NullTexture>(); }
};

}  // namespace

std::unique_ptr<Graphics> make_null_graphics() { return std::make_unique<NullGraphics>(); }

}  // namespace cvlab::app
