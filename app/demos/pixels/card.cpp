// The pixel that is looked at: its numbers and their bits, how they were made, and where they lie among all.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/demos/pixels/pixels.hpp"
#include "app/views/level_bars.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float row_height = 26.0F;
constexpr float levels_height = 34.0F;
constexpr float formula_height = 52.0F;

FormulaPiece sign(const std::string& text) { return {.top = text, .sign = true}; }
FormulaPiece factor(const std::string& symbol, const std::string& value) { return {.top = symbol, .value = value}; }
FormulaPiece result(const std::string& symbol, const std::string& value) {
  return {.top = symbol, .value = value, .marked = true};
}

// 230 = 128 + 64 + 32 + 4 + 2
std::string binary_sum(int v) {
  std::string text = std::to_string(v) + " =";
  for (int bit = 7; bit >= 0; --bit) {
    if (((v >> bit) & 1) == 0) continue;
    text += (text.back() == '=' ? " " : " + ") + std::to_string(1 << bit);
  }
  return v == 0 ? "0" : text;
}

}  // namespace

void Pixels::draw_card(const Canvas& canvas, const Layout& l) const {
  const Rect& area = l.card;
  if (area.height() < row_height) return;
  const Cell cell = looked_at();
  ImFont* const title = l.wide ? canvas.fonts.text_large : canvas.fonts.text;
  canvas.text(title, area.x0, area.y0 + 12.0F, canvas.theme.ink,
              canvas.words.format("pixels.pixel", {std::to_string(cell.row + 1), std::to_string(cell.column + 1)}));
  const ImU32 swatch = IM_COL32(byte_of(red, cell), byte_of(green, cell), byte_of(blue, cell), 255);
  canvas.list.AddRectFilled({area.x1 - 44.0F, area.y0 + 2.0F}, {area.x1, area.y0 + 22.0F}, swatch, 4.0F);
  canvas.list.AddRect({area.x1 - 44.0F, area.y0 + 2.0F}, {area.x1, area.y0 + 22.0F}, canvas.theme.rule_strong, 4.0F);
  float y = area.y0 + (l.wide ? 32.0F : 27.0F);
  for (int k = 0; k < 4; ++k) {
    if (y + row_height > area.y1) return;
    draw_channel_row(canvas, {area.x0, y, area.x1, y + row_height},
                     k < 3 ? static_cast<Plane>(first_of_strip() + k) : grey);
    y += row_height;
  }
  y += 8.0F;
  const float left = area.y1 - y;
  if (left >= formula_height) y += draw_formulas(canvas, {area.x0, y, area.x1, area.y1}, left > 300.0F) + 6.0F;
  if (area.y1 - y >= levels_height + 70.0F) {
    const float tall = std::min(220.0F, area.y1 - y - levels_height);
    draw_histogram(canvas, {area.x0, y, area.x1, y + tall});
    y += tall;
  }
  if (area.y1 - y >= levels_height) draw_levels(canvas, {area.x0, y, area.x1, y + levels_height});
}

// Name, value, bar, and the value's bits: those that the bit depth keeps are in ink, the lost ones are faint. Pointing
// writes the number out.
void Pixels::draw_channel_row(const Canvas& canvas, const Rect& row, Plane plane) const {
  const int v = byte_of(plane, looked_at());
  const Theme& theme = canvas.theme;
  const ImU32 hues[] = {theme.red, theme.green, theme.blue};
  const float middle = 0.5F * (row.y0 + row.y1);
  if (plane == shown_plane()) {
    canvas.list.AddRectFilled({row.x0 - 6.0F, row.y0}, {row.x1 + 6.0F, row.y1}, theme.focus_soft, 4.0F);
  }
  const std::string name = canvas.words(std::string("pixels.channel.") + plane_id(plane));
  canvas.text(canvas.fonts.text_small, row.x0, middle, theme.ink_soft,
              fitted(canvas, canvas.fonts.text_small, name, 76.0F));
  const int shown = is_signed(plane) ? v - 128 : v;
  canvas.text(canvas.fonts.number, row.x0 + 112.0F, middle, theme.ink, canvas.words.number(shown, 4), Align::right);
  const float digit = canvas.text_width(canvas.fonts.number, "0");
  const float bits_x = row.x1 - 8.0F * digit;
  const float x0 = row.x0 + 124.0F;
  const float x1 = bits_x - 12.0F;
  const float kept = static_cast<float>(shown_curve_[static_cast<std::size_t>(v)]);
  if (x1 - x0 > 20.0F) {
    canvas.list.AddRectFilled({x0, middle - 4.0F}, {x1, middle + 4.0F}, theme.rule, 4.0F);
    const float at = x0 + (x1 - x0) * kept / 255.0F;
    if (is_signed(plane)) {
      const float zero = 0.5F * (x0 + x1);
      canvas.list.AddRectFilled({std::min(zero, at), middle - 4.0F}, {std::max(zero, at), middle + 4.0F},
                                at < zero ? theme.negative : theme.positive);
    } else if (kept > 0.0F) {
      canvas.list.AddRectFilled({x0, middle - 4.0F}, {at, middle + 4.0F}, plane < hue ? hues[plane] : theme.ink_soft,
                                4.0F);
    }
  }
  for (int bit = 0; bit < 8; ++bit) {
    const char text[2] = {((v >> (7 - bit)) & 1) != 0 ? '1' : '0', '\0'};
    canvas.text(canvas.fonts.number, bits_x + static_cast<float>(bit) * digit, middle,
                bit < bits_ ? theme.ink : theme.rule_strong, text);
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (!row.contains(mouse.x, mouse.y) || !ImGui::IsWindowHovered()) return;
  std::string text = name + "\u00A0: " + binary_sum(v);
  if (canvas.words.language() == "en") text = name + ": " + binary_sum(v);
  if (plane == hue) {
    text += " → 2\u00B0 · " + std::to_string(v) + " = " + std::to_string(2 * v) + "\u00B0";
  } else if (is_signed(plane)) {
    text += " → " + std::to_string(v) + " \u2212 128 = " + canvas.words.number(v - 128, 4);
  } else {
    text += " → " + std::to_string(v) + " / 255 = " + canvas.words.number(v / 255.0, 3);
  }
  draw_note_at_pointer(canvas, text);
}

// How the shown number was made, from the file's three to what is on the screen: all steps, or only the last one.
float Pixels::draw_formulas(const Canvas& canvas, const Rect& area, bool all) const {
  std::vector<std::vector<FormulaPiece>> steps = {origin(canvas.words)};
  if (asked_.offset != 0) steps.push_back(sum());
  if (bits_ < 8) steps.push_back(quantisation());
  float y = area.y0;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (steps[k].empty() || (!all && k + 1 < steps.size())) continue;
    y += draw_formula(canvas, {area.x0, y, area.x1, area.y1}, steps[k]) + 4.0F;
  }
  return y - area.y0;
}

