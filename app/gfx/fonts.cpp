#include "app/gfx/fonts.hpp"

#include <string_view>

#include "app/gfx/embedded.hpp"
#include "tokens.hpp"

namespace cvlab::app {

namespace {

int read_u16(const unsigned char* at) { return at[0] << 8 | at[1]; }
int read_i16(const unsigned char* at) { return static_cast<short>(read_u16(at)); }

// Start of a table of an OpenType file; the fonts are ours, so the table is there.
const unsigned char* table(const embedded::Bytes& font, std::string_view tag) {
  const int count = read_u16(font.data + 4);
  for (int i = 0; i < count; ++i) {
    const unsigned char* record = font.data + 12 + 16 * i;
    if (std::string_view(reinterpret_cast<const char*>(record), 4) == tag) {
      return font.data + (read_u16(record + 8) << 16 | read_u16(record + 10));
    }
  }
  IM_ASSERT(false && "an embedded font lacks a table");
  return font.data;
}

// Line height in em: ImGui measures a font by ascender minus descender, CSS and the tokens by the em.
float line_in_em(const embedded::Bytes& font) {
  const unsigned char* hhea = table(font, "hhea");
  return static_cast<float>(read_i16(hhea + 4) - read_i16(hhea + 6)) /
         static_cast<float>(read_u16(table(font, "head") + 18));
}

class Loader {
 public:
  explicit Loader(float scale) : atlas_(*ImGui::GetIO().Fonts), scale_(scale) {
    atlas_.Clear();
    const std::string_view characters = embedded::glyphs().text();
    ImFontGlyphRangesBuilder builder;
    builder.AddText(characters.data(), characters.data() + characters.size());
    builder.BuildRanges(&ranges_);
  }

  // A font whose missing characters come from `other` at the same em.
  ImFont* add(const embedded::Bytes& first, const embedded::Bytes& other, float em) {
    ImFont* font = add_one(first, em, false);
    add_one(other, em, true);
    return font;
  }

  void build() { atlas_.Build(); }

 private:
  ImFont* add_one(const embedded::Bytes& bytes, float em, bool merge) {
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.MergeMode = merge;
    config.OversampleH = scale_ < 1.5F ? 2 : 1;  // sub-pixel positions matter where pixels are large
    config.OversampleV = 1;
    config.RasterizerDensity = scale_;
    return atlas_.AddFontFromMemoryTTF(const_cast<unsigned char*>(bytes.data), static_cast<int>(bytes.size),
                                       em * line_in_em(bytes), &config, ranges_.Data);
  }

  ImFontAtlas& atlas_;
  float scale_;
  ImVector<ImWchar> ranges_;
};

}  // namespace

Fonts load_fonts(float scale) {
  const embedded::Bytes inter = embedded::inter_regular();
  const embedded::Bytes bold = embedded::inter_semibold();
  const embedded::Bytes mono = embedded::jetbrains_mono();
  Loader loader(scale);
  Fonts fonts;
  fonts.text = loader.add(inter, mono, tokens::size_text);  // the first font is ImGui's own
  fonts.text_small = loader.add(inter, mono, tokens::size_text_small);
  fonts.text_large = loader.add(bold, mono, tokens::size_text_large);
  fonts.title = loader.add(bold, mono, tokens::size_title);
  fonts.number = loader.add(mono, inter, tokens::size_number);
  fonts.number_small = loader.add(mono, inter, tokens::size_number_small);
  fonts.text_line = line_in_em(inter);
  fonts.number_line = line_in_em(mono);
  loader.build();
  return fonts;
}

}  // namespace cvlab::app
