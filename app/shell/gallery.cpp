// The demos as cards: a live miniature, the title, one sentence.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "app/shell/app.hpp"
#include "app/shell/chapters.hpp"
#include "app/shell/miniature.hpp"
#include "app/shell/widgets.hpp"

namespace cvlab::app {
namespace {

constexpr float card_gap = 20.0F;
constexpr float chapter_height = 36.0F;
constexpr float chapter_gap = 16.0F;
constexpr float text_height = 96.0F;
constexpr float least_card = 340.0F;

}  // namespace

// True while one of them moves.
bool App::update_miniatures() {
  for (const DemoInfo* info : all_demos()) {
    const bool there = std::any_of(miniatures_.begin(), miniatures_.end(),
                                   [&](const auto& miniature) { return &miniature->info == info; });
    if (!there) miniatures_.push_back(std::make_unique<Miniature>(*info, pictures_, files_, graphics_));
  }
  bool moving = false;
  for (const auto& miniature : miniatures_) {
    const bool same = miniature->seen_pictures == pictures_.version() && miniature->seen_files == files_.version();
    if (same && !miniature->moving) continue;
    miniature->moving = miniature->demo->update(0.0);
    miniature->seen_pictures = pictures_.version();
    miniature->seen_files = files_.version();
    moving = moving || miniature->moving;
  }
  return moving;
}

void App::draw_gallery(const Theme& theme, const Fonts& fonts, const Rect& area) {
  const float margin = area.width() >= wide_from ? 40.0F : 16.0F;
  ImGui::SetCursorScreenPos({area.x0, area.y0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::BeginChild("gallery", {std::max(1.0F, area.width()), std::max(1.0F, area.height())}, ImGuiChildFlags_None,
                    ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove);
  ImGui::PopStyleVar();
  keys(false);
  const Canvas canvas{*ImGui::GetWindowDrawList(), area, theme, fonts, words_, graphics_, options_.reduced_motion};
  const Look look{canvas, 44.0F};
  const float width = std::max(120.0F, std::min(1200.0F, area.width() - 2.0F * margin));
  const float left = std::max(margin, 0.5F * (area.width() - width));
  gap(margin * 0.5F + 8.0F);
  ImGui::SetCursorPosX(left);
  wrapped_text(fonts.title, theme.ink, words_("shell.gallery"), width);
  ImGui::SetCursorPosX(left);
  wrapped_text(fonts.text, theme.ink_soft, words_("shell.gallery.help"), width);
  gap(12.0F);

  const auto columns = static_cast<std::size_t>(std::clamp((width + card_gap) / (least_card + card_gap), 1.0F, 3.0F));
  const float each = (width - card_gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float height = std::round(each * 0.62F) + text_height;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const DemoInfo* chosen = nullptr;
  float top = start.y;
  std::size_t next = 0;  // the miniatures are in the chapters' order
  for (const Chapter& chapter : chapters()) {
    if (miniatures_.empty()) break;  // until the next update
    ImGui::SetCursorScreenPos({start.x + left, top});
    wrapped_text(fonts.text_large, theme.ink, words_("chapter." + std::string(chapter.id)), width);
    top += chapter_height;
    for (std::size_t i = 0; i < chapter.demos.size(); ++i) {
      Miniature& miniature = *miniatures_[next++];
      const float x = std::round(start.x + left + static_cast<float>(i % columns) * (each + card_gap));
      const std::size_t row = i / columns;
      const float y = std::round(top + static_cast<float>(row) * (height + card_gap));
      if (draw_card(look, miniature, {x, y, x + each, y + height})) chosen = &miniature.info;
    }
    const std::size_t rows = (chapter.demos.size() + columns - 1) / columns;
    top += static_cast<float>(rows) * (height + card_gap) + chapter_gap;
  }
  gap(margin);
  ImGui::EndChild();
  if (chosen != nullptr) static_cast<void>(open(chosen->id));  // frees the miniatures, so last
}

bool App::draw_card(const Look& look, Miniature& miniature, const Rect& card) {
  const Theme& theme = look.theme();
  ImDrawList& list = look.canvas.list;
  const std::string id(miniature.info.id);
  ImGui::SetCursorScreenPos({card.x0, card.y0});
  ImGui::SetNextItemAllowOverlap();
  const bool pressed = ImGui::InvisibleButton(id.c_str(), {card.width(), card.height()});
  const bool hot = ImGui::IsItemHovered() || (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible);
  if (!ImGui::IsRectVisible({card.x0, card.y0}, {card.x1, card.y1})) return pressed;
  list.AddRectFilled({card.x0, card.y0}, {card.x1, card.y1}, theme.raised, 10.0F);
  list.AddRect({card.x0, card.y0}, {card.x1, card.y1}, hot ? theme.accent : theme.rule, 10.0F, 0, hot ? 2.0F : 1.0F);
  const Rect figure{card.x0 + 12.0F, card.y0 + 12.0F, card.x1 - 12.0F, card.y1 - text_height};

  ImGui::SetCursorScreenPos({figure.x0, figure.y0});
  ImGui::PushID(id.c_str());
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::SetNextWindowContentSize({figure.width(), figure.height()});  // nothing to scroll to: Tab passes it by
  ImGui::BeginChild("figure", {figure.width(), figure.height()}, ImGuiChildFlags_None,
                    ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoBackground);
  ImGui::PopStyleVar();
  ImGui::PushItemFlag(ImGuiItemFlags_NoNav, true);
  miniature.draw(look.canvas, figure);
  ImGui::PopItemFlag();
  ImGui::EndChild();
  ImGui::PopID();

  const float left = card.x0 + 16.0F;
  const float width = card.width() - 32.0F;
  ImGui::SetCursorScreenPos({left, card.y1 - text_height + 12.0F});
  wrapped_text(look.fonts().text_large, hot ? theme.accent : theme.ink, words_(id + ".title"), width);
  ImGui::SetCursorScreenPos({left, card.y1 - text_height + 40.0F});
  wrapped_text(look.fonts().text_small, theme.ink_soft, words_(id + ".summary"), width);
  return pressed;
}

}  // namespace cvlab::app
