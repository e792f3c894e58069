#include "core/image/morphology.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/image/byte_kernel.hpp"
#include "core/image/reshape.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

struct Extreme {
  bool greatest;
  std::uint8_t none() const { return greatest ? 0 : 255; }  // changes no result
  std::uint8_t of(std::uint8_t a, std::uint8_t b) const { return greatest ? std::max(a, b) : std::min(a, b); }
  void rows(const std::uint8_t* a, const std::uint8_t* b, std::ptrdiff_t n, std::uint8_t* out) const {
    const auto& kernel = byte_kernel::best();
    (greatest ? kernel.greater : kernel.lesser)(a, b, n, out);
  }
};

void extreme_ref(const Image& in, Extreme extreme, const std::vector<int>& half, Image& out) {
  reshape(out, in.width, in.height, in.channels);
  const int radius = static_cast<int>(half.size()) / 2;
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      for (int c = 0; c < in.channels; ++c) {
        std::uint8_t value = extreme.none();
        for (int k = -radius; k <= radius; ++k) {
          const int reach = half[static_cast<std::size_t>(k + radius)];
          for (int l = -reach; l <= reach; ++l) {
            const bool inside = y + k >= 0 && y + k < in.height && x + l >= 0 && x + l < in.width;
            if (inside) value = extreme.of(value, in.at(y + k, x + l, c));
          }
        }
        out.at(y, x, c) = value;
      }
    }
  }
}

// A row with `margin` neutral bytes on each side; run() slides a window of 2 half + 1 pixels over it by doubling: after
// step s every place knows the extreme of the s pixels that begin there.
struct RowWindow {
  std::vector<std::uint8_t> padded, work;

  void load(const Image& in, int y, int margin, Extreme extreme) {
    const std::size_t length = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.channels);
    padded.assign(length + 2 * static_cast<std::size_t>(margin), extreme.none());
    std::copy_n(in.data.data() + static_cast<std::size_t>(y) * length, length, padded.begin() + margin);
  }
  // The extreme under the window around each pixel of the row; valid until the next call.
  const std::uint8_t* run(int half, int channels, int margin, Extreme extreme) {
    if (half == 0) return padded.data() + margin;
    work = padded;
    const int window = 2 * half + 1;
    auto left = static_cast<std::ptrdiff_t>(work.size());
    int seen = 1;
    while (seen < window) {
      const int more = std::min(seen, window - seen);
      const std::ptrdiff_t shift = static_cast<std::ptrdiff_t>(more) * channels;
      left -= shift;
      extreme.rows(work.data(), work.data() + shift, left, work.data());
      seen += more;
    }
    return work.data() + margin - static_cast<std::ptrdiff_t>(half) * channels;
  }
};

void extreme_fast(const Image& in, Extreme extreme, const std::vector<int>& half, Image& out) {
  reshape(out, in.width, in.height, in.channels);
  if (in.empty()) return;
  const int radius = static_cast<int>(half.size()) / 2;
  const auto length = static_cast<std::ptrdiff_t>(in.width) * in.channels;
  const int margin = *std::max_element(half.begin(), half.end()) * in.channels;
  std::fill(out.data.begin(), out.data.end(), extreme.none());
  parallel_for(0, in.height, std::max(16, 2 * radius), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    static thread_local RowWindow window;
    const int top = std::max(0, static_cast<int>(first) - radius);
    const int end = std::min(in.height, static_cast<int>(last) + radius);
    for (int row = top; row < end; ++row) {  // each input row gives to the output rows that it reaches
      window.load(in, row, margin, extreme);
      const std::uint8_t* from = nullptr;
      int known = -1;
      for (int k = -radius; k <= radius; ++k) {
        const int y = row - k;
        if (y < first || y >= last) continue;
        const int reach = half[static_cast<std::size_t>(k + radius)];
        if (reach != known) from = window.run(reach, in.channels, margin, extreme);
        known = reach;
        std::uint8_t* to = out.data.data() + y * length;
        extreme.rows(to, from, length, to);
      }
    }
  });
}

template <class Step>
void compose(const Image& in, MorphologyKind kind, Image& out, Step step) {
  if (kind == MorphologyKind::erode || kind == MorphologyKind::dilate) {
    return step(in, Extreme{kind == MorphologyKind::dilate}, out);
  }
  Image first;
  step(in, Extreme{kind != MorphologyKind::open}, first);
  if (kind != MorphologyKind::gradient) return step(first, Extreme{kind == MorphologyKind::open}, out);
  step(in, Extreme{false}, out);
  for (std::size_t i = 0; i < out.data.size(); ++i)
    out.data[i] = static_cast<std::uint8_t>(first.data[i] - out.data[i]);
}

}  // namespace

std::vector<int> element_rows(ElementShape shape, int size) {
  assert(size >= 1 && size % 2 == 1 && "element_rows: an odd size");
  const int radius = size / 2;
  std::vector<int> half(static_cast<std::size_t>(size));
  for (int y = -radius; y <= radius; ++y) {
    const int disc = static_cast<int>(std::nearbyint(std::sqrt(static_cast<double>(radius * radius - y * y))));
    half[static_cast<std::size_t>(y + radius)] = shape == ElementShape::disc              ? disc
                                                 : shape == ElementShape::cross && y != 0 ? 0
                                                                                          : radius;
  }
  return half;
}

void morphology_ref(const Image& in, MorphologyKind kind, ElementShape shape, int size, Image& out) {
  const std::vector<int> half = element_rows(shape, size);
  compose(in, kind, out, [&](const Image& from, Extreme extreme, Image& to) { extreme_ref(from, extreme, half, to); });
}

void morphology(const Image& in, MorphologyKind kind, ElementShape shape, int size, Image& out) {
  assert(&in != &out && "morphology: out is another picture");
  const std::vector<int> half = element_rows(shape, size);
  compose(in, kind, out, [&](const Image& from, Extreme extreme, Image& to) { extreme_fast(from, extreme, half, to); });
}

}  // namespace cvlab
