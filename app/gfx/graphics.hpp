// Textures and the one shaded quad that pictures need. gl_graphics.cpp draws with OpenGL ES 3 / WebGL 2,
// null_graphics.cpp draws nothing (tests, read-outs without a GPU).
#pragma once

#include <cstdint>
#include <memory>

struct ImDrawList;

namespace cvlab::app {

enum class PixelFormat { rgba8, r32f };

struct Rect {  // x0 <= x1, y0 <= y1
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  float width() const { return x1 - x0; }
  float height() const { return y1 - y0; }
  bool contains(float x, float y) const { return x >= x0 && x < x1 && y >= y0 && y < y1; }
};

// The colour of a value is shade_colour() in app/gfx/shade.hpp, on the CPU and (as a look-up table) in the shader.
enum class Shade {
  colour,     // rgba8 as it is
  grey,       // r32f: low is black, high is white
  diverging,  // r32f: -high negative colour, 0 neutral, +high positive colour (theme)
  sequential  // r32f: low .. high through the sequential map
};

struct TextureQuad {
  Rect screen;  // where, in ImGui coordinates
  Rect source;  // which part of the texture, in texels
  Shade shade = Shade::colour;
  float low = 0.0F;
  float high = 255.0F;
  float grid = 0.0F;  // 0..1: strength of hairlines between texels (meaningful when a texel is > ~6 px)
  float alpha = 1.0F;
};

// Keeps the pixels too, so that a lost GL context is refilled without the demo noticing.
class Texture {
 public:
  virtual ~Texture() = default;
  virtual int width() const = 0;
  virtual int height() const = 0;
  // rows from top to bottom, tightly packed; size and format may change.
  virtual void upload(int width, int height, PixelFormat format, const void* pixels) = 0;
  // Box-filtered when smaller than the source, sharp-edged texels (anti-aliased borders) when larger.
  virtual void draw(ImDrawList& list, const TextureQuad& quad) = 0;
};

class Graphics {
 public:
  virtual ~Graphics() = default;
  virtual std::unique_ptr<Texture> texture() = 0;  // empty until uploaded
};

std::unique_ptr<Graphics> make_null_graphics();

}  // namespace cvlab::app
