// Pixels: an image is a matrix of numbers. Zoom from the photograph to its printed values, split it into channels, take
// bits away.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/explore.hpp"
#include "app/views/image_view.hpp"
#include "core/image/image.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_pixels();
std::unique_ptr<Demo> make_pixels(DemoContext context);

class Pixels final : public Demo {
 public:
  explicit Pixels(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

 private:
  static constexpr int grey = 3;  // after red, green, blue
  struct Layout {
    Rect picture, planes, card;
    bool wide = true;
  };

  // pixels.cpp
  void load();
  void quantise();
  int rows() const { return static_cast<int>(levels_.size(2)); }
  int columns() const { return static_cast<int>(levels_.size(3)); }
  int value(int channel, Cell cell) const;  // 0..255, before bits are taken away
  int shown_channel() const;                // 0..3; colour counts as grey where one number is asked for

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_picture(const Canvas& canvas, const Layout& layout);
  void draw_planes(const Canvas& canvas, const Rect& area);
  void draw_card(const Canvas& canvas, const Rect& area) const;
  float draw_channel_row(const Canvas& canvas, const Rect& area, float y, int channel) const;
  void draw_levels(const Canvas& canvas, const Rect& area) const;
  void keys(const Rect& area);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  ChosenPicture chosen_;
  std::string channel_;
  int bits_ = 0;
  int file_channels_ = 0;

  Tensor values_;  // (1, 4, H, W): red, green, blue, grey as whole numbers 0..255
  Tensor levels_;  // the same after quantisation, 0..2^bits-1
  int minimum_ = 0;
  int maximum_ = 0;
  Cell cell_;
  std::optional<Cell> hovered_;
  Error problem_;
  Error remark_;

  ImageView view_;
  std::array<ImageView, 3> plane_views_;
  LinkedCamera camera_;
};

}  // namespace cvlab::app
