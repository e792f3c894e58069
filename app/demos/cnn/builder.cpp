// The layers below the network: what each makes of what it gets, what it costs, and the means to change it. A network
// that does not work says why, and at which layer.
#include <algorithm>
#include <array>

#include "app/demos/cnn/cnn.hpp"
#include "app/shell/widgets.hpp"
#include "app/views/cells.hpp"
#include "core/nn/layer.hpp"
#include "core/nn/shapes.hpp"

namespace cvlab::app {

namespace {

constexpr float chip_height = 44.0F;
constexpr float chip_gap = 6.0F;
constexpr float row_height = 36.0F;
constexpr nn::LayerListLimits limits = nn::layer_list_limits;

std::string times(std::initializer_list<std::ptrdiff_t> factors) {
  std::string text;
  for (const std::ptrdiff_t factor : factors) text += (text.empty() ? "" : "\u00B7") + std::to_string(factor);
  return text;
}

// "8×26×26", or "64".
std::string shape_text(const Shape& shape) {
  std::string text;
  for (int axis = 1; axis < shape.rank(); ++axis) text += (axis > 1 ? "\u00D7" : "") + std::to_string(shape[axis]);
  return text;
}

// Thousands apart.
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3) text.insert(static_cast<std::size_t>(i), "\u00A0");
  return text;
}

std::string size_text(const nn::Layer& l) {
  std::string window = std::to_string(l.kernel_y) + "\u00D7" + std::to_string(l.kernel_x);
  switch (l.kind) {
    case nn::LayerKind::conv2d:
      return std::to_string(l.channels) + " \u00B7 " + window;
    case nn::LayerKind::max_pool2d:
      return window;
    case nn::LayerKind::linear:
      return std::to_string(l.channels);
    default:
      return {};
  }
}

}  // namespace

// One drawing of the builder.
struct Cnn::Builder {
  Cnn& cnn;
  const Canvas& canvas;
  const Words& words;
  Look look;
  int chosen;

  float chips(const Rect& area);
  void chip(int index, const Rect& rect);
  float settings(const Rect& area);
  bool stepper(const Rect& row, const char* key, int& value, int least, int most);
  float additions(const Rect& area);
  float account(const Rect& area) const;
  const nn::LayerSummary* summary(std::string_view name, int before = 0) const;
  const nn::Layer* layer() const {
    const bool own = chosen >= 0 && chosen < static_cast<int>(cnn.list_.size());
    return own ? &cnn.list_[static_cast<std::size_t>(chosen)] : nullptr;
  }
  std::string name_of(int index) const {
    if (index < 0) return "input";
    const auto i = static_cast<std::size_t>(index);
    return i < cnn.list_.size() ? cnn.list_[i].name : "fc";
  }
};

int Cnn::chosen_layer() const {
  const std::string_view name = state_.raw("layer");
  if (name == "input") return -1;
  for (std::size_t i = 0; i < list_.size(); ++i) {
    if (list_[i].name == name) return static_cast<int>(i);
  }
  return static_cast<int>(list_.size());
}

// The row of the layer, or of the one that it reads.
const nn::LayerSummary* Cnn::Builder::summary(std::string_view name, int before) const {
  const auto& rows = cnn.check_.summary.layers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].name != name) continue;
    return static_cast<int>(i) >= before ? &rows[i - static_cast<std::size_t>(before)] : nullptr;
  }
  return nullptr;
}

