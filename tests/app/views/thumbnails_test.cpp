#include "app/views/thumbnails.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/app/app_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

TEST_CASE("thumbnails: the grid stays inside its area and fills its width", "[app][thumbnails]") {
  for (const float width : {20.0F, 60.0F, 130.0F, 336.0F, 800.0F}) {
    for (const float height : {30.0F, 64.0F, 150.0F, 400.0F}) {
      for (const int lines : {1, 2}) {
        const Rect area{10.0F, 20.0F, 10.0F + width, 20.0F + height};
        const Thumbnails::Grid grid = Thumbnails::fit(area, 36.0F, lines);
        INFO(width << " x " << height << ", " << lines << " lines: " << grid.rows << " x " << grid.columns << " of "
                   << grid.side);
        if (width < 36.0F) {
          CHECK(grid.columns == 0);
          continue;
        }
        const auto columns = static_cast<float>(grid.columns);
        const auto rows = static_cast<float>(grid.rows);
        CHECK(columns * (grid.side + Thumbnails::gap) - Thumbnails::gap <= width);
        CHECK(rows * (grid.side + grid.text_height() + Thumbnails::gap) - Thumbnails::gap <= height);
        CHECK(grid.side <= 1.35F * 36.0F);
        CHECK((columns + 1) * (36.0F + Thumbnails::gap) - Thumbnails::gap > width);
      }
    }
  }
}

TEST_CASE("thumbnails: the picture under the pointer, and text that fits", "[app][thumbnails]") {
  AppFixture it;
  it.frame();
  ImGuiIO& io = ImGui::GetIO();
  Thumbnails thumbnails;
  thumbnails.set(Tensor(Shape{5, 1, 4, 6}), 0.0F, 1.0F);
  CHECK(thumbnails.count() == 5);
  const Words words("en");
  const Rect area{100.0F, 100.0F, 240.0F, 300.0F};
  const Thumbnails::Grid grid = Thumbnails::fit(area, 36.0F, 1);
  REQUIRE(grid.columns == 3);
  const auto over = [&](float x, float y) {
    io.AddMousePosEvent(x, y);
    std::optional<int> found;
    for (int i = 0; i < 2; ++i) {
      ImGui::NewFrame();
      ImGui::SetNextWindowPos({0, 0});
      ImGui::SetNextWindowSize({1280, 720});
      ImGui::Begin("test", nullptr, ImGuiWindowFlags_NoDecoration);
      const Canvas canvas{*ImGui::GetWindowDrawList(), area, theme(false), it.imgui.fonts, words, *it.graphics, false};
      found = thumbnails.draw(canvas, area, grid, {});
      CHECK(fitted(canvas, canvas.fonts.text, "boot", 500.0F) == "boot");
      const std::string cut = fitted(canvas, canvas.fonts.text, "éééééééééééééééé", 60.0F);
      CHECK(cut.ends_with("…"));
      CHECK(canvas.text_width(canvas.fonts.text, cut) <= 60.0F);
      CHECK(fitted(canvas, canvas.fonts.text, "boot", 1.0F).empty());
      ImGui::End();
      ImGui::Render();
    }
    return found;
  };
  const float step = grid.side + Thumbnails::gap;
  const float down = grid.side + grid.text_height() + Thumbnails::gap;
  CHECK(over(101.0F, 101.0F) == 0);
  CHECK(over(101.0F + 2.0F * step, 101.0F) == 2);
  CHECK(over(101.0F + step, 101.0F + down) == 4);
  CHECK_FALSE(over(101.0F + 2.0F * step, 101.0F + down));  // there are only five
  CHECK_FALSE(over(99.0F, 101.0F));
}
