#include "core/data/shapes.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace cvlab;

TEST_CASE("a scene's masks, boxes and pixels belong together") {
  const SceneParams params{96, 128, 2, 5, 0.12f, 0.25f, 0.2f};
  int seen_objects = 0;
  for (std::uint64_t index = 0; index < 20; ++index) {
    const Scene scene = make_scene(params, 11, index);
    REQUIRE(scene.image.width == 128);
    REQUIRE(scene.image.height == 96);
    REQUIRE(scene.mask.size() == 96 * 128);
    CHECK(scene.objects.size() <= 5);
    seen_objects += static_cast<int>(scene.objects.size());
    for (int y = 0; y < 96; ++y) {
      for (int x = 0; x < 128; ++x) {
        const int number = scene.mask[static_cast<std::size_t>(y) * 128 + static_cast<std::size_t>(x)];
        REQUIRE(number <= static_cast<int>(scene.objects.size()));
        if (number == 0) continue;
        const SceneObject& o = scene.objects[static_cast<std::size_t>(number) - 1];
        REQUIRE((x >= o.left && x < o.right && y >= o.top && y < o.bottom));
      }
    }
    // The last object is covered by none: its box is tight around its mask.
    const SceneObject& last = scene.objects.back();
    int left = 128, right = 0;
    for (std::size_t i = 0; i < scene.mask.size(); ++i)
      if (scene.mask[i] == scene.objects.size()) {
        left = std::min(left, static_cast<int>(i % 128));
        right = std::max(right, static_cast<int>(i % 128) + 1);
      }
    CHECK((left == last.left && right == last.right));
  }
  CHECK(seen_objects >= 40);
  CHECK(make_scene(params, 11, 3).image == make_scene(params, 11, 3).image);
  CHECK(make_scene(params, 11, 3).image != make_scene(params, 12, 3).image);
}

TEST_CASE("shapes cover what their geometry says") {
  // One object a scene; its share of its own box: disc pi/4, ring 0.7 pi/4; others depend on the angle, within bounds.
  const SceneParams params{200, 200, 1, 1, 0.3f, 0.3f, 0.0f};
  std::vector<int> met(shape_class_count, 0);
  for (std::uint64_t index = 0; index < 60; ++index) {
    const Scene scene = make_scene(params, 5, index);
    const SceneObject& o = scene.objects.at(0);
    const auto pixels = static_cast<double>(std::count(scene.mask.begin(), scene.mask.end(), 1));
    const double circle = 3.14159265 * 60.0 * 60.0;
    ++met[static_cast<std::size_t>(o.label)];
    const double share = pixels / circle;
    INFO(shape_class_names()[static_cast<std::size_t>(o.label)] << " " << share);
    switch (o.label) {
      case ShapeClass::disc:
        CHECK(std::abs(share - 1.0) < 0.01);
        break;
      case ShapeClass::ring:
        CHECK(std::abs(share - 0.7) < 0.01);
        break;
      case ShapeClass::square:  // 2 r^2
        CHECK(std::abs(share - 2.0 / 3.14159265) < 0.01);
        break;
      case ShapeClass::triangle:  // 3 sqrt(3) / 4 r^2
        CHECK(std::abs(share - 1.29904 / 3.14159265) < 0.01);
        break;
      case ShapeClass::star:  // 5 inner sin(36 degrees) r^2
        CHECK(std::abs(share - 5.0 * 0.42 * 0.587785 / 3.14159265) < 0.01);
        break;
      case ShapeClass::cross:  // two bars of 0.56 x 1.9 less their meeting
        CHECK(std::abs(share - (2.0 * 0.56 * 1.9 - 0.56 * 0.56) / 3.14159265) < 0.01);
        break;
    }
  }
  CHECK(std::all_of(met.begin(), met.end(), [](int n) { return n > 0; }));
}

TEST_CASE("the classification set has every class equally often") {
  const Dataset data = make_shapes(30, 32, 2);
  CHECK(data.count() == 30);
  CHECK(data.example == Shape{3, 32, 32});
  CHECK(data.classes() == shape_class_count);
  for (int c = 0; c < data.classes(); ++c) CHECK(std::count(data.labels.begin(), data.labels.end(), c) == 5);
  CHECK(data.pixels.size() == 30u * 3u * 32u * 32u);
  CHECK(make_shapes(6, 32, 2).pixels == std::vector(data.pixels.begin(), data.pixels.begin() + 6 * 3072));
}
