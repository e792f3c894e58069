#include "core/train/update.hpp"

#include <algorithm>
#include <cmath>

#include "core/train/update_kernel.hpp"

namespace cvlab {

bool uses_first_moment(OptimizerKind kind) {
  return kind == OptimizerKind::momentum || kind == OptimizerKind::nesterov || kind == OptimizerKind::adam ||
         kind == OptimizerKind::adamw;
}

bool uses_second_moment(OptimizerKind kind) {
  return kind == OptimizerKind::adagrad || kind == OptimizerKind::rmsprop || kind == OptimizerKind::adam ||
         kind == OptimizerKind::adamw;
}

template <class T>
UpdateConstants<T> update_constants(const OptimizerParams& params, T learning_rate, int step, T gradient_factor) {
  UpdateConstants<T> c;
  c.kind = params.kind;
  c.rate = learning_rate;
  c.factor = gradient_factor;
  c.decay = static_cast<T>(params.weight_decay);
  c.epsilon = static_cast<T>(params.epsilon);
  c.momentum = static_cast<T>(params.momentum);
  c.smoothing = static_cast<T>(params.alpha);
  if (params.kind == OptimizerKind::adam || params.kind == OptimizerKind::adamw) {
    c.momentum = static_cast<T>(params.beta1);
    c.smoothing = static_cast<T>(params.beta2);
    // In double: at step 1 these are small differences of numbers close to 1.
    c.rate = static_cast<T>(static_cast<double>(learning_rate) / (1.0 - std::pow(params.beta1, step)));
    c.root_correction = static_cast<T>(1.0 / std::sqrt(1.0 - std::pow(params.beta2, step)));
  }
  if (params.kind == OptimizerKind::adamw) {
    c.decay = 0;
    c.keep = 1 - learning_rate * static_cast<T>(params.weight_decay);
  }
  return c;
}

template <class T>
void update_ref(const UpdateConstants<T>& c, std::ptrdiff_t n, const T* gradient, T* value, T* first, T* second) {
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const T g = c.factor * gradient[i] + c.decay * value[i];
    switch (c.kind) {
      case OptimizerKind::sgd:
        value[i] -= c.rate * g;
        break;
      case OptimizerKind::momentum:
        first[i] = c.momentum * first[i] + g;
        value[i] -= c.rate * first[i];
        break;
      case OptimizerKind::nesterov:
        first[i] = c.momentum * first[i] + g;
        value[i] -= c.rate * (g + c.momentum * first[i]);
        break;
      case OptimizerKind::adagrad:
        second[i] += g * g;
        value[i] -= c.rate * g / (std::sqrt(second[i]) + c.epsilon);
        break;
      case OptimizerKind::rmsprop:
        second[i] = c.smoothing * second[i] + (1 - c.smoothing) * g * g;
        value[i] -= c.rate * g / (std::sqrt(second[i]) + c.epsilon);
        break;
      case OptimizerKind::adam:
      case OptimizerKind::adamw:
        first[i] = c.momentum * first[i] + (1 - c.momentum) * g;
        second[i] = c.smoothing * second[i] + (1 - c.smoothing) * g * g;
        value[i] = c.keep * value[i] - c.rate * first[i] / (std::sqrt(second[i]) * c.root_correction + c.epsilon);
        break;
    }
  }
}

void update(const UpdateConstants<float>& c, std::ptrdiff_t n, const float* gradient, float* value, float* first,
            float* second) {
  update_kernel::best().update({&c, n, gradient, value, first, second});
}

double sum_of_squares(const float* values, std::ptrdiff_t n) {
  constexpr std::ptrdiff_t piece = 4096;  // short enough for float sums
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < n; i += piece)
    sum += static_cast<double>(update_kernel::best().sum_of_squares(values + i, std::min(piece, n - i)));
  return sum;
}

template UpdateConstants<float> update_constants(const OptimizerParams&, float, int, float);
template UpdateConstants<double> update_constants(const OptimizerParams&, double, int, double);
template void update_ref(const UpdateConstants<float>&, std::ptrdiff_t, const float*, float*, float*, float*);
template void update_ref(const UpdateConstants<double>&, std::ptrdiff_t, const double*, double*, double*, double*);

}  // namespace cvlab
