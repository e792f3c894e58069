#include "app/demos/filter-viz/filter_viz.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/formats/safetensors.hpp"
#include "core/image/codec.hpp"
#include "core/nn/models.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::app {

namespace {

constexpr double slice_seconds = 0.010;  // of a frame
constexpr double noise_height = 0.2;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

std::unique_ptr<Demo> make_filter_viz(DemoContext context) { return std::make_unique<FilterViz>(context); }

bool FilterViz::update(double dt) {
  if (state_.version() != seen_state_ || files_.version() != seen_files_) follow();
  if (!ready()) return false;
  if (decision()) return explain_slice(dt);
  return climb(dt) || search(dt);
}

void FilterViz::follow() {
  problem_ = {};
  remark_ = {};
  if (load_network()) {
    load_pictures();
    if (ready()) choose_picture();
    if (ready()) decision() ? follow_decision() : follow_unit();
  }
  seen_state_ = state_.version();  // after our own writes
  seen_files_ = files_.version();
}

std::string FilterViz::data_name() const {
  return state_.choice("network").ends_with("fashion-mnist") ? "fashion-mnist" : "digits";
}

// The trained weights; leaves the reason in problem_ while they are not there.
bool FilterViz::load_network() {
  const std::string wanted(state_.choice("network"));
  const FileLibrary::Entry& entry = files_.get("weights/" + wanted + ".safetensors");
  if (network_ == wanted) return true;
  if (entry.status != FileLibrary::Status::ready) {
    problem_ = entry.status == FileLibrary::Status::failed ? entry.error
                                                           : Error{"filter-viz.waiting", "The network is on its way."};
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
  chain_ = std::make_shared<explain::Chain>(trained_);
  network_ = wanted;
  run_.reset();
  best_ = {};
  kernels_of_.clear();
  asked_ = false;
  return true;
}

// The test pictures. A drawing and noise need none.
void FilterViz::load_pictures() {
  const std::string name = data_name();
  if (data_ == name) return;
  const FileLibrary::Entry& pixels = files_.get("data/" + name + "-test.png");
  const FileLibrary::Entry& labels = files_.get("data/" + name + "-test.labels");
  test_ = {};
  data_.clear();
  best_ = {};
  Error why;
  for (const FileLibrary::Entry* entry : {&pixels, &labels}) {
    if (entry->status == FileLibrary::Status::failed) why = entry->error;
    if (entry->status == FileLibrary::Status::loading && why.id.empty())
      why = {"filter-viz.waiting", "The network is on its way."};
  }
  if (why.id.empty()) {
    const Result<Image> image = decode_image(pixels.bytes);
    Result<Dataset> data = image ? dataset_from_sprite(name, image.value(), labels.bytes, known_class_names(name))
                                 : Result<Dataset>(image.error());
    if (data) {
      test_ = std::move(data).value();
      data_ = name;
    } else {
      why = data.error();
    }
  }
  const bool needed = !drawn() && (decision() || state_.choice("start") == "picture");
  if (needed) problem_ = why;
}

void FilterViz::choose_picture() {
  label_ = -1;
  picture_.assign(at(side * side), 0.0);
  auto strokes = parse_strokes(state_.raw("strokes"));
  if (!strokes && drawn()) remark_ = strokes.error();
  strokes_ = strokes ? std::move(strokes).value() : std::vector<PenStroke>{};
  if (drawn()) {
    const Tensor picture = draw_strokes(strokes_);
    std::copy_n(picture.data(), picture.count(), picture_.begin());
  } else if (test_.count() > 0) {
    const int wanted = state_.integer("picture");
    const int index = std::min(wanted, test_.count()) - 1;
    if (index + 1 != wanted) {
      remark_ = {
          "filter-viz.no_such_picture",
          "There is no picture " + std::to_string(wanted) + "; the last one is " + std::to_string(index + 1) + ".",
          {std::to_string(wanted), std::to_string(index + 1)}};
    }
    const auto pixels = test_.pixels_of(index);
    std::copy(pixels.begin(), pixels.end(), picture_.begin());
    label_ = test_.labels[at(index)];
  }
  for (double& pixel : picture_) pixel /= 255.0;
}

int FilterViz::layer_index(std::string_view name) const {
  return name == "output" ? chain_->output() : trained_.find_layer(name);
}

explain::Unit FilterViz::wanted_unit() const {
  explain::Unit unit;
  unit.layer = layer_index(state_.choice("layer"));
  unit.channel =
      std::clamp(state_.integer("unit") - first_unit(unit.layer), 0, chain_->extent(unit.layer).channels - 1);
  unit.whole_map = state_.choice("scope") == "map" && unit.layer != chain_->output();
  return unit;
}

void FilterViz::follow_unit() {
  Recipe wanted;
  wanted.unit = wanted_unit();
  wanted.settings.rate = state_.real("rate");
  wanted.settings.decay = state_.real("decay");
  wanted.settings.blur = state_.real("blur");
  wanted.settings.jitter = state_.integer("jitter");
  wanted.settings.bounded = state_.toggle("bounded");
  wanted.settings.seed = static_cast<std::uint64_t>(state_.integer("seed"));
  wanted.start = state_.choice("start") == "noise"
                     ? explain::noise_picture(at(side * side), noise_height, wanted.settings.seed)
                     : picture_;
  const int units = chain_->extent(wanted.unit.layer).channels;
  const int first = first_unit(wanted.unit.layer);
  if (state_.integer("unit") < first) {
    remark_ = {"filter-viz.no_unit_zero", "Kernels are counted from 1; shown is the first one."};
  } else if (state_.integer("unit") >= first + units) {
    remark_ = {"filter-viz.no_such_unit",
               "This layer has " + std::to_string(units) + " units; shown is the last one.",
               {std::to_string(units)}};
  }
  if (run_ && wanted == recipe_) return;
  recipe_ = std::move(wanted);
  run_.emplace(explain::Ascent(chain_, recipe_.unit, recipe_.settings, recipe_.start));
  start_activation_ = run_->run().activation();
  looked_ = -1;
}

// Towards the step that the state names. True while there is more.
bool FilterViz::climb(double dt) {
  const bool more = run_->go_to(state_.integer("step"), dt > 0.0 ? slice_seconds : 0.0);
  if (looked_ != run_->run().steps()) look_at_picture();
  return more;
}

void FilterViz::judge(const std::vector<double>& picture) {
  chain_->forward(picture, chain_->output());
  shares_ = explain::probabilities(chain_->values(chain_->output()));
  answer_ = static_cast<int>(std::max_element(shares_.begin(), shares_.end()) - shares_.begin());
}

void FilterViz::look_at_picture() {
  looked_ = run_->run().steps();
  const std::vector<double>& picture = run_->run().picture();
  judge(picture);
  activation_ = explain::unit_value(*chain_, recipe_.unit);
  chain_->backward(recipe_.unit.layer, explain::unit_seed(chain_->extent(recipe_.unit.layer), recipe_.unit));
  const auto g = chain_->gradient(0);
  slope_ = std::sqrt(std::inner_product(g.begin(), g.end(), g.begin(), 0.0));
  next_.assign(g.begin(), g.end());
  if (slope_ > 0.0) {
    for (double& v : next_) v *= recipe_.settings.rate / slope_;
  }
  Tensor grown(Shape{1, 1, side, side});
  Tensor change(Shape{1, 1, side, side});
  float most = 1e-6F;
  float most_change = 1e-6F;
  for (std::size_t i = 0; i < picture.size(); ++i) {
    grown.data()[i] = static_cast<float>(picture[i]);
    change.data()[i] = static_cast<float>(next_[i]);
    most = std::max(most, std::fabs(grown.data()[i]));
    most_change = std::max(most_change, std::fabs(change.data()[i]));
  }
  const bool bounded = recipe_.settings.bounded;
  grown_high_ = bounded ? 1.0F : most;
  change_high_ = most_change;
  grown_.set_plane(grown, bounded ? Shade::grey : Shade::diverging, 0.0F, grown_high_);
  change_.set_plane(change, Shade::diverging, 0.0F, change_high_);
}

// What the unit says to each test picture. True while there is more.
bool FilterViz::search(double dt) {
  if (test_.count() == 0) return false;
  if (!(best_.unit == recipe_.unit)) best_ = {recipe_.unit, {}, {}};
  const auto count = at(test_.count());
  const int batch = dt > 0.0 ? 24 : 1;
  std::vector<double> picture(at(side * side));
  for (int i = 0; i < batch && best_.activations.size() < count; ++i) {
    const auto pixels = test_.pixels_of(static_cast<int>(best_.activations.size()));
    std::transform(pixels.begin(), pixels.end(), picture.begin(), [](std::uint8_t v) { return v / 255.0; });
    chain_->forward(picture, best_.unit.layer);
    best_.activations.push_back(explain::unit_value(*chain_, best_.unit));
  }
  if (best_.activations.size() < count) return true;
  if (!best_.order.empty()) return false;
  best_.order.resize(count);
  std::iota(best_.order.begin(), best_.order.end(), 0);
  std::stable_sort(best_.order.begin(), best_.order.end(),
                   [&](int a, int b) { return best_.activations[at(a)] > best_.activations[at(b)]; });
  const auto most = std::min<std::size_t>(count, 12);
  Tensor pictures(Shape{static_cast<std::ptrdiff_t>(most), 1, side, side});
  for (std::size_t i = 0; i < most; ++i) {
    const auto pixels = test_.pixels_of(best_.order[i]);
    std::copy(pixels.begin(), pixels.end(), pictures.data() + i * pixels.size());
  }
  thumbnails_.set(pictures, 0.0F, 255.0F);
  return false;
}

FilterViz::Method FilterViz::method() const {
  const std::string_view name = state_.choice("method");
  return name == "saliency" ? saliency : name == "product" ? product : name == "occlusion" ? occlusion : cam;
}

void FilterViz::follow_decision() {
  judge(picture_);
  Question wanted;
  wanted.picture = picture_;
  const std::string_view target = state_.choice("target");
  wanted.target = target == "answer" ? answer_ : target[0] - '0';
  wanted.window = state_.integer("window");
  wanted.stride = state_.integer("stride");
  wanted.cam_layer = layer_index(state_.choice("camlayer"));
  const std::string_view fill = state_.choice("fill");
  const double sum = std::accumulate(picture_.begin(), picture_.end(), 0.0);
  wanted.fill = fill == "black" ? 0.0 : fill == "white" ? 1.0 : sum / static_cast<double>(picture_.size());
  shown_ = state_.cell("cell");
  looked_at_ = method();
  if (!asked_ || !(wanted == question_)) {
    question_ = std::move(wanted);
    asked_ = true;
    cam_ = explain::grad_cam(*chain_, picture_, question_.target, question_.cam_layer);
    gradient_ = explain::input_gradient(*chain_, picture_, question_.target);
    logit_ = chain_->values(chain_->output())[at(question_.target)];
    occlusion_.emplace(picture_, side, side, question_.target, question_.window, question_.stride, question_.fill);
    covered_ = -1;
  }
  if (covered_ != state_.integer("cover")) covered_ = -1;
}

// The windows one after the other; then what is left without the strongest pixels. True while there is more.
bool FilterViz::explain_slice(double dt) {
  if (covered_ >= 0) return false;
  if (!occlusion_->finished() && occlusion_->work(*chain_, dt > 0.0 ? slice_seconds : 0.0)) return true;
  test_explanations();
  return false;
}

void FilterViz::test_explanations() {
  const std::size_t count = picture_.size();
  maps_[saliency].resize(count);
  maps_[product].resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    maps_[saliency][i] = std::fabs(gradient_[i]);
    maps_[product][i] = picture_[i] * gradient_[i];
  }
  maps_[occlusion] = occlusion_->map();
  maps_[cam] = explain::resized(cam_.map, cam_.rows, cam_.columns, side, side);
  covered_ = state_.integer("cover");
  for (std::size_t m = 0; m < methods; ++m) {
    strongest_[m] = explain::strongest_pixels(maps_[m], covered_);
    left_[m] = explain::probability_without(*chain_, picture_, strongest_[m], question_.fill, question_.target);
    Tensor plane(Shape{1, 1, side, side});
    float most = 1e-6F;
    for (std::size_t i = 0; i < count; ++i) {
      plane.data()[i] = static_cast<float>(maps_[m][i]);
      most = std::max(most, std::fabs(plane.data()[i]));
    }
    highs_[m] = most;
    const bool without_sign = m == saliency || m == cam;
    views_[m].set_plane(plane, without_sign ? Shade::sequential : Shade::diverging, 0.0F, most);
  }
}

// Unit: one step of the ascent. Decision: from picture to picture.
bool FilterViz::step(int delta) {
  if (decision()) {
    const int next = state_.integer("picture") + delta;
    if (drawn() || next < 1 || next > test_.count()) return false;
    return static_cast<bool>(state_.set("picture", std::to_string(next)));
  }
  const int next = state_.integer("step") + delta;
  if (!ready() || next < 0 || next > most_steps) return false;
  return static_cast<bool>(state_.set("step", std::to_string(next)));
}

void FilterViz::restart() {
  files_.retry();
  if (!decision()) (void)state_.set("step", "0");
}

Readouts FilterViz::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = ready() && !shares_.empty();
  Readouts list = {
      {"answer", any ? answer_ : undefined},
      {"probability", any ? 100.0 * shares_[at(answer_)] : undefined, "%"},
      {"label", any && (decision() || state_.choice("start") == "picture") && label_ >= 0 ? label_ : undefined},
  };
  for (Readouts& part : std::array{unit_readouts(), decision_readouts()})
    list.insert(list.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  return list;
}

Readouts FilterViz::unit_readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = ready() && !decision() && run_ && looked_ >= 0;
  const bool best = any && !best_.order.empty() && best_.unit == recipe_.unit;
  double length = 0.0;
  for (const double pixel : any ? run_->run().picture() : std::vector<double>{}) length += pixel * pixel;
  const auto number = [&](double value) { return any ? value : undefined; };
  return {
      {"units", number(any ? unit_count() : 0)},
      {"steps", number(looked_)},
      {"activation", number(activation_), "", 5},
      {"start_activation", number(start_activation_), "", 5},
      {"best_activation", best ? best_.activations[at(best_.order[0])] : undefined, "", 5},
      {"best_picture", best ? best_.order[0] + 1 : undefined},
      {"slope", number(slope_)},
      {"length", number(std::sqrt(length))},
  };
}

