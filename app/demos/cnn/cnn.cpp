#include "app/demos/cnn/cnn.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/demos/cnn/weight_edits.hpp"
#include "core/formats/safetensors.hpp"
#include "core/image/codec.hpp"
#include "core/nn/layer.hpp"
#include "core/nn/models.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::app {

namespace {

constexpr double slice_seconds = 0.008;  // of the test pictures, in one frame

std::size_t at(int i) { return static_cast<std::size_t>(i); }

std::string from_one(int i) { return std::to_string(i + 1); }

}  // namespace

std::unique_ptr<Demo> make_cnn(DemoContext context) { return std::make_unique<Cnn>(context); }

bool Cnn::update(double dt) {
  if (state_.version() != seen_state_ || files_.version() != seen_files_) follow();
  return ready() && predict(dt > 0.0 ? slice_seconds : 0.0);
}

void Cnn::follow() {
  remark_ = {};
  problem_ = {};
  const bool network = load_network();
  load_pictures();
  if (network && ready()) {
    edit_weights();
    choose_picture();
    if (ready()) {
      run();
      show_layers();
      settle_unit();
    }
  }
  seen_state_ = state_.version();  // after our own writes
  seen_files_ = files_.version();
}

// The trained weights, once; leaves the reason in problem_ while they are not there.
bool Cnn::load_network() {
  const FileLibrary::Entry& entry = files_.get("weights/small-cnn-digits.safetensors");
  if (loaded_) return true;
  if (entry.status != FileLibrary::Status::ready) {
    problem_ =
        entry.status == FileLibrary::Status::failed ? entry.error : Error{"cnn.waiting", "The network is on its way."};
    return false;
  }
  trained_ = nn::make_model("small-cnn").value();
  trained_.add(nn::layer::softmax("softmax"));
  const Result<Safetensors> file = read_safetensors(entry.bytes);
  const Result<void> fits = file ? nn::load_weights(trained_, file.value()) : Result<void>(file.error());
  if (!fits) {
    problem_ = fits.error();
    return false;
  }
  for (Parameter& p : trained_.parameters()) p.frozen = true;  // only values get gradients here
  columns_.clear();
  for (int i = 0; i <= trained_.output(); ++i) {
    if (trained_.layers()[at(i)].kind != nn::LayerKind::flatten) columns_.push_back(i);
  }
  loaded_ = true;
  return true;
}

void Cnn::load_pictures() {
  const FileLibrary::Entry& pixels = files_.get("data/digits-test.png");
  const FileLibrary::Entry& labels = files_.get("data/digits-test.labels");
  if (test_.count() > 0) return;
  Error why;
  for (const FileLibrary::Entry* entry : {&pixels, &labels}) {
    if (entry->status == FileLibrary::Status::failed) why = entry->error;
    if (entry->status == FileLibrary::Status::loading && why.id.empty())
      why = {"cnn.waiting", "The network is on its way."};
  }
  if (why.id.empty()) {
    const Result<Image> image = decode_image(pixels.bytes);
    Result<Dataset> data = image
                               ? dataset_from_sprite("digits", image.value(), labels.bytes, known_class_names("digits"))
                               : Result<Dataset>(image.error());
    if (data) {
      test_ = std::move(data).value();
    } else {
      why = data.error();
    }
  }
  if (!drawn() && ready()) problem_ = why;  // a drawing needs no pictures
}

void Cnn::edit_weights() {
  const std::string text(state_.raw("edits"));
  const auto edits = parse_weight_edits(text);
  if (!edits) remark_ = edits.error();
  if (edits_ == text) return;
  edits_ = text;
  graph_ = trained_;
  if (!edits) return;
  if (auto applied = apply_weight_edits(edits.value(), graph_); !applied) remark_ = applied.error();
}

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
  target_ = wanted == "label" ? (label_ >= 0 ? label_ : answer_) : wanted[0] - '0';
  const int labels[1] = {target_};
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
        shown.values.data()[k] = static_cast<float>(nn::trace_backward(graph_, tape_, layer, k, target_).result);
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
  const std::string_view name = state_.choice("layer");
  MapUnit unit{};
  while (layer_of(unit.layer).name != name) ++unit.layer;
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
  backward_ = nn::trace_backward(graph_, tape_, layer, index_of(unit), target_);
}

