#include "app/demos/activation-maps/activation_maps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/shell/chosen_picture.hpp"
#include "app/views/tensor_grid.hpp"
#include "core/formats/safetensors.hpp"
#include "core/image/convert.hpp"
#include "core/nn/models.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::app {

namespace {

constexpr std::string_view layer_names[] = {"conv1", "relu1", "pool1", "conv2", "relu2", "pool2"};

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

std::unique_ptr<Demo> make_activation_maps(DemoContext context) { return std::make_unique<ActivationMaps>(context); }

bool ActivationMaps::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_ && files_.version() == seen_files_)
    return false;
  follow();
  seen_state_ = state_.version();  // after our own writes
  seen_pictures_ = pictures_.version();
  seen_files_ = files_.version();
  return false;
}

void ActivationMaps::follow() {
  problem_ = {};
  remark_ = {};
  const bool network = load_network();
  const bool picture = load_picture();
  if (!network || !picture) return;
  run();
  if (!ready()) return;
  show_layer();
  settle();
}

// The trained weights; leaves the reason in problem_ while they are not there.
bool ActivationMaps::load_network() {
  const std::string wanted(state_.choice("network"));
  const FileLibrary::Entry& entry = files_.get("weights/" + wanted + ".safetensors");
  if (network_ == wanted) return true;
  if (entry.status != FileLibrary::Status::ready) {
    problem_ = entry.status == FileLibrary::Status::failed
                   ? entry.error
                   : Error{"activation-maps.waiting", "The network is on its way."};
    return false;
  }
  nn::Graph graph = nn::make_model(wanted.starts_with("lenet5") ? "lenet5" : "small-cnn").value();
  const Result<Safetensors> file = read_safetensors(entry.bytes);
  const Result<void> fits = file ? nn::load_weights(graph, file.value()) : Result<void>(file.error());
  if (!fits) {
    problem_ = fits.error();
    return false;
  }
  trained_ = std::move(graph);
  network_ = wanted;
  part_ = nn::Graph();
  return true;
}

// The picture as the network sees it: grey, shrunk by a whole factor to at most `side` pixels, 0 .. 1.
bool ActivationMaps::load_picture() {
  const std::string_view id = state_.raw("image");
  const PictureLibrary::Entry& entry = pictures_.get(id);
  if (entry.status != PictureLibrary::Status::ready) {
    picture_key_.clear();
    if (ready()) problem_ = missing(entry);
    return false;
  }
  const std::string key = std::string(id) + '/' + std::to_string(entry.version) + '/' +
                          std::string(state_.raw("side")) + '/' + std::string(state_.raw("invert"));
  if (key == picture_key_) return true;
  picture_key_ = key;
  const Tensor grey = image_to_grey(entry.image);
  int side = 32;
  for (const int s : {64, 128, 256}) side = state_.choice("side") == std::to_string(s) ? s : side;
  const auto longest = static_cast<int>(std::max(grey.size(2), grey.size(3)));
  const int factor = std::max(1, (longest + side - 1) / side);
  const Tensor plane = nn::shrunk(ConstView(grey.data(), Shape{grey.size(2), grey.size(3)}), factor);
  small_ = Tensor(Shape{1, 1, plane.size(0), plane.size(1)});
  const bool invert = state_.toggle("invert");
  for (std::ptrdiff_t i = 0; i < plane.count(); ++i)
    small_.data()[i] = (invert ? 255.0F - plane.data()[i] : plane.data()[i]) / 255.0F;
  view_.set_plane(small_, Shade::grey, 0.0F, 1.0F);
  part_ = nn::Graph();
  return true;
}

void ActivationMaps::run() {
  if (!part_.layers().empty()) return;  // neither the network nor the picture has changed
  values_ = {};
  auto part = nn::convolutional_part(trained_, {1, small_.size(2), small_.size(3)});
  if (!part) {
    problem_ = part.error();
    return;
  }
  part_ = std::move(part).value();
  Rng rng(1);  // evaluation draws nothing from it
  tape_.rewind();
  const NoGradient off(tape_);
  part_.forward(tape_, tape_.input(std::as_const(small_).view()), false, rng, true);
}

int ActivationMaps::layer() const { return part_.find_layer(state_.choice("layer")); }

void ActivationMaps::show_layer() {
  const ConstView v = std::as_const(tape_).value(part_.value_of(layer()));
  values_ = Tensor(Shape{v.size(1), v.size(2), v.size(3)});
  std::copy_n(v.data(), v.count(), values_.data());
  high_ = signed_range(ConstView(values_.data(), Shape{values_.count(), 1}), 1e-12F);
  changed_ = true;
  peaks_of_ = -1;
}

ConstView ActivationMaps::plane(int map) const {
  return {values_.data() + static_cast<std::ptrdiff_t>(map) * rows() * columns(), Shape{rows(), columns()}};
}

