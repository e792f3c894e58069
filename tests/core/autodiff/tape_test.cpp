// The tape itself: what accumulates, what is remembered, what is reused. What the functions compute is in torch_*_test.
#include "core/autodiff/tape.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <vector>

#include "core/autodiff/functions.hpp"
#include "core/parallel/parallel_for.hpp"
#include "tests/core/allocations.hpp"
#include "tests/core/gradient_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

Tensor filled(const Shape& shape, float value) { return Tensor(shape, value); }

Parameter parameter(const char* name, const Tensor& value) { return {name, value, Tensor(value.shape()), false}; }

}  // namespace

TEST_CASE("tape: the derivative of x*x*x is 3*x*x", "[core][autodiff]") {
  Tape tape;
  const Var x = tape.variable(filled({1}, 2.0f).view());
  tape.backward(mul(tape, mul(tape, x, x), x));
  CHECK(tape.gradient(x)(0) == 12.0f);
}

TEST_CASE("tape: one value on both sides of an op", "[core][autodiff]") {
  Tape tape;
  const Var x = tape.variable(filled({3}, 2.0f).view()), y = tape.variable(filled({3}, 2.0f).view());
  const Var z = tape.variable(filled({3}, 2.0f).view());
  tape.backward(sum(tape, add(tape, x, x)));
  tape.backward(sum(tape, sub(tape, y, y)));
  tape.backward(sum(tape, mul(tape, z, z)));
  CHECK(tape.gradient(x)(0) == 2.0f);
  CHECK(tape.gradient(y)(1) == 0.0f);
  CHECK(tape.gradient(z)(2) == 4.0f);
}

TEST_CASE("tape: two losses of one forward pass add up", "[core][autodiff]") {
  Parameter w = parameter("w", filled({2}, 3.0f));
  Tape tape;
  const Var x = tape.variable(filled({2}, 5.0f).view());
  const Var shared = activate(tape, Activation::relu, mul(tape, tape.parameter(w), x), 0.0f, true);
  tape.backward(sum(tape, shared));                      // d/dw = x, d/dx = w
  tape.backward(sum(tape, scale(tape, shared, 10.0f)));  // ten times that
  CHECK(w.gradient(0) == 55.0f);
  CHECK(tape.gradient(x)(0) == 33.0f);
  CHECK(tape.gradient(shared)(1) == 10.0f);  // the last call's
}

TEST_CASE("tape: gradients of parameters accumulate until they are cleared", "[core][autodiff]") {
  std::vector<Parameter> parameters = {parameter("w", filled({3}, 2.0f))};
  Parameter& w = parameters[0];
  Tape tape;
  for (int step = 1; step <= 3; ++step) {
    tape.rewind();
    tape.backward(sum(tape, scale(tape, tape.parameter(w), 5.0f)));
    CHECK(w.gradient(1) == 5.0f * static_cast<float>(step));
  }
  zero_gradients(parameters);
  CHECK(w.gradient(1) == 0.0f);
  // Two halves of a batch give what the whole gives.
  tape.rewind();
  tape.backward(scale(tape, sum(tape, tape.parameter(w)), 0.5f));
  tape.rewind();
  tape.backward(scale(tape, sum(tape, tape.parameter(w)), 0.5f));
  CHECK(w.gradient(1) == 1.0f);
}

TEST_CASE("tape: a parameter used twice gets both gradients, a value with two consumers too", "[core][autodiff]") {
  Parameter w = parameter("w", filled({2}, 3.0f));
  Tape tape;
  const Var a = tape.parameter(w), b = tape.parameter(w);
  tape.backward(sum(tape, mul(tape, a, scale(tape, b, 2.0f))));  // 2 w w
  CHECK(w.gradient(0) == 12.0f);

  tape.rewind();
  const Var x = tape.variable(filled({2}, 3.0f).view());
  const Var y = activate(tape, Activation::relu, x);
  tape.backward(sum(tape, add(tape, mul(tape, y, y), y)));  // y y + y
  CHECK(tape.gradient(x)(1) == 7.0f);
}

