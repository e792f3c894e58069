#include "core/ops/losses.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

template <class T>
[[maybe_unused]] bool alike(BasicView<const T> a, BasicView<const T> b) {
  return a.contiguous() && b.contiguous() && a.shape() == b.shape();
}

template <class T>
double examples(BasicView<const T> x) {
  return static_cast<double>(x.shape().rank() > 0 ? x.size(0) : 1);
}

// The mean of term(i) over all numbers.
template <class T, class Term>
T sum_of(BasicView<const T> x, double divisor, Term&& term) {
  if (x.count() == 0) return T(0);
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < x.count(); ++i) sum += static_cast<double>(term(i));
  return static_cast<T>(sum / divisor);
}

// da += slope(i), db -= slope(i)
template <class T, class Slope>
void add_both(BasicView<const T> x, BasicView<T> da, BasicView<T> db, Slope&& slope) {
  if (da.data())
    for (std::ptrdiff_t i = 0; i < x.count(); ++i) da.data()[i] += slope(i);
  if (db.data())
    for (std::ptrdiff_t i = 0; i < x.count(); ++i) db.data()[i] -= slope(i);
}

template <class T>
T sign(T x) {
  return x > 0 ? T(1) : x < 0 ? T(-1) : x;
}

template <class T>
T sigmoid(T x) {
  return T(1) / (T(1) + std::exp(-x));
}

}  // namespace

template <class T>
T mse_forward(BasicView<const T> a, BasicView<const T> b) {
  assert(alike(a, b));
  return sum_of(a, static_cast<double>(a.count()), [&](std::ptrdiff_t i) {
    const T r = a.data()[i] - b.data()[i];
    return r * r;
  });
}

template <class T>
void mse_backward(BasicView<const T> a, BasicView<const T> b, T dloss, BasicView<T> da, BasicView<T> db) {
  const T factor = T(2) * dloss / static_cast<T>(a.count());
  add_both(a, da, db, [&](std::ptrdiff_t i) { return factor * (a.data()[i] - b.data()[i]); });
}

template <class T>
T mae_forward(BasicView<const T> a, BasicView<const T> b) {
  assert(alike(a, b));
  return sum_of(a, static_cast<double>(a.count()),
                [&](std::ptrdiff_t i) { return std::abs(a.data()[i] - b.data()[i]); });
}

template <class T>
void mae_backward(BasicView<const T> a, BasicView<const T> b, T dloss, BasicView<T> da, BasicView<T> db) {
  const T factor = dloss / static_cast<T>(a.count());
  add_both(a, da, db, [&](std::ptrdiff_t i) { return factor * sign(a.data()[i] - b.data()[i]); });
}

template <class T>
T huber_forward(T delta, BasicView<const T> a, BasicView<const T> b) {
  assert(alike(a, b) && delta > 0);
  return sum_of(a, static_cast<double>(a.count()), [&](std::ptrdiff_t i) {
    const T r = std::abs(a.data()[i] - b.data()[i]);
    return r <= delta ? r * r / 2 : delta * (r - delta / 2);
  });
}

template <class T>
void huber_backward(T delta, BasicView<const T> a, BasicView<const T> b, T dloss, BasicView<T> da, BasicView<T> db) {
  const T factor = dloss / static_cast<T>(a.count());
  add_both(a, da, db, [&](std::ptrdiff_t i) {
    const T r = a.data()[i] - b.data()[i];
    return factor * (r > delta ? delta : r < -delta ? -delta : r);
  });
}

template <class T>
T binary_cross_entropy_forward_ref(BasicView<const T> logits, BasicView<const T> target) {
  assert(alike(logits, target));
  return sum_of(logits, static_cast<double>(logits.count()), [&](std::ptrdiff_t i) {
    const T x = logits.data()[i];
    return (x < 0 ? T(0) : x) - x * target.data()[i] + std::log1p(std::exp(-std::abs(x)));
  });
}

template <class T>
void binary_cross_entropy_backward_ref(BasicView<const T> logits, BasicView<const T> target, T dloss,
                                       BasicView<T> dlogits) {
  const T factor = dloss / static_cast<T>(logits.count());
  for (std::ptrdiff_t i = 0; i < logits.count(); ++i)
    dlogits.data()[i] += factor * (sigmoid(logits.data()[i]) - target.data()[i]);
}

template <class T>
T gaussian_kl_forward(BasicView<const T> mean, BasicView<const T> log_variance, BasicView<const T> mean2,
                      BasicView<const T> log_variance2) {
  assert(alike(mean, log_variance) && (!mean2.data() || (alike(mean, mean2) && alike(mean, log_variance2))));
  return sum_of(mean, examples(mean), [&](std::ptrdiff_t i) {
    const T v = log_variance.data()[i], v2 = mean2.data() ? log_variance2.data()[i] : T(0);
    const T away = mean.data()[i] - (mean2.data() ? mean2.data()[i] : T(0));
    return T(0.5) * (v2 - v + std::exp(v - v2) + away * away * std::exp(-v2) - T(1));
  });
}

