#include "core/ops/arithmetic.hpp"

#include <cmath>

namespace cvlab {

namespace {

// b's strides along the axes of `to`: 0 where it repeats.
template <class T>
BasicView<T> broadcast(BasicView<T> b, const Shape& to) {
  assert(b.contiguous() && broadcasts_to(b.shape(), to) && "b does not broadcast to a's shape");
  const BasicView<T> dense(b.data(), b.shape());
  std::array<std::ptrdiff_t, max_rank> strides{};
  const int missing = to.rank() - b.shape().rank();
  for (int axis = missing; axis < to.rank(); ++axis)
    strides[static_cast<std::size_t>(axis)] = b.size(axis - missing) == 1 ? 0 : dense.stride(axis - missing);
  return {b.data(), to, strides};
}

// Which axes lie in one run: from the right, as long as b runs along with a, or as long as it stands still.
template <class T>
int first_axis_of_run(const BasicView<T>& b) {
  const Shape& shape = b.shape();
  int axis = shape.rank();
  std::ptrdiff_t along = 1;
  while (axis > 0 && (shape[axis - 1] == 1 || b.stride(axis - 1) == along)) along *= shape[--axis];
  if (along > 1) return axis;
  axis = shape.rank();
  while (axis > 0 && (shape[axis - 1] == 1 || b.stride(axis - 1) == 0)) --axis;
  return axis;
}

// visit(a's first index, b's first index, length, b's step: 0 or 1) for every run.
template <class T, class Visit>
void for_each_run(const BasicView<T>& b, int first_axis, Visit&& visit) {
  const Shape& shape = b.shape();
  std::ptrdiff_t run = 1, step = 0;
  for (int axis = first_axis; axis < shape.rank(); ++axis) {
    run *= shape[axis];
    if (shape[axis] > 1 && b.stride(axis) != 0) step = 1;
  }
  if (shape.count() == 0) return;
  std::ptrdiff_t at[max_rank] = {}, from = 0;
  for (std::ptrdiff_t i = 0; i < shape.count(); i += run) {
    visit(i, from, run, step);
    for (int axis = first_axis - 1; axis >= 0; --axis) {
      from += b.stride(axis);
      if (++at[axis] < shape[axis]) break;
      from -= b.stride(axis) * shape[axis];
      at[axis] = 0;
    }
  }
}

template <class T>
T apply(Arithmetic op, T a, T b) {
  return op == Arithmetic::add ? a + b : op == Arithmetic::sub ? a - b : a * b;
}

template <Arithmetic op>
void run_forward(const float* a, const float* b, float* y, std::ptrdiff_t n, std::ptrdiff_t step) {
  if (step == 1) {
    for (std::ptrdiff_t i = 0; i < n; ++i) y[i] = apply(op, a[i], b[i]);
  } else {
    const float other = *b;
    for (std::ptrdiff_t i = 0; i < n; ++i) y[i] = apply(op, a[i], other);
  }
}

// db of a run: element by element, or the sum where b stands still.
void run_backward_b(Arithmetic op, const float* a, const float* dy, float* db, std::ptrdiff_t n, std::ptrdiff_t step) {
  const float sign = op == Arithmetic::sub ? -1.0f : 1.0f;
  if (step == 1) {
    if (op == Arithmetic::mul)
      for (std::ptrdiff_t i = 0; i < n; ++i) db[i] += dy[i] * a[i];
    else
      for (std::ptrdiff_t i = 0; i < n; ++i) db[i] += sign * dy[i];
    return;
  }
  double sum = 0.0;
  if (op == Arithmetic::mul)
    for (std::ptrdiff_t i = 0; i < n; ++i) sum += static_cast<double>(dy[i] * a[i]);
  else
    for (std::ptrdiff_t i = 0; i < n; ++i) sum += static_cast<double>(dy[i]);
  *db += sign * static_cast<float>(sum);
}

void run_backward_a(Arithmetic op, const float* b, const float* dy, float* da, std::ptrdiff_t n, std::ptrdiff_t step) {
  if (op != Arithmetic::mul) {
    for (std::ptrdiff_t i = 0; i < n; ++i) da[i] += dy[i];
  } else if (step == 1) {
    for (std::ptrdiff_t i = 0; i < n; ++i) da[i] += dy[i] * b[i];
  } else {
    const float factor = *b;
    for (std::ptrdiff_t i = 0; i < n; ++i) da[i] += dy[i] * factor;
  }
}

}  // namespace

bool broadcasts_to(const Shape& from, const Shape& to) {
  if (from.rank() > to.rank()) return false;
  for (int i = 1; i <= from.rank(); ++i)
    if (from[from.rank() - i] != 1 && from[from.rank() - i] != to[to.rank() - i]) return false;
  return true;
}

template <class T>
void arithmetic_forward_ref(Arithmetic op, BasicView<const T> a, BasicView<const T> b, BasicView<T> y) {
  assert(a.contiguous() && y.contiguous() && a.shape() == y.shape());
  const BasicView<const T> wide = broadcast(b, a.shape());
  for_each_run(wide, a.shape().rank(), [&](std::ptrdiff_t i, std::ptrdiff_t j, std::ptrdiff_t, std::ptrdiff_t) {
    y.data()[i] = apply(op, a.data()[i], b.data()[j]);
  });
}

template <class T>
void arithmetic_backward_ref(Arithmetic op, BasicView<const T> a, BasicView<const T> b, BasicView<const T> dy,
                             BasicView<T> da, BasicView<T> db) {
  assert(dy.contiguous());
  const BasicView<const T> wide = broadcast(b, dy.shape());
  for_each_run(wide, dy.shape().rank(), [&](std::ptrdiff_t i, std::ptrdiff_t j, std::ptrdiff_t, std::ptrdiff_t) {
    const T gradient = dy.data()[i];
    if (da.data()) da.data()[i] += op == Arithmetic::mul ? gradient * b.data()[j] : gradient;
    if (db.data())
      db.data()[j] += op == Arithmetic::mul ? gradient * a.data()[i] : op == Arithmetic::sub ? -gradient : gradient;
  });
}

void arithmetic_forward(Arithmetic op, ConstView a, ConstView b, View y) {
  assert(a.contiguous() && y.contiguous() && a.shape() == y.shape());
  const ConstView wide = broadcast(b, a.shape());
  const auto run = op == Arithmetic::add   ? run_forward<Arithmetic::add>
                   : op == Arithmetic::sub ? run_forward<Arithmetic::sub>
                                           : run_forward<Arithmetic::mul>;
  for_each_run(wide, first_axis_of_run(wide),
               [&](std::ptrdiff_t i, std::ptrdiff_t j, std::ptrdiff_t n, std::ptrdiff_t step) {
                 run(a.data() + i, b.data() + j, y.data() + i, n, step);
               });
}

void arithmetic_backward(Arithmetic op, ConstView a, ConstView b, ConstView dy, View da, View db) {
  assert(dy.contiguous());
  const ConstView wide = broadcast(b, dy.shape());
  for_each_run(wide, first_axis_of_run(wide),
               [&](std::ptrdiff_t i, std::ptrdiff_t j, std::ptrdiff_t n, std::ptrdiff_t step) {
                 if (da.data()) run_backward_a(op, b.data() + j, dy.data() + i, da.data() + i, n, step);
                 if (db.data()) run_backward_b(op, a.data() + i, dy.data() + i, db.data() + j, n, step);
               });
}

template <class T>
void scale_forward(T factor, T offset, BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && x.count() == y.count());
  for (std::ptrdiff_t i = 0; i < x.count(); ++i) y.data()[i] = factor * x.data()[i] + offset;
}

