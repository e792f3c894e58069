// Convolution: a kernel slides over a picture; every product and their sum are written out.
// convolution.cpp computes, stage.cpp draws, params.cpp is the table.
#pragma once

#include <optional>
#include <string>

#include "app/shell/demo.hpp"
#include "app/views/area_input.hpp"
#include "app/views/explore.hpp"
#include "app/views/expression.hpp"
#include "app/views/image_view.hpp"
#include "app/views/kernel_editor.hpp"
#include "app/views/number_editor.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_convolution();
std::unique_ptr<Demo> make_convolution(DemoContext context);

class Convolution final : public Demo {
 public:
  explicit Convolution(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override;
  std::string sentence(const Words& words) const override;

 private:
  // Input cells that the padding adds around the picture.
  struct Margin {
    int top = 0, left = 0, bottom = 0, right = 0;
  };
  struct Layout {
    Rect input, output;  // equal in size
    Rect window, kernel, products;
    Rect legend, sizes, expression;  // no sizes where there is no room
    bool wide = true;
  };

  // convolution.cpp
  void load_input();
  void load_kernel();
  void convolve();
  void settle_cell();
  void look_at(Cell cell);
  void keep(Cell cell);
  void edit_pixel(Cell pixel, double value);
  void edit_kernel(Cell cell, double value);
  Margin margin() const;
  // "I57·K11", or "I(5, 12)·K(1, 1)" where an index has two digits; `lowered` marks the indices for draw_symbols().
  std::string term_name(const MacTerm& term, bool lowered) const;
  // Cells that the padding adds along a side with a kernel of `size` cells.
  int padding_cells(int size) const { return params_.padding == Padding::valid ? 0 : params_.dilation_y * (size - 1); }
  int padded_rows() const { return static_cast<int>(input_.size(2)) + margin_.top + margin_.bottom; }
  int padded_columns() const { return static_cast<int>(input_.size(3)) + margin_.left + margin_.right; }
  int output_rows() const { return output_.empty() ? 0 : static_cast<int>(output_.size(2)); }
  int output_columns() const { return output_.empty() ? 0 : static_cast<int>(output_.size(3)); }

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  Layout wide_layout(const Rect& area) const;
  Layout narrow_layout(const Rect& area) const;
  float grid_cell(const Layout& layout) const;  // largest size of a cell in the three grids
  void draw_input(const Canvas& canvas, const Layout& layout);
  void draw_border(const Canvas& canvas, const CellMap& map) const;
  void draw_output(const Canvas& canvas, const Layout& layout, const CellMap& input_map);
  void draw_products(const Canvas& canvas, const Layout& layout);
  void draw_links(const Canvas& canvas, const Layout& layout, const CellMap& input) const;
  void draw_operators(const Canvas& canvas, const Layout& layout) const;
  void draw_sizes(const Canvas& canvas, const Layout& layout) const;
  void edit_in_place(const Canvas& canvas, const CellMap& map, const AreaInput& input);
  void explain(const Canvas& canvas, const std::string& text) const;
  bool navigate(const Canvas& canvas, const Rect& area, const AreaInput& input, bool with_buttons);
  CellMap input_map(const Layout& layout);
  CellMap output_map(const CellMap& input, const Layout& layout) const;
  void keys(const Rect& area);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;

  // What was used last, to recompute only what changed.
  std::string image_;
  std::uint64_t image_version_ = 0;
  std::string edits_;
  std::string kernel_;
  std::string weights_text_;
  int rows_ = 0;
  int columns_ = 0;

  Tensor input_;    // (1, 1, H, W), grey 0..255
  Tensor weights_;  // (1, 1, rows, columns)
  Tensor output_;   // (1, 1, Ho, Wo); empty when the kernel does not fit
  Conv2dParams params_;
  Margin margin_;
  float input_high_ = 255.0F;  // white
  float minimum_ = 0.0F;
  float maximum_ = 0.0F;
  Cell cell_;  // the output cell the figure explains
  std::optional<Cell> hovered_;
  MacStep step_;
  Tensor window_;       // (rows, columns): the input cells under the kernel
  Tensor products_;     // (rows, columns)
  Error problem_;       // why there is no output; id empty = none
  Error edit_problem_;  // what is wrong with the parameter "edits"
  Error remark_;        // the wanted cell does not exist

  ImageView input_view_;
  ImageView output_view_;
  Shade output_shade_ = Shade::grey;
  float output_high_ = 255.0F;
  LinkedCamera camera_;
  KernelEditor kernel_editor_;
  KernelEditor window_editor_;
  NumberEditor pixel_editor_;  // for the picture itself, on double click
  Cell edited_;
  std::optional<int> marked_;  // the product pointed at, window order
};

}  // namespace cvlab::app
