// The part of a frame that window and page share.
#include "app/platform/loop.hpp"

namespace cvlab::app {

bool Loop::frame(double now) {
  open_ = window_.take_events(events_.dropped);
  if (!open_) return false;
  events_.before_frame();
  const Viewport viewport = window_.viewport();
  if (viewport.width < 1.0F || viewport.height < 1.0F) {
    last_ = -1.0;
    return false;
  }
  // After a rest nothing has to catch up: the first frame lasts one frame.
  const double dt = last_ < 0.0 ? 1.0 / 60.0 : now - last_;
  if (session_.work(dt)) {
    last_ = now;
    return true;
  }
  window_.begin_frame();
  const bool again = session_.frame(viewport, dt);
  window_.end_frame();
  last_ = again ? now : -1.0;
  return again;
}

}  // namespace cvlab::app
