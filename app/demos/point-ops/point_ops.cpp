#include "app/demos/point-ops/point_ops.hpp"

#include <algorithm>
#include <limits>

#include "core/image/colour.hpp"
#include "core/image/curve_text.hpp"

namespace cvlab::app {

std::unique_ptr<Demo> make_point_ops(DemoContext context) { return std::make_unique<PointOps>(context); }

bool PointOps::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  remark_ = {};
  load();
  if (!grey_.empty()) {
    compute();
    const Cell wanted = state_.cell("cell");
    cell_ = {std::min(wanted.row, rows() - 1), std::min(wanted.column, columns() - 1)};
  }
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

void PointOps::load() {
  const ChosenPicture::Look look = chosen_.look(pictures_, state_.raw("image"));
  if (look == ChosenPicture::Look::missing) {
    grey_ = {};
    problem_ = chosen_.problem();
  }
  if (look != ChosenPicture::Look::another) return;
  to_grey(chosen_.image(), grey_);
  before_ = levels_of(grey_, 0);
  before_view_.set(grey_);
  done_.clear();
}

Transfer PointOps::transfer() {
  const std::string_view operation = state_.choice("operation");
  if (operation == "add") return add_transfer(state_.integer("offset"));
  if (operation == "contrast") return multiply_transfer(state_.real("factor"), 128.0);
  if (operation == "gamma") return gamma_transfer(state_.real("gamma"));
  if (operation == "invert") return invert_transfer();
  if (operation == "equalise") return equalise_transfer(before_);
  return points_transfer(points_);
}

void PointOps::compute() {
  if (const Result<std::vector<CurvePoint>> points = parse_curve(state_.raw("curve"))) {
    points_ = points.value();
  } else if (state_.choice("operation") == "draw") {
    remark_ = points.error();  // the last curve that was right stays
  }
  std::string now;
  for (const char* id : {"operation", "offset", "factor", "gamma", "curve", "flip"}) {
    now += std::string(state_.raw(id)) + '|';
  }
  if (now == done_) return;
  done_ = std::move(now);
  transfer_ = transfer();
  const std::string_view flip_axis = state_.choice("flip");
  apply_curve(grey_, transfer_.value, mapped_);
  if (flip_axis == "none") {
    result_ = mapped_;
  } else {
    flip(mapped_, flip_axis == "y", result_);
  }
  after_ = levels_of(result_, 0);
  // What is marked: 1 below 0, 2 above 255, at its place in the picture after.
  ByteCurve clip{};
  counts_ = {};
  for (int v = 0; v < 256; ++v) {
    const auto i = static_cast<std::size_t>(v);
    const int side = transfer_.clipped(v);
    clip[i] = static_cast<std::uint8_t>(side < 0 ? 1 : side > 0 ? 2 : 0);
    counts_.all += before_.count[i];
    counts_.black += side < 0 ? before_.count[i] : 0;
    counts_.white += side > 0 ? before_.count[i] : 0;
    counts_.levels_before += before_.count[i] > 0 ? 1 : 0;
    counts_.levels_after += after_.count[i] > 0 ? 1 : 0;
  }
  apply_curve(grey_, clip, mapped_);
  if (flip_axis == "none") {
    marks_ = mapped_;
  } else {
    flip(mapped_, flip_axis == "y", marks_);
  }
  after_view_.set(result_);
  marks_view_.set(marks_);
}

Cell PointOps::flipped(Cell cell) const {
  const std::string_view axis = state_.choice("flip");
  if (axis == "x") return {cell.row, columns() - 1 - cell.column};
  if (axis == "y") return {rows() - 1 - cell.row, cell.column};
  return cell;
}

int PointOps::level() const {
  if (hovered_level_) return *hovered_level_;
  const Cell cell = shown_cell();
  return grey_.at(cell.row, cell.column);
}

Readouts PointOps::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = !grey_.empty();
  const auto number = [&](double v) { return any ? v : undefined; };
  const auto percent = [&](std::int64_t n) {
    return any ? 100.0 * static_cast<double>(n) / static_cast<double>(counts_.all) : undefined;
  };
  const std::size_t v = any ? static_cast<std::size_t>(level()) : 0;
  return {
      {"input", number(static_cast<double>(v))},
      {"exact", number(transfer_.exact[v]), "", 5},
      {"output", number(transfer_.value[v])},
      {"black", percent(counts_.black), "%", 3},
      {"white", percent(counts_.white), "%", 3},
      {"mean_before", number(before_.mean()), "", 4},
      {"mean_after", number(after_.mean()), "", 4},
      {"deviation_before", number(before_.deviation()), "", 4},
      {"deviation_after", number(after_.deviation()), "", 4},
      {"levels_before", number(counts_.levels_before)},
      {"levels_after", number(counts_.levels_after)},
  };
}

std::string PointOps::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  const int v = level();
  const auto i = static_cast<std::size_t>(v);
  const std::string exact = words.number(transfer_.exact[i], 5);
  const std::string value = std::to_string(transfer_.value[i]);
  const int side = transfer_.clipped(v);
  const char* key = side < 0   ? "point-ops.sentence.black"
                    : side > 0 ? "point-ops.sentence.white"
                               : "point-ops.sentence";
  return words.format(key, {std::to_string(v), exact, value});
}

}  // namespace cvlab::app
