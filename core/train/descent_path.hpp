// The way of an optimizer over a loss slice, mini-batch by mini-batch. Nothing is random but the order of the examples:
// each epoch has its own permutation from the seed, cut into mini-batches of `batch` (the last may be smaller).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/train/descent.hpp"
#include "core/train/loss_slice.hpp"

namespace cvlab {

struct DescentSettings {
  OptimizerParams optimizer;
  Schedule schedule;
  int batch = 1;  // examples of a mini-batch; as many as there are: plain (batch) gradient descent
  std::uint64_t seed = 1;
  double u = 0.0, v = 0.0;  // where it begins

  bool operator==(const DescentSettings& other) const;
};

class DescentPath {
 public:
  struct Place {
    double u = 0.0, v = 0.0;
    double loss = 0.0;  // over all examples
  };
  static constexpr double far = 1e6;  // a path that comes farther from the origin than this has diverged

  DescentPath(const LossSlice& slice, const DescentSettings& settings);

  // Takes steps until there are `steps` of them, or the path diverges. Returns how many there are, at most `steps`.
  int go_to(int steps);
  const std::vector<Place>& places() const { return places_; }  // [k]: after k steps
  bool diverged() const { return diverged_; }
  const DescentSettings& settings() const { return settings_; }

  // The examples of step k (from 0), the gradient that it saw at places()[k], and its learning rate.
  std::vector<int> batch_of(int step) const;
  LossSlice::Value gradient_of(int step);
  double rate_of(int step) const;

 private:
  LossSlice slice_;  // our own: it keeps what it computes with
  DescentSettings settings_;
  Descent descent_;
  std::vector<Place> places_;
  bool diverged_ = false;
};

// The standard deviation of the gradient of a mini-batch of `batch` out of all examples, drawn without replacement:
//   sqrt(S / batch * (N - batch) / (N - 1)),  S the mean squared distance of the examples' gradients from their mean.
// Source: W. Cochran, Sampling Techniques, 1977, theorem 2.2.
double gradient_noise(std::span<const LossSlice::Value> each, int batch);

}  // namespace cvlab
