#include "app/demos/optical-flow/optical_flow.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "app/shell/chosen_picture.hpp"
#include "app/views/drawn_points.hpp"
#include "core/image/convert.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab::app {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double slice_seconds = 0.006;  // of Horn and Schunck's sweeps in a frame
constexpr int bowl_nodes = 49;
constexpr double sure = 0.99;  // that one trial had no outlier

Tensor grey_plane(const Image& image) {
  const Tensor grey = image_to_grey(image);
  Tensor plane(Shape{grey.size(2), grey.size(3)});
  std::copy_n(grey.data(), grey.count(), plane.data());
  return plane;
}

// A bowl over a plane, as the root of the mean square, with lines at equal heights.
template <class Height>
void set_bowl(FieldView& view, const FieldMap& plane, const Height& height) {
  Tensor values(Shape{bowl_nodes, bowl_nodes});
  for (int row = 0; row < bowl_nodes; ++row) {
    for (int column = 0; column < bowl_nodes; ++column) {
      const double x = plane.x0 + (plane.x1 - plane.x0) * column / (bowl_nodes - 1);
      const double y = plane.y0 + (plane.y1 - plane.y0) * row / (bowl_nodes - 1);
      values(row, column) = static_cast<float>(height(x, y));
    }
  }
  const float high = std::max(1e-3F, *std::max_element(values.data(), values.data() + values.count()));
  view.set(values, Shade::sequential, 0.0F, high);
  std::vector<float> levels;
  for (int i = 1; i < 10; ++i) levels.push_back(0.1F * static_cast<float>(i) * high);
  view.set_levels(levels);
}

}  // namespace

std::unique_ptr<Demo> make_optical_flow(DemoContext context) { return std::make_unique<OpticalFlow>(context); }

bool OpticalFlow::update(double /*dt*/) {
  const bool same = state_.version() == seen_state_ && pictures_.version() == seen_pictures_;
  if (is_line()) {
    if (!same) work_on_line();
    seen_state_ = state_.version();
    seen_pictures_ = pictures_.version();
    return false;
  }
  if (!same) load_frames();
  bool more = false;
  if (!pair_.empty()) {
    more = work_on_flow();
    if (!same) {
      const Cell wanted = state_.cell("point");
      const Cell there{std::min(wanted.row, height() - 1), std::min(wanted.column, width() - 1)};
      if (!(there == wanted)) (void)state_.set("point", State::format(there));
      look_at(there.row, there.column);
    }
  }
  seen_state_ = state_.version();  // after our own writes
  seen_pictures_ = pictures_.version();
  return more;
}

// --- frames

void OpticalFlow::load_frames() {
  problem_ = {};
  const std::string_view id = state_.raw("image");
  const PictureLibrary::Entry& entry = pictures_.get(id);
  if (entry.status != PictureLibrary::Status::ready || entry.image.empty()) {
    pair_ = {};
    frames_key_.clear();
    problem_ = missing(entry);
    return;
  }
  std::string key(id);
  key += ' ' + std::to_string(entry.version);
  for (const char* param : {"second", "dx", "dy", "turn", "zoom", "levels"}) (key += ' ') += state_.raw(param);
  if (key == frames_key_) return;
  frames_key_ = key;
  arrows_key_.clear();
  Tensor now = grey_plane(entry.image);
  if (id == "own" && entry.version != own_version_) {
    own_version_ = entry.version;
    before_ = std::exchange(own_, now);
    if (!(before_.shape() == own_.shape())) before_ = {};
  }
  if (known_motion()) {
    motion_ = {state_.real("dx"), state_.real("dy"), state_.real("turn"), 1.0 + 0.01 * state_.real("zoom")};
    first_ = std::move(now);
    second_ = move_picture(first_.view(), motion_);
  } else {
    first_ = before_;
    second_ = std::move(now);
    if (first_.empty()) {
      pair_ = {};
      problem_ = {"optical-flow.one_frame", "This needs two frames: switch the camera on, or open a second picture."};
      return;
    }
  }
  pair_ = FlowPair(first_.view(), second_.view(), state_.integer("levels"));
}

