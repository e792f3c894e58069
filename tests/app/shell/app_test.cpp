#include "app/shell/app.hpp"

#include <imgui_internal.h>

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/app/app_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using nlohmann::json;

namespace {

Image grey_picture() {
  Image image(12, 9, 1);
  for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = static_cast<std::uint8_t>(i * 2);
  return image;
}

}  // namespace

TEST_CASE("registry: demos in lesson order, found by id, each with a table that follows its own rules",
          "[app][registry]") {
  REQUIRE(all_demos().size() >= 2);
  CHECK(all_demos()[0]->id == "pixels");
  for (const DemoInfo* info : all_demos()) {
    INFO(info->id);
    CHECK(find_demo(info->id) == info);
    for (const Param& param : info->params) {
      INFO(param.id);
      State state(info->params);
      CHECK(state.set(param.id, param.initial));
      for (const std::string_view choice : param.choices) CHECK(state.set(param.id, choice));
      for (const char* name : {"demo", "lang", "theme", "panel", "hide", "module", "motion", "dpr"})
        CHECK(param.id != name);
      if (param.only_if.empty()) continue;
      const auto& table = info->params;
      const auto other =
          std::find_if(table.begin(), table.end(), [&](const Param& row) { return row.id == param.only_if; });
      REQUIRE(other != table.end());
      CHECK(state.set(param.only_if, param.only_value));
    }
  }
  CHECK(find_demo("no-such-demo") == nullptr);
  CHECK(find_demo("") == nullptr);
}

TEST_CASE("app: opens demos and the gallery, refuses what does not exist", "[app][shell]") {
  AppFixture it("convolution");
  CHECK(it.opened);
  CHECK(it.app->demo_id() == "convolution");
  const Result<void> missing = it.app->open("<script>");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().id == "shell.no_demo");
  CHECK(it.app->demo_id() == "convolution");  // the open one stays
  CHECK(it.app->open(""));
  CHECK(it.app->state() == nullptr);
  CHECK_FALSE(it.app->set("kernel", "mean"));
  CHECK(it.app->readouts_json() == "{}");
  CHECK(it.host.demos == std::vector<std::string>{"convolution", ""});
}

TEST_CASE("app: read-outs follow a parameter at once, and the page is told once a frame", "[app][shell]") {
  AppFixture it("convolution");
  it.frame();
  it.host.states = it.host.readouts = 0;
  CHECK(it.app->set("padding", "zero"));
  CHECK(json::parse(it.app->readouts_json())["output_height"] == 10);
  CHECK(it.app->set("stride", "2"));
  CHECK(json::parse(it.app->readouts_json())["output_height"] == 5);
  CHECK(it.host.states == 0);
  it.frame();
  CHECK(it.host.states == 1);
  CHECK(it.host.readouts == 1);
  CHECK(it.app->set("stride", "2"));
  it.frame();
  it.frame();
  CHECK(it.host.states == 1);  // nothing changed, nothing told
  CHECK(it.host.readouts == 1);
  CHECK_FALSE(it.app->set("stride", "9"));
  it.frame();
  CHECK(it.host.states == 1);
}

TEST_CASE("app: the state as JSON", "[app][shell]") {
  AppFixture it("convolution");
  CHECK(it.app->set_all("kernel=sobel-x&cell=2,3"));
  const json state = json::parse(it.app->state_json());
  CHECK(state["demo"] == "convolution");
  CHECK(state["params"]["kernel"] == "sobel-x");
  CHECK(state["params"].size() == it.app->info()->params.size());
  CHECK(state["text"] == "kernel=sobel-x&cell=2,3");
  CHECK(state["playing"] == false);
  CHECK(state["speed"] == 1.0);
  it.app->reset();
  CHECK(json::parse(it.app->state_json())["text"] == "");
}

TEST_CASE("app: undefined read-outs are null", "[app][shell]") {
  AppFixture it("convolution");
  CHECK(it.app->set_all("rows=15&columns=15&padding=valid"));
  CHECK(json::parse(it.app->readouts_json())["value"].is_null());
}

