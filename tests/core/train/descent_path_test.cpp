#include "core/train/descent_path.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <set>

using namespace cvlab;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

DescentSettings settings_of(OptimizerKind kind, double rate, int batch, double u, double v) {
  DescentSettings s;
  s.optimizer.kind = kind;
  s.optimizer.learning_rate = static_cast<float>(rate);
  s.batch = batch;
  s.u = u;
  s.v = v;
  return s;
}

}  // namespace

// By hand: H = 2 [mean x^2, mean x; mean x, 1] = 2 [3.1, 1.5; 1.5, 1], eigenvalues 4.1 +- sqrt(4.1^2 - 4 (3.1
// - 1.5^2)). The minimum is the least-squares line.
TEST_CASE("LossSlice: the line's loss is a quadratic that can be computed by hand", "[train][slice]") {
  LossSlice line = make_slice(SliceKind::line);
  const auto curvature = line.curvature(-0.5, 2.5);
  const double root = std::sqrt(4.1 * 4.1 - 4.0 * (3.1 - 2.25));
  CHECK_THAT(curvature[0], WithinAbs(4.1 - root, 1e-7));
  CHECK_THAT(curvature[1], WithinAbs(4.1 + root, 1e-7));
  const LossSlice::Value best = line.at(0.780882352941176, 0.553676470588235);  // numpy.linalg.lstsq 1.24
  CHECK_THAT(best.du, WithinAbs(0.0, 1e-13));
  CHECK_THAT(best.dv, WithinAbs(0.0, 1e-13));
  CHECK_THAT(best.loss, WithinAbs(0.1028143382352941, 1e-12));
  const LossSlice::Value start = line.at(-0.5, 2.5);
  CHECK_THAT(start.loss, WithinAbs(1.498, 1e-12));
  CHECK_THAT(start.du, WithinAbs(-2.1025, 1e-12));
  CHECK_THAT(start.dv, WithinAbs(0.05, 1e-12));
}

TEST_CASE("LossSlice: two layers of one neuron as PyTorch's, with a saddle at 0", "[train][slice]") {
  LossSlice two = make_slice(SliceKind::two_layers);
  const LossSlice::Value value = two.at(0.7, -1.2);  // PyTorch 1.13.0
  CHECK_THAT(value.loss, WithinAbs(3.135978569375025, 1e-12));
  CHECK_THAT(value.du, WithinAbs(2.163075814274, 1e-11));
  CHECK_THAT(value.dv, WithinAbs(-1.848613112450, 1e-11));
  const LossSlice::Value saddle = two.at(0.0, 0.0);
  CHECK_THAT(saddle.loss, WithinAbs(1.31875, 1e-12));  // the mean of the squared targets
  CHECK(saddle.du == 0.0);
  CHECK(saddle.dv == 0.0);
  const auto curvature = two.curvature(0.0, 0.0);
  CHECK(curvature[0] < -1.0);
  CHECK(curvature[1] > 1.0);
  CHECK_THAT(two.at(1.3, 0.4).loss, WithinAbs(two.at(-1.3, -0.4).loss, 1e-13));  // both signs changed: the same net
}

TEST_CASE("LossSlice: gradients in the plane against central differences, means of the examples'", "[train][slice]") {
  for (const SliceKind kind : {SliceKind::line, SliceKind::two_layers, SliceKind::network}) {
    LossSlice slice = make_slice(kind);
    INFO(name(kind));
    constexpr double h = 1e-6;
    for (const auto& [u, v] : {std::pair{0.3, -0.2}, std::pair{-1.1, 0.8}, std::pair{1.7, 1.4}}) {
      const LossSlice::Value value = slice.at(u, v);
      CHECK_THAT(value.du, WithinAbs((slice.at(u + h, v).loss - slice.at(u - h, v).loss) / (2 * h), 1e-7));
      CHECK_THAT(value.dv, WithinAbs((slice.at(u, v + h).loss - slice.at(u, v - h).loss) / (2 * h), 1e-7));
      LossSlice::Value mean;
      for (const LossSlice::Value& one : slice.each(u, v)) {
        mean.loss += one.loss / slice.examples();
        mean.du += one.du / slice.examples();
      }
      CHECK_THAT(mean.loss, WithinAbs(value.loss, 1e-12));
      CHECK_THAT(mean.du, WithinAbs(value.du, 1e-12));
    }
    const Tensor grid = slice.grid(-1.0, 1.0, -2.0, 2.0, 5, 3);
    CHECK_THAT(static_cast<double>(grid(3, 2)), WithinRel(slice.at(1.0, 1.0).loss, 1e-6));
  }
}