LucasKanade OpticalFlow::method() const {
  return {state_.integer("window"), state_.integer("levels"), state_.integer("iterations")};
}

bool OpticalFlow::work_on_flow() {
  std::string key = frames_key_;
  for (const char* param : {"method", "window", "iterations", "alpha", "sweeps", "least", "show"}) {
    (key += ' ') += state_.raw(param);
  }
  if (key != arrows_key_) {
    arrows_key_ = key;
    if (smooth()) {
      field_ = HornSchunck(first_.view(), second_.view(), state_.real("alpha"));
    } else {
      find_arrows();
    }
  }
  if (!smooth() || field_.steps() >= state_.integer("sweeps")) return false;
  const auto start = std::chrono::steady_clock::now();
  do {
    field_.step();
  } while (field_.steps() < state_.integer("sweeps") &&
           std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < slice_seconds);
  find_arrows();
  measure();
  return field_.steps() < state_.integer("sweeps");
}

void OpticalFlow::find_arrows() {
  const bool fine = state_.choice("show") == "colours";
  // Places of arrows; colours are twice as fine, and every other place is one of those.
  const int coarse = 2 * std::max(4, (std::max(width(), height()) + 55) / 56);
  const int places_across = (width() + coarse - 1) / coarse;
  const int places_down = (height() + coarse - 1) / coarse;
  const int left = (width() - 1 - (places_across - 1) * coarse) / 2;
  const int top = (height() - 1 - (places_down - 1) * coarse) / 2;
  spacing_ = fine ? coarse / 2 : coarse;
  const int across = (width() - 1 - left) / spacing_ + 1;
  const int down = (height() - 1 - top) / spacing_ + 1;
  arrows_.assign(static_cast<std::size_t>(across) * static_cast<std::size_t>(down), {});
  const LucasKanade how = method();
  const double least = state_.real("least");
  parallel_for(0, down, 1, [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    for (std::ptrdiff_t j = from; j < to; ++j) {
      for (int i = 0; i < across; ++i) {
        Arrow& a = arrows_[static_cast<std::size_t>(j * across + i)];
        a.x = left + i * spacing_;
        a.y = top + static_cast<int>(j) * spacing_;
        a.row = static_cast<int>(j);
        a.column = i;
        if (smooth()) {
          a.u = field_.u(a.y, a.x);
          a.v = field_.v(a.y, a.x);
          a.known = FlowKnown::all;
        } else {
          const FlowPair::Track track = pair_.track(a.x, a.y, how);
          a.known = track.last.known(least);
          // Of an edge only the part across it; nothing of a flat place.
          const auto [x, y] = track.last.across;
          const double across_edge = track.u * x + track.v * y;
          a.u = a.known == FlowKnown::all ? track.u : a.known == FlowKnown::normal ? across_edge * x : 0.0;
          a.v = a.known == FlowKnown::all ? track.v : a.known == FlowKnown::normal ? across_edge * y : 0.0;
        }
        const auto [u, v] = truth(a.x, a.y);
        const double to_x = a.x + u;
        const double to_y = a.y + v;
        a.inside = to_x >= 0.0 && to_y >= 0.0 && to_x <= width() - 1.0 && to_y <= height() - 1.0;
      }
    }
  });
  // Averages over the places of arrows, whatever is shown.
  const int every = fine ? 2 : 1;
  double sum = 0.0;
  int good = 0, normal = 0, flat = 0, all = 0;
  std::vector<double> lengths;
  for (const Arrow& a : arrows_) {
    if (a.row % every != 0 || a.column % every != 0) continue;
    ++all;
    normal += a.known == FlowKnown::normal ? 1 : 0;
    flat += a.known == FlowKnown::nothing ? 1 : 0;
    if (a.known != FlowKnown::all) continue;
    lengths.push_back(std::hypot(a.u, a.v));
    if (!a.inside) continue;
    const auto [u, v] = truth(a.x, a.y);
    sum += std::hypot(a.u - u, a.v - v);
    ++good;
  }
  // Scale of arrows and colours: a few wild ones must not make the others vanish.
  std::sort(lengths.begin(), lengths.end());
  longest_ = lengths.empty() ? 1.0 : std::max(0.25, lengths[lengths.size() * 19 / 20]);
  mean_error_ = good > 0 ? sum / good : undefined;
  normal_share_ = normal / static_cast<double>(std::max(1, all));
  flat_share_ = flat / static_cast<double>(std::max(1, all));
}

