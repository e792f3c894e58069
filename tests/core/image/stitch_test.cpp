#include "core/image/stitch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/image/point_pairs.hpp"
#include "tests/core/image/geometry_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("stitch: two views of one photograph become it again", "[image][stitch]") {
  const Image photo = geometry_picture("grey");
  const CutViews views = cut_views(photo, 0.75, 6);
  CHECK(views.a.width == 120);
  CHECK(views.b.height == photo.height);
  const Registration found =
      register_pictures(find_features(views.a), find_features(views.b), {}, {.threshold = 2, .seed = 5});
  REQUIRE(found.fit);
  for (const Point2 p : {Point2{30, 30}, {80, 30}, {80, 90}, {30, 90}}) {
    CHECK(reprojection_error(found.fit->h, p, views.truth(p)) < 1.5);
  }
  const Mosaic mosaic = make_mosaic(views.a, views.b, views.truth);
  REQUIRE_FALSE(mosaic.folded);
  CHECK(mosaic.image.width >= photo.width - 3);
  const auto x = static_cast<int>(mosaic.origin.x);
  const auto y = static_cast<int>(mosaic.origin.y);
  int far = 0;
  for (int r = 20; r < 100; ++r) {
    for (int c = 10; c < 150; ++c) {
      far += std::abs(mosaic.image.at(y + r, x + c) - photo.at(r, c)) > 30 ? 1 : 0;  // warped twice: softer
    }
  }
  CHECK(far < 80 * 140 / 50);
}

TEST_CASE("stitch: what cannot be laid out is left alone", "[image][stitch]") {
  const Image a(20, 10, 3);
  CHECK(make_mosaic(a, a, Homography{{1, 0, 0, 0, 1, 0, -0.2, 0, 1}}).folded);  // horizon at x = 5
  CHECK(make_mosaic(a, a, Homography{{1, 0, 1e6, 0, 1, 0, 0, 0, 1}}).folded);
  const Mosaic same = make_mosaic(a, a, Homography{});
  CHECK(same.image.width == 20);
  CHECK(same.image.at(3, 3, 3) == 255);
  CHECK_FALSE(register_pictures({}, {}, {}, {}).fit);
  CHECK(cut_views(Image(1, 1, 1), 0.6, 10).a.width == 1);
}

TEST_CASE("point pairs: as many outliers as asked for, the others near", "[image][stitch]") {
  const Homography h{{1.2, 0.1, 3, 0, 0.9, 8, 1e-4, 0, 1}};
  const PointPairs pairs = make_point_pairs(h, 200, 100, {.count = 50, .noise = 0.5, .outliers = 0.4, .seed = 3});
  const auto back = inverse(h);
  REQUIRE(back);
  int right = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    right += pairs.right[i];
    if (pairs.right[i] != 0) CHECK(reprojection_error(*back, pairs.from[i], pairs.to[i]) < 3);
  }
  CHECK(right == 30);
  CHECK(make_point_pairs(h, 200, 100, {.count = 0}).from.empty());
}