TEST_CASE("LossSlice: the network's two ends are trained minima", "[train][slice]") {
  LossSlice slice = make_slice(SliceKind::network);
  for (const double u : {-1.0, 1.0}) {
    const LossSlice::Value value = slice.at(u, 0.0);
    CHECK(value.loss < 0.2);
    CHECK(std::hypot(value.du, value.dv) < 0.05);
  }
  CHECK(slice.at(0.0, 0.0).loss > 2.0 * slice.at(1.0, 0.0).loss);  // a ridge between them
}

// PyTorch 1.13.0, double: torch.optim with its defaults (Adagrad with eps 1e-8), rate 0.1, 20 steps from (-0.5, 2.5).
TEST_CASE("DescentPath: six optimizers arrive where PyTorch's do", "[train][slice]") {
  const LossSlice line = make_slice(SliceKind::line);
  struct Case {
    OptimizerKind kind;
    double u, v, loss;
  };
  const Case cases[] = {
      {OptimizerKind::sgd, 0.34386597967940985, 1.3930343983920204, 0.2989448593168824},
      {OptimizerKind::momentum, 0.9415318199551419, 0.05825012345444447, 0.1894972467152682},
      {OptimizerKind::nesterov, 0.9294250105060745, 0.268377282516274, 0.12547392161883603},
      {OptimizerKind::adagrad, 0.12524377755576854, 1.6312047769881666, 0.47704623684545394},
      {OptimizerKind::rmsprop, 0.7462425432691886, 0.6172214002593632, 0.10396848439766532},
      {OptimizerKind::adam, 0.6820437589023587, 0.6593646185387007, 0.11293022878438963},
  };
  for (const Case& c : cases) {
    DescentPath path(line, settings_of(c.kind, 0.1, 16, -0.5, 2.5));
    CHECK(path.go_to(20) == 20);
    INFO(name(c.kind));
    CHECK_THAT(path.places()[20].u, WithinAbs(c.u, 2e-6));
    CHECK_THAT(path.places()[20].v, WithinAbs(c.v, 2e-6));
    CHECK_THAT(path.places()[20].loss, WithinAbs(c.loss, 2e-6));
  }
}

TEST_CASE("DescentPath: an epoch takes every example once", "[train][slice]") {
  const LossSlice line = make_slice(SliceKind::line);
  for (const int batch : {1, 3, 4, 16}) {
    DescentPath path(line, settings_of(OptimizerKind::sgd, 0.01, batch, 0.0, 0.0));
    const int per_epoch = (16 + batch - 1) / batch;
    for (int epoch = 0; epoch < 3; ++epoch) {
      std::multiset<int> seen;
      for (int k = 0; k < per_epoch; ++k) {
        for (const int i : path.batch_of(epoch * per_epoch + k)) seen.insert(i);
      }
      CHECK(seen.size() == 16);
      CHECK(std::set<int>(seen.begin(), seen.end()).size() == 16);
    }
    if (batch < 16) CHECK(path.batch_of(0) != path.batch_of(per_epoch));
  }
}

// On a quadratic, plain descent shrinks the part along an eigenvector by |1 - rate * eigenvalue| a step.
TEST_CASE("DescentPath: above 2 / the greatest curvature it diverges, below it converges", "[train][slice]") {
  const LossSlice line = make_slice(SliceKind::line);
  const double limit = 2.0 / 7.761966684720;
  DescentPath below(line, settings_of(OptimizerKind::sgd, 0.97 * limit, 16, -0.5, 2.5));
  below.go_to(200);
  CHECK_FALSE(below.diverged());
  CHECK(below.places()[200].loss < 0.104);
  DescentPath above(line, settings_of(OptimizerKind::sgd, 1.5 * limit, 16, -0.5, 2.5));
  const int reached = above.go_to(200);
  CHECK(above.diverged());
  CHECK(reached < 200);
  for (const auto& place : above.places()) CHECK(std::isfinite(place.loss));
  CHECK(above.go_to(10) == 10);
}

// The noise's definition, by brute force over all pairs.
TEST_CASE("gradient_noise: the spread of the means of all mini-batches of two", "[train][slice]") {
  LossSlice line = make_slice(SliceKind::line);
  const auto each = line.each(0.2, 1.0);
  const LossSlice::Value all = line.at(0.2, 1.0);
  double sum = 0.0;
  int pairs = 0;
  for (std::size_t i = 0; i < each.size(); ++i) {
    for (std::size_t j = i + 1; j < each.size(); ++j) {
      const double du = 0.5 * (each[i].du + each[j].du) - all.du, dv = 0.5 * (each[i].dv + each[j].dv) - all.dv;
      sum += du * du + dv * dv;
      ++pairs;
    }
  }
  CHECK_THAT(gradient_noise(each, 2), WithinRel(std::sqrt(sum / pairs), 1e-10));
  CHECK(gradient_noise(each, 16) == 0.0);
}
