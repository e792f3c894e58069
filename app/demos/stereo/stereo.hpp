// Stereo: a window of the left picture looks for itself along the same row of the right one; how far it has to go says
// how near things are. stereo.cpp computes, stage.cpp draws, params.cpp is the table.
#pragma once

#include <optional>
#include <string>

#include "app/shell/demo.hpp"
#include "app/shell/picture_library.hpp"
#include "app/views/rgba_view.hpp"
#include "core/image/random_dots.hpp"
#include "core/image/stereo.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_stereo();
std::unique_ptr<Demo> make_stereo(DemoContext context);

class Stereo final : public Demo {
 public:
  explicit Stereo(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect left, right, map, curve, facts;
  };

  // stereo.cpp
  bool load();
  bool motorcycle() const { return state_.choice("pair") == "motorcycle"; }
  bool shows_depth() const { return motorcycle() && state_.choice("show") == "depth"; }
  void look_at(Cell cell);  // computes the costs of one pixel
  bool good(Cell cell) const;
  int whole(Cell cell) const;  // disparity in whole pixels
  double disparity() const;
  double cost_per_pixel(int cost) const;

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_pair(const Canvas& canvas, const Layout& layout);
  void draw_map(const Canvas& canvas, const Rect& area);
  void draw_curve(const Canvas& canvas, const Rect& area);
  void draw_facts(const Canvas& canvas, const Rect& area) const;
  void point_at(const char* id, const CellMap& map);
  void colour_map(const Theme& theme);
  void keys();

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;

  std::string pair_;
  std::uint64_t pair_version_ = 0;
  Image left_, right_;  // grey, of one size
  Tensor truth_;        // of the dots
  RgbaView left_view_, right_view_, map_view_;
  Error problem_;

  StereoParams params_;
  std::string computed_;  // what the result was computed for
  StereoResult result_;
  StereoRig rig_;
  double right_share_ = 0.0;  // of the kept pixels whose disparity is known: found to 1 px
  bool map_changed_ = false;
  bool map_dark_ = false;

  Cell cell_;
  std::optional<Cell> hovered_;
  std::vector<int> costs_;
  std::optional<double> curve_cursor_;
};

}  // namespace cvlab::app
