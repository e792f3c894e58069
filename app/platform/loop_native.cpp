#include <SDL.h>

#include "app/platform/loop.hpp"

namespace cvlab::app {

struct Loop::Waiting {
  Uint32 wake_event;
};

Loop::Loop(Window& window, Session& session, Events events)
    : window_(window), session_(session), events_(std::move(events)), waiting_(new Waiting{SDL_RegisterEvents(1)}) {}

Loop::~Loop() { delete waiting_; }

void Loop::wake() {
  SDL_Event event{};
  event.type = waiting_->wake_event;
  SDL_PushEvent(&event);
}

void Loop::run() {
  bool again = true;
  while (open_) {
    if (!again) SDL_WaitEvent(nullptr);  // leaves the event in the queue
    SDL_PumpEvents();
    if (SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT)) session_.wake();
    again = frame(static_cast<double>(SDL_GetTicks64()) * 1e-3);
    // Without area nothing is swapped, so nothing paces us either.
    if (again && window_.viewport().width < 1.0F) SDL_Delay(50);
  }
}

}  // namespace cvlab::app
