#include "app/demos/matrix-backprop/matrix_backprop.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cvlab::app {

namespace {

constexpr std::array<const char*, matrix_count> symbols = {"X",   "Y",   "W_1", "B_1", "W_2",          "B_2", "Z_1",
                                                           "A_1", "Z_2", "E",   "L",   "Z_2",          "W_2", "B_2",
                                                           "A_1", "Z_1", "W_1", "B_1", "f\u2032(Z_1)", "1"};

// Choices of the parameter `look`, in the order of matrix_steps.
constexpr std::array<std::string_view, 12> looks = {"Z1",  "A1",  "Z2",  "E",   "L",   "dZ2",
                                                    "dW2", "dB2", "dA1", "dZ1", "dW1", "dB1"};

int last_step() { return static_cast<int>(matrix_steps.size()); }

}  // namespace

std::unique_ptr<Demo> make_matrix_backprop(DemoContext context) { return std::make_unique<MatrixBackprop>(context); }

bool is_gradient(MatrixId id) { return matrix_of_gradient(id).has_value(); }

std::string matrix_symbol(MatrixId id) { return symbols[static_cast<std::size_t>(id)]; }

std::string matrix_name(MatrixId id) { return (is_gradient(id) ? "\u2202L/\u2202" : "") + matrix_symbol(id); }

std::string shape_text(const Matrix& matrix, bool transposed) {
  const int rows = transposed ? matrix.columns : matrix.rows;
  const int columns = transposed ? matrix.rows : matrix.columns;
  return std::to_string(rows) + "\u00D7" + std::to_string(columns);
}

bool MatrixBackprop::update(double /*dt*/) {
  if (state_.version() == seen_state_) return false;
  seen_state_ = state_.version();
  MatrixSettings s;
  s.inputs = state_.integer("inputs");
  s.hidden = state_.integer("hidden");
  s.outputs = state_.integer("outputs");
  s.batch = state_.integer("batch");
  s.seed = state_.integer("seed");
  const std::string_view activation = state_.choice("activation");
  s.activation = activation == "relu"       ? MatrixActivation::relu
                 : activation == "logistic" ? MatrixActivation::logistic
                 : activation == "tanh"     ? MatrixActivation::tanh
                                            : MatrixActivation::identity;
  if (!(s == example_.settings())) example_ = MatrixExample(s);
  value_range_ = 1.0;
  gradient_range_ = 0.1;
  for (int i = 0; i < matrix_count; ++i) {
    const auto id = static_cast<MatrixId>(i);
    double& range = is_gradient(id) ? gradient_range_ : value_range_;
    for (const double v : example_.matrix(id).values) range = std::max(range, std::fabs(v));
  }
  return false;
}

int MatrixBackprop::done() const { return state_.integer("step"); }

// Given, or computed by a step that is done.
bool MatrixBackprop::known(MatrixId id) const {
  const std::optional<int> index = matrix_step(id == MatrixId::slope ? MatrixId::dZ1 : id);
  return !index || *index < done();
}

std::optional<MatrixId> MatrixBackprop::target() const {
  const std::string_view look = state_.choice("look");
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (looks[i] == look) return matrix_steps[i];
  }
  if (done() == 0) return {};
  return matrix_steps[static_cast<std::size_t>(done() - 1)];
}

MatrixCell MatrixBackprop::within(MatrixId id, int row, int column) const {
  const Matrix& m = example_.matrix(id);
  return {id, std::clamp(row, 0, m.rows - 1), std::clamp(column, 0, m.columns - 1)};
}

std::optional<MatrixCell> MatrixBackprop::selected() const {
  const std::optional<MatrixId> id = target();
  if (!id) return {};
  const Cell cell = state_.cell("cell");
  return within(*id, cell.row, cell.column);
}

// What is not yet computed is computed up to there.
void MatrixBackprop::select(const MatrixCell& cell) {
  const std::optional<int> index = matrix_step(cell.id);
  if (!index) return;
  if (!known(cell.id)) (void)state_.set("step", std::to_string(*index + 1));
  (void)state_.set("look", done() == *index + 1 ? "step" : looks[static_cast<std::size_t>(*index)]);
  (void)state_.set("cell", std::to_string(cell.row + 1) + "," + std::to_string(cell.column + 1));
}

void MatrixBackprop::move(int rows, int columns) {
  const std::optional<MatrixCell> from = selected();
  if (!from) return;
  const MatrixCell to = within(from->id, from->row + rows, from->column + columns);
  (void)state_.set("cell", std::to_string(to.row + 1) + "," + std::to_string(to.column + 1));
}

bool MatrixBackprop::step(int delta) {
  const int next = done() + delta;
  if (next < 0 || next > last_step()) return false;
  (void)state_.set("look", "step");
  return static_cast<bool>(state_.set("step", std::to_string(next)));
}

Readouts MatrixBackprop::readouts() const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const std::optional<MatrixCell> cell = selected();
  const bool there = cell && known(cell->id);
  const std::optional<MatrixId> of = cell ? matrix_of_gradient(cell->id) : std::nullopt;
  double products = none;
  if (cell) {
    const MatrixRule rule = matrix_rule(cell->id);
    const std::size_t sources = matrix_sources(example_.settings(), *cell).size();
    if (rule.kind == MatrixRuleKind::product) products = std::floor(0.5 * static_cast<double>(sources));
  }
  return {{"step", static_cast<double>(done())},
          {"loss", known(MatrixId::L) ? example_.loss() : none, "", 7},
          {"value", there ? example_.value(*cell) : none, "", 7},
          {"check", there && of ? example_.finite_difference({*of, cell->row, cell->column}) : none, "", 7},
          {"products", products},
          {"parameters", static_cast<double>(example_.parameters())},
          {"stored", static_cast<double>(example_.stored_values())},
          {"forward_products", static_cast<double>(example_.forward_products())},
          {"backward_products", static_cast<double>(example_.backward_products())}};
}

std::string MatrixBackprop::sentence(const Words& words) const {
  const std::optional<MatrixCell> cell = selected();
  if (!cell) return words("matrix-backprop.begin");
  std::string name = matrix_name(cell->id);
  std::erase(name, '_');
  if (!known(cell->id)) return words.format("matrix-backprop.not_yet", {name});
  return words.format("matrix-backprop.sentence",
                      {std::to_string(done()), std::to_string(last_step()), name, std::to_string(cell->row + 1),
                       std::to_string(cell->column + 1), words.number(example_.value(*cell), 6)});
}

}  // namespace cvlab::app
