// What happens at the border: four rules side by side on a crop of a photograph, with the error of each, which is known
// because the photograph goes on around the crop; and the arithmetic of sizes. padding.cpp computes, stage.cpp draws
// the photograph and the rules, sizes.cpp the sliding window.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/image_view.hpp"
#include "core/image/border_error.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_padding();
std::unique_ptr<Demo> make_padding(DemoContext context);

class PaddingDemo final : public Demo {
 public:
  explicit PaddingDemo(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return sizes() ? 0.4 : 1.5; }
  std::string sentence(const Words& words) const override;

 private:
  static constexpr int rules = 4;  // valid, zero, replicate, reflect

  struct Layout {
    Rect photo, grid, plate;
    bool rows = false;  // a rule is a row of the grid, not a column
    float tile = 40.0F;
  };

  // padding.cpp
  void load();
  void study();
  void show();
  void settle();
  bool ready() const { return problem_.id.empty() && side_ > 0; }
  bool sizes() const { return state_.choice("view") == "sizes"; }
  int rule() const;
  int kernel_size() const { return state_.integer("size"); }
  // Of a rule at a pixel of the crop; nothing where valid has none.
  std::optional<float> output_at(int rule, const Cell& pixel) const;
  SlidingSize sliding() const;
  int same_padding() const;  // that keeps the size at stride 1; -1: none does
  int chosen_output() const;
  Readouts photo_readouts() const;
  Readouts size_readouts() const;

  // stage.cpp
  static Layout layout(const Rect& area, float photo_ratio);
  Rect tile(const Layout& layout, int rule, bool error) const;
  void draw_photo(const Canvas& canvas, const Rect& area);
  void point_tiles(const Layout& layout);
  void draw_tile(const Canvas& canvas, const Layout& layout, int rule, bool error);
  std::string explanation(const Words& words) const;
  void keys();

  // sizes.cpp
  void draw_sizes(const Canvas& canvas);
  struct Axis {
    float x0 = 0.0F, cell = 1.0F, tall = 18.0F;
    int k = 1, s = 1;
    float x(int c) const { return x0 + cell * static_cast<float>(c); }
  };
  void draw_axis(const Canvas& canvas, const Rect& area);
  static void draw_box(const Canvas& canvas, const Rect& rect, ImU32 fill, ImU32 line, const std::string& number);
  void draw_windows(const Canvas& canvas, const Rect& area, const Axis& axis) const;
  std::string size_sentence(const Words& words) const;

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0, seen_pictures_ = 0;
  Error problem_, remark_;

  ChosenPicture chosen_;
  Tensor picture_;   // (1, 1, H, W), grey, 0 .. 255
  std::string key_;  // what study_ was made of
  int side_ = 0;
  BorderStudy study_;
  Cell shown_;  // pixel of the crop
  int shown_rule_ = 1;
  float output_high_ = 255.0F, error_high_ = 1.0F;
  bool signed_output_ = false;

  ImageView photo_;
  std::array<ImageView, rules> outputs_, errors_;
};

}  // namespace cvlab::app
