#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

namespace {

std::string text_of(const DemoFixture& demo, std::string_view id) {
  for (const Readout& readout : demo.demo->readouts()) {
    if (readout.id == id) return std::get<std::string>(readout.value);
  }
  return {};
}

// Red 10 row + column, green 100 + column, blue 200.
Image slopes() {
  Image image(12, 8, 3);
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 12; ++column) {
      image.at(row, column, 0) = static_cast<std::uint8_t>(10 * row + column);
      image.at(row, column, 1) = static_cast<std::uint8_t>(100 + column);
      image.at(row, column, 2) = 200;
    }
  }
  return image;
}

std::string value(const AppFixture& it, std::string_view id) { return std::string(it.app->state()->raw(id)); }

void drag(AppFixture& it, float x0, float x1, float y) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(x0, y);
  it.frame(1000.0F, 800.0F);
  io.AddMouseButtonEvent(0, true);
  it.frame(1000.0F, 800.0F);
  io.AddMousePosEvent(0.5F * (x0 + x1), y);
  it.frame(1000.0F, 800.0F);
  io.AddMousePosEvent(x1, y);
  it.frame(1000.0F, 800.0F);
  io.AddMouseButtonEvent(0, false);
  it.frame(1000.0F, 800.0F);
  it.frame(1000.0F, 800.0F);
}

}  // namespace

// By hand: 2 x 3 x 4 x 5 has strides 60, 20, 5, 1; element (1, 2, 3, 0) lies at 60 + 40 + 15.
TEST_CASE("tensors: strides and places by hand", "[app][tensors][golden]") {
  DemoFixture demo("tensors", "n=2&c=3&h=4&w=5&element=1,2,3,0");
  CHECK(text_of(demo, "shape") == "2 \u00D7 3 \u00D7 4 \u00D7 5");
  CHECK(demo.number("elements") == 120);
  CHECK(demo.number("stride_n") == 60);
  CHECK(demo.number("stride_c") == 20);
  CHECK(demo.number("stride_h") == 5);
  CHECK(demo.number("stride_w") == 1);
  CHECK(demo.number("place") == 115);
  CHECK(demo.number("value") == 115);
  CHECK(demo.number("contiguous") == 1);
  demo.set("ops", "permute(0,2,3,1)");
  demo.set("element", "1,3,0,2");
  CHECK(demo.number("place") == 115);
  CHECK(demo.number("stride_c") == 20);
  CHECK(demo.number("contiguous") == 0);
  CHECK(demo.number("moved") == 0);
  demo.set("ops", "permute(0,2,3,1).contiguous()");
  CHECK(demo.number("stride_h") == 15);  // a row of five pixels of three numbers
  CHECK(demo.number("stride_c") == 1);
  CHECK(demo.number("moved") == 120);
  CHECK(demo.number("place") == 60 + 45 + 2);
  CHECK(demo.number("value") == 115);  // moved, the same
  demo.set("upto", "1");
  CHECK(demo.number("moved") == 0);
  CHECK(demo.number("rank") == 4);
}

TEST_CASE("tensors: a copy says why", "[app][tensors]") {
  DemoFixture demo("tensors", "ops=permute(0,2,3,1).reshape(2,24)");
  CHECK(demo.number("moved") == 48);
  CHECK(demo.sentence().find(
            "W does not continue in C. A step along W is 1; to be one axis with C it would have to be 24") !=
        std::string::npos);
  demo.set("ops", "[:, :, :, ::2]");
  CHECK(demo.number("moved") == 0);
  CHECK(demo.sentence().find("a step along W is 2, where row-major order has 1") != std::string::npos);
  demo.set("ops", "flip(3)");
  CHECK(demo.number("start") == 3);
  CHECK(demo.number("stride_w") == -1);
  demo.set("ops", "permute(0,2,3,1).contiguous()");
  CHECK(demo.sentence("fr").find("copié 48 nombres") != std::string::npos);
}

TEST_CASE("tensors: what cannot be done is said, and what came before stays", "[app][tensors]") {
  DemoFixture demo("tensors", "ops=permute(0,2,3,1).reshape(5,5)");
  CHECK(demo.sentence() == "reshape(5, 5) cannot be done. 5 \u00D7 5 needs 25 numbers; the tensor has 48.");
  CHECK(demo.number("stride_c") == 8);
  demo.set("ops", "permute(0,2,3");
  CHECK(demo.sentence().find("cannot be read") != std::string::npos);
  CHECK(demo.number("elements") == 48);
  demo.set("ops", "[:, 5:]");
  CHECK(demo.number("elements") == 0);
  CHECK(std::isnan(demo.number("place")));
  CHECK(demo.sentence().find("leaves nothing") != std::string::npos);
  demo.set("ops", "[1,2,1,3]");
  CHECK(demo.number("rank") == 0);
  CHECK(demo.number("value") == 47);
  demo.set("element", "-7,x");
  CHECK(demo.number("place") == 47);
}

