#include "app/views/camera.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab::app {

namespace {

float fit_size(const Rect& area, int rows, int columns) {
  return std::max(1e-3F, std::min(area.width() / static_cast<float>(std::max(columns, 1)),
                                  area.height() / static_cast<float>(std::max(rows, 1))));
}

// Position of the picture's start along one axis: centred when it fits, else no gap at either end.
float placed(float low, float high, float length, float centre, float size) {
  const float middle = 0.5F * (low + high);
  if (length <= high - low) return middle - 0.5F * length;
  return std::clamp(middle - centre * size, high - length, low);
}

}  // namespace

float max_zoom(const Rect& area, int rows, int columns) {
  const float target = std::max(area.width(), area.height()) / 8.0F;  // px of a cell
  return std::max(1.0F, target / fit_size(area, rows, columns));
}

CellMap place(const Camera& camera, const Rect& area, int rows, int columns) {
  const float size = fit_size(area, rows, columns) * camera.zoom;
  CellMap map;
  map.size = size;
  map.x = std::round(placed(area.x0, area.x1, size * static_cast<float>(columns), camera.column, size));
  map.y = std::round(placed(area.y0, area.y1, size * static_cast<float>(rows), camera.row, size));
  map.clip = {std::max(area.x0, map.x), std::max(area.y0, map.y),
              std::min(area.x1, map.x + size * static_cast<float>(columns)),
              std::min(area.y1, map.y + size * static_cast<float>(rows))};
  return map;
}

Camera zoomed(const Camera& camera, const Rect& area, int rows, int columns, float factor, float x, float y) {
  const CellMap before = place(camera, area, rows, columns);
  const float column = (x - before.x) / before.size;
  const float row = (y - before.y) / before.size;
  Camera after;
  after.zoom = std::clamp(camera.zoom * factor, 1.0F, max_zoom(area, rows, columns));
  const float size = fit_size(area, rows, columns) * after.zoom;
  after.column = column + (0.5F * (area.x0 + area.x1) - x) / size;
  after.row = row + (0.5F * (area.y0 + area.y1) - y) / size;
  return after;
}

Camera panned(const Camera& camera, const Rect& area, int rows, int columns, float dx, float dy) {
  const CellMap map = place(camera, area, rows, columns);
  Camera after = camera;
  after.column = (0.5F * (area.x0 + area.x1) - map.x - dx) / map.size;
  after.row = (0.5F * (area.y0 + area.y1) - map.y - dy) / map.size;
  return after;
}

Camera revealed(const Camera& camera, const Rect& area, int rows, int columns, Cell cell) {
  const CellMap map = place(camera, area, rows, columns);
  const Rect at = map.rect(cell.row, cell.column);
  const auto shift = [](float low, float high, float from, float to) {
    return from < low ? low - from : to > high ? high - to : 0.0F;
  };
  const float dx = shift(area.x0, area.x1, at.x0, at.x1);
  const float dy = shift(area.y0, area.y1, at.y0, at.y1);
  return dx == 0.0F && dy == 0.0F ? camera : panned(camera, area, rows, columns, dx, dy);
}

const Camera& LinkedCamera::read(const State& state, int rows, int columns) {
  const std::string_view zoom = state.raw("zoom");
  const std::string_view centre = state.raw("centre");
  if (zoom == zoom_text_ && centre == centre_text_ && rows == rows_ && columns == columns_) return camera_;
  zoom_text_ = zoom;
  centre_text_ = centre;
  rows_ = rows;
  columns_ = columns;
  camera_.zoom = static_cast<float>(state.real("zoom"));
  const Cell cell = state.cell("centre");
  camera_.row = cell.row < 0 ? 0.5F * static_cast<float>(rows) : static_cast<float>(cell.row) + 0.5F;
  camera_.column = cell.column < 0 ? 0.5F * static_cast<float>(columns) : static_cast<float>(cell.column) + 0.5F;
  return camera_;
}

void LinkedCamera::write(State& state, const Camera& camera) {
  camera_ = camera;
  const double zoom = std::max(1.0, std::round(static_cast<double>(camera.zoom) * 100.0) / 100.0);
  const bool whole = zoom <= 1.0;
  const Cell centre{whole ? -1 : std::clamp(static_cast<int>(camera.row), 0, std::max(rows_ - 1, 0)),
                    whole ? -1 : std::clamp(static_cast<int>(camera.column), 0, std::max(columns_ - 1, 0))};
  // Both values are in range by construction.
  (void)state.set("zoom", State::format(zoom));
  (void)state.set("centre", State::format(centre));
  zoom_text_ = state.raw("zoom");
  centre_text_ = state.raw("centre");
}

}  // namespace cvlab::app
