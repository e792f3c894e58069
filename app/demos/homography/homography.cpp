#include "app/demos/homography/homography.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/shell/chosen_picture.hpp"
#include "app/views/boxes_text.hpp"
#include "core/image/convert.hpp"
#include "core/image/resize.hpp"
#include "core/image/warp.hpp"

namespace cvlab::app {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double page_side = 480.0;  // px of the longer side of the page
constexpr int most_side = 800;       // larger photographs are made smaller before they are stitched
constexpr double overlap_share = 0.62;

// Sizes as in assets/manifest.json; the picture itself has the last word when it comes.
struct Known {
  std::string_view id;
  double width, height;
  std::array<Point2, 4> corners;
};
constexpr Known known[] = {
    {"notes", 448, 172, {{{253, 1}, {444, 66}, {260, 130}, {84, 49}}}},
    {"coffee", 600, 400, {{{140, 60}, {470, 60}, {560, 340}, {60, 340}}}},
    {"astronaut", 512, 512, {{{20, 40}, {190, 30}, {190, 330}, {20, 300}}}},
    {"rocket", 640, 427, {{{250, 60}, {400, 60}, {420, 400}, {230, 400}}}},
    {"motorcycle_left", 741, 500, {{{346, 96}, {702, 98}, {694, 176}, {346, 154}}}},
};

const Known* find_known(std::string_view id) {
  const auto at = std::find_if(std::begin(known), std::end(known), [&](const Known& k) { return k.id == id; });
  return at == std::end(known) ? nullptr : at;
}

Image small_enough(const Image& image) {
  const int side = std::max(image.width, image.height);
  if (side <= most_side) return image;
  Image small;
  small.width = std::max(1, image.width * most_side / side);
  small.height = std::max(1, image.height * most_side / side);
  resize(image, Resampling::area, small);
  return small;
}

// The greatest distance between where two homographies take the corners of the page.
double corner_error(const Homography& h, std::span<const Point2, 4> from, double width, double height) {
  const std::array<Point2, 4> to = {{{0, 0}, {width, 0}, {width, height}, {0, height}}};
  double greatest = 0.0;
  for (std::size_t i = 0; i < 4; ++i) greatest = std::max(greatest, reprojection_error(h, from[i], to[i]));
  return std::isfinite(greatest) ? greatest : undefined;
}

}  // namespace

std::unique_ptr<Demo> make_homography(DemoContext context) { return std::make_unique<HomographyDemo>(context); }

HomographyDemo::Task HomographyDemo::task() const {
  const std::string_view name = state_.choice("task");
  return name == "ransac" ? Task::ransac : name == "stitch" ? Task::stitch : Task::rectify;
}

bool HomographyDemo::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  problem_ = {};
  remark_ = {};
  load();
  read_corners();
  rectify();
  if (task() == Task::ransac) sample();
  if (task() == Task::stitch) stitch();
  seen_state_ = state_.version();  // after our own writes
  seen_pictures_ = pictures_.version();
  return false;
}

void HomographyDemo::load() {
  const std::string_view id = state_.raw("image");
  // Corners belong to the photograph they were placed on.
  if (!image_.empty() && id != image_ && state_.raw("corners") == corners_text_) (void)state_.set("corners", "");
  const PictureLibrary::Entry& entry = pictures_.get(id);
  const bool same = id == image_ && entry.version == image_version_ && !photo_.empty();
  image_ = id;
  if (entry.status != PictureLibrary::Status::ready) {
    photo_ = {};
    image_version_ = 0;
    const Known* k = find_known(id);
    width_ = k != nullptr ? k->width : 640.0;
    height_ = k != nullptr ? k->height : 480.0;
    problem_ = missing(entry);
    return;
  }
  if (same) return;
  image_version_ = entry.version;
  photo_ = to_rgba(entry.image);
  width_ = photo_.width;
  height_ = photo_.height;
  photo_view_.set(photo_);
}

void HomographyDemo::read_corners() {
  corners_text_ = state_.raw("corners");
  const Known* k = find_known(image_);
  corners_ = k != nullptr ? k->corners
                          : std::array<Point2, 4>{{{std::round(0.25 * width_), std::round(0.25 * height_)},
                                                   {std::round(0.75 * width_), std::round(0.25 * height_)},
                                                   {std::round(0.85 * width_), std::round(0.75 * height_)},
                                                   {std::round(0.15 * width_), std::round(0.75 * height_)}}};
  if (corners_text_.empty()) return;
  const auto rows = parse_rows(corners_text_, 2, 4);
  if (!rows) {
    remark_ = rows.error();
  } else if (rows.value().size() != 4) {
    remark_ = {"homography.four", "Four corners are needed: x y; x y; x y; x y."};
  } else {
    for (std::size_t i = 0; i < 4; ++i) corners_[i] = {rows.value()[i][0], rows.value()[i][1]};
  }
}

void HomographyDemo::put_corners() {
  NumberRows rows;
  for (const Point2& p : corners_) rows.push_back({p.x, p.y});
  (void)state_.set("corners", format_rows(rows));
}

