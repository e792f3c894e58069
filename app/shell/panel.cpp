// The controls and read-outs of the open demo, made from its parameter table.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/shell/app.hpp"
#include "app/shell/text.hpp"
#include "app/shell/widgets.hpp"

namespace cvlab::app {
namespace {

std::string word_key(const DemoInfo& info, const Param& param) {
  return std::string(info.id) + '.' + std::string(param.id);
}

constexpr double slowest = 0.1;
constexpr double fastest = 50.0;

// A hand on a slider does not mean fifteen digits.
double rounded(double value, int digits) {
  if (value == 0.0) return 0.0;
  const int places = digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  const double unit = std::pow(10.0, std::abs(places));  // a whole number, so that 0.3 becomes 3 / 10 exactly
  return places >= 0 ? std::round(value * unit) / unit : std::round(value / unit) * unit;
}

void label_row(const Look& look, std::string_view label, std::string_view value, float width, std::string_view help) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, 20.0F});
  if (!help.empty()) tooltip(look, help);
  look.canvas.text(look.fonts().text, at.x, at.y + 10.0F, look.theme().ink, label);
  if (!value.empty()) {
    look.canvas.text(look.fonts().number, at.x + width, at.y + 10.0F, look.theme().ink_soft, value, Align::right);
  }
}

void rule(const Look& look, float width) {
  gap(6.0F);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  look.canvas.list.AddLine({at.x, at.y + 0.5F}, {at.x + width, at.y + 0.5F}, look.theme().rule);
  gap(6.0F);
}

}  // namespace

void App::draw_panel(const Theme& theme, const Fonts& fonts, const Rect& area) {
  const bool wide = ImGui::GetIO().DisplaySize.x >= wide_from;
  ImDrawList& outer = *ImGui::GetWindowDrawList();
  outer.AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, theme.surface);
  if (wide) {
    outer.AddLine({area.x1 - 0.5F, area.y0}, {area.x1 - 0.5F, area.y1}, theme.rule);
  } else {
    outer.AddLine({area.x0, area.y0 + 0.5F}, {area.x1, area.y0 + 0.5F}, theme.rule);
  }
  ImGui::SetCursorScreenPos({area.x0, area.y0 + (wide ? 0.0F : 1.0F)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {16, 16});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {8, 4});
  ImGui::BeginChild("panel", {std::max(1.0F, area.width() - 1.0F), std::max(1.0F, area.height() - 1.0F)},
                    ImGuiChildFlags_AlwaysUseWindowPadding,
                    ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove);
  const Canvas canvas{*ImGui::GetWindowDrawList(), area, theme, fonts, words_, graphics_, options_.reduced_motion};
  const Look look{canvas, wide ? 32.0F : 44.0F};
  const float width = ImGui::GetContentRegionAvail().x;
  wrapped_text(fonts.text, theme.ink_soft, words_(std::string(info_->id) + ".try"), width);
  gap(4.0F);
  if (info_->has_steps) draw_steps(look);
  draw_controls(look, ParamGroup::main);
  const bool has_more = std::any_of(info_->params.begin(), info_->params.end(),
                                    [](const Param& param) { return param.group == ParamGroup::more; });
  if (has_more) {
    const ButtonStyle style{.icon = more_open_ ? Icon::fold : Icon::unfold, .framed = false};
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() - 10.0F);  // its words, not its frame, stand on the margin
    if (button(look, "more", words_("shell.more"), style)) more_open_ = !more_open_;
    if (more_open_) draw_controls(look, ParamGroup::more);
  }
  draw_readouts(look);
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
}

