#include "core/image/features.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/image/ransac.hpp"
#include "core/image/warp.hpp"
#include "tests/core/image/geometry_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

// OpenCV's response is ours divided by 25 and by (4 * 5 * 255)^4, in float.
TEST_CASE("features: Harris response as OpenCV's", "[image][features][golden]") {
  for (const GeometryCase& c : geometry_cases("harris")) {
    const Image in = geometry_picture(c.input);
    const auto ours = harris_response(in);
    const Tensor theirs = c.expected();
    double greatest = 0;
    for (std::ptrdiff_t i = 0; i < theirs.count(); ++i)
      greatest = std::max(greatest, std::abs(double{theirs.data()[i]}));
    int wrong = 0;
    for (int r = 0; r < c.height; ++r) {
      for (int k = 0; k < c.width; ++k) {
        const auto value = static_cast<double>(ours[static_cast<std::size_t>(3 * r * in.width + 3 * k)]);
        wrong += std::abs(value / 25 / std::pow(4.0 * 5 * 255, 4) - double{theirs(r, k)}) > 1e-4 * greatest ? 1 : 0;
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("features: the corners of a square", "[image][features]") {
  Image in(60, 50, 1);
  for (int r = 20; r < 32; ++r) {
    for (int c = 20; c < 40; ++c) in.at(r, c) = 200;
  }
  const auto corners = harris_corners(in);
  REQUIRE(corners.size() == 4);
  for (const Corner& corner : corners) {
    const double x = std::min(std::abs(corner.point.x - 20), std::abs(corner.point.x - 39));
    const double y = std::min(std::abs(corner.point.y - 20), std::abs(corner.point.y - 31));
    CHECK(x < 1.5);
    CHECK(y < 1.5);
  }
  CHECK(harris_corners(Image(5, 5, 1)).empty());
  CHECK(harris_corners(Image(60, 60, 1)).empty());  // nothing but black
  CHECK(harris_response(Image{}).empty());
}

TEST_CASE("features: a photograph and its warped copy give the homography back", "[image][features]") {
  const Image in = geometry_picture("grey");
  const Homography back = rotation_about({80, 60}, 12) * Homography{{1, 0, 3.3, 0, 1, -2.6, 2e-4, 1e-4, 1}};
  Image other = sized(in.width, in.height);
  warp_perspective(in, back, other);
  const auto a = harris_corners(other);
  const auto b = harris_corners(in);
  const auto matches = match_descriptors(describe(other, a), describe(in, b));
  REQUIRE(matches.size() > 20);
  std::vector<Point2> from;
  std::vector<Point2> to;
  for (const Match& m : matches) {
    from.push_back(a[static_cast<std::size_t>(m.a)].point);
    to.push_back(b[static_cast<std::size_t>(m.b)].point);
  }
  HomographyRansac ransac(from, to, {.threshold = 2});
  while (ransac.step()) {
  }
  const auto fit = ransac.result();
  REQUIRE(fit);
  CHECK(2 * fit->count > static_cast<int>(matches.size()));
  for (const Point2 p : {Point2{30, 30}, {130, 30}, {130, 90}, {30, 90}}) {
    CHECK(reprojection_error(fit->h, p, back(p)) < 1.0);
  }
}

TEST_CASE("features: distances and matching by hand", "[image][features]") {
  Descriptor zero{};
  Descriptor one{};
  one[0] = 1;
  Descriptor many{};
  many.fill(0xFFFFFFFFU);
  CHECK(hamming_distance(zero, one) == 1);
  CHECK(hamming_distance(zero, many) == 256);
  const std::vector<Descriptor> a = {zero, many};
  const std::vector<Descriptor> b = {many, one};
  const auto matches = match_descriptors(a, b);
  REQUIRE(matches.size() == 2);
  CHECK(matches[0].b == 1);
  CHECK(matches[1].b == 0);
  CHECK(match_descriptors(a, std::vector<Descriptor>{one, one}).empty());  // two as near
  CHECK(match_descriptors({}, b).empty());
  CHECK(match_descriptors(std::vector<Descriptor>{one, zero}, std::vector<Descriptor>{zero}).size() == 1);
}
