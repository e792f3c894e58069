// The worked example of backpropagation: two inputs, two hidden and two output neurons, logistic, squared error, one
// sample; forward, backward and update one product at a time, each quantity under its textbook name.
//
//   net_h1 = w1 i1 + w2 i2 + b1        net_h2 = w3 i1 + w4 i2 + b1        out = 1 / (1 + exp(-net))
//   net_o1 = w5 out_h1 + w6 out_h2 + b2        net_o2 = w7 out_h1 + w8 out_h2 + b2
//   E_o1 = (t1 - out_o1)^2 / 2        E_total = E_o1 + E_o2        w5_new = w5 - rate dE_dw5
//
// A derivative is named dE_dw5, dE_dout_h1, dout_h1_dnet_h1, dnet_o1_dw5, where E is E_total. Hidden neurons get their
// gradients through the old w5..w8, since all parameters move together at the end.
// Source: M. Mazur, A Step by Step Backpropagation Example, 2015 (whose update leaves b1 and b2 alone).
#pragma once

#include <array>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cvlab {

struct BackpropSettings {
  std::array<double, 2> inputs = {0.05, 0.10};
  std::array<double, 2> targets = {0.01, 0.99};
  // w1..w8, b1, b2.
  std::array<double, 10> parameters = {0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.60};
  double rate = 0.5;
  bool biases = false;  // updated, too

  bool operator==(const BackpropSettings&) const = default;
};

inline constexpr std::array<const char*, 10> backprop_parameters = {"w1", "w2", "w3", "w4", "w5",
                                                                    "w6", "w7", "w8", "b1", "b2"};

double backprop_loss(const BackpropSettings& settings);  // E_total
// dE / d parameters, written; returns E_total.
double backprop_gradient(const BackpropSettings& settings, std::array<double, 10>& gradient);
void backprop_update(BackpropSettings& settings);  // one step of gradient descent
// E_total after 0, 1, …, `steps` updates.
std::vector<double> backprop_losses(BackpropSettings settings, int steps);

// A piece of a formula: a quantity with its number, or a sign between them. Pieces of one part are computed together.
struct BackpropTerm {
  std::string text;
  double value = std::numeric_limits<double>::quiet_NaN();
  bool sign = false;
  int part = 0;
};

struct BackpropFormula {
  std::string target;
  double value = 0.0;
  std::vector<BackpropTerm> terms;  // right of the equals sign
  std::vector<double> partial;      // the value after each part
  // What takes part: for a derivative, everything on its chain-rule paths from E_total.
  std::vector<std::string> lit;
};

enum class BackpropPhase { forward, loss, backward, update };

struct BackpropMoment {
  BackpropPhase phase = BackpropPhase::forward;
  std::string target;
  int part = 0;
  bool complete = true;  // the target has its value now
  std::vector<std::string> lit;
};

class BackpropExample {
 public:
  explicit BackpropExample(const BackpropSettings& settings);

  const BackpropSettings& settings() const { return settings_; }
  // Of any quantity; NaN for a name that is none.
  double value(std::string_view name) const;
  // How a quantity comes about; no terms for what is given (inputs, weights …).
  BackpropFormula formula(std::string_view name) const;
  // In the order of computing.
  const std::vector<BackpropMoment>& moments() const { return moments_; }
  // dE / d parameter by central differences.
  double finite_difference(int parameter, double step = 1e-5) const;

 private:
  void compute();
  void list_moments();
  void moment(BackpropPhase phase, const std::string& target);
  BackpropTerm term(const std::string& name, int part = 0) const;
  std::vector<BackpropTerm> terms_of(const std::string& name) const;
  std::vector<BackpropTerm> terms_forward(const std::string& name) const;
  std::vector<BackpropTerm> terms_backward(const std::string& name) const;

  BackpropSettings settings_;
  std::map<std::string, double, std::less<>> values_;
  std::vector<BackpropMoment> moments_;
};

}  // namespace cvlab
