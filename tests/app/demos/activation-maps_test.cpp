#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "core/formats/file.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

void put_weights(FileLibrary& files) {
  for (const char* name : {"small-cnn-digits", "small-cnn-fashion-mnist", "lenet5-digits", "lenet5-fashion-mnist"}) {
    auto bytes = read_file(std::string(CVLAB_WEIGHTS "/") + name + ".safetensors");
    REQUIRE(bytes);
    files.put("weights/" + std::string(name) + ".safetensors", std::move(bytes).value());
  }
}

struct Maps : DemoFixture {
  explicit Maps(const std::string& query) : DemoFixture("activation-maps", query) {
    CHECK(problem);
    put_weights(files);
    demo->update(0.0);
  }
};

struct Row {
  const char *layer, *map;
  double maximum, minimum, mean, active, row, column;
};

void check(Maps& maps, const Row& r) {
  INFO(r.layer << ", map " << r.map);
  maps.set("layer", r.layer);
  maps.set("map", r.map);
  CHECK_THAT(maps.number("maximum"), WithinAbs(r.maximum, 1e-5));
  CHECK_THAT(maps.number("minimum"), WithinAbs(r.minimum, 1e-5));
  CHECK_THAT(maps.number("mean"), WithinAbs(r.mean, 1e-5));
  CHECK_THAT(maps.number("active"), WithinRel(r.active, 1e-8));
  CHECK(maps.number("row") == r.row);  // of the strongest cell
  CHECK(maps.number("column") == r.column);
  CHECK_THAT(maps.number("value"), WithinRel(maps.number("maximum"), 1e-4));
}

}  // namespace

// PyTorch 1.13.0 in double with the same weights, on the course's table and on the ramp, halved and inverted.
TEST_CASE("activation-maps: maps are PyTorch's", "[app][activation-maps]") {
  Maps box("image=box");
  for (const Row& r : {Row{"conv1", "2", 1.33632884, -0.387054443, 0.374376101, 60.9375, 2, 4},
                       {"conv1", "5", 0.450130687, -0.678014419, -0.0924522176, 46.875, 6, 7},
                       {"relu1", "2", 1.33632884, 0, 0.420682542, 60.9375, 2, 4},
                       {"pool1", "5", 0.450130687, 0, 0.180001427, 75, 3, 4},
                       {"conv2", "2", -0.545627672, -1.64003051, -1.1989435, 0, 1, 1},
                       {"conv2", "5", -0.379051093, -0.961702186, -0.669585868, 0, 1, 2},
                       {"pool2", "2", 0, 0, 0, 0, 1, 1}})
    check(box, r);
  Maps ramp("image=ramp&network=lenet5-fashion-mnist&side=32&invert=1");
  for (const Row& r : {Row{"conv1", "2", 0.768242574, -1.00452133, -0.154577155, 8.7890625, 2, 32},
                       {"relu1", "5", 1.49671193, 0, 0.263453291, 89.453125, 2, 2},
                       {"pool1", "2", 0.768242574, 0, 0.0243661711, 9.375, 1, 16},
                       {"conv2", "5", -0.179990086, -1.48946611, -0.554679491, 0, 12, 11},
                       {"relu2", "2", 0.139541597, 0, 0.00096903887, 100.0 / 144, 1, 1},
                       {"pool2", "2", 0.139541597, 0, 0.00387615548, 100.0 / 36, 1, 1}})
    check(ramp, r);
}

// Sizes by hand: 3x3 without padding, halves; 5x5 with padding 2, then without. Fields grow by (k - 1) times the jump.
TEST_CASE("activation-maps: sizes and receptive fields", "[app][activation-maps]") {
  Maps maps("image=shapes&side=128&cell=9,9");  // 256 x 256, halved
  CHECK(maps.number("picture_height") == 128);
  struct Size {
    const char* layer;
    double maps, height, field;
  };
  for (const Size& s : {Size{"conv1", 8, 126, 3},
                        {"pool1", 8, 63, 4},
                        {"conv2", 16, 61, 8},
                        {"relu2", 16, 61, 8},
                        {"pool2", 16, 30, 10}}) {
    INFO(s.layer);
    maps.set("layer", s.layer);
    CHECK(maps.number("maps") == s.maps);
    CHECK(maps.number("map_height") == s.height);
    CHECK(maps.number("map_width") == s.height);
    CHECK(maps.number("field_height") == s.field);
    CHECK(maps.number("field_width") == s.field);
  }
  maps.set("network", "lenet5-digits");
  for (const Size& s : {Size{"conv1", 6, 128, 5}, {"pool1", 6, 64, 6}, {"conv2", 16, 60, 14}, {"pool2", 16, 30, 16}}) {
    INFO(s.layer);
    maps.set("layer", s.layer);
    CHECK(maps.number("maps") == s.maps);
    CHECK(maps.number("map_height") == s.height);
    CHECK(maps.number("field_height") == s.field);
  }
  // At the border the field is cut off.
  maps.set("layer", "conv1");
  maps.set("cell", "1,9");
  CHECK(maps.number("field_height") == 3);
  CHECK(maps.number("field_width") == 5);
}

