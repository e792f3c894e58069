#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using Catch::Matchers::WithinAbs;
using cvlab::Image;
using cvlab::app::AppFixture;
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

// The slides' table: row 5, column 4 holds 251, row 14 begins 187 196 235 75 1 81.
TEST_CASE("pixels: the slide's portrait of 16 rows", "[app][pixels][golden]") {
  DemoFixture demo("pixels", "image=portrait&channel=grey&cell=5,4");
  CHECK(demo.number("width") == 12);
  CHECK(demo.number("height") == 16);
  CHECK(demo.number("value") == 251);
  CHECK(demo.number("size") == 16 * 12);
  demo.set("cell", "14,5");
  CHECK(demo.number("value") == 1);
  demo.set("numbers", "unit");
  CHECK_THAT(demo.number("unit"), WithinAbs(1.0 / 255.0, 1e-12));
}

// (255, 128, 0) by hand: V = 255, S = 255 * 255 / 255, H = 30 * 128 / 255 = 15.06; L*a*b* of OpenCV 4.6:
// cv2.cvtColor(np.uint8([[[255, 128, 0]]]), cv2.COLOR_RGB2LAB) = 171, 171, 202.
TEST_CASE("pixels: a colour as hue, saturation, value and as lightness and two differences", "[app][pixels][golden]") {
  DemoFixture demo("pixels", "image=own&cell=1,1");
  demo.pictures.put("own", two_pixels());
  demo.demo->update(0.0);
  CHECK_THAT(demo.number("luma"), WithinAbs(151.381, 1e-3));
  const auto value = [&](const char* channel) {
    demo.set("channel", channel);
    return demo.number("value");
  };
  CHECK(value("hue") == 15);
  CHECK(value("saturation") == 255);
  CHECK(value("value") == 255);
  CHECK(value("lightness") == 171);
  CHECK(value("a") == 171 - 128);
  CHECK(value("b") == 202 - 128);
}

// numpy 1.24: np.uint8(250) + np.uint8(20) == 14, cv2.add(np.uint8([[250]]), 20) == 255.
TEST_CASE("pixels: 250 + 20 leaves the range of a byte", "[app][pixels][golden]") {
  DemoFixture demo("pixels", "image=own&cell=1,1&channel=grey&offset=20");
  Image image(2, 1, 1);
  image.data = {250, 100};
  demo.pictures.put("own", image);
  demo.demo->update(0.0);
  CHECK(demo.number("stored") == 255);
  CHECK(demo.number("overflowing") == 1);
  CHECK(demo.sentence().find("0 to 255: 1") != std::string::npos);
  demo.set("overflow", "wrap");
  CHECK(demo.number("stored") == 14);
  CHECK(demo.number("red") == 250);
  demo.set("offset", "-120");
  CHECK(demo.number("stored") == 130);
  demo.set("cell", "1,2");
  CHECK(demo.number("stored") == 236);
}

// 90 has level 2 of 8, shown as 2 * 255 / 7 = 72.86; 0 stays. 25 cells of 90 without the hole, and one on its own.
TEST_CASE("pixels: the error of taking bits away, and its PSNR", "[app][pixels][golden]") {
  DemoFixture demo("pixels", "image=box&channel=grey&cell=4,5");
  CHECK(std::isnan(demo.number("psnr")));
  CHECK(demo.number("different") == 2);
  demo.set("bits", "3");
  CHECK(demo.number("error") == 73 - 90);
  CHECK_THAT(demo.number("psnr"), WithinAbs(10.0 * std::log10(255.0 * 255.0 * 100 / (25 * 17 * 17)), 1e-9));
  demo.set("show", "error");
  demo.set("channel", "a");
  CHECK(demo.number("value") == 0);  // no colour: the middle of the range
  CHECK(demo.number("minimum") == 0);
}

TEST_CASE("pixels: a single pixel with everything at its end", "[app][pixels]") {
  DemoFixture demo("pixels", "image=own&channel=hue&bits=1&show=error&offset=-255&numbers=unit");
  CHECK(std::isnan(demo.number("value")));
  Image one(1, 1, 4);
  one.data = {1, 2, 3, 4};
  demo.pictures.put("own", one);
  demo.demo->update(0.0);
  CHECK(demo.number("width") == 1);
  CHECK(demo.number("stored") == 0);
  CHECK(demo.number("overflowing") == 1);
}

TEST_CASE("pixels: pointing reads a pixel, a click keeps it, a click on a plane shows it", "[app][pixels]") {
  AppFixture it("pixels", {.panel = false});
  CHECK(it.app->state()->set_all("image=portrait&cell=1,1"));
  const auto number = [&](const char* id) {
    for (const auto& readout : it.app->demo()->readouts()) {
      if (readout.id == id) return std::get<double>(readout.value);
    }
    return std::nan("");
  };
  it.frame(1000.0F, 700.0F);
  ImGui::GetIO().AddMousePosEvent(210.0F, 223.0F);  // the fourth cell of the fifth row
  it.frame(1000.0F, 700.0F);
  it.frame(1000.0F, 700.0F);
  CHECK(number("stored") == 251);
  CHECK(it.app->state()->raw("cell") == "1,1");
  it.click(210.0F, 223.0F, 1000.0F, 700.0F);
  CHECK(it.app->state()->raw("cell") == "5,4");
  it.click(677.0F, 100.0F, 1000.0F, 700.0F);  // the first plane
  CHECK(it.app->state()->raw("channel") == "red");
  it.click(677.0F, 100.0F, 1000.0F, 700.0F);
  CHECK(it.app->state()->raw("channel") == "colour");
}

TEST_CASE("pixels: every plane and range is drawn on pictures of any shape", "[app][pixels]") {
  AppFixture it("pixels");
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{90, 1}, std::pair{1, 90}, std::pair{23, 17}}) {
    it.app->pictures().put("own", Image(width, height, 3));
    for (const char* state : {"channel=hue&bits=1", "channel=a&numbers=unit&bits=2", "channel=saturation&offset=-255",
                              "show=error&bits=3&offset=255&overflow=wrap", "numbers=unit&zoom=1024"}) {
      INFO(state << ' ' << width << 'x' << height);
      it.app->reset();
      CHECK(it.app->state()->set_all(std::string("image=own&cell=8192,8192&") + state));
      it.frame(1280.0F, 800.0F);
      it.frame(360.0F, 640.0F);
      for (const auto& readout : it.app->demo()->readouts()) CHECK_FALSE(std::isinf(std::get<double>(readout.value)));
    }
  }
}
