#include "core/nn/features.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <utility>

#include "core/nn/models.hpp"

namespace cvlab::nn {

namespace {

Tensor run(Graph& graph, const Tensor& picture, const char* layer) {
  Tape tape;
  Rng rng(1);
  graph.forward(tape, tape.input(picture.view()), false, rng, true);
  const ConstView values = std::as_const(tape).value(graph.value_of(graph.find_layer(layer)));
  Tensor copy(values.shape());
  std::copy_n(values.data(), values.count(), copy.data());
  return copy;
}

}  // namespace

TEST_CASE("features: the convolutional part gives the whole network's maps, and the same on a part of a picture",
          "[nn][features]") {
  for (const char* model : {"small-cnn", "lenet5"}) {
    INFO(model);
    Graph whole = make_model(model).value();
    Rng rng(2);
    REQUIRE(whole.initialise(rng));
    Tensor picture(Shape{1, 1, 28, 28});
    for (std::ptrdiff_t i = 0; i < picture.count(); ++i) picture.data()[i] = static_cast<float>(rng.uniform());
    Graph part = convolutional_part(whole, {1, 28, 28}).value();
    CHECK(part.layers().back().name == "pool2");
    CHECK(run(part, picture, "pool2") == run(whole, picture, "pool2"));

    // 40 x 32 with the same picture from row 8, column 4: shifted by a multiple of the pooling, cells agree.
    Tensor large(Shape{1, 1, 40, 32});
    for (int row = 0; row < 28; ++row)
      for (int column = 0; column < 28; ++column) large(0, 0, row + 8, column + 4) = picture(0, 0, row, column);
    Graph wide = convolutional_part(whole, {1, 40, 32}).value();
    const Tensor here = run(part, picture, "conv1");
    const Tensor there = run(wide, large, "conv1");
    for (int channel = 0; channel < here.size(1); ++channel)
      for (int row = 2; row < 24; ++row)
        for (int column = 2; column < 24; ++column)
          REQUIRE(std::abs(here(0, channel, row, column) - there(0, channel, row + 8, column + 4)) < 1e-5F);
  }
}

TEST_CASE("features: a picture too small for the layers is refused with a sentence", "[nn][features]") {
  Graph lenet = make_model("lenet5").value();
  REQUIRE(lenet.make_parameters());
  CHECK_FALSE(convolutional_part(lenet, {1, 6, 9}));
  CHECK(convolutional_part(lenet, {1, 12, 12}));
}

TEST_CASE("features: blocks and their means by hand", "[nn][features]") {
  Tensor plane(Shape{3, 5});
  for (int i = 0; i < 15; ++i) plane.data()[i] = static_cast<float>(i);
  const Tensor half = shrunk(std::as_const(plane).view(), 2);
  CHECK(half.shape() == Shape{1, 2});
  CHECK(half(0, 0) == 3.0F);  // 0 1 5 6
  CHECK(half(0, 1) == 5.0F);  // 2 3 7 8
  CHECK(shrunk(std::as_const(plane).view(), 1) == plane);
}

TEST_CASE("features: peaks by hand", "[nn][features]") {
  Tensor plane(Shape{3, 4});
  const float values[12] = {5, 4, 0, 7, 5, -1, 0, 7, 0, 0, 0, 2};
  std::copy_n(values, 12, plane.data());
  const auto cells = [&](int count, int distance) {
    std::vector<int> at;
    for (const Peak& p : peaks(std::as_const(plane).view(), count, distance)) at.push_back(10 * p.row + p.column);
    return at;
  };
  CHECK(cells(3, 1) == std::vector{3, 13, 0});
  CHECK(cells(9, 2) == std::vector{3, 0, 23});
  CHECK(cells(9, 1) == std::vector{3, 13, 0, 10, 1, 23});
  CHECK(cells(0, 1).empty());
  CHECK(peaks(std::as_const(plane).view(), 1, 1)[0].value == 7.0F);
}

TEST_CASE("features: the strongest cell, the first of nearly equal ones", "[nn][features]") {
  Tensor plane(Shape{2, 3});
  const float values[6] = {-1, 2.99F, 3, 2.9999F, 3.0001F, 0};
  std::copy_n(values, 6, plane.data());
  const Peak best = strongest(std::as_const(plane).view());
  CHECK(best.row == 0);
  CHECK(best.column == 2);
  CHECK(best.value == 3.0F);
  Tensor negative(Shape{1, 3});
  negative(0, 0) = -2.0F;
  negative(0, 1) = -0.5F;
  negative(0, 2) = -0.50001F;
  CHECK(strongest(std::as_const(negative).view()).column == 1);
}

}  // namespace cvlab::nn
