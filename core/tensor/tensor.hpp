// Tensor: owns float (or double) memory, row-major, up to 6 axes; images are NCHW. View: shape, strides, pointer,
// owns nothing; made from a tensor, sliced and permuted without a copy.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <vector>

#include "core/tensor/aligned_allocator.hpp"

namespace cvlab {

inline constexpr int max_rank = 6;

class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::ptrdiff_t> extents) : rank_(static_cast<int>(extents.size())) {
    assert(rank_ <= max_rank && "a shape has at most 6 axes");
    int axis = 0;
    for (std::ptrdiff_t extent : extents) {
      assert(extent >= 0 && "an extent is not negative");
      extents_[static_cast<std::size_t>(axis++)] = extent;
    }
  }

  explicit Shape(std::span<const std::ptrdiff_t> extents) : rank_(static_cast<int>(extents.size())) {
    assert(extents.size() <= max_rank && "a shape has at most 6 axes");
    std::copy(extents.begin(), extents.end(), extents_.begin());
  }

  int rank() const { return rank_; }
  std::ptrdiff_t operator[](int axis) const {
    assert(axis >= 0 && axis < rank_);
    return extents_[static_cast<std::size_t>(axis)];
  }
  std::ptrdiff_t count() const {
    std::ptrdiff_t n = 1;
    for (int axis = 0; axis < rank_; ++axis) n *= extents_[static_cast<std::size_t>(axis)];
    return n;
  }
  std::span<const std::ptrdiff_t> extents() const { return {extents_.data(), static_cast<std::size_t>(rank_)}; }
  Shape with(int axis, std::ptrdiff_t extent) const {  // the same, one axis changed
    assert(axis >= 0 && axis < rank_);
    Shape changed = *this;
    changed.extents_[static_cast<std::size_t>(axis)] = extent;
    return changed;
  }
  bool operator==(const Shape&) const = default;

 private:
  std::array<std::ptrdiff_t, max_rank> extents_{};
  int rank_ = 0;
};

template <class T>
class BasicView {
 public:
  BasicView() = default;
  BasicView(T* data, const Shape& shape) : data_(data), shape_(shape) {  // contiguous, row-major
    std::ptrdiff_t stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
      strides_[static_cast<std::size_t>(axis)] = stride;
      stride *= shape[axis];
    }
  }
  BasicView(T* data, const Shape& shape, const std::array<std::ptrdiff_t, max_rank>& strides)
      : data_(data), shape_(shape), strides_(strides) {}
  template <class U>
  requires(std::is_same_v<const U, T> && !std::is_same_v<U, T>)
      BasicView(const BasicView<U>& other)  // NOLINT: a view of T is a view of const T
      : data_(other.data()), shape_(other.shape()), strides_(other.strides()) {}

  T* data() const { return data_; }
  const Shape& shape() const { return shape_; }
  std::ptrdiff_t size(int axis) const { return shape_[axis]; }
  std::ptrdiff_t stride(int axis) const {
    assert(axis >= 0 && axis < shape_.rank());
    return strides_[static_cast<std::size_t>(axis)];
  }
  const std::array<std::ptrdiff_t, max_rank>& strides() const { return strides_; }
  std::ptrdiff_t count() const { return shape_.count(); }
  bool contiguous() const {  // row-major without gaps: data()[0 .. count())
    std::ptrdiff_t stride = 1;
    for (int axis = shape_.rank() - 1; axis >= 0; --axis) {
      if (shape_[axis] != 1 && strides_[static_cast<std::size_t>(axis)] != stride && count() > 0) return false;
      stride *= shape_[axis];
    }
    return true;
  }

  template <class... Index>
  T& operator()(Index... index) const {
    assert(sizeof...(Index) == static_cast<std::size_t>(shape_.rank()) && "one index for each axis");
    std::ptrdiff_t offset = 0;
    int axis = 0;
    ((assert(static_cast<std::ptrdiff_t>(index) >= 0 && static_cast<std::ptrdiff_t>(index) < shape_[axis]),
      offset += static_cast<std::ptrdiff_t>(index) * strides_[static_cast<std::size_t>(axis++)]),
     ...);
    return data_[offset];
  }

 private:
  T* data_ = nullptr;
  Shape shape_;
  std::array<std::ptrdiff_t, max_rank> strides_{};
};

using View = BasicView<float>;
using ConstView = BasicView<const float>;

template <class T>
class BasicTensor {
 public:
  BasicTensor() = default;
  explicit BasicTensor(const Shape& shape, T value = T{})
      : shape_(shape), data_(static_cast<std::size_t>(shape.count()), value) {}

  const Shape& shape() const { return shape_; }
  std::ptrdiff_t size(int axis) const { return shape_[axis]; }
  std::ptrdiff_t count() const { return shape_.count(); }
  bool empty() const { return data_.empty(); }
  // Another shape, contents undefined; memory that was there is kept, so that going back and forth allocates nothing.
  void resize(const Shape& shape) {
    shape_ = shape;
    data_.resize(static_cast<std::size_t>(shape.count()));
  }
  T* data() { return data_.data(); }
  const T* data() const { return data_.data(); }
  BasicView<T> view() { return {data_.data(), shape_}; }
  BasicView<const T> view() const { return {data_.data(), shape_}; }
  template <class... Index>
  T& operator()(Index... index) {
    return view()(index...);
  }
  template <class... Index>
  const T& operator()(Index... index) const {
    return view()(index...);
  }
  bool operator==(const BasicTensor&) const = default;

 private:
  Shape shape_;
  std::vector<T, AlignedAllocator<T>> data_;
};

using Tensor = BasicTensor<float>;

}  // namespace cvlab
