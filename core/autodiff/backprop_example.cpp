#include "core/autodiff/backprop_example.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace cvlab {

namespace {

using Terms = std::vector<BackpropTerm>;

double logistic(double x) { return 1.0 / (1.0 + std::exp(-x)); }

struct Activations {
  std::array<double, 2> net_h, out_h, net_o, out_o;
  double loss = 0.0;
};

Activations run(const BackpropSettings& s) {
  Activations a{};
  const auto& w = s.parameters;
  for (std::size_t j = 0; j < 2; ++j) {
    a.net_h[j] = w[2 * j] * s.inputs[0] + w[2 * j + 1] * s.inputs[1] + w[8];
    a.out_h[j] = logistic(a.net_h[j]);
  }
  for (std::size_t k = 0; k < 2; ++k) {
    a.net_o[k] = w[4 + 2 * k] * a.out_h[0] + w[5 + 2 * k] * a.out_h[1] + w[9];
    a.out_o[k] = logistic(a.net_o[k]);
    const double miss = s.targets[k] - a.out_o[k];
    a.loss += 0.5 * miss * miss;
  }
  return a;
}

// "h1" of "net_h1": which neuron.
std::string neuron_of(std::string_view name) { return std::string(name.substr(name.size() - 2)); }
bool starts(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }
char digit(int i) { return static_cast<char>('0' + i); }

// The weight's number, 1..8, that leads from neuron (or input) `from`, 1 or 2, to neuron `to` of the next layer.
int weight_between(int from, int to, bool output) { return (output ? 4 : 0) + 2 * (to - 1) + from; }
std::string weight_name(int from, int to, bool output) {
  return std::string("w") + digit(weight_between(from, to, output));
}
// "h1" for w1, w2; "o2" for w7, w8.
std::string neuron_of_weight(int number) {
  return std::string(number > 4 ? "o" : "h") + digit(((number - 1) / 2) % 2 + 1);
}
std::string source_of_weight(int number) {
  return std::string(number > 4 ? "out_h" : "i") + digit((number - 1) % 2 + 1);
}

// Everything between E_total and the output neuron's net input.
void light_output(std::vector<std::string>& lit, int k) {
  const std::string o = std::string("o") + digit(k);
  for (const std::string& name : {std::string("E_total"), "E_" + o, "out_" + o, "net_" + o}) lit.push_back(name);
}

// The paths from E_total to the quantity that a derivative is taken by. `through`: only those through this output.
std::vector<std::string> lit_backward(const std::string& by, std::optional<int> through) {
  std::vector<std::string> lit;
  const bool weight = by[0] == 'w';
  const bool bias = by[0] == 'b';
  const std::string neuron = weight ? neuron_of_weight(by[1] - '0') : neuron_of(by);
  if (bias) {
    for (int i = 1; i <= 2; ++i) {
      if (through && *through != i) continue;
      const std::string of = std::string("net_") + (by == "b1" ? 'h' : 'o') + digit(i);
      for (std::string& name : lit_backward(of, {})) lit.push_back(std::move(name));
    }
    lit.push_back(by);
    return lit;
  }
  if (neuron[0] == 'o') {
    light_output(lit, neuron[1] - '0');
    if (starts(by, "out_")) lit.pop_back();  // not yet through the neuron
  } else {
    for (int k = 1; k <= 2; ++k) {
      if (through && *through != k) continue;
      light_output(lit, k);
      lit.push_back(weight_name(neuron[1] - '0', k, true));
    }
    lit.push_back("out_" + neuron);
    if (weight || starts(by, "net_")) lit.push_back("net_" + neuron);
  }
  if (weight) lit.push_back(by);
  return lit;
}

BackpropTerm sign(std::string text, int part = 0) {
  return {std::move(text), std::numeric_limits<double>::quiet_NaN(), true, part};
}

}  // namespace

double backprop_loss(const BackpropSettings& settings) { return run(settings).loss; }

double backprop_gradient(const BackpropSettings& s, std::array<double, 10>& gradient) {
  const Activations a = run(s);
  std::array<double, 2> delta_o{};  // dE / dnet
  std::array<double, 2> delta_h{};
  for (std::size_t k = 0; k < 2; ++k) delta_o[k] = -(s.targets[k] - a.out_o[k]) * (a.out_o[k] * (1.0 - a.out_o[k]));
  for (std::size_t j = 0; j < 2; ++j) {
    const double above = delta_o[0] * s.parameters[4 + j] + delta_o[1] * s.parameters[6 + j];
    delta_h[j] = above * (a.out_h[j] * (1.0 - a.out_h[j]));
  }
  for (std::size_t to = 0; to < 2; ++to) {
    for (std::size_t from = 0; from < 2; ++from) {
      gradient[2 * to + from] = delta_h[to] * s.inputs[from];
      gradient[4 + 2 * to + from] = delta_o[to] * a.out_h[from];
    }
  }
  gradient[8] = delta_h[0] + delta_h[1];
  gradient[9] = delta_o[0] + delta_o[1];
  return a.loss;
}

