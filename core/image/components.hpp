// Connected components: the pieces of a mask, numbered in the order in which reading line by line meets them.
// Every byte that is not 0 belongs to a piece; two such pixels are neighbours when they share a side (4) or a side or a
// corner (8).
// Source: Rosenfeld, Pfaltz, Sequential operations in digital picture processing, J. ACM 13(4), 1966; runs of a row
// with union-find.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.hpp"

namespace cvlab {

struct Component {
  std::int64_t area = 0;  // pixels
  int left = 0, top = 0, width = 0, height = 0;
  double x = 0.0, y = 0.0;  // centroid: the mean of its pixels' columns and rows, counted from 0
  bool operator==(const Component&) const = default;
};

struct Components {
  int width = 0, height = 0;
  std::vector<std::int32_t> label;  // height * width: 0 is background, i is list[i - 1]
  std::vector<Component> list;

  std::int32_t at(int row, int column) const {
    return label[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)];
  }
};

// `neighbours` is 4 or 8; the mask has one channel. The reference floods one piece after the other.
void components_ref(const Image& mask, int neighbours, Components& out);
void components(const Image& mask, int neighbours, Components& out);

// Pieces of less than `area` pixels become background; the others are numbered anew in the same order.
void drop_small(Components& components, std::int64_t area);

}  // namespace cvlab
