// Which network the figure shows: its layers, its weights at the beginning, after training and after changes by hand,
// and the files that carry them.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/demos/cnn/cnn.hpp"
#include "app/demos/cnn/weight_edits.hpp"
#include "core/formats/onnx.hpp"
#include "core/image/codec.hpp"
#include "core/nn/layer.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::app {

namespace {

constexpr int classes = 10;
const char* const layers_key = "layers";  // in the metadata of a file of ours

Shape digit() { return {1, 28, 28}; }

// The same parameters in the same order; one of them may end with softmax.
void copy_weights(const nn::Graph& from, nn::Graph& to) {
  const std::size_t count = from.parameters().size();
  for (std::size_t i = 0; i < count; ++i) to.parameters()[i].value = from.parameters()[i].value;
}

bool all_finite(const Safetensors& file) {
  return std::all_of(file.tensors.begin(), file.tensors.end(), [](const auto& named) {
    const Tensor& t = named.second;
    return std::all_of(t.data(), t.data() + t.count(), [](float x) { return std::isfinite(x); });
  });
}

Result<void> fits(const Safetensors& file, std::string_view layers) {
  const auto list = nn::parse_layers(layers);
  if (!list) return list.error();
  nn::LayerListCheck check = nn::check_layers(list.value(), digit(), classes);
  if (check.problem) return *check.problem;
  return nn::load_weights(check.graph, file);
}

}  // namespace

