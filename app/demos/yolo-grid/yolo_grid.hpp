// YOLO's grid: which cell and which of its boxes is responsible for an object, and what the 30 numbers of a cell mean.
// yolo_grid.cpp computes, stage.cpp draws, params.cpp is the table, scene.cpp holds what both YOLO figures show.
#pragma once

#include <optional>
#include <string>

#include "app/demos/yolo-grid/scene.hpp"
#include "app/shell/demo.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_yolo_grid();
std::unique_ptr<Demo> make_yolo_grid(DemoContext context);

class YoloGrid final : public Demo {
 public:
  explicit YoloGrid(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect picture, title, boxes, classes, formula;
    float label = 0.0F;  // px before the numbers of a box
    float size = 0.0F;   // of their cells
  };

  // yolo_grid.cpp
  void assign() { assignment_ = yolo_assign(scene_.output(), scene_.objects(), scene_.picture()); }
  const YoloTarget* target() const { return assignment_.at(scene_.cell()); }
  int number() const;  // 0 .. 5 B + K - 1: the one that is explained
  int selected() const { return std::min(state_.integer("selected"), scene_.count()) - 1; }

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_picture(const Canvas& canvas, const Rect& area);
  void edit(const BoxEvent& event);
  void draw_boxes_panel(const Canvas& canvas, const Layout& layout);
  void draw_target_row(const Canvas& canvas, const Layout& layout, const YoloTarget& target);
  void draw_classes(const Canvas& canvas, const Rect& area);
  void draw_formula(const Canvas& canvas, const Rect& area);
  std::string box_formula(const Words& words, int box, int column) const;
  std::string box_back(const Words& words, int box, int column) const;
  std::string class_formula(const Words& words, int label) const;

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;

  YoloScene scene_;
  YoloAssignment assignment_;
  BoxEditor editor_;
  std::optional<int> pointed_;  // number under the pointer
};

}  // namespace cvlab::app
