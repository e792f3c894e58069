#include <algorithm>

#include "core/autodiff/functions.hpp"
#include "core/autodiff/recording.hpp"
#include "core/ops/arithmetic.hpp"
#include "core/ops/concat.hpp"
#include "core/ops/permute.hpp"
#include "core/ops/reduce.hpp"

namespace cvlab {

using namespace recording;

namespace {

// The gradient of a, or of b where it does not repeat, into memory that holds nothing yet: a product or a copy, not
// zeros and an addition.
void write_gradient(Arithmetic op, float sign, ConstView dy, ConstView other, View target) {
  if (op == Arithmetic::mul)
    arithmetic_forward(op, dy, other, target);
  else if (sign < 0.0f)
    scale_forward<float>(sign, 0.0f, dy, target);
  else
    std::copy_n(dy.data(), dy.count(), target.data());
}

void arithmetic_on_tape_backward(Tape& tape, Var out) {
  const auto op = tape.attributes<Arithmetic>(out);
  const ConstView a = value_of(tape, out, 0), b = value_of(tape, out, 1), dy = gradient_of_result(tape, out);
  const Tape::Target da = target_of(tape, out, 0);
  if (da.fresh)
    write_gradient(op, 1.0f, dy, b, da.view);
  else
    arithmetic_backward(op, a, b, dy, da.view, {});
  if (!(a.shape() == b.shape())) return arithmetic_backward(op, a, b, dy, {}, gradient_of(tape, out, 1));
  const Tape::Target db = target_of(tape, out, 1);  // after da is written: b may be a
  if (db.fresh)
    write_gradient(op, op == Arithmetic::sub ? -1.0f : 1.0f, dy, a, db.view);
  else
    arithmetic_backward(op, a, b, dy, {}, db.view);
}

Var arithmetic(Tape& tape, const char* name, Arithmetic op, Var a, Var b) {
  assert(broadcasts_to(tape.shape(b), tape.shape(a)) && "add, sub, mul: b has a's shape, or broadcasts to it");
  const Var out = tape.node(name, Shape(tape.shape(a)), inputs(a, b), arithmetic_on_tape_backward);
  tape.attributes<Arithmetic>(out) = op;
  arithmetic_forward(op, tape.value(a), tape.value(b), tape.value(out));
  return out;
}

struct SumAttributes {
  ReduceExtents extents;
  float factor;
};

Var reduce(Tape& tape, const char* name, Var x, const Shape& shape, const ReduceExtents& extents, float factor) {
  const auto backward = [](Tape& t, Var out) {
    const auto& [e, f] = t.attributes<SumAttributes>(out);
    sum_backward(e, gradient_of_result(t, out), gradient_of(t, out, 0), f);
  };
  const Var out = tape.node(name, shape, inputs(x), backward);
  tape.attributes<SumAttributes>(out) = {extents, factor};
  sum_forward(extents, tape.value(x), tape.value(out), factor);
  return out;
}

}  // namespace

Var add(Tape& tape, Var a, Var b) { return arithmetic(tape, "add", Arithmetic::add, a, b); }
Var sub(Tape& tape, Var a, Var b) { return arithmetic(tape, "sub", Arithmetic::sub, a, b); }
Var mul(Tape& tape, Var a, Var b) { return arithmetic(tape, "mul", Arithmetic::mul, a, b); }

Var scale(Tape& tape, Var x, float factor, float offset) {
  const auto backward = [](Tape& t, Var out) {
    scale_backward<float>(t.attributes<float>(out), gradient_of_result(t, out), gradient_of(t, out, 0));
  };
  const Var out = tape.node("scale", Shape(tape.shape(x)), inputs(x), backward);
  tape.attributes<float>(out) = factor;
  scale_forward<float>(factor, offset, tape.value(x), tape.value(out));
  return out;
}

Var exp(Tape& tape, Var x) {
  const auto backward = [](Tape& t, Var out) {
    exp_backward<float>(t.value(out), gradient_of_result(t, out), gradient_of(t, out, 0));
  };
  const Var out = tape.node("exp", Shape(tape.shape(x)), inputs(x), backward);
  exp_forward<float>(tape.value(x), tape.value(out));
  return out;
}

Var reshape(Tape& tape, Var x, const Shape& shape) { return tape.alias("reshape", shape, x); }

namespace {

struct PermuteAttributes {
  std::array<int, max_rank> axes;
  int rank;
  std::span<const int> span() const { return {axes.data(), static_cast<std::size_t>(rank)}; }
};

}  // namespace

Var permute(Tape& tape, Var x, std::span<const int> axes) {
  const auto backward = [](Tape& t, Var out) {
    permute_backward<float>(t.attributes<PermuteAttributes>(out).span(), gradient_of_result(t, out),
                            gradient_of(t, out, 0));
  };
  const Var out = tape.node("permute", permute_output_shape(tape.shape(x), axes), inputs(x), backward);
  PermuteAttributes kept = {{}, static_cast<int>(axes.size())};
  std::copy(axes.begin(), axes.end(), kept.axes.begin());
  tape.attributes<PermuteAttributes>(out) = kept;
  permute_forward<float>(axes, tape.value(x), tape.value(out));
  return out;
}

Var concat(Tape& tape, std::span<const Var> parts, int axis) {
  const auto backward = [](Tape& t, Var out) {
    const int along = t.attributes<int>(out);
    std::ptrdiff_t first = 0;
    for (int i = 0; i < t.input_count(out); ++i) {
      const Var part = t.input_of(out, i);
      if (t.wants_gradient(part)) place_backward<float>(gradient_of_result(t, out), along, first, t.gradient(part));
      first += t.shape(part)[along];
    }
  };
  assert(!parts.empty() && parts.size() <= static_cast<std::size_t>(Tape::max_inputs));
  std::ptrdiff_t total = 0;
  for (const Var part : parts) total += tape.shape(part)[axis];
  const Var out = tape.node("concat", tape.shape(parts[0]).with(axis, total), parts, backward);
  tape.attributes<int>(out) = axis;
  std::ptrdiff_t first = 0;
  for (const Var part : parts) {
    place_forward<float>(tape.value(part), axis, first, tape.value(out));
    first += tape.shape(part)[axis];
  }
  return out;
}

namespace {

struct SliceAttributes {
  int axis;
  std::ptrdiff_t first;
};

}  // namespace

Var slice(Tape& tape, Var x, int axis, std::ptrdiff_t first, std::ptrdiff_t count) {
  const auto backward = [](Tape& t, Var out) {
    const auto [along, begin] = t.attributes<SliceAttributes>(out);
    slice_backward<float>(gradient_of_result(t, out), along, begin, gradient_of(t, out, 0));
  };
  const Var out = tape.node("slice", tape.shape(x).with(axis, count), inputs(x), backward);
  tape.attributes<SliceAttributes>(out) = {axis, first};
  slice_forward<float>(tape.value(x), axis, first, tape.value(out));
  return out;
}

Var sum(Tape& tape, Var x) { return reduce(tape, "sum", x, {1}, reduce_all(tape.shape(x)), 1.0f); }

Var mean(Tape& tape, Var x) {
  return reduce(tape, "mean", x, {1}, reduce_all(tape.shape(x)), 1.0f / static_cast<float>(tape.shape(x).count()));
}

Var sum(Tape& tape, Var x, int axis) {
  const Shape& shape = tape.shape(x);
  return reduce(tape, "sum", x, reduce_output_shape(shape, axis), reduce_along(shape, axis), 1.0f);
}

Var mean(Tape& tape, Var x, int axis) {
  const Shape& shape = tape.shape(x);
  return reduce(tape, "mean", x, reduce_output_shape(shape, axis), reduce_along(shape, axis),
                1.0f / static_cast<float>(shape[axis]));
}

Var max(Tape& tape, Var x, int axis) {
  const auto backward = [](Tape& t, Var out) {
    max_backward_ref<float>(t.attributes<ReduceExtents>(out), gradient_of_result(t, out), t.indices(out),
                            gradient_of(t, out, 0));
  };
  const ReduceExtents extents = reduce_along(tape.shape(x), axis);
  const Var out = tape.node("max", reduce_output_shape(tape.shape(x), axis), inputs(x), backward);
  tape.attributes<ReduceExtents>(out) = extents;
  max_forward_ref<float>(extents, tape.value(x), tape.value(out), tape.indices(out, tape.shape(out).count()));
  return out;
}

}  // namespace cvlab
