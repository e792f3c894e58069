#include "core/data/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/image/image.hpp"

namespace cvlab {

Dataset select(const Dataset& data, std::span<const int> indices) {
  Dataset out{data.name, data.example, {}, {}, data.class_names};
  out.pixels.reserve(indices.size() * static_cast<std::size_t>(data.example.count()));
  out.labels.reserve(indices.size());
  for (const int i : indices) {
    assert(i >= 0 && i < data.count() && "select: there is no such example");
    const auto pixels = data.pixels_of(i);
    out.pixels.insert(out.pixels.end(), pixels.begin(), pixels.end());
    out.labels.push_back(data.labels[static_cast<std::size_t>(i)]);
  }
  return out;
}

Split split(const Dataset& data, double test_share, std::uint64_t seed) {
  std::vector<int> order(static_cast<std::size_t>(data.count()));
  std::iota(order.begin(), order.end(), 0);
  Rng rng(seed);
  rng.shuffle(std::span(order));
  std::vector<int> wanted(static_cast<std::size_t>(data.classes()));
  for (const int label : data.labels) ++wanted[static_cast<std::size_t>(label)];
  for (int& count : wanted) count = static_cast<int>(std::lround(count * test_share));
  std::vector<int> train, test;
  for (const int i : order) {
    int& left = wanted[static_cast<std::size_t>(data.labels[static_cast<std::size_t>(i)])];
    (left-- > 0 ? test : train).push_back(i);
  }
  return {select(data, train), select(data, test)};
}

Result<Dataset> dataset_from_sprite(std::string name, const Image& image, std::span<const std::uint8_t> labels,
                                    std::vector<std::string> class_names, int height, int width, int columns) {
  const auto count = static_cast<std::int64_t>(labels.size());
  if (image.width != columns * width || image.height % height != 0 ||
      count > static_cast<std::int64_t>(columns) * (image.height / height) || count == 0)
    return Error{"data-sprite",
                 "The data set \"" + name + "\" is incomplete: its picture holds " + std::to_string(image.width) +
                     " x " + std::to_string(image.height) + " pixels for " + std::to_string(count) + " labels.",
                 {name, std::to_string(image.width), std::to_string(image.height), std::to_string(count)}};
  const auto classes = static_cast<int>(class_names.size());
  const int channels = image.channels >= 3 ? 3 : 1;
  Dataset data{std::move(name), {channels, height, width}, {}, {}, std::move(class_names)};
  data.labels.assign(labels.begin(), labels.end());
  if (const int worst = *std::max_element(data.labels.begin(), data.labels.end()); worst >= classes)
    return Error{"data-label",
                 "The data set \"" + data.name + "\" has a label " + std::to_string(worst) + " and only " +
                     std::to_string(classes) + " classes.",
                 {data.name, std::to_string(worst), std::to_string(classes)}};
  data.pixels.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(data.example.count()));
  auto out = data.pixels.begin();
  for (int i = 0; i < count; ++i)
    for (int c = 0; c < channels; ++c)
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) *out++ = image.at(i / columns * height + y, i % columns * width + x, c);
  return data;
}

const std::vector<std::string>& known_class_names(std::string_view data) {
  static const std::vector<std::string> digits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  static const std::vector<std::string> clothes = {"t-shirt", "trousers", "pullover", "dress", "coat",
                                                   "sandal",  "shirt",    "sneaker",  "bag",   "ankle boot"};
  static const std::vector<std::string> none;
  return data == "digits" ? digits : data == "fashion-mnist" ? clothes : none;
}

}  // namespace cvlab
