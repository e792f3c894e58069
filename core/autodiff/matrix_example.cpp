#include "core/autodiff/matrix_example.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/rng.hpp"

namespace cvlab {

namespace {

using enum MatrixId;

// The same for a cell whatever the size of its matrix.
std::uint32_t draw(int seed, MatrixId id, int row, int column) {
  const auto word = [](int value) { return static_cast<std::uint32_t>(value); };
  return Rng::philox({word(row), word(column), word(static_cast<int>(id)), 0}, {word(seed), 0x6d617472})[0];
}

// Products of W and X are multiples of 0.05 and biases none of them, so no Z1 is 0.
double given(int seed, MatrixId id, int row, int column) {
  const std::uint32_t bits = draw(seed, id, row, column);
  const auto below = [&](std::uint32_t bound) { return static_cast<int>((std::uint64_t{bits} * bound) >> 32U); };
  if (id == X) {
    static constexpr double choices[] = {-1.0, -0.5, 0.5, 1.0, 1.5, 2.0};
    return choices[below(6)];
  }
  if (id == Y) return 0.5 * (below(5) - 2);
  if (id == B1 || id == B2) return (10 * (below(9) - 4) + 2) / 100.0;
  const int tenths = below(18) - 9;
  return (tenths < 0 ? tenths : tenths + 1) / 10.0;
}

double activation(MatrixActivation f, double z) {
  switch (f) {
    case MatrixActivation::relu:
      return std::max(z, 0.0);
    case MatrixActivation::logistic:
      return 1.0 / (1.0 + std::exp(-z));
    case MatrixActivation::tanh:
      return std::tanh(z);
    case MatrixActivation::identity:
      break;
  }
  return z;
}

// f'(z), where `a` is f(z).
double activation_slope(MatrixActivation f, double z, double a) {
  switch (f) {
    case MatrixActivation::relu:
      return z > 0.0 ? 1.0 : 0.0;
    case MatrixActivation::logistic:
      return a * (1.0 - a);
    case MatrixActivation::tanh:
      return 1.0 - a * a;
    case MatrixActivation::identity:
      break;
  }
  return 1.0;
}

struct Shape {
  int rows, columns;
};

Shape shape_of(const MatrixSettings& s, MatrixId id) {
  switch (id) {
    case X:
      return {s.inputs, s.batch};
    case W1:
    case dW1:
      return {s.hidden, s.inputs};
    case W2:
    case dW2:
      return {s.outputs, s.hidden};
    case B1:
    case dB1:
      return {s.hidden, 1};
    case B2:
    case dB2:
      return {s.outputs, 1};
    case Z1:
    case A1:
    case dA1:
    case dZ1:
    case slope:
      return {s.hidden, s.batch};
    case Y:
    case Z2:
    case dZ2:
      return {s.outputs, s.batch};
    case E:
      return {1, s.batch};
    case ones:
      return {s.batch, 1};
    case L:
      break;
  }
  return {1, 1};
}

Matrix zeros(const MatrixSettings& s, MatrixId id) {
  const Shape shape = shape_of(s, id);
  return {shape.rows, shape.columns,
          std::vector<double>(static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns))};
}

double at(const Matrix& m, bool transposed, int row, int column) {
  return transposed ? m.at(column, row) : m.at(row, column);
}

// left * right, + add to each column; (M x K) (K x N).
Matrix product(const Matrix& left, bool left_transposed, const Matrix& right, bool right_transposed,
               const Matrix* add) {
  const int rows = left_transposed ? left.columns : left.rows;
  const int inner = left_transposed ? left.rows : left.columns;
  const int columns = right_transposed ? right.rows : right.columns;
  Matrix out{rows, columns, std::vector<double>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns))};
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) {
      double sum = 0.0;
      for (int k = 0; k < inner; ++k) sum += at(left, left_transposed, i, k) * at(right, right_transposed, k, j);
      out.at(i, j) = add != nullptr ? sum + add->at(i, 0) : sum;
    }
  }
  return out;
}

}  // namespace

std::optional<int> matrix_step(MatrixId id) {
  const auto found = std::find(matrix_steps.begin(), matrix_steps.end(), id);
  if (found == matrix_steps.end()) return {};
  return static_cast<int>(found - matrix_steps.begin());
}

std::optional<MatrixId> matrix_of_gradient(MatrixId id) {
  switch (id) {
    case dZ2:
      return Z2;
    case dW2:
      return W2;
    case dB2:
      return B2;
    case dA1:
      return A1;
    case dZ1:
      return Z1;
    case dW1:
      return W1;
    case dB1:
      return B1;
    default:
      return {};
  }
}

MatrixRule matrix_rule(MatrixId id) {
  using enum MatrixRuleKind;
  switch (id) {
    case Z1:
      return {product, {W1}, {X}, B1};
    case A1:
      return {activation, {Z1}};
    case Z2:
      return {product, {W2}, {A1}, B2};
    case E:
      return {error, {Z2}, {Y}};
    case L:
      return {mean, {E}};
    case dZ2:
      return {difference, {Z2}, {Y}};
    case dW2:
      return {product, {dZ2}, {A1, true}};
    case dB2:
      return {product, {dZ2}, {ones}};
    case dA1:
      return {product, {W2, true}, {dZ2}};
    case dZ1:
      return {cellwise, {dA1}, {slope}};
    case dW1:
      return {product, {dZ1}, {X, true}};
    case dB1:
      return {product, {dZ1}, {ones}};
    case slope:
      return {activation, {Z1}};
    default:
      return {};
  }
}

