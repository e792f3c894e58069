// Segmentation by grey level: one threshold on the histogram, Otsu's choice of it, or one for each pixel; the pieces
// that come out, and how well they match a mask that the learner paints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/area_input.hpp"
#include "app/views/byte_view.hpp"
#include "app/views/explore.hpp"
#include "core/detect/mask.hpp"
#include "core/image/brush.hpp"
#include "core/image/components.hpp"
#include "core/image/threshold.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_threshold();
std::unique_ptr<Demo> make_threshold(DemoContext context);

class ThresholdDemo final : public Demo {
 public:
  explicit ThresholdDemo(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect picture, result;
    Rect objective, bars;  // over one axis of levels
    Rect card;
    bool wide = true;
  };

  // threshold.cpp
  void load();
  void segment();
  void judge();
  bool adaptive() const { return state_.choice("method") == "adaptive"; }
  int level() const;  // of the fixed threshold or Otsu's
  int rows() const { return grey_.height; }
  int columns() const { return grey_.width; }
  Cell shown_cell() const { return hovered_.value_or(cell_); }
  const Component* piece() const;  // under the pixel that is looked at

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void keys();
  void draw_picture(const Canvas& canvas, const Rect& area);
  void draw_result(const Canvas& canvas, const Rect& area);
  void follow(const Canvas& canvas, const Rect& area, Explored& explored, const AreaInput& input, bool paints);
  void paint(const CellMap& map, const AreaInput& input);
  void draw_mark(const Canvas& canvas, const CellMap& map) const;
  Palette result_colours(const Canvas& canvas) const;

  // levels.cpp
  void draw_levels(const Canvas& canvas, const Layout& layout);
  void draw_objective(const Canvas& canvas, const Rect& area) const;
  void draw_card(const Canvas& canvas, const Rect& area) const;
  float draw_decision(const Canvas& canvas, const Rect& area) const;

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  ChosenPicture chosen_;
  std::string done_;    // what the mask was computed from
  std::string judged_;  // and what it was compared with

  Image grey_, mean_, mask_, work_;
  Levels levels_;
  Otsu otsu_;
  Components pieces_;
  std::vector<BrushStroke> strokes_;
  Image truth_;
  MaskOverlap overlap_;
  Cell cell_;
  std::optional<Cell> hovered_;
  std::optional<int> hovered_level_;
  Error problem_;
  Error remark_;

  ByteView picture_view_, truth_view_, result_view_;
  Image shown_;  // indices into result_colours()
  LinkedCamera camera_;
};

}  // namespace cvlab::app
