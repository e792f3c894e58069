#include "core/autodiff/scalar_graph.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cvlab {

double scalar_value(ScalarOp op, double a, double b) {
  switch (op) {
    case ScalarOp::add:
      return a + b;
    case ScalarOp::subtract:
      return a - b;
    case ScalarOp::multiply:
      return a * b;
    case ScalarOp::divide:
      return a / b;
    case ScalarOp::power:
      return std::pow(a, b);
    case ScalarOp::negate:
      return -a;
    case ScalarOp::exp:
      return std::exp(a);
    case ScalarOp::log:
      return std::log(a);
    case ScalarOp::sin:
      return std::sin(a);
    case ScalarOp::cos:
      return std::cos(a);
    case ScalarOp::tanh:
      return std::tanh(a);
    case ScalarOp::sigmoid:
      return 1.0 / (1.0 + std::exp(-a));
    case ScalarOp::relu:
      return a > 0.0 || std::isnan(a) ? a : 0.0;
    case ScalarOp::max:
      return a > b || std::isnan(a) ? a : b;
    case ScalarOp::number:
    case ScalarOp::input:
      break;
  }
  return a;
}

std::array<double, 2> scalar_derivatives(ScalarOp op, double a, double b, double y) {
  switch (op) {
    case ScalarOp::add:
      return {1.0, 1.0};
    case ScalarOp::subtract:
      return {1.0, -1.0};
    case ScalarOp::multiply:
      return {b, a};
    case ScalarOp::divide:
      return {1.0 / b, -a / (b * b)};
    case ScalarOp::power:
      return {b == 0.0 ? 0.0 : b * std::pow(a, b - 1.0), a == 0.0 ? 0.0 : y * std::log(a)};
    case ScalarOp::negate:
      return {-1.0, 0.0};
    case ScalarOp::exp:
      return {y, 0.0};
    case ScalarOp::log:
      return {1.0 / a, 0.0};
    case ScalarOp::sin:
      return {std::cos(a), 0.0};
    case ScalarOp::cos:
      return {-std::sin(a), 0.0};
    case ScalarOp::tanh:
      return {1.0 - y * y, 0.0};
    case ScalarOp::sigmoid:
      return {y * (1.0 - y), 0.0};
    case ScalarOp::relu:
      return {a > 0.0 ? 1.0 : 0.0, 0.0};
    case ScalarOp::max:
      return a == b ? std::array{0.5, 0.5} : a > b ? std::array{1.0, 0.0} : std::array{0.0, 1.0};
    case ScalarOp::number:
    case ScalarOp::input:
      break;
  }
  return {0.0, 0.0};
}

const char* name(ScalarOp op) {
  constexpr const char* names[] = {"",    "",    "+",   "-",   "*",    "/",       "^",    "-",
                                   "exp", "log", "sin", "cos", "tanh", "sigmoid", "relu", "max"};
  return names[static_cast<std::size_t>(op)];
}

std::vector<int> ScalarGraph::inputs() const {
  std::vector<int> found;
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].op == ScalarOp::input) found.push_back(static_cast<int>(i));
  return found;
}

int ScalarGraph::find(std::string_view name) const {
  for (const auto& [known, node] : names_)
    if (known == name) return node;
  return -1;
}

bool ScalarGraph::set(std::string_view name, double value) {
  const int node = find(name);
  if (node < 0 || nodes_[index(node)].op != ScalarOp::input) return false;
  nodes_[index(node)].value = value;
  restart();
  return true;
}

void ScalarGraph::restart() {
  for (ScalarNode& node : nodes_) {
    node.gradient = 0.0;
    node.has_gradient = false;
    if (node.operand_count == 0) continue;
    node.value = 0.0;
    node.derivatives = {0.0, 0.0};
    node.has_value = false;
  }
  next_forward_ = 0;
  next_backward_ = -1;
}

int ScalarGraph::forward_step() {
  const int count = static_cast<int>(nodes_.size());
  while (next_forward_ < count) {
    const int at = next_forward_++;
    ScalarNode& node = nodes_[index(at)];
    if (node.operand_count == 0) continue;
    const auto operand = [&](int i) -> const ScalarNode& { return nodes_[index(node.operands[index(i)])]; };
    const double a = operand(0).value, b = node.operand_count > 1 ? operand(1).value : 0.0;
    node.value = scalar_value(node.op, a, b);
    node.has_value = true;
    node.derivatives = scalar_derivatives(node.op, a, b, node.value);
    for (int i = 0; i < node.operand_count; ++i)
      if (operand(i).op == ScalarOp::number) node.derivatives[index(i)] = 0.0;
    return at;
  }
  return -1;
}

// How many edges of what the output depends on end at each node: its gradient is complete when that many have sent.
void ScalarGraph::begin_backward() {
  waiting_.assign(nodes_.size(), 0);
  std::vector<bool> reached(nodes_.size(), false);
  reached[index(output_)] = true;
  for (int at = output_; at >= 0; --at) {
    const ScalarNode& node = nodes_[index(at)];
    if (!reached[index(at)]) continue;
    for (int i = 0; i < node.operand_count; ++i) {
      reached[index(node.operands[index(i)])] = true;
      ++waiting_[index(node.operands[index(i)])];
    }
  }
  nodes_[index(output_)].gradient = 1.0;
  nodes_[index(output_)].has_gradient = true;
  next_backward_ = output_;
}

int ScalarGraph::backward_step() {
  if (next_forward_ < static_cast<int>(nodes_.size())) return -1;
  if (!nodes_[index(output_)].has_gradient) begin_backward();
  while (next_backward_ >= 0) {
    const int at = next_backward_--;
    const ScalarNode& node = nodes_[index(at)];
    if (!node.has_gradient || node.operand_count == 0) continue;
    for (int i = 0; i < node.operand_count; ++i) {
      const std::size_t to = index(node.operands[index(i)]);
      if (nodes_[to].op == ScalarOp::number) continue;
      nodes_[to].gradient += node.gradient * node.derivatives[index(i)];
      nodes_[to].has_gradient = --waiting_[to] == 0;
    }
    return at;
  }
  return -1;
}

double ScalarGraph::forward() {
  while (forward_step() >= 0) {
  }
  return nodes_[index(output_)].value;
}

void ScalarGraph::backward() {
  forward();
  while (backward_step() >= 0) {
  }
}

double ScalarGraph::output_with(int node, double value) const {
  ScalarGraph other = *this;
  other.restart();
  if (node >= 0) {
    ScalarNode& varied = other.nodes_[index(node)];
    varied.operand_count = 0;  // its operands no longer decide
    varied.value = value;
  }
  return other.forward();
}

double ScalarGraph::finite_difference(int node, double step) const {
  ScalarGraph here = *this;
  here.forward();
  const double value = here.nodes_[index(node)].value;
  return (output_with(node, value + step) - output_with(node, value - step)) / (2.0 * step);
}

}  // namespace cvlab
