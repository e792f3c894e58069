#include "app/demos/cnn/cnn.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/shell/text.hpp"

namespace cvlab::app {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

std::string from_one(int i) { return std::to_string(i + 1); }

}  // namespace

std::unique_ptr<Demo> make_cnn(DemoContext context) { return std::make_unique<Cnn>(context); }

void Cnn::choose_picture() {
  label_ = -1;
  auto strokes = parse_strokes(state_.raw("strokes"));
  if (!strokes && drawn()) remark_ = strokes.error();
  strokes_ = strokes ? std::move(strokes).value() : std::vector<PenStroke>{};
  picture_ = Tensor(Shape{1, 1, 28, 28});
  if (drawn()) {
    picture_ = draw_strokes(strokes_);
  } else {
    const int wanted = state_.integer("picture");
    const int index = std::min(wanted, test_.count()) - 1;
    if (index + 1 != wanted) {
      remark_ = {"cnn.no_such_picture",
                 "There is no picture " + std::to_string(wanted) + "; the last one is " + from_one(index) + ".",
                 {std::to_string(wanted), from_one(index)}};
    }
    const auto pixels = test_.pixels_of(index);
    std::copy(pixels.begin(), pixels.end(), picture_.data());
    label_ = test_.labels[at(index)];
  }
  for (std::ptrdiff_t i = 0; i < picture_.count(); ++i) picture_.data()[i] /= 255.0F;
}

// Forward through all layers, then back from the loss.
void Cnn::run() {
  Rng rng(1);  // evaluation draws nothing from it
  tape_.rewind();
  const Var x = tape_.variable(std::as_const(picture_).view());
  const Var p = graph_.forward(tape_, x, false, rng, true);
  const ConstView shares = std::as_const(tape_).value(p);
  answer_ = static_cast<int>(std::max_element(shares.data(), shares.data() + shares.count()) - shares.data());
  const std::string_view wanted = state_.choice("target");
  target_class_ = wanted == "label" ? (label_ >= 0 ? label_ : answer_) : wanted[0] - '0';
  const int labels[1] = {target_class_};
  const Var loss =
      cross_entropy(tape_, graph_.value_of(layer_of(static_cast<int>(columns_.size()) - 1).inputs[0]), labels);
  loss_ = static_cast<double>(tape_.value(loss).data()[0]);
  tape_.backward(loss);
}

// What the figure's columns show: values, or gradients of the loss.
void Cnn::show_layers() {
  std::vector<MapLayer> layers;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const int layer = columns_[i];
    const Var v = graph_.value_of(layer);
    const Shape& shape = tape_.shape(v);
    const bool planes = shape.rank() == 4;
    MapLayer shown;
    shown.name = graph_.layers()[at(layer)].name;
    shown.values = Tensor(planes ? Shape{shape[1], shape[2], shape[3]} : Shape{shape[1], 1, 1});
    const bool softmax = layer == graph_.output();
    const ConstView from = backward() && !softmax ? ConstView(tape_.gradient(v)) : std::as_const(tape_).value(v);
    std::copy_n(from.data(), from.count(), shown.values.data());
    if (backward() && softmax) {
      for (std::ptrdiff_t k = 0; k < from.count(); ++k)
        shown.values.data()[k] = static_cast<float>(nn::trace_backward(graph_, tape_, layer, k, target_class_).result);
    }
    shown.detail = std::to_string(shape[1]);
    if (planes) shown.detail += "\u00D7" + std::to_string(shape[2]) + "\u00D7" + std::to_string(shape[3]);
    const ConstView flat(shown.values.data(), Shape{shown.values.count(), 1});
    shown.high = signed_range(flat, 1e-12F);
    if (i == 0) shown.detail = std::to_string(shape[2]) + "\u00D7" + std::to_string(shape[3]);
    if (!backward() && i == 0) {
      shown.shade = Shade::grey;
      shown.high = 1.0F;
    }
    shown.percent = softmax && !backward();
    if (softmax) {
      for (std::ptrdiff_t k = 0; k < shape[1]; ++k) shown.labels.push_back(std::to_string(k));
    }
    layers.push_back(std::move(shown));
  }
  network_.set(std::move(layers));
  fresh_ = true;
}