template <class T>
void gaussian_kl_backward(BasicView<const T> mean, BasicView<const T> log_variance, BasicView<const T> mean2,
                          BasicView<const T> log_variance2, T dloss, BasicView<T> dmean, BasicView<T> dlog_variance) {
  const T share = dloss / static_cast<T>(examples(mean));
  for (std::ptrdiff_t i = 0; i < mean.count(); ++i) {
    const T v = log_variance.data()[i], v2 = mean2.data() ? log_variance2.data()[i] : T(0);
    const T away = mean.data()[i] - (mean2.data() ? mean2.data()[i] : T(0));
    if (dmean.data()) dmean.data()[i] += share * away * std::exp(-v2);
    if (dlog_variance.data()) dlog_variance.data()[i] += share * T(0.5) * std::expm1(v - v2);
  }
}

template <class T>
T categorical_kl_forward(BasicView<const T> log_q, BasicView<const T> p) {
  assert(alike(log_q, p));
  return sum_of(p, examples(p), [&](std::ptrdiff_t i) {
    const T share = p.data()[i];
    return share > 0 ? share * (std::log(share) - log_q.data()[i]) : T(0);
  });
}

template <class T>
void categorical_kl_backward(BasicView<const T> p, T dloss, BasicView<T> dlog_q) {
  const T factor = dloss / static_cast<T>(examples(p));
  for (std::ptrdiff_t i = 0; i < p.count(); ++i) dlog_q.data()[i] -= factor * p.data()[i];
}

template <class T>
T hinge_forward(T margin, BasicView<const T> scores, std::span<const int> labels) {
  assert(scores.contiguous() && scores.shape().rank() == 2 &&
         labels.size() == static_cast<std::size_t>(scores.size(0)));
  const std::ptrdiff_t classes = scores.size(1);
  return sum_of(scores, static_cast<double>(scores.count()), [&](std::ptrdiff_t i) {
    const std::ptrdiff_t label = labels[static_cast<std::size_t>(i / classes)];
    if (i % classes == label) return T(0);
    const T short_of = margin - scores.data()[i - i % classes + label] + scores.data()[i];
    return short_of < 0 ? T(0) : short_of;
  });
}

template <class T>
void hinge_backward(T margin, BasicView<const T> scores, std::span<const int> labels, T dloss, BasicView<T> dscores) {
  const std::ptrdiff_t classes = scores.size(1);
  const T factor = dloss / static_cast<T>(scores.count());
  for (std::ptrdiff_t i = 0; i < scores.count(); ++i) {
    const std::ptrdiff_t own = i - i % classes + labels[static_cast<std::size_t>(i / classes)];
    if (i == own || !(margin - scores.data()[own] + scores.data()[i] > 0)) continue;
    dscores.data()[i] += factor;
    dscores.data()[own] -= factor;
  }
}

namespace {

constexpr double triplet_epsilon = 1e-6;

template <class T>
T distance(const T* a, const T* b, std::ptrdiff_t n) {
  T sum = 0;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const T away = a[i] - b[i] + T(triplet_epsilon);
    sum += away * away;
  }
  return std::sqrt(sum);
}

// visit(first number, numbers of an example, distance to the positive, to the negative, how far short of the margin)
template <class T, class Visit>
void for_each_triplet(T margin, BasicView<const T> anchor, BasicView<const T> positive, BasicView<const T> negative,
                      Visit&& visit) {
  assert(alike(anchor, positive) && alike(anchor, negative) && anchor.shape().rank() >= 1);
  if (anchor.count() == 0) return;
  const std::ptrdiff_t features = anchor.count() / anchor.size(0);
  for (std::ptrdiff_t i = 0; i < anchor.count(); i += features) {
    const T near = distance(anchor.data() + i, positive.data() + i, features);
    const T far = distance(anchor.data() + i, negative.data() + i, features);
    visit(i, features, near, far, near - far + margin);
  }
}

}  // namespace

template <class T>
T triplet_forward(T margin, BasicView<const T> anchor, BasicView<const T> positive, BasicView<const T> negative) {
  double sum = 0.0;
  for_each_triplet(margin, anchor, positive, negative, [&](std::ptrdiff_t, std::ptrdiff_t, T, T, T short_of) {
    if (!(short_of <= 0)) sum += static_cast<double>(short_of);
  });
  return anchor.count() == 0 ? T(0) : static_cast<T>(sum / examples(anchor));
}

template <class T>
void triplet_backward(T margin, BasicView<const T> anchor, BasicView<const T> positive, BasicView<const T> negative,
                      T dloss, BasicView<T> danchor, BasicView<T> dpositive, BasicView<T> dnegative) {
  const T share = dloss / static_cast<T>(examples(anchor));
  const auto visit = [&](std::ptrdiff_t first, std::ptrdiff_t features, T near, T far, T short_of) {
    if (short_of <= 0) return;
    for (std::ptrdiff_t i = first; i < first + features; ++i) {
      const T a = anchor.data()[i];
      const T to_positive = near > 0 ? share * (a - positive.data()[i] + T(triplet_epsilon)) / near : T(0);
      const T to_negative = far > 0 ? share * (a - negative.data()[i] + T(triplet_epsilon)) / far : T(0);
      if (danchor.data()) danchor.data()[i] += to_positive - to_negative;
      if (dpositive.data()) dpositive.data()[i] -= to_positive;
      if (dnegative.data()) dnegative.data()[i] += to_negative;
    }
  };
  for_each_triplet(margin, anchor, positive, negative, visit);
}

