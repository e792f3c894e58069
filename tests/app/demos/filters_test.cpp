#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Approx;

namespace {

struct FivePixels : DemoFixture {
  explicit FivePixels(const std::string& query) : DemoFixture("filters", "image=own&" + query) {
    Image image(5, 5, 1);
    image.data = {10, 20, 30, 40, 50, 0, 0, 90, 0, 0, 255, 250, 245, 240, 235, 7, 77, 177, 17, 71, 128, 64, 32, 16, 8};
    pictures.put("own", image);
    demo->update(0.0);
  }
};

std::string value(const AppFixture& it, std::string_view id) { return std::string(it.app->state()->raw(id)); }

}  // namespace

// cv2.filter2D of OpenCV 4.6.0 on these 25 numbers, CV_32F, BORDER_REFLECT_101.
TEST_CASE("filters: every kernel as OpenCV filters", "[app][filters][golden]") {
  struct Row {
    const char* kernel;
    double middle, corner, least, greatest;  // at (2, 3) and (5, 5); of all
  };
  FivePixels demo("");
  for (const Row& row :
       {Row{"identity", 90, 8, 0, 255}, Row{"shift", 0, 16, 0, 255},
        Row{"mean", 101.666664, 27.77778, 5.555556, 137.22223}, Row{"mean-9", 98.80247, 86.81481, 84.81483, 116.18517},
        Row{"motion", 115.66666, 61.333332, 60.22222, 123.77777}, Row{"sharpen", 175, -134, -502, 768},
        Row{"emboss", 745, 8, -787, 790}, Row{"sobel-x", 10, 0, -260, 240}, Row{"sobel-y", 860, 0, -902, 950},
        Row{"laplacian", -85, 142, -513, 509}}) {
    CAPTURE(row.kernel);
    demo.set("kernel", row.kernel);
    demo.set("cell", "2,3");
    CHECK(demo.number("input") == 90);
    CHECK(demo.number("output") == Approx(row.middle));
    CHECK(demo.number("minimum") == Approx(row.least));
    CHECK(demo.number("maximum") == Approx(row.greatest));
    demo.set("cell", "5,5");
    CHECK(demo.number("output") == Approx(row.corner).margin(1e-4));
  }
}

TEST_CASE("filters: the sum of the weights says what becomes of even areas", "[app][filters]") {
  FivePixels demo("kernel=mean-9");
  CHECK(demo.number("kernel_sum") == Approx(1.0));
  CHECK(demo.sentence() == "The weights sum to 1: even areas keep their brightness.");
  demo.set("kernel", "sobel-x");
  CHECK(demo.number("kernel_sum") == 0);
  CHECK(demo.sentence().find("only changes show") != std::string::npos);
  demo.set("kernel", "own");
  demo.set("weights", "0 0 0; 0 3 0; 0 0 0");
  CHECK(demo.number("kernel_sum") == 3);
  CHECK(demo.sentence("fr").find("multipliées") != std::string::npos);
  CHECK(std::isnan(demo.number("distance")));
}

// Distances from numpy on the results of cv2.filter2D, as above.
TEST_CASE("filters: a puzzle is solved when every pixel is", "[app][filters][golden]") {
  FivePixels demo("mode=puzzle&puzzle=2&guess=0 0 0; 0 1 0; 0 0 0");
  CHECK(demo.number("distance") == 255);
  CHECK(demo.number("mean_distance") == Approx(108.56));
  CHECK(demo.number("solved") == 0);
  demo.set("guess", "0 1 0; 0 0 0; 0 0 0");
  CHECK(demo.number("distance") == 0);
  CHECK(demo.number("solved") == 1);
  CHECK(demo.sentence() == "Puzzle 2 solved: no pixel differs by half a grey level.");
  demo.set("puzzle", "3");
  demo.set("guess", "0.11 0.11 0.11; 0.11 0.11 0.11; 0.11 0.11 0.11");
  CHECK(demo.number("distance") == Approx(1.3722229));
  CHECK(demo.number("mean_distance") == Approx(0.828131).epsilon(1e-4));
  CHECK(demo.number("solved") == 0);
  demo.set("guess", "0.111 0.111 0.111; 0.111 0.111 0.111; 0.111 0.111 0.111");
  CHECK(demo.number("distance") == Approx(0.13722229).epsilon(1e-3));
  CHECK(demo.number("solved") == 1);
  demo.set("guess", "1 1 1; 1 1 1; 1 1 1");
  CHECK(demo.number("solved") == 0);
  demo.set("divisor", "9");
  CHECK(demo.number("distance") < 1e-4);
  CHECK(demo.number("solved") == 1);
}