void Cnn::draw_builder(const Canvas& canvas, const Rect& area) {
  if (area.height() < 40.0F || area.width() < 100.0F) return;
  const ImVec2 back = ImGui::GetCursorScreenPos();
  Builder builder{*this, canvas, canvas.words, {canvas, 30.0F}, chosen_layer()};
  if (!layers_problem_.id.empty()) {
    const std::string text = canvas.words.sentence(layers_problem_);
    ImGui::SetCursorScreenPos({area.x0, area.y0});
    wrapped_text(canvas.fonts.text, canvas.theme.bad, text, area.width());
    const float y = ImGui::GetItemRectMax().y + 12.0F;
    ImGui::SetCursorScreenPos({area.x0, y});
    if (button(builder.look, "mend", canvas.words("cnn.course_network"), {})) {
      (void)state_.set("layers", course_layers);
      begin_with("trained");
    }
  } else {
    float y = builder.chips(area) + 10.0F;
    const bool beside = area.width() >= 620.0F;
    const float middle = beside ? area.x0 + std::min(540.0F, 0.57F * area.width()) : area.x1;
    const float controls = builder.settings({area.x0, y, middle, area.y1});
    const float end = builder.additions({area.x0, controls + 4.0F, middle, area.y1});
    const Rect account =
        beside ? Rect{middle + 28.0F, y, area.x1, area.y1} : Rect{area.x0, end + 10.0F, area.x1, area.y1};
    (void)builder.account(account);
  }
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
}

// The layers in a row, as many rows as it takes; returns where they end.
float Cnn::Builder::chips(const Rect& area) {
  const int count = static_cast<int>(cnn.list_.size()) + 2;  // with input and fc
  const float least = area.width() >= 620.0F ? 84.0F : 76.0F;
  const int across = std::clamp(static_cast<int>((area.width() + chip_gap) / (least + chip_gap)), 1, count);
  const float width =
      std::min(104.0F, (area.width() - chip_gap * static_cast<float>(across - 1)) / static_cast<float>(across));
  for (int i = 0; i < count; ++i) {
    const float x = area.x0 + static_cast<float>(i % across) * (width + chip_gap);
    const int line = i / across;
    const float y = area.y0 + static_cast<float>(line) * (chip_height + chip_gap);
    chip(i - 1, {x, y, x + width, y + chip_height});
  }
  const int lines = (count + across - 1) / across;
  return area.y0 + static_cast<float>(lines) * (chip_height + chip_gap) - chip_gap;
}

void Cnn::Builder::chip(int index, const Rect& rect) {
  const Theme& theme = canvas.theme;
  const std::string name = name_of(index);
  const bool faulty = cnn.check_.problem && index == cnn.check_.faulty;
  const bool lit = index == chosen;
  ImGui::SetCursorScreenPos({rect.x0, rect.y0});
  ImGui::PushID(index);
  if (ImGui::InvisibleButton("layer", {rect.width(), rect.height()})) (void)cnn.state_.set("layer", name);
  const bool over = ImGui::IsItemHovered() || (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible);
  ImGui::PopID();
  const ImU32 frame = faulty ? theme.bad : lit ? theme.focus : theme.rule_strong;
  canvas.list.AddRectFilled({rect.x0, rect.y0}, {rect.x1, rect.y1}, lit ? theme.focus_soft : theme.raised, 6.0F);
  canvas.list.AddRect({rect.x0, rect.y0}, {rect.x1, rect.y1}, frame, 6.0F, 0, faulty || lit || over ? 2.0F : 1.0F);
  const float x = 0.5F * (rect.x0 + rect.x1);
  const auto i = static_cast<std::size_t>(index);
  const std::string size = index >= 0 && i < cnn.list_.size() ? size_text(cnn.list_[i]) : "";
  const float both = canvas.text_width(canvas.fonts.text_small, name + "  " + size);
  const std::string top = size.empty() || both > rect.width() - 8.0F ? name : name + "  " + size;
  canvas.text(canvas.fonts.text_small, x, rect.y0 + 14.0F, faulty ? theme.bad : theme.ink, top, Align::centre);
  const nn::LayerSummary* row = summary(name);
  const bool known = row != nullptr && !faulty;
  canvas.text(canvas.fonts.number_small, x, rect.y0 + 31.0F, known ? theme.ink_soft : theme.bad,
              known    ? shape_text(row->output)
              : faulty ? "!"
                       : "?",
              Align::centre);
}

