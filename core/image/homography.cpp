#include "core/image/homography.hpp"

#include <Eigen/Dense>
#include <Eigen/SVD>
#include <cmath>
#include <limits>

namespace cvlab {

namespace {

using Matrix3 = Eigen::Matrix<double, 3, 3, Eigen::RowMajor>;

Matrix3 matrix_of(const Homography& h) { return Eigen::Map<const Matrix3>(h.h.data()); }

// With 1 as the last number. The factor that makes it so does not change what H maps to what.
std::optional<Homography> homography_of(Matrix3 m) {
  const double size = m.cwiseAbs().maxCoeff();
  if (!std::isfinite(size) || size == 0.0) return std::nullopt;
  m /= std::abs(m(2, 2)) > 1e-12 * size ? m(2, 2) : size;
  Homography h;
  Eigen::Map<Matrix3>(h.h.data()) = m;
  return h;
}

// Moves and scales points to mean (0, 0) and mean distance sqrt(2). Nothing when all are one point.
std::optional<Matrix3> normalisation(std::span<const Point2> points) {
  const auto n = static_cast<double>(points.size());
  double x = 0.0;
  double y = 0.0;
  for (const Point2& p : points) {
    x += p.x / n;
    y += p.y / n;
  }
  double distance = 0.0;
  for (const Point2& p : points) distance += std::sqrt((p.x - x) * (p.x - x) + (p.y - y) * (p.y - y)) / n;
  if (!(distance > 0.0) || !std::isfinite(distance)) return std::nullopt;
  const double scale = std::sqrt(2.0) / distance;
  Matrix3 t;
  t << scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1;
  return t;
}

}  // namespace

MappedPoint Homography::map(Point2 p) const {
  MappedPoint m;
  m.u = h[0] * p.x + h[1] * p.y + h[2];
  m.v = h[3] * p.x + h[4] * p.y + h[5];
  m.w = h[6] * p.x + h[7] * p.y + h[8];
  constexpr double nowhere = std::numeric_limits<double>::infinity();
  m.point = m.w != 0.0 ? Point2{m.u / m.w, m.v / m.w} : Point2{nowhere, nowhere};
  return m;
}

Homography operator*(const Homography& a, const Homography& b) {
  return homography_of(matrix_of(a) * matrix_of(b)).value_or(Homography{});
}

std::optional<Homography> inverse(const Homography& h) {
  const Matrix3 m = matrix_of(h);
  const double size = m.cwiseAbs().maxCoeff();
  if (!(std::abs(m.determinant()) > 1e-15 * size * size * size)) return std::nullopt;
  return homography_of(m.inverse());
}

Homography translation(double x, double y) { return {{1, 0, x, 0, 1, y, 0, 0, 1}}; }

Homography rotation_about(Point2 centre, double degrees) {
  const double turn = degrees * 3.14159265358979323846 / 180.0;
  const double c = std::cos(turn);
  const double s = std::sin(turn);
  return {{c, s, (1 - c) * centre.x - s * centre.y, -s, c, s * centre.x + (1 - c) * centre.y, 0, 0, 1}};
}

HomographySystem homography_system(std::span<const Point2, 4> from, std::span<const Point2, 4> to) {
  HomographySystem system;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto [x, y] = from[i];
    const auto [u, v] = to[i];
    system.a[2 * i] = {x, y, 1, 0, 0, 0, -x * u, -y * u};
    system.a[2 * i + 1] = {0, 0, 0, x, y, 1, -x * v, -y * v};
    system.b[2 * i] = u;
    system.b[2 * i + 1] = v;
  }
  return system;
}

