#include "app/views/network_map.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cvlab::app {

namespace {

MapLayer layer(const char* name, int channels, int rows, int columns) {
  MapLayer made;
  made.name = name;
  made.values = Tensor(Shape{channels, rows, columns});
  return made;
}

NetworkMap small_network() {
  NetworkMap map;
  std::vector<MapLayer> layers;
  layers.push_back(layer("input", 1, 28, 28));
  layers.push_back(layer("conv1", 8, 26, 26));
  layers.push_back(layer("conv2", 16, 11, 11));
  layers.push_back(layer("fc1", 64, 1, 1));
  layers.push_back(layer("fc", 10, 1, 1));
  map.set(std::move(layers));
  return map;
}

bool apart(const Rect& a, const Rect& b) { return a.x1 <= b.x0 || b.x1 <= a.x0 || a.y1 <= b.y0 || b.y1 <= a.y0; }

}  // namespace

TEST_CASE("network map: maps lie inside, apart from each other, and are found again", "[app][views]") {
  NetworkMap map = small_network();
  for (const bool downwards : {false, true}) {
    const Rect area = downwards ? Rect{12, 40, 348, 420} : Rect{10, 20, 950, 420};
    map.arrange(area, downwards, 46.0F, 3.0F);
    std::vector<Rect> all;
    for (int l = 0; l < 5; ++l) {
      const Tensor& values = map.layers()[static_cast<std::size_t>(l)].values;
      for (int c = 0; c < values.size(0); ++c) {
        const Rect rect = map.map_rect(l, c);
        INFO("layer " << l << " map " << c << (downwards ? " downwards" : ""));
        CHECK(rect.x0 >= area.x0 - 1);
        CHECK(rect.x1 <= area.x1 + 1);
        CHECK(rect.y0 >= area.y0 - 1);
        CHECK(rect.y1 <= area.y1 + 1);
        for (const Rect& other : all) CHECK(apart(rect, other));
        all.push_back(rect);
        for (const MapUnit unit : {MapUnit{l, c, 0, 0}, MapUnit{l, c, static_cast<int>(values.size(1)) - 1,
                                                                static_cast<int>(values.size(2)) / 2}}) {
          const Rect cell = map.block_rect({l, c, unit.row, unit.row + 1, unit.column, unit.column + 1});
          CHECK(map.at(0.5F * (cell.x0 + cell.x1), 0.5F * (cell.y0 + cell.y1)) == unit);
        }
      }
    }
    CHECK(map.bottom() <= area.y1 + 1);
    CHECK_FALSE(map.at(area.x0 - 30, area.y0 - 30));
  }
}

TEST_CASE("network map: nothing to arrange", "[app][views]") {
  NetworkMap map;
  map.set({});
  map.arrange({0, 0, 100, 100}, false, 46.0F, 3.0F);
  CHECK_FALSE(map.at(50, 50));
}

}  // namespace cvlab::app
