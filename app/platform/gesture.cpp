#include "app/platform/gesture.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/gfx/pointer.hpp"

namespace cvlab::app {

namespace {

constexpr float slop = 8.0F;                  // px a finger may tremble without dragging
constexpr std::uint32_t long_press_ms = 400;  // as on phones

}  // namespace

void Gesture::handle(const FingerEvent& event, ImGuiIO& io) {
  io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  const auto known = std::find_if(fingers_.begin(), fingers_.end(), [&](const Finger& f) { return f.id == event.id; });
  if (event.kind == FingerEvent::Kind::down && known == fingers_.end()) {
    fingers_.push_back({event.id, event.x, event.y});
    down(event.time, io);
  } else if (event.kind == FingerEvent::Kind::move && known != fingers_.end()) {
    known->x = event.x;
    known->y = event.y;
    move(event.time, io);
  } else if (event.kind == FingerEvent::Kind::up && known != fingers_.end()) {
    fingers_.erase(known);
    up(event.time, event.x, event.y, io);
  }
}

void Gesture::point(float x, float y, ImGuiIO& io) const { io.AddMousePosEvent(x, y); }

float Gesture::spread() const {
  return std::max(8.0F, std::hypot(fingers_[1].x - fingers_[0].x, fingers_[1].y - fingers_[0].y));
}

void Gesture::down(std::uint32_t time, ImGuiIO& io) {
  if (fingers_.size() == 1) {
    phase_ = Phase::pressed;
    pressed_at_ = time;
    start_x_ = fingers_[0].x;
    start_y_ = fingers_[0].y;
    point(start_x_, start_y_, io);
  } else if (fingers_.size() == 2) {
    if (phase_ == Phase::dragging) io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
    phase_ = Phase::pinching;
    spread_ = spread();
    point(0.5F * (fingers_[0].x + fingers_[1].x), 0.5F * (fingers_[0].y + fingers_[1].y), io);
    io.AddMouseButtonEvent(ImGuiMouseButton_Middle, true);
  }
}

void Gesture::move(std::uint32_t time, ImGuiIO& io) {
  const Finger& finger = fingers_[0];
  if (phase_ == Phase::pinching) {
    point(0.5F * (finger.x + fingers_[1].x), 0.5F * (finger.y + fingers_[1].y), io);
    const float now = spread();
    io.AddMouseWheelEvent(0.0F, wheel_of_zoom(now / spread_));
    spread_ = now;
    return;
  }
  if (phase_ == Phase::pressed && std::hypot(finger.x - start_x_, finger.y - start_y_) > slop) {
    if (time - pressed_at_ >= long_press_ms) {
      phase_ = Phase::hovering;
    } else {
      phase_ = Phase::dragging;
      point(start_x_, start_y_, io);  // the drag starts where the finger came down
      io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
    }
  }
  if (phase_ == Phase::dragging || phase_ == Phase::hovering) point(finger.x, finger.y, io);
}

void Gesture::up(std::uint32_t time, float x, float y, ImGuiIO& io) {
  if (phase_ == Phase::pinching) {
    io.AddMouseButtonEvent(ImGuiMouseButton_Middle, false);
    phase_ = Phase::leaving;
  } else if (phase_ == Phase::pressed && time - pressed_at_ < long_press_ms) {
    point(x, y, io);
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);  // ImGui spreads press and release over two frames
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  } else if (phase_ == Phase::dragging) {
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  }
  if (fingers_.empty()) phase_ = Phase::idle;
}

}  // namespace cvlab::app
