#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using Catch::Matchers::WithinAbs;
using cvlab::Image;
using cvlab::app::AppFixture;
using cvlab::app::DemoFixture;

// The table of the course's slide for its 10x10 picture and the 3x3 mean (SYLLABUS row 5). The slide prints a ninth
// row, a repetition of the eighth: a 3x3 kernel leaves 10 - 3 + 1 = 8.
TEST_CASE("convolution: the slide's box picture under the 3x3 mean", "[app][convolution][golden]") {
  constexpr int expected[8][8] = {{0, 10, 20, 30, 30, 30, 20, 10},  {0, 20, 40, 60, 60, 60, 40, 20},
                                  {0, 30, 60, 90, 90, 90, 60, 30},  {0, 30, 50, 80, 80, 90, 60, 30},
                                  {0, 30, 50, 80, 80, 90, 60, 30},  {0, 20, 30, 50, 50, 60, 40, 20},
                                  {10, 20, 30, 30, 30, 30, 20, 10}, {10, 10, 10, 0, 0, 0, 0, 0}};
  DemoFixture demo("convolution", "image=box&kernel=mean");
  CHECK(demo.number("output_height") == 8);
  CHECK(demo.number("output_width") == 8);
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      demo.set("cell", std::to_string(row + 1) + "," + std::to_string(column + 1));
      CHECK_THAT(demo.number("value"), WithinAbs(expected[row][column], 1e-4));
    }
  }
  CHECK_THAT(demo.number("maximum"), WithinAbs(90, 1e-4));
}

// O(5,7) = I57 K11 + I58 K12 + I59 K13 + I67 K21 + I68 K22 + I69 K23, on the picture whose cell (i, j) holds 10 i + j.
TEST_CASE("convolution: O(5,7) of the slide's 2x3 kernel", "[app][convolution][golden]") {
  DemoFixture demo("convolution", "image=numbered&kernel=own&weights=1 10 100;1000 10000 100000&cell=5,7");
  CHECK(demo.problem);
  CHECK(demo.number("value") == 57 * 1 + 58 * 10 + 59 * 100 + 67 * 1000 + 68 * 10000 + 69 * 100000);
  CHECK(demo.number("output_height") == 6 - 2 + 1);
  CHECK(demo.number("output_width") == 9 - 3 + 1);
  CHECK(demo.sentence().find("O(5, 7) is the sum I57·K11 + I58·K12 + I59·K13 + I67·K21 + I68·K22 + I69·K23 = ") == 0);
  demo.set("flip", "1");
  CHECK(demo.sentence().find("O(5, 7) is the sum I57·K23 + I58·K22 + I59·K21 + I67·K13 + I68·K12 + I69·K11 = ") == 0);
  CHECK(demo.number("value") == 69 * 1 + 68 * 10 + 67 * 100 + 59 * 1000 + 58 * 10000 + 57 * 100000);
}

TEST_CASE("convolution: output size follows padding, stride and dilation", "[app][convolution]") {
  DemoFixture demo("convolution", "image=box&padding=zero");
  CHECK(demo.number("output_height") == 10);
  demo.set("stride", "2");
  CHECK(demo.number("output_height") == 5);
  demo.set("padding", "valid");
  CHECK(demo.number("output_height") == 4);  // floor((10 - 3) / 2) + 1
  demo.set("dilation", "3");
  CHECK(demo.number("output_height") == 2);  // floor((10 - 7) / 2) + 1
}

TEST_CASE("convolution: cells that padding invents are named as what stands for them", "[app][convolution]") {
  DemoFixture demo("convolution", "image=numbered&rows=1&columns=3&padding=zero&cell=1,1");
  CHECK(demo.sentence().find("O(1, 1) is the sum 0·K11 + I11·K12 + I12·K13 = ") == 0);
  demo.set("padding", "replicate");
  CHECK(demo.sentence().find("O(1, 1) is the sum I11·K11 + I11·K12 + I12·K13 = ") == 0);
  demo.set("image", "ramp");
  demo.set("cell", "12,3");
  CHECK(demo.sentence().find("O(12, 3) is the sum I(12, 2)·K(1, 1) + ") == 0);
  demo.set("rows", "4");
  CHECK(demo.sentence().find("sum of 12 products") != std::string::npos);
}

// floor((N + P - d (k - 1) - 1) / s) + 1, P = 0 without padding, else d (k - 1): Dumoulin, Visin, arXiv:1603.07285.
TEST_CASE("convolution: the output size is the formula's, whatever the settings", "[app][convolution][golden]") {
  DemoFixture demo("convolution", "image=numbered");
  for (const char* padding : {"valid", "zero", "reflect"}) {
    for (const int k : {1, 2, 5}) {
      for (const int s : {1, 2, 4}) {
        for (const int d : {1, 3}) {
          CHECK(demo.state.set_all("padding=" + std::string(padding) + "&rows=1&columns=" + std::to_string(k) +
                                   "&stride=" + std::to_string(s) + "&dilation=" + std::to_string(d)));
          demo.demo->update(0.0);
          const int span = d * (k - 1) + 1;
          const int room = 9 + (padding == std::string("valid") ? 0 : span - 1) - span;
          CHECK(demo.number("output_width") == (room < 0 ? 0 : room / s + 1));
        }
      }
    }
  }
}

