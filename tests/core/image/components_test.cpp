#include "core/image/components.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/core/image/points_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("components: a diagonal is one piece with 8 neighbours and two with 4", "[image][components]") {
  Image mask(3, 2, 1);
  mask.data = {1, 0, 9, 0, 1, 0};
  Components c;
  components(mask, 8, c);
  REQUIRE(c.list.size() == 1);
  CHECK(c.list[0] == Component{3, 0, 0, 3, 2, 1.0, 1.0 / 3.0});
  components(mask, 4, c);
  REQUIRE(c.list.size() == 3);
  CHECK(c.label == std::vector<std::int32_t>{1, 0, 2, 0, 3, 0});
  drop_small(c, 2);
  CHECK(c.list.empty());
  CHECK(c.at(1, 1) == 0);
}

TEST_CASE("components: labels and statistics equal OpenCV", "[image][components]") {
  for (const std::string name : points_pictures) {
    const Image mask = points_picture(name + "-otsu");
    for (const int neighbours : {4, 8}) {
      INFO(name << " " << neighbours);
      Components c;
      components(mask, neighbours, c);
      const Image labels = points_picture(name + "-components-" + std::to_string(neighbours));
      CHECK(std::equal(c.label.begin(), c.label.end(), labels.data.begin(), labels.data.end()));
      const Tensor saved = reference("points/" + name + "-statistics-" + std::to_string(neighbours) + ".npy");
      REQUIRE(static_cast<std::ptrdiff_t>(c.list.size()) == saved.size(0));
      bool same = true;
      for (std::size_t i = 0; i < c.list.size(); ++i) {
        const Component& p = c.list[i];
        const double found[] = {
            static_cast<double>(p.area), double(p.left), double(p.top), double(p.width), double(p.height), p.x, p.y};
        for (int k = 0; k < 7; ++k) {
          same = same && std::abs(found[k] - static_cast<double>(saved(static_cast<std::ptrdiff_t>(i), k))) < 1e-4;
        }
      }
      CHECK(same);
    }
  }
}

TEST_CASE("components: runs find what flooding finds", "[image][components]") {
  for (const auto& [width, height] : odd_sizes) {
    for (const unsigned full : {60U, 128U, 200U}) {
      Image mask = random_image(width, height, 1, 6);
      for (std::uint8_t& v : mask.data) v = v < full ? 255 : 0;
      for (const int neighbours : {4, 8}) {
        Components slow, fast;
        components_ref(mask, neighbours, slow);
        components(mask, neighbours, fast);
        CHECK(slow.label == fast.label);
        CHECK(slow.list == fast.list);
      }
    }
  }
}