TEST_CASE("app: steps, play to the end, and stop", "[app][shell]") {
  AppFixture it("convolution");
  CHECK(it.app->set("cell", "8,6"));
  CHECK(it.app->step(+1));
  CHECK(json::parse(it.app->readouts_json())["column"] == 7);
  CHECK(it.app->step(-1));
  CHECK(it.app->play(true));
  CHECK(it.app->playing());
  const double interval = it.app->demo()->step_seconds();
  CHECK(it.app->update(0.1 * interval));
  CHECK(json::parse(it.app->readouts_json())["column"] == 6);
  for (int i = 0; i < 200 && it.app->playing(); ++i) it.app->update(0.25);
  CHECK_FALSE(it.app->playing());
  CHECK(json::parse(it.app->readouts_json())["column"] == 8);
  CHECK_FALSE(it.app->update(0.1));  // at rest: no frame wanted
  CHECK(it.app->play(true));         // play at the end starts again
  it.app->update(0.25);
  it.app->update(0.25);
  CHECK(json::parse(it.app->readouts_json())["row"] == 1);
  it.app->play(false);
}

TEST_CASE("app: speed multiplies the steps; a long pause does not owe any", "[app][shell]") {
  AppFixture it("convolution");
  CHECK(it.app->set("cell", "1,1"));
  it.app->play(true);
  const double interval = it.app->demo()->step_seconds();
  it.app->set_speed(4.0);
  it.app->update(0.5 * interval);  // 2 steps, when the interval fits in a frame
  const json values = json::parse(it.app->readouts_json());
  CHECK(values["column"] == 3);
  it.app->set_speed(0.0);
  it.app->set_speed(51.0);
  it.app->set_speed(std::numeric_limits<double>::quiet_NaN());
  CHECK(it.app->speed() == 4.0);
  it.app->set_speed(1.0);
  it.app->update(1e9);
  it.app->update(std::numeric_limits<double>::quiet_NaN());
  it.app->update(-5.0);
  CHECK(json::parse(it.app->readouts_json())["row"] == 1);
}

TEST_CASE("app: a demo without steps does not play", "[app][shell]") {
  AppFixture it("pixels");
  CHECK_FALSE(it.app->play(true));
  CHECK_FALSE(it.app->step(+1));
  CHECK_FALSE(it.app->playing());
}

TEST_CASE("app: reduced motion takes single steps only", "[app][shell]") {
  AppFixture it("convolution", {.reduced_motion = true});
  CHECK(it.app->set("cell", "1,1"));
  CHECK(it.app->play(true));
  CHECK_FALSE(it.app->playing());
  CHECK(json::parse(it.app->readouts_json())["column"] == 2);
}

TEST_CASE("app: keys play, step and leave", "[app][shell]") {
  AppFixture it("convolution", {.panel = false});
  CHECK(it.app->set("cell", "1,1"));
  it.frame();
  it.press(ImGuiKey_Period);
  CHECK(json::parse(it.app->readouts_json())["column"] == 2);
  it.press(ImGuiKey_Comma);
  CHECK(json::parse(it.app->readouts_json())["column"] == 1);
  it.press(ImGuiKey_RightArrow);
  CHECK(json::parse(it.app->readouts_json())["column"] == 2);  // the figure's own
  it.press(ImGuiKey_Space);
  CHECK(it.app->playing());
  it.press(ImGuiKey_Space);
  CHECK_FALSE(it.app->playing());
  CHECK(it.host.left == 0);
  it.press(ImGuiKey_Escape);
  CHECK(it.host.left == 1);
}

TEST_CASE("app: a photograph that arrives is computed, and told", "[app][pictures]") {
  AppFixture it("pixels");
  it.frame();
  CHECK(it.host.requested == std::vector<std::string>{"astronaut"});
  CHECK(json::parse(it.app->readouts_json())["width"].is_null());
  it.host.frames_requested = it.host.readouts = 0;
  it.app->pictures().put("astronaut", grey_picture());
  CHECK(it.host.frames_requested == 1);
  it.frame();
  CHECK(it.host.readouts == 1);
  CHECK(json::parse(it.app->readouts_json())["width"] == 12);
  CHECK(it.host.requested.size() == 1);
}

