// Morphology: every pixel becomes the least (erode) or greatest (dilate) value under a structuring element that is laid
// on it.
//
//   open = dilate(erode(f))    close = erode(dilate(f))    gradient = dilate(f) - erode(f)
//
// Outside the picture nothing counts, for open and close at both of their steps. Works on grey levels; on masks of 0
// and 255 it is the textbook's. Channels are treated one by one. Source: Gonzalez, Woods, Digital Image Processing, 4th
// ed. 2018, chapter 9.
#pragma once

#include <vector>

#include "core/image/image.hpp"

namespace cvlab {

enum class ElementShape { square, cross, disc };
enum class MorphologyKind { erode, dilate, open, close, gradient };

// Half the width of each of the element's `size` rows: row k covers columns -half[k] .. half[k]. `size` is odd. The
// disc is sqrt(r^2 - y^2) rounded to nearest, halves to even (OpenCV's ellipse).
std::vector<int> element_rows(ElementShape shape, int size);

// `out` is another picture. The reference looks at every pixel of the element; the twin takes rows at a time.
void morphology_ref(const Image& in, MorphologyKind kind, ElementShape shape, int size, Image& out);
void morphology(const Image& in, MorphologyKind kind, ElementShape shape, int size, Image& out);

}  // namespace cvlab