void backprop_update(BackpropSettings& settings) {
  std::array<double, 10> gradient{};
  backprop_gradient(settings, gradient);
  const std::size_t count = settings.biases ? 10 : 8;
  for (std::size_t i = 0; i < count; ++i) settings.parameters[i] -= settings.rate * gradient[i];
}

std::vector<double> backprop_losses(BackpropSettings settings, int steps) {
  std::vector<double> losses = {backprop_loss(settings)};
  losses.reserve(static_cast<std::size_t>(steps) + 1);
  for (int i = 0; i < steps; ++i) {
    backprop_update(settings);
    losses.push_back(backprop_loss(settings));
  }
  return losses;
}

BackpropExample::BackpropExample(const BackpropSettings& settings) : settings_(settings) {
  compute();
  list_moments();
}

// Every quantity, by its name.
void BackpropExample::compute() {
  const Activations a = run(settings_);
  std::array<double, 10> gradient{};
  values_["E_total"] = backprop_gradient(settings_, gradient);
  values_["rate"] = settings_.rate;
  for (int n = 1; n <= 2; ++n) {
    const auto i = static_cast<std::size_t>(n - 1);
    const std::string number(1, digit(n));
    const std::string h = "h" + number;
    const std::string o = "o" + number;
    values_["i" + number] = settings_.inputs[i];
    values_["t" + number] = settings_.targets[i];
    values_["net_" + h] = a.net_h[i];
    values_["out_" + h] = a.out_h[i];
    values_["net_" + o] = a.net_o[i];
    values_["out_" + o] = a.out_o[i];
    const double miss = settings_.targets[i] - a.out_o[i];
    values_["E_" + o] = 0.5 * miss * miss;
    values_["dE_dout_" + o] = -miss;
    const double slope_o = values_["dout_" + o + "_dnet_" + o] = a.out_o[i] * (1.0 - a.out_o[i]);
    const double slope_h = values_["dout_" + h + "_dnet_" + h] = a.out_h[i] * (1.0 - a.out_h[i]);
    values_["dE_dnet_" + o] = -miss * slope_o;
    values_["dE_dnet_" + h] = slope_h;  // completed below, when both outputs are known
  }
  for (int n = 1; n <= 2; ++n) {
    const std::string h = std::string("h") + digit(n);
    const double above = values_["dE_dnet_o1"] * settings_.parameters[static_cast<std::size_t>(3 + n)] +
                         values_["dE_dnet_o2"] * settings_.parameters[static_cast<std::size_t>(5 + n)];
    values_["dE_dout_" + h] = above;
    values_["dE_dnet_" + h] = above * values_["dout_" + h + "_dnet_" + h];
  }
  BackpropSettings next = settings_;
  backprop_update(next);
  for (std::size_t i = 0; i < backprop_parameters.size(); ++i) {
    const std::string name = backprop_parameters[i];
    values_[name] = settings_.parameters[i];
    values_["dE_d" + name] = gradient[i];
    values_[name + "_new"] = next.parameters[i];
    if (i >= 8) continue;
    const int number = static_cast<int>(i) + 1;
    const std::string& source = source_of_weight(number);
    values_["dnet_" + neuron_of_weight(number) + "_d" + name] = values_[source];
  }
  values_["E_new"] = backprop_loss(next);
}

