#include "core/explain/ascent.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numeric>

#include "core/train/timeline.hpp"
#include "tests/core/explain/explained.hpp"

using namespace cvlab;
using namespace cvlab::explain;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}  // namespace

// A cell of conv1 is b + w . patch, so its gradient is the kernel w itself, wherever we stand. With rate r and decay d
// the part along w follows s <- (1 - d) (s + r), its limit is r (1 - d) / d: the picture becomes the kernel, times
// that.
TEST_CASE("ascent: what a first-layer cell likes best is its kernel", "[explain][ascent]") {
  const nn::Graph graph = test::trained("small-cnn-digits");
  const auto chain = std::make_shared<Chain>(graph);
  const Parameter& kernel = graph.parameters()[0];
  const Parameter& bias = graph.parameters()[1];
  for (const int channel : {0, 5}) {
    const std::vector<double> w(kernel.value.data() + 9 * channel, kernel.value.data() + 9 * channel + 9);
    const double length = std::sqrt(std::inner_product(w.begin(), w.end(), w.begin(), 0.0));
    Ascent ascent(chain, {1, channel}, {.rate = 2.0, .decay = 0.1, .bounded = false}, noise_picture(784, 0.2, 1));
    Ascent::Point last{};
    for (int i = 0; i < 300; ++i) last = ascent.advance();
    CHECK(ascent.steps() == 300);
    CHECK_THAT(last.slope, WithinRel(length, 1e-12));
    CHECK_THAT(last.activation, WithinRel(18.0 * length + double{bias.value.data()[channel]}, 1e-9));
    CHECK(last.activation == ascent.activation());
    // The middle of 26 x 26 is (13, 13): it reads pixels 13 .. 15. All others have faded.
    for (int row = 0; row < 28; ++row)
      for (int column = 0; column < 28; ++column) {
        const bool inside = row >= 13 && row < 16 && column >= 13 && column < 16;
        const double wanted = inside ? 18.0 * w[static_cast<std::size_t>(3 * (row - 13) + column - 13)] / length : 0.0;
        REQUIRE_THAT(ascent.picture()[static_cast<std::size_t>(28 * row + column)], WithinAbs(wanted, 1e-9));
      }
  }
}

TEST_CASE("ascent: small steps climb, and bounds hold", "[explain][ascent]") {
  const auto chain = std::make_shared<Chain>(test::trained("lenet5-digits"));
  const std::vector<double> start = noise_picture(784, 0.2, 4);
  for (const Unit& unit : {Unit{1, 0, true}, Unit{4, 7}, Unit{chain->output(), 3}}) {
    INFO(unit.layer);
    Ascent ascent(chain, unit, {.rate = 0.02, .bounded = false}, start);
    double before = ascent.activation();
    for (int i = 0; i < 20; ++i) {
      const double now = ascent.advance().activation;
      REQUIRE(now > before);
      before = now;
    }
  }
  Ascent bounded(chain, {chain->output(), 3}, {.rate = 3.0, .decay = 0.01, .blur = 0.4, .jitter = 2}, start);
  for (int i = 0; i < 10; ++i) (void)bounded.advance();
  const auto [low, high] = std::minmax_element(bounded.picture().begin(), bounded.picture().end());
  CHECK(*low == 0.0);
  CHECK(*high <= 1.0);
}

TEST_CASE("ascent: going back shows what was", "[explain][ascent]") {
  const auto chain = std::make_shared<Chain>(test::trained("small-cnn-digits"));
  const AscentSettings settings{.jitter = 2, .seed = 5};
  Timeline<Ascent> run(Ascent(chain, {chain->output(), 8}, settings, noise_picture(784, 0.2, 1)), 4);
  (void)run.go_to(6, 1e9);
  const std::vector<double> sixth = run.run().picture();
  (void)run.go_to(13, 1e9);
  CHECK(run.run().picture() != sixth);
  (void)run.go_to(6, 1e9);
  CHECK(run.run().picture() == sixth);
}

TEST_CASE("ascent: moving around the edges by hand", "[explain][ascent]") {
  const std::vector<double> picture{1, 2, 3, 4, 5, 6};
  CHECK(rolled(picture, 2, 3, 1, 1) == std::vector<double>{6, 4, 5, 3, 1, 2});
  CHECK(rolled(rolled(picture, 2, 3, -1, 4), 2, 3, 1, -4) == picture);
}

// OpenCV 4.6.0: GaussianBlur(row, (7, 1), 0.8, borderType=BORDER_REPLICATE).
TEST_CASE("ascent: the blur is OpenCV's and keeps the sum of what lies inside", "[explain][ascent]") {
  std::vector<double> impulse(15 * 15, 0.0);
  impulse[7 * 15 + 7] = 1.0;
  const std::vector<double> spread = blurred(impulse, 15, 15, 0.8);
  CHECK_THAT(sum(spread), WithinAbs(1.0, 1e-12));
  const std::vector<double> row = blurred(std::vector<double>{0, 1, 4, 9, 16, 25}, 1, 6, 0.8);
  const double expected[6] = {0.3199186634, 1.6161640393, 4.6393965835, 9.6349891499, 16.3882460302, 22.5853829144};
  for (std::size_t i = 0; i < 6; ++i) CHECK_THAT(row[i], WithinAbs(expected[i], 1e-9));
  CHECK(blurred(impulse, 15, 15, 0.0) == impulse);
}

TEST_CASE("ascent: a unit that nothing reaches stays where it is", "[explain][ascent]") {
  nn::Graph graph = test::trained("small-cnn-digits");
  Parameter* bias = graph.find("conv1.bias");
  REQUIRE(bias != nullptr);
  std::fill_n(bias->value.data(), bias->value.count(), -1000.0F);
  Ascent ascent(std::make_shared<Chain>(graph), {4, 0}, {}, noise_picture(784, 0.2, 1));
  const std::vector<double> before = ascent.picture();
  CHECK(ascent.advance().slope == 0.0);
  CHECK(ascent.picture() == before);
}
