#include <algorithm>
#include <cmath>
#include <string>

#include "app/demos/gaussian/gaussian.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {
constexpr float caption = 24.0F;
}

// The picture at the left (on top), what is said about the kernel at the right (below).
void Gaussian::draw(Canvas& canvas) {
  const Rect& a = canvas.area;
  if (a.width() < 150.0F || a.height() < 150.0F) return;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const bool wide = a.width() >= 620.0F && a.width() > 1.05F * a.height();
  const std::string_view view = state_.choice("view");
  // On a phone the bell needs less room than the tables and plots.
  const float share = view == "kernel" || a.height() > 520.0F ? 0.44F : 0.3F;
  const float split = wide ? a.x0 + 0.5F * a.width() : a.y0 + share * a.height();
  const Rect picture = wide ? Rect{a.x0 + pad, a.y0 + pad + caption, split - 0.5F * pad, a.y1 - pad}
                            : Rect{a.x0 + pad, a.y0 + caption + 2.0F, a.x1 - pad, split - 6.0F};
  const Rect right = wide ? Rect{split + 0.7F * pad, a.y0 + pad, a.x1 - pad, a.y1 - pad}
                          : Rect{a.x0 + pad, split + 4.0F, a.x1 - pad, a.y1 - 6.0F};
  if (in_.empty()) {
    draw_message(canvas, picture, canvas.words.sentence(problem_));
  } else {
    draw_picture(canvas, picture);
  }
  if (view == "table") return draw_table(canvas, right);
  if (view == "separable") return draw_separable(canvas, right);
  if (view == "waves") return draw_waves(canvas, right);
  draw_kernel(canvas, right);
}

// Left of the line as it was, right of it filtered; the line can be dragged.
void Gaussian::draw_picture(const Canvas& canvas, const Rect& area) {
  const CellMap map = before_.map(area);
  const Rect whole = map.clip;
  const float at = whole.x0 + whole.width() * static_cast<float>(state_.real("split"));
  const AreaInput input = area_input("picture", whole);
  if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (input.pressed) {
    const float x = std::clamp((input.x - whole.x0) / std::max(1.0F, whole.width()), 0.0F, 1.0F);
    (void)state_.set("split", State::format(0.001 * std::round(1000.0 * static_cast<double>(x))));
  }
  canvas.list.PushClipRect({whole.x0, whole.y0}, {at, whole.y1}, true);
  before_.draw(canvas, map);
  canvas.list.PopClipRect();
  canvas.list.PushClipRect({at, whole.y0}, {whole.x1, whole.y1}, true);
  after_.draw(canvas, map);
  canvas.list.PopClipRect();
  draw_frame(canvas, whole, canvas.theme.rule_strong, 1.0F);
  canvas.list.AddLine({at, whole.y0}, {at, whole.y1}, IM_COL32(255, 255, 255, 230), 4.0F);
  canvas.list.AddLine({at, whole.y0}, {at, whole.y1}, canvas.theme.focus, 2.0F);
  const float middle = 0.5F * (whole.y0 + whole.y1);
  canvas.list.AddCircleFilled({at, middle}, 9.0F, IM_COL32(255, 255, 255, 230));
  canvas.list.AddCircleFilled({at, middle}, 7.0F, canvas.theme.focus);
  draw_caption(canvas, whole, canvas.words("gaussian.before"),
               canvas.words(state_.choice("filter") == "mean" ? "gaussian.after_mean" : "gaussian.after"));
}

}  // namespace cvlab::app