bool degenerate(std::span<const Point2, 4> points, double sine) {
  for (std::size_t skip = 0; skip < 4; ++skip) {
    const Point2& a = points[(skip + 1) % 4];
    const Point2& b = points[(skip + 2) % 4];
    const Point2& c = points[(skip + 3) % 4];
    const double cross = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    const double ab = std::sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
    const double ac = std::sqrt((c.x - a.x) * (c.x - a.x) + (c.y - a.y) * (c.y - a.y));
    if (!(std::abs(cross) > sine * ab * ac)) return true;
  }
  return false;
}

// Normalised points keep the system well conditioned: products of pixels would be a million times the ones beside them.
std::optional<Homography> homography_from_four(std::span<const Point2, 4> from, std::span<const Point2, 4> to) {
  if (degenerate(from) || degenerate(to)) return std::nullopt;
  const auto t = normalisation(from);
  const auto s = normalisation(to);
  if (!t || !s) return std::nullopt;
  std::array<Point2, 4> a;
  std::array<Point2, 4> b;
  for (std::size_t i = 0; i < 4; ++i) {
    a[i] = {(*t)(0, 0) * from[i].x + (*t)(0, 2), (*t)(1, 1) * from[i].y + (*t)(1, 2)};
    b[i] = {(*s)(0, 0) * to[i].x + (*s)(0, 2), (*s)(1, 1) * to[i].y + (*s)(1, 2)};
  }
  // Not with the last number fixed at 1: the mean of the points may lie on the horizon. Eight equations, nine numbers.
  Eigen::Matrix<double, 9, 9> m = Eigen::Matrix<double, 9, 9>::Zero();
  for (int i = 0; i < 4; ++i) {
    const auto [x, y] = a[static_cast<std::size_t>(i)];
    const auto [u, v] = b[static_cast<std::size_t>(i)];
    m.row(2 * i) << x, y, 1, 0, 0, 0, -x * u, -y * u, -u;
    m.row(2 * i + 1) << 0, 0, 0, x, y, 1, -x * v, -y * v, -v;
  }
  Eigen::FullPivLU<Eigen::Matrix<double, 9, 9>> lu(m);
  if (lu.rank() != 8) return std::nullopt;
  const Eigen::Matrix<double, 9, 1> k = lu.kernel().col(0);
  Matrix3 h;
  h << k(0), k(1), k(2), k(3), k(4), k(5), k(6), k(7), k(8);
  return homography_of(s->inverse() * h * *t);
}

std::optional<Homography> homography_dlt(std::span<const Point2> from, std::span<const Point2> to) {
  const std::size_t n = from.size();
  if (n < 4 || to.size() != n) return std::nullopt;
  const auto t = normalisation(from);
  const auto s = normalisation(to);
  if (!t || !s) return std::nullopt;
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(2 * n), 9);
  for (std::size_t i = 0; i < n; ++i) {
    const Eigen::Vector3d p = *t * Eigen::Vector3d(from[i].x, from[i].y, 1);
    const Eigen::Vector3d q = *s * Eigen::Vector3d(to[i].x, to[i].y, 1);
    const auto row = static_cast<Eigen::Index>(2 * i);
    a.row(row) << p(0), p(1), 1, 0, 0, 0, -q(0) * p(0), -q(0) * p(1), -q(0);
    a.row(row + 1) << 0, 0, 0, p(0), p(1), 1, -q(1) * p(0), -q(1) * p(1), -q(1);
  }
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(a, Eigen::ComputeFullV);
  const auto& values = svd.singularValues();
  if (!(values(7) > 1e-9 * values(0))) return std::nullopt;  // more than one H fits
  const Eigen::VectorXd k = svd.matrixV().col(8);
  Matrix3 h;
  h << k(0), k(1), k(2), k(3), k(4), k(5), k(6), k(7), k(8);
  return homography_of(s->inverse() * h * *t);
}

double reprojection_error(const Homography& h, Point2 from, Point2 to) {
  const Point2 p = h(from);
  const double error = std::sqrt((p.x - to.x) * (p.x - to.x) + (p.y - to.y) * (p.y - to.y));
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

}  // namespace cvlab
