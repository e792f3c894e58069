#include "core/train/picture_points.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <memory>
#include <vector>

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

// 4 x 4; class 1: the left half is 200; class 0: the upper half is 100, then all 40.
Dataset halves() {
  Dataset data;
  data.example = {1, 4, 4};
  data.class_names = {"0", "1"};
  data.labels = {1, 0, 0};
  for (int k = 0; k < 16; ++k) data.pixels.push_back(k % 4 < 2 ? 200 : 0);
  for (int k = 0; k < 16; ++k) data.pixels.push_back(k < 8 ? 100 : 0);
  for (int k = 0; k < 16; ++k) data.pixels.push_back(40);
  return data;
}

}  // namespace

TEST_CASE("picture_points: class by class, the mean of what a pixel covers", "[train][classifier]") {
  const LabelledPoints points = picture_points(halves(), 2, 2, 5);
  CHECK(points.dimensions == 4);
  CHECK(points.labels == std::vector<int>{0, 0, 1});
  const int expected[4][3] = {{100, 40, 200}, {100, 40, 0}, {0, 40, 200}, {0, 40, 0}};  // [pixel][picture]
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t k = 0; k < 3; ++k) CHECK(points.points[p * 3 + k] == expected[p][k] / 255.0);
  }
  CHECK(picture_points(halves(), 2, 2, 1).labels == std::vector<int>{0, 1});
  CHECK(picture_points(halves(), 2, 1, 5).labels == std::vector<int>{0, 0});
}

// Left or upper half: one linear unit per class is enough. Parameters 2 (4 + 1).
TEST_CASE("PointClassifier: pictures of four pixels", "[train][classifier]") {
  const auto data = std::make_shared<const LabelledPoints>(picture_points(halves(), 2, 2, 5));
  PointClassifier run(data, {});
  CHECK(run.net().parameters().size() == 10);
  for (int k = 0; k < 10; ++k) run.net().parameters()[static_cast<std::size_t>(k)] = k;
  const double point[] = {1.0, 0.0, 2.0, 0.5};
  CHECK(run.first_sum(1, point) == 4.0 + 2.0 * 6.0 + 0.5 * 7.0 + 9.0);  // weights 4 5 6 7, biases 8 9
  CHECK(run.first_products(1, point) == std::vector<double>{4.0, 0.0, 12.0, 3.5});
  run = PointClassifier(data, {});
  CHECK_THAT(run.evaluate().loss, WithinAbs(std::log(2.0), 1e-12));
  while (run.steps() < 150) run.advance();
  CHECK(run.evaluate().right == 3);
  CHECK(run.test(*data).loss == run.evaluate().loss);
  CHECK(run.test(picture_points(halves(), 2, 1, 5)).right == 2);
}
