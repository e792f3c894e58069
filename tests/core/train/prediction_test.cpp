#include "core/train/prediction.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numeric>

using namespace cvlab;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr int classes = 3;

// Pictures of 1 x 3 pixels, and a dense layer that is the identity: the logits are the pixels / 255.
Dataset three_pixels() {
  Dataset data;
  data.example = Shape{1, 1, classes};
  data.class_names = {"left", "middle", "right"};
  Rng rng(7);
  for (int i = 0; i < 173; ++i) {  // no multiple of the batch
    for (int c = 0; c < classes; ++c) data.pixels.push_back(static_cast<std::uint8_t>(rng.below(256)));
    data.labels.push_back(static_cast<int>(rng.below(classes)));
  }
  return data;
}

nn::Graph identity() {
  nn::Graph graph("identity");
  graph.add({.kind = nn::LayerKind::input, .name = "input", .shape = Shape{1, 1, classes}});
  graph.add({.kind = nn::LayerKind::flatten, .name = "flat"});
  graph.add({.kind = nn::LayerKind::linear, .name = "fc", .channels = classes, .bias = false});
  Rng rng(1);
  REQUIRE(graph.initialise(rng));
  Tensor& weight = graph.find("fc.weight")->value;
  for (int row = 0; row < classes; ++row)
    for (int column = 0; column < classes; ++column) weight(row, column) = row == column ? 1.0f : 0.0f;
  return graph;
}

Prediction whole(const Dataset& data) {
  Prediction prediction;
  prediction.start(identity(), data, {});
  while (prediction.work(1.0)) {
  }
  return prediction;
}

}  // namespace

TEST_CASE("prediction: argmax, softmax, loss and accuracy, by hand", "[train][prediction]") {
  const Dataset data = three_pixels();
  const Prediction prediction = whole(data);
  REQUIRE(prediction.finished());
  double loss = 0.0;
  int right = 0;
  for (int i = 0; i < data.count(); ++i) {
    const auto pixels = data.pixels_of(i);
    double e[classes], sum = 0.0;
    for (int c = 0; c < classes; ++c) sum += e[c] = std::exp(pixels[static_cast<std::size_t>(c)] / 255.0);
    const auto best = static_cast<int>(std::max_element(pixels.begin(), pixels.end()) - pixels.begin());
    CHECK(prediction.predicted(i) == best);
    for (int c = 0; c < classes; ++c)
      CHECK_THAT(static_cast<double>(prediction.probabilities(i)[static_cast<std::size_t>(c)]),
                 WithinAbs(e[c] / sum, 1e-6));
    loss -= std::log(e[data.labels[static_cast<std::size_t>(i)]] / sum);
    right += best == data.labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  CHECK_THAT(prediction.loss(), WithinRel(loss / data.count(), 1e-5));
  CHECK(prediction.right() == right);
  CHECK_THAT(prediction.accuracy(), WithinRel(static_cast<double>(right) / data.count(), 1e-12));
}

TEST_CASE("prediction: the confusion matrix counts every picture once, the right ones on the diagonal",
          "[train][prediction]") {
  const Dataset data = three_pixels();
  const Prediction prediction = whole(data);
  const std::vector<int>& confusion = prediction.confusion();
  CHECK(std::accumulate(confusion.begin(), confusion.end(), 0) == data.count());
  CHECK(confusion[0] + confusion[4] + confusion[8] == prediction.right());
  for (int truth = 0; truth < classes; ++truth) {
    const auto of_class = std::count(data.labels.begin(), data.labels.end(), truth);
    const auto row = confusion.begin() + truth * classes;
    CHECK(std::accumulate(row, row + classes, 0) == of_class);
  }
}

TEST_CASE("prediction: slices give what one go gives", "[train][prediction]") {
  const Dataset data = three_pixels();
  const Prediction at_once = whole(data);
  Prediction sliced;
  CHECK_FALSE(sliced.work(0.0));  // nothing to do yet
  CHECK(std::isnan(sliced.accuracy()));
  sliced.start(identity(), data, {});
  int slices = 0;
  while (sliced.work(0.0)) {
    ++slices;
    CHECK(sliced.done() == 50 * slices);
    CHECK_FALSE(sliced.finished());
  }
  CHECK(slices == 3);
  CHECK(sliced.loss() == at_once.loss());
  CHECK(sliced.confusion() == at_once.confusion());
  sliced.start(identity(), data, {});  // anew
  CHECK(sliced.done() == 0);
  CHECK(sliced.right() == 0);
}

TEST_CASE("prediction: examples of a cell, the surest mistake and the least sure right answer first",
          "[train][prediction]") {
  const Dataset data = three_pixels();
  const Prediction prediction = whole(data);
  const auto sureness = [&](int i) {
    return prediction.probabilities(i)[static_cast<std::size_t>(prediction.predicted(i))];
  };
  const std::vector<int> mistakes = prediction.examples(-1, -1, 1000);
  CHECK(static_cast<int>(mistakes.size()) == data.count() - prediction.right());
  CHECK(std::is_sorted(mistakes.begin(), mistakes.end(), [&](int a, int b) { return sureness(a) > sureness(b); }));
  const std::vector<int> worst = prediction.examples(-1, -1, 5);
  CHECK(std::equal(worst.begin(), worst.end(), mistakes.begin(), mistakes.begin() + 5));

  const std::vector<int> cell = prediction.examples(2, 0, 1000);
  CHECK(static_cast<int>(cell.size()) == prediction.confusion()[2 * classes + 0]);
  for (const int i : cell) {
    CHECK(data.labels[static_cast<std::size_t>(i)] == 2);
    CHECK(prediction.predicted(i) == 0);
  }
  const std::vector<int> right = prediction.examples(1, 1, 1000);
  CHECK(static_cast<int>(right.size()) == prediction.confusion()[4]);
  CHECK(std::is_sorted(right.begin(), right.end(), [&](int a, int b) { return sureness(a) < sureness(b); }));
}