TEST_CASE("app: a picture of the learner's own becomes the demo's; the camera stops when another is chosen",
          "[app][pictures]") {
  AppFixture it("pixels");
  it.frame();
  it.app->pictures().put("own", grey_picture());
  it.frame();
  CHECK(it.app->state()->choice("image") == "own");
  CHECK(it.app->set("image", "box"));
  it.frame();
  CHECK(it.app->state()->choice("image") == "box");  // only a new picture takes over
  CHECK(it.host.camera_calls.empty());
  it.app->pictures().fail("own", {"picture.bad", "This file is no picture."});
  it.frame();
  CHECK(it.app->state()->choice("image") == "box");
}

TEST_CASE("app: a file that is no picture leaves the picture that was there", "[app][pictures]") {
  AppFixture it("pixels");
  it.frame();
  it.app->pictures().put("own", grey_picture());
  it.frame();
  it.app->pictures().fail("own", {"picture.bad", "This file is no picture."});
  it.frame();
  CHECK(it.app->state()->choice("image") == "own");
  CHECK(json::parse(it.app->readouts_json())["width"] == 12);
  it.app->pictures().put("own", grey_picture());
  CHECK(it.app->pictures().get("own").error.id.empty());
}

TEST_CASE("app: own picture asked for before there is one says so", "[app][pictures]") {
  AppFixture it("pixels");
  CHECK(it.app->set("image", "own"));
  it.frame();
  CHECK(it.app->pictures().get("own").error.id == "picture.none_opened");
  CHECK(Words("fr").has("error.picture.none_opened"));
  CHECK(it.app->demo()->sentence(it.app->words()).find("Open") != std::string::npos);
  CHECK(it.host.requested == std::vector<std::string>{"astronaut"});
}

TEST_CASE("app: the language changes while it runs", "[app][words]") {
  AppFixture it("pixels");
  AppOptions options = it.app->options();
  options.language = "fr";
  options.dark = true;
  it.app->set_options(options);
  it.frame();
  CHECK(it.app->words().language() == "fr");
}

TEST_CASE("app: gallery cards open their demo by mouse and by keyboard", "[app][gallery]") {
  AppFixture it;
  it.frame();
  it.frame();
  it.click(200.0F, 300.0F);
  CHECK(it.app->demo_id() == "pixels");
  CHECK(it.app->open(""));
  it.frame();
  // Tab walks over the bar, then from card to card, and enters no figure.
  const auto in_gallery = [] {
    const ImGuiWindow* window = ImGui::GetCurrentContext()->NavWindow;
    return ImGui::GetCurrentContext()->NavId != 0 && window != nullptr &&
           std::string_view(window->Name).find("gallery") != std::string_view::npos;
  };
  it.press(ImGuiKey_Tab);
  for (int i = 0; i < 12 && !in_gallery(); ++i) it.press(ImGuiKey_Tab);
  REQUIRE(in_gallery());
  for (std::size_t i = 1; i < all_demos().size(); ++i) it.press(ImGuiKey_Tab);
  it.press(ImGuiKey_Enter);
  CHECK(it.app->demo_id() == all_demos().back()->id);
}

TEST_CASE("app: buttons of the bar", "[app][shell]") {
  AppFixture it("convolution");
  CHECK(it.app->set("kernel", "gaussian"));
  it.frame();
  it.click(20.0F, 26.0F);  // the way home
  CHECK(it.app->demo_id().empty());
}

TEST_CASE("app: the page hears of a new sentence while there are no numbers yet", "[app][shell]") {
  AppFixture it("train-cnn");
  it.frame();
  const int told = it.host.readouts;
  it.frame();
  REQUIRE(it.host.readouts == told);
  it.app->files().fail("data/digits-train.png", {"page.data", "The data could not be loaded."});
  it.frame();
  CHECK(it.host.readouts == told + 1);
}
