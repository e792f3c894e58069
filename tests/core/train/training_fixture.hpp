// A data set that a small network learns in moments: bright bars, upright or lying, at any place of a noisy picture.
#pragma once

#include <algorithm>

#include "core/data/dataset.hpp"
#include "core/nn/graph.hpp"
#include "core/rng.hpp"

namespace cvlab::test {

inline Dataset bars(int count, std::uint64_t seed) {
  constexpr int side = 8;
  Dataset data{"bars", {1, side, side}, {}, {}, {"upright", "lying"}};
  Rng rng(seed);
  for (int i = 0; i < count; ++i) {
    const int label = i % 2, place = static_cast<int>(rng.below(side));
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        data.pixels.push_back(static_cast<std::uint8_t>(((label == 0 ? x : y) == place ? 180 : 0) + rng.below(60)));
    data.labels.push_back(label);
  }
  return data;
}

inline Split bars_split() { return {bars(300, 1), bars(100, 2)}; }

// One convolution, global mean, dense: with dropout and batch norm when asked, so that their randomness and their
// statistics are part of the test.
inline nn::Graph bars_network(bool full, std::uint64_t seed) {
  nn::Graph graph("bars");
  const auto add = [&](nn::LayerKind kind, const char* name, auto&& set) {
    nn::Layer layer;
    layer.kind = kind;
    layer.name = name;
    set(layer);
    graph.add(std::move(layer));
  };
  const auto plain = [](nn::Layer&) {};
  add(nn::LayerKind::input, "input", [](nn::Layer& l) { l.shape = {1, 8, 8}; });
  add(nn::LayerKind::conv2d, "conv", [](nn::Layer& l) {
    l.channels = 6;
    l.kernel_y = l.kernel_x = 3;
  });
  if (full) add(nn::LayerKind::batch_norm, "bn", plain);
  add(nn::LayerKind::activation, "relu", plain);
  add(nn::LayerKind::max_pool2d, "pool", [](nn::Layer& l) {
    l.kernel_y = l.kernel_x = 2;
    l.stride = 2;
  });
  add(nn::LayerKind::flatten, "flatten", plain);
  if (full) add(nn::LayerKind::dropout, "dropout", [](nn::Layer& l) { l.alpha = 0.2f; });
  add(nn::LayerKind::linear, "fc", [](nn::Layer& l) { l.channels = 2; });
  Rng rng(seed);
  (void)graph.initialise(rng);
  return graph;
}

}  // namespace cvlab::test
