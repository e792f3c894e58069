#include "app/views/area_input.hpp"

#include <imgui.h>
#include <imgui_internal.h>

#include "app/gfx/pointer.hpp"

namespace cvlab::app {

AreaInput area_input(const char* id, const Rect& area) {
  AreaInput input;
  if (area.width() < 1.0F || area.height() < 1.0F) return input;
  const ImVec2 back = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({area.x0, area.y0});
  ImGui::SetNextItemAllowOverlap();  // zoom buttons lie on top
  ImGui::PushItemFlag(ImGuiItemFlags_NoNav, true);
  ImGui::InvisibleButton(
      id, {area.width(), area.height()},
      ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight | ImGuiButtonFlags_MouseButtonMiddle);
  ImGui::PopItemFlag();
  const ImGuiIO& io = ImGui::GetIO();
  input.hovered = ImGui::IsItemHovered();
  input.x = io.MousePos.x;
  input.y = io.MousePos.y;
  const bool active = ImGui::IsItemActive();
  input.pressed = active && io.MouseDown[ImGuiMouseButton_Left];
  input.clicked = ImGui::IsItemClicked(ImGuiMouseButton_Left);
  input.double_clicked = input.hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
  input.secondary_drag = active && (io.MouseDown[ImGuiMouseButton_Right] || io.MouseDown[ImGuiMouseButton_Middle]);
  if (active) {
    input.drag_x = io.MouseDelta.x;
    input.drag_y = io.MouseDelta.y;
  }
  if (input.hovered) {
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
    input.zoom = zoom_factor(io);
  }
  // Drawing goes on where it was; ImGui wants an item after a moved cursor.
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
  return input;
}

bool arrow_keys(int& rows, int& columns) {
  rows = columns = 0;
  if (ImGui::GetIO().WantTextInput || !ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows)) return false;
  const int stride = ImGui::GetIO().KeyShift ? 10 : 1;
  rows = stride * (static_cast<int>(ImGui::IsKeyPressed(ImGuiKey_DownArrow)) -
                   static_cast<int>(ImGui::IsKeyPressed(ImGuiKey_UpArrow)));
  columns = stride * (static_cast<int>(ImGui::IsKeyPressed(ImGuiKey_RightArrow)) -
                      static_cast<int>(ImGui::IsKeyPressed(ImGuiKey_LeftArrow)));
  return rows != 0 || columns != 0;
}

}  // namespace cvlab::app
