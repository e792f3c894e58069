// When frames are drawn: after input, after wake(), while something moves; never otherwise. Two implementations of
// equal shape, loop_native.cpp and loop_web.cpp.
#pragma once

#include <functional>
#include <string>

#include "app/platform/session.hpp"
#include "app/platform/window.hpp"

namespace cvlab::app {

class Loop {
 public:
  struct Events {
    std::function<void()> before_frame = [] {};
    std::function<void(const std::string&)> dropped = [](const std::string&) {};
  };
  Loop(Window& window, Session& session, Events events);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Natively returns when the window is closed; in the page returns at once, frames come from the browser.
  void run();
  // One more frame, soon. Natively from any thread.
  void wake();

 private:
  struct Waiting;          // what each implementation needs to sleep and be woken
  bool frame(double now);  // seconds; true while another frame is wanted

  Window& window_;
  Session& session_;
  Events events_;
  Waiting* waiting_;
  double last_ = -1.0;  // time of the last frame if the one after it follows at once, else -1
  bool open_ = true;
};

}  // namespace cvlab::app
