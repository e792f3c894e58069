#include "core/ops/matmul.hpp"

#include "core/ops/gemm.hpp"

namespace cvlab {

namespace {

struct Sizes {
  std::ptrdiff_t batch = 1, m, n, k;
  Sizes(const Shape& a, const Shape& b) : m(a[a.rank() - 2]), n(b[b.rank() - 1]), k(a[a.rank() - 1]) {
    for (int axis = 0; axis < a.rank() - 2; ++axis) batch *= a[axis];
  }
};

}  // namespace

Shape matmul_output_shape(const Shape& a, const Shape& b) {
  const int rank = a.rank();
  assert(rank >= 2 && b.rank() == rank && "matmul: a is (…, M, K), b is (…, K, N)");
  assert(a[rank - 1] == b[rank - 2] && "matmul: a's columns are as many as b's rows");
  assert(a.with(rank - 2, 0).with(rank - 1, 0) == b.with(rank - 2, 0).with(rank - 1, 0) &&
         "matmul: leading axes are equal");
  return a.with(rank - 1, b[rank - 1]);
}

template <class T>
void matmul_forward_ref(BasicView<const T> a, BasicView<const T> b, BasicView<T> y) {
  assert(a.contiguous() && b.contiguous() && y.shape() == matmul_output_shape(a.shape(), b.shape()));
  const Sizes s(a.shape(), b.shape());
  for (std::ptrdiff_t i = 0; i < s.batch; ++i)
    gemm_ref<T>(false, false, s.m, s.n, s.k, a.data() + i * s.m * s.k, s.k, b.data() + i * s.k * s.n, s.n,
                y.data() + i * s.m * s.n, s.n, false);
}

template <class T>
void matmul_backward_ref(BasicView<const T> a, BasicView<const T> b, BasicView<const T> dy, BasicView<T> da,
                         BasicView<T> db) {
  assert(dy.contiguous() && dy.shape() == matmul_output_shape(a.shape(), b.shape()));
  const Sizes s(a.shape(), b.shape());
  for (std::ptrdiff_t i = 0; i < s.batch; ++i) {
    const T* gradient = dy.data() + i * s.m * s.n;
    if (da.data())
      gemm_ref<T>(false, true, s.m, s.k, s.n, gradient, s.n, b.data() + i * s.k * s.n, s.n, da.data() + i * s.m * s.k,
                  s.k, true);
    if (db.data())
      gemm_ref<T>(true, false, s.k, s.n, s.m, a.data() + i * s.m * s.k, s.k, gradient, s.n, db.data() + i * s.k * s.n,
                  s.n, true);
  }
}

template void matmul_forward_ref<float>(ConstView, ConstView, View);
template void matmul_backward_ref<float>(ConstView, ConstView, ConstView, View, View);
template void matmul_forward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<double>);
template void matmul_backward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<const double>,
                                          BasicView<double>, BasicView<double>);

void matmul_forward(ConstView a, ConstView b, View y) {
  assert(a.contiguous() && b.contiguous() && y.shape() == matmul_output_shape(a.shape(), b.shape()));
  const Sizes s(a.shape(), b.shape());
  gemm_batch(s.batch, false, false, s.m, s.n, s.k, a.data(), s.k, s.m * s.k, b.data(), s.n, s.k * s.n, y.data(), s.n,
             s.m * s.n, false);
}

void matmul_backward(ConstView a, ConstView b, ConstView dy, View da, View db) {
  assert(dy.contiguous() && dy.shape() == matmul_output_shape(a.shape(), b.shape()));
  const Sizes s(a.shape(), b.shape());
  if (da.data())
    gemm_batch(s.batch, false, true, s.m, s.k, s.n, dy.data(), s.n, s.m * s.n, b.data(), s.n, s.k * s.n, da.data(), s.k,
               s.m * s.k, true);
  if (db.data())
    gemm_batch(s.batch, true, false, s.k, s.n, s.m, a.data(), s.k, s.m * s.k, dy.data(), s.n, s.m * s.n, db.data(), s.n,
               s.k * s.n, true);
}

}  // namespace cvlab
