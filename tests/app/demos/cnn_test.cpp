#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "app/demos/cnn/weight_edits.hpp"
#include "core/formats/file.hpp"
#include "core/image/pen.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"
#include "tests/app/demos/seven_segments.hpp"
#include "tests/app/demos/small_cnn.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr int test_count = 60;
const std::string zero = "cKSSSkcsmkmScK";  // a 0 of seven points
const std::string drawn_zero = "source=drawn&strokes=" + zero;

void put_trained(FileLibrary& files) {
  auto bytes = read_file(CVLAB_WEIGHTS "/small-cnn-digits.safetensors");
  REQUIRE(bytes);
  files.put("weights/small-cnn-digits.safetensors", std::move(bytes).value());
}

void rest(Demo& demo) {
  for (int i = 0; demo.update(0.02); ++i) REQUIRE(i < 10000);
}

// The trained network on drawn test pictures.
struct Net : DemoFixture {
  explicit Net(const std::string& query) : DemoFixture("cnn", query) {
    CHECK(problem);
    put_seven_segments(files, "digits", 10, test_count);
    put_trained(files);
    rest(*demo);
  }
  void change(std::string_view id, std::string_view value) {
    set(id, value);
    CHECK(problem);
    rest(*demo);
  }
};

}  // namespace

TEST_CASE("cnn: without its files it says so, and what failed says why", "[app][cnn]") {
  DemoFixture demo("cnn");
  CHECK(std::isnan(demo.number("prediction")));
  CHECK_FALSE(demo.demo->update(0.02));
  CHECK(demo.sentence().find("on its way") != std::string::npos);
  CHECK_FALSE(demo.demo->step(+1));
  demo.files.fail("weights/small-cnn-digits.safetensors", {"file.missing", "It is gone.", {"weights/x"}});
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("weights/x") != std::string::npos);
  demo.files.put("weights/small-cnn-digits.safetensors", {1, 2, 3});
  demo.demo->update(0.0);
  CHECK_FALSE(demo.sentence().empty());
  put_trained(demo.files);
  put_seven_segments(demo.files, "digits", 10, 5);
  demo.files.put("data/digits-test.png", {1, 2, 3});
  demo.demo->update(0.0);
  CHECK(demo.sentence() == "This file is not a PNG or JPEG picture.");
  demo.set("source", "drawn");  // needs no pictures
  CHECK_FALSE(std::isnan(demo.number("prediction")));
  CHECK(std::isnan(demo.number("accuracy")));
}

// The same strokes drawn with NumPy and the same weights in PyTorch 1.13.0, in double: answer, values of units that
// matter, and the gradients of -ln p(9) there.
TEST_CASE("cnn: values and gradients are PyTorch's", "[app][cnn]") {
  Net net(drawn_zero + "&direction=backward&target=9");
  CHECK(net.number("prediction") == 0);
  CHECK_THAT(net.number("probability"), WithinAbs(99.56925473, 1e-4));
  CHECK_THAT(net.number("loss"), WithinRel(5.473067732, 1e-5));
  CHECK(net.number("target") == 9);
  CHECK(std::isnan(net.number("label")));
  struct Unit {
    const char *layer, *map, *cell;
    double value, gradient, field;
  };
  for (const Unit& u : {Unit{"conv1", "3", "13,8", 0.2645029105, -1.56740288, 3},
                        {"relu1", "3", "13,8", 0.2645029105, -1.56740288, 3},
                        {"pool1", "3", "7,4", 0.2645029105, -1.56740288, 4},
                        {"conv2", "13", "5,3", 1.676327878, -0.4897207525, 8},
                        {"relu2", "13", "5,3", 1.676327878, -0.4897207525, 8},
                        {"pool2", "13", "3,2", 1.676327878, -0.4897207525, 10},
                        {"input", "1", "15,10", 1.0, 3.475709663, 1},
                        {"fc", "1", "1,1", 7.733138412, 0.9956925474, 26},
                        {"fc", "10", "1,1", 2.264387436, -0.995801667, 26},
                        {"softmax", "1", "1,1", 0.9956925474, 0.0, 26},
                        {"softmax", "10", "1,1", 0.004198333021, -238.1897756, 26}}) {
    INFO(u.layer << " " << u.map);
    net.change("layer", u.layer);
    net.change("map", u.map);
    net.change("cell", u.cell);
    CHECK_THAT(net.number("value"), WithinRel(u.value, 2e-5));
    CHECK_THAT(net.number("gradient"), WithinRel(u.gradient, 2e-5));
    CHECK(net.number("field_height") == u.field);
    CHECK(net.number("field_width") == u.field);
  }
}

