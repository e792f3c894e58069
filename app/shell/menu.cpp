// The slim bar at the top: the way back to the gallery, the title, language, theme, link, reset, pictures.
#include <imgui.h>

#include <array>

#include "app/shell/app.hpp"
#include "app/shell/widgets.hpp"

namespace cvlab::app {
namespace {

constexpr std::array<const char*, 2> language_labels = {"EN", "FR"};  // names of languages are the same in both
constexpr std::array<const char*, 2> language_ids = {"en", "fr"};
constexpr float margin = 12.0F;
constexpr float between = 8.0F;

}  // namespace

void App::draw_menu(const Theme& theme, const Fonts& fonts, const Rect& area) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Canvas canvas{list, area, theme, fonts, words_, graphics_, options_.reduced_motion};
  const bool wide = area.width() >= wide_from;
  const Look look{canvas, wide ? 32.0F : 44.0F};
  list.AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, theme.surface);
  list.AddLine({area.x0, area.y1 - 0.5F}, {area.x1, area.y1 - 0.5F}, theme.rule);
  const float middle = 0.5F * (area.y0 + area.y1);
  const float top = middle - 0.5F * look.hit;
  const auto place = [&](float x) { ImGui::SetCursorScreenPos({x, top}); };

  place(margin - 4.0F);
  const float home_width = canvas.text_width(fonts.text_large, "cvlab") + 16.0F;
  if (button(look, "home", {}, {.framed = false, .width = home_width}, words_("shell.home"))) {
    static_cast<void>(open(""));
  }
  canvas.text(fonts.text_large, margin + 4.0F, middle, theme.accent, "cvlab");
  float left = margin + home_width;

  float right = area.x1 - margin;
  if (!wide) {
    right -= look.hit;
    place(right);
    if (button(look, "menu", {}, {.icon = Icon::menu, .framed = false}, words_("shell.menu"))) ImGui::OpenPopup("menu");
    ImGui::SetNextWindowPos({area.x1 - margin, area.y1}, ImGuiCond_Always, {1.0F, 0.0F});
    draw_menu_popup(look);
  } else {
    right = draw_bar_buttons(look, right, top);
  }

  if (info_ == nullptr) return;
  const std::string title = words_(std::string(info_->id) + ".title");
  list.PushClipRect({left, area.y0}, {right - between, area.y1}, true);
  list.AddLine({left + 4.0F, middle - 10.0F}, {left + 4.0F, middle + 10.0F}, theme.rule_strong);
  canvas.text(fonts.text_large, left + 16.0F, middle, theme.ink, title);
  list.PopClipRect();
}

// Returns where the leftmost button begins.
float App::draw_bar_buttons(const Look& look, float right, float top) {
  // From left to right for the keyboard, so the widths are added up first.
  const bool demo = info_ != nullptr;
  const bool pictures = demo && picture_param() != nullptr;
  const char* open_label = words_("shell.open_picture");
  const char* link_label = words_("shell.copy_link");
  const char* reset_label = words_("shell.reset");
  const auto add = [&](float width) { right -= width + between; };
  add(84.0F);
  add(look.hit);
  if (demo) add(button_width(look, reset_label, Icon::reset));
  if (demo) add(button_width(look, link_label, Icon::link));
  if (pictures && host_.has_camera()) add(look.hit);
  if (pictures) add(button_width(look, open_label, Icon::open));
  ImGui::SetCursorScreenPos({right, top});
  const auto next = [&] { ImGui::SameLine(0.0F, between); };
  if (pictures) {
    if (button(look, "open", open_label, {.icon = Icon::open}, words_("shell.open_picture.help"))) open_picture();
    next();
    if (host_.has_camera()) {
      const ButtonStyle style{.icon = Icon::camera, .selected = camera_};
      if (button(look, "camera", {}, style, words_("shell.camera"))) set_camera(!camera_);
      next();
    }
  }
  if (demo) {
    if (button(look, "link", link_label, {.icon = Icon::link}, words_("shell.copy_link.help"))) copy_link();
    next();
    if (button(look, "reset", reset_label, {.icon = Icon::reset}, words_("shell.reset.help"))) reset();
    next();
  }
  const ButtonStyle theme_style{.icon = options_.dark ? Icon::sun : Icon::moon};
  if (button(look, "theme", {}, theme_style, words_(options_.dark ? "shell.light" : "shell.dark"))) {
    options_.dark = !options_.dark;
    host_.request_frame();
  }
  next();
  draw_language_switch(look, 84.0F);
  return right;
}

void App::draw_language_switch(const Look& look, float width) {
  const int language = words_.language() == "fr" ? 1 : 0;
  const int chosen = segmented(look, "language", language_labels, language, width);
  if (chosen < 0) return;
  AppOptions changed = options_;
  changed.language = language_ids[static_cast<std::size_t>(chosen)];
  set_options(std::move(changed));
}

void App::draw_menu_popup(const Look& outer) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {12, 12});
  if (!ImGui::BeginPopup("menu")) {
    ImGui::PopStyleVar();
    return;
  }
  const Canvas& from = outer.canvas;
  const Canvas canvas{*ImGui::GetWindowDrawList(), from.area, from.theme, from.fonts, words_, graphics_,
                      from.reduced_motion};
  const Look look{canvas, 44.0F};
  constexpr float width = 240.0F;
  const auto entry = [&](const char* id, Icon icon, const char* label, bool selected = false) {
    const bool pressed = button(look, id, label, {.icon = icon, .selected = selected, .width = width});
    if (pressed) ImGui::CloseCurrentPopup();
    return pressed;
  };
  if (info_ != nullptr) {
    if (picture_param() != nullptr) {
      if (entry("open", Icon::open, words_("shell.open_picture"))) open_picture();
      if (host_.has_camera() && entry("camera", Icon::camera, words_("shell.camera"), camera_)) set_camera(!camera_);
    }
    if (entry("link", Icon::link, words_("shell.copy_link"))) copy_link();
    if (entry("reset", Icon::reset, words_("shell.reset"))) reset();
  }
  if (entry("theme", options_.dark ? Icon::sun : Icon::moon, words_(options_.dark ? "shell.light" : "shell.dark"))) {
    options_.dark = !options_.dark;
    host_.request_frame();
  }
  draw_language_switch(look, width);
  ImGui::EndPopup();
  ImGui::PopStyleVar();
}

}  // namespace cvlab::app