TEST_CASE("convolution: a kernel larger than the picture is said, not hidden", "[app][convolution]") {
  DemoFixture demo("convolution", "image=box&rows=11&columns=3");
  CHECK(demo.number("output_height") == 0);
  CHECK(std::isnan(demo.number("value")));
  CHECK(demo.sentence().find("larger than the picture") != std::string::npos);
  CHECK(demo.sentence("fr").find("plus grand") != std::string::npos);
  demo.set("padding", "zero");
  CHECK(demo.number("output_height") == 10);
}

TEST_CASE("convolution: own kernel starts from the one that was there and keeps its weights when resized",
          "[app][convolution]") {
  DemoFixture demo("convolution", "image=box&kernel=sobel-x");
  demo.set("kernel", "own");
  CHECK(demo.state.raw("weights") == "-1 0 1; -2 0 2; -1 0 1");
  demo.set("rows", "5");
  CHECK(demo.state.raw("weights") == "0 0 0; -1 0 1; -2 0 2; -1 0 1; 0 0 0");
  CHECK(demo.number("products") == 15);
  demo.set("kernel", "mean");
  demo.set("rows", "1");
  demo.set("kernel", "own");
  CHECK(demo.state.raw("weights") == "0.33333334 0.33333334 0.33333334");
  demo.set("weights", "1 2; 3 4");
  CHECK(demo.state.integer("rows") == 2);
  CHECK(demo.state.integer("columns") == 2);
  CHECK(demo.number("kernel_sum") == 10);
}

TEST_CASE("convolution: pixels changed by hand", "[app][convolution]") {
  DemoFixture demo("convolution", "image=box&kernel=identity&cell=1,1&edits=2,2=200");
  CHECK(demo.number("value") == 200);
  demo.set("edits", "2,2=-7.5;2,3=1");
  CHECK(demo.number("value") == -7.5);
  demo.set("edits", "2,2=x");
  CHECK(demo.sentence().find("2,2=x") != std::string::npos);
  demo.set("edits", "11,1=5");
  CHECK(demo.sentence().find("no pixel (11,1)") != std::string::npos);
  demo.set("edits", "2,2=200");
  demo.set("image", "ramp");
  CHECK(demo.state.raw("edits").empty());
}

TEST_CASE("convolution: a cell that does not exist is named", "[app][convolution]") {
  DemoFixture demo("convolution", "image=box&cell=400,3");
  CHECK(demo.sentence().find("no output cell (400,3)") != std::string::npos);
  CHECK(demo.number("row") == 8);
}

TEST_CASE("convolution: steps walk the output row by row, end, and start again", "[app][convolution]") {
  DemoFixture demo("convolution", "image=box&cell=1,8");
  CHECK(demo.demo->step(+1));
  demo.demo->update(0.0);
  CHECK(demo.number("row") == 2);
  CHECK(demo.number("column") == 1);
  CHECK(demo.demo->step(-1));
  CHECK(demo.state.toggle("fill"));
  demo.set("cell", "8,8");
  CHECK_FALSE(demo.demo->step(+1));
  CHECK_FALSE(demo.state.toggle("fill"));
  CHECK(demo.demo->step(+1));
  CHECK(demo.state.raw("cell") == "1,1");
  CHECK_FALSE(demo.demo->step(-1));
}

TEST_CASE("convolution: a photograph that arrives later, or not at all", "[app][convolution]") {
  DemoFixture demo("convolution", "image=camera&kernel=identity&cell=2,3");
  CHECK(std::isnan(demo.number("value")));
  demo.pictures.fail("camera", {"picture.missing", "The picture could not be loaded."});
  demo.demo->update(0.0);
  CHECK_FALSE(demo.sentence().empty());
  Image grey(7, 5, 1);
  grey.at(2, 3) = 77;
  demo.pictures.put("camera", grey);
  demo.demo->update(0.0);
  CHECK(demo.number("value") == 77);
}

TEST_CASE("convolution: a double click on a pixel opens a field for its value", "[app][convolution]") {
  AppFixture it("convolution", {.panel = false});
  CHECK(it.app->state()->set_all("image=box&kernel=identity"));
  it.frame(1000.0F, 700.0F);
  for (int twice = 0; twice < 2; ++twice) it.click(200.0F, 300.0F, 1000.0F, 700.0F);
  it.frame(1000.0F, 700.0F);
  const std::string kept(it.app->state()->raw("cell"));
  ImGui::GetIO().AddInputCharacter('7');
  for (int frame = 0; frame < 3; ++frame) it.frame(1000.0F, 700.0F);
  const std::string edits(it.app->state()->raw("edits"));
  INFO(kept << ' ' << edits);
  CHECK(edits.find("=7") != std::string::npos);
}