// The plane's number from red, green and blue; nothing for those three themselves.
std::vector<FormulaPiece> Pixels::origin(const Words& words) const {
  const Cell cell = looked_at();
  const int r = byte_of(red, cell);
  const int g = byte_of(green, cell);
  const int bl = byte_of(blue, cell);
  const int most = std::max({r, g, bl});
  const int least = std::min({r, g, bl});
  const Plane shown = shown_plane();
  const std::string v = std::to_string(byte_of(shown, cell));
  switch (shown) {
    case grey: {
      const auto share = [&](double weight, const char* name, int part) {
        return factor(words.number(weight, 3) + " " + name, words.number(weight, 3) + "·" + std::to_string(part));
      };
      return {share(0.299, "R", r),
              sign("+"),
              share(0.587, "G", g),
              sign("+"),
              share(0.114, "B", bl),
              sign("="),
              result("Y", words.number(luma(cell), 5))};
    }
    case hue:
      return hue_formula(words, most, least);
    case saturation:
      if (most == 0) return {};
      return {
          sign("255 ·"),
          {.top = "V \u2212 min", .bottom = "V", .value = std::to_string(most - least) + " / " + std::to_string(most)},
          sign("="),
          result("S", v)};
    case brightness:
      return {factor("max(R, G, B)",
                     "max(" + std::to_string(r) + ", " + std::to_string(g) + ", " + std::to_string(bl) + ")"),
              sign("="), result("V", v)};
    case lightness:
      return {factor(words("pixels.byte"), v), sign("· 100 / 255 ="),
              result("L*", words.number(byte_of(shown, cell) / 2.55, 3))};
    case lab_a:
    case lab_b:
      return {factor(words("pixels.byte"), v), sign("\u2212 128 ="),
              result(shown == lab_a ? "a*" : "b*", words.number(byte_of(shown, cell) - 128, 4))};
    default:
      return {};
  }
}

// Half the angle on the wheel: 0 at red, 60 at green, 120 at blue, and on from there by the other two.
std::vector<FormulaPiece> Pixels::hue_formula(const Words& words, int most, int least) const {
  const Cell cell = looked_at();
  const std::array<int, 3> rgb = {byte_of(red, cell), byte_of(green, cell), byte_of(blue, cell)};
  if (most == least) return {factor("R = G = B", std::to_string(most)), sign("→"), result("H", "0")};
  constexpr std::array names = {"R", "G", "B"};
  const std::size_t top = rgb[0] == most ? 0 : rgb[1] == most ? 1 : 2;
  const std::size_t next = (top + 1) % 3;
  const std::size_t last = (top + 2) % 3;
  const int difference = rgb[next] - rgb[last];
  const int start = top == 0 ? (difference < 0 ? 180 : 0) : 60 * static_cast<int>(top);
  return {sign(std::to_string(start) + " + 30 ·"),
          {.top = std::string(names[next]) + " \u2212 " + names[last],
           .bottom = "max \u2212 min",
           .value = words.number(difference, 4) + " / " + std::to_string(most - least)},
          sign("="),
          result("H", std::to_string(byte_of(hue, cell)))};
}

