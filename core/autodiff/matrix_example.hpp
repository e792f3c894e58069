// A network of two layers written with matrices, forward and backward, and how every cell of every matrix comes about.
// One column is one sample. Shapes (rows x columns), with D inputs, H hidden and O output neurons, batch N:
//
//   Z1 = W1 X + B1   (H x N)   W1 (H x D)   X (D x N)   B1 (H x 1), added to every column
//   A1 = f(Z1)       (H x N)
//   Z2 = W2 A1 + B2  (O x N)   W2 (O x H)               B2 (O x 1)
//   E  = sum over the outputs of (Z2 - Y)^2 / 2   (1 x N)   Y (O x N)
//   L  = sum of E / N                              (1 x 1)
//
//   dZ2 = (Z2 - Y) / N     dW2 = dZ2 A1^T    dB2 = dZ2 1      dA1 = W2^T dZ2     1 (N x 1): all ones
//   dZ1 = dA1 * f'(Z1)     dW1 = dZ1 X^T     dB1 = dZ1 1      * cell by cell
//
// dM is the derivative of L by each cell of M. W, X, Y are short decimals made by position and seed; no Z1 of them is
// 0, where ReLU has no derivative.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace cvlab {

enum class MatrixActivation { relu, logistic, tanh, identity };

struct MatrixSettings {
  int inputs = 3;
  int hidden = 4;
  int outputs = 2;
  int batch = 3;
  MatrixActivation activation = MatrixActivation::relu;
  int seed = 1;

  bool operator==(const MatrixSettings&) const = default;
};

// Given, forward, backward. `slope` is f'(Z1), `ones` the column of N ones.
enum class MatrixId { X, Y, W1, B1, W2, B2, Z1, A1, Z2, E, L, dZ2, dW2, dB2, dA1, dZ1, dW1, dB1, slope, ones };
inline constexpr int matrix_count = 20;

// What is computed, in this order.
inline constexpr std::array<MatrixId, 12> matrix_steps = {MatrixId::Z1,  MatrixId::A1,  MatrixId::Z2,  MatrixId::E,
                                                          MatrixId::L,   MatrixId::dZ2, MatrixId::dW2, MatrixId::dB2,
                                                          MatrixId::dA1, MatrixId::dZ1, MatrixId::dW1, MatrixId::dB1};
std::optional<int> matrix_step(MatrixId id);  // index into matrix_steps; nothing for what is given
// The matrix of which `id` is the gradient.
std::optional<MatrixId> matrix_of_gradient(MatrixId id);

struct Matrix {
  int rows = 0;
  int columns = 0;
  std::vector<double> values;

  double at(int row, int column) const { return values[index(row, column)]; }
  double& at(int row, int column) { return values[index(row, column)]; }
  std::size_t index(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column);
  }
};

struct MatrixOperand {
  MatrixId id = MatrixId::X;
  bool transposed = false;
};

enum class MatrixRuleKind {
  given,
  product,     // left * right, + add to each column
  activation,  // f of each cell of left
  error,       // half the squared differences of left and right, summed over each column
  mean,        // of all cells of left
  difference,  // (left - right) / N
  cellwise     // left * right cell by cell
};

struct MatrixRule {
  MatrixRuleKind kind = MatrixRuleKind::given;
  MatrixOperand left = {};
  MatrixOperand right = {};
  std::optional<MatrixId> add = {};
};
MatrixRule matrix_rule(MatrixId id);

// One cell that takes part in another, counted from 0 in the matrix as it is stored (never transposed).
struct MatrixCell {
  MatrixId id = MatrixId::X;
  int row = 0;
  int column = 0;
  bool operator==(const MatrixCell&) const = default;
};
// The cells that `cell` is computed from, in the order of its formula: left, right, left, right, …, add.
std::vector<MatrixCell> matrix_sources(const MatrixSettings& settings, const MatrixCell& cell);

class MatrixExample {
 public:
  explicit MatrixExample(const MatrixSettings& settings);

  const MatrixSettings& settings() const { return settings_; }
  const Matrix& matrix(MatrixId id) const { return matrices_[static_cast<std::size_t>(id)]; }
  double value(const MatrixCell& cell) const { return matrix(cell.id).at(cell.row, cell.column); }
  double loss() const { return matrix(MatrixId::L).values[0]; }
  // L with the cell of a given or forward matrix changed by `change`, everything after it computed again.
  double loss_with(const MatrixCell& cell, double change) const;
  // Derivative of L by a cell, by central differences.
  double finite_difference(const MatrixCell& cell, double step = 1e-5) const;

  int stored_values() const;      // of the forward pass, needed in the backward pass: X, Z1, A1, Z2
  int parameters() const;         // of W1, B1, W2, B2
  int forward_products() const;   // multiplications in W1 X and W2 A1
  int backward_products() const;  // and in dW2, dA1, dW1

 private:
  using Matrices = std::array<Matrix, static_cast<std::size_t>(matrix_count)>;
  void forward(Matrices& matrices, const MatrixCell* changed, double change) const;
  void backward();

  MatrixSettings settings_;
  Matrices matrices_;
};

}  // namespace cvlab
