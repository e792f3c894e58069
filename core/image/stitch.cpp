#include "core/image/stitch.hpp"

#include <algorithm>
#include <cmath>

#include "core/image/convert.hpp"
#include "core/image/warp.hpp"

namespace cvlab {

namespace {

std::array<Point2, 4> corners_of(const Image& image) {
  const double x = image.width - 1;
  const double y = image.height - 1;
  return {{{0, 0}, {x, 0}, {x, y}, {0, y}}};
}

}  // namespace

Features find_features(const Image& image, const CornerParams& params) {
  const Image grey = to_grey_image(image);
  Features features;
  features.corners = harris_corners(grey, params);
  features.descriptors = describe(grey, features.corners);
  return features;
}

Registration register_pictures(const Features& a, const Features& b, const MatchParams& match,
                               const RansacParams& ransac_params, int least) {
  Registration result;
  result.matches = match_descriptors(a.descriptors, b.descriptors, match);
  std::vector<Point2> from;
  std::vector<Point2> to;
  for (const Match& m : result.matches) {
    from.push_back(b.corners[static_cast<std::size_t>(m.b)].point);
    to.push_back(a.corners[static_cast<std::size_t>(m.a)].point);
  }
  HomographyRansac ransac(std::move(from), std::move(to), ransac_params);
  while (ransac.step()) {
  }
  result.rounds = ransac.rounds();
  result.fit = ransac.result();
  if (result.fit && result.fit->count < least) result.fit.reset();
  return result;
}

Mosaic make_mosaic(const Image& a, const Image& b, const Homography& b_to_a) {
  Mosaic mosaic;
  mosaic.image = to_rgba(a);
  double x0 = 0;
  double y0 = 0;
  double x1 = a.width - 1;
  double y1 = a.height - 1;
  bool seen = true;
  for (const Point2& corner : corners_of(b)) {
    const MappedPoint m = b_to_a.map(corner);
    seen = seen && m.w > 1e-6;
    x0 = std::min(x0, std::floor(m.point.x));
    y0 = std::min(y0, std::floor(m.point.y));
    x1 = std::max(x1, std::ceil(m.point.x));
    y1 = std::max(y1, std::ceil(m.point.y));
  }
  const auto back = inverse(b_to_a);
  const double most = 6.0 * (static_cast<double>(a.width) * a.height + static_cast<double>(b.width) * b.height);
  if (!seen || !back || !((x1 - x0 + 1) * (y1 - y0 + 1) <= most)) {
    mosaic.folded = true;
    return mosaic;
  }
  mosaic.origin = {-x0, -y0};
  const Image first = mosaic.image;
  mosaic.image = {};
  mosaic.image.width = static_cast<int>(x1 - x0) + 1;
  mosaic.image.height = static_cast<int>(y1 - y0) + 1;
  warp_perspective(to_rgba(b), *back * translation(x0, y0), mosaic.image);
  const int left = static_cast<int>(-x0);
  const int top = static_cast<int>(-y0);
  for (int row = 0; row < mosaic.image.height; ++row) {
    for (int column = 0; column < mosaic.image.width; ++column) {
      std::uint8_t* to =
          &mosaic.image.data[4 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(mosaic.image.width) +
                                  static_cast<std::size_t>(column))];
      const bool second = to[3] == 255;
      if (!second) std::fill(to, to + 4, std::uint8_t{0});  // between picture and nothing
      const int r = row - top;
      const int c = column - left;
      if (r < 0 || r >= first.height || c < 0 || c >= first.width) continue;
      for (int k = 0; k < 4; ++k) {
        const int value = first.at(r, c, k);
        to[k] = static_cast<std::uint8_t>(second ? (value + to[k] + 1) / 2 : value);
      }
    }
  }
  return mosaic;
}

CutViews cut_views(const Image& photo, double share, double degrees) {
  const Image whole = to_rgba(photo);
  CutViews views;
  const int width = std::max(1, static_cast<int>(share * photo.width));
  views.a = Image(width, photo.height, 4);
  for (int row = 0; row < photo.height; ++row) {
    std::copy_n(&whole.data[4 * static_cast<std::size_t>(row) * static_cast<std::size_t>(photo.width)],
                4 * static_cast<std::size_t>(width),
                &views.a.data[4 * static_cast<std::size_t>(row) * static_cast<std::size_t>(width)]);
  }
  const double x = 0.5 * width;
  const double y = 0.5 * photo.height;
  const Homography side{{1, 0, 0, 0, 1, 0, 0.12 / width, 0, 1}};  // about the middle of the view
  views.truth = translation(photo.width - width + x, y) * side * translation(-x, -y) * rotation_about({x, y}, degrees);
  views.b.width = width;
  views.b.height = photo.height;
  warp_perspective(whole, views.truth, views.b);
  for (std::size_t i = 0; i < views.b.data.size(); i += 4) {  // a photograph has no holes: what is outside is black
    views.b.data[i + 3] = views.b.data[i + 3] == 255 ? 255 : 0;
  }
  return views;
}

}  // namespace cvlab
