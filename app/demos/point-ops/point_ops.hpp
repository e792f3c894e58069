// Point operations: every level through one curve. The curve, the histograms before and after, the pixels that had to
// be saturated.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/area_input.hpp"
#include "app/views/byte_view.hpp"
#include "app/views/explore.hpp"
#include "core/image/levels.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_point_ops();
std::unique_ptr<Demo> make_point_ops(DemoContext context);

class PointOps final : public Demo {
 public:
  explicit PointOps(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect before, after;
    Rect curve;  // the square of the transfer curve; the histograms lie below and at its right
    Rect below, right;
    Rect card;
    bool wide = true;
  };
  struct Counts {  // pixels
    std::int64_t all = 0, black = 0, white = 0;
    int levels_before = 0, levels_after = 0;  // different ones that occur
  };

  // point_ops.cpp
  void load();
  void compute();
  Transfer transfer();
  int rows() const { return grey_.height; }
  int columns() const { return grey_.width; }
  Cell flipped(Cell cell) const;  // where a pixel of one picture lies in the other
  int level() const;              // that the figure explains: pointed at on the curve or in a picture, else the pixel's
  Cell shown_cell() const { return hovered_.value_or(cell_); }

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void keys();
  void draw_picture(const Canvas& canvas, const Rect& area, bool after);
  Palette clip_colours(const Canvas& canvas) const;
  void draw_card(const Canvas& canvas, const Rect& area) const;
  float draw_arithmetic(const Canvas& canvas, const Rect& area) const;
  void draw_table(const Canvas& canvas, const Rect& area) const;

  // curve.cpp
  void draw_curve(const Canvas& canvas, const Layout& layout);
  void draw_axes(const Canvas& canvas, const Layout& layout) const;
  void draw_line(const Canvas& canvas, const Rect& area) const;
  void draw_path(const Canvas& canvas, const Layout& layout) const;
  void drag_curve(const Rect& area, const AreaInput& input);
  void drag_point(const Rect& area, const AreaInput& input, double x, double y);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  ChosenPicture chosen_;
  std::string done_;  // what `result_` was computed from
  Image grey_, mapped_, result_;
  Levels before_, after_;
  Transfer transfer_;
  std::vector<CurvePoint> points_;  // of the drawn curve
  Counts counts_;
  Cell cell_;
  std::optional<Cell> hovered_;       // of the picture before
  std::optional<int> hovered_level_;  // on the curve
  std::optional<std::size_t> dragged_;
  Error problem_;
  Error remark_;

  ByteView before_view_, after_view_, marks_view_;
  Image marks_;
  LinkedCamera camera_;
};

}  // namespace cvlab::app
