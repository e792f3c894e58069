#include "core/ops/attention.hpp"

#include <cmath>
#include <vector>

#include "core/ops/gemm.hpp"
#include "core/ops/softmax_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

struct Sizes {
  std::ptrdiff_t examples, queries, keys, features, heads, width;  // width: features of a head
  Sizes(int heads_, const Shape& query, const Shape& key)
      : examples(query[0]),
        queries(query[1]),
        keys(key[1]),
        features(query[2]),
        heads(heads_),
        width(query[2] / heads_) {
    assert(query.rank() == 3 && key.rank() == 3 && key[0] == examples && key[2] == features);
    assert(heads_ >= 1 && features % heads_ == 0 && "attention: the heads share the features evenly");
  }
  Shape weights() const { return {examples, heads, queries, keys}; }
  // First number of head `i` (of examples * heads) in query or y, in key or value, in weights.
  std::ptrdiff_t query(std::ptrdiff_t i) const { return i / heads * queries * features + i % heads * width; }
  std::ptrdiff_t key(std::ptrdiff_t i) const { return i / heads * keys * features + i % heads * width; }
  std::ptrdiff_t weight(std::ptrdiff_t i) const { return i * queries * keys; }
};

template <class T>
T dot(const T* a, const T* b, std::ptrdiff_t n) {
  T sum = 0;
  for (std::ptrdiff_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

template <class T>
void attention_forward_ref(int heads, BasicView<const T> query, BasicView<const T> key, BasicView<const T> value,
                           BasicView<T> weights, BasicView<T> y) {
  const Sizes s(heads, query.shape(), key.shape());
  assert(weights.shape() == s.weights() && y.shape() == query.shape() && value.shape() == key.shape());
  const T scale = T(1) / std::sqrt(static_cast<T>(s.width));
  for (std::ptrdiff_t i = 0; i < s.examples * s.heads; ++i)
    for (std::ptrdiff_t t = 0; t < s.queries; ++t) {
      const T* q = query.data() + s.query(i) + t * s.features;
      T* p = weights.data() + s.weight(i) + t * s.keys;
      T most = -INFINITY, sum = 0;
      for (std::ptrdiff_t k = 0; k < s.keys; ++k) {
        p[k] = scale * dot(q, key.data() + s.key(i) + k * s.features, s.width);
        most = std::max(most, p[k]);
      }
      for (std::ptrdiff_t k = 0; k < s.keys; ++k) sum += p[k] = std::exp(p[k] - most);
      for (std::ptrdiff_t k = 0; k < s.keys; ++k) p[k] /= sum;
      T* out = y.data() + s.query(i) + t * s.features;
      for (std::ptrdiff_t d = 0; d < s.width; ++d) {
        out[d] = 0;
        for (std::ptrdiff_t k = 0; k < s.keys; ++k) out[d] += p[k] * value.data()[s.key(i) + k * s.features + d];
      }
    }
}

template <class T>
void attention_backward_ref(int heads, BasicView<const T> query, BasicView<const T> key, BasicView<const T> value,
                            BasicView<const T> weights, BasicView<const T> dy, BasicView<T> dquery, BasicView<T> dkey,
                            BasicView<T> dvalue) {
  const Sizes s(heads, query.shape(), key.shape());
  assert(weights.shape() == s.weights() && dy.shape() == query.shape() && value.shape() == key.shape());
  const T scale = T(1) / std::sqrt(static_cast<T>(s.width));
  for (std::ptrdiff_t i = 0; i < s.examples * s.heads; ++i)
    for (std::ptrdiff_t t = 0; t < s.queries; ++t) {
      const std::ptrdiff_t at = s.query(i) + t * s.features;
      const T* p = weights.data() + s.weight(i) + t * s.keys;
      const T* gradient = dy.data() + at;
      T mean = 0;  // sum of dP * P
      for (std::ptrdiff_t k = 0; k < s.keys; ++k)
        mean += p[k] * dot(gradient, value.data() + s.key(i) + k * s.features, s.width);
      for (std::ptrdiff_t k = 0; k < s.keys; ++k) {
        const std::ptrdiff_t from = s.key(i) + k * s.features;
        const T dscore = scale * p[k] * (dot(gradient, value.data() + from, s.width) - mean);
        for (std::ptrdiff_t d = 0; d < s.width; ++d) {
          if (dquery.data()) dquery.data()[at + d] += dscore * key.data()[from + d];
          if (dkey.data()) dkey.data()[from + d] += dscore * query.data()[at + d];
          if (dvalue.data()) dvalue.data()[from + d] += p[k] * gradient[d];
        }
      }
    }
}

template void attention_forward_ref<float>(int, ConstView, ConstView, ConstView, View, View);
template void attention_backward_ref<float>(int, ConstView, ConstView, ConstView, ConstView, ConstView, View, View,
                                            View);
template void attention_forward_ref<double>(int, BasicView<const double>, BasicView<const double>,
                                            BasicView<const double>, BasicView<double>, BasicView<double>);
template void attention_backward_ref<double>(int, BasicView<const double>, BasicView<const double>,
                                             BasicView<const double>, BasicView<const double>, BasicView<const double>,
                                             BasicView<double>, BasicView<double>, BasicView<double>);

void attention_forward(int heads, ConstView query, ConstView key, ConstView value, View weights, View y) {
  const Sizes s(heads, query.shape(), key.shape());
  assert(weights.shape() == s.weights() && y.shape() == query.shape() && value.shape() == key.shape());
  const float scale = 1.0f / std::sqrt(static_cast<float>(s.width));
  parallel_for(0, s.examples * s.heads, 1, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t i = first; i < last; ++i) {
      float* p = weights.data() + s.weight(i);
      gemm(false, true, s.queries, s.keys, s.width, query.data() + s.query(i), s.features, key.data() + s.key(i),
           s.features, p, s.keys, false);
      for (std::ptrdiff_t t = 0; t < s.queries; ++t)
        softmax_kernel::best().softmax(p + t * s.keys, scale, p + t * s.keys, s.keys);
      gemm(false, false, s.queries, s.width, s.keys, p, s.keys, value.data() + s.key(i), s.features,
           y.data() + s.query(i), s.features, false);
    }
  });
}