// On a picture whose columns are all alike, what lies left and right does not matter.
TEST_CASE("filters: another kernel with the same picture solves it, too, and it says so", "[app][filters]") {
  FivePixels demo("mode=puzzle&puzzle=3");
  Image stripes(6, 6, 1);
  for (int row = 0; row < 6; ++row) {
    for (int column = 0; column < 6; ++column) stripes.at(row, column) = static_cast<std::uint8_t>(40 * row);
  }
  demo.pictures.put("own", stripes);
  demo.set("divisor", "3");
  demo.set("guess", "0 1 0; 0 1 0; 0 1 0");
  CHECK(demo.number("distance") < 1e-3);
  CHECK(demo.number("solved") == 1);
  CHECK(demo.sentence().find("another kernel than the hidden one") != std::string::npos);
}

TEST_CASE("filters: hints come one by one", "[app][filters]") {
  FivePixels demo("mode=puzzle&puzzle=5");
  CHECK(std::isnan(demo.number("hidden_sum")));
  demo.set("hint", "1");
  CHECK(demo.number("hidden_sum") == 1);
}

TEST_CASE("filters: without a picture it says why", "[app][filters]") {
  DemoFixture demo("filters", "image=own");
  CHECK(std::isnan(demo.number("output")));
  CHECK_FALSE(demo.sentence().empty());
}

TEST_CASE("filters: one pixel, one row, any mode", "[app][filters]") {
  FivePixels demo("kernel=mean-9");
  demo.pictures.put("own", Image(1, 1, 1));
  demo.demo->update(0.0);
  CHECK(demo.number("output") == 0);
  demo.pictures.put("own", Image(7, 1, 3));
  demo.set("mode", "puzzle");
  CHECK(demo.number("solved") == 1);
  CHECK(demo.sentence().find("another kernel") != std::string::npos);
}

TEST_CASE("filters: a click in the gallery takes a kernel, the buttons lead through the puzzles", "[app][filters]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("filters", options);
  (void)it.app->state()->set_all("image=ramp&kernel=identity");
  it.frame(1000.0F, 700.0F);
  it.frame(1000.0F, 700.0F);
  const std::string cell = value(it, "cell");
  it.click(150.0F, 150.0F, 1000.0F, 700.0F);
  CHECK(value(it, "cell") != cell);
  CHECK(value(it, "kernel") == "identity");
  for (float y = 420.0F; y < 640.0F && value(it, "kernel") == "identity"; y += 20.0F) {
    it.click(180.0F, y, 1000.0F, 700.0F);
  }
  CHECK(value(it, "kernel") != "identity");
  (void)it.app->state()->set_all("mode=puzzle&puzzle=5");
  it.frame(1000.0F, 700.0F);
  for (float y = 300.0F; y < 600.0F && value(it, "hint") == "0"; y += 15.0F) it.click(730.0F, y, 1000.0F, 700.0F);
  CHECK(value(it, "hint") == "1");
}

TEST_CASE("filters: dragging a weight makes the kernel one's own", "[app][filters]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("filters", options);
  (void)it.app->state()->set_all("image=ramp&kernel=identity");
  it.frame(1000.0F, 700.0F);
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(770.0F, 120.0F);
  it.frame(1000.0F, 700.0F);
  io.AddMouseButtonEvent(0, true);
  it.frame(1000.0F, 700.0F);
  io.AddMousePosEvent(770.0F, 90.0F);
  it.frame(1000.0F, 700.0F);
  io.AddMouseButtonEvent(0, false);
  it.frame(1000.0F, 700.0F);
  CHECK(value(it, "kernel") == "own");
  CHECK(value(it, "weights") == "0 0 0; 5 1 0; 0 0 0");
}

// The shell's tests of every demo see no photograph; here there is one, of any shape.
TEST_CASE("filters: every state is drawn on pictures of any shape", "[app][filters]") {
  AppFixture it("filters");
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{90, 1}, std::pair{1, 90}, std::pair{23, 17}}) {
    it.app->pictures().put("own", Image(width, height, 3));
    for (const char* state : {"kernel=mean-9", "kernel=own&weights=-1e9; 1e9", "negatives=offset&kernel=sobel-y",
                              "mode=puzzle&puzzle=8&hint=3&guess=1e9", "mode=puzzle&hint=2&divisor=25&zoom=1024",
                              "mode=puzzle&puzzle=7&negatives=signed&guess=1 1 1 1 1 1 1 1 1"}) {
      INFO(state << ' ' << width << 'x' << height);
      it.app->reset();
      CHECK(it.app->state()->set_all(std::string("image=own&cell=8192,8192&") + state));
      it.frame(1280.0F, 800.0F);
      it.frame(360.0F, 640.0F);
      for (const Readout& readout : it.app->demo()->readouts()) {
        INFO(readout.id);
        CHECK_FALSE(std::isinf(std::get<double>(readout.value)));
      }
    }
  }
}
