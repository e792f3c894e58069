#include "app/shell/miniature.hpp"

#include <imgui.h>

#include <algorithm>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {
namespace {

class ShrinkingTexture final : public Texture {
 public:
  ShrinkingTexture(std::unique_ptr<Texture> plain, const ShrinkingGraphics::Lens& lens)
      : plain_(std::move(plain)), lens_(lens) {}
  int width() const override { return plain_->width(); }
  int height() const override { return plain_->height(); }
  void upload(int width, int height, PixelFormat format, const void* pixels) override {
    plain_->upload(width, height, format, pixels);
  }
  void draw(ImDrawList& list, const TextureQuad& quad) override {
    TextureQuad small = quad;
    const ImVec2 low = lens_({quad.screen.x0, quad.screen.y0});
    const ImVec2 high = lens_({quad.screen.x1, quad.screen.y1});
    small.screen = {low.x, low.y, high.x, high.y};
    plain_->draw(list, small);
  }

 private:
  std::unique_ptr<Texture> plain_;
  const ShrinkingGraphics::Lens& lens_;
};

}  // namespace

std::unique_ptr<Texture> ShrinkingGraphics::texture() {
  return std::make_unique<ShrinkingTexture>(graphics_.texture(), lens);
}

void App::Miniature::draw(const Canvas& outer, const Rect& figure) {
  const float page_width = std::clamp(1.8F * figure.width(), 560.0F, 800.0F);
  graphics.lens = {figure.x0, figure.y0, figure.width() / page_width};
  const Rect page{figure.x0, figure.y0, figure.x0 + page_width, figure.y0 + figure.height() / graphics.lens.scale};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 clip_low = list.GetClipRectMin();
  const ImVec2 clip_high = list.GetClipRectMax();
  list.AddDrawCmd();
  const int first_command = list.CmdBuffer.Size - 1;
  const int first_vertex = list.VtxBuffer.Size;
  list.PushClipRect({page.x0, page.y0}, {page.x1, page.y1}, false);

  ImGuiIO& io = ImGui::GetIO();
  const ImVec2 mouse = io.MousePos;
  io.MousePos = {-FLT_MAX, -FLT_MAX};  // the figure must not think that it is hovered
  Canvas canvas{list, page, outer.theme, outer.fonts, outer.words, graphics, true};
  demo->draw(canvas);
  io.MousePos = mouse;

  for (int i = first_vertex; i < list.VtxBuffer.Size; ++i) list.VtxBuffer[i].pos = graphics.lens(list.VtxBuffer[i].pos);
  for (int i = first_command; i < list.CmdBuffer.Size; ++i) {
    ImVec4& clip = list.CmdBuffer[i].ClipRect;
    const ImVec2 low = graphics.lens({clip.x, clip.y});
    const ImVec2 high = graphics.lens({clip.z, clip.w});
    clip = {std::max(low.x, clip_low.x), std::max(low.y, clip_low.y), std::min(high.x, clip_high.x),
            std::min(high.y, clip_high.y)};
    clip.z = std::max(clip.z, clip.x);
    clip.w = std::max(clip.w, clip.y);
  }
  list.PopClipRect();
}

}  // namespace cvlab::app