// The one place where H is made of the four corners; the page is the photograph seen through it.
void HomographyDemo::rectify() {
  const double aspect = task() == Task::rectify ? state_.real("aspect") : 3.0;
  page_width_ = std::max(1.0, std::round(aspect >= 1.0 ? page_side : page_side * aspect));
  page_height_ = std::max(1.0, std::round(aspect >= 1.0 ? page_side / aspect : page_side));
  const std::array<Point2, 4> page = {{{0, 0}, {page_width_, 0}, {page_width_, page_height_}, {0, page_height_}}};
  to_page_ = homography_from_four(corners_, page);
  to_photo_ = to_page_ ? inverse(*to_page_) : std::nullopt;
  if (!to_photo_) to_page_.reset();
  crossed_ = false;
  if (to_page_) {  // a page in front of the camera has w of one sign all over
    const double sign = to_page_->map(corners_[0]).w;
    for (const Point2& p : corners_) crossed_ = crossed_ || to_page_->map(p).w * sign <= 0.0;
  } else if (remark_.id.empty()) {
    remark_ = {"homography.line", "Three corners lie on a line: no homography does that."};
  }
  if (crossed_ && remark_.id.empty()) {
    remark_ = {"homography.crossed", "The horizon runs through the page: its corners are no convex quadrilateral."};
  }
  const Cell cell = state_.cell("cell");
  point_ = {static_cast<double>(std::min(cell.column, static_cast<int>(width_) - 1)),
            static_cast<double>(std::min(cell.row, static_cast<int>(height_) - 1))};
  page_ = {};
  if (!photo_.empty() && to_photo_ && !crossed_) {
    page_.width = static_cast<int>(page_width_);
    page_.height = static_cast<int>(page_height_);
    warp_perspective(photo_, *to_photo_, page_);
  }
  page_view_.set(page_);
}

void HomographyDemo::sample() {
  pairs_ = {};
  ransac_.reset();
  fit_.reset();
  all_.reset();
  if (!to_photo_ || crossed_) return;
  const auto seed = static_cast<std::uint64_t>(state_.integer("seed"));
  pairs_ = make_point_pairs(
      *to_photo_, page_width_, page_height_,
      {state_.integer("points"), state_.real("noise"), 0.01 * static_cast<double>(state_.integer("outliers")), seed});
  ransac_.emplace(pairs_.from, pairs_.to, RansacParams{state_.real("threshold"), 0.99, state_.integer("rounds"), seed});
  while (ransac_->step()) {
  }
  fit_ = ransac_->result();
  all_ = homography_dlt(pairs_.from, pairs_.to);
  fit_error_ = fit_ ? corner_error(fit_->h, corners_, page_width_, page_height_) : undefined;
  all_error_ = all_ ? corner_error(*all_, corners_, page_width_, page_height_) : undefined;
}

// Corners and descriptors are found once for each pair of photographs; ratio and threshold only change what follows.
void HomographyDemo::stitch() {
  registration_ = {};
  if (photo_.empty()) {
    views_key_.clear();
    return;
  }
  real_pair_ = image_ == "motorcycle_left";
  std::uint64_t version = image_version_;
  if (real_pair_) {
    const PictureLibrary::Entry& other = pictures_.get("motorcycle_right");
    if (other.status != PictureLibrary::Status::ready) {
      problem_ = missing(other);
      views_key_.clear();
      return;
    }
    version += other.version;
  }
  std::string key = image_ + ' ' + std::to_string(version);
  if (!real_pair_) key += ' ' + std::string(state_.raw("turn"));
  if (key != views_key_) {
    if (real_pair_) {
      views_.a = photo_;
      views_.b = pictures_.get("motorcycle_right").image;
    } else {
      views_ = cut_views(small_enough(photo_), overlap_share, state_.real("turn"));
    }
    features_a_ = find_features(views_.a);
    features_b_ = find_features(views_.b);
    a_view_.set(views_.a);
    b_view_.set(views_.b);
    views_key_ = key;
  }
  registration_ =
      register_pictures(features_a_, features_b_, {state_.real("ratio"), true},
                        {state_.real("threshold"), 0.999, 2000, static_cast<std::uint64_t>(state_.integer("seed"))});
  mosaic_ = {};
  if (registration_.fit) mosaic_ = make_mosaic(views_.a, views_.b, registration_.fit->h);
  mosaic_view_.set(mosaic_.image);
  if (!registration_.fit) {
    remark_ = {"homography.no_fit", "Too few matches agree: no homography can be trusted."};
  } else if (mosaic_.folded) {
    remark_ = {"homography.folded", "This homography would tear the second photograph apart."};
  } else {
    remark_ = {};
  }
}

void HomographyDemo::look_at(Point2 p) {
  const Cell cell{std::clamp(static_cast<int>(std::lround(p.y)), 0, 8191),
                  std::clamp(static_cast<int>(std::lround(p.x)), 0, 8191)};
  (void)state_.set("cell", State::format(cell));
}

