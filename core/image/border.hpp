// Rows of an 8-bit picture with their border written out, so that the inner loops of filters ask nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab {

// Row `row` of the picture, which may lie outside it, with `radius` pixels on each side: (width + 2 * radius) *
// channels bytes. `border` is zero, replicate or reflect; the picture is not empty.
void padded_row(const Image& image, int row, int radius, Padding border, std::uint8_t* out);

// Where the values come from that a border puts `left` and `right` pixels beside a row of `width`, from left to right,
// those within the row left out: places in the row, -1 for zeros.
void border_values(int width, int channels, int left, int right, Padding border, std::vector<int>& from);

// How many rows a thread takes at once when each band costs `halo` rows of its own.
std::ptrdiff_t band_rows(int height, int halo);

// Gives `out` size and channels of `in`; its memory is kept where it suffices.
void match_size(const Image& in, Image& out);

}  // namespace cvlab
