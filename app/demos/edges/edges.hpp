// Edges: first differences of a picture, their strength and direction, and Canny's way from there to lines of one
// pixel. edges.cpp computes, stage.cpp draws the pictures, card.cpp the pixel that is looked at, params.cpp is the
// table.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/explore.hpp"
#include "app/views/image_view.hpp"
#include "core/image/canny.hpp"
#include "core/image/image.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_edges();
std::unique_ptr<Demo> make_edges(DemoContext context);

class Edges final : public Demo {
 public:
  explicit Edges(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 2.0; }
  std::string sentence(const Words& words) const override;

  static constexpr int stages = 8;
  static const char* stage_name(int stage);  // as the parameter says it

 private:
  // What is known about one pixel.
  struct Pixel {
    int row = 0, column = 0;
    int value = 0, gx = 0, gy = 0;
    double magnitude = 0.0, direction = 0.0;
    CannyStep across;
    double before = 0.0, after = 0.0;  // magnitudes of the two neighbours across the edge
    bool ridge = false;
    int canny_class = 0;
    bool edge = false;
  };
  struct Layout {
    Rect strip, picture, legend;
    Rect card, verdict;  // on a narrow stage the verdict stands below the picture
    int strip_columns = stages;
    bool wide = true;
    bool names = true;  // of the stages in the strip; else their numbers
  };

  // edges.cpp
  void load();
  void detect();
  void show_gradients();
  void show_decisions();
  void count();
  void settle_cell();
  Pixel pixel(Cell cell) const;
  double magnitude_at(int row, int column) const;  // 0 outside the picture
  int rows() const { return smooth_.height; }
  int columns() const { return smooth_.width; }
  int shown_stage() const;
  Cell looked_at() const { return hovered_.value_or(cell_); }

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_strip(const Canvas& canvas, const Layout& layout);
  void draw_picture(const Canvas& canvas, const Layout& layout);
  void draw_mark(const Canvas& canvas, const CellMap& map) const;
  void draw_legend(const Canvas& canvas, const Rect& area) const;
  void keys(const Rect& area);

  // card.cpp
  void draw_card(const Canvas& canvas, const Layout& layout) const;
  float draw_grids(const Canvas& canvas, const Rect& area, const Pixel& at) const;
  float draw_values(const Canvas& canvas, const Rect& area, const Pixel& at) const;
  void draw_wheel(const Canvas& canvas, float x, float y, float radius, const Pixel& at) const;
  float draw_sums(const Canvas& canvas, const Rect& area, const Pixel& at) const;
  void draw_verdict(const Canvas& canvas, const Rect& area, const Pixel& at) const;
  std::array<std::string, 4> formulas(const Words& words, const Pixel& at) const;  // of Gx, Gy, G and the angle
  std::string sum_text(const Words& words, const Pixel& at, bool along_x) const;

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  ChosenPicture chosen_;
  double sigma_ = -1.0;
  double low_ = -1.0;
  double high_ = -1.0;

  Image grey_, smooth_;
  CannyStages result_;
  float gradient_high_ = 1.0F;   // where the colours of Gx and Gy end
  float magnitude_high_ = 1.0F;  // and those of the magnitude
  int ridge_pixels_ = 0, weak_ = 0, strong_ = 0, edge_pixels_ = 0;
  Cell cell_;
  std::optional<Cell> hovered_;
  Error problem_;
  Error remark_;

  std::array<ImageView, stages> views_;
  LinkedCamera camera_;
};

}  // namespace cvlab::app