const nn::Layer& Cnn::layer_of(int shown) const { return graph_.layers()[at(columns_[at(shown)])]; }

int Cnn::column_of(int layer) const {
  const auto found = std::find(columns_.begin(), columns_.end(), layer);
  return found == columns_.end() ? -1 : static_cast<int>(found - columns_.begin());
}

bool Cnn::single(int shown) const { return network_.layers()[at(shown)].values.size(1) == 1; }

MapUnit Cnn::unit_of(int layer, std::ptrdiff_t unit) const {
  const int column = column_of(nn::before_flatten(graph_, layer));
  const Tensor& values = network_.layers()[at(column)].values;
  const std::ptrdiff_t plane = values.size(1) * values.size(2);
  return {column, static_cast<int>(unit / plane), static_cast<int>(unit % plane / values.size(2)),
          static_cast<int>(unit % values.size(2))};
}

std::ptrdiff_t Cnn::index_of(const MapUnit& unit) const {
  const Tensor& values = network_.layers()[at(unit.layer)].values;
  return (unit.channel * values.size(1) + unit.row) * values.size(2) + unit.column;
}

double Cnn::value_of(const MapUnit& unit) const {
  const Var v = graph_.value_of(columns_[at(unit.layer)]);
  return static_cast<double>(tape_.value(v).data()[index_of(unit)]);
}

// The unit that the state names, or the nearest one.
void Cnn::settle_unit() {
  const std::string_view name = state_.raw("layer");
  const auto last = static_cast<int>(columns_.size()) - 1;
  MapUnit unit{};
  while (unit.layer <= last && layer_of(unit.layer).name != name) ++unit.layer;
  if (unit.layer > last) {
    unit.layer = std::min(1, last);
    const std::string wanted = for_display(name);
    const std::string& instead = layer_of(unit.layer).name;
    remark_ = {
        "cnn.no_such_layer", "The network has no layer " + wanted + "; shown is " + instead + ".", {wanted, instead}};
    news_ = false;
  }
  const Tensor& values = network_.layers()[at(unit.layer)].values;
  const Cell cell = state_.cell("cell");
  unit.channel = std::min(state_.integer("map"), static_cast<int>(values.size(0))) - 1;
  unit.row = std::min(cell.row, static_cast<int>(values.size(1)) - 1);
  unit.column = std::min(cell.column, static_cast<int>(values.size(2)) - 1);
  kept_ = unit;
  look_at(unit);
}

void Cnn::look_at(const MapUnit& unit) {
  if (unit.layer != shown_.layer || unit.channel != shown_.channel) fresh_ = true;
  shown_ = unit;
  const int layer = columns_[at(unit.layer)];
  forward_ = nn::trace_forward(graph_, tape_, layer, index_of(unit));
  backward_ = nn::trace_backward(graph_, tape_, layer, index_of(unit), target_class_);
}

// The learner chose a unit: the link says so.
void Cnn::keep(const MapUnit& unit) {
  (void)state_.set("layer", layer_of(unit.layer).name);
  (void)state_.set("map", from_one(unit.channel));
  if (!single(unit.layer)) (void)state_.set("cell", State::format(Cell{unit.row, unit.column}));
}

// Along the strongest connection: on to the unit that this one contributes most to, back to its greatest contribution.
bool Cnn::step(int delta) {
  if (!ready()) return false;
  if (below("training")) return step_training(delta);
  look_at(kept_);
  const nn::Trace& trace = delta > 0 ? backward_ : forward_;
  const bool last = delta > 0 && kept_.layer + 1 == static_cast<int>(columns_.size());
  const nn::TraceTerm* best = nullptr;
  double most = -1.0;
  for (const nn::TraceTerm& term : trace.terms) {
    const double share = delta > 0 ? value_of(kept_) * term.weight : term.product;
    const bool own = trace.rule != nn::TraceRule::softmax || term.unit == index_of(kept_);
    if (term.unit < 0 || !own || std::fabs(share) <= most) continue;
    most = std::fabs(share);
    best = &term;
  }
  if (best == nullptr || last) return false;
  keep(unit_of(best->layer, best->unit));
  return true;
}

