#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/app/demos/demo_fixture.hpp"

using cvlab::Image;
using cvlab::app::DemoFixture;

namespace {

Image two_pixels() {
  Image image(2, 1, 3);
  image.data = {255, 128, 0, 10, 20, 30};
  return image;
}

}  // namespace

TEST_CASE("pixels: the numbers of a pixel are those of the file", "[app][pixels]") {
  DemoFixture demo("pixels", "image=own&cell=1,2");
  CHECK(std::isnan(demo.number("red")));
  demo.pictures.put("own", two_pixels());
  demo.demo->update(0.0);
  CHECK(demo.number("width") == 2);
  CHECK(demo.number("height") == 1);
  CHECK(demo.number("red") == 10);
  CHECK(demo.number("green") == 20);
  CHECK(demo.number("blue") == 30);
  CHECK(demo.number("size") == 2 * 3);  // bytes
}

// level = floor(v 2^bits / 256): the most significant bits of the byte.
TEST_CASE("pixels: taking bits away halves the levels", "[app][pixels]") {
  DemoFixture demo("pixels", "image=own&cell=1,1&channel=green");
  demo.pictures.put("own", two_pixels());
  demo.demo->update(0.0);
  CHECK(demo.number("value") == 128);
  CHECK(demo.number("levels") == 256);
  demo.set("bits", "1");
  CHECK(demo.number("value") == 1);
  CHECK(demo.number("levels") == 2);
  CHECK(demo.number("minimum") == 0);
  CHECK(demo.number("maximum") == 1);
  demo.set("bits", "3");
  CHECK(demo.number("value") == 4);
  CHECK(demo.number("size") == 2 * 3 / 8.0);  // two pixels of one channel at three bits
  CHECK(demo.number("green") == 128);         // what the file says stays
}

TEST_CASE("pixels: grey is the luma of BT.601, rounded", "[app][pixels]") {
  DemoFixture demo("pixels", "image=own&cell=1,1&channel=grey");
  demo.pictures.put("own", two_pixels());
  demo.demo->update(0.0);
  CHECK(demo.number("value") == 151);  // 0.299 * 255 + 0.587 * 128 = 151.381
}

TEST_CASE("pixels: a grey file has three equal channels and one plane in memory", "[app][pixels]") {
  DemoFixture demo("pixels", "image=box&cell=3,4");
  CHECK(demo.number("red") == 90);
  CHECK(demo.number("blue") == 90);
  CHECK(demo.number("value") == 90);
  CHECK(demo.number("size") == 100);
}

TEST_CASE("pixels: a pixel that does not exist is named", "[app][pixels]") {
  DemoFixture demo("pixels", "image=box&cell=11,4");
  CHECK(demo.sentence().find("no pixel (11,4)") != std::string::npos);
  CHECK(demo.number("row") == 10);
}
