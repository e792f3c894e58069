#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>
#include <utility>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

// f(row, column) = 2 row + column: 40 x 60, nowhere above 255.
Image slope() {
  Image image(60, 40, 1);
  for (int row = 0; row < 40; ++row)
    for (int column = 0; column < 60; ++column) image.at(row, column, 0) = static_cast<std::uint8_t>(2 * row + column);
  return image;
}

struct Border : DemoFixture {
  explicit Border(const std::string& query) : DemoFixture("padding", "image=own&" + query) {
    CHECK(problem);
    pictures.put("own", slope());
    demo->update(0.0);
  }
};

}  // namespace

// On a plane the mean of 5 x 5 is the pixel in its middle. Crop of 8 from (11, 21): its first pixel is 2*10 + 20 = 40.
// In the middle of the first row, (1, 4), two rows of five are missing: 2*8 and 2*9 where rows 10, 11, 12 give 20, 22,
// 24, plus column 23. Zero loses 39 + 41 of five rows' means; replicate has 20 for 16 and 18: + (4 + 2) / 5; reflect
// has 24 and 22: + (8 + 4) / 5.
TEST_CASE("padding: a plane by hand", "[app][padding]") {
  Border border("corner=11,21&side=8&size=5&cell=1,4");
  CHECK(border.number("crop") == 8);
  CHECK(border.number("valid_side") == 4);
  CHECK(border.number("border_pixels") == 64 - 16);
  CHECK(border.number("border_share") == 75.0);
  CHECK(border.number("outside") == 10);
  CHECK_THAT(border.number("truth"), WithinAbs(43.0, 1e-4));
  CHECK_THAT(border.number("zero"), WithinAbs(43.0 - (39.0 + 41.0) / 5.0, 1e-4));
  CHECK_THAT(border.number("replicate"), WithinAbs(43.0 + 6.0 / 5.0, 1e-4));
  CHECK_THAT(border.number("reflect"), WithinAbs(43.0 + 12.0 / 5.0, 1e-4));
  // The corner (8, 8) is 34 + 27 = 61, both errors together: replicate - (2*3 + 3) / 5, reflect twice that.
  CHECK_THAT(border.number("worst_replicate"), WithinAbs(9.0 / 5.0, 1e-4));
  CHECK_THAT(border.number("worst_reflect"), WithinAbs(18.0 / 5.0, 1e-4));
  CHECK(border.number("mean_zero") > border.number("mean_reflect"));
  CHECK_THAT(border.number("mean_reflect"), WithinAbs(2.0 * border.number("mean_replicate"), 1e-4));
  border.set("cell", "4,4");
  CHECK(border.number("outside") == 0);
  CHECK(border.number("zero") == border.number("reflect"));
  border.set("kernel", "sobel-x");
  border.set("cell", "4,1");
  border.set("size", "3");
  CHECK_THAT(border.number("truth"), WithinAbs(8.0, 1e-4));  // 1 2 1 times a difference of 2
  CHECK_THAT(border.number("replicate"), WithinAbs(4.0, 1e-4));
  CHECK_THAT(border.number("reflect"), WithinAbs(0.0, 1e-4));
  CHECK_THAT(border.number("zero"), WithinAbs(4.0 * (2 * 13 + 21), 1e-4));  // as if the picture rose out of the dark
}

TEST_CASE("padding: crops that do not fit, and pictures that are too small", "[app][padding]") {
  Border border("corner=8000,1&side=20&size=7");
  CHECK(border.number("crop") == 20);
  CHECK_FALSE(std::isnan(border.number("truth")));
  border.set("side", "256");
  CHECK(border.number("crop") == 34);  // of 40 rows
  CHECK(border.sentence().find("34") != std::string::npos);
  border.set("image", "box");  // 10 x 10
  border.set("size", "11");
  CHECK(std::isnan(border.number("crop")));
  CHECK(border.sentence().find("too small") != std::string::npos);
  border.set("size", "3");
  CHECK(border.number("crop") == 8);
  border.set("image", "camera");
  CHECK(border.sentence().find("on its way") != std::string::npos);
}