// f + offset, and what a byte makes of it.
std::vector<FormulaPiece> Pixels::sum() const {
  const int v = byte_of(shown_plane(), looked_at());
  const int exact = v + asked_.offset;
  const int kept = stored(looked_at());
  std::vector<FormulaPiece> pieces = {factor("f", std::to_string(v)), sign(asked_.offset < 0 ? "\u2212" : "+"),
                                      factor("c", std::to_string(std::abs(asked_.offset))), sign("="),
                                      factor("f + c", (exact < 0 ? "\u2212" : "") + std::to_string(std::abs(exact)))};
  if (kept != exact && asked_.overflow == "wrap") {
    pieces.push_back(sign(exact < 0 ? "+ 256 =" : "\u2212 256 ="));
  } else {
    pieces.push_back(sign("→"));
  }
  pieces.push_back(result("g", std::to_string(kept)));
  return pieces;
}

// The level of v, and the level spread over 0..255 again.
std::vector<FormulaPiece> Pixels::quantisation() const {
  const int v = stored(looked_at());
  const int whole = level_curve_[static_cast<std::size_t>(v)];
  const std::string top = std::to_string((1 << bits_) - 1);
  return {sign("\u230A"),
          factor("v", std::to_string(v)),
          sign("·"),
          factor("L", std::to_string(1 << bits_)),
          sign("/ 256 \u230B ="),
          factor("q", std::to_string(whole)),
          sign("→"),
          {.top = "255 q", .bottom = "L \u2212 1", .value = std::to_string(255 * whole) + " / " + top},
          sign("="),
          result("v\u2032", std::to_string(shown_curve_[static_cast<std::size_t>(v)]))};
}

// How many pixels have each number before bits are taken away; the bands below say which of them become one.
void Pixels::draw_histogram(const Canvas& canvas, const Rect& area) const {
  const int v = stored(looked_at());
  const auto pixels = [&](int level) { return std::to_string(stored_.count[static_cast<std::size_t>(level)]); };
  const std::string detail = canvas.words.format("pixels.count", {std::to_string(v), pixels(v)});
  draw_caption(canvas, {area.x0, area.y0 + 24.0F, area.x1, area.y1}, canvas.words("pixels.histogram"), detail.c_str());
  const Rect bars{area.x0, area.y0 + 26.0F, area.x1, area.y1};
  draw_level_bars(canvas, bars, stored_, {.most = inner_fullest(stored_), .mark = v});
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (!bars.contains(mouse.x, mouse.y) || !ImGui::IsWindowHovered()) return;
  const int over = level_at(bars, mouse.x);
  draw_note_at_pointer(canvas, canvas.words.format("pixels.count", {std::to_string(over), pixels(over)}));
}

// The levels that the bit depth leaves, as bands of the numbers that share one, and where the shown number falls.
void Pixels::draw_levels(const Canvas& canvas, const Rect& area) const {
  const int count = 1 << bits_;
  const int v = stored(looked_at());
  const int level = level_curve_[static_cast<std::size_t>(v)];
  const float width = area.width() / static_cast<float>(count);
  const Rect band{area.x0, area.y0 + 8.0F, area.x1, area.y0 + 20.0F};
  const bool about_zero = is_signed(shown_plane());
  for (int i = 0; i < count; ++i) {
    const float x = area.x0 + width * static_cast<float>(i);
    const float half = 0.5F * static_cast<float>(count);
    const ImU32 colour =
        about_zero
            ? shade_colour(canvas.theme, Shade::diverging, 0.0F, half, static_cast<float>(i) - half)
            : shade_colour(canvas.theme, Shade::grey, 0.0F, static_cast<float>(count - 1), static_cast<float>(i));
    canvas.list.AddRectFilled({x, band.y0}, {x + width + (count > 64 ? 1.0F : -1.0F), band.y1}, colour);
  }
  canvas.list.AddRect({band.x0 - 0.5F, band.y0 - 0.5F}, {band.x1 + 0.5F, band.y1 + 0.5F}, canvas.theme.rule_strong);
  const float x = level_x(area, v);
  canvas.list.AddTriangleFilled({x - 5.0F, area.y0 + 1.0F}, {x + 5.0F, area.y0 + 1.0F}, {x, area.y0 + 8.0F},
                                canvas.theme.focus);
  const auto about = [&](int l) {
    const int step = 256 / count;
    const std::string first = std::to_string(l * step);
    return bits_ == 8 ? canvas.words.format("pixels.level", {std::to_string(l), std::to_string(count)})
                      : canvas.words.format("pixels.level_holds", {std::to_string(l), std::to_string(count), first,
                                                                   std::to_string((l + 1) * step - 1)});
  };
  canvas.text(canvas.fonts.text_small, area.x0, area.y1 - 4.0F, canvas.theme.ink_soft,
              fitted(canvas, canvas.fonts.text_small, about(level), area.width()));
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (!band.contains(mouse.x, mouse.y) || !ImGui::IsWindowHovered()) return;
  const int over = std::clamp(static_cast<int>((mouse.x - band.x0) / width), 0, count - 1);
  const std::string pixels = std::to_string(levels_.count[static_cast<std::size_t>(over)]);
  draw_note_at_pointer(canvas, about(over) + ", " + canvas.words.format("pixels.pixels", {pixels}));
}

}  // namespace cvlab::app