bool Cnn::Builder::stepper(const Rect& row, const char* key, int& value, int least, int most) {
  const int before = value;
  const float y = 0.5F * (row.y0 + row.y1);
  canvas.text(canvas.fonts.text_small, row.x0, y, canvas.theme.ink_soft, words(key));
  const float hit = look.hit;
  const float right = std::min(row.x1, row.x0 + 250.0F);
  ImGui::PushID(key);
  ImGui::SetCursorScreenPos({right - 2.0F * hit - 44.0F, y - 0.5F * hit});
  if (button(look, "less", "", {.icon = Icon::minus}, words("cnn.less"))) value = std::max(least, value - 1);
  canvas.text(canvas.fonts.number, right - hit - 22.0F, y, canvas.theme.ink, std::to_string(value), Align::centre);
  ImGui::SetCursorScreenPos({right - hit, y - 0.5F * hit});
  if (button(look, "more", "", {.icon = Icon::plus}, words("cnn.more"))) value = std::min(most, value + 1);
  ImGui::PopID();
  return value != before;
}

// Sizes of the chosen layer; returns where they end.
float Cnn::Builder::settings(const Rect& area) {
  canvas.text(canvas.fonts.text, area.x0, area.y0 + 11.0F, canvas.theme.ink, name_of(chosen));
  float y = area.y0 + 26.0F;
  const nn::Layer* old = layer();
  if (old == nullptr) {
    const char* key = chosen < 0 ? "cnn.layer_input" : "cnn.layer_fc";
    ImGui::SetCursorScreenPos({area.x0, y});
    wrapped_text(canvas.fonts.text_small, canvas.theme.ink_soft, words(key), area.width());
    return ImGui::GetItemRectMax().y + 6.0F;
  }
  nn::Layer l = *old;
  bool changed = false;
  const int across = area.width() < 400.0F ? 2 : 1;
  const float width = (area.width() - 20.0F * static_cast<float>(across - 1)) / static_cast<float>(across);
  int place = 0;
  const auto one = [&](const char* key, int& value, int least, int most) {
    const float x = area.x0 + static_cast<float>(place % across) * (width + 20.0F);
    const int line = place / across;
    const float top = y + static_cast<float>(line) * row_height;
    ++place;
    changed = stepper({x, top, x + width, top + row_height}, key, value, least, most) || changed;
  };
  const bool window = l.kind == nn::LayerKind::conv2d || l.kind == nn::LayerKind::max_pool2d;
  if (l.kind == nn::LayerKind::conv2d) one("cnn.filters", l.channels, 1, limits.filters);
  if (l.kind == nn::LayerKind::linear) one("cnn.units", l.channels, 1, limits.units);
  if (window) one(l.kind == nn::LayerKind::conv2d ? "cnn.kernel" : "cnn.window", l.kernel_y, 1, limits.kernel);
  if (window) one("cnn.stride", l.stride, 1, limits.stride);
  if (l.kind == nn::LayerKind::conv2d) one("cnn.padding", l.padding, 0, limits.padding);
  const int lines = (place + across - 1) / across;
  y += static_cast<float>(lines) * row_height;
  l.kernel_x = l.kernel_y;
  if (changed) {
    std::vector<nn::Layer> layers = cnn.list_;
    layers[static_cast<std::size_t>(chosen)] = l;
    cnn.set_layers(std::move(layers), chosen);
  }
  return y;
}

