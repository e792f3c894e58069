#include "core/ops/batch_norm.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>

#include "core/parallel/parallel_for.hpp"
#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

const std::array shapes = {Shape{5, 3}, Shape{1, 3, 2, 3}, Shape{3, 2, 3, 3}};

}  // namespace

TEST_CASE("batch_norm: by hand", "[core][batch_norm]") {
  Tensor x({2, 1}), y({2, 1}), mean({1}), variance({1}), gamma({1}, 2.0f), beta({1}, 10.0f);
  x(0, 0) = 1;
  x(1, 0) = 5;
  batch_norm_statistics(x.view(), mean.view(), variance.view());
  CHECK(mean(0) == 3);
  CHECK(variance(0) == 4);  // biased
  batch_norm_forward(x.view(), gamma.view(), beta.view(), mean.view(), variance.view(), 0.0f, y.view());
  CHECK(y(0, 0) == 8);
  CHECK(y(1, 0) == 12);
  BatchNormStatistics running{Tensor({1}), Tensor({1}, 1.0f)};
  batch_norm_update(running, mean.view(), variance.view(), 2, 0.5f);
  CHECK(running.mean(0) == 1.5f);
  CHECK(running.variance(0) == 4.5f);                                    // half of 1, half of the unbiased 8
  batch_norm_update(running, mean.view(), Tensor({1}).view(), 1, 0.5f);  // one number has no unbiased variance
  CHECK(running.variance(0) == 2.25f);
}

TEST_CASE("batch_norm: gradients against central differences", "[core][batch_norm][gradient]") {
  Rng rng(1);
  for (const Shape& shape : shapes)
    for (bool training : {true, false}) {
      INFO(shape.rank() << " axes, training " << training);
      const Shape channels = {shape[1]};
      Tensor64 x = random_tensor<double>(shape, rng), gamma = random_tensor<double>(channels, rng);
      Tensor64 beta = random_tensor<double>(channels, rng), y(shape), mean(channels, 0.1), variance(channels, 0.7);
      const Tensor64 dy = random_tensor<double>(shape, rng);
      const double epsilon = 1e-2;
      const auto loss = [&] {
        if (training) batch_norm_statistics_ref<double>(x.view(), mean.view(), variance.view());
        batch_norm_forward_ref<double>(x.view(), gamma.view(), beta.view(), mean.view(), variance.view(), epsilon,
                                       y.view());
        return weighted_sum(y, dy);
      };
      loss();
      Tensor64 dx(shape), dgamma(channels), dbeta(channels);
      batch_norm_backward_ref<double>(x.view(), gamma.view(), mean.view(), variance.view(), epsilon, training,
                                      dy.view(), dx.view(), dgamma.view(), dbeta.view());
      CHECK(gradient_error(x, dx, loss) < gradient_tolerance);
      CHECK(gradient_error(gamma, dgamma, loss) < gradient_tolerance);
      CHECK(gradient_error(beta, dbeta, loss) < gradient_tolerance);
    }
}

TEST_CASE("batch_norm: fast = reference", "[core][batch_norm][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t width : sizes_around(lanes))
      for (std::ptrdiff_t examples : {1, 3})
        for (bool images : {false, true}) {
          const Shape shape = images ? Shape{examples, 3, 2, width} : Shape{examples, width};
          if (shape.count() == 0) continue;
          const Shape channels = {shape[1]};
          const Tensor x = random_tensor(shape, rng), gamma = random_tensor(channels, rng);
          const Tensor beta = random_tensor(channels, rng), dy = random_tensor(shape, rng);
          Tensor mean(channels), variance(channels), mean1(channels), variance1(channels), y(shape), expected(shape);
          batch_norm_statistics_ref<float>(x.view(), mean1.view(), variance1.view());
          batch_norm_statistics(x.view(), mean.view(), variance.view());
          REQUIRE(relative_difference(mean, mean1) < fast_tolerance);
          REQUIRE(relative_difference(variance, variance1) < fast_tolerance);
          // A small variance makes large numbers of small ones, and differences with them.
          constexpr float epsilon = 0.1f;
          constexpr double tolerance = 10 * fast_tolerance;
          batch_norm_forward_ref<float>(x.view(), gamma.view(), beta.view(), mean1.view(), variance1.view(), epsilon,
                                        expected.view());
          batch_norm_forward(x.view(), gamma.view(), beta.view(), mean1.view(), variance1.view(), epsilon, y.view());
          REQUIRE(relative_difference(y, expected) < tolerance);
          for (bool training : {true, false})
            for (bool accumulate : {true, false}) {
              const Tensor dx0 = random_tensor(shape, rng), dg0 = random_tensor(channels, rng);
              Tensor dx = dx0, dg = dg0, db = dg0, dx1 = accumulate ? dx0 : Tensor(shape), dg1 = dg0, db1 = dg0;
              batch_norm_backward_ref<float>(x.view(), gamma.view(), mean1.view(), variance1.view(), epsilon, training,
                                             dy.view(), dx1.view(), dg1.view(), db1.view());
              batch_norm_backward(x.view(), gamma.view(), mean1.view(), variance1.view(), epsilon, training, dy.view(),
                                  dx.view(), dg.view(), db.view(), accumulate);
              REQUIRE(relative_difference(dx, dx1) < tolerance);
              REQUIRE(relative_difference(dg, dg1) < tolerance);
              REQUIRE(relative_difference(db, db1) < tolerance);
            }
        }
  });
}

TEST_CASE("batch_norm: the number of threads changes no bit", "[core][batch_norm][fast][parallel]") {
  Rng rng(3);
  const Tensor x = random_tensor({8, 6, 60, 60}, rng);
  const auto run = [&](int threads) {
    set_thread_count(threads);
    Tensor mean({6}), variance({6});
    batch_norm_statistics(x.view(), mean.view(), variance.view());
    return std::array{mean, variance};
  };
  const auto one = run(1), three = run(3);
  set_thread_count(0);
  CHECK(one[0] == three[0]);
  CHECK(one[1] == three[1]);
}
