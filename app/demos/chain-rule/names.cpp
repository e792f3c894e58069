// Nodes as symbols and formulas: v1, v2 … for what has no name.
#include <algorithm>
#include <cmath>

#include "app/demos/chain-rule/chain_rule.hpp"

namespace cvlab::app {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "w1" with a lowered 1; what has a "_" of its own stays.
std::string lowered(const std::string& name) {
  std::size_t digits = name.size();
  while (digits > 0 && is_digit(name[digits - 1])) --digits;
  if (digits == 0 || digits == name.size() || name.find('_') != std::string::npos) return name;
  return name.substr(0, digits) + "_" + name.substr(digits);
}

std::string bracketed(const Words& words, double value) {
  const std::string text = words.number(value, 5);
  return std::signbit(value) ? "(" + text + ")" : text;
}

FormulaPiece sign(const char* text) { return {.top = text, .sign = true}; }

}  // namespace

void ChainRule::name_nodes() {
  symbols_.clear();
  int intermediate = 0;
  for (const ScalarNode& n : graph_->nodes()) {
    if (n.op == ScalarOp::number) {
      symbols_.push_back(n.name);
      continue;
    }
    if (n.op != ScalarOp::input) ++intermediate;
    symbols_.push_back(n.name.empty() ? "v_" + std::to_string(intermediate) : lowered(n.name));
  }
}

std::string ChainRule::plain(int i) const {
  if (!node(i).name.empty()) return node(i).name;
  std::string text = symbol(i);
  text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
  return text;
}

std::string ChainRule::sign_of(int i) const {
  switch (node(i).op) {
    case ScalarOp::multiply:
      return "\u00D7";
    case ScalarOp::subtract:
    case ScalarOp::negate:
      return "\u2212";
    case ScalarOp::divide:
      return "\u00F7";
    case ScalarOp::sigmoid:
      return "\u03C3";
    case ScalarOp::power:
      if (const ScalarNode& exponent = node(node(i).operands[1]); exponent.op == ScalarOp::number)
        return exponent.name == "2" ? "( )\u00B2" : exponent.name == "3" ? "( )\u00B3" : "( )^" + exponent.name;
      return "a^b";
    default:
      return name(node(i).op);
  }
}

// d i / d operand, as one learns it by heart.
std::string ChainRule::rule_of(int i, int operand) const {
  const ScalarNode& n = node(i);
  const std::string a = plain(n.operands[0]);
  const std::string b = n.operand_count > 1 ? plain(n.operands[1]) : std::string();
  std::string v = plain(i);
  switch (n.op) {
    case ScalarOp::add:
      return "1";
    case ScalarOp::subtract:
      return operand == 0 ? "1" : "\u22121";
    case ScalarOp::multiply:
      return operand == 0 ? b : a;
    case ScalarOp::divide:
      return operand == 0 ? "1/" + b : "\u2212" + a + "/" + b + "\u00B2";
    case ScalarOp::power:
      return operand == 0 ? b + "\u00B7" + a + "^(" + b + "\u22121)" : v + "\u00B7log " + a;
    case ScalarOp::negate:
      return "\u22121";
    case ScalarOp::exp:
      return v;
    case ScalarOp::log:
      return "1/" + a;
    case ScalarOp::sin:
      return "cos " + a;
    case ScalarOp::cos:
      return "\u2212sin " + a;
    case ScalarOp::tanh:
      return "1 \u2212 " + v + "\u00B2";
    case ScalarOp::sigmoid:
      return v + "\u00B7(1 \u2212 " + v + ")";
    case ScalarOp::relu:
      return a + " > 0 ? 1 : 0";
    case ScalarOp::max:
      return operand == 0 ? a + " > " + b + " ? 1 : 0" : b + " > " + a + " ? 1 : 0";
    default:
      return {};
  }
}

FormulaPiece ChainRule::derivative(int of, int by, double value, ImU32 colour, const Words& words) const {
  return {.top = "\u2202" + symbol(of),
          .bottom = "\u2202" + symbol(by),
          .value = bracketed(words, value),
          .colour = colour};
}