double BackpropExample::value(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

double BackpropExample::finite_difference(int parameter, double step) const {
  BackpropSettings varied = settings_;
  double& value = varied.parameters[static_cast<std::size_t>(parameter)];
  const double middle = value;
  value = middle + step;
  const double above = backprop_loss(varied);
  value = middle - step;
  return (above - backprop_loss(varied)) / (2.0 * step);
}

BackpropTerm BackpropExample::term(const std::string& name, int part) const { return {name, value(name), false, part}; }

Terms BackpropExample::terms_forward(const std::string& name) const {
  const std::string neuron = neuron_of(name);
  const bool output = neuron[0] == 'o';
  const int to = neuron[1] - '0';
  if (starts(name, "net_")) {
    Terms terms;
    for (int from = 1; from <= 2; ++from) {
      const std::string source = std::string(output ? "out_h" : "i") + digit(from);
      if (from > 1) terms.push_back(sign("+", 1));
      terms.push_back(term(weight_name(from, to, output), from - 1));
      terms.push_back(sign("\u00B7", from - 1));
      terms.push_back(term(source, from - 1));
    }
    terms.push_back(sign("+", 2));
    terms.push_back(term(output ? "b2" : "b1", 2));
    return terms;
  }
  if (starts(name, "out_")) return {sign("\u03C3("), term("net_" + neuron), sign(")")};
  if (name == "E_total") return {term("E_o1"), sign("+"), term("E_o2")};
  return {sign("\u00BD ("), term(std::string("t") + digit(to)), sign("\u2212"), term("out_" + neuron), sign(")\u00B2")};
}

Terms BackpropExample::terms_backward(const std::string& name) const {
  const std::string by = starts(name, "dE_d") ? name.substr(4) : std::string();
  const BackpropTerm times = sign("\u00B7");
  if (by.empty()) {  // dout_h1_dnet_h1
    const std::string out = "out_" + neuron_of(name);
    return {term(out), sign("\u00B7 (1 \u2212"), term(out), sign(")")};
  }
  if (by[0] == 'b') {
    const std::string layer = by == "b1" ? "h" : "o";
    return {term("dE_dnet_" + layer + "1", 0), sign("+", 1), term("dE_dnet_" + layer + "2", 1)};
  }
  if (by[0] == 'w') {
    const std::string n = neuron_of_weight(by[1] - '0');
    return {term("dE_dout_" + n), times, term("dout_" + n + "_dnet_" + n), times, term("dnet_" + n + "_d" + by)};
  }
  const std::string n = neuron_of(by);
  if (starts(by, "net_")) return {term("dE_dout_" + n), times, term("dout_" + n + "_dnet_" + n)};
  if (n[0] == 'o') {
    return {sign("\u2212("), term(std::string("t") + n[1]), sign("\u2212"), term(by), sign(")")};
  }
  Terms terms;
  for (int k = 1; k <= 2; ++k) {
    if (k > 1) terms.push_back(sign("+", 1));
    terms.push_back(term(std::string("dE_dnet_o") + digit(k), k - 1));
    terms.push_back(sign("\u00B7", k - 1));
    terms.push_back(term(weight_name(n[1] - '0', k, true), k - 1));
  }
  return terms;
}

Terms BackpropExample::terms_of(const std::string& name) const {
  if (std::isnan(value(name))) return {};
  if (name.size() > 4 && name.substr(name.size() - 4) == "_new") {
    const std::string old = name.substr(0, name.size() - 4);
    if (old == "E") return {};
    if (old[0] == 'b' && !settings_.biases) return {term(old)};
    return {term(old), sign("\u2212"), term("rate"), sign("\u00B7"), term("dE_d" + old)};
  }
  if (name[0] == 'd') return starts(name, "dnet_") ? Terms{} : terms_backward(name);
  return starts(name, "net_") || starts(name, "out_") || starts(name, "E_") ? terms_forward(name) : Terms{};
}

BackpropFormula BackpropExample::formula(std::string_view which) const {
  const std::string name(which);
  BackpropFormula formula;
  formula.target = name;
  formula.value = value(name);
  formula.terms = terms_of(name);
  const int parts = formula.terms.empty() ? 0 : formula.terms.back().part + 1;
  double sum = 0.0;
  for (int part = 0; part + 1 < parts; ++part) {
    double product = 1.0;
    for (const BackpropTerm& t : formula.terms) {
      if (!t.sign && t.part == part) product *= t.value;
    }
    sum += product;
    formula.partial.push_back(sum);
  }
  if (parts > 0) formula.partial.push_back(formula.value);
  if (starts(name, "dE_d")) {
    formula.lit = lit_backward(name.substr(4), {});
    return formula;
  }
  for (const BackpropTerm& t : formula.terms) {
    if (!t.sign && t.text != "rate" && !starts(t.text, "dE_d")) formula.lit.push_back(t.text);
  }
  if (starts(name, "dout_")) formula.lit = {"out_" + neuron_of(name), "net_" + neuron_of(name)};
  if (!starts(name, "d") && name.find("_new") == std::string::npos) formula.lit.push_back(name);
  return formula;
}

// One for each part of the target's formula.
void BackpropExample::moment(BackpropPhase phase, const std::string& target) {
  const BackpropFormula whole = formula(target);
  const int parts = static_cast<int>(whole.partial.size());
  for (int part = 0; part < parts; ++part) {
    BackpropMoment m{phase, target, part, part + 1 == parts, whole.lit};
    if (parts > 1) {
      if (phase == BackpropPhase::backward) {
        m.lit = lit_backward(target.substr(4), part + 1);
      } else {
        m.lit = {target};
        for (const BackpropTerm& t : whole.terms) {
          if (!t.sign && t.part == part) m.lit.push_back(t.text);
        }
      }
    }
    moments_.push_back(std::move(m));
  }
}

void BackpropExample::list_moments() {
  using enum BackpropPhase;
  for (const char* neuron : {"h1", "h2", "o1", "o2"}) {
    moment(forward, std::string("net_") + neuron);
    moment(forward, std::string("out_") + neuron);
  }
  for (const char* error : {"E_o1", "E_o2", "E_total"}) moment(loss, error);
  for (const char layer : {'o', 'h'}) {
    for (int n = 1; n <= 2; ++n) {
      const std::string neuron = std::string(1, layer) + digit(n);
      moment(backward, "dE_dout_" + neuron);
      moment(backward, "dout_" + neuron + "_dnet_" + neuron);
      moment(backward, "dE_dnet_" + neuron);
      for (int from = 1; from <= 2; ++from) moment(backward, "dE_d" + weight_name(from, n, layer == 'o'));
    }
    moment(backward, layer == 'o' ? "dE_db2" : "dE_db1");
  }
  for (std::size_t i = 0; i < (settings_.biases ? 10U : 8U); ++i)
    moment(update, std::string(backprop_parameters[i]) + "_new");
}

}  // namespace cvlab
