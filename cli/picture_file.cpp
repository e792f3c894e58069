#include "cli/picture_file.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "core/formats/file.hpp"
#include "core/formats/npy.hpp"
#include "core/image/codec.hpp"
#include "core/image/convert.hpp"

namespace cvlab::cli {

namespace {

bool ends_with(const std::string& path, std::string_view ending) {
  if (path.size() < ending.size()) return false;
  return std::equal(ending.begin(), ending.end(), path.end() - static_cast<std::ptrdiff_t>(ending.size()),
                    [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

Result<Tensor> from_npy(const std::string& path, std::span<const std::uint8_t> bytes) {
  Result<Tensor> array = read_npy(bytes);
  if (!array) return array.error();
  const Tensor& in = array.value();
  const int rank = in.shape().rank();
  if (rank != 2 && rank != 3)
    return Error{"picture-shape", "The array in \"" + path + "\" has " + std::to_string(rank) +
                                      (rank == 1 ? " axis" : " axes") + "; a picture is (H, W) or (H, W, C)."};
  const std::ptrdiff_t channels = rank == 3 ? in.size(2) : 1;
  if (in.count() == 0) return Error{"picture-empty", "The picture in \"" + path + "\" has no pixels."};
  if (in.size(0) * in.size(1) > max_pixels)
    return Error{"picture-size", "The picture in \"" + path + "\" has more than 64 million pixels."};
  Tensor planes({1, channels, in.size(0), in.size(1)});
  const ConstView interleaved(in.data(), {in.size(0), in.size(1), channels});
  for (std::ptrdiff_t c = 0; c < channels; ++c)
    for (std::ptrdiff_t y = 0; y < in.size(0); ++y)
      for (std::ptrdiff_t x = 0; x < in.size(1); ++x) planes(0, c, y, x) = interleaved(y, x, c);
  return planes;
}

Tensor without_alpha(const Tensor& planes) {
  const std::ptrdiff_t channels = planes.size(1) <= 2 ? 1 : 3;
  Tensor out({1, channels, planes.size(2), planes.size(3)});
  std::copy_n(planes.data(), out.count(), out.data());
  return out;
}

// "nan in row 3, column 5"
std::string value_and_place(const Tensor& picture, const float* value) {
  const std::ptrdiff_t pixel = (value - picture.data()) % (picture.size(2) * picture.size(3));
  char number[32];
  std::snprintf(number, sizeof number, "%g", static_cast<double>(*value));
  return number + (" in row " + std::to_string(pixel / picture.size(3))) + ", column " +
         std::to_string(pixel % picture.size(3));
}

}  // namespace

Result<Tensor> load_picture(const std::string& path) {
  const Result<std::vector<std::uint8_t>> bytes = read_file(path);
  if (!bytes) return bytes.error();
  if (ends_with(path, ".npy")) return from_npy(path, bytes.value());
  const Result<Image> image = decode_image(bytes.value());
  if (!image) return Error{image.error().id, path + ": " + image.error().sentence};
  return without_alpha(image_to_tensor(image.value()));
}

Result<void> check_bytes(const Tensor& picture) {
  const float* first = picture.data();
  const float* bad = std::find_if_not(first, first + picture.count(), [](float v) { return v >= -0.5F && v < 255.5F; });
  if (bad == first + picture.count()) return {};
  return Error{"picture-range", "This works on bytes, 0..255, and the picture holds " + value_and_place(picture, bad) +
                                    " (saved as .png, results are rounded and saturated)."};
}

Result<void> check_finite(const Tensor& picture, const std::string& name) {
  const float* first = picture.data();
  const float* bad = std::find_if_not(first, first + picture.count(), [](float v) { return std::isfinite(v); });
  if (bad == first + picture.count()) return {};
  return Error{"picture-finite",
               "\"" + name + "\" holds " + value_and_place(picture, bad) + ": this needs finite numbers everywhere."};
}

Result<void> check_output_name(const std::string& path) {
  if (ends_with(path, ".png") || ends_with(path, ".npy")) return {};
  return Error{"output-name", "The output \"" + path + "\" must end in .png or .npy."};
}

Result<void> save_picture(const Tensor& picture, const std::string& path) {
  const std::ptrdiff_t channels = picture.size(1), height = picture.size(2), width = picture.size(3);
  if (ends_with(path, ".npy")) {
    if (channels == 1) return write_file(path, write_npy({picture.data(), {height, width}}));
    return write_file(path, write_npy({picture.data(), {height, width, channels}, {width, 1, height * width}}));
  }
  if (channels != 1 && channels != 3)
    return Error{"png-channels", "A PNG is grey or R G B, and this result has " + std::to_string(channels) +
                                     " channels: write .npy instead."};
  if (std::any_of(picture.data(), picture.data() + picture.count(), [](float v) { return std::isnan(v); }))
    return Error{"png-nan",
                 "The result holds values that are not numbers (NaN), which a PNG cannot: write .npy instead."};
  return write_file(path, encode_png(tensor_to_image(picture.view())));
}

}  // namespace cvlab::cli