void attention_backward(int heads, ConstView query, ConstView key, ConstView value, ConstView weights, ConstView dy,
                        View dquery, View dkey, View dvalue) {
  const Sizes s(heads, query.shape(), key.shape());
  assert(weights.shape() == s.weights() && dy.shape() == query.shape() && value.shape() == key.shape());
  const float scale = 1.0f / std::sqrt(static_cast<float>(s.width));
  parallel_for(0, s.examples * s.heads, 1, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    thread_local std::vector<float> memory;
    if (memory.size() < static_cast<std::size_t>(s.queries * s.keys))
      memory.resize(static_cast<std::size_t>(s.queries * s.keys));
    float* dscores = memory.data();
    for (std::ptrdiff_t i = first; i < last; ++i) {
      const float* p = weights.data() + s.weight(i);
      const float* gradient = dy.data() + s.query(i);
      if (dvalue.data())
        gemm(true, false, s.keys, s.width, s.queries, p, s.keys, gradient, s.features, dvalue.data() + s.key(i),
             s.features, true);
      if (!dquery.data() && !dkey.data()) continue;
      gemm(false, true, s.queries, s.keys, s.width, gradient, s.features, value.data() + s.key(i), s.features, dscores,
           s.keys, false);
      for (std::ptrdiff_t t = 0; t < s.queries; ++t) {
        float* row = dscores + t * s.keys;
        softmax_kernel::best().backward(p + t * s.keys, row, scale, row, s.keys, false);
      }
      if (dquery.data())
        gemm(false, false, s.queries, s.width, s.keys, dscores, s.keys, key.data() + s.key(i), s.features,
             dquery.data() + s.query(i), s.features, true);
      if (dkey.data())
        gemm(true, false, s.keys, s.width, s.queries, dscores, s.keys, query.data() + s.query(i), s.features,
             dkey.data() + s.key(i), s.features, true);
    }
  });
}

}  // namespace cvlab
