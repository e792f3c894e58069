#include "app/views/number_editor.hpp"

#include <cmath>
#include <utility>

#include "app/views/cells.hpp"
#include "app/views/symbols.hpp"

namespace cvlab::app {

void NumberEditor::open(std::string target, double value, const Rect& anchor) {
  target_ = std::move(target);
  value_ = value;
  anchor_ = anchor;
  asked_ = true;
}

std::optional<double> NumberEditor::draw(const Canvas& canvas, const char* id, double step) {
  std::optional<double> edit;
  if (asked_) {
    ImGui::OpenPopup(id);
    focus_ = true;
    asked_ = false;
  }
  ImGui::SetNextWindowPos({0.5F * (anchor_.x0 + anchor_.x1), anchor_.y1 + 4.0F}, ImGuiCond_Appearing, {0.5F, 0.0F});
  shown_ = ImGui::BeginPopup(id);
  if (!shown_) return edit;
  draw_frame(canvas, anchor_, canvas.theme.focus, 2.0F);
  ImGui::PushFont(canvas.fonts.number);
  ImGui::SetNextItemWidth(160.0F);
  if (focus_) ImGui::SetKeyboardFocusHere();
  focus_ = false;
  if (ImGui::InputDouble("##value", &value_, step, 10.0 * step, "%.10g", ImGuiInputTextFlags_AutoSelectAll) &&
      std::isfinite(value_)) {
    edit = value_;
  }
  const bool done = ImGui::IsKeyPressed(ImGuiKey_Enter) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter);
  ImGui::PopFont();
  if (done) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  return edit;
}

}  // namespace cvlab::app
