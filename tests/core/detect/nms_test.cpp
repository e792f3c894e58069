#include "core/detect/nms.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace cvlab;
using Status = NonMaximumSuppression::Status;
using Kind = NonMaximumSuppression::Step::Kind;

namespace {

// Twenty boxes of three classes; what stays is torchvision 0.14.1's ops.batched_nms and ops.nms on float64.
const std::vector<Detection> twenty = {
    {{43, 65, 71, 91}, 0.95, 1}, {{30, 72, 40, 82}, 0.10, 3},  {{20, 51, 46, 83}, 0.35, 3},
    {{5, 22, 43, 44}, 0.75, 3},  {{63, 33, 101, 71}, 0.40, 2}, {{10, 33, 26, 65}, 0.80, 3},
    {{68, 49, 88, 67}, 0.45, 2}, {{11, 49, 23, 59}, 0.30, 1},  {{-9, 77, 29, 93}, 0.25, 1},
    {{49, -3, 81, 35}, 1.00, 2}, {{13, 65, 45, 75}, 0.70, 1},  {{39, 66, 69, 80}, 0.50, 3},
    {{73, 61, 85, 71}, 0.85, 3}, {{28, 47, 40, 83}, 0.65, 2},  {{45, 66, 81, 76}, 0.05, 3},
    {{60, 26, 88, 62}, 0.55, 2}, {{59, 69, 73, 97}, 0.60, 1},  {{83, 30, 93, 66}, 0.20, 2},
    {{-3, 12, 31, 26}, 0.15, 3}, {{68, 63, 86, 101}, 0.90, 2}};

}  // namespace

TEST_CASE("nms: torchvision keeps the same boxes in the same order", "[detect][nms][golden]") {
  using List = std::vector<int>;
  CHECK(nms(twenty, {0.0, 0.1, true}) == List{9, 0, 19, 12, 5, 10, 13, 15, 11, 2, 7, 8, 18});
  CHECK(nms(twenty, {0.0, 0.25, true}) == List{9, 0, 19, 12, 5, 3, 10, 13, 15, 11, 6, 2, 7, 8, 17, 18, 1});
  CHECK(nms(twenty, {0.0, 0.4, true}) == List{9, 0, 19, 12, 5, 3, 10, 13, 16, 15, 11, 6, 2, 7, 8, 17, 18, 1});
  CHECK(nms(twenty, {0.0, 0.1, false}) == List{9, 0, 19, 5, 10, 15, 8, 18, 1});
  CHECK(nms(twenty, {0.0, 0.25, false}) == List{9, 0, 19, 12, 5, 3, 10, 13, 15, 6, 7, 8, 17, 18, 1});
  CHECK(nms(twenty, {0.0, 0.4, false}) == List{9, 0, 19, 12, 5, 3, 10, 13, 16, 15, 6, 7, 8, 17, 18, 1, 14});
}

TEST_CASE("nms: one decision at a time", "[detect][nms]") {
  // A and B overlap by 80 of 120: IoU 2/3. C is elsewhere, D scores too little.
  NonMaximumSuppression it(
      {{{0, 0, 10, 10}, 0.8, 0}, {{2, 0, 12, 10}, 0.9, 0}, {{50, 0, 60, 10}, 0.5, 0}, {{0, 0, 10, 10}, 0.1, 0}},
      {0.2, 0.5, true});
  CHECK(it.order() == std::vector<int>{1, 0, 2, 3});
  CHECK(it.last().kind == Kind::begin);
  REQUIRE(it.step());
  CHECK(it.last().kind == Kind::drop);
  CHECK(it.last().dropped == 1);
  CHECK(it.status(3) == Status::low_score);
  REQUIRE(it.step());
  CHECK(it.last().kind == Kind::keep);
  CHECK(it.last().box == 1);
  REQUIRE(it.step());
  CHECK(it.last().kind == Kind::compare);
  CHECK(it.last().other == 0);
  CHECK(it.last().iou == 80.0 / 120.0);
  CHECK(it.last().suppresses);
  CHECK(it.suppressed_by(0) == 1);
  REQUIRE(it.step());
  CHECK(it.last().other == 2);
  CHECK_FALSE(it.last().suppresses);
  REQUIRE(it.step());
  CHECK(it.last().kind == Kind::keep);
  CHECK(it.last().box == 2);
  REQUIRE(it.step());
  CHECK(it.last().kind == Kind::end);
  CHECK_FALSE(it.step());
  CHECK(it.kept() == std::vector<int>{1, 2});
  CHECK(it.comparisons() == 2);
  CHECK(it.steps() == 6);
  CHECK(it.count(Status::suppressed) == 1);
  CHECK(it.count(Status::waiting) == 0);
}

TEST_CASE("nms: ties, thresholds met exactly, and nothing at all", "[detect][nms]") {
  const std::vector<Detection> twins = {{{0, 0, 4, 4}, 0.5, 0}, {{0, 0, 4, 4}, 0.5, 0}, {{0, 2, 4, 6}, 0.5, 0}};
  CHECK(nms(twins, {0.5, 0.5, true}) == std::vector<int>{0, 2});        // a score at the threshold stays
  CHECK(nms(twins, {0.0, 1.0 / 3.0, true}) == std::vector<int>{0, 2});  // an IoU at the threshold, too
  CHECK(nms(twins, {0.0, 0.33, true}) == std::vector<int>{0});
  CHECK(nms(twins, {0.0, 1.0, true}) == std::vector<int>{0, 1, 2});  // nothing is above 1
  CHECK(nms(twins, {0.9, 0.5, true}).empty());
  NonMaximumSuppression none({}, {});
  CHECK(none.step());
  CHECK(none.step());
  CHECK(none.last().kind == Kind::end);
  CHECK_FALSE(none.step());
  const std::vector<Detection> points = {{{1, 1, 1, 1}, 0.9, 0}, {{1, 1, 1, 1}, 0.8, 0}};
  CHECK(nms(points, {0.0, 0.0, true}) == std::vector<int>{0, 1});  // without area nothing overlaps
}
