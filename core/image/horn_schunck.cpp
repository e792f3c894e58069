#include <algorithm>
#include <cmath>

#include "core/image/optical_flow.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

Tensor mean_of(ConstView first, ConstView second) {
  Tensor mean(first.shape());
  for (std::ptrdiff_t y = 0; y < first.size(0); ++y) {
    for (std::ptrdiff_t x = 0; x < first.size(1); ++x) mean(y, x) = 0.5F * (first(y, x) + second(y, x));
  }
  return mean;
}

// 1/6 of the four beside, 1/12 of the four diagonal ones.
double mean_around(const BasicTensor<double>& plane, std::ptrdiff_t y, std::ptrdiff_t x) {
  const auto value = [&](std::ptrdiff_t row, std::ptrdiff_t column) {
    return plane(std::clamp<std::ptrdiff_t>(row, 0, plane.size(0) - 1),
                 std::clamp<std::ptrdiff_t>(column, 0, plane.size(1) - 1));
  };
  return (value(y - 1, x) + value(y + 1, x) + value(y, x - 1) + value(y, x + 1)) / 6.0 +
         (value(y - 1, x - 1) + value(y - 1, x + 1) + value(y + 1, x - 1) + value(y + 1, x + 1)) / 12.0;
}

}  // namespace

void horn_schunck_step_ref(ConstView first, ConstView second, double alpha, BasicTensor<double>& u,
                           BasicTensor<double>& v) {
  const Tensor mean = mean_of(first, second);
  Tensor dx(first.shape());
  Tensor dy(first.shape());
  scharr_ref(mean.view(), dx.view(), dy.view());
  const BasicTensor<double> old_u = u;
  const BasicTensor<double> old_v = v;
  for (std::ptrdiff_t y = 0; y < first.size(0); ++y) {
    for (std::ptrdiff_t x = 0; x < first.size(1); ++x) {
      const auto ix = static_cast<double>(dx(y, x));
      const auto iy = static_cast<double>(dy(y, x));
      const auto it = static_cast<double>(second(y, x)) - static_cast<double>(first(y, x));
      const double mean_u = mean_around(old_u, y, x);
      const double mean_v = mean_around(old_v, y, x);
      const double factor = (ix * mean_u + iy * mean_v + it) / (alpha * alpha + ix * ix + iy * iy);
      u(y, x) = mean_u - ix * factor;
      v(y, x) = mean_v - iy * factor;
    }
  }
}

HornSchunck::HornSchunck(ConstView first, ConstView second, double alpha)
    : width_(static_cast<int>(first.size(1))), height_(static_cast<int>(first.size(0))) {
  const std::size_t count = static_cast<std::size_t>(width_ + 2) * static_cast<std::size_t>(height_ + 2);
  for (std::vector<float>* plane : {&ix_, &iy_, &it_, &inverse_, &u_, &v_, &next_u_, &next_v_}) {
    plane->assign(count, 0.0F);
  }
  if (first.count() == 0) return;
  const Tensor mean = mean_of(first, second);
  Tensor dx(first.shape());
  Tensor dy(first.shape());
  scharr(mean.view(), dx.view(), dy.view());
  const auto alpha2 = static_cast<float>(alpha * alpha);
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      const std::size_t i = at(y, x);
      ix_[i] = dx(y, x);
      iy_[i] = dy(y, x);
      it_[i] = second(y, x) - first(y, x);
      inverse_[i] = 1.0F / (alpha2 + ix_[i] * ix_[i] + iy_[i] * iy_[i]);
    }
  }
}

// Repeats the edge cells into the border.
void HornSchunck::pad(std::vector<float>& plane) const {
  const auto stride = static_cast<std::size_t>(width_ + 2);
  for (int y = 0; y < height_; ++y) {
    plane[at(y, -1)] = plane[at(y, 0)];
    plane[at(y, width_)] = plane[at(y, width_ - 1)];
  }
  std::copy_n(plane.begin() + static_cast<std::ptrdiff_t>(stride), stride, plane.begin());
  const auto last = static_cast<std::ptrdiff_t>(stride * static_cast<std::size_t>(height_));
  std::copy_n(plane.begin() + last, stride, plane.begin() + last + static_cast<std::ptrdiff_t>(stride));
}

void HornSchunck::step() {
  if (width_ == 0 || height_ == 0) return;
  ++steps_;
  const std::ptrdiff_t stride = width_ + 2;
  parallel_for(0, height_, 32, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t y = first; y < last; ++y) {
      const std::ptrdiff_t row = (y + 1) * stride + 1;
      const float* const u = u_.data() + row;
      const float* const v = v_.data() + row;
      const float* const ix = ix_.data() + row;
      const float* const iy = iy_.data() + row;
      const float* const it = it_.data() + row;
      const float* const inverse = inverse_.data() + row;
      float* const next_u = next_u_.data() + row;
      float* const next_v = next_v_.data() + row;
      for (std::ptrdiff_t x = 0; x < width_; ++x) {
        const auto around = [x, stride](const float* p) {
          const float beside = p[x - stride] + p[x + stride] + p[x - 1] + p[x + 1];
          const float diagonal = p[x - stride - 1] + p[x - stride + 1] + p[x + stride - 1] + p[x + stride + 1];
          return beside * (1.0F / 6.0F) + diagonal * (1.0F / 12.0F);
        };
        const float mean_u = around(u);
        const float mean_v = around(v);
        const float factor = (ix[x] * mean_u + iy[x] * mean_v + it[x]) * inverse[x];
        next_u[x] = mean_u - ix[x] * factor;
        next_v[x] = mean_v - iy[x] * factor;
      }
    }
  });
  std::swap(u_, next_u_);
  std::swap(v_, next_v_);
  pad(u_);
  pad(v_);
}

}  // namespace cvlab