// The learner chose a unit: the link says so.
void Cnn::keep(const MapUnit& unit) {
  (void)state_.set("layer", layer_of(unit.layer).name);
  (void)state_.set("map", from_one(unit.channel));
  if (!single(unit.layer)) (void)state_.set("cell", State::format(Cell{unit.row, unit.column}));
}

// Over the test pictures: the network as loaded once, the changed one after each change. True while there is more.
bool Cnn::predict(double seconds) {
  if (test_.count() == 0 || !edits_) return false;
  const auto start = [&](Prediction& prediction, const nn::Graph& weights) {
    nn::Graph model = nn::make_model("small-cnn").value();  // ends with the logits
    (void)model.make_parameters();
    for (std::size_t i = 0; i < model.parameters().size(); ++i)
      model.parameters()[i].value = weights.parameters()[i].value;
    prediction.start(std::move(model), test_, {});
  };
  if (!before_.started()) start(before_, trained_);
  if (!before_.finished()) {
    (void)before_.work(seconds);
    return true;
  }
  if (predicted_edits_ != edits_) {
    predicted_edits_ = edits_;
    if (edits_->empty()) {
      now_ = before_;
    } else {
      start(now_, graph_);
    }
  }
  return !now_.finished() && (now_.work(seconds) || true);
}

void Cnn::edit_weight(const nn::TraceTerm& term, double value) {
  const nn::Layer& layer = graph_.layers()[at(forward_.weights_of)];
  const Shape& shape = graph_.find(layer.name + ".weight")->value.shape();
  const auto index = term.weight_index;
  WeightEdit edit;
  edit.layer = layer.name;
  edit.column = static_cast<int>(index % shape[3]);
  edit.row = static_cast<int>(index / shape[3] % shape[2]);
  edit.channel = static_cast<int>(index / (shape[3] * shape[2]) % shape[1]);
  edit.kernel = static_cast<int>(index / (shape[3] * shape[2] * shape[1]));
  edit.value = value;
  auto edits = parse_weight_edits(state_.raw("edits"));
  std::vector<WeightEdit> list = edits ? std::move(edits).value() : std::vector<WeightEdit>{};
  (void)state_.set("edits", format_weight_edits(with_edit(std::move(list), edit)));
}

// The kernel that made the shown map.
void Cnn::switch_off() {
  WeightEdit edit;
  edit.layer = layer_of(kept_.layer).name;
  edit.kernel = kept_.channel;
  edit.off = true;
  auto edits = parse_weight_edits(state_.raw("edits"));
  std::vector<WeightEdit> list = edits ? std::move(edits).value() : std::vector<WeightEdit>{};
  std::erase_if(list, [&](const WeightEdit& e) { return e.layer == edit.layer && e.kernel == edit.kernel; });
  (void)state_.set("edits", format_weight_edits(with_edit(std::move(list), edit)));
}

// Along the strongest connection: on to the unit that this one contributes most to, back to its greatest contribution.
bool Cnn::step(int delta) {
  if (!ready()) return false;
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
  const bool any = ready();
  const auto number = [&](double value) { return any ? value : undefined; };
  const auto counted = [&](const Prediction& prediction) {
    return any && prediction.finished() ? 100.0 * prediction.accuracy() : undefined;
  };
  const bool current = any && predicted_edits_ == edits_ && now_.finished();
  double probability = undefined;
  std::optional<nn::Region> field;
  if (any) {
    const Var p = graph_.value_of(graph_.output());
    probability = 100.0 * static_cast<double>(tape_.value(p).data()[answer_]);
    field = nn::receptive_region(graph_, tape_, columns_[at(shown_.layer)], index_of(shown_), 0);
  }
  return {
      {"prediction", number(answer_)},
      {"probability", probability, "%"},
      {"label", any && label_ >= 0 ? label_ : undefined},
      {"target", number(target_)},
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
      {"accuracy_before", counted(before_), "%"},
      {"right", current ? static_cast<double>(now_.right()) : undefined},
      {"test_pictures", test_.count() > 0 ? static_cast<double>(test_.count()) : undefined},
  };
}

std::string Cnn::sentence(const Words& words) const {
  if (!ready()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  return said(words) + " " + unit_name(words, shown_) + " = " + words.number(value_of(shown_), 4) + ".";
}

}  // namespace cvlab::app
