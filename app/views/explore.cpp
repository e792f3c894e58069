#include "app/views/explore.hpp"

#include <algorithm>

#include "app/views/image_view.hpp"

namespace cvlab::app {

namespace {

constexpr float least_frame = 7.0F;  // px; smaller parts get a ring

}  // namespace

Explored::Explored(State& state, LinkedCamera& camera, const Rect& area, int rows, int columns)
    : state_(state),
      camera_(camera),
      area_(area),
      rows_(rows),
      columns_(columns),
      seen_(camera.read(state, rows, columns)),
      map_(place(seen_, area, rows, columns)) {}

bool Explored::move(const AreaInput& input, bool paints) {
  const bool drags = input.pressed && (input.drag_x != 0.0F || input.drag_y != 0.0F);
  if (input.zoom != 1.0F) {
    camera_.write(state_, zoomed(seen_, area_, rows_, columns_, input.zoom, input.x, input.y));
  } else if (input.secondary_drag || (drags && !paints && seen_.zoom > 1.0F)) {
    camera_.write(state_, panned(seen_, area_, rows_, columns_, input.drag_x, input.drag_y));
  } else {
    return false;
  }
  return true;
}

bool Explored::buttons(const Canvas& canvas, const Rect& towards) {
  if (max_zoom(area_, rows_, columns_) < 2.0F) return false;
  const float factor = zoom_buttons(canvas, map_.clip, seen_.zoom);
  if (factor == 1.0F) return false;
  const Camera whole{1.0F, 0.5F * static_cast<float>(rows_), 0.5F * static_cast<float>(columns_)};
  const float x = 0.5F * (towards.x0 + towards.x1);
  const float y = 0.5F * (towards.y0 + towards.y1);
  camera_.write(state_, factor == 0.0F ? whole : zoomed(seen_, area_, rows_, columns_, factor, x, y));
  return true;
}

std::optional<Cell> Explored::under(const AreaInput& input) const {
  const Cell over = map_.at(input.x, input.y);
  const bool inside = map_.clip.contains(input.x, input.y) && over.row < rows_ && over.column < columns_;
  return input.hovered && inside ? std::optional(over) : std::nullopt;
}

std::optional<Cell> move_by_keys(State& state, LinkedCamera& camera, const Rect& area, int rows, int columns) {
  int down = 0;
  int right = 0;
  if (!arrow_keys(down, right)) return std::nullopt;
  const Cell from = state.cell("cell");
  const Cell to = {std::clamp(from.row + down, 0, rows - 1), std::clamp(from.column + right, 0, columns - 1)};
  (void)state.set("cell", State::format(to));
  const Camera& seen = camera.read(state, rows, columns);
  if (seen.zoom > 1.0F) camera.write(state, revealed(seen, area, rows, columns, to));
  return to;
}

void mark(const Canvas& canvas, const CellMap& map, const Rect& part) {
  canvas.list.PushClipRect({map.clip.x0 - 2.0F, map.clip.y0 - 2.0F}, {map.clip.x1 + 2.0F, map.clip.y1 + 2.0F}, true);
  if (part.width() < least_frame) {
    const ImVec2 middle = {0.5F * (part.x0 + part.x1), 0.5F * (part.y0 + part.y1)};
    canvas.list.AddCircle(middle, 8.0F, IM_COL32(255, 255, 255, 220), 0, 4.0F);
    canvas.list.AddCircle(middle, 8.0F, canvas.theme.focus, 0, 2.0F);
  } else {
    draw_frame(canvas, part, canvas.theme.focus, 2.0F);
  }
  canvas.list.PopClipRect();
}

}  // namespace cvlab::app
