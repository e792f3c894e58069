// The application with ImGui and a GL context around it: one frame from input to pixels. Knows no window: the window,
// the page and the headless program each bring a current GL context, feed ImGui's input and call frame().
#pragma once

#include <memory>

#include "app/gfx/gl_graphics.hpp"
#include "app/shell/app.hpp"

namespace cvlab::app {

struct Viewport {
  float width = 0.0F;  // CSS px
  float height = 0.0F;
  float scale = 1.0F;  // device pixels per CSS px
};

class Session {
 public:
  // Needs a current GL context with OpenGL ES 3.
  Session(Host& host, AppOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  App& app() { return *app_; }

  // Something happened (input, a picture, an option): ImGui gets a few frames to settle.
  void wake() { settle_ = settle_seconds; }
  // Updates, draws and renders into the current framebuffer; does nothing in a viewport without area or on a lost
  // context. `dt` in seconds since the last frame. True while another frame is wanted.
  bool frame(const Viewport& viewport, double dt);
  // Instead of a frame, while a demo works in slices of the frames: lets it work. False when it is time to draw.
  bool work(double dt);
  int frames() const { return frames_; }

  void context_lost();
  void context_restored();

 private:
  // Hovering, tooltips and key repeat in ImGui live on time, not on events.
  static constexpr double settle_seconds = 0.5;
  // Seconds from frame to frame while a demo works; and shortly after something happened. A software GPU would take the
  // processor from the work at any higher rate.
  static constexpr double working_interval = 0.1;
  static constexpr double settling_interval = 0.03;

  void follow_scale(float scale);
  void follow_theme();

  GlGraphics graphics_;
  std::unique_ptr<App> app_;
  Fonts fonts_;
  float scale_ = 0.0F;  // the fonts were rasterised for it
  const Theme* theme_ = nullptr;
  double settle_ = settle_seconds;
  double undrawn_ = 0.0;  // seconds of work since the last frame
  int frames_ = 0;
  bool lost_ = false;
};

}  // namespace cvlab::app
