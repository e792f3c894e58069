#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "core/formats/file.hpp"
#include "core/image/codec.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Approx;

namespace {

struct WithPicture : DemoFixture {
  WithPicture(const Image& image, const std::string& query) : DemoFixture("threshold", "image=own&" + query) {
    pictures.put("own", image);
    demo->update(0.0);
  }
};

// Two bright squares that touch at a corner, and a bright pixel by itself.
Image squares() {
  Image image(6, 5, 1);
  image.data = {90, 90, 10, 10, 10, 10,  //
                90, 90, 10, 10, 10, 10,  //
                10, 10, 90, 90, 10, 10,  //
                10, 10, 90, 90, 10, 10,  //
                10, 10, 10, 10, 10, 90};
  return image;
}

Image saved(const std::string& name) {
  const auto bytes = read_file(CVLAB_TEST_DATA "/points/" + name + ".png");
  REQUIRE(bytes);
  auto image = decode_image(bytes.value());
  REQUIRE(image);
  return std::move(image).value();
}

std::string value(const AppFixture& it, std::string_view id) { return std::string(it.app->state()->raw(id)); }

}  // namespace

TEST_CASE("threshold: pieces by hand, with 4 and 8 neighbours", "[app][threshold]") {
  WithPicture demo(squares(), "level=50&cell=1,1");
  CHECK(demo.number("output") == 255);
  CHECK(demo.number("components") == 2);
  CHECK(demo.number("area") == 8);
  CHECK(demo.number("foreground") == Approx(100.0 * 9 / 30));
  demo.set("neighbours", "4");
  CHECK(demo.number("components") == 3);
  CHECK(demo.number("area") == 4);
  CHECK(demo.number("largest") == 4);
  demo.set("smallest", "2");
  CHECK(demo.number("components") == 2);
  demo.set("level", "90");  // f > t: a level of 90 is not above 90
  CHECK(demo.number("components") == 0);
  CHECK(std::isnan(demo.number("area")));
  demo.set("dark", "1");
  CHECK(demo.number("components") == 1);
}

TEST_CASE("threshold: Otsu separates two levels completely", "[app][threshold]") {
  WithPicture demo(squares(), "method=otsu");
  CHECK(demo.number("otsu") == 10);
  CHECK(demo.number("threshold") == 10);
  CHECK(demo.number("separation") == Approx(1.0));
  CHECK(demo.number("foreground") == Approx(30.0));
}

// OpenCV 4.6.0: threshold(THRESH_OTSU) and connectedComponents on crops of shipped photographs, tests/data/points.
TEST_CASE("threshold: Otsu's level and the pieces are OpenCV's", "[app][threshold][golden]") {
  struct Case {
    const char* name;
    double level, four, eight;
  };
  for (const Case& c : {Case{"coins", 137, 5, 4}, Case{"page", 101, 20, 19}, Case{"random", 125, 82, 5}}) {
    INFO(c.name);
    WithPicture demo(saved(c.name), "method=otsu");
    CHECK(demo.number("otsu") == c.level);
    CHECK(demo.number("components") == c.eight);
    demo.set("neighbours", "4");
    CHECK(demo.number("components") == c.four);
  }
}

TEST_CASE("threshold: the local mean decides", "[app][threshold]") {
  WithPicture demo(squares(), "method=adaptive&size=3&offset=0&cell=2,2");
  // 90 of the block, 90 of the other's corner, four of 10: (5 * 90 + 4 * 10) / 9 = 54.4
  CHECK(demo.number("threshold") == 54);
  CHECK(demo.number("output") == 255);
  demo.set("offset", "-40");
  CHECK(demo.number("threshold") == 94);
  CHECK(demo.number("output") == 0);
  CHECK(std::isnan(demo.number("separation")));
}

TEST_CASE("threshold: IoU against what was painted, by hand", "[app][threshold]") {
  WithPicture demo(squares(), "level=50");
  CHECK(std::isnan(demo.number("iou")));
  demo.set("truth", "aAAAAAA.aAAABAA.aAAAAAB");  // three dots of one pixel each, all in the first square
  CHECK(demo.number("painted") == 3);
  CHECK(demo.number("iou") == Approx(3.0 / 9.0));
  CHECK(demo.number("dice") == Approx(6.0 / 12.0));
  demo.set("truth", "aAAAAAA.aAAAFAA");  // one right, one wrong
  CHECK(demo.number("iou") == Approx(1.0 / 10.0));
  demo.set("truth", "nonsense");
  CHECK(demo.sentence().find("painting in the figure") != std::string::npos);
  CHECK(demo.sentence("fr").find("masque") != std::string::npos);
}

TEST_CASE("threshold: without a picture it says why", "[app][threshold]") {
  DemoFixture demo("threshold", "image=own");
  CHECK(std::isnan(demo.number("components")));
  CHECK_FALSE(demo.sentence().empty());
}

TEST_CASE("threshold: pressing the histogram sets the threshold, the brush paints and erases", "[app][threshold]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("threshold", options);
  (void)it.app->state()->set_all("image=shapes&method=otsu");
  it.frame(1000.0F, 700.0F);
  it.click(300.0F, 640.0F, 1000.0F, 700.0F);
  CHECK(value(it, "method") == "fixed");
  const int low = std::stoi(value(it, "level"));
  it.click(400.0F, 640.0F, 1000.0F, 700.0F);
  CHECK(std::stoi(value(it, "level")) > low);
  it.click(250.0F, 200.0F, 1000.0F, 700.0F);
  CHECK(value(it, "truth").empty());  // the tool looks
  (void)it.app->state()->set("tool", "paint");
  it.click(250.0F, 200.0F, 1000.0F, 700.0F);
  const std::string dot = value(it, "truth");
  CHECK(dot.size() == 7);
  (void)it.app->state()->set("tool", "erase");
  it.click(250.0F, 200.0F, 1000.0F, 700.0F);
  CHECK(value(it, "truth") == dot + ".e" + dot.substr(1));
}
