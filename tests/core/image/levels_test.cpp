#include "core/image/levels.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/core/image/points_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("levels: counts, moments and ends by hand", "[image][levels]") {
  Image in(2, 2, 1);
  in.data = {10, 10, 20, 40};
  const Levels levels = levels_of(in, 0);
  CHECK(levels.count[10] == 2);
  CHECK(levels.total() == 4);
  CHECK(levels.fullest() == 2);
  CHECK(levels.mean() == 20.0);
  CHECK(levels.deviation() == Catch::Approx(std::sqrt(150.0)));
  CHECK(levels.least() == 10);
  CHECK(levels.greatest() == 40);
  CHECK(levels_of(Image{}, 0).mean() == 0.0);
}

TEST_CASE("levels: counted fast is counted by definition", "[image][levels]") {
  for (const auto& [width, height] : odd_sizes) {
    const Image in = random_image(width, height, 3, 7);
    for (int c = 0; c < 3; ++c) CHECK(levels_of(in, c) == levels_ref(in, c));
  }
}

TEST_CASE("levels: equalisation equals OpenCV", "[image][levels]") {
  for (const char* name : points_pictures) {
    INFO(name);
    const Image in = points_picture(name);
    Image out;
    apply_curve(in, equalise_transfer(levels_of(in, 0)).value, out);
    CHECK(out == points_picture(std::string(name) + "-equalise"));
  }
  Image flat(3, 3, 1);
  CHECK(equalise_transfer(levels_of(flat, 0)).value == identity_transfer().value);
}

TEST_CASE("levels: CLAHE equals OpenCV", "[image][levels]") {
  for (const char* name : points_pictures) {
    INFO(name);
    const Image in = points_picture(name);
    Image out;
    clahe(in, 2.0, 8, 8, out);
    CHECK(most_apart(out, points_picture(std::string(name) + "-clahe")) <= 1);
    clahe(in, 4.0, 3, 2, out);
    CHECK(most_apart(out, points_picture(std::string(name) + "-clahe-3x2")) <= 1);
  }
  for (const auto& [width, height] : odd_sizes) {
    const Image in = random_image(width, height, 1, 3);
    Image out;
    clahe(in, 2.0, 8, 8, out);
    CHECK(out.data.size() == in.data.size());
  }
}
