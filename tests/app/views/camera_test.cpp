#include "app/views/camera.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

using Catch::Matchers::WithinAbs;
using namespace cvlab::app;

namespace {

constexpr Rect area{100, 50, 500, 350};  // 400 x 300 px

}  // namespace

TEST_CASE("camera: zoom 1 shows the whole picture, centred", "[app][views]") {
  const CellMap map = place(Camera{}, area, 100, 100);
  CHECK_THAT(map.size, WithinAbs(3.0, 1e-5));
  CHECK(map.x == 150);
  CHECK(map.y == 50);
  CHECK(map.clip.x0 == 150);
  CHECK(map.clip.x1 == 450);
  CHECK(map.at(150.5F, 50.5F) == Cell{0, 0});
  CHECK(map.at(449.0F, 349.0F) == Cell{99, 99});
}

TEST_CASE("camera: zooming keeps the cell under the pointer", "[app][views]") {
  Camera camera{2.0F, 50.0F, 50.0F};
  for (const float x : {210.0F, 300.0F, 444.0F}) {
    for (const float y : {90.0F, 200.0F, 333.0F}) {
      const CellMap before = place(camera, area, 400, 400);
      const CellMap after = place(zoomed(camera, area, 400, 400, 3.0F, x, y), area, 400, 400);
      CHECK_THAT((x - after.x) / after.size, WithinAbs(static_cast<double>((x - before.x) / before.size), 0.6));
      CHECK_THAT((y - after.y) / after.size, WithinAbs(static_cast<double>((y - before.y) / before.size), 0.6));
    }
  }
}

TEST_CASE("camera: an enlarged picture leaves no gap, however far one drags", "[app][views]") {
  const Camera far = panned(Camera{4.0F, 50.0F, 50.0F}, area, 100, 100, 1e6F, -1e6F);
  const CellMap map = place(far, area, 100, 100);
  CHECK(map.x <= area.x0);
  CHECK(map.x + 100 * map.size >= area.x1 - 1.0F);
  CHECK(map.y <= area.y0);
  CHECK(map.y + 100 * map.size >= area.y1 - 1.0F);
}

TEST_CASE("camera: zoom ends at the whole picture and at eight cells", "[app][views]") {
  CHECK(zoomed(Camera{2.0F, 50, 50}, area, 100, 100, 1e-6F, 300, 200).zoom == 1.0F);
  const Camera close = zoomed(Camera{2.0F, 50, 50}, area, 100, 100, 1e6F, 300, 200);
  CHECK_THAT(place(close, area, 100, 100).size, WithinAbs(50.0, 1e-3));
  CHECK(max_zoom(area, 4, 4) == 1.0F);
}

TEST_CASE("camera: a cell outside the view is brought into it", "[app][views]") {
  const Camera camera{5.0F, 20.0F, 20.0F};
  const CellMap map = place(revealed(camera, area, 100, 100, {80, 90}), area, 100, 100);
  const Rect cell = map.rect(80, 90);
  CHECK(cell.x1 <= area.x1 + 1.0F);
  CHECK(cell.y1 <= area.y1 + 1.0F);
  CHECK(cell.x0 >= area.x0 - 1.0F);
}

TEST_CASE("camera: empty pictures and areas divide by nothing", "[app][views]") {
  for (const Rect& r : {area, Rect{}, Rect{10, 10, 11, 11}}) {
    const CellMap map = place(Camera{}, r, 0, 0);
    CHECK(map.size > 0.0F);
    CHECK(max_zoom(r, 0, 0) >= 1.0F);
  }
}