void App::draw_steps(const Look& look) {
  const bool can_play = !options_.reduced_motion || info_->works;
  if (can_play) {
    // The icon alone: with the word, French has no room left for the speed.
    const ButtonStyle style{.icon = playing_ ? Icon::pause : Icon::play, .selected = playing_, .width = 56.0F};
    const char* tip = words_(playing_ ? "shell.pause" : info_->works ? "shell.work" : "shell.play");
    if (button(look, "play", {}, style, tip)) {
      play(!playing_);
    }
    ImGui::SameLine();
  }
  if (button(look, "back", {}, {.icon = Icon::step_back}, words_("shell.step_back"))) step(-1);
  ImGui::SameLine();
  if (button(look, "forward", {}, {.icon = Icon::step_forward}, words_("shell.step_forward"))) step(+1);
  if (can_play && !info_->works) {
    ImGui::SameLine(0.0F, 12.0F);
    const std::string shown = "×" + words_.number(speed_, 2);
    const float room = look.canvas.text_width(look.fonts().number, "×0.25") + 6.0F;
    const float width = std::max(40.0F, ImGui::GetContentRegionAvail().x - room);
    double speed = speed_;
    if (slider(look, "##speed", speed, slowest, fastest, 0.0, width)) {
      set_speed(std::clamp(rounded(speed, 2), slowest, fastest));
    }
    tooltip(look, words_("shell.speed"));
    const ImVec2 low = ImGui::GetItemRectMin();
    const ImVec2 high = ImGui::GetItemRectMax();
    look.canvas.text(look.fonts().number, high.x + room, 0.5F * (low.y + high.y), look.theme().ink_soft, shown,
                     Align::right);
  }
  rule(look, ImGui::GetContentRegionAvail().x);
  gap(2.0F);
}

void App::draw_controls(const Look& look, ParamGroup group) {
  for (const Param& param : info_->params) {
    if (param.group != group || !state_->visible(param)) continue;
    const auto& hidden = options_.hidden;
    if (std::find(hidden.begin(), hidden.end(), param.id) != hidden.end()) continue;
    ImGui::PushID(param.id.data(), param.id.data() + param.id.size());
    draw_control(look, param);
    ImGui::PopID();
    gap(6.0F);
  }
}

void App::draw_control(const Look& look, const Param& param) {
  const float width = ImGui::GetContentRegionAvail().x;
  switch (param.type) {
    case ParamType::integer:
    case ParamType::real:
      return draw_number_control(look, param, width);
    case ParamType::choice:
    case ParamType::picture:
      return draw_choice_control(look, param, width);
    case ParamType::cell:
    case ParamType::matrix:
    case ParamType::text:
      return draw_text_control(look, param, width);
    case ParamType::toggle: {
      const std::string key = word_key(*info_, param);
      bool on = state_->toggle(param.id);
      if (toggle_switch(look, "switch", words_(key), on, width, words_(key + ".help")))
        set_or_tell(param.id, on ? "1" : "0");
      return;
    }
  }
}

void App::draw_number_control(const Look& look, const Param& param, float width) {
  const std::string key = word_key(*info_, param);
  const char* help = words_(key + ".help");
  const double before = state_->real(param.id);
  double value = before;
  label_row(look, words_(key), words_.number(before, 4), width, help);
  if (param.type == ParamType::real) {
    if (slider(look, "##slider", value, param.min, param.max, 0.0, width)) {
      value = std::clamp(rounded(value, 3), param.min, param.max);
    }
    tooltip(look, help);
  } else {
    const double step = param.step > 0.0 ? param.step : 1.0;
    if (button(look, "less", {}, {.icon = Icon::minus}, words_("shell.less"))) value -= step;
    ImGui::SameLine();
    slider(look, "##slider", value, param.min, param.max, step, width - 2.0F * (look.hit + 8.0F));
    tooltip(look, help);
    ImGui::SameLine();
    if (button(look, "more", {}, {.icon = Icon::plus}, words_("shell.greater"))) value += step;
    value = std::clamp(value, param.min, param.max);  // the buttons stop at the ends, as the slider does
  }
  if (value != before) set_or_tell(param.id, State::format(value));
}

