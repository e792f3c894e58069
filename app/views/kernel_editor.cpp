#include "app/views/kernel_editor.hpp"

#include <cmath>

#include "app/views/area_input.hpp"

namespace cvlab::app {

namespace {

constexpr float drag_pixels_per_step = 6.0F;

}  // namespace

std::optional<CellEdit> KernelEditor::draw(const Canvas& canvas, const char* id, const CellMap& map, ConstView values,
                                           const GridStyle& style, double step, std::optional<Cell>& hovered) {
  ImGui::PushID(id);
  hovered = tensor_grid(canvas, map, values, style);
  const int rows = static_cast<int>(values.size(0));
  const int columns = static_cast<int>(values.size(1));
  const AreaInput input = area_input("cells", map.rect(0, 0, rows, columns));
  std::optional<CellEdit> edit;
  const Cell at = map.at(input.x, input.y);
  const bool inside = at.row >= 0 && at.row < rows && at.column >= 0 && at.column < columns;
  if (input.clicked && inside) {
    cell_ = at;
    value_ = static_cast<double>(values(at.row, at.column));
    drag_ = 0.0F;
    dragged_ = false;
  }
  if (input.hovered && inside) {
    draw_frame(canvas, map.rect(at.row, at.column), canvas.theme.accent, 1.5F);
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  const bool valid = cell_.row < rows && cell_.column < columns;
  if (input.pressed && valid) {
    drag_ -= input.drag_y;
    if (std::fabs(drag_) >= drag_pixels_per_step) dragged_ = true;
    if (dragged_ && input.drag_y != 0.0F) {
      edit = CellEdit{cell_, value_ + step * static_cast<double>(std::round(drag_ / drag_pixels_per_step))};
    }
  } else if (input.hovered && ImGui::IsMouseReleased(ImGuiMouseButton_Left) && !dragged_ && inside && at == cell_) {
    ImGui::OpenPopup("edit");
    focus_ = true;
  }
  if (const auto typed = popup(canvas, map, step)) edit = typed;
  ImGui::PopID();
  return edit;
}

std::optional<CellEdit> KernelEditor::popup(const Canvas& canvas, const CellMap& map, double step) {
  std::optional<CellEdit> edit;
  const Rect cell = map.rect(cell_.row, cell_.column);
  ImGui::SetNextWindowPos({0.5F * (cell.x0 + cell.x1), cell.y1 + 4.0F}, ImGuiCond_Appearing, {0.5F, 0.0F});
  if (!ImGui::BeginPopup("edit")) return edit;
  draw_frame(canvas, cell, canvas.theme.focus, 2.0F);
  ImGui::PushFont(canvas.fonts.number);
  ImGui::SetNextItemWidth(150.0F);
  if (focus_) ImGui::SetKeyboardFocusHere();
  focus_ = false;
  if (ImGui::InputDouble("##value", &value_, step, 10.0 * step, "%.6g", ImGuiInputTextFlags_AutoSelectAll) &&
      std::isfinite(value_)) {
    edit = CellEdit{cell_, value_};
  }
  const bool done = ImGui::IsKeyPressed(ImGuiKey_Enter) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter);
  ImGui::PopFont();
  if (done) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  return edit;
}

}  // namespace cvlab::app
