#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

constexpr float smaller = 0.76F;  // of the em
constexpr float lower = 0.27F;    // em below

struct Run {
  std::string_view text;
  bool lowered = false;
};

bool belongs_below(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Takes the next run off the front of `text`.
Run next_run(std::string_view& text) {
  Run run;
  std::size_t end = text.find('_');
  if (end == 0 && text.size() > 1) {
    end = 1;
    while (end < text.size() && belongs_below(text[end])) ++end;
    run = {text.substr(1, end - 1), true};
  } else {
    if (end == 0 || end == std::string_view::npos) end = text.size();
    run = {text.substr(0, end), false};
  }
  text.remove_prefix(end);
  return run;
}

float em_of(const Canvas& canvas, const ImFont* font, float size) {
  if (size > 0.0F) return size;
  const bool mono = font == canvas.fonts.number || font == canvas.fonts.number_small;
  return font->FontSize / (mono ? canvas.fonts.number_line : canvas.fonts.text_line);
}

}  // namespace

float symbols_width(const Canvas& canvas, ImFont* font, std::string_view text, float size) {
  const float em = em_of(canvas, font, size);
  float width = 0.0F;
  while (!text.empty()) {
    const Run run = next_run(text);
    width += canvas.text_width(font, run.text, run.lowered ? smaller * em : em);
  }
  return width;
}

float draw_symbols(const Canvas& canvas, ImFont* font, float x, float y, ImU32 colour, std::string_view text,
                   Align align, float size) {
  const float em = em_of(canvas, font, size);
  const float width = symbols_width(canvas, font, text, em);
  float at = align == Align::left ? x : align == Align::centre ? x - 0.5F * width : x - width;
  while (!text.empty()) {
    const Run run = next_run(text);
    at += canvas.text(font, at, run.lowered ? y + lower * em : y, colour, run.text, Align::left,
                      run.lowered ? smaller * em : em);
  }
  return width;
}

}  // namespace cvlab::app
