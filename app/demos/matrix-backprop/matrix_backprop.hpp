// A network of two layers as matrices: every product forward and backward with its shapes, every cell with the row and
// the column that it comes from. The core's MatrixExample computes; matrix_backprop.cpp follows the state, stage.cpp
// places the matrices, plates.cpp draws them, formula.cpp writes out the cell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/formula.hpp"
#include "core/autodiff/matrix_example.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_matrix_backprop();
std::unique_ptr<Demo> make_matrix_backprop(DemoContext context);

class MatrixBackprop final : public Demo {
 public:
  explicit MatrixBackprop(DemoContext context) : state_(context.state), example_(MatrixSettings{}) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 1.6; }
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect overview, operation, formula;
    bool wide = true;
  };
  // A matrix on the screen: `x`, `y` is its corner, `width` x `height` a cell.
  struct Plate {
    MatrixId id = MatrixId::X;
    bool transposed = false;
    float x = 0.0F, y = 0.0F, width = 1.0F, height = 1.0F;
    bool name_below = false;
    int rows = 0, columns = 0;  // as drawn
    Rect rect() const { return {x, y, x + width * static_cast<float>(columns), y + height * static_cast<float>(rows)}; }
  };
  // Of the overview: the width of each place, the space between them, a cell.
  struct Columns {
    std::vector<float> slots;
    float gap, width, height;
  };
  // A sign between plates.
  struct Sign {
    float x = 0.0F, y = 0.0F;
    std::string text;
  };

  // matrix_backprop.cpp
  int done() const;
  bool known(MatrixId id) const;
  std::optional<MatrixId> target() const;      // the matrix that is looked at
  std::optional<MatrixCell> selected() const;  // and its cell
  std::optional<MatrixCell> shown() const { return pointed_ ? pointed_ : selected(); }
  MatrixCell within(MatrixId id, int row, int column) const;
  void select(const MatrixCell& cell);
  void move(int rows, int columns);

  // stage.cpp
  Layout layout(const Rect& area) const;
  Plate plate(MatrixId id, bool transposed) const;
  void place_overview(const Canvas& canvas, const Layout& layout);
  void place_band(bool second, const Rect& area, const Columns& columns);
  void place_operation(const Canvas& canvas, const Layout& layout, MatrixId id);
  void place_product(const Rect& area, const MatrixRule& rule, MatrixId id);
  void place_row(const Rect& area, const MatrixRule& rule, MatrixId id);
  void draw_operation(const Canvas& canvas, const Layout& layout, MatrixId id) const;
  std::optional<MatrixCell> cell_at(const std::vector<Plate>& plates, float x, float y) const;
  void point(const Layout& layout);

  // plates.cpp
  void draw_plates(const Canvas& canvas, const std::vector<Plate>& plates, const std::vector<Sign>& signs) const;
  void draw_plate(const Canvas& canvas, const Plate& plate) const;
  void draw_name(const Canvas& canvas, const Plate& plate) const;
  void draw_feeds(const Canvas& canvas) const;
  bool feeds(MatrixId id) const;  // an operand of the matrix that is looked at
  bool lit(const MatrixCell& cell) const;

  // formula.cpp
  void draw_explanation(const Canvas& canvas, const Layout& layout) const;
  float draw_sentences(const Canvas& canvas, const Rect& area, bool wide) const;
  std::vector<FormulaPiece> pieces_of(const Canvas& canvas, const MatrixCell& cell) const;
  std::string what(const Words& words, MatrixId id) const;

  State& state_;
  std::uint64_t seen_state_ = 0;
  MatrixExample example_;
  double value_range_ = 1.0;
  double gradient_range_ = 1.0;

  std::vector<Plate> overview_;
  std::vector<Plate> operation_;
  std::vector<Sign> overview_signs_;
  std::vector<Sign> operation_signs_;
  std::optional<MatrixCell> pointed_;
  std::optional<MatrixId> panel_;  // matrix whose operation is drawn large
  std::vector<MatrixCell> lit_;
};

bool is_gradient(MatrixId id);
// "Z_1", "∂L/∂W_2"; of a gradient without "∂L/∂" only "W_2".
std::string matrix_symbol(MatrixId id);
std::string matrix_name(MatrixId id);
std::string shape_text(const Matrix& matrix, bool transposed);

}  // namespace cvlab::app
