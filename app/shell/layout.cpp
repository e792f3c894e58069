// Where things stand in the window: top bar, panel and stage; the notes over them.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "app/shell/app.hpp"
#include "app/shell/widgets.hpp"

namespace cvlab::app {
namespace {

constexpr float bar_height = 52.0F;
constexpr float panel_width = 300.0F;

struct Places {
  Rect panel;
  Rect stage;
};

Places places(ImVec2 size, const DemoInfo& info) {
  Places at;
  const float bar = std::min(bar_height, size.y);
  if (size.x >= wide_from) {
    at.panel = {0, bar, panel_width, size.y};
    at.stage = {panel_width, bar, size.x, size.y};
    return at;
  }
  // The figure's own proportions, but leaving room to reach the controls.
  const float room = size.y - bar;
  const double aspect = size.x < 600.0F ? info.narrow_aspect : info.aspect;
  const float wanted = size.x / static_cast<float>(aspect);
  const float stage = std::round(std::min(wanted, 0.68F * room));
  at.stage = {0, bar, size.x, bar + stage};
  at.panel = {0, bar + stage, size.x, size.y};
  return at;
}

void fill(const Rect& area, ImU32 colour) {
  ImGui::GetWindowDrawList()->AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, colour);
}

}  // namespace

void App::draw(const Theme& theme, const Fonts& fonts) {
  ImGuiIO& io = ImGui::GetIO();
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  const ImVec2 size = io.DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
  constexpr ImGuiWindowFlags still = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                     ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBackground;
  ImGui::Begin("##cvlab", nullptr, still);
  ImGui::PopStyleVar(2);
  const Rect all{0, 0, size.x, size.y};
  fill(all, theme.paper);
  const std::uint64_t version = state_ ? state_->version() : 0;
  if (!options_.panel && demo_) {
    draw_stage(theme, fonts, all);
  } else {
    const Rect bar{0, 0, size.x, std::min(bar_height, size.y)};
    draw_menu(theme, fonts, bar);
    if (demo_) {
      const Places at = places(size, *info_);
      if (at.panel.height() > 1.0F) draw_panel(theme, fonts, at.panel);
      if (demo_) draw_stage(theme, fonts, at.stage);
    } else {
      draw_gallery(theme, fonts, {0, bar.y1, size.x, size.y});
    }
  }
  ImGui::End();
  draw_toast(theme, fonts, all);
  if (state_ && state_->version() != version) host_.request_frame();  // read-outs follow what the pointer changed
}

void App::draw_stage(const Theme& theme, const Fonts& fonts, const Rect& area) {
  ImGui::SetCursorScreenPos({area.x0, area.y0});
  if (focus_stage_) ImGui::SetNextWindowFocus();
  focus_stage_ = false;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  // The arrow keys belong to the figure, so ImGui's own navigation stays out of it.
  ImGui::BeginChild("stage", {std::max(1.0F, area.width()), std::max(1.0F, area.height())}, ImGuiChildFlags_None,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNavInputs |
                        ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove);
  ImGui::PopStyleVar();
  const bool focused = ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows);
  keys(focused);
  Canvas canvas{*ImGui::GetWindowDrawList(), area, theme, fonts, words_, graphics_, options_.reduced_motion};
  if (demo_) demo_->draw(canvas);
  ImGui::EndChild();
  // Without navigation in the stage, Tab would end here: it goes on to the controls.
  const bool tab = focused && !ImGui::GetIO().WantTextInput && ImGui::IsKeyPressed(ImGuiKey_Tab, false);
  if (tab && options_.panel) {
    ImGui::GetIO().NavVisible = true;
    ImGui::FocusWindow(ImGui::GetCurrentWindow());
    ImGui::NavInitWindow(ImGui::GetCurrentWindow(), true);
  }
}

void App::draw_toast(const Theme& theme, const Fonts& fonts, const Rect& area) {
  if (note_.empty()) return;
  const float width = std::min(420.0F, area.width() - 24.0F);
  if (width < 80.0F) return;
  ImGui::SetNextWindowPos({0.5F * area.width(), area.y1 - 16.0F}, ImGuiCond_Always, {0.5F, 1.0F});
  ImGui::SetNextWindowSize({width, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {16, 12});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 6);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, theme.raised);
  ImGui::PushStyleColor(ImGuiCol_Border, theme.rule_strong);
  ImGui::Begin("##note", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_AlwaysAutoResize);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 low = ImGui::GetWindowPos();
  const Rect box{low.x, low.y, low.x + ImGui::GetWindowWidth(), low.y + ImGui::GetWindowHeight()};
  list.PushClipRect({box.x0, box.y0}, {box.x1, box.y1});  // the stripe lies in the padding
  list.AddRectFilled({box.x0, box.y0}, {box.x0 + 6, box.y1}, note_is_error_ ? theme.bad : theme.good, 6,
                     ImDrawFlags_RoundCornersLeft);
  list.PopClipRect();
  const Canvas canvas{list, box, theme, fonts, words_, graphics_, options_.reduced_motion};
  const Look look{canvas, 32.0F};
  const ImVec2 cursor = ImGui::GetCursorScreenPos();
  bool close = false;
  ImGui::SetCursorScreenPos({cursor.x, cursor.y + 6});
  wrapped_text(fonts.text, theme.ink, note_, width - 32.0F - 44.0F);
  gap(2);
  ImGui::SetCursorScreenPos({box.x1 - 12.0F - look.hit, cursor.y - 2});
  close = button(look, "close", {}, {.icon = Icon::close, .framed = false}, words_("shell.dismiss"));
  ImGui::End();
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(3);
  if (close) note_.clear();
}

}  // namespace cvlab::app
