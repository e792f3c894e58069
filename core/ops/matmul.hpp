// Products of matrices, one for each index of the leading axes.
//
//   y(b,i,j) = sum over p of a(b,i,p) * b(b,p,j)
//
//   a (…, M, K)   b (…, K, N)   y (…, M, N)   the leading axes are equal; contiguous
//   backward adds into da, db (an empty view is passed over):   da += dy b^T     db += a^T dy
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

Shape matmul_output_shape(const Shape& a, const Shape& b);

template <class T>
void matmul_forward_ref(BasicView<const T> a, BasicView<const T> b, BasicView<T> y);
template <class T>
void matmul_backward_ref(BasicView<const T> a, BasicView<const T> b, BasicView<const T> dy, BasicView<T> da,
                         BasicView<T> db);

// The same by gemm (SIMD, threads).
void matmul_forward(ConstView a, ConstView b, View y);
void matmul_backward(ConstView a, ConstView b, ConstView dy, View da, View db);

}  // namespace cvlab
