// Any bytes are a picture or are refused; a picture has the size it says and survives being written as PNG.
#include <cstddef>
#include <cstdint>

#include "core/image/codec.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto image = cvlab::decode_image({data, size});
  if (!image) {
    require(!image.error().id.empty() && !image.error().sentence.empty());
    return 0;
  }
  const cvlab::Image& picture = image.value();
  require(picture.width > 0 && picture.height > 0 && picture.channels >= 1 && picture.channels <= 4);
  require(picture.data.size() == static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) *
                                     static_cast<std::size_t>(picture.channels));
  if (picture.data.size() > 100'000) return 0;  // writing large ones would only slow the search
  const auto again = cvlab::decode_image(cvlab::encode_png(picture));
  require(again && again.value() == picture);
  return 0;
}