// One round of RANSAC more or less. Behind the last round that was needed, the next one begins anew.
bool HomographyDemo::step(int delta) {
  if (task() != Task::ransac || !ransac_) return false;
  const int now = ransac_->rounds();
  const bool finished = delta > 0 && now >= ransac_->rounds_needed() && now < state_.integer("rounds");
  const int next = finished ? 1 : now + delta;
  return next >= 1 && static_cast<bool>(state_.set("rounds", std::to_string(next)));
}

// Those of the task that is shown; then the others, which are not measured now.
Readouts HomographyDemo::readouts() const {
  Readouts list = task() == Task::rectify  ? rectify_readouts()
                  : task() == Task::ransac ? ransac_readouts()
                                           : stitch_readouts();
  for (const Readouts& others : {rectify_readouts(), ransac_readouts(), stitch_readouts()}) {
    for (Readout other : others) {
      if (std::any_of(list.begin(), list.end(), [&](const Readout& r) { return r.id == other.id; })) continue;
      other.value = undefined;
      list.push_back(other);
    }
  }
  return list;
}

Readouts HomographyDemo::rectify_readouts() const {
  Readouts list;
  const auto add = [&](const char* id, double v, const char* unit, int digits) {
    list.push_back({id, to_page_ && std::isfinite(v) ? v : undefined, unit, digits});
  };
  const Homography h = to_page_.value_or(Homography{});
  constexpr const char* names[] = {"h11", "h12", "h13", "h21", "h22", "h23", "h31", "h32", "h33"};
  const Point2 p = pointed_.value_or(point_);
  const MappedPoint m = h.map(p);
  add("x", p.x, "px", 4);
  add("y", p.y, "px", 4);
  add("u", m.u, "", 6);
  add("v", m.v, "", 6);
  add("w", m.w, "", 6);
  add("page_x", m.point.x, "px", 5);
  add("page_y", m.point.y, "px", 5);
  for (std::size_t i = 0; i < 9; ++i) add(names[i], h.h[i], "", 6);
  return list;
}

Readouts HomographyDemo::ransac_readouts() const {
  const auto if_run = [&](double v) { return ransac_ ? v : undefined; };
  return {
      {"pairs", static_cast<double>(pairs_.from.size())},
      {"inliers", if_run(fit_ ? fit_->count : 0)},
      {"rms", fit_ ? fit_->rms : undefined, "px"},
      {"rounds", if_run(ransac_ ? ransac_->rounds() : 0)},
      {"rounds_needed", if_run(ransac_ ? ransac_->rounds_needed() : 0)},
      {"sample_inliers", if_run(ransac_ ? ransac_->sample_inliers() : 0)},
      {"fit_error", fit_ ? fit_error_ : undefined, "px"},
      {"all_error", all_ ? all_error_ : undefined, "px"},
  };
}

Readouts HomographyDemo::stitch_readouts() const {
  const bool there = !views_key_.empty();
  const auto& fit = registration_.fit;
  const auto count = [&](std::size_t n) { return there ? static_cast<double>(n) : undefined; };
  double truth = undefined;
  if (there && fit && !real_pair_) {
    truth = 0.0;
    const double x = views_.b.width - 1;
    const double y = views_.b.height - 1;
    for (const Point2 corner : {Point2{0, 0}, {x, 0}, {x, y}, {0, y}}) {
      truth = std::max(truth, reprojection_error(fit->h, corner, views_.truth(corner)));
    }
  }
  return {
      {"corners_a", count(features_a_.corners.size())},
      {"corners_b", count(features_b_.corners.size())},
      {"pairs", count(registration_.matches.size())},
      {"inliers", count(fit ? static_cast<std::size_t>(fit->count) : 0)},
      {"rms", there && fit ? fit->rms : undefined, "px"},
      {"rounds", count(static_cast<std::size_t>(registration_.rounds))},
      {"truth_error", std::isfinite(truth) ? truth : undefined, "px"},
  };
}

std::string HomographyDemo::sentence(const Words& words) const {
  if (task() == Task::stitch && !problem_.id.empty()) return words.sentence(problem_);
  if (!remark_.id.empty()) return words.sentence(remark_);
  const auto number = [&](double v, int digits) { return words.number(v, digits); };
  if (task() == Task::rectify) {
    const Point2 p = pointed_.value_or(point_);
    const MappedPoint m = to_page_->map(p);
    return words.format("homography.sentence.rectify",
                        {number(p.x, 4), number(p.y, 4), number(m.point.x, 4), number(m.point.y, 4), number(m.w, 4)});
  }
  if (task() == Task::ransac) {
    if (!fit_) return words("homography.no_ransac");
    return words.format("homography.sentence.ransac",
                        {std::to_string(ransac_->rounds()), std::to_string(fit_->count),
                         std::to_string(pairs_.from.size()), number(fit_error_, 3), number(all_error_, 3)});
  }
  return words.format("homography.sentence.stitch",
                      {std::to_string(registration_.fit->count), std::to_string(registration_.matches.size()),
                       number(registration_.fit->rms, 3)});
}

}  // namespace cvlab::app
