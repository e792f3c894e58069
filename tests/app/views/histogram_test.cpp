#include "app/views/histogram.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/app/app_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

namespace {

// One frame with the pointer at (x, y): the bin that was under it.
std::optional<int> bin_at(const Histogram& h, const HistogramStyle& style, float x, float y) {
  HeadlessImGui imgui;
  const auto graphics = make_null_graphics();
  const Words words("en");
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {400, 300};
  io.AddMousePosEvent(x, y);
  ImGui::NewFrame();
  Canvas canvas{*ImGui::GetForegroundDrawList(), {0, 0, 400, 300}, theme(false), imgui.fonts, words, *graphics, false};
  const auto bin = draw_histogram(canvas, {0, 0, 400, 118}, h, 0.0, style);
  ImGui::Render();
  return bin;
}

}  // namespace

TEST_CASE("histogram: the bin under the pointer", "[app][histogram]") {
  Histogram h{-1.0, 1.0, {1, 0, 5, 2}};
  CHECK(bin_at(h, {}, 10, 50) == 0);
  CHECK(bin_at(h, {}, 110, 50) == 1);  // an empty one, too
  CHECK(bin_at(h, {}, 399, 50) == 3);
  CHECK_FALSE(bin_at(h, {}, 200, 110));  // among the numbers
  CHECK_FALSE(bin_at(h, {}, 200, 200));
  HistogramStyle logarithmic;
  logarithmic.logarithmic = true;
  logarithmic.labels = false;
  logarithmic.mark = 0.3;
  CHECK(bin_at(h, logarithmic, 210, 110) == 2);
  CHECK_FALSE(bin_at(Histogram{}, {}, 10, 50));
  h.counts = {0, 0};
  CHECK(bin_at(h, {}, 10, 50) == 0);
}
