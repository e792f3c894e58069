#include "core/detect/mask.hpp"

#include <cassert>

namespace cvlab {

MaskOverlap mask_overlap(const Image& a, const Image& b) {
  assert(a.channels <= 1 && a.width == b.width && a.height == b.height && a.data.size() == b.data.size() &&
         "mask_overlap: two masks of one size");
  MaskOverlap m;
  for (std::size_t i = 0; i < a.data.size(); ++i) {
    m.a += a.data[i] != 0 ? 1 : 0;
    m.b += b.data[i] != 0 ? 1 : 0;
    m.both += a.data[i] != 0 && b.data[i] != 0 ? 1 : 0;
  }
  m.either = m.a + m.b - m.both;
  const auto share = [](std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  m.iou = share(m.both, m.either);
  m.dice = share(2 * m.both, m.a + m.b);
  m.precision = share(m.both, m.a);
  m.recall = share(m.both, m.b);
  return m;
}

}  // namespace cvlab
