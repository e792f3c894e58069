#include "app/demos/chain-rule/chain_rule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/shell/text.hpp"

namespace cvlab::app {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double finite(double value) { return std::isfinite(value) ? value : undefined; }

}  // namespace

std::unique_ptr<Demo> make_chain_rule(DemoContext context) { return std::make_unique<ChainRule>(context); }

bool ChainRule::update(double /*dt*/) {
  if (state_.version() == seen_state_) return false;
  seen_state_ = state_.version();
  pointed_ = -1;
  parse();
  if (graph_) {
    read_values();
    run();
  }
  return false;
}

void ChainRule::parse() {
  const std::string text(state_.raw("expression"));
  if (text == text_ && (graph_ || !problem_.id.empty())) return;
  text_ = text;
  graph_.reset();
  full_.reset();
  problem_ = {};
  Result<ScalarGraph> parsed = ScalarGraph::parse(text, &wrong_at_);
  if (!parsed) {
    problem_ = parsed.error();
    return;
  }
  graph_ = std::move(parsed.value());
  edges_.clear();
  operands_.clear();
  const int count = static_cast<int>(graph_->nodes().size());
  for (int i = 0; i < count; ++i) {
    for (int o = 0; o < node(i).operand_count; ++o) {
      edges_.emplace_back(node(i).operands[static_cast<std::size_t>(o)], i);
      operands_.emplace_back(i, o);
    }
  }
  layers_ = layer_graph(count, edges_);
  pieces_ = static_cast<int>(edges_.size());
  for (const auto& corners : layers_.corners) pieces_ += static_cast<int>(corners.size());
  name_nodes();
}

// "x=1.5; w1=-2": what is not listed is 1.
void ChainRule::read_values() {
  values_problem_ = {};
  for (const int input : graph_->inputs()) graph_->set(node(input).name, 1.0);
  std::string_view rest = state_.raw("values");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view item = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    const auto value = equals == std::string_view::npos ? std::nullopt : parse_number(trim(item.substr(equals + 1)));
    if (!value) {
      const std::string shown = for_display(item, 30);
      if (values_problem_.id.empty())
        values_problem_ = {"chain-rule.value", "Values are written name = number; this is not: " + shown, {shown}};
      continue;
    }
    graph_->set(trim(item.substr(0, equals)), *value);  // a name that the expression does not have is passed over
  }
}

void ChainRule::run() {
  full_ = *graph_;
  full_->restart();
  forward_steps_ = 0;
  backward_steps_ = 0;
  while (full_->forward_step() >= 0) ++forward_steps_;
  while (full_->backward_step() >= 0) ++backward_steps_;
  graph_->restart();
  current_ = -1;
  backward_ = done() > forward_steps_;
  for (int i = 0; i < done(); ++i) current_ = i < forward_steps_ ? graph_->forward_step() : graph_->backward_step();
  if (state_.integer("step") < steps()) rested_ = false;
}

int ChainRule::looked_at() const {
  if (!graph_) return -1;
  const std::string_view name = state_.raw("look");
  const int count = static_cast<int>(symbols_.size());
  for (int i = 0; i < count; ++i) {
    if (node(i).op != ScalarOp::number && (plain(i) == name || node(i).name == name)) return i;
  }
  const std::vector<int> inputs = graph_->inputs();
  return inputs.empty() ? graph_->output() : inputs.front();
}

int ChainRule::focus() const { return pointed_ >= 0 ? pointed_ : current_ >= 0 ? current_ : looked_at(); }

void ChainRule::edit(int input, double value) {
  std::string text;
  for (const int i : graph_->inputs()) {
    const double now = i == input ? std::clamp(value, -1e6, 1e6) : node(i).value;
    text += (text.empty() ? "" : "; ") + node(i).name + "=" + State::format(now);
  }
  (void)state_.set("values", text);
}

// At the end it rests once, so that Play ends there; the next step begins again.
bool ChainRule::step(int delta) {
  if (!graph_ || steps() == 0) return false;
  const int next = done() + delta;
  if (next < 0) return false;
  if (next > steps()) {
    if (!rested_) {
      rested_ = true;
      return false;
    }
    rested_ = false;
    return static_cast<bool>(state_.set("step", "0"));
  }
  return static_cast<bool>(state_.set("step", std::to_string(next)));
}

Readouts ChainRule::readouts() const {
  const int at = looked_at();
  double worst = undefined;
  if (full_) {
    worst = 0.0;
    for (const int i : full_->inputs()) {
      const double miss = std::fabs(full_->finite_difference(i) - whole(i).gradient);
      if (!std::isfinite(miss)) worst = undefined;
      worst = std::max(worst, miss);
    }
  }
  return {
      {"output", full_ ? finite(whole(full_->output()).value) : undefined, "", 9},
      {"value", full_ ? finite(whole(at).value) : undefined, "", 9},
      {"gradient", full_ ? finite(whole(at).gradient) : undefined, "", 9},
      {"check", full_ ? finite(full_->finite_difference(at)) : undefined, "", 9},
      {"worst_difference", worst, "", 2},
      {"operations", full_ ? static_cast<double>(forward_steps_) : undefined},
      {"inputs", full_ ? static_cast<double>(full_->inputs().size()) : undefined},
      {"step", full_ ? static_cast<double>(done()) : undefined},
      {"wrong_character", full_ ? undefined : static_cast<double>(wrong_at_ + 1)},
  };
}

std::string ChainRule::sentence(const Words& words) const {
  if (!graph_) return words.sentence(problem_);
  if (!values_problem_.id.empty()) return words.sentence(values_problem_);
  const std::string output = words.number(whole(full_->output()).value, 6);
  if (current_ < 0) return words.format("chain-rule.sentence_begin", {std::to_string(forward_steps_), output});
  const std::string value = words.number(backward_ ? node(current_).gradient : node(current_).value, 6);
  return words.format(backward_ ? "chain-rule.sentence_backward" : "chain-rule.sentence_forward",
                      {std::to_string(done()), std::to_string(steps()), plain(current_), value, output});
}

}  // namespace cvlab::app
