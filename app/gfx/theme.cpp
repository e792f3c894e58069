#include "app/gfx/theme.hpp"

#include "app/gfx/canvas.hpp"
#include "tokens.hpp"

namespace cvlab::app {

namespace {

void set_colours(const Theme& t, ImGuiStyle& style) {
  const auto set = [&style](ImGuiCol slot, ImU32 colour) {
    style.Colors[slot] = ImGui::ColorConvertU32ToFloat4(colour);
  };
  const ImU32 clear = with_alpha(t.paper, 0.0F);
  const ImU32 hovered = mix(t.surface, t.accent_soft, 0.6F);
  set(ImGuiCol_Text, t.ink);
  set(ImGuiCol_TextDisabled, t.ink_faint);
  set(ImGuiCol_WindowBg, t.paper);
  set(ImGuiCol_ChildBg, clear);
  set(ImGuiCol_PopupBg, t.raised);
  set(ImGuiCol_Border, t.rule);
  set(ImGuiCol_BorderShadow, clear);
  set(ImGuiCol_FrameBg, t.raised);
  set(ImGuiCol_FrameBgHovered, hovered);
  set(ImGuiCol_FrameBgActive, t.accent_soft);
  set(ImGuiCol_TitleBg, t.surface);
  set(ImGuiCol_TitleBgActive, t.surface);
  set(ImGuiCol_TitleBgCollapsed, t.surface);
  set(ImGuiCol_MenuBarBg, t.surface);
  set(ImGuiCol_ScrollbarBg, clear);
  set(ImGuiCol_ScrollbarGrab, t.rule);
  set(ImGuiCol_ScrollbarGrabHovered, t.rule_strong);
  set(ImGuiCol_ScrollbarGrabActive, t.ink_faint);
  set(ImGuiCol_CheckMark, t.accent);
  set(ImGuiCol_SliderGrab, t.accent);
  set(ImGuiCol_SliderGrabActive, mix(t.accent, t.ink, 0.2F));
  set(ImGuiCol_Button, t.raised);
  set(ImGuiCol_ButtonHovered, hovered);
  set(ImGuiCol_ButtonActive, t.accent_soft);
  set(ImGuiCol_Header, t.accent_soft);
  set(ImGuiCol_HeaderHovered, hovered);
  set(ImGuiCol_HeaderActive, t.accent_soft);
  set(ImGuiCol_Separator, t.rule);
  set(ImGuiCol_SeparatorHovered, t.rule_strong);
  set(ImGuiCol_SeparatorActive, t.accent);
  set(ImGuiCol_ResizeGrip, clear);
  set(ImGuiCol_ResizeGripHovered, t.rule_strong);
  set(ImGuiCol_ResizeGripActive, t.accent);
  set(ImGuiCol_Tab, clear);
  set(ImGuiCol_TabHovered, hovered);
  set(ImGuiCol_TabActive, t.accent_soft);
  set(ImGuiCol_TabUnfocused, clear);
  set(ImGuiCol_TabUnfocusedActive, t.surface);
  set(ImGuiCol_PlotLines, t.accent);
  set(ImGuiCol_PlotLinesHovered, t.focus);
  set(ImGuiCol_PlotHistogram, t.accent);
  set(ImGuiCol_PlotHistogramHovered, t.focus);
  set(ImGuiCol_TableHeaderBg, t.surface);
  set(ImGuiCol_TableBorderStrong, t.rule_strong);
  set(ImGuiCol_TableBorderLight, t.rule);
  set(ImGuiCol_TableRowBg, clear);
  set(ImGuiCol_TableRowBgAlt, t.surface);
  set(ImGuiCol_TextSelectedBg, with_alpha(t.accent, 0.3F));
  set(ImGuiCol_DragDropTarget, t.focus);
  set(ImGuiCol_NavHighlight, t.focus);
  set(ImGuiCol_NavWindowingHighlight, t.focus);
  set(ImGuiCol_NavWindowingDimBg, with_alpha(t.ink, 0.2F));
  set(ImGuiCol_ModalWindowDimBg, with_alpha(t.dark ? t.paper : t.ink, 0.4F));
}

}  // namespace

const Theme& theme(bool dark) { return dark ? tokens::dark : tokens::light; }

void apply_to_imgui(const Theme& theme, float scale) {
  ImGuiStyle style;  // ImGui's defaults, then ours: calling this twice gives the same style
  set_colours(theme, style);
  constexpr float grid = tokens::size_grid;
  constexpr float radius = tokens::size_radius;
  style.WindowPadding = {4 * grid, 4 * grid};
  style.WindowRounding = 0.0F;
  style.WindowBorderSize = 0.0F;
  style.ChildRounding = radius;
  style.ChildBorderSize = 1.0F;
  style.PopupRounding = radius;
  style.PopupBorderSize = 1.0F;
  style.FramePadding = {2.5F * grid, 1.5F * grid};
  style.FrameRounding = radius;
  style.FrameBorderSize = 1.0F;
  style.ItemSpacing = {2 * grid, 2 * grid};
  style.ItemInnerSpacing = {1.5F * grid, 1.5F * grid};
  style.CellPadding = {2 * grid, grid};
  style.IndentSpacing = 4 * grid;
  style.ScrollbarSize = 2.5F * grid;
  style.ScrollbarRounding = 1.25F * grid;
  style.GrabMinSize = 4 * grid;
  style.GrabRounding = radius - 2.0F;
  style.TabRounding = radius;
  style.TabBorderSize = 0.0F;
  style.WindowMenuButtonPosition = ImGuiDir_None;
  style.ButtonTextAlign = {0.5F, 0.5F};
  style.SeparatorTextBorderSize = 1.0F;
  style.DisabledAlpha = 0.5F;
  style.AntiAliasedLinesUseTex = false;  // textures of baked lines blur hairlines on fractional scales
  style.CircleTessellationMaxError = 0.2F;
  style.ScaleAllSizes(scale);
  ImGui::GetStyle() = style;
}

}  // namespace cvlab::app
