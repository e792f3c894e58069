// The window (natively) or the page's canvas with its GL context, and its input, by SDL2. The same code for both.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/platform/gesture.hpp"
#include "app/platform/session.hpp"
#include "core/result.hpp"

struct SDL_Window;
union SDL_Event;

namespace cvlab::app {

class Window {
 public:
  static Result<std::unique_ptr<Window>> make(const char* title, int width, int height);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void attach_input();  // once ImGui's context exists
  void detach_input();
  // Hands waiting events to ImGui. False when the window was closed. `dropped` gets the path of each dropped file.
  bool take_events(const std::function<void(const std::string&)>& dropped);
  void begin_frame();  // cursor shape, mouse capture
  void end_frame();    // shows what was drawn
  Viewport viewport() const;

 private:
  Window() = default;
  void take(const SDL_Event& event, const std::function<void(const std::string&)>& dropped);

  SDL_Window* window_ = nullptr;
  void* context_ = nullptr;
  Gesture gesture_;
  bool open_ = true;
};

}  // namespace cvlab::app
