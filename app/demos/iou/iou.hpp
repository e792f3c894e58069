// IoU: two boxes on a photograph; areas, intersection over union and its relatives with every number written out.
// iou.cpp computes, stage.cpp draws, params.cpp is the table.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/backdrop.hpp"
#include "app/views/boxes.hpp"
#include "app/views/plot.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_iou();
std::unique_ptr<Demo> make_iou(DemoContext context);

class Iou final : public Demo {
 public:
  explicit Iou(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

 private:
  // What is written out, a row each; pointing at a row shows its area on the picture.
  enum class Row { area_a, area_b, intersection, area_union, hull, iou, dice, giou };
  static constexpr int row_count = 8;
  struct Layout {
    Rect picture, plot, rows;
    int first_row = 0;       // those before it find no room
    bool two_lines = false;  // arithmetic below the name
  };

  // iou.cpp
  void read_boxes();
  void sweep();
  std::array<Box, 2> scene() const;
  int selected() const { return state_.choice("selected") == "truth" ? 0 : 1; }
  void keep(int index, const Box& box);
  bool matches() const { return overlap_.iou >= state_.real("threshold"); }

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  Row measure() const;
  void draw_picture(const Canvas& canvas, const Layout& layout);
  void draw_region(const Canvas& canvas, const CellMap& map, Row row) const;
  void draw_rows(const Canvas& canvas, const Layout& layout);
  void draw_row(const Canvas& canvas, const Rect& area, Row row, bool two_lines, bool shown) const;
  std::string arithmetic(const Words& words, Row row) const;
  double value(Row row) const;
  void draw_plot_panel(const Canvas& canvas, const Rect& area, const CellMap& map);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;

  Backdrop backdrop_;
  bool loaded_ = false;
  std::string a_text_;
  std::string b_text_;
  std::array<Box, 2> boxes_;  // truth, prediction
  Overlap overlap_;
  Error problem_;  // of the boxes' text
  // The three measures while B goes from the picture's left edge to its right one; x is B's left side.
  std::vector<PlotPoint> iou_curve_, dice_curve_, giou_curve_;

  BoxEditor editor_;
  std::optional<Row> pointed_;
};

}  // namespace cvlab::app
