// Losses with an exponential for each number: activations in blocks that stay in the nearest cache, sums by reduce's
// kernel, blocks added up in double.
#include <algorithm>

#include "core/ops/activation_kernel.hpp"
#include "core/ops/losses.hpp"
#include "core/ops/reduce_kernel.hpp"

namespace cvlab {

namespace {

constexpr std::ptrdiff_t block = 1024;

// work(first, count, f(x) of the block)
template <class Work>
void for_blocks(Activation kind, const float* x, std::ptrdiff_t n, Work&& work) {
  const auto activation = activation_kernel::best().forward[static_cast<int>(kind)];
  float values[block];
  for (std::ptrdiff_t i = 0; i < n; i += block) {
    const std::ptrdiff_t count = std::min(block, n - i);
    activation({x + i, values, count, 0.0f});
    work(i, count, values);
  }
}

[[maybe_unused]] bool alike(ConstView a, ConstView b) {
  return a.contiguous() && b.contiguous() && a.shape() == b.shape();
}

struct DiceSums {
  double both = 0.0, predicted = 0.0, target = 0.0;
  double numerator() const { return 2.0 * both + 1.0; }
  double denominator() const { return predicted + target + 1.0; }
};

DiceSums dice_sums(const float* logits, const float* target, std::ptrdiff_t n) {
  const reduce_kernel::Table& kernel = reduce_kernel::best();
  DiceSums sums;
  for_blocks(Activation::sigmoid, logits, n, [&](std::ptrdiff_t first, std::ptrdiff_t count, const float* s) {
    sums.both += static_cast<double>(kernel.dot(s, 0.0f, target + first, count));
    sums.predicted += static_cast<double>(kernel.sum(s, count));
    sums.target += static_cast<double>(kernel.sum(target + first, count));
  });
  return sums;
}

}  // namespace

// max(x, 0) - x t + log(1 + exp(-|x|)) = softplus(x) - x t
float binary_cross_entropy_forward(ConstView logits, ConstView target) {
  assert(alike(logits, target));
  if (logits.count() == 0) return 0.0f;
  const reduce_kernel::Table& kernel = reduce_kernel::best();
  double sum = 0.0;
  for_blocks(Activation::softplus, logits.data(), logits.count(),
             [&](std::ptrdiff_t first, std::ptrdiff_t count, const float* softplus) {
               sum += static_cast<double>(kernel.sum(softplus, count)) -
                      static_cast<double>(kernel.dot(logits.data() + first, 0.0f, target.data() + first, count));
             });
  return static_cast<float>(sum / static_cast<double>(logits.count()));
}

void binary_cross_entropy_backward(ConstView logits, ConstView target, float dloss, View dlogits) {
  assert(alike(logits, target) && dlogits.count() == logits.count());
  const float factor = dloss / static_cast<float>(logits.count());
  for_blocks(Activation::sigmoid, logits.data(), logits.count(),
             [&](std::ptrdiff_t first, std::ptrdiff_t count, const float* s) {
               const float* t = target.data() + first;
               float* gradient = dlogits.data() + first;
               for (std::ptrdiff_t i = 0; i < count; ++i) gradient[i] += factor * (s[i] - t[i]);
             });
}

float dice_forward(ConstView logits, ConstView target) {
  assert(alike(logits, target) && logits.shape().rank() >= 1);
  if (logits.count() == 0) return 0.0f;
  const std::ptrdiff_t cells = logits.count() / logits.size(0);
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < logits.count(); i += cells) {
    const DiceSums sums = dice_sums(logits.data() + i, target.data() + i, cells);
    sum += 1.0 - sums.numerator() / sums.denominator();
  }
  return static_cast<float>(sum / static_cast<double>(logits.size(0)));
}

void dice_backward(ConstView logits, ConstView target, float dloss, View dlogits) {
  assert(alike(logits, target) && dlogits.count() == logits.count());
  if (logits.count() == 0) return;
  const std::ptrdiff_t cells = logits.count() / logits.size(0);
  const float share = dloss / static_cast<float>(logits.size(0));
  for (std::ptrdiff_t row = 0; row < logits.count(); row += cells) {
    const DiceSums sums = dice_sums(logits.data() + row, target.data() + row, cells);
    const float factor = share / static_cast<float>(sums.denominator());
    const float ratio = static_cast<float>(sums.numerator() / sums.denominator());
    for_blocks(Activation::sigmoid, logits.data() + row, cells,
               [&](std::ptrdiff_t first, std::ptrdiff_t count, const float* s) {
                 const float* t = target.data() + row + first;
                 float* gradient = dlogits.data() + row + first;
                 for (std::ptrdiff_t i = 0; i < count; ++i)
                   gradient[i] -= factor * (2.0f * t[i] - ratio) * (s[i] * (1.0f - s[i]));
               });
  }
}

}  // namespace cvlab
