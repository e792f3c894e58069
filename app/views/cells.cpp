#include "app/views/cells.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

namespace cvlab::app {

namespace {
// The pointer may be nowhere (ImGui's -FLT_MAX): still a number that fits, far outside every matrix.
int whole(float cells) {
  constexpr float far = 1e9F;
  return static_cast<int>(std::floor(cells < far ? std::max(cells, -far) : far));
}
}  // namespace

Cell CellMap::at(float px, float py) const { return {whole((py - y) / size), whole((px - x) / size)}; }

CellMap::Range CellMap::visible(int rows, int columns) const {
  const Cell first = at(clip.x0, clip.y0);
  const Cell last = at(clip.x1, clip.y1);
  return {std::clamp(first.row, 0, rows), std::clamp(last.row + 1, 0, rows), std::clamp(first.column, 0, columns),
          std::clamp(last.column + 1, 0, columns)};
}

namespace {

// "%.*f" with trailing zeros dropped, a true minus and the language's decimal mark.
void print_decimal(const Words& words, double value, int decimals, char* buffer) {
  char plain[40];
  std::snprintf(plain, sizeof plain, "%.*f", decimals, std::fabs(value));
  if (std::strchr(plain, '.') != nullptr) {
    char* end = plain + std::strlen(plain);
    while (end[-1] == '0') *--end = '\0';
    if (end[-1] == '.') *--end = '\0';
  }
  if (char* point = std::strchr(plain, '.'); point != nullptr && words.language() == "fr") *point = ',';
  const bool negative = value < 0 && std::strcmp(plain, "0") != 0;
  std::snprintf(buffer, 24, "%s%.20s", negative ? "\u2212" : "", plain);
}

}  // namespace

int glyph_count(const char* text) {
  int n = 0;
  for (; *text != '\0'; ++text) n += (*text & 0xC0) != 0x80 ? 1 : 0;
  return n;
}

int cell_characters(float size) { return size >= 46.0F ? 6 : size >= 34.0F ? 5 : 4; }

// JetBrains Mono's advance is 0.6 em; the text keeps a margin of a tenth of the cell on each side.
float number_size(float size, int longest) {
  const auto length = static_cast<float>(std::max(3, longest));
  return std::min({0.36F * size + 2.0F, 0.8F * size / (0.6F * length), 17.0F});
}

const char* format_cell(const Words& words, float value, int characters, char* buffer) {
  if (!std::isfinite(value)) {
    std::snprintf(buffer, 24, "%s", std::isnan(value) ? "NaN" : value > 0 ? "\u221E" : "\u2212\u221E");
    return buffer;
  }
  if (std::fabs(value) >= 1e6F) {
    std::snprintf(buffer, 24, "%.1e", static_cast<double>(value));
    return buffer;
  }
  for (int decimals = 3; decimals >= 0; --decimals) {
    print_decimal(words, static_cast<double>(value), decimals, buffer);
    if (glyph_count(buffer) <= characters) break;
  }
  return buffer;
}

void draw_number(const Canvas& canvas, const Rect& cell, float value, ImU32 ink, float font_size) {
  if (font_size < 6.5F) return;
  char buffer[24];
  const char* text = format_cell(canvas.words, value, cell_characters(cell.width()), buffer);
  canvas.text(canvas.fonts.number, 0.5F * (cell.x0 + cell.x1), 0.5F * (cell.y0 + cell.y1), ink, text, Align::centre,
              font_size);
}

void draw_frame(const Canvas& canvas, const Rect& rect, ImU32 colour, float thickness) {
  const float half = 0.5F * thickness;
  canvas.list.AddRect({rect.x0 - half, rect.y0 - half}, {rect.x1 + half, rect.y1 + half}, colour, 2.0F, 0, thickness);
}

void draw_caption(const Canvas& canvas, const Rect& above, const char* name, const char* detail) {
  const float y = above.y0 - 13.0F;
  const float width = canvas.text(canvas.fonts.text_small, above.x0, y, canvas.theme.ink, name);
  if (detail != nullptr && width + 12.0F + canvas.text_width(canvas.fonts.text_small, detail) <= above.width() + 1.0F) {
    canvas.text(canvas.fonts.text_small, above.x1, y, canvas.theme.ink_faint, detail, Align::right);
  }
}

}  // namespace cvlab::app