TEST_CASE("tape: who wants no gradient gets none", "[core][autodiff]") {
  Parameter free = parameter("free", filled({2}, 3.0f)), frozen = parameter("frozen", filled({2}, 5.0f));
  frozen.frozen = true;
  Tape tape;
  const Var input = tape.input(filled({2}, 7.0f).view());
  const Var product = mul(tape, mul(tape, tape.parameter(free), tape.parameter(frozen)), input);
  CHECK_FALSE(tape.wants_gradient(input));
  tape.backward(sum(tape, product));
  CHECK(free.gradient(0) == 35.0f);
  CHECK(frozen.gradient(0) == 0.0f);
  // Of nothing that wants a gradient, nothing wants one.
  tape.rewind();
  const Var constant = mul(tape, tape.parameter(frozen), tape.input(filled({2}, 1.0f).view()));
  CHECK_FALSE(tape.wants_gradient(constant));
  tape.backward(sum(tape, constant));
  CHECK(frozen.gradient(0) == 0.0f);
}

TEST_CASE("tape: a no-gradient scope remembers nothing and computes the same", "[core][autodiff]") {
  Rng rng(1);
  Parameter w = parameter("w", random_tensor({3, 4}, rng));
  const Tensor x = random_tensor({2, 4}, rng);
  Tape tape;
  const Var y = linear(tape, tape.input(x.view()), tape.parameter(w), {});
  const Tensor expected = [&] {
    Tensor t(tape.shape(y));
    std::copy_n(tape.value(y).data(), t.count(), t.data());
    return t;
  }();
  tape.rewind();
  {
    NoGradient scope(tape);
    const Var z = linear(tape, tape.input(x.view()), tape.parameter(w), {});
    CHECK_FALSE(tape.wants_gradient(z));
    CHECK(std::equal(expected.data(), expected.data() + expected.count(), tape.value(z).data()));
  }
  CHECK(tape.recording());
}

TEST_CASE("tape: a reshape shares value and gradient", "[core][autodiff]") {
  Tape tape;
  const Var x = tape.variable(filled({2, 3}, 1.5f).view());
  const Var flat = reshape(tape, x, {6});
  CHECK(tape.value(flat).data() == tape.value(x).data());
  const Var y = add(tape, mul(tape, flat, flat), flat);
  tape.backward(sum(tape, y));
  for (int i = 0; i < 6; ++i) CHECK(tape.gradient(x).data()[i] == 4.0f);
}

TEST_CASE("tape: ReLU in place takes the memory of its argument and gives the same gradients", "[core][autodiff]") {
  Rng rng(2);
  const Tensor x = random_tensor({2, 5}, rng);
  std::array<Tensor, 2> gradients;
  for (bool in_place : {false, true}) {
    Parameter w = parameter("w", x);
    Tape tape;
    const Var before = scale(tape, tape.parameter(w), 3.0f);
    const Var after = activate(tape, Activation::relu, before, 0.0f, in_place);
    CHECK((tape.value(before).data() == tape.value(after).data()) == in_place);
    tape.backward(sum(tape, mul(tape, reshape(tape, after, {10}), reshape(tape, after, {10}))));
    gradients[in_place ? 1 : 0] = w.gradient;
  }
  CHECK(gradients[0] == gradients[1]);
  CHECK_FALSE(gradients[0] == Tensor(x.shape()));
  // GELU's gradient needs what ReLU's does not.
  Tape tape;
  const Var v = scale(tape, tape.variable(x.view()), 1.0f);
  CHECK(tape.value(activate(tape, Activation::gelu, v, 0.0f, true)).data() != tape.value(v).data());
}