// Layers that can come after the chosen one, and its removal; returns where they end.
float Cnn::Builder::additions(const Rect& area) {
  struct Addition {
    const char *id, *label;
    nn::Layer layer;
  };
  const std::array<Addition, 4> additions{{{"conv", "cnn.add_conv", nn::layer::conv2d({}, 8, 3)},
                                           {"relu", "cnn.add_relu", nn::layer::relu({})},
                                           {"pool", "cnn.add_pool", nn::layer::max_pool2d({}, 2, 2)},
                                           {"dense", "cnn.add_dense", nn::layer::linear({}, 32)}}};
  const auto count = static_cast<int>(cnn.list_.size());
  float x = area.x0;
  float y = area.y0;
  const auto one = [&](const char* id, const char* label, Icon icon) {
    const float width = std::min(area.width(), button_width(look, words(label), icon));
    if (x > area.x0 && x + width > area.x1 + 1.0F) {
      x = area.x0;
      y += look.hit + 4.0F;
    }
    ImGui::SetCursorScreenPos({x, y});
    x += width + 6.0F;
    return button(look, id, words(label), {.icon = icon, .width = width}, words(std::string(label) + ".tip"));
  };
  std::vector<nn::Layer> layers = cnn.list_;
  if (layer() != nullptr && one("remove", "cnn.remove", Icon::minus)) {
    layers.erase(layers.begin() + chosen);
    cnn.set_layers(std::move(layers), std::min(chosen, count - 2));
    return y + look.hit;
  }
  if (count >= limits.layers) return y + look.hit;
  for (const Addition& addition : additions) {
    if (!one(addition.id, addition.label, Icon::plus)) continue;
    const int place = std::min(chosen + 1, count);
    layers.insert(layers.begin() + place, addition.layer);
    cnn.set_layers(std::move(layers), place);
    break;
  }
  return y + look.hit;
}

// What the chosen layer makes and costs, worked out, and the sums of all; returns where it ends.
float Cnn::Builder::account(const Rect& area) const {
  const Theme& theme = canvas.theme;
  const float line = area.width() < 400.0F ? 36.0F : 42.0F;
  float y = area.y0;
  const auto write = [&](const std::string& name, const std::string& text, ImU32 colour) {
    if (y + 40.0F > area.y1 + 8.0F) return;
    canvas.text(canvas.fonts.text_small, area.x0, y + 9.0F, theme.ink_soft, name);
    const float wide = canvas.text_width(canvas.fonts.number, text);
    const float size = std::min(14.0F, 14.0F * area.width() / std::max(1.0F, wide));
    canvas.text(canvas.fonts.number, area.x0, y + 27.0F, colour, text, Align::left, size);
    y += line;
  };
  const std::optional<Error>& problem = cnn.check_.problem;
  if (problem) {
    ImGui::SetCursorScreenPos({area.x0, y});
    wrapped_text(canvas.fonts.text, theme.bad, words.sentence(*problem), area.width());
    y = ImGui::GetItemRectMax().y + 10.0F;
  }
  const std::string name = name_of(chosen);
  const nn::LayerSummary* out = summary(name);
  const nn::LayerSummary* in = summary(name, 1);
  const nn::Layer* l = layer();
  if (out != nullptr && in != nullptr && !(problem && chosen == cnn.check_.faulty)) {
    const Shape& from = in->output;
    const Shape& to = out->output;
    const bool window = l != nullptr && (l->kind == nn::LayerKind::conv2d || l->kind == nn::LayerKind::max_pool2d);
    if (window) {
      const std::string padded = l->padding > 0 ? " + 2\u00B7" + std::to_string(l->padding) : "";
      write(words("cnn.height"),
            "\u230A(" + std::to_string(from[2]) + padded + " \u2212 " + std::to_string(l->kernel_y) + ") / " +
                std::to_string(l->stride) + "\u230B + 1 = " + std::to_string(to[2]),
            theme.ink);
    }
    if (out->parameters > 0) {
      const bool conv = to.rank() == 4;
      const std::ptrdiff_t k = conv ? l->kernel_y : 1;
      const std::string reads = conv ? times({from[1], k, k}) : std::to_string(from[1]);
      write(words("cnn.parameters"), std::to_string(to[1]) + "\u00B7(" + reads + " + 1) = " + grouped(out->parameters),
            theme.ink);
      write(words("cnn.multiply_adds"),
            (conv ? times({to[1], to[2], to[3], from[1], k, k}) : times({to[1], from[1]})) + " = " +
                grouped(out->multiply_adds),
            theme.ink);
    } else {
      write(words("cnn.parameters"), "0", theme.ink);
    }
  }
  if (problem) return y;
  const nn::Summary& all = cnn.check_.summary;
  write(words("cnn.whole"), words.format("cnn.whole_numbers", {grouped(all.parameters), grouped(all.multiply_adds)}),
        theme.focus);
  return y;
}

}  // namespace cvlab::app
