#include "core/explain/attribution.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numeric>

#include "tests/core/explain/explained.hpp"

using namespace cvlab;
using namespace cvlab::explain;
using Catch::Matchers::WithinAbs;

namespace {

struct Case {
  const char* weights;
  int target;
};
constexpr Case cases[] = {{"small-cnn-digits", 7}, {"lenet5-fashion-mnist", 6}};

std::vector<double> saved(const Case& c, const char* what) {
  return test::doubles(test::reference(std::string("torch/explain_") + c.weights + "_" + what + ".npy"));
}

}  // namespace

// tests/data/make_torch_explain.py, PyTorch 1.13, the same weights.
TEST_CASE("attribution: gradients and Grad-CAM are PyTorch's", "[explain][attribution]") {
  for (const Case& c : cases) {
    INFO(c.weights);
    Chain chain(test::trained(c.weights));
    const std::vector<double> picture = test::explained_picture(c.weights);
    CHECK(test::relative_error(input_gradient(chain, picture, c.target), saved(c, "gradient")) < 1e-6);
    const auto logits = chain.values(chain.output());
    CHECK(test::relative_error({logits.begin(), logits.end()}, saved(c, "logits")) < 1e-6);
    const GradCam first = grad_cam(chain, picture, c.target, 2);
    CHECK(test::relative_error(first.sum, saved(c, "cam_relu1")) < 1e-6);
    const GradCam second = grad_cam(chain, picture, c.target, 5);
    CHECK(test::relative_error(second.sum, saved(c, "cam_relu2")) < 1e-6);
    CHECK(test::relative_error(resized(second.sum, second.rows, second.columns, 28, 28), saved(c, "cam_resized")) <
          1e-6);
    for (std::size_t i = 0; i < second.sum.size(); ++i) REQUIRE(second.map[i] == std::max(0.0, second.sum[i]));
  }
}

TEST_CASE("attribution: covered windows give PyTorch's probabilities", "[explain][attribution]") {
  for (const Case& c : cases) {
    INFO(c.weights);
    Chain chain(test::trained(c.weights));
    const std::vector<double> picture = test::explained_picture(c.weights);
    Occlusion occlusion(picture, 28, 28, c.target, 6, 3, 0.5);
    while (occlusion.work(chain, 0.0)) {
    }
    const std::vector<double> left = saved(c, "covered");
    REQUIRE(occlusion.down() == 8);
    REQUIRE(occlusion.positions() == static_cast<int>(left.size()));
    for (std::size_t i = 0; i < left.size(); ++i)
      REQUIRE_THAT(occlusion.probability() - occlusion.drops()[i], WithinAbs(left[i], 1e-6));
  }
}

TEST_CASE("attribution: a pixel's occlusion is the mean over the windows that covered it", "[explain][attribution]") {
  Chain chain(test::trained("small-cnn-digits"));
  const std::vector<double> picture = test::explained_picture("small-cnn-digits");
  Occlusion occlusion(picture, 28, 28, 3, 10, 8, 0.0);
  REQUIRE(occlusion.across() == 3);
  CHECK(occlusion.work(chain, 0.0));
  CHECK(occlusion.done() == 1);
  while (occlusion.work(chain, 1e9)) {
  }
  REQUIRE(occlusion.finished());
  const std::vector<double> map = occlusion.map();
  const std::vector<double>& d = occlusion.drops();
  CHECK_THAT(map[0], WithinAbs(d[0], 1e-15));
  CHECK_THAT(map[9], WithinAbs(0.5 * (d[0] + d[1]), 1e-15));  // column 9: first, second
  CHECK_THAT(map[9 * 28 + 9], WithinAbs(0.25 * (d[0] + d[1] + d[3] + d[4]), 1e-15));
  CHECK(map[27] == 0.0);  // no window reaches the last columns
  const std::vector<double> covered = occlusion.covered(4);
  CHECK(covered[8 * 28 + 8] == 0.0);
  CHECK(covered[7 * 28 + 8] == picture[7 * 28 + 8]);
  CHECK(covered[18 * 28 + 17] == picture[18 * 28 + 17]);
}

// Without biases the network is homogeneous of degree one where its ReLUs stay: Euler says x . dz/dx = z.
TEST_CASE("attribution: without biases gradient x input adds up to the logit", "[explain][attribution]") {
  nn::Graph graph = test::trained("small-cnn-digits");
  for (Parameter& p : graph.parameters())
    if (p.name.ends_with("bias")) std::fill_n(p.value.data(), p.value.count(), 0.0F);
  Chain chain(graph);
  const std::vector<double> picture = test::explained_picture("small-cnn-digits");
  for (int target = 0; target < 10; ++target) {
    const std::vector<double> gradient = input_gradient(chain, picture, target);
    const double sum = std::inner_product(picture.begin(), picture.end(), gradient.begin(), 0.0);
    CHECK_THAT(sum, WithinAbs(chain.values(chain.output())[static_cast<std::size_t>(target)], 1e-9));
  }
}

TEST_CASE("attribution: the strongest pixels, and what is left without them", "[explain][attribution]") {
  const std::vector<double> scores{0.0, 2.0, -5.0, 3.0, 2.0, 1.0};
  CHECK(strongest_pixels(scores, 3) == std::vector<int>{3, 1, 4});
  CHECK(strongest_pixels(scores, 99) == std::vector<int>{3, 1, 4, 5});
  CHECK(strongest_pixels(scores, 0).empty());
  Chain chain(test::trained("small-cnn-digits"));
  const std::vector<double> picture = test::explained_picture("small-cnn-digits");
  std::vector<int> all(784);
  std::iota(all.begin(), all.end(), 0);
  const std::vector<double> black(784, 0.0);
  chain.forward(black, chain.output());
  const double of_black = probabilities(chain.values(chain.output()))[3];
  CHECK(probability_without(chain, picture, all, 0.0, 3) == of_black);
  Occlusion none(picture, 28, 28, 3, 1, 28, picture[0]);  // one pixel, covered with itself
  (void)none.work(chain, 1e9);
  CHECK(none.drops()[0] == 0.0);
  CHECK(probability_without(chain, picture, {}, 0.0, 3) == none.probability());
}

TEST_CASE("attribution: bilinear resizing by hand", "[explain][attribution]") {
  CHECK(resized(std::vector<double>{0, 4}, 1, 2, 1, 4) == std::vector<double>{0, 1, 3, 4});
  CHECK(resized(std::vector<double>{7}, 1, 1, 2, 3) == std::vector<double>(6, 7.0));
}
