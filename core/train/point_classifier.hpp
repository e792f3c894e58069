// A small network that learns to tell classes of points apart, in the plane or with more coordinates (the pixels of a
// small picture), one mini-batch at a time, in double.
//
//   net D-…-C; p = softmax of its outputs; L = mean over examples of -ln p(label)
//
// The last layer begins at 0: every class gets 1/C, L = ln C. Mini-batches as in DescentPath: each epoch its own
// permutation. When a number grows beyond 1e6, or is none any more, the run has diverged: it says where, and stands
// still. Source: C. Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.104-4.109.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/nn/dense_net.hpp"
#include "core/train/descent.hpp"

namespace cvlab {

struct LabelledPoints {
  std::vector<double> points;  // (D, N)
  std::vector<int> labels;
  int classes = 2;
  int dimensions = 2;  // D
  int count() const { return static_cast<int>(labels.size()); }
};

struct ClassifierSettings {
  std::vector<int> hidden;
  Activation activation = Activation::tanh;
  OptimizerKind optimizer = OptimizerKind::adam;
  double rate = 0.03;
  int batch = 16;
  std::uint64_t seed = 1;
  bool operator==(const ClassifierSettings&) const = default;
};

class PointClassifier {
 public:
  struct Point {
    double loss = 0.0;  // of the mini-batch, before the update
  };
  struct Divergence {
    int step = 0;   // the update that did it, from 1
    int layer = 0;  // from 1: where a weight or a bias left the range
  };
  static constexpr double far = 1e6;

  PointClassifier(std::shared_ptr<const LabelledPoints> data, const ClassifierSettings& settings);

  Point advance();
  int steps() const { return steps_; }
  const std::optional<Divergence>& diverged() const { return diverged_; }

  // One update on given examples; returns the loss before.
  double update(std::span<const double> points, std::span<const int> labels);
  // Of all examples; the gradient of the loss stays in net().gradient().
  struct Result {
    double loss = 0.0;
    int right = 0;
  };
  Result evaluate();
  Result test(const LabelledPoints& others);                          // likewise, without the gradient
  std::vector<double> probabilities(std::span<const double> points);  // (D, n) -> (C, n)
  // What a unit of the first layer adds up for one point (D numbers): the D products w x; their sum + b.
  std::vector<double> first_products(int unit, std::span<const double> point) const;
  double first_sum(int unit, std::span<const double> point) const;
  DenseNet& net() { return net_; }

 private:
  double loss_and_gradient(std::span<const double> points, std::span<const int> labels);
  void look_for_divergence();

  std::shared_ptr<const LabelledPoints> data_;
  ClassifierSettings settings_;
  DenseNet net_;
  Descent descent_;
  int steps_ = 0;
  std::optional<Divergence> diverged_;
};

}  // namespace cvlab
