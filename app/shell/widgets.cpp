#include "app/shell/widgets.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cvlab::app {
namespace {

constexpr float radius = 6.0F;
constexpr float icon_size = 16.0F;

bool has_focus() { return ImGui::IsItemFocused() && ImGui::GetIO().NavVisible; }

void focus_ring(const Look& look, ImVec2 low, ImVec2 high, float rounding = radius) {
  if (!has_focus()) return;
  look.canvas.list.AddRect({low.x - 1.5F, low.y - 1.5F}, {high.x + 1.5F, high.y + 1.5F}, look.theme().focus,
                           rounding + 1.5F, 0, 2.0F);
}

ImU32 fill_of(const Theme& theme, bool selected) {
  if (selected) return theme.accent_soft;
  if (ImGui::IsItemActive()) return theme.accent_soft;
  if (ImGui::IsItemHovered()) return mix(theme.surface, theme.accent_soft, 0.6F);
  return theme.raised;
}

int resize_string(ImGuiInputTextCallbackData* data) {
  if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
    auto& text = *static_cast<std::string*>(data->UserData);
    text.resize(static_cast<std::size_t>(data->BufTextLen));
    data->Buf = text.data();
  }
  return 0;
}

}  // namespace

float button_width(const Look& look, std::string_view label, Icon icon) {
  if (label.empty()) return look.hit;
  const float words = look.canvas.text_width(look.fonts().text, label);
  return std::ceil(words + 24.0F + (icon == Icon::none ? 0.0F : icon_size + 8.0F));
}

bool button(const Look& look, const char* id, std::string_view label, const ButtonStyle& style, std::string_view tip) {
  const float width = style.width > 0.0F ? style.width : button_width(look, label, style.icon);
  const bool pressed = ImGui::InvisibleButton(id, {width, look.hit});
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  const Theme& theme = look.theme();
  const bool lit = style.selected || ImGui::IsItemHovered() || ImGui::IsItemActive();
  if (style.framed || lit) look.canvas.list.AddRectFilled(low, high, fill_of(theme, style.selected), radius);
  if (style.framed) look.canvas.list.AddRect(low, high, style.selected ? theme.accent : theme.rule, radius);
  const ImU32 ink = style.selected ? theme.accent : theme.ink;
  const float middle = std::round(0.5F * (low.y + high.y));
  if (label.empty()) {
    draw_icon(look.canvas.list, style.icon, std::round(0.5F * (low.x + high.x)), middle, icon_size, ink);
  } else {
    const float words = look.canvas.text_width(look.fonts().text, label);
    const float icon = style.icon == Icon::none ? 0.0F : icon_size + 8.0F;
    const float left = 0.5F * (low.x + high.x - words - icon);
    if (icon > 0.0F)
      draw_icon(look.canvas.list, style.icon, std::round(left + 0.5F * icon_size), middle, icon_size, ink);
    look.canvas.text(look.fonts().text, left + icon, middle, ink, label);
  }
  focus_ring(look, low, high);
  if (!tip.empty()) tooltip(look, tip);
  return pressed;
}