// 3*3; 8 maps of 3*3; the 2x2 window; 16 maps of 5*5; ten classes. Back: 8 or 16 maps whose 3*3 windows hold the unit.
TEST_CASE("cnn: how many numbers a unit reads, and how many send it gradient", "[app][cnn]") {
  Net net(drawn_zero);
  const auto counts = [&](const char* layer, double terms, double gradient_terms) {
    INFO(layer);
    net.change("layer", layer);
    CHECK(net.number("terms") == terms);
    CHECK(net.number("gradient_terms") == gradient_terms);
  };
  net.change("cell", "3,3");
  counts("input", 0, 72);
  counts("conv1", 9, 1);
  counts("relu1", 1, 1);
  counts("pool1", 4, 144);
  counts("conv2", 72, 1);
  counts("relu2", 1, 1);
  counts("pool2", 4, 10);
  counts("fc", 400, 1);
  counts("softmax", 10, 1);
  // 11 rows pooled by two leave the last one unread.
  net.change("layer", "relu2");
  net.change("cell", "11,4");
  CHECK(net.number("gradient_terms") == 0);
  CHECK(net.number("gradient") == 0);
}

// PyTorch again: one weight of conv1 set to 0.5 (the cell gains (0.5 - 0.3938) * 212/255), and a kernel switched off.
TEST_CASE("cnn: a changed weight changes the answer and the accuracy", "[app][cnn]") {
  Net net(drawn_zero + "&layer=conv1&map=3&cell=8,11");
  CHECK_THAT(net.number("value"), WithinRel(0.1682626761642157, 1e-5));
  CHECK_THAT(net.number("bias"), WithinRel(0.1751708984375, 1e-7));
  const double before = net.number("accuracy");
  CHECK(before == net.number("accuracy_before"));
  CHECK(net.number("right") == std::round(before * test_count / 100));
  net.change("edits", "conv1:3,1,2,2=0.5");
  CHECK_THAT(net.number("value"), WithinRel(0.256555415134804, 1e-5));
  CHECK_THAT(net.number("probability"), WithinAbs(99.53596113, 1e-4));
  net.change("edits", "conv1:2=off");
  CHECK_THAT(net.number("probability"), WithinAbs(98.40347183, 1e-4));
  // Without any kernel of conv2 the answer is the same for every picture.
  std::string all;
  for (int i = 1; i <= 16; ++i) all += (i > 1 ? ";conv2:" : "conv2:") + std::to_string(i) + "=off";
  net.change("edits", all);
  const double silent = net.number("probability");
  net.change("strokes", "AA");
  CHECK(net.number("probability") == silent);
  CHECK(net.number("accuracy") < 25);
  CHECK(net.number("accuracy_before") == before);
  net.change("edits", "");
  CHECK(net.number("accuracy") == before);
}

TEST_CASE("cnn: what is wrong in a link is named", "[app][cnn]") {
  Net net("picture=61");
  CHECK(net.sentence().find("no picture 61") != std::string::npos);
  net.change("picture", "3");
  CHECK(net.sentence().find("no picture") == std::string::npos);
  for (const char* edits : {"x", "conv1", "conv1:1=2", "conv1:1,1,2=2", "conv1:0,1,1,1=2", "conv1:1,1,1,1=x"}) {
    INFO(edits);
    net.change("edits", edits);
    CHECK(net.sentence().find("not a changed weight") != std::string::npos);
  }
  for (const char* edits : {"conv3:1=off", "fc:1=off", "conv1:9=off", "conv1:1,2,1,1=1", "conv1:1,1,4,1=1"}) {
    INFO(edits);
    net.change("edits", edits);
    CHECK(net.sentence().find("no such weight") != std::string::npos);
  }
  net.change("edits", "");
  net.change("source", "drawn");
  CHECK(net.sentence().find("Draw a digit") != std::string::npos);
  net.change("strokes", "cK!");
  CHECK(net.sentence().find("Character 3") != std::string::npos);
}

TEST_CASE("cnn: edits as text, there and back", "[app][cnn]") {
  for (const char* text : {"", "conv1:3,1,2,2=0.5", "conv2:16=off;conv2:1,8,3,3=-1.25"}) {
    const auto edits = parse_weight_edits(text);
    REQUIRE(edits);
    CHECK(format_weight_edits(edits.value()) == text);
  }
  auto edits = parse_weight_edits("conv1:1,1,1,1=1;conv1:1,1,1,2=2").value();
  WeightEdit again = edits[0];
  again.value = 3;
  CHECK(format_weight_edits(with_edit(edits, again)) == "conv1:1,1,1,2=2;conv1:1,1,1,1=3");
}

// From the pixel up to the answer along what contributes most; each unit is read by the next.
TEST_CASE("cnn: steps follow the strongest connection", "[app][cnn]") {
  Net net(drawn_zero + "&layer=conv1&map=3&cell=13,8");
  const auto layer = [&] { return std::string(net.state.raw("layer")); };
  for (const char* next : {"relu1", "pool1", "conv2", "relu2", "pool2", "fc", "softmax"}) {
    CHECK(net.demo->step(+1));
    rest(*net.demo);
    CHECK(layer() == next);
  }
  CHECK_FALSE(net.demo->step(+1));
  net.change("map", "1");
  CHECK(net.demo->step(-1));
  rest(*net.demo);
  CHECK(layer() == "fc");
  CHECK(net.number("map") == 1);
  for (const char* next : {"pool2", "relu2", "conv2", "pool1", "relu1", "conv1", "input"}) {
    CHECK(net.demo->step(-1));
    rest(*net.demo);
    CHECK(layer() == next);
    CHECK(net.number("value") > 0);
  }
  CHECK_FALSE(net.demo->step(-1));
}