Readouts Cnn::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = ready() && !pending();
  const auto number = [&](double value) { return any ? value : undefined; };
  const auto counted = [&](const Prediction& prediction) {
    return any && prediction.finished() ? 100.0 * prediction.accuracy() : undefined;
  };
  const bool current = any && now_key_ == graph_key_ && now_.finished();
  double probability = undefined;
  std::optional<nn::Region> field;
  if (any) {
    const Var p = graph_.value_of(graph_.output());
    probability = 100.0 * static_cast<double>(tape_.value(p).data()[answer_]);
    field = nn::receptive_region(graph_, tape_, columns_[at(shown_.layer)], index_of(shown_), 0);
  }
  Readouts all = {
      {"prediction", number(answer_)},
      {"probability", probability, "%"},
      {"label", any && label_ >= 0 ? label_ : undefined},
      {"target", number(target_class_)},
      {"loss", number(loss_)},
      {"map", number(shown_.channel + 1)},
      {"row", number(shown_.row + 1)},
      {"column", number(shown_.column + 1)},
      {"value", any ? value_of(shown_) : undefined, "", 5},
      {"bias", any && forward_.rule == nn::TraceRule::sum ? forward_.bias : undefined},
      {"terms", number(static_cast<double>(forward_.terms.size()))},
      {"gradient", number(backward_.result), "", 5},
      {"gradient_terms", number(static_cast<double>(backward_.terms.size()))},
      {"field_height", field ? static_cast<double>(field->row1 - field->row0) : undefined, "px"},
      {"field_width", field ? static_cast<double>(field->column1 - field->column0) : undefined, "px"},
      {"accuracy", current ? counted(now_) : undefined, "%"},
      {"accuracy_before", before_key_ == model_key_ ? counted(before_) : undefined, "%"},
      {"right", current ? static_cast<double>(now_.right()) : undefined},
      {"test_pictures", test_.count() > 0 ? static_cast<double>(test_.count()) : undefined},
  };
  for (Readout& one : network_readouts()) all.push_back(std::move(one));
  return all;
}

// Of the chosen layer, of all layers, of the training run.
Readouts Cnn::network_readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const nn::LayerSummary* layer = nullptr;
  for (const nn::LayerSummary& one : check_.summary.layers) {
    if (trained_ && layers_problem_.id.empty() && one.name == state_.raw("layer")) layer = &one;
  }
  const auto extent = [&](int axis) {
    return layer != nullptr && axis < layer->output.rank() ? static_cast<double>(layer->output[axis]) : undefined;
  };
  const bool whole = trained_ && sound();
  const auto& points = training_.curves().loss;
  const auto& tests = training_.curves().test_loss;
  const bool trained = training_.steps() > 0 && !pending();
  const bool tested = trained && !tests.empty() && tests.back().x > 0.0;
  return {
      {"layer_maps", extent(1)},
      {"layer_height", extent(2)},
      {"layer_width", extent(3)},
      {"layer_parameters", layer != nullptr ? static_cast<double>(layer->parameters) : undefined, "", 7},
      {"layer_multiply_adds", layer != nullptr ? static_cast<double>(layer->multiply_adds) : undefined, "", 7},
      {"parameters", whole ? static_cast<double>(check_.summary.parameters) : undefined, "", 7},
      {"multiply_adds", whole ? static_cast<double>(check_.summary.multiply_adds) : undefined, "", 7},
      {"step", pending() ? undefined : static_cast<double>(training_.steps()), "", 6},
      {"epoch",
       pending() ? undefined : static_cast<double>(looks_back() ? state_.integer("epoch") : training_.epochs_done())},
      {"batch_loss", trained && !points.empty() ? points.back().y : undefined},
      {"test_loss", tested ? tests.back().y : undefined},
  };
}

std::string Cnn::sentence(const Words& words) const {
  if (!ready()) return words.sentence(problem_);
  if (!training_.diverged().empty()) return words.format("cnn.diverged", {training_.diverged()});
  if (!remark_.id.empty()) return words.sentence(remark_);
  if (below("training") && training_.begun())
    return words.format("cnn.trained_so_far", {std::to_string(training_.steps()), accuracy_text(words)});
  return said(words) + " " + unit_name(words, shown_) + " = " + words.number(value_of(shown_), 4) + ".";
}

}  // namespace cvlab::app
