// Optical flow: how far each pixel of a first frame I has moved in a second frame J, from the assumption that its
// brightness stays, J(p + (u, v)) = I(p).
//
// Lucas, Kanade: (u, v) is the same in a window around the pixel. With the gradient (Ix, Iy) of I and the difference
// It = J - I, the sum over the window of (Ix u + Iy v + It)^2 is least where
//     [sum IxIx  sum IxIy] [u]   [-sum IxIt]
//     [sum IxIy  sum IyIy] [v] = [-sum IyIt]
// The matrix is the structure tensor. One small eigenvalue: only the component along the gradient is known (aperture
// problem). Iterated, J is taken at p + (u, v) as far as it is known; with a pyramid, first on smaller pictures.
// Gradients: Scharr's (3 10 3)/32 x (-1 0 1), mirrored at the borders without repeating the edge (OpenCV's
// BORDER_REFLECT_101); cells of a window that lie outside are left out.
//
// Horn, Schunck: the flow is smooth; sum of (Ix u + Iy v + It)^2 + alpha^2 (|grad u|^2 + |grad v|^2) is least.
// Sources: B. Lucas, T. Kanade, IJCAI 1981; J.-Y. Bouguet, Intel, 2001 (pyramid); B. Horn, B. Schunck, Artificial
// Intelligence 17, 1981.
#pragma once

#include <array>
#include <vector>

#include "core/tensor/tensor.hpp"

namespace cvlab {

// What a window knows of its motion.
enum class FlowKnown {
  nothing,  // flat: no gradient
  normal,   // an edge: only the component across it
  all       // a corner or texture
};

// Normal equations of a window, and their solution.
struct FlowSystem {
  int cells = 0;  // of the window, those inside the picture
  double xx = 0.0, xy = 0.0, yy = 0.0;
  double tt = 0.0;                         // sum ItIt
  double bx = 0.0, by = 0.0;               // right-hand side
  double large = 0.0, small = 0.0;         // eigenvalues
  std::array<double, 2> across{1.0, 0.0};  // unit eigenvector of the large one: across the edge
  double u = 0.0, v = 0.0;                 // with a singular matrix the shortest solution: the normal flow
  double normal_u = 0.0, normal_v = 0.0;   // the part of the solution along `across`
  FlowKnown known(double least) const;     // eigenvalue / cells >= least (grey levels^2 per px^2)
  // Root of the mean of (Ix u + Iy v + It)^2 over the window, in grey levels: the bowl whose lowest point is (u, v).
  double error(double at_u, double at_v) const;
};

// Solves the five sums: fills in everything below them.
void solve_flow(FlowSystem& system);

struct LucasKanade {
  int window = 15;     // px, odd
  int levels = 1;      // of the pyramid, the full size included
  int iterations = 1;  // on each level, at most: a step below 0.001 px is the last
};

// Two frames with their gradients, on every level of a pyramid that halves the size (5-tap binomial filter, as
// OpenCV's pyrDown: (n + 1) / 2 pixels).
class FlowPair {
 public:
  FlowPair() = default;
  // (H, W) planes of one size, 0..255; levels with less than 8 px are left out.
  FlowPair(ConstView first, ConstView second, int levels);

  bool empty() const { return levels_.empty(); }
  int levels() const { return static_cast<int>(levels_.size()); }
  int width() const { return empty() ? 0 : static_cast<int>(levels_[0].first.size(1)); }
  int height() const { return empty() ? 0 : static_cast<int>(levels_[0].first.size(0)); }
  const Tensor& first(int level = 0) const { return levels_[static_cast<std::size_t>(level)].first; }
  const Tensor& second(int level = 0) const { return levels_[static_cast<std::size_t>(level)].second; }
  const Tensor& gradient_x(int level = 0) const { return levels_[static_cast<std::size_t>(level)].dx; }
  const Tensor& gradient_y(int level = 0) const { return levels_[static_cast<std::size_t>(level)].dy; }

  // The window around (x, y) of a level, J taken at p + (u, v).
  FlowSystem system(int level, double x, double y, int window, double u, double v) const;

  struct Track {
    double u = 0.0, v = 0.0;
    FlowSystem last;  // of the last iteration at full size
  };
  Track track(double x, double y, const LucasKanade& how) const;

 private:
  struct Level {
    Tensor first, second, dx, dy;
  };
  std::vector<Level> levels_;
};

// Scharr's gradient of a plane (H, W), in grey levels per px; the definition, cell by cell.
void scharr_ref(ConstView plane, View dx, View dy);
void scharr(ConstView plane, View dx, View dy);  // the same, fast
Tensor pyramid_down(ConstView plane);

// Horn and Schunck, one Jacobi step after the other:
//   u = u_mean - Ix (Ix u_mean + Iy v_mean + It) / (alpha^2 + Ix^2 + Iy^2)
// with means over the eight neighbours (1/6 beside, 1/12 diagonal; outside the nearest edge pixel) and the gradient of
// the mean of both frames.
class HornSchunck {
 public:
  HornSchunck() = default;
  HornSchunck(ConstView first, ConstView second, double alpha);

  void step();
  int steps() const { return steps_; }
  int width() const { return width_; }
  int height() const { return height_; }
  double u(int row, int column) const { return static_cast<double>(u_[at(row, column)]); }
  double v(int row, int column) const { return static_cast<double>(v_[at(row, column)]); }

 private:
  std::size_t at(int row, int column) const {
    return static_cast<std::size_t>(row + 1) * static_cast<std::size_t>(width_ + 2) + static_cast<std::size_t>(column) +
           1U;
  }
  void pad(std::vector<float>& plane) const;

  int width_ = 0, height_ = 0, steps_ = 0;
  std::vector<float> ix_, iy_, it_, inverse_;  // with a border of one cell, as u and v
  std::vector<float> u_, v_, next_u_, next_v_;
};

// The same step straight from the formula, in double: u and v (H, W) become the next ones.
void horn_schunck_step_ref(ConstView first, ConstView second, double alpha, BasicTensor<double>& u,
                           BasicTensor<double>& v);

}  // namespace cvlab
