#include "app/demos/mlp/mlp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/shell/file_library.hpp"
#include "core/data/toy.hpp"

namespace cvlab::app {

namespace {

constexpr int count_of_each = 60;
constexpr int nodes = 65;
constexpr double edge = 1.25;
constexpr double slice_seconds = 0.02;

std::vector<int> hidden_of(std::string_view choice) {
  if (choice == "none") return {};
  if (choice == "4-4") return {4, 4};
  if (choice == "8-8") return {8, 8};
  return {choice[0] - '0'};
}

Activation activation_of(std::string_view choice) {
  return choice == "relu" ? Activation::relu : choice == "sigmoid" ? Activation::sigmoid : Activation::tanh;
}

}  // namespace

std::unique_ptr<Demo> make_mlp(DemoContext context) { return std::make_unique<Mlp>(context); }

bool Mlp::update(double dt) {
  if (state_.version() != seen_version_ || (pictures() && files_.version() != seen_files_)) follow();
  if (!run_) return false;
  seeking_ = data_->count() > 0 && run_->go_to(state_.integer("step"), dt > 0.0 ? slice_seconds : 0.002);
  if (looked_ != steps()) look();
  return seeking_;
}

Mlp::Recipe Mlp::recipe() const {
  Recipe r;
  r.data = state_.choice("data");
  const bool two = r.data == "moons" || r.data == "circles";
  r.classes = two ? 2 : state_.integer("classes");
  if (r.data == "digits") {
    r.classes = state_.integer("digits");
    r.side = state_.choice("side") == "14" ? 14 : 8;
  }
  if (r.data == "own") r.points = state_.raw("points");
  r.settings.hidden = hidden_of(state_.choice("hidden"));
  r.settings.activation = activation_of(state_.choice("activation"));
  r.settings.optimizer = parse_optimizer(state_.choice("optimizer")).value();
  r.settings.rate = state_.real("rate");
  const std::string_view batch = state_.choice("batch");
  r.settings.batch = batch == "all" ? 1 << 20 : batch == "16" ? 16 : 1;
  r.settings.seed = static_cast<std::uint64_t>(state_.integer("seed"));
  return r;
}

void Mlp::follow() {
  const Recipe wanted = recipe();
  const bool again = !run_ || !(wanted == recipe_);
  recipe_ = wanted;
  seen_files_ = files_.version();
  if (pictures() && !load_pictures()) {
    run_.reset();
  } else if (again) {
    begin(wanted);
  }
  if (run_ && pictures()) probe_picture(chosen_picture());
  seen_version_ = state_.version();
}

void Mlp::begin(const Recipe& wanted) {
  problem_.clear();
  drawn_.clear();
  looked_ = -1;
  if (pictures()) return begin_pictures();
  LabelledPoints data;
  data.classes = wanted.classes;
  if (wanted.data == "own") {
    const auto points = read_points(wanted.points, wanted.classes);
    if (!points) problem_ = "mlp.bad_points";
    if (points) drawn_ = *points;
    if (points && points->empty()) problem_ = "mlp.no_points";
    for (const DrawnPoint& p : drawn_) data.points.push_back(p.x);
    for (const DrawnPoint& p : drawn_) data.points.push_back(p.y);
    for (const DrawnPoint& p : drawn_) data.labels.push_back(p.label);
  } else {
    const ToyKind kind = parse_toy(wanted.data).value();
    const double noise = kind == ToyKind::blobs ? 0.16 : kind == ToyKind::spirals ? 0.03 : 0.08;
    const ToyData toy = make_toy(kind, count_of_each * wanted.classes, noise, wanted.settings.seed, wanted.classes);
    for (int axis = 0; axis < 2; ++axis) {
      for (std::ptrdiff_t i = 0; i < toy.points.size(0); ++i)
        data.points.push_back(static_cast<double>(toy.points(i, axis)));
    }
    data.labels = toy.labels;
  }
  data_ = std::make_shared<const LabelledPoints>(std::move(data));
  probe_ = {0.0, 0.0};
  if (data_->count() > 0) probe_ = {data_->points[0], data_->points[static_cast<std::size_t>(data_->count())]};
  run_.emplace(PointClassifier(data_, wanted.settings));
}

void Mlp::look() {
  looked_ = steps();
  PointClassifier& run = run_->run();
  result_ = run.evaluate();
  weights_ = run.net().parameters();
  gradient_ = run.net().gradient();
  if (pictures()) return look_at_pictures();
  std::vector<double> plane(2 * nodes * nodes);
  for (int row = 0; row < nodes; ++row) {
    for (int column = 0; column < nodes; ++column) {
      const auto at = static_cast<std::size_t>(row * nodes + column);
      plane[at] = edge * (2.0 * column / (nodes - 1) - 1.0);
      plane[nodes * nodes + at] = edge * (2.0 * row / (nodes - 1) - 1.0);
    }
  }
  chances_ = run.probabilities(plane);
  painted_ = -1;
}

bool Mlp::step(int delta) {
  if (!run_ || data_->count() == 0 || seeking_) return false;
  const int wanted = state_.integer("step") + delta;
  if (wanted < 0 || wanted > most_steps || (delta > 0 && diverged())) return false;
  return static_cast<bool>(state_.set("step", std::to_string(wanted)));
}

Readouts Mlp::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = run_ && data_->count() > 0;
  const bool there = any && !diverged() && std::isfinite(result_.loss);
  double length = 0.0;
  for (const double g : gradient_) length += g * g;
  const int n = any ? data_->count() : 1;
  const int size = std::min(n, recipe_.settings.batch);
  const int per_epoch = (n + size - 1) / size;
  Readouts result = {
      {"step", any ? static_cast<double>(steps()) : undefined},
      {"loss", there ? result_.loss : undefined},
      {"accuracy", there ? 100.0 * result_.right / n : undefined, "%", 3},
      {"right", there ? static_cast<double>(result_.right) : undefined},
      {"mistakes", there ? static_cast<double>(n - result_.right) : undefined},
      {"gradient", there ? std::sqrt(length) : undefined},
      {"parameters", run_ ? static_cast<double>(weights_.size()) : undefined},
      {"guess_loss", run_ ? std::log(static_cast<double>(recipe_.classes)) : undefined},
      {"points", run_ ? static_cast<double>(data_->count()) : undefined},
      {"steps_per_epoch", any ? static_cast<double>(per_epoch) : undefined},
      {"diverged_at", diverged() ? static_cast<double>(run_->run().diverged()->step) : undefined},
  };
  const bool held_out = there && pictures();
  const int others = held_out ? std::max(1, held_out_->count()) : 1;
  result.push_back({"test_accuracy", held_out ? 100.0 * test_result_.right / others : undefined, "%", 3});
  result.push_back({"test_loss", held_out ? test_result_.loss : undefined});
  result.push_back({"test_points", held_out ? static_cast<double>(others) : undefined});
  const bool answered = held_out && probed_ >= 0 && static_cast<std::size_t>(probed_) < answers_.size() &&
                        answers_[static_cast<std::size_t>(probed_)] != undecided;
  result.push_back({"answer", answered ? static_cast<double>(answers_[static_cast<std::size_t>(probed_)]) : undefined});
  return result;
}

std::string Mlp::sentence(const Words& words) const {
  if (pictures() && !run_) return words.sentence(waiting_);
  if (!problem_.empty()) return words(problem_);
  if (!run_) return {};
  if (diverged()) {
    const auto& where = *run_->run().diverged();
    return words.format("mlp.diverged", {std::to_string(where.step), std::to_string(where.layer),
                                         words.number(recipe_.settings.rate, 3)});
  }
  if (pictures())
    return words.format("mlp.sentence_digits",
                        {std::to_string(steps()), std::to_string(result_.right), std::to_string(data_->count()),
                         std::to_string(test_result_.right), std::to_string(held_out_->count())});
  return words.format("mlp.sentence", {std::to_string(steps()), words.number(result_.loss, 3),
                                       std::to_string(result_.right), std::to_string(data_->count())});
}

}  // namespace cvlab::app
