// A homography maps one plane to another: lines stay lines, parallels need not stay parallel.
//
//   (u, v, w)^T = H (x, y, 1)^T,   x' = u / w,  y' = v / w,   H: 3 x 3, eight numbers and a factor that does not
//   matter.
//
// Points are in pixels; the middle of the upper left pixel is (0, 0). Source of the normalised direct linear
// transformation: R. Hartley, A. Zisserman, "Multiple View Geometry in Computer Vision", 2nd ed., algorithm 4.2.
#pragma once

#include <array>
#include <optional>
#include <span>

namespace cvlab {

struct Point2 {
  double x = 0.0;
  double y = 0.0;
  bool operator==(const Point2&) const = default;
};

struct MappedPoint {  // before and after the division
  double u = 0.0, v = 0.0, w = 1.0;
  Point2 point;  // not finite where w is 0: the point lies on the horizon
};

struct Homography {
  std::array<double, 9> h{1, 0, 0, 0, 1, 0, 0, 0, 1};  // row by row

  MappedPoint map(Point2 p) const;
  Point2 operator()(Point2 p) const { return map(p).point; }
};

Homography operator*(const Homography& a, const Homography& b);  // first b, then a; its last number is 1, if it can be
std::optional<Homography> inverse(const Homography& h);          // nothing for one that flattens the plane

Homography translation(double x, double y);
Homography rotation_about(Point2 centre, double degrees);  // counter-clockwise as the picture is seen (y points down)

// The eight equations of four pairs of points, with the last number of H fixed at 1:
//   x h11 + y h12 + h13 - x x' h31 - y x' h32 = x'      (row 2 i)
//   x h21 + y h22 + h23 - x y' h31 - y y' h32 = y'      (row 2 i + 1)
struct HomographySystem {
  std::array<std::array<double, 8>, 8> a{};
  std::array<double, 8> b{};
};
HomographySystem homography_system(std::span<const Point2, 4> from, std::span<const Point2, 4> to);

// H with H(from[i]) = to[i]. Nothing when three of the four lie on a line, on either side.
std::optional<Homography> homography_from_four(std::span<const Point2, 4> from, std::span<const Point2, 4> to);

// The H of n >= 4 pairs that makes the algebraic error of the normalised points least: points are moved and scaled to
// mean (0, 0) and mean distance sqrt(2), H is the right singular vector of the least singular value. With four pairs it
// is homography_from_four. Nothing for fewer pairs, or when the points do not determine H.
std::optional<Homography> homography_dlt(std::span<const Point2> from, std::span<const Point2> to);

// Whether three of the four lie on a line: the sine of the angle between them is less than `sine`.
bool degenerate(std::span<const Point2, 4> points, double sine = 1e-6);

// |H(from) - to|, in pixels of the second picture; infinite beyond the horizon.
double reprojection_error(const Homography& h, Point2 from, Point2 to);

}  // namespace cvlab