// The picture is 2 x 3 blocks of 4 x 4 pixels: rows 0..3 and 4..7, columns 0..3, 4..7, 8..11.
TEST_CASE("tensors: the numbers of a photograph in the order of memory", "[app][tensors]") {
  DemoFixture demo("tensors", "fill=photo&image=own&n=1&h=2&w=3&element=0,0,0,0");
  CHECK(std::isnan(demo.number("value")));
  CHECK_FALSE(demo.sentence().empty());
  demo.pictures.put("own", slopes());
  demo.demo->update(0.0);
  CHECK(demo.number("value") == 17);  // 15 + 1.5, rounded to even or up
  demo.set("element", "0,1,1,2");
  CHECK(demo.number("place") == 6 + 3 + 2);
  CHECK(std::abs(demo.number("value") - 109.5) <= 0.5);
  demo.set("element", "0,2,0,1");
  CHECK(demo.number("value") == 200);
  demo.set("ops", "permute(0,2,3,1).contiguous()");
  demo.set("element", "0,0,1,2");
  CHECK(demo.number("place") == 5);
  CHECK(demo.number("value") == 200);
}

// torch.zeros(a) + torch.zeros(b), PyTorch 1.13.
TEST_CASE("tensors: a picture that is opened is shown, until other numbers are chosen", "[app][tensors]") {
  DemoFixture demo("tensors");
  demo.pictures.put("own", slopes());
  demo.set("image", "own");
  CHECK(demo.state.choice("fill") == "photo");
  demo.set("fill", "count");
  CHECK(demo.state.choice("fill") == "count");
}

TEST_CASE("tensors: shapes that meet", "[app][tensors][golden]") {
  DemoFixture demo("tensors", "view=broadcast&pair=own");
  struct Row {
    const char *a, *b, *shape;
    double stretched;
  };
  for (const Row& row : {Row{"8,1,6,1", "7,1,5", "8 \u00D7 7 \u00D7 6 \u00D7 5", 4}, Row{"5,4", "1", "5 \u00D7 4", 2},
                         Row{"15,3,5", "15,1,5", "15 \u00D7 3 \u00D7 5", 1}, Row{"2,3", "2,3", "2 \u00D7 3", 0},
                         Row{"3", "4,1", "4 \u00D7 3", 2}}) {
    demo.set("a", row.a);
    demo.set("b", row.b);
    if (std::string(row.a) == "8,1,6,1") {  // more than is drawn
      CHECK(demo.number("fits") == 0);
      continue;
    }
    INFO(row.a << " + " << row.b);
    CHECK(demo.number("fits") == 1);
    CHECK(text_of(demo, "sum_shape") == row.shape);
    CHECK(demo.number("stretched") == row.stretched);
  }
  // A counts 0, 1, 2; B 100, 200, 300, 400. Element (2, 1) is A's place 1 and B's place 2.
  demo.set("element", "2,1");
  CHECK(demo.number("place_a") == 1);
  CHECK(demo.number("place_b") == 2);
  CHECK(demo.number("sum") == 301);
  demo.set("pair", "mismatch");
  CHECK(demo.number("fits") == 0);
  CHECK(demo.sentence().find("axis 1 has size 4 in one and 3 in the other") != std::string::npos);
  demo.set("pair", "own");
  for (const char* bad : {"0", "a", "2,,x", "1,1,1,1,1,1,1", "99999999999", "-3"}) {
    demo.set("a", bad);
    CHECK(demo.sentence().find("is no shape") != std::string::npos);
    CHECK(std::isnan(demo.number("sum")));
  }
}

TEST_CASE("tensors: puzzles are solved by what comes out", "[app][tensors]") {
  DemoFixture demo("tensors", "view=puzzle&image=own");
  demo.pictures.put("own", slopes());
  demo.demo->update(0.0);
  CHECK(demo.number("solved") == 0);
  demo.set("answer", "reshape(4,3)");
  CHECK(demo.number("right") == 2);
  CHECK(demo.sentence().find("2 of 12") != std::string::npos);
  demo.set("answer", "transpose(0,1)");
  CHECK(demo.number("solved") == 1);
  struct Way {
    const char *level, *answer;
  };
  for (const Way& way : {Way{"2", "[1:3][:, ::2]"}, Way{"3", "[..., ::-1]"}, Way{"4", "view(4,3).transpose(0,1)"},
                         Way{"5", "flip(2).permute(2,0,1)"}, Way{"6", "reshape(2,2,2,2).transpose(1,2).reshape(4,2,2)"},
                         Way{"7", "permute(2,0,1).reshape(3,2,2,3,2).permute(1,3,0,2,4).reshape(6,3,2,2)"}}) {
    INFO(way.level);
    demo.set("answer", "");
    demo.set("level", way.level);
    CHECK(demo.number("solved") == 0);
    CHECK(demo.sentence().find(std::string("evel ") + way.level) != std::string::npos);
    demo.set("answer", way.answer);
    CHECK(demo.number("solved") == 1);
    CHECK(demo.sentence().find("solved") != std::string::npos);
  }
}