void Cnn::follow() {
  remark_ = problem_ = {};
  news_ = false;
  const bool network = load_trained();
  load_pictures();
  if (network) take_own_file();
  read_layers();
  if (network && !sound()) {
    problem_ = layers_problem_.id.empty() ? *check_.problem : layers_problem_;
    training_.end();
  }
  if (network && ready()) {
    begin_network();
    follow_training();
    follow_weights();
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

// The course's weights, once; leaves the reason in problem_ while they are not there.
bool Cnn::load_trained() {
  const FileLibrary::Entry& entry = files_.get("weights/small-cnn-digits.safetensors");
  if (trained_) return true;
  if (entry.status != FileLibrary::Status::ready) {
    problem_ =
        entry.status == FileLibrary::Status::failed ? entry.error : Error{"cnn.waiting", "The network is on its way."};
    return false;
  }
  Result<Safetensors> file = read_safetensors(entry.bytes);
  const Result<void> good = file ? fits(file.value(), course_layers) : Result<void>(file.error());
  if (!good) {
    problem_ = good.error();
    return false;
  }
  trained_ = std::move(file).value();
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

void Cnn::read_layers() {
  const std::string text(state_.raw("layers"));
  if (layers_text_ == text) return;
  layers_text_ = text;
  auto list = nn::parse_layers(text);
  layers_problem_ = list ? Error{} : list.error();
  if (!list) return;
  list_ = std::move(list).value();
  check_ = nn::check_layers(list_, digit(), classes);
}

// Weights that the learner opened: of the layers that the file names, of the present ones, or of the course's.
void Cnn::take_own_file() {
  const FileLibrary::Entry* entry = files_.find(own_weights);
  if (entry == nullptr || entry->version == own_version_) return;
  own_version_ = entry->version;
  if (entry->status == FileLibrary::Status::failed) {
    remark_ = entry->error;
    return;
  }
  Result<Safetensors> file = read_safetensors(entry->bytes);
  if (!file) {
    remark_ = file.error();
    return;
  }
  if (!all_finite(file.value())) {
    remark_ = {"cnn.not_finite", "The file holds weights that are no numbers (NaN or infinity)."};
    return;
  }
  std::vector<std::string> candidates{std::string(state_.raw("layers")), std::string(course_layers)};
  const auto& metadata = file.value().metadata;
  if (const auto own = metadata.find(layers_key); own != metadata.end())
    candidates.insert(candidates.begin(), own->second);
  for (const std::string& layers : candidates) {
    const Result<void> good = fits(file.value(), layers);
    if (!good) {
      if (remark_.id.empty()) remark_ = good.error();
      continue;
    }
    std::ptrdiff_t count = 0;
    for (const auto& [name, tensor] : file.value().tensors) count += tensor.count();
    own_ = std::move(file).value();
    (void)state_.set("layers", nn::format_layers(nn::parse_layers(layers).value()));
    read_layers();
    if (check_.graph.find_layer(state_.raw("layer")) < 0)
      (void)state_.set("layer", list_.empty() ? "fc" : std::string_view(list_[0].name));
    begin_with("file");
    remark_ = {"cnn.opened", "Opened: " + std::to_string(count) + " weights.", {std::to_string(count)}};
    news_ = true;
    return;
  }
}

// Before training. Where the weights that are asked for cannot be had, the network begins at random, and says why.
void Cnn::begin_network() {
  const bool course = nn::format_layers(list_) == course_layers;
  const std::string_view start = state_.choice("start");
  Error why;
  if (start == "trained" && !course)
    why = {"cnn.other_layers", "The trained weights are those of another network: this one begins with random ones."};
  if (start == "file" && !own_)
    why = {"cnn.no_file", "A link does not carry a file. Open it again; until then the weights are random."};
  if (start == "file" && own_) {
    if (auto good = fits(*own_, state_.raw("layers")); !good) why = good.error();
  }
  if (!why.id.empty()) {
    remark_ = why;
    news_ = false;
    (void)state_.set("start", "random");
  }
  const std::string source(state_.choice("start"));
  const std::string which = source == "random" ? std::string(state_.raw("seed")) : std::to_string(own_version_);
  const std::string key = nn::format_layers(list_) + '|' + source + '|' + (source == "trained" ? "" : which) + '|' +
                          format_weight_edits(changes_begun(true));
  if (key == start_key_) return;
  start_key_ = key;
  model_key_.clear();
  start_ = weights_at_start();
  graph_ = check_.graph;
  graph_.add(nn::layer::softmax("softmax"));
  (void)graph_.make_parameters();
  for (Parameter& p : graph_.parameters()) p.frozen = true;  // only values get gradients here
  columns_.clear();
  for (int i = 0; i <= graph_.output(); ++i) {
    if (graph_.layers()[static_cast<std::size_t>(i)].kind != nn::LayerKind::flatten) columns_.push_back(i);
  }
  shown_ = kept_ = {};
}

nn::Graph Cnn::weights_at_start() {
  nn::Graph graph = check_.graph;
  const std::string_view start = state_.choice("start");
  if (start == "random") {
    Rng rng(static_cast<std::uint64_t>(state_.integer("seed")));
    (void)graph.initialise(rng);
  } else {
    (void)nn::load_weights(graph, start == "file" ? *own_ : *trained_);  // begin_network() has tried
  }
  (void)apply_weight_edits(changes_begun(true), graph);
  return graph;
}

// Without changes by hand: as they began, of the epoch that is looked back at, or as they are now.
void Cnn::follow_weights() {
  std::string key = start_key_;
  const int epoch = looks_back() ? state_.integer("epoch") : -1;
  const bool moved = training_.steps() > 0 && epoch != 0;
  if (moved) {
    key += "@" + std::string(state_.raw("rate")) + ',' + std::string(state_.raw("seed")) + ',' +
           (epoch > 0 ? "epoch " + std::to_string(epoch) : std::to_string(training_.steps())) + ',' +
           std::to_string(training_.changes_made());
  }
  if (key == model_key_) return;
  model_key_ = key;
  model_ = start_;
  if (moved) (void)training_.model_at(epoch, model_);
}

void Cnn::edit_weights() {
  const std::string text(state_.raw("edits"));
  const auto edits = parse_weight_edits(text);
  edits_ = text;
  graph_key_ = model_key_ + '#' + text;
  copy_weights(model_, graph_);
  Result<void> applied = edits ? apply_weight_edits(edits.value(), graph_) : Result<void>(edits.error());
  if (applied && !state_.is_default("begun")) {  // what training took over counts as much
    nn::Graph probe = graph_;
    const auto begun = parse_weight_edits(state_.raw("begun"));
    applied = begun ? apply_weight_edits(begun.value(), probe) : Result<void>(begun.error());
  }
  if (!applied) {
    remark_ = applied.error();
    news_ = false;
  }
}

// Number `index` of the weights that the shown unit reads with; -1: its bias.
void Cnn::edit_weight(std::ptrdiff_t index, double value) {
  const std::string& layer = graph_.layers()[static_cast<std::size_t>(forward_.weights_of)].name;
  if (index >= 0) return change_by_hand(edit_of(layer, graph_.find(layer + ".weight")->value.shape(), index, value));
  WeightEdit edit;
  edit.layer = layer;
  edit.what = EditedWeight::bias;
  edit.kernel = shown_.channel;
  edit.value = value;
  change_by_hand(edit);
}

void Cnn::change_by_hand(const WeightEdit& edit) {
  auto edits = parse_weight_edits(state_.raw("edits"));
  std::vector<WeightEdit> list = edits ? std::move(edits).value() : std::vector<WeightEdit>{};
  if (edit.what == EditedWeight::off)
    std::erase_if(list, [&](const WeightEdit& e) { return e.layer == edit.layer && e.kernel == edit.kernel; });
  const auto kept = state_.set("edits", format_weight_edits(with_edit(std::move(list), edit)));
  if (kept) return;
  remark_ = kept.error();
  news_ = false;
}

// The kernel that made the shown map.
void Cnn::switch_off() {
  WeightEdit edit;
  edit.layer = layer_of(kept_.layer).name;
  edit.what = EditedWeight::off;
  edit.kernel = kept_.channel;
  change_by_hand(edit);
}

// Training and changes by hand belonged to other weights.
void Cnn::begin_with(std::string_view start) {
  (void)state_.set("start", start);
  for (const char* text : {"edits", "begun"}) (void)state_.set(text, "");
  (void)state_.set("steps", "0");
}

// The learner built another network; `chosen` of its layers is looked at.
void Cnn::set_layers(std::vector<nn::Layer> layers, int chosen) {
  nn::name_layers(layers);
  const int last = static_cast<int>(layers.size());
  (void)state_.set("layers", nn::format_layers(layers));
  (void)state_.set("layer", chosen < 0       ? "input"
                            : chosen >= last ? "fc"
                                             : std::string_view(layers[static_cast<std::size_t>(chosen)].name));
  begin_with("random");
}

// What is shown: trained and changed by hand.
std::vector<std::uint8_t> Cnn::weights_file() {
  nn::Graph shown = model_;
  for (Parameter& p : shown.parameters()) p.value = graph_.find(p.name)->value;
  return nn::save_weights(shown, WeightType::f32, {{layers_key, nn::format_layers(list_)}});
}

void Cnn::save_weights() { files_.save("cnn.safetensors", weights_file()); }

void Cnn::export_onnx() {
  const auto bytes = cvlab::export_onnx(graph_);
  if (bytes) return files_.save("cnn.onnx", bytes.value());
  remark_ = bytes.error();
  news_ = false;
}

}  // namespace cvlab::app
