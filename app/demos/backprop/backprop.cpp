#include "app/demos/backprop/backprop.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cvlab::app {

std::unique_ptr<Demo> make_backprop(DemoContext context) { return std::make_unique<Backprop>(context); }

std::string symbol_of(std::string_view name) {
  std::string text(name);
  if (text == "rate") return "\u03B7";
  const bool fresh = text.size() > 4 && text.substr(text.size() - 4) == "_new";
  if (fresh) text.resize(text.size() - 4);
  if (text.size() == 2 && text[1] >= '0' && text[1] <= '9') text.insert(1, "_");
  return fresh ? text + "\u207A" : text;
}

FormulaPiece piece_of(std::string_view name) {
  const std::size_t by = name.rfind("_d");
  if (name.empty() || name[0] != 'd' || by == std::string_view::npos) return {symbol_of(name)};
  const std::string of = name.substr(1, by - 1) == "E" ? "E_total" : std::string(name.substr(1, by - 1));
  return {"\u2202" + symbol_of(of), "\u2202" + symbol_of(name.substr(by + 2))};
}

BackpropSettings Backprop::settings_of_state() const {
  BackpropSettings s;
  s.inputs = {state_.real("i1"), state_.real("i2")};
  s.targets = {state_.real("t1"), state_.real("t2")};
  for (std::size_t i = 0; i < backprop_parameters.size(); ++i) s.parameters[i] = state_.real(backprop_parameters[i]);
  s.rate = state_.real("rate");
  s.biases = state_.toggle("biases");
  return s;
}

bool Backprop::update(double dt) {
  if (goal_ >= 0 && state_.integer("updates") != updates_) goal_ = -1;  // the learner went elsewhere
  if (goal_ >= 0 && dt > 0.0) {
    // The same time for each factor: the first updates are slow enough to be seen.
    playing_ += dt;
    const double share =
        still_ ? 1.0 : std::min(1.0, playing_ / (goal_ - updates_ > 1000 || playing_ > dt ? 2.5 : 0.6));
    const double wanted = std::expm1(share * std::log1p(static_cast<double>(goal_)));
    const int next = share >= 1.0 ? goal_ : std::clamp(static_cast<int>(wanted), updates_, goal_);
    (void)state_.set("updates", std::to_string(next));
    if (next == goal_) goal_ = -1;
  }
  if (state_.version() != seen_state_) recompute();
  return goal_ >= 0;
}

void Backprop::recompute() {
  const BackpropSettings start = settings_of_state();
  if (losses_.empty() || !(start == start_)) {
    start_ = start;
    losses_ = backprop_losses(start, most_updates);
    curve_.clear();
    for (std::size_t i = 1; i < losses_.size(); ++i) curve_.push_back({static_cast<double>(i), losses_[i]});
  }
  updates_ = state_.integer("updates");
  BackpropSettings now = start;
  for (int i = 0; i < updates_; ++i) backprop_update(now);
  example_ = BackpropExample(now);
  seen_state_ = state_.version();
}

int Backprop::done() const { return std::min(state_.integer("step"), moment_count()); }

const BackpropMoment* Backprop::moment() const {
  return done() > 0 ? &example_.moments()[static_cast<std::size_t>(done() - 1)] : nullptr;
}

// Given from the start, or computed by one of the moments that are over.
bool Backprop::known(std::string_view name) const {
  for (int i = 0; i < moment_count(); ++i) {
    const BackpropMoment& m = example_.moments()[static_cast<std::size_t>(i)];
    if (m.target == name) return done() > i && (m.complete || done() > i + 1);
  }
  return true;
}

bool Backprop::lit(std::string_view name) const { return std::find(lit_.begin(), lit_.end(), name) != lit_.end(); }

// A weight that is changed after some updates makes the present network the new beginning.
void Backprop::edit(const std::string& param, double value) {
  const bool parameter = param[0] == 'w' || param[0] == 'b';
  if (parameter && updates_ > 0) {
    const auto now = example_.settings().parameters;
    for (std::size_t i = 0; i < backprop_parameters.size(); ++i)
      (void)state_.set(backprop_parameters[i], State::format(std::clamp(now[i], -20.0, 20.0)));
    (void)state_.set("updates", "0");
  }
  for (const Param& p : state_.table()) {
    if (p.id == param) (void)state_.set(param, State::format(std::clamp(value, p.min, p.max)));
  }
}

void Backprop::train_to(int updates) {
  goal_ = std::clamp(updates, 0, most_updates);
  playing_ = 0.0;
  if (goal_ <= updates_ + 1) {
    (void)state_.set("updates", std::to_string(goal_));
    goal_ = -1;
  }
}

// After the last moment the new weights are the old ones, and the next step begins the next update.
bool Backprop::step(int delta) {
  const int next = done() + delta;
  if (next >= 0 && next <= moment_count()) return static_cast<bool>(state_.set("step", std::to_string(next)));
  const int updates = updates_ + (delta > 0 ? 1 : -1);
  if (updates < 0 || updates > most_updates) return false;
  (void)state_.set("updates", std::to_string(updates));
  return static_cast<bool>(state_.set("step", std::to_string(delta > 0 ? 0 : moment_count())));
}

Readouts Backprop::readouts() const {
  Readouts list = {{"moment", static_cast<double>(done())}, {"updates_done", static_cast<double>(updates_)}};
  const auto add = [&](const std::string& name) { list.push_back({name, example_.value(name), "", 9}); };
  for (const char* neuron : {"h1", "h2", "o1", "o2"}) {
    add(std::string("net_") + neuron);
    add(std::string("out_") + neuron);
  }
  for (const char* error : {"E_o1", "E_o2", "E_total"}) add(error);
  for (const char* name : {"o1", "o2", "h1", "h2"}) {
    const std::string neuron = name;
    add("dE_dout_" + neuron);
    add("dout_" + neuron + "_dnet_" + neuron);
    add("dE_dnet_" + neuron);
  }
  for (const char* parameter : backprop_parameters) add(std::string("dE_d") + parameter);
  for (std::size_t i = 0; i < backprop_parameters.size(); ++i) {
    const std::string name = std::string("check_d") + backprop_parameters[i];
    list.push_back({name, example_.finite_difference(static_cast<int>(i)), "", 9});
  }
  for (const char* parameter : backprop_parameters)
    list.push_back({std::string(parameter) + "_now", example_.value(parameter), "", 9});
  for (const char* parameter : backprop_parameters) add(std::string(parameter) + "_new");
  add("E_new");
  return list;
}

std::string Backprop::sentence(const Words& words) const {
  const std::string loss = words.number(example_.value("E_total"), 9);
  const BackpropMoment* now = moment();
  if (!now) return words.format("backprop.sentence_begin", {std::to_string(updates_), loss});
  const BackpropFormula formula = example_.formula(now->target);
  const std::string value = words.number(formula.partial[static_cast<std::size_t>(now->part)], 9);
  return words.format("backprop.sentence", {std::to_string(done()), std::to_string(moment_count()), now->target, value,
                                            std::to_string(updates_), loss});
}

}  // namespace cvlab::app
