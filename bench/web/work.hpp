// The pieces of work that the browser benchmark times, each made once and run many times: nets and sizes as the peers
// have them. Random data, the same at every start.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/tensor/tensor.hpp"

namespace cvlab::bench {

class Work {
 public:
  virtual ~Work() = default;
  virtual void run() = 0;
  // What one run gives: a loss, logits, a product, the mean of a picture. For the checks in run.mjs that the right
  // thing was timed.
  virtual ConstView result() const = 0;
  // What is copied in from the page before each run, for work that a peer is handed its input for; empty for training.
  virtual std::vector<View> inputs() { return {}; }
};

// small-cnn-step mlp-step dcgan-step small-cnn-forward-32 small-cnn-forward-1 matmul-512 conv-56, and the operations on
// pictures of work.cpp's table; null for any other.
std::unique_ptr<Work> make_work(std::string_view name);

}  // namespace cvlab::bench
