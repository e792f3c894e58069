#include "app/gfx/gl_graphics.hpp"

#include <GLES3/gl3.h>
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "app/gfx/embedded.hpp"
#include "app/gfx/shade.hpp"

namespace cvlab::app {

// One picture: the pixels, and the GL texture made of them when first drawn.
struct GlPixels {
  int width = 0;
  int height = 0;
  PixelFormat format = PixelFormat::rgba8;
  std::vector<std::uint8_t> bytes;
  GLuint name = 0;
  bool fresh = false;  // the GL texture holds `bytes`

  ~GlPixels() { release(); }

  void release() {
    glDeleteTextures(1, &name);
    name = 0;
    fresh = false;
  }

  void bind() {
    if (name == 0) glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D, name);
    if (fresh) return;
    for (const unsigned filter : {GL_TEXTURE_MIN_FILTER + 0U, GL_TEXTURE_MAG_FILTER + 0U}) {
      glTexParameteri(GL_TEXTURE_2D, filter, GL_NEAREST);
    }
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    const bool rgba = format == PixelFormat::rgba8;
    glTexImage2D(GL_TEXTURE_2D, 0, rgba ? GL_RGBA8 : GL_R32F, width, height, 0, rgba ? GL_RGBA : GL_RED,
                 rgba ? GL_UNSIGNED_BYTE : GL_FLOAT, bytes.data());
    fresh = true;
  }
};

class GlTexture final : public Texture {
 public:
  GlTexture(GlGraphics& graphics, std::shared_ptr<GlPixels> pixels) : graphics_(graphics), pixels_(std::move(pixels)) {}

  int width() const override { return pixels_->width; }
  int height() const override { return pixels_->height; }

  void upload(int width, int height, PixelFormat format, const void* pixels) override {
    pixels_->width = width;
    pixels_->height = height;
    pixels_->format = format;
    pixels_->bytes.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);  // both: 4 bytes
    if (!pixels_->bytes.empty()) std::memcpy(pixels_->bytes.data(), pixels, pixels_->bytes.size());
    pixels_->fresh = false;
  }

  void draw(ImDrawList& list, const TextureQuad& quad) override {
    if (pixels_->bytes.empty() || quad.screen.width() <= 0 || quad.screen.height() <= 0) return;
    graphics_.draws_.push_back({&graphics_, pixels_, quad});
    list.AddCallback(GlGraphics::render, &graphics_.draws_.back());
    list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
  }

 private:
  GlGraphics& graphics_;
  std::shared_ptr<GlPixels> pixels_;
};

namespace {

GLuint compile(GLenum kind, std::string_view source) {
  const GLuint shader = glCreateShader(kind);
  const char* text = source.data();
  const auto length = static_cast<GLint>(source.size());
  glShaderSource(shader, 1, &text, &length);
  glCompileShader(shader);
  GLint good = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
  if (!good) {
    std::array<char, 1024> log{};
    glGetShaderInfoLog(shader, static_cast<GLsizei>(log.size()), nullptr, log.data());
    std::fprintf(stderr, "display shader: %s\n", log.data());
  }
  return shader;
}

}  // namespace

GlGraphics::~GlGraphics() { release(); }

std::unique_ptr<Texture> GlGraphics::texture() {
  std::erase_if(pixels_, [](const auto& pixels) { return pixels.expired(); });
  auto pixels = std::make_shared<GlPixels>();
  pixels_.push_back(pixels);
  return std::make_unique<GlTexture>(*this, std::move(pixels));
}

void GlGraphics::begin_frame(const Theme& theme) {
  draws_.clear();
  if (theme_ == &theme) return;
  theme_ = &theme;
  glDeleteTextures(4, maps_);
  std::fill(std::begin(maps_), std::end(maps_), 0U);
}

// On a lost context the deletions do nothing in GL, but free the names kept by Emscripten.
void GlGraphics::release() {
  glDeleteProgram(program_.id);
  glDeleteVertexArrays(1, &program_.vertex_array);
  program_ = {};
  glDeleteTextures(4, maps_);
  std::fill(std::begin(maps_), std::end(maps_), 0U);
  for (const auto& weak : pixels_) {
    if (const auto pixels = weak.lock()) pixels->release();
  }
}

void GlGraphics::make_program() {
  const GLuint vertex = compile(GL_VERTEX_SHADER, embedded::image_vert().text());
  const GLuint fragment = compile(GL_FRAGMENT_SHADER, embedded::image_frag().text());
  const GLuint id = glCreateProgram();
  glAttachShader(id, vertex);
  glAttachShader(id, fragment);
  glLinkProgram(id);
  glDeleteShader(vertex);
  glDeleteShader(fragment);
  const auto at = [id](const char* name) { return glGetUniformLocation(id, name); };
  program_ = {.id = id,
              .screen = at("u_screen"),
              .source = at("u_source"),
              .pixels = at("u_pixels"),
              .map = at("u_map"),
              .bounds = at("u_bounds"),
              .footprint = at("u_footprint"),
              .range = at("u_range"),
              .shade = at("u_shade"),
              .grid = at("u_grid"),
              .hairline = at("u_hairline"),
              .alpha = at("u_alpha")};
  glGenVertexArrays(1, &program_.vertex_array);
}