// torchvision's AlexNet, VGG and ResNet, LeNet-5, YOLO.
TEST_CASE("padding: sizes of well-known layers", "[app][padding]") {
  DemoFixture demo("padding", "view=sizes");
  CHECK(demo.number("output_size") == 8);  // 10 cells, kernel 3
  CHECK(demo.number("same_padding") == 1);
  struct Known {
    const char *n, *k, *p, *s;
    double output;
  };
  for (const Known& l : {Known{"224", "11", "2", "4", 55},
                         {"224", "3", "1", "1", 224},
                         {"224", "7", "3", "2", 112},
                         {"28", "5", "2", "1", 28},
                         {"14", "5", "0", "1", 10},
                         {"448", "7", "3", "2", 224}}) {
    demo.set("n", l.n);
    demo.set("k", l.k);
    demo.set("p", l.p);
    demo.set("s", l.s);
    CHECK(demo.number("output_size") == l.output);
    CHECK_FALSE(demo.sentence().empty());
  }
  demo.set("k", "4");
  CHECK(std::isnan(demo.number("same_padding")));
  demo.set("n", "1");
  demo.set("p", "0");
  CHECK(demo.number("output_size") == 0);
  CHECK(demo.sentence().find("does not fit") != std::string::npos);
  CHECK_FALSE(demo.demo->step(+1));
}

TEST_CASE("padding: steps go through the rules and the windows", "[app][padding]") {
  Border border("side=8&size=5");
  CHECK(border.demo->step(-1));
  border.demo->update(0.0);
  CHECK(border.state.choice("rule") == "valid");
  CHECK_FALSE(border.demo->step(-1));
  CHECK(border.sentence().find("no value") != std::string::npos);
  border.set("rule", "reflect");
  CHECK_FALSE(border.demo->step(+1));
  border.set("view", "sizes");
  CHECK(border.demo->step(+1));
  CHECK(border.state.integer("output") == 2);
}

TEST_CASE("padding: dragging, keys and clicks write the state", "[app][padding]") {
  AppFixture it("padding");
  it.app->pictures().put("own", slope());
  CHECK(it.app->set_all("image=own&side=10&size=5"));
  it.frame();
  it.press(ImGuiKey_DownArrow);
  CHECK(it.app->state()->raw("cell") == "2,10");  // the last column of ten
  const std::string corner(it.app->state()->raw("corner"));
  it.click(450.0F, 200.0F);  // on the photograph
  CHECK(it.app->state()->raw("corner") != corner);
  it.click(1200.0F, 200.0F);  // on a tile of the last rule
  CHECK(it.app->state()->raw("rule") != "zero");
  CHECK(it.app->state()->raw("cell") != "2,10");
  CHECK(it.app->set_all("view=sizes&n=9"));
  it.frame();
  it.click(1000.0F, 190.0F);
  CHECK(it.app->state()->integer("output") > 1);
}

TEST_CASE("padding: drawn at every size, clicked everywhere", "[app][padding]") {
  for (const char* state : {"image=own&side=20", "image=own&size=15&side=6&kernel=laplacian", "view=sizes",
                            "view=sizes&n=600&p=10&s=8", "view=sizes&n=1&k=15"}) {
    AppFixture it("padding");
    it.app->pictures().put("own", slope());
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F},
                                        {360.0F, 860.0F},
                                        {320.0F, 480.0F},
                                        {560.0F, 130.0F},
                                        {1920.0F, 1080.0F},
                                        {1.0F, 1.0F}}) {
      it.frame(width, height);
      for (int i = 0; i < 8; ++i) {
        it.click(width * static_cast<float>(i * 37 % 97) / 97.0F, height * static_cast<float>(i * 53 % 89) / 89.0F,
                 width, height);
        if (it.app->demo_id() != "padding") {  // the menu was hit
          CHECK(it.app->open("padding"));
          CHECK(it.app->set_all(state));
        }
      }
    }
  }
}
