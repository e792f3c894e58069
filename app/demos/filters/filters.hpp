// Filters: one photograph through many kernels, before and after; a kernel of one's own; puzzles that hide the kernel.
// filters.cpp computes, stage.cpp draws the pictures, panel.cpp kernel, gallery and puzzle, params.cpp is the table.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/explore.hpp"
#include "app/views/image_view.hpp"
#include "app/views/kernel_editor.hpp"
#include "app/views/picture_sheet.hpp"
#include "core/image/image.hpp"
#include "core/image/kernel_puzzle.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_filters();
std::unique_ptr<Demo> make_filters(DemoContext context);

// The tiles of the gallery are the choices of "kernel"; the last one is the learner's.
inline constexpr std::array<std::string_view, 12> kernel_names = {"identity", "shift",   "mean",      "mean-9",
                                                                  "gaussian", "motion",  "sharpen",   "emboss",
                                                                  "sobel-x",  "sobel-y", "laplacian", "own"};
inline constexpr int kernel_tiles = static_cast<int>(kernel_names.size());

class Filters final : public Demo {
 public:
  explicit Filters(DemoContext context) : state_(context.state), pictures_(context.pictures) {
    params_.padding = Padding::reflect;
  }

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    std::array<Rect, 4> picture;  // before, after; in a puzzle also target and difference
    Rect kernel, gallery, sum;
    bool wide = true;
    bool letters = false;  // no room for names over the pictures
  };
  // How values become colours.
  struct Display {
    Shade shade = Shade::grey;
    float low = 0.0F, high = 255.0F;
    float least = 0.0F, most = 255.0F;  // values that occur
  };

  // filters.cpp
  void load();
  void load_kernel();
  void show(std::size_t view, const Tensor& values, Display display);
  void filter(const Tensor& picture, const Tensor& kernel, Tensor& result) const;
  void compute();
  void solve();
  void fill_gallery();
  Display display_of(const Tensor& kernel) const;
  Tensor gallery_kernel(int tile) const;
  void edit(Cell cell, double value);
  bool puzzle() const { return state_.choice("mode") == "puzzle"; }
  int rows() const { return grey_.height; }
  int columns() const { return grey_.width; }
  double kernel_sum() const;
  Cell shown_cell() const { return hovered_.value_or(cell_); }

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  Layout wide_layout(const Rect& area) const;
  Layout narrow_layout(const Rect& area) const;
  void keys();
  void draw_picture(const Canvas& canvas, const Layout& layout, int index);
  void draw_window(const Canvas& canvas, const CellMap& map, Cell cell, bool kernel_window) const;
  void draw_sum(const Canvas& canvas, const Rect& area);

  // panel.cpp
  void draw_kernel(const Canvas& canvas, const Layout& layout);
  void draw_gallery(const Canvas& canvas, const Rect& area);
  void draw_tile(const Canvas& canvas, const Rect& where, int tile, bool selected, bool hovered);
  void draw_puzzle(const Canvas& canvas, const Rect& area, const Rect& beside);
  float draw_divisor(const Canvas& canvas, const Rect& area);
  float draw_hint(const Canvas& canvas, const Rect& area) const;
  void draw_buttons(const Canvas& canvas, const Rect& area);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  ChosenPicture chosen_;
  std::uint64_t loads_ = 0;  // how often another picture came
  std::string done_;         // what was computed
  std::string gallery_done_;

  Conv2dParams params_;
  Image grey_;
  Tensor input_;   // (1, 1, H, W), 0 .. 255
  Tensor kernel_;  // (rows, columns), what filters now
  Tensor hidden_;  // of the puzzle
  Tensor output_, target_, difference_;
  PictureDistance distance_;
  PuzzleState solved_ = PuzzleState::open;
  Cell cell_;
  std::optional<Cell> hovered_;
  std::optional<int> marked_;  // the product pointed at, window order
  Error problem_;

  std::array<ImageView, 4> views_;
  std::array<Display, 4> displays_;
  std::array<Tensor, kernel_names.size()> tile_kernels_;
  std::array<Display, kernel_names.size()> tile_displays_;
  PictureSheet grey_sheet_, signed_sheet_;
  KernelEditor editor_;
  LinkedCamera camera_;
};

}  // namespace cvlab::app
