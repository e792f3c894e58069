// Activation maximisation: which picture would a unit like best? Gradient ascent on the input, one step at a time.
//
//   a(x)   the unit: one cell in the middle of a map, the mean of the whole map, or a class before softmax
//   x <- x + rate * g / |g|        g = da/dx, of the picture moved by a random (dy, dx), |dy|, |dx| <= jitter, and
//                                  moved back; what leaves on one side comes in on the other
//   x <- (1 - decay) * x           L2 decay: what the unit does not ask for fades
//   x <- blur(x)                   Gaussian of `blur` pixels: what is finer than that fades
//   x <- min(max(x, 0), 1)         `bounded`: it stays a picture
// A unit that does not depend on the picture where it is (dead ReLUs) has g = 0 and moves nothing.
// Source: D. Erhan et al., Visualizing higher-layer features of a deep network, 2009; decay and blur: J. Yosinski et
// al., arXiv:1506.06579; jitter: A. Mordvintsev et al., Inceptionism, 2015.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/explain/chain.hpp"

namespace cvlab::explain {

struct Unit {
  int layer = 0;
  int channel = 0;
  bool whole_map = false;  // mean of the map; else its middle cell
  bool operator==(const Unit&) const = default;
};

// The seed of Chain::backward for a unit, and its value after forward().
std::vector<double> unit_seed(const Extent& extent, const Unit& unit);
double unit_value(const Chain& chain, const Unit& unit);

struct AscentSettings {
  double rate = 1.0;
  double decay = 0.0;
  double blur = 0.0;  // standard deviation in pixels; 0 = none
  int jitter = 0;
  bool bounded = true;
  std::uint64_t seed = 1;  // of the jitter
  bool operator==(const AscentSettings&) const = default;
};

// Uniform in [0, height), the same for the same seed.
std::vector<double> noise_picture(std::size_t count, double height, std::uint64_t seed);

// (rows x columns), moved down and right, around the edges.
std::vector<double> rolled(std::span<const double> picture, int rows, int columns, int down, int right);
// Gaussian of standard deviation sigma, cut at three of them; beyond the border stands the nearest pixel.
std::vector<double> blurred(std::span<const double> picture, int rows, int columns, double sigma);

class Ascent {
 public:
  struct Point {
    double activation;  // of the picture after the step
    double slope;       // |g|
  };

  // One grey picture; the chain is shared by runs that take turns.
  Ascent(std::shared_ptr<Chain> chain, const Unit& unit, const AscentSettings& settings, std::vector<double> start);

  Point advance();
  int steps() const { return steps_; }
  const std::vector<double>& picture() const { return picture_; }
  double activation();  // now

 private:
  std::shared_ptr<Chain> chain_;
  Unit unit_;
  AscentSettings settings_;
  std::vector<double> seed_, picture_;
  int steps_ = 0;
};

}  // namespace cvlab::explain