namespace {

// Of one example: sums of s*t, s and t.
struct DiceSums {
  double both = 0.0, predicted = 0.0, target = 0.0;
  double numerator() const { return 2.0 * both + 1.0; }
  double denominator() const { return predicted + target + 1.0; }
};

template <class T>
DiceSums dice_sums(const T* logits, const T* target, std::ptrdiff_t n) {
  DiceSums sums;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const T s = sigmoid(logits[i]);
    sums.both += static_cast<double>(s * target[i]);
    sums.predicted += static_cast<double>(s);
    sums.target += static_cast<double>(target[i]);
  }
  return sums;
}

}  // namespace

template <class T>
T dice_forward_ref(BasicView<const T> logits, BasicView<const T> target) {
  assert(alike(logits, target) && logits.shape().rank() >= 1);
  if (logits.count() == 0) return T(0);
  const std::ptrdiff_t cells = logits.count() / logits.size(0);
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < logits.count(); i += cells) {
    const DiceSums sums = dice_sums(logits.data() + i, target.data() + i, cells);
    sum += 1.0 - sums.numerator() / sums.denominator();
  }
  return static_cast<T>(sum / examples(logits));
}

template <class T>
void dice_backward_ref(BasicView<const T> logits, BasicView<const T> target, T dloss, BasicView<T> dlogits) {
  if (logits.count() == 0) return;
  const std::ptrdiff_t cells = logits.count() / logits.size(0);
  const T share = dloss / static_cast<T>(examples(logits));
  for (std::ptrdiff_t first = 0; first < logits.count(); first += cells) {
    const DiceSums sums = dice_sums(logits.data() + first, target.data() + first, cells);
    const T over = static_cast<T>(1.0 / sums.denominator());
    const T ratio = static_cast<T>(sums.numerator() / sums.denominator());
    for (std::ptrdiff_t i = first; i < first + cells; ++i) {
      const T s = sigmoid(logits.data()[i]);
      dlogits.data()[i] -= share * (T(2) * target.data()[i] - ratio) * over * s * (T(1) - s);
    }
  }
}

// Instantiations for both scalars.
#define CVLAB_LOSSES(T)                                                                                              \
  template T mse_forward<T>(BasicView<const T>, BasicView<const T>);                                                 \
  template void mse_backward<T>(BasicView<const T>, BasicView<const T>, T, BasicView<T>, BasicView<T>);              \
  template T mae_forward<T>(BasicView<const T>, BasicView<const T>);                                                 \
  template void mae_backward<T>(BasicView<const T>, BasicView<const T>, T, BasicView<T>, BasicView<T>);              \
  template T huber_forward<T>(T, BasicView<const T>, BasicView<const T>);                                            \
  template void huber_backward<T>(T, BasicView<const T>, BasicView<const T>, T, BasicView<T>, BasicView<T>);         \
  template T binary_cross_entropy_forward_ref<T>(BasicView<const T>, BasicView<const T>);                            \
  template void binary_cross_entropy_backward_ref<T>(BasicView<const T>, BasicView<const T>, T, BasicView<T>);       \
  template T gaussian_kl_forward<T>(BasicView<const T>, BasicView<const T>, BasicView<const T>, BasicView<const T>); \
  template void gaussian_kl_backward<T>(BasicView<const T>, BasicView<const T>, BasicView<const T>,                  \
                                        BasicView<const T>, T, BasicView<T>, BasicView<T>);                          \
  template T categorical_kl_forward<T>(BasicView<const T>, BasicView<const T>);                                      \
  template void categorical_kl_backward<T>(BasicView<const T>, T, BasicView<T>);                                     \
  template T hinge_forward<T>(T, BasicView<const T>, std::span<const int>);                                          \
  template void hinge_backward<T>(T, BasicView<const T>, std::span<const int>, T, BasicView<T>);                     \
  template T triplet_forward<T>(T, BasicView<const T>, BasicView<const T>, BasicView<const T>);                      \
  template void triplet_backward<T>(T, BasicView<const T>, BasicView<const T>, BasicView<const T>, T, BasicView<T>,  \
                                    BasicView<T>, BasicView<T>);                                                     \
  template T dice_forward_ref<T>(BasicView<const T>, BasicView<const T>);                                            \
  template void dice_backward_ref<T>(BasicView<const T>, BasicView<const T>, T, BasicView<T>);
CVLAB_LOSSES(float)
CVLAB_LOSSES(double)
#undef CVLAB_LOSSES

}  // namespace cvlab
