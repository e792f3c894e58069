// Non-maximum suppression: a detector's many boxes become one for each object, decision by decision.
// nms.cpp computes, stage.cpp draws, params.cpp is the table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/backdrop.hpp"
#include "app/views/boxes.hpp"
#include "app/views/boxes_text.hpp"
#include "core/detect/nms.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_nms();
std::unique_ptr<Demo> make_nms(DemoContext context);

class Nms final : public Demo {
 public:
  static constexpr int most_boxes = 16;
  static constexpr int most_steps = 140;  // drop, 16 times keep, 120 comparisons, end

  explicit Nms(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  void restart() override { (void)state_.set("at", "0"); }
  std::string sentence(const Words& words) const override;

 private:
  using Status = NonMaximumSuppression::Status;
  using Kind = NonMaximumSuppression::Step::Kind;
  struct Layout {
    Rect picture, status, list, matrix;
  };

  // nms.cpp
  void read_boxes();
  NumberRows scene() const;
  void suppress();
  void keep_rows();
  int count() const { return static_cast<int>(rows_.size()); }
  const Detection& detection(int i) const { return run_.detections()[static_cast<std::size_t>(i)]; }
  std::string names(const std::vector<int>& list) const;

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  ImU32 class_colour(const Theme& theme, int label) const;
  std::string class_name(const Words& words, int label) const;
  std::string status_text(const Words& words, int index) const;
  std::string step_text(const Words& words) const;
  bool looked_at(int index) const;
  void draw_picture(const Canvas& canvas, const Layout& layout);
  void draw_pair(const Canvas& canvas, const CellMap& map) const;
  void draw_list(const Canvas& canvas, const Rect& area);
  void draw_row(const Canvas& canvas, const Rect& area, int index);
  void draw_matrix(const Canvas& canvas, const Rect& area);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;

  Backdrop backdrop_;
  bool loaded_ = false;
  std::string text_;  // of the parameter "boxes" when it was read
  NumberRows rows_;
  NonMaximumSuppression run_;  // after the first `at` decisions
  int all_steps_ = 0;
  std::vector<int> result_;  // what stays in the end
  bool ended_ = false;       // stepping has met the end: the next step begins again
  Error problem_;

  BoxEditor editor_;
  std::optional<int> pointed_;
};

}  // namespace cvlab::app