// v3 = v2 · w2
std::vector<FormulaPiece> ChainRule::forward_pieces(const Canvas& canvas, int i) const {
  const ScalarNode& n = node(i);
  const Words& words = canvas.words;
  const auto number = [&](int of) {
    const bool there = node(of).has_value;
    return FormulaPiece{.top = symbol(of), .value = there ? bracketed(words, node(of).value) : "?"};
  };
  std::vector<FormulaPiece> pieces = {number(i), sign("=")};
  pieces.front().value = n.has_value ? words.number(n.value, 6) : "?";
  pieces.front().colour = canvas.theme.focus;
  const bool infix = n.op <= ScalarOp::power;
  if (n.op == ScalarOp::negate) {
    pieces.push_back(sign("\u2212"));
    pieces.push_back(number(n.operands[0]));
  } else if (infix) {
    pieces.push_back(number(n.operands[0]));
    const char* ops[] = {"+", "\u2212", "\u00B7", "/", "^"};
    pieces.push_back(sign(ops[static_cast<std::size_t>(n.op) - static_cast<std::size_t>(ScalarOp::add)]));
    pieces.push_back(number(n.operands[1]));
  } else {
    pieces.push_back(
        {.top = (n.op == ScalarOp::sigmoid ? std::string("\u03C3") : std::string(name(n.op))) + "(", .sign = true});
    pieces.push_back(number(n.operands[0]));
    if (n.operand_count > 1) {
      pieces.push_back(sign(","));
      pieces.push_back(number(n.operands[1]));
    }
    pieces.push_back(sign(")"));
  }
  for (std::size_t p = 2; p < pieces.size(); ++p) pieces[p].marked = !pieces[p].sign && i == current_;
  return pieces;
}

// What node i sends to its operands: dy/da = dy/di · di/da, added to what other uses send.
std::vector<FormulaPiece> ChainRule::backward_pieces(const Canvas& canvas, int i) const {
  const ScalarNode& n = node(i);
  const Theme& theme = canvas.theme;
  const int out = graph_->output();
  std::vector<FormulaPiece> pieces;
  for (int o = 0; o < n.operand_count; ++o) {
    const int to = n.operands[static_cast<std::size_t>(o)];
    if (node(to).op == ScalarOp::number) continue;
    const auto uses = std::count_if(edges_.begin(), edges_.end(), [&](const auto& edge) { return edge.first == to; });
    if (!pieces.empty()) pieces.push_back(sign("      "));
    pieces.push_back(derivative(out, to, node(to).gradient, theme.focus, canvas.words));
    pieces.back().value = canvas.words.number(node(to).gradient, 5);
    pieces.push_back(sign(uses > 1 ? "+=" : "="));
    pieces.push_back(derivative(out, i, n.gradient, theme.gradient, canvas.words));
    pieces.back().marked = true;
    pieces.push_back(sign("\u00B7"));
    pieces.push_back(derivative(i, to, n.derivatives[static_cast<std::size_t>(o)], theme.gradient, canvas.words));
    pieces.back().marked = true;
  }
  return pieces;
}

// How the derivative by node i came together: one product for each use.
std::vector<FormulaPiece> ChainRule::gradient_pieces(const Canvas& canvas, int i) const {
  const int out = graph_->output();
  const Theme& theme = canvas.theme;
  std::vector<FormulaPiece> pieces = {derivative(out, i, node(i).gradient, theme.focus, canvas.words), sign("=")};
  pieces.front().value = canvas.words.number(node(i).gradient, 6);
  bool first = true;
  for (std::size_t e = 0; e < edges_.size(); ++e) {
    const auto& [from, user] = edges_[e];
    if (from != i || !node(user).has_gradient) continue;
    if (!first) pieces.push_back(sign("+"));
    first = false;
    pieces.push_back(derivative(out, user, node(user).gradient, theme.gradient, canvas.words));
    pieces.push_back(sign("\u00B7"));
    const auto operand = static_cast<std::size_t>(operands_[e].second);
    pieces.push_back(derivative(user, i, node(user).derivatives[operand], theme.gradient, canvas.words));
  }
  if (first) pieces.push_back({.top = "1", .value = "1"});
  return pieces;
}

}  // namespace cvlab::app