int segmented(const Look& look, const char* id, std::span<const char* const> labels, int selected, float width) {
  const Theme& theme = look.theme();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float each = width / static_cast<float>(labels.size());
  look.canvas.list.AddRectFilled(at, {at.x + width, at.y + look.hit}, theme.surface, radius);
  look.canvas.list.AddRect(at, {at.x + width, at.y + look.hit}, theme.rule, radius);
  int chosen = -1;
  ImGui::PushID(id);
  for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
    ImGui::SetCursorScreenPos({at.x + each * static_cast<float>(i), at.y});
    ImGui::PushID(i);
    if (ImGui::InvisibleButton("choice", {each, look.hit})) chosen = i;
    ImGui::PopID();
    const ImVec2 low = ImGui::GetItemRectMin();
    const ImVec2 high = ImGui::GetItemRectMax();
    const bool on = i == selected;
    if (on || ImGui::IsItemHovered()) {
      look.canvas.list.AddRectFilled({low.x + 2, low.y + 2}, {high.x - 2, high.y - 2}, fill_of(theme, on),
                                     radius - 2.0F);
    }
    if (on) look.canvas.list.AddRect({low.x + 2, low.y + 2}, {high.x - 2, high.y - 2}, theme.accent, radius - 2.0F);
    look.canvas.text(look.fonts().text_small, 0.5F * (low.x + high.x), 0.5F * (low.y + high.y),
                     on ? theme.accent : theme.ink_soft, labels[static_cast<std::size_t>(i)], Align::centre);
    focus_ring(look, low, high);
  }
  ImGui::PopID();
  return chosen == selected ? -1 : chosen;
}

bool toggle_switch(const Look& look, const char* id, std::string_view label, bool& on, float width,
                   std::string_view tip) {
  const bool pressed = ImGui::InvisibleButton(id, {width, look.hit});
  if (pressed) on = !on;
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  const Theme& theme = look.theme();
  const float middle = 0.5F * (low.y + high.y);
  look.canvas.text(look.fonts().text, low.x, middle, theme.ink, label);
  const float track_low = high.x - 38.0F;
  const ImU32 track = on ? theme.accent : (ImGui::IsItemHovered() ? theme.ink_faint : theme.rule_strong);
  look.canvas.list.AddRectFilled({track_low, middle - 11.0F}, {high.x, middle + 11.0F}, track, 11.0F);
  const float knob = on ? high.x - 11.0F : track_low + 11.0F;
  look.canvas.list.AddCircleFilled({knob, middle}, 8.0F, on ? theme.on_accent : theme.raised);
  focus_ring(look, low, high);
  if (!tip.empty()) tooltip(look, tip);
  return pressed;
}

bool slider(const Look& look, const char* id, double& value, double min, double max, double step, float width) {
  const Theme& theme = look.theme();
  constexpr float knob = 8.0F;
  const double before = value;
  const bool logarithmic = step <= 0.0 && min > 0.0 && max / min >= 100.0;
  // ImGui's own slider, invisible: dragging, arrow keys and Ctrl+click for typing are its; the drawing is ours.
  for (const ImGuiCol slot : {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive, ImGuiCol_SliderGrab,
                              ImGuiCol_SliderGrabActive, ImGuiCol_Border, ImGuiCol_NavHighlight}) {
    ImGui::PushStyleColor(slot, 0U);
  }
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0.0F, std::max(0.0F, 0.5F * (look.hit - ImGui::GetFontSize()))});
  ImGui::PushStyleVar(ImGuiStyleVar_GrabMinSize, 2.0F * knob);
  ImGui::SetNextItemWidth(width);
  if (step > 0.0) {  // whole steps, so that one arrow key is one step
    int at = static_cast<int>(std::lround((value - min) / step));
    const int first = 0;
    const int last = static_cast<int>(std::lround((max - min) / step));
    if (ImGui::SliderScalar(id, ImGuiDataType_S32, &at, &first, &last, "", ImGuiSliderFlags_NoInput)) {
      value = min + std::clamp(at, first, last) * step;
    }
  } else {
    const ImGuiSliderFlags scale = logarithmic ? ImGuiSliderFlags_Logarithmic : ImGuiSliderFlags_None;
    ImGui::SliderScalar(id, ImGuiDataType_Double, &value, &min, &max, "", scale | ImGuiSliderFlags_NoInput);
  }
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor(7);
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  const float middle = std::round(0.5F * (low.y + high.y));
  const double inside = std::clamp(value, min, max);
  const double share = max <= min    ? 0.0
                       : logarithmic ? std::log(inside / min) / std::log(max / min)
                                     : (inside - min) / (max - min);
  const float x = low.x + knob + static_cast<float>(share) * (high.x - low.x - 2.0F * knob);
  look.canvas.list.AddRectFilled({low.x, middle - 2.0F}, {high.x, middle + 2.0F}, theme.rule, 2.0F);
  look.canvas.list.AddRectFilled({low.x, middle - 2.0F}, {x, middle + 2.0F}, theme.accent, 2.0F);
  const bool hot = ImGui::IsItemHovered() || ImGui::IsItemActive();
  look.canvas.list.AddCircleFilled({x, middle}, hot ? knob + 1.0F : knob, theme.accent);
  look.canvas.list.AddCircleFilled({x, middle}, hot ? 3.5F : 3.0F, theme.on_accent);
  focus_ring(look, {low.x, middle - 12.0F}, {high.x, middle + 12.0F});
  return value != before;
}