TEST_CASE("tape: the op where NaN or infinity begins is named", "[core][autodiff]") {
  Tape tape;
  const Var x = tape.variable(filled({2}, 100.0f).view());
  const Var fine = activate(tape, Activation::relu, x);
  CHECK(tape.first_not_finite().empty());
  const Var huge = exp(tape, fine);
  sum(tape, huge);
  CHECK(tape.first_not_finite() == "exp " + std::to_string(huge.id));

  Parameter w = parameter("conv1.weight", filled({1}, std::numeric_limits<float>::quiet_NaN()));
  tape.rewind();
  activate(tape, Activation::relu, tape.parameter(w));
  CHECK(tape.first_not_finite() == "conv1.weight");

  // Values are finite, a gradient is not: 1e30 * 1e30.
  Parameter small = parameter("small", filled({1}, 1e-30f));
  tape.rewind();
  const Var once = scale(tape, tape.parameter(small), 1e30f);
  tape.backward(scale(tape, once, 1e30f));
  CHECK(tape.first_not_finite() == "gradient of small");
}

TEST_CASE("tape: operations at the edge of nothing", "[core][autodiff]") {
  Tape tape;
  const Var none = tape.variable(Tensor({0, 4}).view());
  const Var y = linear(tape, none, tape.variable(filled({3, 4}, 1.0f).view()), {});
  CHECK(tape.shape(y) == Shape{0, 3});
  CHECK(tape.value(sum(tape, y))(0) == 0.0f);
}

namespace {

// A step through most functions. `n` examples.
float step(Tape& tape, std::vector<Parameter>& p, BatchNormStatistics& running, const Tensor& pictures,
           std::span<const int> labels, Rng& rng) {
  tape.rewind();
  zero_gradients(p);
  Var x = tape.input(pictures.view());
  x = conv2d(tape, {}, x, tape.parameter(p[0]), tape.parameter(p[1]));
  x = batch_norm(tape, x, tape.parameter(p[2]), tape.parameter(p[3]), running, true);
  x = activate(tape, Activation::relu, x, 0.0f, true);
  const Var skipped = x;
  x = activate(tape, Activation::silu, x);
  x = add(tape, x, skipped);
  x = max_pool2d(tape, {}, x);
  x = upsample2d(tape, {}, x);
  x = avg_pool2d(tape, {}, x);
  x = concat(tape, std::array{x, slice(tape, x, 1, 0, 2)}, 1);
  x = pad2d(tape, x, 0, 1, 0, 1, Padding::reflect);
  x = permute(tape, x, std::array{0, 2, 3, 1});
  const Shape shape = tape.shape(x);
  x = reshape(tape, x, {shape[0], shape[1] * shape[2], shape[3]});
  x = attention(tape, x, x, x, 2);
  x = dropout(tape, x, 0.2f, rng, true);
  x = mean(tape, x, 1);
  x = linear(tape, x, tape.parameter(p[4]), tape.parameter(p[5]));
  const Var loss = cross_entropy(tape, x, labels);
  tape.backward(loss);
  return tape.value(loss)(0);
}

}  // namespace

TEST_CASE("tape: a step allocates nothing after the first, and a rewound tape computes the same", "[core][autodiff]") {
  Rng rng(3);
  const Tensor pictures = random_tensor({4, 2, 12, 12}, rng);
  const std::vector<int> labels = {0, 2, 1, 2};
  std::vector<Parameter> p;
  for (const Shape& shape : {Shape{4, 2, 3, 3}, Shape{4}, Shape{4}, Shape{4}, Shape{3, 6}, Shape{3}})
    p.push_back(parameter("p", random_tensor(shape, rng)));
  Tape tape;
  BatchNormStatistics running = {Tensor({4}), Tensor({4}, 1.0f)};
  set_thread_count(1);  // a helper that first gets a piece in the second step makes its own buffers then
  Rng same(4);
  const float first = step(tape, p, running, pictures, labels, same);
  const std::vector<Parameter> after_first = p;
  const std::size_t bytes = tape.bytes();
  Rng again(4);
  const std::size_t before = allocations();
  const float second = step(tape, p, running, pictures, labels, again);
  const std::size_t made = allocations() - before;
  set_thread_count(0);
  CHECK(made == 0);
  CHECK(tape.bytes() == bytes);
  CHECK(first == second);
  for (std::size_t i = 0; i < p.size(); ++i) CHECK(p[i].gradient == after_first[i].gradient);
  CHECK(std::isfinite(first));
  CHECK_FALSE(p[0].gradient == Tensor(p[0].value.shape()));
}
