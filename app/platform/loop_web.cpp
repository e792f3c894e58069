#include <SDL.h>
#include <emscripten/html5.h>

#include "app/platform/loop.hpp"

namespace cvlab::app {

// One animation frame is asked for at a time; a hidden page gets none from the browser.
struct Loop::Waiting {
  Loop* loop;
  int request = 0;  // 0: none under way
};

namespace {

int on_event(void* loop, SDL_Event* event) {
  // SDL puts this mark into the queue at every poll: it is our own doing, not news.
  if (event->type != SDL_POLLSENTINEL) static_cast<Loop*>(loop)->wake();
  return 1;
}

}  // namespace

Loop::Loop(Window& window, Session& session, Events events)
    : window_(window), session_(session), events_(std::move(events)), waiting_(new Waiting{this}) {
  SDL_AddEventWatch(on_event, this);
}

Loop::~Loop() {
  SDL_DelEventWatch(on_event, this);
  if (waiting_->request != 0) emscripten_cancel_animation_frame(waiting_->request);
  delete waiting_;
}

void Loop::wake() {
  session_.wake();
  run();
}

void Loop::run() {
  if (waiting_->request != 0) return;
  waiting_->request = emscripten_request_animation_frame(
      [](double now, void* data) -> EM_BOOL {
        auto& waiting = *static_cast<Waiting*>(data);
        Loop& loop = *waiting.loop;
        waiting.request = 0;
        if (loop.frame(now * 1e-3)) loop.run();
        return EM_FALSE;
      },
      waiting_);
}

}  // namespace cvlab::app