bool text_field(const Look& look, const char* id, std::string& text, bool right, float width) {
  const Theme& theme = look.theme();
  ImGui::PushFont(look.fonts().number);
  const float line = ImGui::GetFontSize();
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {10.0F, std::max(0.0F, 0.5F * (look.hit - line))});
  ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, radius);
  ImGui::PushStyleColor(ImGuiCol_Border, right ? theme.rule_strong : theme.bad);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, theme.raised);
  ImGui::SetNextItemWidth(width);
  const bool changed =
      ImGui::InputText(id, text.data(), text.capacity() + 1, ImGuiInputTextFlags_CallbackResize, resize_string, &text);
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(2);
  ImGui::PopFont();
  if (ImGui::IsItemActive()) {
    look.canvas.list.AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), right ? theme.accent : theme.bad, radius,
                             0, 2.0F);
  }
  return changed;
}

bool combo(const Look& look, const char* id, std::span<const char* const> labels, int& selected, float width) {
  const Theme& theme = look.theme();
  const float line = ImGui::GetFontSize();
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {10.0F, std::max(0.0F, 0.5F * (look.hit - line))});
  ImGui::PushStyleColor(ImGuiCol_FrameBg, theme.raised);
  ImGui::SetNextItemWidth(width);
  const char* preview =
      selected >= 0 && selected < static_cast<int>(labels.size()) ? labels[static_cast<std::size_t>(selected)] : "";
  bool changed = false;
  if (ImGui::BeginCombo(id, preview, ImGuiComboFlags_NoArrowButton | ImGuiComboFlags_HeightLarge)) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                        {8.0F, std::max(0.0F, look.hit - line)});  // rows as high as a finger
    for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
      ImGui::PushID(i);
      if (ImGui::Selectable(labels[static_cast<std::size_t>(i)], i == selected)) {
        changed = i != selected;
        selected = i;
      }
      if (i == selected) ImGui::SetItemDefaultFocus();
      ImGui::PopID();
    }
    ImGui::PopStyleVar();
    ImGui::EndCombo();
  }
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  const ImVec2 high = ImGui::GetItemRectMax();
  const ImVec2 low = ImGui::GetItemRectMin();
  draw_icon(look.canvas.list, Icon::unfold, high.x - 18.0F, std::round(0.5F * (low.y + high.y)), 12.0F, theme.ink_soft);
  return changed;
}

void wrapped_text(ImFont* font, ImU32 colour, std::string_view text, float width) {
  ImGui::PushFont(font);
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void tooltip(const Look& look, std::string_view text) {
  const bool hovered = ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip);
  if ((!hovered && !has_focus()) || ImGui::IsItemActive()) return;
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  if (!hovered) ImGui::SetNextWindowPos({low.x, high.y + 6.0F});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {12.0F, 8.0F});
  if (ImGui::BeginTooltip()) {
    wrapped_text(look.fonts().text_small, look.theme().ink, text, 260.0F);
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar();
}

void gap(float height) { ImGui::Dummy({0.0F, height}); }

}  // namespace cvlab::app
