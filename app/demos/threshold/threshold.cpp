#include "app/demos/threshold/threshold.hpp"

#include <algorithm>
#include <limits>

#include "core/image/colour.hpp"
#include "core/image/morphology.hpp"
#include "core/image/reshape.hpp"

namespace cvlab::app {

std::unique_ptr<Demo> make_threshold(DemoContext context) { return std::make_unique<ThresholdDemo>(context); }

bool ThresholdDemo::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  remark_ = {};
  load();
  if (!grey_.empty()) {
    segment();
    judge();
    const Cell wanted = state_.cell("cell");
    cell_ = {std::min(wanted.row, rows() - 1), std::min(wanted.column, columns() - 1)};
  }
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

void ThresholdDemo::load() {
  const ChosenPicture::Look look = chosen_.look(pictures_, state_.raw("image"));
  if (look == ChosenPicture::Look::missing) {
    grey_ = {};
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  to_grey(chosen_.image(), grey_);
  levels_ = levels_of(grey_, 0);
  otsu_ = otsu(levels_);
  picture_view_.set(grey_);
  done_.clear();
}

int ThresholdDemo::level() const { return state_.choice("method") == "otsu" ? otsu_.level : state_.integer("level"); }

void ThresholdDemo::segment() {
  std::string now;
  for (const char* id :
       {"method", "level", "size", "offset", "weights", "dark", "smallest", "neighbours", "open", "close"}) {
    now += std::string(state_.raw(id)) + '|';
  }
  if (now == done_) return;
  done_ = std::move(now);
  judged_.clear();
  if (adaptive()) {
    const LocalMean kind = state_.choice("weights") == "gaussian" ? LocalMean::gaussian : LocalMean::plain;
    local_mean(grey_, kind, state_.integer("size"), mean_);
    threshold_against(grey_, mean_, state_.integer("offset"), mask_);
  } else {
    threshold(grey_, level(), mask_);
  }
  if (state_.toggle("dark")) apply_curve(mask_, invert_transfer().value, mask_);
  const auto clean = [&](const char* id, MorphologyKind kind) {
    if (state_.integer(id) == 1) return;
    morphology(mask_, kind, ElementShape::disc, state_.integer(id), work_);
    std::swap(mask_, work_);
  };
  clean("open", MorphologyKind::open);
  clean("close", MorphologyKind::close);
  components(mask_, state_.choice("neighbours") == "4" ? 4 : 8, pieces_);
  if (state_.integer("smallest") == 1) return;
  drop_small(pieces_, state_.integer("smallest"));
  std::transform(pieces_.label.begin(), pieces_.label.end(), mask_.data.begin(),
                 [](std::int32_t label) { return static_cast<std::uint8_t>(label > 0 ? 255 : 0); });
}

// The mask against the painted one, and the picture of the result: 0 background, 1..8 pieces or, for errors, 1 both,
// 2 only the mask, 3 only the painted one.
void ThresholdDemo::judge() {
  const std::string now = std::string(state_.raw("truth")) + '|' + std::string(state_.raw("show"));
  if (now == judged_) return;
  judged_ = now;
  if (Result<std::vector<BrushStroke>> strokes = parse_brush(state_.raw("truth"))) {
    strokes_ = std::move(strokes).value();
  } else {
    remark_ = strokes.error();
  }
  draw_brush(strokes_, columns(), rows(), truth_);
  truth_view_.set(truth_);
  overlap_ = mask_overlap(mask_, truth_);
  const std::string_view show = state_.choice("show");
  reshape(shown_, columns(), rows(), 1);
  for (std::size_t i = 0; i < shown_.data.size(); ++i) {
    const bool on = mask_.data[i] != 0;
    const bool painted = truth_.data[i] != 0;
    const int value = show == "components" ? (on ? 1 + (pieces_.label[i] - 1) % 8 : 0)
                      : show == "mask"     ? (on ? 1 : 0)
                                           : (on && painted ? 1
                                              : on          ? 2
                                              : painted     ? 3
                                                            : 0);
    shown_.data[i] = static_cast<std::uint8_t>(value);
  }
  result_view_.set(shown_);
}

const Component* ThresholdDemo::piece() const {
  if (grey_.empty()) return nullptr;
  const Cell cell = shown_cell();
  const std::int32_t label = pieces_.at(cell.row, cell.column);
  return label > 0 ? &pieces_.list[static_cast<std::size_t>(label - 1)] : nullptr;
}

Readouts ThresholdDemo::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = !grey_.empty();
  const auto number = [&](double v) { return any ? v : undefined; };
  const Cell cell = shown_cell();
  const bool global = any && !adaptive();
  const Classes classes = classes_of(levels_, level());
  const Component* at = piece();
  std::int64_t largest = 0;
  for (const Component& c : pieces_.list) largest = std::max(largest, c.area);
  const bool painted = any && overlap_.b > 0;
  return {
      {"input", any ? static_cast<double>(grey_.at(cell.row, cell.column)) : undefined},
      {"threshold", !any     ? undefined
                    : global ? static_cast<double>(level())
                             : static_cast<double>(mean_.at(cell.row, cell.column) - state_.integer("offset"))},
      {"output", any ? static_cast<double>(mask_.at(cell.row, cell.column)) : undefined},
      {"otsu", number(otsu_.level)},
      {"separation", global && otsu_.total > 0.0 ? classes.between / otsu_.total : undefined, "", 3},
      {"foreground", any ? 100.0 * static_cast<double>(overlap_.a) / static_cast<double>(mask_.data.size()) : undefined,
       "%", 3},
      {"components", number(static_cast<double>(pieces_.list.size()))},
      {"area", at != nullptr ? static_cast<double>(at->area) : undefined, "px", 6},
      {"largest", number(static_cast<double>(largest)), "px", 6},
      {"painted", number(static_cast<double>(overlap_.b)), "px", 6},
      {"iou", painted ? overlap_.iou : undefined, "", 3},
      {"dice", painted ? overlap_.dice : undefined, "", 3},
  };
}

std::string ThresholdDemo::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  if (overlap_.b == 0) return words.format("threshold.sentence", {std::to_string(pieces_.list.size())});
  return words.format("threshold.sentence.iou", {std::to_string(pieces_.list.size()), words.number(overlap_.iou, 3)});
}

}  // namespace cvlab::app