// The colours of a shade in one row of 1023 texels: an odd count, so that zero has a texel of its own.
unsigned GlGraphics::map_texture(Shade shade) {
  GLuint& name = maps_[static_cast<int>(shade)];
  if (name != 0) {
    glBindTexture(GL_TEXTURE_2D, name);
    return name;
  }
  constexpr int count = 1023;
  std::array<ImU32, count> colours{};
  const float low = shade == Shade::diverging ? -1.0F : 0.0F;
  for (int i = 0; i < count; ++i) {
    const float t = low + (1.0F - low) * static_cast<float>(i) / static_cast<float>(count - 1);
    colours[static_cast<std::size_t>(i)] = shade_colour(*theme_, shade, low, 1.0F, t);
  }
  glGenTextures(1, &name);
  glBindTexture(GL_TEXTURE_2D, name);
  for (const unsigned filter : {GL_TEXTURE_MIN_FILTER + 0U, GL_TEXTURE_MAG_FILTER + 0U}) {
    glTexParameteri(GL_TEXTURE_2D, filter, GL_NEAREST);
  }
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, count, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, colours.data());
  return name;
}

void GlGraphics::render(const ImDrawList* /*list*/, const ImDrawCmd* command) {
  const Draw& record = *static_cast<const Draw*>(command->UserCallbackData);
  record.graphics->draw(record, *command);
}

// ImGui's backend sets neither scissor nor anything else for callbacks; it resets its own state afterwards.
void GlGraphics::draw(const Draw& record, const ImDrawCmd& command) {
  const ImDrawData& data = *ImGui::GetDrawData();
  const ImVec2 scale = data.FramebufferScale;
  const ImVec2 origin = data.DisplayPos;
  const float frame_height = data.DisplaySize.y * scale.y;
  const ImVec4& clip = command.ClipRect;
  const auto device_x = [&](float x) { return static_cast<GLint>(std::lround((x - origin.x) * scale.x)); };
  const auto device_y = [&](float y) { return static_cast<GLint>(std::lround((y - origin.y) * scale.y)); };
  const GLint left = std::max(device_x(clip.x), 0);
  const GLint top = std::max(device_y(clip.y), 0);
  const GLint right = device_x(clip.z);
  const GLint bottom = device_y(clip.w);
  if (right <= left || bottom <= top) return;
  glEnable(GL_SCISSOR_TEST);
  glScissor(left, static_cast<GLint>(frame_height) - bottom, right - left, bottom - top);

  if (program_.id == 0) make_program();
  const Program& p = program_;
  const TextureQuad& quad = record.quad;
  GlPixels& pixels = *record.pixels;
  glUseProgram(p.id);
  glBindVertexArray(p.vertex_array);
  const auto clip_x = [&](float x) { return 2.0F * (x - origin.x) / data.DisplaySize.x - 1.0F; };
  const auto clip_y = [&](float y) { return 1.0F - 2.0F * (y - origin.y) / data.DisplaySize.y; };
  glUniform4f(p.screen, clip_x(quad.screen.x0), clip_y(quad.screen.y0), clip_x(quad.screen.x1), clip_y(quad.screen.y1));
  glUniform4f(p.source, quad.source.x0, quad.source.y0, quad.source.x1, quad.source.y1);
  glUniform2f(p.footprint, quad.source.width() / (quad.screen.width() * scale.x),
              quad.source.height() / (quad.screen.height() * scale.y));
  const auto first = [](float texel, int size) { return std::clamp(static_cast<int>(std::floor(texel)), 0, size - 1); };
  const auto last = [](float texel, int size) {
    return std::clamp(static_cast<int>(std::ceil(texel)) - 1, 0, size - 1);
  };
  glUniform4i(p.bounds, first(quad.source.x0, pixels.width), first(quad.source.y0, pixels.height),
              last(quad.source.x1, pixels.width), last(quad.source.y1, pixels.height));
  const bool mapped = pixels.format == PixelFormat::r32f;
  glUniform1i(p.shade, mapped ? 1 : 0);
  glUniform2f(p.range, quad.shade == Shade::diverging ? -quad.high : quad.low, quad.high);
  const ImVec4 line = ImGui::ColorConvertU32ToFloat4(theme_->rule_strong);
  glUniform4f(p.grid, line.x, line.y, line.z, quad.grid);
  glUniform1f(p.hairline, std::max(1.0F, std::round(scale.x)));
  glUniform1f(p.alpha, quad.alpha);
  glUniform1i(p.pixels, 0);
  glUniform1i(p.map, 1);
  glActiveTexture(GL_TEXTURE1);
  map_texture(mapped ? quad.shade : Shade::grey);
  glActiveTexture(GL_TEXTURE0);
  pixels.bind();
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

}  // namespace cvlab::app