TEST_CASE("tensors: steps go through the operations", "[app][tensors]") {
  DemoFixture demo("tensors", "ops=permute(0,2,3,1).contiguous()");
  CHECK_FALSE(demo.demo->step(+1));
  CHECK(demo.demo->step(-1));
  demo.demo->update(0.0);
  CHECK(demo.number("moved") == 0);
  CHECK(demo.demo->step(-1));
  demo.demo->update(0.0);
  CHECK(demo.number("stride_w") == 1);
  CHECK_FALSE(demo.demo->step(-1));
  CHECK(demo.demo->step(+1));
}

TEST_CASE("tensors: an axis that is dragged is a permute, dragged back it is none", "[app][tensors]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("tensors", options);
  it.frame(1000.0F, 800.0F);
  float y = 0.0F;  // find the axes: a click on the first one chooses it
  for (float at = 300.0F; at < 700.0F && value(it, "axis") != "0"; at += 12.0F) {
    it.click(60.0F, at, 1000.0F, 800.0F);
    y = at;
  }
  REQUIRE(value(it, "axis") == "0");
  drag(it, 60.0F, 300.0F, y);  // N behind H
  CHECK(value(it, "ops") == "permute(1, 2, 0, 3)");
  drag(it, 300.0F, 60.0F, y);
  CHECK(value(it, "ops").empty());
}

TEST_CASE("tensors: cells are kept, tools write operations, a line of code goes back to it", "[app][tensors]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("tensors", options);
  it.frame(1000.0F, 800.0F);
  for (float x = 500.0F; x < 900.0F && value(it, "element") == "0,1,0,1"; x += 30.0F)
    it.click(x, 120.0F, 1000.0F, 800.0F);
  CHECK(value(it, "element") != "0,1,0,1");
  const std::string before = value(it, "element");
  for (float y = 800.0F; y > 600.0F && value(it, "element") == before; y -= 8.0F) it.click(40.0F, y, 1000.0F, 800.0F);
  CHECK(value(it, "element") != before);  // in memory
  for (float y = 450.0F; y < 700.0F && value(it, "ops").empty(); y += 8.0F) it.click(530.0F, y, 1000.0F, 800.0F);
  CHECK(value(it, "ops") == "flip(3)");
  it.click(60.0F, 75.0F, 1000.0F, 800.0F);  // the first line of the code
  CHECK(value(it, "upto") == "0");
  CHECK(it.app->set("element", "0,1,0,1"));
  it.press(ImGuiKey_RightArrow);
  it.press(ImGuiKey_DownArrow);
  CHECK(value(it, "element") == "0,1,1,2");
}

TEST_CASE("tensors: drawn in every state at every size, clicked everywhere", "[app][tensors]") {
  AppFixture it("tensors");
  it.app->pictures().put("own", slopes());
  for (const char* state :
       {"ops=permute(3,2,1,0)[::-1].reshape(2,-1)", "n=4&c=4&h=6&w=6&ops=reshape(576)", "ops=[1,2,1,3]", "ops=[:,9:]",
        "fill=photo&image=own&ops=reshape(2,3,1,2,2,2).expand(2,3,5,2,2,2)", "ops=nonsense", "view=broadcast",
        "view=broadcast&pair=own&a=2,1,2,1,2,1&b=2,1,2,1,2", "view=broadcast&pair=mismatch",
        "view=broadcast&pair=own&a=64&b=",
        "view=puzzle&level=7&image=own&hint=3&answer=reshape(2,2,3,2,3).permute(0,2,4,1,3)",
        "view=puzzle&level=4&answer=reshape(3,4)"}) {
    INFO(state);
    it.app->reset();
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] :
         {std::pair{1280.0F, 800.0F}, {360.0F, 640.0F}, {760.0F, 608.0F}, {200.0F, 90.0F}}) {
      it.frame(width, height);
      for (int i = 0; i < 6; ++i) {
        it.click(width * static_cast<float>(i * 37 % 97) / 97.0F, height * static_cast<float>(20 + i * 53 % 69) / 89.0F,
                 width, height);
        if (it.app->demo_id() != "tensors") {
          CHECK(it.app->open("tensors"));
          CHECK(it.app->set_all(state));
        }
      }
    }
  }
}