void OpticalFlow::look_at(int row, int column) {
  row_ = row;
  column_ = column;
  system_ = pair_.system(0, column, row, state_.integer("window"), 0.0, 0.0);
  measure();
  const double reach =
      std::clamp(std::ceil(1.3 * std::max({std::abs(u_), std::abs(v_), std::abs(system_.u), std::abs(system_.v), 1.0})),
                 2.0, 16.0);
  flow_plane_ = {};
  flow_plane_.x0 = flow_plane_.y0 = -reach;
  flow_plane_.x1 = flow_plane_.y1 = reach;
  // v points down: the field is drawn with -v upwards.
  set_bowl(flow_bowl_, flow_plane_, [&](double x, double y) { return system_.error(x, -y); });
}

void OpticalFlow::measure() {
  if (smooth()) {
    u_ = row_ < field_.height() && column_ < field_.width() ? field_.u(row_, column_) : 0.0;
    v_ = row_ < field_.height() && column_ < field_.width() ? field_.v(row_, column_) : 0.0;
    return;
  }
  const FlowPair::Track track = pair_.track(column_, row_, method());
  u_ = track.u;
  v_ = track.v;
}

// --- line

void OpticalFlow::work_on_line() {
  std::string key;
  for (const char* param : {"count", "outliers", "noise", "threshold", "seed", "points", "trials"}) {
    (key += ' ') += state_.raw(param);
  }
  if (key == line_key_) return;
  line_key_ = key;
  points_problem_ = false;
  points_.clear();
  const std::string_view text = state_.raw("points");
  if (const auto drawn = read_points(text, 1); drawn && !text.empty()) {
    for (const DrawnPoint& p : *drawn) points_.push_back({p.x, p.y});
  } else {
    points_problem_ = !text.empty();
    points_ = line_points({state_.integer("count"), state_.real("outliers"), state_.real("noise"), 0.5, 0.1,
                           static_cast<std::uint64_t>(state_.integer("seed"))});
  }
  least_squares_ = fit_line(points_);
  ransac_.emplace(points_, state_.real("threshold"), static_cast<std::uint64_t>(state_.integer("seed")));
  for (int i = 0; i < state_.integer("trials"); ++i) ransac_->step();
  consensus_ = ransac_->fit();
  line_plane_ = {};
  line_plane_.x0 = line_plane_.y0 = -1.5;
  line_plane_.x1 = line_plane_.y1 = 1.5;
  if (least_squares_) {
    set_bowl(line_bowl_, line_plane_, [&](double x, double y) { return least_squares_->error(x, y); });
  }
}

void OpticalFlow::keep_points() {
  std::vector<DrawnPoint> drawn;
  drawn.reserve(points_.size());
  for (const LinePoint& p : points_) drawn.push_back({p.x, p.y, 0});
  (void)state_.set("points", write_points(drawn));
}

// --- steps and words

// Of the line: one more trial. Of the flow: one more iteration.
bool OpticalFlow::step(int delta) {
  const char* const id = is_line() ? "trials" : smooth() ? "sweeps" : "iterations";
  const int most = is_line() ? 60 : smooth() ? 300 : 10;
  const int next = state_.integer(id) + delta;
  if (next < (is_line() ? 0 : 1) || next > most) return false;
  (void)state_.set(id, std::to_string(next));
  return true;
}

Readouts OpticalFlow::readouts() const {
  Readouts shown = is_line() ? line_readouts() : flow_readouts();
  // The other figure's have no value now.
  for (Readout& other : is_line() ? flow_readouts() : line_readouts()) {
    other.value = undefined;
    shown.push_back(std::move(other));
  }
  return shown;
}

