#include "app/platform/window.hpp"

#include <SDL.h>
#include <imgui.h>
#include <imgui_impl_sdl2.h>

#include <string_view>

namespace cvlab::app {

namespace {

Error failed() { return {"no_window", std::string("No window can be opened here: ") + SDL_GetError() + "."}; }

}  // namespace

Result<std::unique_ptr<Window>> Window::make(const char* title, int width, int height) {
  // Read by SDL when the window is made. In the page, only the focused canvas takes keys.
  SDL_SetHint("SDL_EMSCRIPTEN_KEYBOARD_ELEMENT", "#canvas");
  SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
  SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
  SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
  if (SDL_Init(SDL_INIT_VIDEO) != 0) return failed();
  // Without a display SDL falls back to drivers that nobody can see.
  const std::string_view driver = SDL_GetCurrentVideoDriver();
  if (driver == "offscreen" || driver == "dummy") {
    SDL_SetError("there is no display");
    const Error error = failed();
    SDL_Quit();
    return error;
  }
  std::unique_ptr<Window> window(new Window);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_ALPHA_SIZE, 0);  // the page must not shine through
  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
  constexpr Uint32 flags = SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;
  window->window_ = SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height, flags);
  if (!window->window_) return failed();
  window->context_ = SDL_GL_CreateContext(window->window_);
  if (!window->context_) return failed();
  SDL_GL_SetSwapInterval(1);
  return window;
}

Window::~Window() {
  if (context_) SDL_GL_DeleteContext(context_);
  if (window_) SDL_DestroyWindow(window_);
  SDL_Quit();
}

void Window::attach_input() { ImGui_ImplSDL2_InitForOpenGL(window_, context_); }
void Window::detach_input() { ImGui_ImplSDL2_Shutdown(); }

bool Window::take_events(const std::function<void(const std::string&)>& dropped) {
  SDL_Event event;
  while (SDL_PollEvent(&event)) take(event, dropped);
  return open_;
}

void Window::take(const SDL_Event& event, const std::function<void(const std::string&)>& dropped) {
  switch (event.type) {
    case SDL_QUIT:
      open_ = false;
      break;
    case SDL_FINGERDOWN:
    case SDL_FINGERMOTION:
    case SDL_FINGERUP: {
      const Viewport view = viewport();
      const SDL_TouchFingerEvent& finger = event.tfinger;  // 0..1 of the window
      const FingerEvent::Kind kind = event.type == SDL_FINGERDOWN ? FingerEvent::Kind::down
                                     : event.type == SDL_FINGERUP ? FingerEvent::Kind::up
                                                                  : FingerEvent::Kind::move;
      gesture_.handle({kind, finger.fingerId, finger.x * view.width, finger.y * view.height, finger.timestamp},
                      ImGui::GetIO());
      break;
    }
    case SDL_DROPFILE:
      dropped(event.drop.file);
      SDL_free(event.drop.file);
      break;
    default:
      ImGui_ImplSDL2_ProcessEvent(&event);
  }
}

void Window::begin_frame() { ImGui_ImplSDL2_NewFrame(); }
void Window::end_frame() { SDL_GL_SwapWindow(window_); }

Viewport Window::viewport() const {
  int width = 0;
  int height = 0;
  int device_width = 0;
  SDL_GetWindowSize(window_, &width, &height);
  SDL_GL_GetDrawableSize(window_, &device_width, nullptr);
  if (width < 1 || height < 1 || (SDL_GetWindowFlags(window_) & SDL_WINDOW_MINIMIZED) != 0) return {};
  return {static_cast<float>(width), static_cast<float>(height),
          static_cast<float>(device_width) / static_cast<float>(width)};
}

}  // namespace cvlab::app
