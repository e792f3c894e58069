// A field that opens beside a number of the figure: type, or use - and + (touch).
#pragma once

#include <optional>
#include <string>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

class NumberEditor {
 public:
  // `target` names what is edited, as the caller likes; the field opens below `anchor` in the next draw().
  void open(std::string target, double value, const Rect& anchor);
  // The new value in the frame in which it changed. `step` is what - and + change.
  std::optional<double> draw(const Canvas& canvas, const char* id, double step);
  const std::string& target() const { return target_; }
  bool is_open() const { return shown_; }

 private:
  std::string target_;
  double value_ = 0.0;
  Rect anchor_;
  bool asked_ = false;
  bool focus_ = false;
  bool shown_ = false;
};

}  // namespace cvlab::app