std::vector<MatrixCell> matrix_sources(const MatrixSettings& settings, const MatrixCell& cell) {
  const MatrixRule rule = matrix_rule(cell.id);
  std::vector<MatrixCell> sources;
  const auto add = [&](const MatrixOperand& from, int row, int column) {
    sources.push_back(from.transposed ? MatrixCell{from.id, column, row} : MatrixCell{from.id, row, column});
  };
  const Shape left = shape_of(settings, rule.left.id);
  switch (rule.kind) {
    case MatrixRuleKind::given:
      break;
    case MatrixRuleKind::product:
      for (int k = 0; k < (rule.left.transposed ? left.rows : left.columns); ++k) {
        add(rule.left, cell.row, k);
        add(rule.right, k, cell.column);
      }
      if (rule.add) add({*rule.add}, cell.row, 0);
      break;
    case MatrixRuleKind::activation:
      add(rule.left, cell.row, cell.column);
      break;
    case MatrixRuleKind::error:
      for (int row = 0; row < left.rows; ++row) {
        add(rule.left, row, cell.column);
        add(rule.right, row, cell.column);
      }
      break;
    case MatrixRuleKind::mean:
      for (int column = 0; column < left.columns; ++column) add(rule.left, 0, column);
      break;
    case MatrixRuleKind::difference:
    case MatrixRuleKind::cellwise:
      add(rule.left, cell.row, cell.column);
      add(rule.right, cell.row, cell.column);
      break;
  }
  return sources;
}

MatrixExample::MatrixExample(const MatrixSettings& settings) : settings_(settings) {
  for (int i = 0; i < matrix_count; ++i) {
    const auto id = static_cast<MatrixId>(i);
    Matrix& m = matrices_[static_cast<std::size_t>(i)] = zeros(settings, id);
    if (id > B2 && id != ones) continue;
    for (int row = 0; row < m.rows; ++row) {
      for (int column = 0; column < m.columns; ++column)
        m.at(row, column) = id == ones ? 1.0 : given(settings.seed, id, row, column);
    }
  }
  forward(matrices_, nullptr, 0.0);
  backward();
}

// With one cell changed as soon as its matrix is there.
void MatrixExample::forward(Matrices& matrices, const MatrixCell* changed, double change) const {
  const auto m = [&](MatrixId id) -> Matrix& { return matrices[static_cast<std::size_t>(id)]; };
  const auto there = [&](MatrixId id) {
    if (changed != nullptr && changed->id == id) m(id).at(changed->row, changed->column) += change;
  };
  for (const MatrixId id : {X, Y, W1, B1, W2, B2}) there(id);
  m(Z1) = product(m(W1), false, m(X), false, &m(B1));
  there(Z1);
  std::transform(m(Z1).values.begin(), m(Z1).values.end(), m(A1).values.begin(),
                 [this](double z) { return activation(settings_.activation, z); });
  there(A1);
  m(Z2) = product(m(W2), false, m(A1), false, &m(B2));
  there(Z2);
  double sum = 0.0;
  for (int n = 0; n < settings_.batch; ++n) {
    double error = 0.0;
    for (int o = 0; o < settings_.outputs; ++o) {
      const double miss = m(Z2).at(o, n) - m(Y).at(o, n);
      error += 0.5 * (miss * miss);
    }
    m(E).at(0, n) = error;
    there(E);
    sum += m(E).at(0, n);
  }
  m(L).values[0] = sum / settings_.batch;
  there(L);
}

void MatrixExample::backward() {
  const auto m = [&](MatrixId id) -> Matrix& { return matrices_[static_cast<std::size_t>(id)]; };
  for (std::size_t i = 0; i < m(Z2).values.size(); ++i)
    m(dZ2).values[i] = (m(Z2).values[i] - m(Y).values[i]) / settings_.batch;
  for (const MatrixId id : {dW2, dB2, dA1, dZ1, dW1, dB1}) {
    const MatrixRule rule = matrix_rule(id);
    const Matrix& left = m(rule.left.id);
    if (rule.kind == MatrixRuleKind::product) {
      m(id) = product(left, rule.left.transposed, m(rule.right.id), rule.right.transposed, nullptr);
      continue;
    }
    for (std::size_t i = 0; i < left.values.size(); ++i) {
      m(slope).values[i] = activation_slope(settings_.activation, m(Z1).values[i], m(A1).values[i]);
      m(id).values[i] = left.values[i] * m(slope).values[i];
    }
  }
}

double MatrixExample::loss_with(const MatrixCell& cell, double change) const {
  Matrices varied = matrices_;
  forward(varied, &cell, change);
  return varied[static_cast<std::size_t>(L)].values[0];
}

double MatrixExample::finite_difference(const MatrixCell& cell, double step) const {
  return (loss_with(cell, step) - loss_with(cell, -step)) / (2.0 * step);
}

int MatrixExample::stored_values() const {
  return settings_.batch * (settings_.inputs + 2 * settings_.hidden + settings_.outputs);
}

int MatrixExample::parameters() const {
  return settings_.hidden * (settings_.inputs + 1) + settings_.outputs * (settings_.hidden + 1);
}

int MatrixExample::forward_products() const {
  return settings_.batch * settings_.hidden * (settings_.inputs + settings_.outputs);
}

int MatrixExample::backward_products() const {
  return settings_.batch * settings_.hidden * (settings_.inputs + 2 * settings_.outputs);
}

}  // namespace cvlab
