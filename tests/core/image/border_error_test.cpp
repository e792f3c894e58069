#include "core/image/border_error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/rng.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

template <class Value>
Tensor picture(int rows, int columns, Value&& value) {
  Tensor tensor(Shape{1, 1, rows, columns});
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) tensor(0, 0, i, j) = static_cast<float>(value(i, j));
  return tensor;
}

Tensor mean(int k) { return Tensor(Shape{1, 1, k, k}, 1.0F / static_cast<float>(k * k)); }

const BorderError& of(const BorderStudy& study, Padding padding) {
  return study.rules[static_cast<std::size_t>(padding)];
}

}  // namespace

// f = x^2, crop from x = 4 to 8, mean of 3: the truth at x is x^2 + 2/3. At x = 4: zero takes 0 for 9, replicate 16,
// reflect 25. At x = 8: 0, 64, 49 for 81. Rows agree, so in the corners only zero's missing rows add to that.
TEST_CASE("border error: a parabola by hand", "[image][border_error]") {
  const BorderStudy s = study_border(picture(12, 12, [](int, int j) { return j * j; }), mean(3), 3, 4, 5);
  CHECK(s.top == 3);
  CHECK(s.left == 4);
  CHECK(s.border_pixels == 16);
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) CHECK_THAT(double{s.truth(0, 0, i, j)}, WithinAbs((4 + j) * (4 + j) + 2.0 / 3.0, 1e-4));
  CHECK(of(s, Padding::valid).output.shape() == Shape{1, 1, 3, 3});
  CHECK(of(s, Padding::valid).worst == 0.0);
  const Tensor& zero = of(s, Padding::zero).error;
  const Tensor& replicate = of(s, Padding::replicate).error;
  const Tensor& reflect = of(s, Padding::reflect).error;
  CHECK_THAT(double{zero(0, 0, 2, 0)}, WithinAbs(-3.0, 1e-4));
  CHECK_THAT(double{zero(0, 0, 2, 4)}, WithinAbs(-27.0, 1e-4));
  CHECK_THAT(double{zero(0, 0, 0, 2)}, WithinAbs(-(36.0 + 2.0 / 3.0) / 3.0, 1e-4));
  CHECK_THAT(double{replicate(0, 0, 2, 0)}, WithinAbs(7.0 / 3.0, 1e-4));
  CHECK_THAT(double{replicate(0, 0, 0, 4)}, WithinAbs(-17.0 / 3.0, 1e-4));
  CHECK_THAT(double{reflect(0, 0, 2, 0)}, WithinAbs(16.0 / 3.0, 1e-4));
  CHECK_THAT(double{reflect(0, 0, 4, 4)}, WithinAbs(-32.0 / 3.0, 1e-4));
  CHECK_THAT(of(s, Padding::replicate).mean, WithinAbs(5.0 * (7.0 + 17.0) / 3.0 / 16.0, 1e-4));
  CHECK_THAT(of(s, Padding::reflect).worst, WithinAbs(32.0 / 3.0, 1e-4));
  for (const Tensor* error : {&zero, &replicate, &reflect})
    for (int i = 1; i < 4; ++i)
      for (int j = 1; j < 4; ++j) CHECK((*error)(0, 0, i, j) == 0.0F);
}

// A constant picture: only zeros are a lie. An odd-even ramp with an even kernel looks one further behind.
TEST_CASE("border error: what is harmless, even kernels, crops that do not fit where they are asked for",
          "[image][border_error]") {
  const BorderStudy flat = study_border(picture(20, 30, [](int, int) { return 80; }), mean(4), 0, 99, 8);
  CHECK(flat.top == 1);
  CHECK(flat.left == 30 - 8 - 2);
  CHECK(of(flat, Padding::zero).worst > 50.0);
  CHECK_THAT(of(flat, Padding::replicate).worst, WithinAbs(0.0, 1e-4));
  CHECK_THAT(of(flat, Padding::reflect).worst, WithinAbs(0.0, 1e-4));
  CHECK(of(flat, Padding::valid).output.shape() == Shape{1, 1, 5, 5});
  CHECK(flat.border_pixels == 64 - 25);
  const BorderStudy one = study_border(picture(5, 5, [](int i, int j) { return i + j; }), mean(1), 2, 2, 3);
  CHECK(one.border_pixels == 0);
  CHECK(of(one, Padding::zero).mean == 0.0);
}

TEST_CASE("border error: all pixels are border pixels where the kernel is larger than the crop",
          "[image][border_error]") {
  Rng rng(3);
  const BorderStudy s = study_border(picture(20, 20, [&](int, int) { return rng.below(256); }), mean(9), 5, 5, 4);
  CHECK(s.border_pixels == 16);
  CHECK(of(s, Padding::valid).output.count() == 0);
  CHECK(of(s, Padding::reflect).output.shape() == Shape{1, 1, 4, 4});
}

TEST_CASE("border error: the largest crop and cells outside by hand", "[image][border_error]") {
  CHECK(largest_crop(10, 12, 3) == 8);
  CHECK(largest_crop(10, 12, 11) == 0);
  CHECK(largest_crop(0, 0, 1) == 0);
  CHECK(cells_outside(8, 3, 0, 0) == 5);
  CHECK(cells_outside(8, 3, 0, 4) == 3);
  CHECK(cells_outside(8, 3, 4, 4) == 0);
  CHECK(cells_outside(8, 4, 7, 7) == 16 - 4);
  CHECK(cells_outside(2, 9, 0, 1) == 81 - 4);
}

// The layers as their papers give them (AlexNet and ResNet as torchvision builds them).
TEST_CASE("border error: sizes of well-known layers", "[image][border_error]") {
  struct Known {
    int n, k, p, s, output;
  };
  for (const Known& l : {Known{224, 11, 2, 4, 55},
                         {55, 3, 0, 2, 27},
                         {224, 3, 1, 1, 224},
                         {224, 7, 3, 2, 112},
                         {112, 3, 1, 2, 56},
                         {28, 5, 2, 1, 28},
                         {14, 5, 0, 1, 10},
                         {448, 7, 3, 2, 224},
                         {572, 3, 0, 1, 570},
                         {10, 3, 0, 1, 8},
                         {5, 7, 0, 1, 0},
                         {5, 7, 1, 1, 1}}) {
    INFO(l.n << " " << l.k << " " << l.p << " " << l.s);
    CHECK(sliding_size(l.n, l.k, l.p, l.s).output == l.output);
    Conv2dParams params;
    params.padding = Padding::zero;
    params.padding_y = params.padding_x = l.p;
    params.stride_y = params.stride_x = l.s;
    CHECK(conv2d_output_shape(params, {1, 1, l.n, l.n}, {1, 1, l.k, l.k})[2] == l.output);
  }
  CHECK(sliding_size(224, 11, 2, 4).unread == 1);
  CHECK(sliding_size(7, 3, 0, 2).unread == 0);
  CHECK(sliding_size(8, 3, 0, 2).unread == 1);
}
