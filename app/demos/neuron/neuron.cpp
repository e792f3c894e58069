#include "app/demos/neuron/neuron.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cvlab::app {

namespace {

constexpr int grid = 145;  // values along each side of the plane
constexpr double low = -0.6, high = 1.6;

// A hand on a line does not mean fifteen digits.
double rounded(double value) { return std::round(value * 1000.0) / 1000.0; }

LogicTask task_of(std::string_view name) {
  if (name == "or") return {false, true, true, true};
  if (name == "nand") return {true, true, true, false};
  if (name == "xor") return {false, true, true, false};
  return {false, false, false, true};
}

Activation activation_of(std::string_view name) {
  if (name == "sigmoid") return Activation::sigmoid;
  if (name == "tanh") return Activation::tanh;
  if (name == "relu") return Activation::relu;
  return Activation::step;
}

}  // namespace

std::unique_ptr<Demo> make_neuron(DemoContext context) { return std::make_unique<Neuron>(context); }

SingleNeuron Neuron::beginning() const {
  return {state_.real("w1"), state_.real("w2"), state_.real("b"), activation_of(state_.choice("activation"))};
}

bool Neuron::update(double /*dt*/) {
  if (state_.version() == seen_state_) return false;
  seen_state_ = state_.version();
  task_ = task_of(state_.choice("task"));
  neuron_ = beginning();
  const int steps = state_.integer("steps");
  for (int i = 0; i < steps; ++i) learn_example(neuron_, task_, i % 4, state_.real("rate"));
  right_ = right_answers(neuron_, task_);
  Tensor values(Shape{grid, grid});
  for (int row = 0; row < grid; ++row) {
    for (int column = 0; column < grid; ++column) {
      const double x = low + (high - low) * column / (grid - 1);
      const double y = low + (high - low) * row / (grid - 1);
      values(row, column) = static_cast<float>(neuron_.out(x, y) - (neuron_.f == Activation::tanh ? 0.0 : 0.5));
    }
  }
  field_.set(values, Shade::diverging, 0.0F, neuron_.f == Activation::tanh ? 1.6F : 0.8F);
  const double reach = std::clamp(std::fabs(neuron_.net(x1(), x2())) + 1.0, 4.0, 100.0);
  curve_.clear();
  for (int i = 0; i <= 200; ++i) {
    const double net = reach * (i / 100.0 - 1.0);
    if (neuron_.f == Activation::step && i == 100) curve_.push_back({0.0, 0.0});  // it jumps
    curve_.push_back({net, neuron_value(neuron_.f, net)});
  }
  return false;
}

// By hand: what was learned so far becomes the beginning.
void Neuron::set_weights(double w1, double w2, double b) {
  (void)state_.set("steps", "0");
  for (const auto& [id, value] : {std::pair{"w1", w1}, {"w2", w2}, {"b", b}})
    (void)state_.set(id, State::format(rounded(std::clamp(value, -5.0, 5.0))));
}

void Neuron::set_input(double x, double y) {
  (void)state_.set("x1", State::format(rounded(std::clamp(x, -1.0, 2.0))));
  (void)state_.set("x2", State::format(rounded(std::clamp(y, -1.0, 2.0))));
}

void Neuron::edit(const std::string& param, double value) {
  SingleNeuron n = neuron_;
  if (param == "x1") return set_input(value, x2());
  if (param == "x2") return set_input(x1(), value);
  (param == "w1" ? n.w1 : param == "w2" ? n.w2 : n.b) = value;
  set_weights(n.w1, n.w2, n.b);
}

// The foot is the point of the line next to the middle of the plane.
std::optional<Neuron::Boundary> Neuron::boundary() const {
  const double w = std::hypot(neuron_.w1, neuron_.w2);
  if (w < 1e-9) return std::nullopt;
  const double nx = neuron_.w1 / w;
  const double ny = neuron_.w2 / w;
  const double distance = (neuron_.net(0.5, 0.5) - neuron_.threshold()) / w;
  Boundary line{};
  line.foot_x = 0.5 - distance * nx;
  line.foot_y = 0.5 - distance * ny;
  line.tip_x = line.foot_x + 0.35 * nx;
  line.tip_y = line.foot_y + 0.35 * ny;
  for (int i = 0; i < 2; ++i) {
    const double along = i == 0 ? -4.0 : 4.0;
    line.x[i] = line.foot_x - along * ny;
    line.y[i] = line.foot_y + along * nx;
  }
  return line;
}

// One corner learned; the neuron is shown that corner. With the step function an error-free round ends it all.
bool Neuron::step(int delta) {
  const int next = state_.integer("steps") + delta;
  if (next < 0 || next > most_steps) return false;
  if (delta > 0 && neuron_.f == Activation::step && right_ == 4) return false;
  (void)state_.set("steps", std::to_string(next));
  const auto& corner = logic_corners[static_cast<std::size_t>(last_example())];
  set_input(corner[0], corner[1]);
  return true;
}

Readouts Neuron::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const double net = neuron_.net(x1(), x2());
  const double left = neuron_.threshold() - neuron_.b;
  return {
      {"net", net, "", 6},
      {"out", neuron_.out(x1(), x2()), "", 6},
      {"slope", neuron_slope(neuron_.f, net), "", 6},
      {"right", static_cast<double>(right_)},
      {"error", squared_error(neuron_, task_), "", 6},
      {"w1_now", neuron_.w1, "", 6},
      {"w2_now", neuron_.w2, "", 6},
      {"b_now", neuron_.b, "", 6},
      {"crosses_x1", neuron_.w1 != 0.0 ? left / neuron_.w1 : undefined, "", 6},
      {"crosses_x2", neuron_.w2 != 0.0 ? left / neuron_.w2 : undefined, "", 6},
      {"steps_done", static_cast<double>(state_.integer("steps"))},
  };
}

std::string Neuron::sentence(const Words& words) const {
  const std::string out = words.number(neuron_.out(x1(), x2()), 4);
  return words.format("neuron.sentence", {words.number(x1(), 3), words.number(x2(), 3),
                                          words.number(neuron_.net(x1(), x2()), 4), out, std::to_string(right_)});
}

}  // namespace cvlab::app
