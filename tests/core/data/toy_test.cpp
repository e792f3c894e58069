#include "core/data/toy.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace cvlab;

TEST_CASE("without noise the points lie on their curves") {
  const ToyData circles = make_toy(ToyKind::circles, 100, 0.0, 1);
  const ToyData moons = make_toy(ToyKind::moons, 100, 0.0, 1);
  const ToyData blobs = make_toy(ToyKind::blobs, 99, 0.0, 1, 3);
  const ToyData spirals = make_toy(ToyKind::spirals, 99, 0.0, 1, 3);
  CHECK(circles.classes == 2);
  CHECK(blobs.classes == 3);
  for (int i = 0; i < 99; ++i) {
    const auto at = static_cast<std::size_t>(i);
    CHECK(std::abs(std::hypot(circles.points(i, 0), circles.points(i, 1)) - (circles.labels[at] == 0 ? 0.4f : 0.9f)) <
          1e-6f);
    const float side = moons.labels[at] == 0 ? 1.0f : -1.0f;
    const float x = moons.points(i, 0) + 0.3f * side, y = moons.points(i, 1) + 0.15f * side;
    CHECK(std::abs(std::hypot(x, y) - 0.6f) < 1e-6f);
    CHECK(y * side >= 0.0f);
    CHECK(std::abs(std::hypot(blobs.points(i, 0), blobs.points(i, 1)) - 0.6f) < 1e-6f);
    const double radius = std::hypot(spirals.points(i, 0), spirals.points(i, 1));
    const double angle =
        2.0 * 3.14159265358979 * spirals.labels[at] / 3.0 + 3.0 * 3.14159265358979 * (radius - 0.1) / 0.85;
    CHECK(std::abs(std::remainder(std::atan2(spirals.points(i, 1), spirals.points(i, 0)) - angle,
                                  2.0 * 3.14159265358979)) < 1e-4);
  }
}

TEST_CASE("classes are equally many, noise has its deviation, the seed decides") {
  const ToyData a = make_toy(ToyKind::blobs, 4000, 0.1, 3, 4);
  double squares = 0.0;
  for (int i = 0; i < 4000; ++i) {
    CHECK(a.labels[static_cast<std::size_t>(i)] == i % 4);
    const double turn = 2.0 * 3.14159265358979 * (i % 4) / 4.0;
    squares += std::pow(static_cast<double>(a.points(i, 0)) - 0.6 * std::cos(turn), 2.0);
  }
  CHECK(std::abs(std::sqrt(squares / 4000.0) - 0.1) < 0.005);
  CHECK(make_toy(ToyKind::moons, 50, 0.1, 3).points == make_toy(ToyKind::moons, 50, 0.1, 3).points);
  CHECK(!(make_toy(ToyKind::moons, 50, 0.1, 3).points == make_toy(ToyKind::moons, 50, 0.1, 4).points));
  REQUIRE(parse_toy("spirals"));
  CHECK(parse_toy("spirals").value() == ToyKind::spirals);
  CHECK(parse_toy("moon").error().id == "toy-unknown");
}