namespace {

void rest(AppFixture& it) {
  for (int i = 0; it.frame(1280, 800, 0.02); ++i) REQUIRE(i < 10000);
}

struct Window : AppFixture {
  explicit Window(const std::string& state) : AppFixture("cnn") {
    put_seven_segments(app->files(), "digits", 10, 20);
    put_trained(app->files());
    CHECK(app->set_all(state));
    rest(*this);
  }
};

}  // namespace

TEST_CASE("cnn: the pen draws where the pointer goes, a press begins a stroke", "[app][cnn]") {
  Window it("source=drawn");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  it.frame(1280, 800);
  // The square is the only place where a press writes strokes: look for it from the left.
  const auto strokes = [&] { return std::string(it.app->state()->raw("strokes")); };
  float x = 8.0F;
  while (strokes().empty() && x < 400.0F) it.click(x += 16.0F, 300.0F, 1280, 800);
  REQUIRE_FALSE(strokes().empty());
  CHECK(it.app->set("strokes", ""));
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(x, 300.0F);
  it.frame(1280, 800);
  io.AddMouseButtonEvent(0, true);
  it.frame(1280, 800);
  for (int i = 1; i <= 10; ++i) {
    io.AddMousePosEvent(x + static_cast<float>(4 * i), 300.0F + static_cast<float>(2 * i));
    it.frame(1280, 800);
  }
  io.AddMouseButtonEvent(0, false);
  it.frame(1280, 800);
  const auto drawn = parse_strokes(strokes());
  REQUIRE(drawn);
  REQUIRE(drawn.value().size() == 1);
  CHECK(drawn.value()[0].size() >= 4);
  it.click(x, 330.0F, 1280, 800);
  CHECK(parse_strokes(strokes()).value().size() == 2);
}

TEST_CASE("cnn: pointing looks, clicking keeps", "[app][cnn]") {
  Window it("layer=conv2&map=3&cell=6,7");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  it.frame(1280, 800);
  const std::string kept = it.app->readouts_json();
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(1180.0F, 240.0F);  // over the last column
  it.frame(1280, 800);
  it.frame(1280, 800);
  CHECK(it.app->readouts_json() != kept);
  CHECK(it.app->state()->choice("layer") == "conv2");
  io.AddMousePosEvent(2.0F, 2.0F);
  it.frame(1280, 800);
  it.frame(1280, 800);
  CHECK(it.app->readouts_json() == kept);
  it.click(1180.0F, 240.0F, 1280, 800);
  CHECK(it.app->state()->choice("layer") == "softmax");
}

// Somewhere below the network stand nine weights, each of which can be dragged.
TEST_CASE("cnn: dragging a weight of the kernel changes it", "[app][cnn]") {
  Window it("layer=conv1&map=3&cell=8,11");
  ImGuiIO& io = ImGui::GetIO();
  const auto edits = [&] { return std::string(it.app->state()->raw("edits")); };
  for (float x = 620.0F; x < 1000.0F && edits().empty(); x += 20.0F) {
    io.AddMousePosEvent(x, 640.0F);
    it.frame(1280, 800);
    io.AddMouseButtonEvent(0, true);
    it.frame(1280, 800);
    io.AddMousePosEvent(x, 610.0F);
    it.frame(1280, 800);
    io.AddMouseButtonEvent(0, false);
    it.frame(1280, 800);
  }
  const auto found = parse_weight_edits(edits());
  REQUIRE(found);
  REQUIRE(found.value().size() == 1);
  CHECK(found.value()[0].layer == "conv1");
  CHECK(found.value()[0].kernel == 2);
}

TEST_CASE("cnn: arrow keys move the unit", "[app][cnn]") {
  Window it("layer=conv2&map=3&cell=6,7");
  const auto cell = [&] { return std::string(it.app->state()->raw("cell")); };
  it.press(ImGuiKey_LeftArrow);
  CHECK(cell() == "6,6");
  it.press(ImGuiKey_DownArrow);
  CHECK(cell() == "7,6");
  CHECK(it.app->set("layer", "fc"));
  it.press(ImGuiKey_DownArrow);
  CHECK(it.app->state()->integer("map") == 4);
}

TEST_CASE("cnn: drawn at every size, pointed at and clicked everywhere, both ways", "[app][cnn]") {
  for (const char* state : {"layer=conv2", "layer=fc&direction=backward", "layer=pool1&direction=backward&target=3",
                            "source=drawn&edits=conv1:2=off", "layer=softmax", "layer=input"}) {
    Window it(state);
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
        const float x = width * static_cast<float>(i * 37 % 97) / 97.0F;
        const float y = height * static_cast<float>(i * 53 % 89) / 89.0F;
        it.click(x, y, width, height);
        if (it.app->demo_id() != "cnn") {  // the menu was hit
          CHECK(it.app->open("cnn"));
          CHECK(it.app->set_all(state));
        }
      }
    }
  }
}