Readouts FilterViz::decision_readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = ready() && decision() && asked_ && covered_ >= 0;
  const auto number = [&](double value) { return any ? value : undefined; };
  const std::size_t pixel = at(shown_.row * side + shown_.column);
  const auto of = [&](Method m) { return any ? maps_[m][pixel] : undefined; };
  const auto left = [&](Method m) { return any ? 100.0 * left_[m] : undefined; };
  const double sum = any ? std::accumulate(maps_[product].begin(), maps_[product].end(), 0.0) : undefined;
  const double most = any ? *std::max_element(occlusion_->drops().begin(), occlusion_->drops().end()) : undefined;
  return {
      {"target", number(question_.target)},
      {"target_probability", any ? 100.0 * shares_[at(question_.target)] : undefined, "%"},
      {"logit", number(logit_), "", 5},
      {"row", number(shown_.row + 1)},
      {"column", number(shown_.column + 1)},
      {"pixel", any ? picture_[pixel] : undefined},
      {"gradient", any ? gradient_[pixel] : undefined},
      {"saliency", of(saliency)},
      {"product", of(product)},
      {"product_sum", sum, "", 5},
      {"occlusion", any ? 100.0 * maps_[occlusion][pixel] : undefined, "%"},
      {"occlusion_most", 100.0 * most, "%"},
      {"windows", number(any ? occlusion_->positions() : 0)},
      {"cam", of(cam)},
      {"left", left(looked_at_), "%"},
      {"left_saliency", left(saliency), "%"},
      {"left_product", left(product), "%"},
      {"left_occlusion", left(occlusion), "%"},
      {"left_cam", left(cam), "%"},
  };
}

std::string FilterViz::sentence(const Words& words) const {
  if (!ready()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  return decision() ? decision_sentence(words) : unit_sentence(words);
}

}  // namespace cvlab::app