template <class T>
void scale_backward(T factor, BasicView<const T> dy, BasicView<T> dx) {
  assert(dx.contiguous() && dy.contiguous() && dx.count() == dy.count());
  for (std::ptrdiff_t i = 0; i < dy.count(); ++i) dx.data()[i] += factor * dy.data()[i];
}

template <class T>
void exp_forward(BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && x.count() == y.count());
  for (std::ptrdiff_t i = 0; i < x.count(); ++i) y.data()[i] = std::exp(x.data()[i]);
}

template <class T>
void exp_backward(BasicView<const T> y, BasicView<const T> dy, BasicView<T> dx) {
  assert(dx.contiguous() && dy.contiguous() && dx.count() == dy.count() && y.count() == dy.count());
  for (std::ptrdiff_t i = 0; i < dy.count(); ++i) dx.data()[i] += dy.data()[i] * y.data()[i];
}

template void arithmetic_forward_ref<float>(Arithmetic, ConstView, ConstView, View);
template void arithmetic_backward_ref<float>(Arithmetic, ConstView, ConstView, ConstView, View, View);
template void scale_forward<float>(float, float, ConstView, View);
template void scale_backward<float>(float, ConstView, View);
template void exp_forward<float>(ConstView, View);
template void exp_backward<float>(ConstView, ConstView, View);
template void arithmetic_forward_ref<double>(Arithmetic, BasicView<const double>, BasicView<const double>,
                                             BasicView<double>);
template void arithmetic_backward_ref<double>(Arithmetic, BasicView<const double>, BasicView<const double>,
                                              BasicView<const double>, BasicView<double>, BasicView<double>);
template void scale_forward<double>(double, double, BasicView<const double>, BasicView<double>);
template void scale_backward<double>(double, BasicView<const double>, BasicView<double>);
template void exp_forward<double>(BasicView<const double>, BasicView<double>);
template void exp_backward<double>(BasicView<const double>, BasicView<const double>, BasicView<double>);

}  // namespace cvlab
