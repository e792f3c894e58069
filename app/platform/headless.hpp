// OpenGL ES 3 without display: an EGL context without surface, and a framebuffer to draw into and read back.
#pragma once

#include <memory>
#include <string>

#include "core/image/image.hpp"
#include "core/result.hpp"

namespace cvlab::app {

class Headless {
 public:
  static Result<std::unique_ptr<Headless>> make(int width, int height);  // in device pixels
  ~Headless();
  Headless(const Headless&) = delete;
  Headless& operator=(const Headless&) = delete;

  Image read() const;                // the picture drawn last, RGB
  static void finish();              // waits until what was asked for is drawn: a software GL keeps all of it till then
  static std::string take_errors();  // GL errors since the last call, "" = none

 private:
  Headless(int width, int height) : width_(width), height_(height) {}
  Result<void> make_context();
  Result<void> make_framebuffer();

  int width_;
  int height_;
  void* display_ = nullptr;  // EGLDisplay
  void* context_ = nullptr;  // EGLContext
  unsigned framebuffer_ = 0;
  unsigned renderbuffer_ = 0;
};

}  // namespace cvlab::app