// The cell that the state names, or the nearest one; 0,0 is the one that answers most.
void ActivationMaps::settle() {
  const int wanted = state_.integer("map");
  MapCell to;
  to.map = std::min(wanted, maps()) - 1;
  if (to.map + 1 != wanted) {
    remark_ = {"activation-maps.no_such_map",
               "This layer has " + std::to_string(maps()) + " maps; shown is the last one.",
               {std::to_string(maps())}};
  }
  const Cell cell = state_.cell("cell");  // -1, -1 for "0,0"
  if (cell.row >= 0 && cell.column >= 0) {
    to.cell = {std::min(cell.row, rows() - 1), std::min(cell.column, columns() - 1)};
  } else {
    const nn::Peak best = nn::strongest(plane(to.map));
    to.cell = {best.row, best.column};
  }
  kept_ = to;
  look_at(to);
}

nn::Region ActivationMaps::field_of(const MapCell& at) const {
  const std::ptrdiff_t unit = (static_cast<std::ptrdiff_t>(at.map) * rows() + at.cell.row) * columns() + at.cell.column;
  return nn::receptive_region(part_, tape_, layer(), unit, 0).value_or(nn::Region{});
}

void ActivationMaps::look_at(const MapCell& at) {
  shown_ = at;
  if (peaks_of_ == at.map) return;
  peaks_of_ = at.map;
  // So far from each other that no pixel is seen by two of them.
  const nn::Summary summary = part_.summarise().value();
  const nn::LayerSummary& row = summary.layers[static_cast<std::size_t>(layer())];
  const int jump = std::max(1, row.receptive_jump);
  peaks_ = nn::peaks(plane(at.map), most_patches, (row.receptive_field + jump - 1) / jump);
  changed_ = true;
}

void ActivationMaps::keep(const MapCell& at) {
  (void)state_.set("map", std::to_string(at.map + 1));
  (void)state_.set("cell", State::format(at.cell));
}

// From layer to layer.
bool ActivationMaps::step(int delta) {
  int i = 0;
  while (layer_names[at(i)] != state_.choice("layer")) ++i;
  const int next = i + delta;
  if (next < 0 || next >= static_cast<int>(std::size(layer_names))) return false;
  (void)state_.set("cell", "0,0");
  return static_cast<bool>(state_.set("layer", layer_names[at(next)]));
}

Readouts ActivationMaps::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = ready() && maps() > 0;
  const auto number = [&](double value) { return any ? value : undefined; };
  double sum = 0.0;
  double least = undefined;
  double most = undefined;
  double value = undefined;
  int active = 0;
  nn::Region field;
  if (any) {
    const ConstView values = plane(shown_.map);
    const auto [low, high] = std::minmax_element(values.data(), values.data() + values.count());
    least = static_cast<double>(*low);
    most = static_cast<double>(*high);
    for (std::ptrdiff_t i = 0; i < values.count(); ++i) {
      sum += static_cast<double>(values.data()[i]);
      active += values.data()[i] > 0.0F ? 1 : 0;
    }
    value = static_cast<double>(values(shown_.cell.row, shown_.cell.column));
    field = field_of(shown_);
  }
  const double cells = any ? static_cast<double>(rows()) * columns() : 1.0;
  return {
      {"picture_height", number(any ? static_cast<double>(small_.size(2)) : 0.0), "px"},
      {"picture_width", number(any ? static_cast<double>(small_.size(3)) : 0.0), "px"},
      {"maps", number(maps())},
      {"map_height", number(any ? rows() : 0)},
      {"map_width", number(any ? columns() : 0)},
      {"map", number(shown_.map + 1)},
      {"row", number(shown_.cell.row + 1)},
      {"column", number(shown_.cell.column + 1)},
      {"value", value, "", 5},
      {"maximum", most, "", 5},
      {"minimum", least, "", 5},
      {"mean", number(sum / cells)},
      {"active", number(100.0 * active / cells), "%", 3},
      {"field_height", number(field.row1 - field.row0), "px"},
      {"field_width", number(field.column1 - field.column0), "px"},
  };
}

std::string ActivationMaps::sentence(const Words& words) const {
  if (!ready()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  const nn::Region field = field_of(shown_);
  const ConstView values = plane(shown_.map);
  return words.format(
      "activation-maps.sentence",
      {std::string(state_.choice("layer")), std::to_string(shown_.map + 1), std::to_string(shown_.cell.row + 1),
       std::to_string(shown_.cell.column + 1),
       words.number(static_cast<double>(values(shown_.cell.row, shown_.cell.column)), 4),
       std::to_string(field.row1 - field.row0) + " \u00D7 " + std::to_string(field.column1 - field.column0)});
}

}  // namespace cvlab::app
