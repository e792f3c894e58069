// Two frames and the motion between them; and a line through points. Both look for the lowest point of a bowl: two
// numbers for which a sum of squares is least.
// optical_flow.cpp computes, flow_stage.cpp and line_stage.cpp draw, params.cpp is the table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/area_input.hpp"
#include "app/views/field.hpp"
#include "app/views/image_view.hpp"
#include "core/image/image.hpp"
#include "core/image/line_fit.hpp"
#include "core/image/motion.hpp"
#include "core/image/optical_flow.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_optical_flow();
std::unique_ptr<Demo> make_optical_flow(DemoContext context);

class OpticalFlow final : public Demo {
 public:
  explicit OpticalFlow(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.7; }
  std::string sentence(const Words& words) const override;

 private:
  // A place of the picture whose motion was looked for.
  struct Arrow {
    int x = 0, y = 0;
    int row = 0, column = 0;  // in the grid of places
    double u = 0.0, v = 0.0;
    FlowKnown known = FlowKnown::nothing;
    bool inside = true;  // and still inside in the second frame
  };
  struct Layout {
    Rect picture, bowl, system, bars, patches;  // without area: left out
    bool wide = true;
  };

  // optical_flow.cpp
  bool is_line() const { return state_.choice("figure") == "line"; }
  bool smooth() const { return state_.choice("method") == "horn-schunck"; }
  bool known_motion() const { return state_.raw("image") != "own" || state_.choice("second") == "moved"; }
  LucasKanade method() const;
  void load_frames();
  bool work_on_flow();  // true while Horn and Schunck's sweeps go on
  void find_arrows();
  void look_at(int row, int column);
  void measure();
  void work_on_line();
  PictureMotion::Flow truth(int x, int y) const { return motion_.flow(x, y, width(), height()); }
  int width() const { return pair_.width(); }
  int height() const { return pair_.height(); }
  Readouts flow_readouts() const;
  Readouts line_readouts() const;

  // flow_stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_flow(const Canvas& canvas);
  void draw_picture(const Canvas& canvas, const Rect& area);
  void draw_arrows(const Canvas& canvas, const CellMap& map) const;
  void draw_wheel(const Canvas& canvas, const CellMap& map) const;
  void draw_flow_bowl(const Canvas& canvas, const Rect& area);
  void draw_flow_system(const Canvas& canvas, const Rect& area) const;
  void draw_eigenvalues(const Canvas& canvas, const Rect& area) const;
  void draw_patches(const Canvas& canvas, const Rect& area);
  std::string legend(const Words& words, float pixel) const;
  int shown_every(float pixel) const;

  // line_stage.cpp
  void draw_line_figure(const Canvas& canvas);
  void draw_points(const Canvas& canvas, const Rect& area);
  void draw_fits(const Canvas& canvas, const FieldMap& map) const;
  void edit_points(const Canvas& canvas, const FieldMap& map);
  void draw_line_bowl(const Canvas& canvas, const Rect& area);
  void draw_line_system(const Canvas& canvas, const Rect& area) const;
  void draw_line_table(const Canvas& canvas, const Rect& area) const;
  void keep_points();

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;

  // Frames.
  std::string frames_key_;  // what they were made from
  Tensor first_, second_;   // (H, W) grey
  Tensor own_, before_;     // the own picture, and the one before it where it had the same size
  std::uint64_t own_version_ = 0;
  PictureMotion motion_;
  FlowPair pair_;
  HornSchunck field_;
  std::string arrows_key_;
  std::vector<Arrow> arrows_;
  int spacing_ = 16;  // px between arrows
  Error problem_;

  // The window that is looked at.
  int row_ = 0, column_ = 0;
  std::optional<std::pair<int, int>> hovered_;
  FlowSystem system_;  // one step from rest, at full size
  double u_ = 0.0, v_ = 0.0;
  double mean_error_ = 0.0, normal_share_ = 0.0, flat_share_ = 0.0;
  double longest_ = 1.0;  // of the arrows
  FieldMap flow_plane_;
  FieldView flow_bowl_;
  ImageView view_;
  std::string view_key_;

  // Line.
  std::vector<LinePoint> points_;
  std::string line_key_;
  std::optional<LineFit> least_squares_, consensus_;
  std::optional<LineRansac> ransac_;
  bool points_problem_ = false;
  FieldMap line_plane_;
  FieldView line_bowl_;
  int dragged_ = -1;
};

}  // namespace cvlab::app
