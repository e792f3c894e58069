#include "app/demos/padding/padding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/image/convert.hpp"
#include "core/image/kernels.hpp"

namespace cvlab::app {

namespace {

constexpr std::string_view rule_ids[] = {"valid", "zero", "replicate", "reflect"};

KernelKind kernel_kind(std::string_view name) {
  if (name == "gaussian") return KernelKind::gaussian;
  if (name == "sobel-x") return KernelKind::sobel_x;
  return name == "laplacian" ? KernelKind::laplacian : KernelKind::mean;
}

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

std::unique_ptr<Demo> make_padding(DemoContext context) { return std::make_unique<PaddingDemo>(context); }

bool PaddingDemo::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  remark_ = {};
  load();
  if (problem_.id.empty()) study();
  if (ready()) settle();
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

void PaddingDemo::load() {
  const ChosenPicture::Look look = chosen_.look(pictures_, state_.raw("image"));
  if (look == ChosenPicture::Look::missing) {
    key_.clear();
    side_ = 0;
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  key_.clear();
  picture_ = image_to_grey(chosen_.image());
  photo_.set_plane(picture_, Shade::grey, 0.0F, 255.0F);
}

void PaddingDemo::study() {
  const int k = kernel_size();
  const int most = largest_crop(static_cast<int>(picture_.size(2)), static_cast<int>(picture_.size(3)), k);
  if (most < 1) {
    side_ = 0;
    problem_ = {"padding.too_small", "The picture is too small: a kernel of this size has no real neighbours in it."};
    return;
  }
  const int wanted = state_.integer("side");
  if (wanted > most) {
    remark_ = {"padding.smaller_crop",
               "The picture has room for a crop of " + std::to_string(most) + " pixels only.",
               {std::to_string(most)}};
  }
  std::string key;
  for (const char* id : {"kernel", "size", "side", "corner"}) key += std::string(state_.raw(id)) + '/';
  if (key == key_) return;
  key_ = key;
  side_ = std::min(wanted, most);
  const KernelKind kind = kernel_kind(state_.choice("kernel"));
  Tensor weights = make_kernel(kind, k, k, std::max(0.4, k / 5.0));
  Tensor kernel(Shape{1, 1, k, k});
  std::copy_n(weights.data(), weights.count(), kernel.data());
  signed_output_ = kind == KernelKind::sobel_x || kind == KernelKind::laplacian;
  const Cell corner = state_.cell("corner");
  study_ = study_border(picture_, kernel, corner.row, corner.column, side_);
  show();
}

// All outputs share a scale, and so do all errors.
void PaddingDemo::show() {
  output_high_ = 255.0F;
  double worst = 1e-3;
  for (const BorderError& r : study_.rules) worst = std::max(worst, r.worst);
  error_high_ = static_cast<float>(worst);
  if (signed_output_) {
    output_high_ = 1e-3F;
    for (const BorderError& r : study_.rules)
      for (std::ptrdiff_t i = 0; i < r.output.count(); ++i)
        output_high_ = std::max(output_high_, std::fabs(r.output.data()[i]));
  }
  for (int r = 0; r < rules; ++r) {
    const BorderError& rule = study_.rules[at(r)];
    if (rule.output.count() == 0) continue;
    outputs_[at(r)].set_plane(rule.output, signed_output_ ? Shade::diverging : Shade::grey, 0.0F, output_high_);
    errors_[at(r)].set_plane(rule.error, Shade::diverging, 0.0F, error_high_);
  }
}

int PaddingDemo::rule() const {
  int r = 0;
  while (rule_ids[at(r)] != state_.choice("rule")) ++r;
  return r;
}

void PaddingDemo::settle() {
  const Cell cell = state_.cell("cell");
  shown_ = {std::min(cell.row, side_ - 1), std::min(cell.column, side_ - 1)};
  shown_rule_ = rule();
}

std::optional<float> PaddingDemo::output_at(int r, const Cell& pixel) const {
  const BorderError& rule = study_.rules[at(r)];
  const int shift = rule.padding == Padding::valid ? (kernel_size() - 1) / 2 : 0;
  const int row = pixel.row - shift;
  const int column = pixel.column - shift;
  if (row < 0 || column < 0 || row >= static_cast<int>(rule.output.size(2)) ||
      column >= static_cast<int>(rule.output.size(3)))
    return std::nullopt;
  return rule.output(0, 0, row, column);
}

SlidingSize PaddingDemo::sliding() const {
  return sliding_size(state_.integer("n"), state_.integer("k"), state_.integer("p"), state_.integer("s"));
}

int PaddingDemo::same_padding() const { return state_.integer("k") % 2 == 1 ? (state_.integer("k") - 1) / 2 : -1; }

int PaddingDemo::chosen_output() const { return std::min(state_.integer("output"), sliding().output) - 1; }

// From rule to rule; among the sizes from window to window.
bool PaddingDemo::step(int delta) {
  if (sizes()) {
    const int next = chosen_output() + delta;
    if (next < 0 || next >= sliding().output) return false;
    return static_cast<bool>(state_.set("output", std::to_string(next + 1)));
  }
  const int next = rule() + delta;
  if (next < 0 || next >= rules) return false;
  return static_cast<bool>(state_.set("rule", rule_ids[at(next)]));
}

Readouts PaddingDemo::readouts() const {
  Readouts list = photo_readouts();
  for (Readout& r : size_readouts()) list.push_back(std::move(r));
  return list;
}

Readouts PaddingDemo::photo_readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = ready() && !sizes();
  const auto number = [&](double value) { return any ? value : undefined; };
  const auto mean = [&](int r) { return any ? study_.rules[at(r)].mean : undefined; };
  const auto worst = [&](int r) { return any ? study_.rules[at(r)].worst : undefined; };
  const auto value = [&](int r) {
    const auto v = any ? output_at(r, shown_) : std::nullopt;
    return v ? static_cast<double>(*v) : undefined;
  };
  const double count = any ? static_cast<double>(side_) * side_ : 1.0;
  return {
      {"crop", number(side_), "px"},
      {"valid_side", number(any ? static_cast<double>(study_.rules[0].output.size(2)) : 0.0), "px"},
      {"border_pixels", number(study_.border_pixels)},
      {"border_share", number(100.0 * study_.border_pixels / count), "%"},
      {"mean_zero", mean(1)},
      {"mean_replicate", mean(2)},
      {"mean_reflect", mean(3)},
      {"worst_zero", worst(1)},
      {"worst_replicate", worst(2)},
      {"worst_reflect", worst(3)},
      {"row", number(shown_.row + 1)},
      {"column", number(shown_.column + 1)},
      {"truth", any ? static_cast<double>(study_.truth(0, 0, shown_.row, shown_.column)) : undefined},
      {"zero", value(1)},
      {"replicate", value(2)},
      {"reflect", value(3)},
      {"outside", number(any ? cells_outside(side_, kernel_size(), shown_.row, shown_.column) : 0)},
  };
}

Readouts PaddingDemo::size_readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const auto number = [&](double value) { return sizes() ? value : undefined; };
  const SlidingSize size = sliding();
  return {
      {"output_size", number(size.output)},
      {"unread", number(size.unread)},
      {"same_padding", same_padding() >= 0 ? number(same_padding()) : undefined},
  };
}

std::string PaddingDemo::sentence(const Words& words) const {
  if (sizes()) return size_sentence(words);
  if (!ready()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  return explanation(words);
}

}  // namespace cvlab::app
