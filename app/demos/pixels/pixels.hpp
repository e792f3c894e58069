// Pixels: an image is a matrix of numbers. Zoom from the photograph to its printed values, take its colour apart, take
// bits away and see what is lost, leave the range of a byte.
// pixels.cpp computes, stage.cpp and card.cpp draw, params.cpp is the table.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/byte_view.hpp"
#include "app/views/explore.hpp"
#include "app/views/formula.hpp"
#include "app/views/image_view.hpp"
#include "core/image/bit_depth.hpp"
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
  // Planes in which a picture can be looked at. The first three of a space stand side by side in the figure.
  enum Plane { red, green, blue, hue, saturation, brightness, lightness, lab_a, lab_b, grey };
  struct Layout {
    Rect picture, legend, planes, card;
    bool wide = true;
  };
  // What the computed pictures depend on.
  struct Asked {
    std::uint64_t picture = 0;
    std::string channel, show, numbers, overflow;
    int bits = 0;
    int offset = 0;
    bool operator==(const Asked&) const = default;
  };

  // pixels.cpp
  void load();
  void compute();
  void compute_view(const Image& stored);
  int rows() const { return grey_.height; }
  int columns() const { return grey_.width; }
  Cell looked_at() const { return hovered_.value_or(cell_); }
  bool in_colour() const { return asked_.channel == "colour" && file_channels_ >= 3; }
  Plane shown_plane() const;  // colour counts as grey where one number is asked for
  Plane first_of_strip() const { return shown_plane() == grey ? red : static_cast<Plane>(shown_plane() / 3 * 3); }
  static bool is_signed(Plane plane) { return plane == lab_a || plane == lab_b; }
  static const char* plane_id(Plane plane);
  Image plane_image(Plane plane) const;     // bytes as the file has them
  int byte_of(Plane plane, Cell at) const;  // one of them
  int stored(Cell at) const;                // of the shown plane, after the offset
  int level(Cell at) const;                 // after bits were taken away; signed planes about 0
  int error(Cell at) const;                 // what is shown less what was stored
  double luma(Cell at) const;               // before it is rounded
  double unit(int level) const;             // the level as a number 0..1, or -1..1

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_picture(const Canvas& canvas, const Layout& layout);
  void draw_legend(const Canvas& canvas, const Layout& layout);
  void draw_planes(const Canvas& canvas, const Layout& layout);
  void keys(const Rect& area);

  // card.cpp
  void draw_card(const Canvas& canvas, const Layout& layout) const;
  void draw_channel_row(const Canvas& canvas, const Rect& row, Plane plane) const;
  float draw_formulas(const Canvas& canvas, const Rect& area, bool all) const;
  std::vector<FormulaPiece> origin(const Words& words) const;
  std::vector<FormulaPiece> hue_formula(const Words& words, int most, int least) const;
  std::vector<FormulaPiece> sum() const;
  std::vector<FormulaPiece> quantisation() const;
  void draw_levels(const Canvas& canvas, const Rect& area) const;
  void draw_histogram(const Canvas& canvas, const Rect& area) const;

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  ChosenPicture chosen_;
  std::uint64_t loaded_ = 0;  // counts pictures
  Asked asked_;
  int bits_ = 8;
  int file_channels_ = 0;

  Image rgb_, grey_;  // three channels, one channel; as the file has them
  Image hsv_, lab_;   // made when they are looked at
  Levels stored_;     // histogram of the shown plane after the offset
  Levels levels_;     // and after bits were taken away
  std::int64_t overflowing_ = 0;
  double psnr_ = 0.0;
  ByteCurve offset_curve_{}, level_curve_{}, shown_curve_{};
  Cell cell_;
  std::optional<Cell> hovered_;
  Error problem_;
  Error remark_;

  ImageView view_;
  Shade view_shade_ = Shade::colour;
  float view_high_ = 255.0F;
  std::array<ByteView, 3> strip_;
  LinkedCamera camera_;
};

}  // namespace cvlab::app
