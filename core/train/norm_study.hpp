// What batch normalisation is for: the same network trained with and without it, at rising learning rates.
//
// norm_batch() is equations (1) to (4) on a batch of numbers; NormRun is one training run; NormRace is all of them.
// Made of the reference ops in double: large learning rates amplify the last bit of every sum, and a double has bits to
// spare.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/data/toy.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

// x, normalised, y (m, C), row-major; mean, variance, running_mean, running_variance (C).
struct NormedBatch {
  int examples = 0, features = 0;
  std::vector<double> x, normalised, y;
  std::vector<double> mean, variance;                  // (1) and (2): of this batch
  std::vector<double> running_mean, running_variance;  // after the batch was seen `updates` times
  std::vector<double> used_mean, used_variance;        // those of (3): the batch's or, in evaluation, the running ones
};
struct NormSettings {
  double gamma = 1.0, beta = 0.0, epsilon = 1e-5, momentum = 0.1;
  int updates = 0;
  bool evaluate = false;
};
NormedBatch norm_batch(std::span<const double> x, int examples, int features, const NormSettings& settings);

struct NormRunParams {
  bool norm = false;
  double rate = 0.1;
  int batch = 32;
  std::uint64_t seed = 1;
};

// 2 inputs, 6 hidden layers of 20 units (linear, batch norm if wanted, ReLU), 2 classes; cross-entropy, plain
// gradient descent on shuffled mini-batches. First weights: He's, Xavier's in the last layer.
class NormRun {
 public:
  struct Test {
    double loss = 0.0;
    double accuracy = 0.0;
  };
  // Both sets must outlive the run.
  NormRun(const NormRunParams& params, const ToyData& train, const ToyData& test);

  bool step();  // one mini-batch; false: numbers are not finite any more
  int steps() const { return static_cast<int>(losses_.size()); }
  bool finite() const { return finite_; }
  const std::vector<double>& losses() const { return losses_; }  // of each mini-batch, before its step
  // Mean over the last few mini-batches; NaN before the first, infinity where numbers ended.
  double recent_loss() const;
  // On the test set: with the running statistics, or with those of mini-batches as large as the run's.
  Test test(bool batch_statistics) const;

 private:
  using Values = BasicTensor<double>;
  struct Layer {
    Values weight, bias, gamma, beta;  // bias: empty with norm; gamma, beta: empty without
    Values running_mean, running_variance;
  };
  struct Pass {  // of one layer, kept for backward
    Values z, mean, variance, normed, out;
  };
  enum class Statistics { batch, running };
  // Logits of the batch; passes[l] belongs to hidden layer l.
  Values forward(const Values& points, Statistics statistics, std::vector<Pass>& passes) const;
  void backward(const Values& points, const std::vector<Pass>& passes, Values gradient);
  void move_statistics(const std::vector<Pass>& passes);
  void next_batch();

  NormRunParams params_;
  const ToyData* train_;
  const ToyData* test_;
  std::vector<Layer> layers_;  // the last one gives the logits
  std::vector<int> order_;
  Values points_;
  std::vector<int> labels_;
  std::vector<double> losses_;
  bool finite_ = true;
};

inline constexpr std::array<double, 7> race_rates = {0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0};

class NormRace {
 public:
  NormRace(int batch, std::uint64_t seed);

  // The next step of the next run, round after round, so that all grow together. False when each has `steps`.
  bool step(int steps);
  NormRun& run(std::size_t rate, bool norm) { return runs_[2 * rate + (norm ? 1 : 0)]; }
  const NormRun& run(std::size_t rate, bool norm) const { return runs_[2 * rate + (norm ? 1 : 0)]; }
  // The greatest rate at which the mean loss of the last steps is below `loss`; 0 = none.
  double greatest_rate(bool norm, double loss) const;

 private:
  std::unique_ptr<ToyData> train_, test_;
  std::vector<NormRun> runs_;
  std::size_t next_ = 0;
};

}  // namespace cvlab
