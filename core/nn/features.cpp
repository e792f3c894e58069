#include "core/nn/features.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace cvlab::nn {

Result<Graph> convolutional_part(const Graph& trained, const Shape& input) {
  Graph part(trained.name());
  for (const Layer& layer : trained.layers()) {
    if (layer.kind == LayerKind::flatten) break;
    Layer copy = layer;
    if (copy.kind == LayerKind::input) copy.shape = input;
    part.add(std::move(copy));
  }
  if (Result<Summary> shapes = part.summarise(); !shapes) return shapes.error();
  if (Result<void> made = part.make_parameters(); !made) return made.error();
  for (Parameter& p : part.parameters()) {
    const auto all = trained.parameters();
    const auto from = std::find_if(all.begin(), all.end(), [&](const Parameter& q) { return q.name == p.name; });
    assert(from != all.end() && from->value.shape() == p.value.shape() && "the same layers have the same parameters");
    p.value = from->value;
    p.frozen = true;
  }
  part.statistics() = trained.statistics();
  return part;
}

Tensor shrunk(ConstView plane, int factor) {
  assert(factor >= 1 && plane.shape().rank() == 2);
  const std::ptrdiff_t rows = plane.size(0) / factor;
  const std::ptrdiff_t columns = plane.size(1) / factor;
  Tensor small(Shape{rows, columns});
  for (std::ptrdiff_t row = 0; row < rows; ++row) {
    for (std::ptrdiff_t column = 0; column < columns; ++column) {
      double sum = 0.0;
      for (int k = 0; k < factor; ++k)
        for (int l = 0; l < factor; ++l) sum += static_cast<double>(plane(row * factor + k, column * factor + l));
      small(row, column) = static_cast<float>(sum / (static_cast<double>(factor) * factor));
    }
  }
  return small;
}

std::vector<Peak> peaks(ConstView plane, int count, int distance) {
  std::vector<Peak> cells;
  for (std::ptrdiff_t row = 0; row < plane.size(0); ++row) {
    for (std::ptrdiff_t column = 0; column < plane.size(1); ++column) {
      const float value = plane(row, column);
      if (value > 0.0F) cells.push_back({static_cast<int>(row), static_cast<int>(column), value});
    }
  }
  std::stable_sort(cells.begin(), cells.end(), [](const Peak& a, const Peak& b) { return a.value > b.value; });
  std::vector<Peak> found;
  for (const Peak& cell : cells) {
    if (static_cast<int>(found.size()) == count) break;
    const bool free = std::none_of(found.begin(), found.end(), [&](const Peak& p) {
      return std::max(std::abs(p.row - cell.row), std::abs(p.column - cell.column)) < distance;
    });
    if (free) found.push_back(cell);
  }
  return found;
}

Peak strongest(ConstView plane) {
  float most = plane(0, 0);
  for (std::ptrdiff_t i = 0; i < plane.count(); ++i) most = std::max(most, plane(i / plane.size(1), i % plane.size(1)));
  const float enough = most - 1e-4F * std::abs(most);
  std::ptrdiff_t i = 0;
  while (plane(i / plane.size(1), i % plane.size(1)) < enough) ++i;
  const auto row = static_cast<int>(i / plane.size(1));
  const auto column = static_cast<int>(i % plane.size(1));
  return {row, column, plane(row, column)};
}

}  // namespace cvlab::nn
