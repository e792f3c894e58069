// An expression as a graph of numbers, for teaching: each node has its value, its gradient, and the local derivative of
// every edge; forward and backward go one node at a time.
//
//   Result<ScalarGraph> parsed = ScalarGraph::parse("h = tanh(w*x + b); (h - y)^2");
//   graph.set("w", 0.5); …
//   while (graph.forward_step() >= 0) …     // values, operands first
//   while (graph.backward_step() >= 0) …    // d output / d node, from the output back
//
// An expression has numbers, names, + - * / ^, unary minus, parentheses, and exp log sin cos tanh sigmoid relu of one
// argument, max of two. ^ binds first and to the right (2^3^2 = 2^9, -x^2 = -(x^2)); then unary minus; then * /; then
// + -. "name = expression;" before it names a part, which is computed once however often it is used. Every other name
// is an input: one node, whose gradient collects what all its uses send.
// Kinks, as PyTorch has them: relu'(0) = 0; max(a, a) sends half to each.
// Numbers are not varied: no gradient flows into them. Powers: d(a^b)/db is 0 at a = 0 and no number below; values and
// gradients may be NaN or infinite (log(-1), 1/0).
// Source: A. Griewank, A. Walther, Evaluating Derivatives, 2008, chapters 2.2 and 3.2.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace cvlab {

enum class ScalarOp {
  number,
  input,
  add,
  subtract,
  multiply,
  divide,
  power,
  negate,
  exp,
  log,
  sin,
  cos,
  tanh,
  sigmoid,
  relu,
  max
};
const char* name(ScalarOp op);  // as written in an expression: "+", "tanh"; "" for numbers and inputs
// An operation by itself, and d op / d a, d op / d b where it gave y. `b` counts only where there are two operands.
double scalar_value(ScalarOp op, double a, double b = 0.0);
std::array<double, 2> scalar_derivatives(ScalarOp op, double a, double b, double y);

struct ScalarNode {
  ScalarOp op = ScalarOp::number;
  std::array<int, 2> operands = {-1, -1};  // nodes before this one
  int operand_count = 0;
  double value = 0.0;
  double gradient = 0.0;  // d output / d this
  // d this / d operand, known with the value. By edge: x*x has two edges to the same node.
  std::array<double, 2> derivatives = {0.0, 0.0};
  bool has_value = false;     // numbers always; the others once forward came by
  bool has_gradient = false;  // complete: backward has passed every node that uses this one
  std::string name;           // of an input or a named part; a number as it was written
  std::size_t first = 0;      // characters [first, last) of the expression
  std::size_t last = 0;
};

class ScalarGraph {
 public:
  static constexpr std::size_t max_length = 2000;  // characters
  static constexpr std::size_t max_name = 24;
  static constexpr int max_depth = 64;  // of parentheses, signs and powers inside each other

  // A wrong expression gives a sentence that counts characters from 1; `wrong_at` receives the same place counted
  // from 0 (the length of the text: something is missing at its end).
  static Result<ScalarGraph> parse(std::string_view text, std::size_t* wrong_at = nullptr);

  // In topological order: operands before those that use them.
  const std::vector<ScalarNode>& nodes() const { return nodes_; }
  int output() const { return output_; }
  std::vector<int> inputs() const;        // in order of appearance
  int find(std::string_view name) const;  // an input or a named part; -1 when there is none
  double value(std::string_view name) const { return nodes_[index(find(name))].value; }
  double gradient(std::string_view name) const { return nodes_[index(find(name))].gradient; }

  // Gives an input its value (0 until then) and goes back to the start. False: no such input.
  bool set(std::string_view name, double value);
  // Forgets all values and gradients but those of the inputs and numbers.
  void restart();

  // The next node that is neither number nor input gets its value; returns it, -1 when all have theirs.
  int forward_step();
  // Once all values are there: the next node, from the output back, sends its gradient times its derivatives to its
  // operands; returns it, -1 when nothing is left. Parts that the output does not use are passed over.
  int backward_step();
  double forward();  // all that is left; returns the value of the output
  void backward();   // forward() too, if needed

  // d output / d node by central differences, the rest of the graph following: the check beside every gradient.
  double finite_difference(int node, double step = 1e-5) const;
  // The output if `node` had this value and everything after it followed; -1: no node is varied.
  double output_with(int node, double value) const;

 private:
  friend class ScalarParser;
  static std::size_t index(int node) { return static_cast<std::size_t>(node); }
  void begin_backward();

  std::vector<ScalarNode> nodes_;
  std::vector<std::pair<std::string, int>> names_;
  int output_ = -1;
  int next_forward_ = 0;
  int next_backward_ = -1;
  std::vector<int> waiting_;
};

}  // namespace cvlab
