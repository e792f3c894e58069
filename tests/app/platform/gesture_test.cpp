#include "app/platform/gesture.hpp"

#include <imgui.h>

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>

#include "app/gfx/pointer.hpp"

using namespace cvlab::app;

namespace {

// ImGui without window or graphics, frame by frame, and fingers on it.
class Screen {
 public:
  Screen() : context_(ImGui::CreateContext()) {
    ImGui::SetCurrentContext(context_);
    io().IniFilename = nullptr;
    io().DisplaySize = {400.0F, 300.0F};
    io().BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    io().Fonts->Build();
    frame();
  }
  ~Screen() { ImGui::DestroyContext(context_); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  static ImGuiIO& io() { return ImGui::GetIO(); }

  void down(std::int64_t id, float x, float y) { send(FingerEvent::Kind::down, id, x, y); }
  void move(std::int64_t id, float x, float y) { send(FingerEvent::Kind::move, id, x, y); }
  void up(std::int64_t id, float x, float y) { send(FingerEvent::Kind::up, id, x, y); }
  void wait(std::uint32_t ms) { time_ += ms; }

  // Until ImGui has taken every event: it spreads a press and a release over frames. Counts on the way.
  void settle() {
    clicks = middle_clicks = 0;
    wheel = 0.0F;
    for (int i = 0; i < 8; ++i) {
      frame();
      clicks += ImGui::IsMouseClicked(ImGuiMouseButton_Left) ? 1 : 0;
      middle_clicks += ImGui::IsMouseClicked(ImGuiMouseButton_Middle) ? 1 : 0;
      if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) clicked_at = io().MousePos;
    }
  }
  bool at(float x, float y) const { return io().MousePos.x == x && io().MousePos.y == y; }
  bool left() const { return io().MouseDown[ImGuiMouseButton_Left]; }
  bool middle() const { return io().MouseDown[ImGuiMouseButton_Middle]; }

  int clicks = 0, middle_clicks = 0;
  float wheel = 0.0F;
  ImVec2 clicked_at{};

 private:
  void send(FingerEvent::Kind kind, std::int64_t id, float x, float y) {
    gesture_.handle({kind, id, x, y, time_}, io());
  }
  void frame() {
    io().DeltaTime = 1.0F / 60.0F;
    ImGui::NewFrame();
    wheel += io().MouseWheel;  // EndFrame clears it
    ImGui::EndFrame();
  }

  ImGuiContext* context_;
  Gesture gesture_;
  std::uint32_t time_ = 1000;
};

}  // namespace

TEST_CASE("gesture: a tap is a click where the finger was", "[app][gesture]") {
  Screen screen;
  screen.down(7, 50, 60);
  screen.settle();
  CHECK((screen.clicks == 0 && screen.at(50, 60)));  // nothing is pressed before it is known what this becomes
  screen.wait(100);
  screen.move(7, 53, 61);  // a tremble
  screen.up(7, 53, 61);
  screen.settle();
  CHECK((screen.clicks == 1 && !screen.left()));
  CHECK((screen.clicked_at.x == 53 && screen.clicked_at.y == 61));
}

TEST_CASE("gesture: a drag holds the left button from where the finger came down", "[app][gesture]") {
  Screen screen;
  screen.down(1, 100, 100);
  screen.wait(50);
  screen.move(1, 112, 100);
  screen.settle();
  CHECK((screen.clicks == 1 && screen.left() && screen.at(112, 100)));
  CHECK((screen.clicked_at.x == 100 && screen.clicked_at.y == 100));
  screen.wait(1000);
  screen.move(1, 140, 120);
  screen.settle();
  CHECK((screen.left() && screen.at(140, 120)));
  screen.up(1, 140, 120);
  screen.settle();
  CHECK((screen.clicks == 0 && !screen.left()));
}

TEST_CASE("gesture: a long press looks without clicking", "[app][gesture]") {
  Screen screen;
  screen.down(1, 100, 100);
  screen.wait(500);
  screen.move(1, 130, 100);
  screen.settle();
  CHECK((screen.clicks == 0 && !screen.left() && screen.at(130, 100)));
  screen.up(1, 130, 100);
  screen.settle();
  CHECK(screen.clicks == 0);
  // Held still, too.
  screen.down(2, 10, 10);
  screen.wait(500);
  screen.up(2, 10, 10);
  screen.settle();
  CHECK(screen.clicks == 0);
}

TEST_CASE("gesture: a pinch zooms about the middle and moves with it", "[app][gesture]") {
  Screen screen;
  screen.down(1, 100, 100);
  screen.down(2, 140, 100);
  screen.settle();
  CHECK((screen.clicks == 0 && screen.middle_clicks == 1 && screen.middle() && screen.at(120, 100)));
  screen.move(2, 180, 100);  // 40 px apart, then 80
  screen.settle();
  CHECK(std::abs(std::pow(zoom_per_notch, screen.wheel) - 2.0F) < 1e-4F);
  CHECK((screen.middle() && screen.at(140, 100)));
  screen.move(1, 110, 150);
  screen.move(2, 190, 150);  // there, 80 apart again
  screen.settle();
  CHECK(std::abs(screen.wheel) < 1e-4F);
  CHECK(screen.at(150, 150));
  screen.up(1, 110, 150);
  screen.move(2, 20, 20);  // the finger that stays does nothing more
  screen.settle();
  CHECK((!screen.middle() && screen.clicks == 0 && screen.at(150, 150)));
  screen.up(2, 20, 20);
  screen.settle();
  CHECK(screen.clicks == 0);
  screen.down(3, 30, 30);  // and the next tap is a tap
  screen.up(3, 30, 30);
  screen.settle();
  CHECK(screen.clicks == 1);
}

TEST_CASE("gesture: a second finger ends a drag; strangers are passed over", "[app][gesture]") {
  Screen screen;
  screen.down(1, 100, 100);
  screen.move(1, 150, 100);
  screen.settle();
  REQUIRE(screen.left());
  screen.down(2, 200, 100);
  screen.settle();
  CHECK((!screen.left() && screen.middle()));
  screen.down(3, 5, 5);
  screen.move(4, 9, 9);
  screen.up(4, 9, 9);
  screen.settle();
  CHECK((screen.middle() && screen.at(175, 100)));
  for (const std::int64_t id : {1, 2, 3}) screen.up(id, 0, 0);
  screen.settle();
  CHECK((!screen.left() && !screen.middle() && screen.clicks == 0));
}
