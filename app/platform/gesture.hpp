// Fingers become what ImGui knows. Tap = click. Drag = drag with the left button. Long press, then move = hover without
// click (to read values under the finger). Two fingers: pinch = wheel at their middle, moving both = drag with the
// middle button. SDL's own mouse-from-touch is off: it would press at first contact, before we know what the gesture
// is.
#pragma once

#include <cstdint>
#include <vector>

struct ImGuiIO;

namespace cvlab::app {

struct FingerEvent {
  enum class Kind { down, move, up };
  Kind kind;
  std::int64_t id;     // the same from down to up
  float x, y;          // CSS px
  std::uint32_t time;  // ms
};

class Gesture {
 public:
  void handle(const FingerEvent& event, ImGuiIO& io);

 private:
  enum class Phase {
    idle,
    pressed,   // one finger down, not yet decided
    dragging,  // left button held
    hovering,  // long press: only the position
    pinching,  // two fingers: wheel and middle button
    leaving    // fingers of a pinch going up: nothing more until all are gone
  };
  struct Finger {
    std::int64_t id;
    float x, y;
  };

  void down(std::uint32_t time, ImGuiIO& io);
  void move(std::uint32_t time, ImGuiIO& io);
  void up(std::uint32_t time, float x, float y, ImGuiIO& io);
  void point(float x, float y, ImGuiIO& io) const;
  float spread() const;  // distance of the two fingers

  Phase phase_ = Phase::idle;
  std::vector<Finger> fingers_;
  std::uint32_t pressed_at_ = 0;  // ms
  float start_x_ = 0.0F, start_y_ = 0.0F;
  float spread_ = 1.0F;
};

}  // namespace cvlab::app