Readouts OpticalFlow::flow_readouts() const {
  const bool any = !pair_.empty();
  const bool done = any && (!smooth() || field_.steps() >= state_.integer("sweeps"));
  const bool measured = done && known_motion();
  const auto when = [](bool on, double value) { return on ? value : undefined; };
  const auto [u, v] = any ? truth(column_, row_) : PictureMotion::Flow{};
  const double n = std::max(1, system_.cells);
  return {{"u", when(done, u_), "px"},
          {"v", when(done, v_), "px"},
          {"true_u", when(any && known_motion(), u), "px"},
          {"true_v", when(any && known_motion(), v), "px"},
          {"error", when(measured, std::hypot(u_ - u, v_ - v)), "px", 3},
          {"mean_error", when(measured, mean_error_), "px", 3},
          {"xx", when(any, system_.xx), "", 5},
          {"xy", when(any, system_.xy), "", 5},
          {"yy", when(any, system_.yy), "", 5},
          {"bx", when(any, system_.bx), "", 5},
          {"by", when(any, system_.by), "", 5},
          {"step_u", when(any, system_.u), "px"},
          {"step_v", when(any, system_.v), "px"},
          {"normal_u", when(any, system_.normal_u), "px"},
          {"normal_v", when(any, system_.normal_v), "px"},
          {"large", when(any, system_.large / n)},
          {"small", when(any, system_.small / n)},
          {"known", when(any, static_cast<double>(system_.known(state_.real("least"))))},
          {"edges", when(any && !smooth(), 100.0 * normal_share_), "%", 3},
          {"flat", when(any && !smooth(), 100.0 * flat_share_), "%", 3},
          {"row", when(any, row_ + 1.0)},
          {"column", when(any, column_ + 1.0)}};
}

Readouts OpticalFlow::line_readouts() const {
  const auto of = [](const std::optional<LineFit>& fit, double LineFit::*member) {
    return fit ? (*fit).*member : undefined;
  };
  const LineRansac::Trial* best = ransac_ ? ransac_->best() : nullptr;
  const auto count = static_cast<double>(points_.size());
  const double agree = best != nullptr ? best->agree : undefined;
  const double needed = best != nullptr ? ransac_trials(agree / count, sure) : undefined;
  const double rms = least_squares_ ? std::sqrt(least_squares_->squares / count) : undefined;
  return {{"slope", of(least_squares_, &LineFit::slope)},
          {"intercept", of(least_squares_, &LineFit::intercept)},
          {"squares", of(least_squares_, &LineFit::squares)},
          {"rms", rms},
          {"ransac_slope", of(consensus_, &LineFit::slope)},
          {"ransac_intercept", of(consensus_, &LineFit::intercept)},
          {"agree", agree},
          {"points", count},
          {"trials", static_cast<double>(state_.integer("trials"))},
          {"needed", needed}};
}

std::string OpticalFlow::sentence(const Words& words) const {
  const auto n = [&](double value) { return words.number(value, 3); };
  if (is_line()) {
    if (points_problem_) return words("optical-flow.bad_points");
    if (!least_squares_) return words("optical-flow.no_line");
    if (!consensus_) {
      return words.format("optical-flow.line_alone", {n(least_squares_->slope), n(least_squares_->intercept)});
    }
    return words.format(
        "optical-flow.line_sentence",
        {n(least_squares_->slope), n(least_squares_->intercept), n(consensus_->slope), n(consensus_->intercept),
         std::to_string(ransac_->best()->agree), std::to_string(points_.size())});
  }
  if (!problem_.id.empty() || pair_.empty()) return words.sentence(problem_);
  const FlowKnown known = system_.known(state_.real("least"));
  std::string text = words(known == FlowKnown::all      ? "optical-flow.sees_all"
                           : known == FlowKnown::normal ? "optical-flow.sees_edge"
                                                        : "optical-flow.sees_nothing");
  if (known_motion()) {
    const auto [u, v] = truth(column_, row_);
    text += ' ' + words.format("optical-flow.found_true", {n(u_), n(v_), n(u), n(v)});
  } else {
    text += ' ' + words.format("optical-flow.found", {n(u_), n(v_)});
  }
  return text;
}

}  // namespace cvlab::app
