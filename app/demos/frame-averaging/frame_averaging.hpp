// Many noisy frames of one scene and their mean: what is left of the noise falls with the root of their number, as long
// as nothing moves.
// frame_averaging.cpp computes, stage.cpp draws, params.cpp is the table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/image_view.hpp"
#include "app/views/plot.hpp"
#include "core/image/frame_average.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_frame_averaging();
std::unique_ptr<Demo> make_frame_averaging(DemoContext context);

class FrameAveraging final : public Demo {
 public:
  static constexpr int most = 256;  // frames

  explicit FrameAveraging(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.25; }
  void restart() override;
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect frame, result, plot;
  };
  struct Place {
    int row = 0, column = 0;
  };

  // frame_averaging.cpp
  bool filmed() const { return state_.raw("image") == "own" && state_.choice("source") == "camera"; }
  int wanted() const { return state_.integer("frames"); }
  bool done() const { return average_.count() > 0 && average_.count() == wanted(); }
  void load();
  void begin();                 // without any frame
  void make_frame(int number);  // into frame_
  void add_frame();
  void take_filmed();
  void measure();
  bool work();  // true while frames are still missing

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_pictures(const Canvas& canvas, const Layout& l);
  void show_result();
  std::string result_range(const Words& words) const;
  void explain(const Canvas& canvas, const CellMap& map, const char* id) const;
  void draw_curve(const Canvas& canvas, const Rect& area);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  std::string key_;  // what the frames are made from
  Error problem_;
  std::uint64_t filmed_version_ = 0;

  Tensor scene_;           // (H, W), nothing moving; empty when filmed
  Tensor frame_;           // the last one
  int frame_number_ = -1;  // which frame_ is
  Tensor still_;           // (H, W): 1 where nothing has moved so far
  FrameAverage average_;
  FrameAverage halves_[2];                            // of the even and the odd frames, when filmed
  std::vector<FrameAverage> kept_;                    // after 1, 2, 4 … frames: going back need not begin anew
  std::vector<PlotPoint> measured_, measured_still_;  // by number of frames
  double frame_error_ = 0.0;

  ImageView frame_view_, result_view_;
  std::string shown_key_;
  Tensor deviation_;
  double shown_range_ = 1.0;
};

}  // namespace cvlab::app