TEST_CASE("activation-maps: what is not there, too small or wrong says so", "[app][activation-maps]") {
  DemoFixture demo("activation-maps", "image=box");
  CHECK(std::isnan(demo.number("maximum")));
  CHECK(demo.sentence().find("on its way") != std::string::npos);
  demo.files.put("weights/small-cnn-digits.safetensors", {1, 2, 3});
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("on its way") == std::string::npos);
  CHECK_FALSE(demo.sentence().empty());
  demo.files.fail("weights/small-cnn-digits.safetensors", {"file.missing", "It is gone.", {"weights/x"}});
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("weights/x") != std::string::npos);
  put_weights(demo.files);
  demo.demo->update(0.0);
  CHECK(demo.number("maps") == 16);
  demo.set("image", "coins");  // a photograph that has not arrived
  CHECK(std::isnan(demo.number("maximum")));
  demo.pictures.fail("coins", {"picture.missing", "The picture could not be loaded."});
  demo.demo->update(0.0);
  CHECK_FALSE(demo.sentence().empty());
  demo.pictures.put("own", Image(4, 4, 3));
  demo.set("image", "own");
  CHECK(std::isnan(demo.number("maximum")));
  CHECK_FALSE(demo.sentence().empty());
  demo.pictures.put("own", Image(40, 20, 3));  // black: every cell of a map is alike
  demo.demo->update(0.0);
  CHECK(demo.number("picture_width") == 40);
  demo.set("layer", "conv1");
  demo.set("map", "12");
  CHECK(demo.sentence().find("8 maps") != std::string::npos);
  CHECK(demo.number("map") == 8);
  CHECK(demo.number("maximum") == demo.number("minimum"));
}

TEST_CASE("activation-maps: steps go from layer to layer", "[app][activation-maps]") {
  Maps maps("image=box&layer=conv1");
  for (const char* next : {"relu1", "pool1", "conv2", "relu2", "pool2"}) {
    CHECK(maps.demo->step(+1));
    maps.demo->update(0.0);
    CHECK(maps.state.raw("layer") == next);
  }
  CHECK_FALSE(maps.demo->step(+1));
  CHECK(maps.demo->step(-1));
  CHECK(maps.state.raw("layer") == "relu2");
}

TEST_CASE("activation-maps: clicking keeps a cell, arrow keys move it", "[app][activation-maps]") {
  AppFixture it("activation-maps");
  put_weights(it.app->files());
  CHECK(it.app->set_all("image=shapes&layer=conv1&map=2&cell=9,9"));
  it.frame();
  const auto cell = [&] { return std::string(it.app->state()->raw("cell")); };
  it.press(ImGuiKey_RightArrow);
  CHECK(cell() == "9,10");
  it.press(ImGuiKey_UpArrow);
  CHECK(cell() == "8,10");
  it.click(500.0F, 250.0F);  // on the picture
  CHECK(cell() != "8,10");
  const std::string before = cell();
  it.click(1100.0F, 120.0F);  // on another map
  CHECK(it.app->state()->integer("map") != 2);
  CHECK(cell() != before);
}

TEST_CASE("activation-maps: drawn at every size, pointed at and clicked everywhere", "[app][activation-maps]") {
  for (const char* state :
       {"image=shapes", "image=box&layer=conv2&map=5", "image=ramp&network=lenet5-digits&layer=conv1"}) {
    AppFixture it("activation-maps");
    put_weights(it.app->files());
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F},
                                        {640.0F, 512.0F},
                                        {360.0F, 900.0F},
                                        {320.0F, 480.0F},
                                        {560.0F, 130.0F},
                                        {130.0F, 130.0F},
                                        {1920.0F, 1080.0F},
                                        {1.0F, 1.0F}}) {
      it.frame(width, height);
      for (int i = 0; i < 40; ++i) {
        it.click(width * static_cast<float>(i * 37 % 97) / 97.0F, height * static_cast<float>(i * 53 % 89) / 89.0F,
                 width, height);
        if (it.app->demo_id() != "activation-maps") {  // the menu was hit
          CHECK(it.app->open("activation-maps"));
          CHECK(it.app->set_all(state));
        }
      }
    }
  }
}
