#include "app/views/boxes.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/views/boxes_text.hpp"
#include "tests/app/app_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

TEST_CASE("boxes: text and back", "[app][boxes]") {
  const auto rows = parse_rows(" 1 2 3 4 0.5;  5 6.25 -7 8 1 ;", 5, 2);
  REQUIRE(rows);
  REQUIRE(rows.value().size() == 2);
  CHECK(rows.value()[1] == std::vector<double>{5, 6.25, -7, 8, 1});
  CHECK(format_rows(rows.value()) == "1 2 3 4 0.5;5 6.25 -7 8 1");
  CHECK(box_of({9, 8, 1, 2}) == Box{1, 2, 9, 8});
  CHECK(parse_rows("", 4, 2).value().empty());
  CHECK(parse_rows("1 2 3", 4, 2).error().id == "boxes.bad_row");
  CHECK(parse_rows("1 2 3 4 5", 4, 2).error().id == "boxes.bad_row");
  CHECK(parse_rows("1 2 3 x", 4, 2).error().id == "boxes.bad_row");
  CHECK(parse_rows("1 2 3 1e7", 4, 2).error().id == "boxes.bad_row");
  CHECK(parse_rows("1 2;1 2;1 2", 2, 2).error().id == "boxes.too_many");
}

namespace {

// A picture of 200 x 100 pixels drawn twice as large at (10, 20), two boxes on it.
struct Bench {
  HeadlessImGui imgui;
  BoxEditor editor;
  CellMap map{10.0F, 20.0F, 2.0F, {10.0F, 20.0F, 410.0F, 220.0F}};
  std::vector<LabelledBox> boxes = {{{20, 20, 120, 80}, "A"}, {{100, 40, 150, 90}, "B"}};
  std::optional<int> selected;

  BoxEvent frame() {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {800, 600};
    io.DeltaTime = 1.0F / 60.0F;
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({800, 600});
    ImGui::Begin("bench", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
    const BoxEvent event = editor.edit("picture", map, boxes, selected, 200, 100);
    ImGui::End();
    ImGui::Render();
    if (event.chosen) selected = event.chosen;
    if (event.changed && selected) boxes[static_cast<std::size_t>(*selected)].box = *event.changed;
    return event;
  }
  void move(double x, double y) {  // in pixels of the picture
    ImGui::GetIO().AddMousePosEvent(10.0F + 2.0F * static_cast<float>(x), 20.0F + 2.0F * static_cast<float>(y));
    frame();
  }
  void button(bool down) {
    ImGui::GetIO().AddMouseButtonEvent(0, down);
    frame();
  }
  void drag(double x0, double y0, double x1, double y1) {
    move(x0, y0);
    move(x0, y0);
    button(true);
    move(0.5 * (x0 + x1), 0.5 * (y0 + y1));
    move(x1, y1);
    button(false);
  }
};

}  // namespace

TEST_CASE("boxes: dragging the inside moves, an edge and a corner resize", "[app][boxes]") {
  Bench it;
  it.frame();
  it.drag(60, 50, 70, 55);
  CHECK(it.selected == 0);
  CHECK(it.boxes[0].box == Box{30, 25, 130, 85});
  it.drag(30, 55, 20, 70);  // the left edge: only x follows
  CHECK(it.boxes[0].box == Box{20, 25, 130, 85});
  it.drag(130, 85, 140, 95);  // the lower right corner
  CHECK(it.boxes[0].box == Box{20, 25, 140, 95});
  it.drag(20, 25, 180, 60);  // the upper left corner pulled over the other side
  CHECK(it.boxes[0].box == Box{140, 60, 180, 95});
}

TEST_CASE("boxes: where two lie on each other the smaller is taken, the selected one by its handles", "[app][boxes]") {
  Bench it;
  it.frame();
  it.drag(110, 65, 112, 65);
  CHECK(it.selected == 1);
  it.drag(102, 40, 97, 40);  // the corner of the selected box, which lies inside the other
  CHECK(it.boxes[1].box == Box{97, 40, 152, 90});
}

TEST_CASE("boxes: they stay inside the picture, and a click alone changes nothing", "[app][boxes]") {
  Bench it;
  it.frame();
  it.drag(60, 50, 199, 99);
  CHECK(it.boxes[0].box == Box{100, 40, 200, 100});
  const Box before = it.boxes[1].box;
  it.drag(140, 85, 140, 85);
  CHECK(it.boxes[1].box == before);
  it.boxes[0].fixed = it.boxes[1].fixed = true;
  it.selected.reset();
  it.drag(150, 60, 100, 60);
  CHECK_FALSE(it.selected);
}
