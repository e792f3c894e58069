#include <algorithm>
#include <numeric>

#include "core/data/dataset.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

// Streams of the data's seed: one for the order of each epoch, one for each example of each epoch (0, without an epoch,
// is for initial weights).
constexpr std::uint64_t order_stream = std::uint64_t{1} << 63;

std::uint64_t example_stream(int epoch, int example) {
  return static_cast<std::uint64_t>(epoch + 1) << 32 | static_cast<std::uint32_t>(example);
}

}  // namespace

Loader::Loader(const Dataset& data, int batch_size, bool shuffle, std::uint64_t seed, Augmentation augmentation,
               Normalisation normalisation)
    : data_(&data),
      batch_size_(batch_size),
      shuffle_(shuffle),
      seed_(seed),
      augmentation_(augmentation),
      normalisation_(normalisation) {
  assert(batch_size >= 1 && "a mini-batch has at least one example");
}

int Loader::batches() const { return (data_->count() + batch_size_ - 1) / batch_size_; }

std::span<const int> Loader::batch_examples(int epoch, int index) {
  assert(index >= 0 && index < batches() && "Loader: there is no such mini-batch");
  if (order_epoch_ != epoch || order_.size() != data_->labels.size()) {
    order_.resize(data_->labels.size());
    std::iota(order_.begin(), order_.end(), 0);
    if (shuffle_) {
      Rng rng(seed_, order_stream | static_cast<std::uint64_t>(epoch));
      rng.shuffle(std::span(order_));
    }
    order_epoch_ = epoch;
  }
  const auto first = static_cast<std::size_t>(index) * static_cast<std::size_t>(batch_size_);
  return std::span<const int>(order_).subspan(first,
                                              std::min(static_cast<std::size_t>(batch_size_), order_.size() - first));
}

void Loader::batch(int epoch, int index, Tensor& images, std::vector<int>& labels) {
  const std::span<const int> examples = batch_examples(epoch, index);
  const Shape& example = data_->example;
  const auto count = static_cast<std::ptrdiff_t>(examples.size());
  images.resize({count, example[0], example[1], example[2]});
  labels.resize(examples.size());
  const std::ptrdiff_t size = example.count();
  const float scale = 1.0f / 255.0f;
  const float factor = 1.0f / normalisation_.deviation, offset = -normalisation_.mean / normalisation_.deviation;
  const bool augmented = augmentation_.any();
  const std::ptrdiff_t grain =
      augmented ? 4 : std::max<std::ptrdiff_t>(1, (1 << 16) / std::max<std::ptrdiff_t>(size, 1));
  parallel_for(0, count, grain, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t i = first; i < last; ++i) {
      const int chosen = examples[static_cast<std::size_t>(i)];
      labels[static_cast<std::size_t>(i)] = data_->labels[static_cast<std::size_t>(chosen)];
      const std::uint8_t* from = data_->pixels_of(chosen).data();
      float* const to = images.data() + i * size;
      if (!augmented) {
        for (std::ptrdiff_t k = 0; k < size; ++k) to[k] = static_cast<float>(from[k]) * scale * factor + offset;
        continue;
      }
      for (std::ptrdiff_t k = 0; k < size; ++k) to[k] = static_cast<float>(from[k]) * scale;
      Rng rng(seed_, example_stream(epoch, chosen));
      augment(augmentation_, rng, normalisation_.mean, View(to, example));
      for (std::ptrdiff_t k = 0; k < size; ++k) to[k] = to[k] * factor + offset;
    }
  });
}

}  // namespace cvlab