void App::draw_choice_control(const Look& look, const Param& param, float width) {
  const std::string key = word_key(*info_, param);
  std::vector<const char*> labels;
  int selected = -1;
  float widest = 0.0F;
  for (const std::string_view choice : param.choices) {
    const std::string word = (param.type == ParamType::picture ? "picture" : key) + '.' + std::string(choice);
    if (choice == state_->choice(param.id)) selected = static_cast<int>(labels.size());
    labels.push_back(words_(word));
    widest = std::max(widest, look.canvas.text_width(look.fonts().text_small, labels.back()));
  }
  label_row(look, words_(key), {}, width, words_(key + ".help"));
  const bool few = labels.size() <= 4 && (widest + 12.0F) * static_cast<float>(labels.size()) <= width;
  if (param.type == ParamType::choice && few) {
    if (const int chosen = segmented(look, "choice", labels, selected, width); chosen >= 0) {
      set_or_tell(param.id, param.choices[static_cast<std::size_t>(chosen)]);
    }
    return;
  }
  int chosen = selected;
  const bool changed = combo(look, "##choice", labels, chosen, width);
  tooltip(look, words_(key + ".help"));
  if (!changed || chosen < 0) return;
  const std::string_view choice = param.choices[static_cast<std::size_t>(chosen)];
  const bool nothing_opened = param.type == ParamType::picture && choice == "own" &&
                              pictures_.get("own").status != PictureLibrary::Status::ready;
  if (nothing_opened) return open_picture();  // "own" follows by itself when a picture arrives
  set_or_tell(param.id, choice);
}

void App::draw_text_control(const Look& look, const Param& param, float width) {
  const std::string key = word_key(*info_, param);
  Edit& edit = edits_[std::string(param.id)];
  if (!edit.typing) {
    edit.text = state_->raw(param.id);
    edit.error.clear();
  }
  label_row(look, words_(key), {}, width, words_(key + ".help"));
  if (text_field(look, "##text", edit.text, edit.error.empty(), width)) {
    const Result<void> result = set(param.id, edit.text);
    edit.error = result ? std::string() : words_.sentence(result.error());
  }
  edit.typing = ImGui::IsItemActive();
  if (!edit.typing) tooltip(look, words_(key + ".help"));
  if (!edit.error.empty()) wrapped_text(look.fonts().text_small, look.theme().bad, edit.error, width);
}

void App::draw_readouts(const Look& look) {
  const Readouts readouts = demo_->readouts();
  if (readouts.empty()) return;
  const Theme& theme = look.theme();
  const Fonts& fonts = look.fonts();
  const float width = ImGui::GetContentRegionAvail().x;
  rule(look, width);
  wrapped_text(fonts.text_small, theme.ink_faint, words_("shell.readouts"), width);
  float unit_width = 0.0F;
  for (const Readout& readout : readouts)
    unit_width = std::max(unit_width, look.canvas.text_width(fonts.text_small, readout.unit));
  const float value_right = width - (unit_width > 0.0F ? unit_width + 6.0F : 0.0F);
  for (const Readout& readout : readouts) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const std::string label = words_(std::string(info_->id) + ".readout." + readout.id);
    const double* number = std::get_if<double>(&readout.value);
    const std::string value =
        number != nullptr ? words_.number(*number, readout.digits) : std::get<std::string>(readout.value);
    const float label_width = look.canvas.text_width(fonts.text, label);
    const float value_width = look.canvas.text_width(fonts.number, value);
    const bool one_line = label_width + value_width + 12.0F <= value_right;
    look.canvas.text(fonts.text, at.x, at.y + 11.0F, theme.ink_soft, label);
    const float line = at.y + (one_line ? 11.0F : 31.0F);
    if (value_width <= value_right) {
      look.canvas.text(fonts.number, at.x + value_right, line, theme.ink, value, Align::right);
      look.canvas.text(fonts.text_small, at.x + value_right + 6.0F, line, theme.ink_faint, readout.unit);
      ImGui::Dummy({width, one_line ? 18.0F : 38.0F});
    } else {  // an expression longer than the panel: it wraps
      ImGui::Dummy({width, 16.0F});
      wrapped_text(fonts.number, theme.ink, value, width);
    }
  }
}

}  // namespace cvlab::app
