// Labelled pictures in memory, splits, shuffled and augmented mini-batches.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/rng.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

struct Image;

struct Dataset {
  std::string name;
  Shape example;                     // (C, H, W)
  std::vector<std::uint8_t> pixels;  // count * C * H * W, 0..255
  std::vector<int> labels;           // count; each below class_names.size()
  std::vector<std::string> class_names;

  int count() const { return static_cast<int>(labels.size()); }
  int classes() const { return static_cast<int>(class_names.size()); }
  std::span<const std::uint8_t> pixels_of(int i) const {
    const auto size = static_cast<std::size_t>(example.count());
    return std::span(pixels).subspan(static_cast<std::size_t>(i) * size, size);
  }
};

struct Split {
  Dataset train, test;
};

// The examples with these indices, in this order; an index may occur more than once.
Dataset select(const Dataset& data, std::span<const int> indices);
// test_share of each class (rounded) goes to the test set, which examples depends on the seed only; both shuffled.
Split split(const Dataset& data, double test_share, std::uint64_t seed);

// The compact form of the web, and of build/assets/data: pictures side by side, `columns` a row, in the order of the
// labels, one byte each. image: grey or R G B, without alpha.
Result<Dataset> dataset_from_sprite(std::string name, const Image& image, std::span<const std::uint8_t> labels,
                                    std::vector<std::string> class_names, int height = 28, int width = 28,
                                    int columns = 100);

// What the classes of "digits" and "fashion-mnist" are called; empty for any other name.
const std::vector<std::string>& known_class_names(std::string_view data);

// What networks are fed: (v / 255 - mean) / deviation.
struct Normalisation {
  float mean = 0.0f;
  float deviation = 1.0f;
};

// Ranges are symmetric (+-); 0 or false = off.
struct Augmentation {
  bool mirror = false;
  float rotate = 0.0f;  // degrees
  float shift = 0.0f;   // pixels
  float scale = 0.0f;   // 0.1: 0.9 .. 1.1
  float blur = 0.0f;    // Gaussian sigma, 0 .. blur
  float noise = 0.0f;   // standard deviation, of 0..1
  int cutout = 0;       // side of a square set to the mean
  bool any() const { return mirror || rotate > 0 || shift > 0 || scale > 0 || blur > 0 || noise > 0 || cutout > 0; }
};
// "rotate=10,shift=2,mirror"; "" = none.
Result<Augmentation> parse_augmentation(std::string_view text);
// One example (C, H, W), 0..1, changed in place: mirror, rotation, shift and scale as one bilinear warp about the
// centre (what comes from outside is the nearest edge pixel), then blur, noise, cutout (to `mean`).
void augment(const Augmentation& augmentation, Rng& rng, float mean, View example);

// The mini-batches of an epoch, in an order that depends on seed and epoch only.
class Loader {
 public:
  Loader(const Dataset& data, int batch_size, bool shuffle, std::uint64_t seed, Augmentation augmentation = {},
         Normalisation normalisation = {});
  int batches() const;
  int examples() const { return data_->count(); }
  // Fills (n, C, H, W) and n labels for batch `index` of `epoch`; the last one may be smaller. The same arguments give
  // the same batch, whatever was asked before. Allocates nothing once the arguments have grown.
  void batch(int epoch, int index, Tensor& images, std::vector<int>& labels);
  // Which examples they are.
  std::span<const int> batch_examples(int epoch, int index);

 private:
  const Dataset* data_;
  int batch_size_;
  bool shuffle_;
  std::uint64_t seed_;
  Augmentation augmentation_;
  Normalisation normalisation_;
  int order_epoch_ = -1;
  std::vector<int> order_;
};

}  // namespace cvlab
