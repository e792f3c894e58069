#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>
#include <utility>

#include "app/demos/cnn/weight_edits.hpp"
#include "core/image/pen.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/cnn_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

namespace {

void rest(AppFixture& it) {
  while (it.frame(1280, 800, 0.2)) {
  }
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

// The bias stands in the sum and the weights of a class below it: a click opens a field for the number.
TEST_CASE("cnn: bias and dense weights are changed on the figure", "[app][cnn]") {
  const auto typed = [](const std::string& state, const std::string& wanted) {
    Window it(state);
    AppOptions options = it.app->options();
    options.panel = false;
    it.app->set_options(options);
    it.frame(1280, 800);
    ImGuiIO& io = ImGui::GetIO();
    const auto edits = [&] { return std::string(it.app->state()->raw("edits")); };
    for (float y = 470.0F; y < 790.0F; y += 9.0F) {
      for (float x = 40.0F; x < 1240.0F; x += 35.0F) {
        it.click(x, y, 1280, 800);
        it.frame(1280, 800);
        io.AddInputCharacter('7');
        it.frame(1280, 800);
        it.press(ImGuiKey_Enter);
        it.frame(1280, 800);
        if (edits().rfind(wanted, 0) == 0) {
          CHECK(edits().find("=7") != std::string::npos);
          return;
        }
        if (!edits().empty() || it.app->state()->raw("layer") != State(it.app->state()->table()).raw("layer")) {
          CHECK(it.app->set_all(state + "&edits="));
          rest(it);
        }
      }
    }
    FAIL("no such number on the figure: " << wanted);
  };
  typed("layer=conv2&map=3&cell=6,7", "conv2:3,bias=");
  typed("layer=fc&map=4", "fc:4,bias=");
  typed("layer=fc&map=4", "fc:4,");
  typed("layers=dense12&layer=fc1&map=5", "fc1:5,");  // 784 products, too many for their weights to stand there
}

// The chips of the layers and the buttons below them: everything writes the text of the layers.
TEST_CASE("cnn: layers are added, resized and removed on the figure", "[app][cnn]") {
  Window it("below=layers&layer=conv1&layers=conv8:3,relu");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  it.frame(1280, 800);
  std::set<std::string> seen;
  for (float y = 440.0F; y < 796.0F; y += 11.0F) {
    for (float x = 20.0F; x < 640.0F; x += 16.0F) {
      CHECK(it.app->set_all("below=layers&layer=conv1&layers=conv8:3,relu"));
      it.frame(1280, 800);
      it.click(x, y, 1280, 800);
      seen.insert(std::string(it.app->state()->raw("layers")));
    }
  }
  for (const char* wanted :
       {"conv7:3,relu", "conv9:3,relu", "conv8:2,relu", "conv8:4,relu", "conv8:3:2,relu", "conv8:3:1:1,relu", "relu",
        "conv8:3,conv8:3,relu", "conv8:3,relu,relu", "conv8:3,pool2,relu", "conv8:3,dense32,relu"}) {
    INFO(wanted);
    CHECK(seen.contains(wanted));
  }
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
                            "source=drawn&edits=conv1:2=off", "layer=softmax", "layer=input", "below=training",
                            "below=layers", "below=layers&layers=conv8:3,dense64,conv1:1", "layers=x",
                            "layers=conv4:7:4,conv32:1,dense64,dense1&layer=fc1"}) {
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
      for (int i = 0; i < 24; ++i) {
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
