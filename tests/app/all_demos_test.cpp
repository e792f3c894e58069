// Every demo, every parameter at its ends and at each choice, at several sizes: nothing crashes, every number is one.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "app/shell/text.hpp"
#include "tests/app/app_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

namespace {

struct Size {
  float width, height;
};
constexpr Size sizes[] = {{320, 480}, {360, 640}, {1280, 720}, {1920, 1080}, {1, 1}};

Image colour_picture() {
  Image image(40, 30, 3);
  for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = static_cast<std::uint8_t>(i * 7);
  return image;
}

std::vector<std::string> values_of(const Param& param) {
  std::vector<std::string> values(param.choices.begin(), param.choices.end());
  const std::string low = format_number(param.min);
  const std::string high = format_number(param.max);
  switch (param.type) {
    case ParamType::integer:
    case ParamType::real:
      return {low, high};
    case ParamType::toggle:
      return {"0", "1"};
    case ParamType::cell:
      return {low + ',' + low, high + ',' + high, low + ',' + high};
    case ParamType::matrix:
      return {"0", "1 -2.5 1e3", "-1e9; 1e9"};
    case ParamType::text:
      return {"", "1,1=5", "x", "%&=;,", "é"};
    default:
      return values;
  }
}

void draw_everywhere(AppFixture& it) {
  for (const bool panel : {true, false}) {
    AppOptions options = it.app->options();
    options.panel = panel;
    it.app->set_options(options);
    for (const Size size : sizes) it.frame(size.width, size.height);
  }
  std::set<std::string> ids;
  for (const Readout& readout : it.app->demo()->readouts()) {
    INFO(readout.id);
    CHECK(ids.insert(readout.id).second);
    if (const double* number = std::get_if<double>(&readout.value)) CHECK_FALSE(std::isinf(*number));
  }
  CHECK(is_utf8(it.app->demo()->sentence(it.app->words())));
}

}  // namespace

TEST_CASE("all demos: every parameter at its ends, drawn at every size", "[app][demos]") {
  for (const DemoInfo* info : all_demos()) {
    AppFixture it(info->id);
    it.app->pictures().put("own", colour_picture());
    draw_everywhere(it);
    for (const Param& param : info->params) {
      for (const std::string& value : values_of(param)) {
        INFO(info->id << '?' << param.id << '=' << value);
        it.app->reset();
        if (!param.only_if.empty()) CHECK(it.app->set(param.only_if, param.only_value));
        CHECK(it.app->set(param.id, value));
        draw_everywhere(it);
      }
    }
  }
}

TEST_CASE("all demos: pictures of one pixel, one row, one column, and none", "[app][demos]") {
  for (const DemoInfo* info : all_demos()) {
    AppFixture it(info->id);
    for (const auto& [width, height] : {std::pair{1, 1}, std::pair{300, 1}, std::pair{1, 300}}) {
      for (const int channels : {1, 2, 3, 4}) {
        it.app->pictures().put("own", Image(width, height, channels));
        INFO(info->id << ' ' << width << 'x' << height << 'x' << channels);
        draw_everywhere(it);
      }
    }
    it.app->pictures().fail("own", {"picture.bad", "This file is no picture."});
    draw_everywhere(it);
  }
}

TEST_CASE("all demos: stepping back and forth, and the arrow keys", "[app][demos]") {
  for (const DemoInfo* info : all_demos()) {
    AppFixture it(info->id);
    it.app->pictures().put("own", colour_picture());
    for (int i = 0; i < 40; ++i) it.app->step(i % 3 == 0 ? -1 : +1);
    it.frame();
    const ImGuiKey keys[] = {ImGuiKey_LeftArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow, ImGuiKey_RightArrow,
                             ImGuiKey_Enter};
    for (const ImGuiKey key : keys) it.press(key);
    draw_everywhere(it);
  }
}

TEST_CASE("all demos: the pointer wanders over everything", "[app][demos]") {
  for (const DemoInfo* info : all_demos()) {
    AppFixture it(info->id);
    it.app->pictures().put("own", colour_picture());
    for (int i = 0; i < 120 && !it.app->demo_id().empty(); ++i) {
      const float x = 320.0F + static_cast<float>(i * 397 % 950);
      const float y = 60.0F + static_cast<float>(i * 211 % 650);
      ImGui::GetIO().AddMouseWheelEvent(0.0F, i % 7 == 0 ? 1.0F : 0.0F);
      it.click(x, y);
    }
    draw_everywhere(it);
  }
}
