#include "core/autodiff/tape.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

// Grows, never shrinks.
float* grown(auto& memory, std::ptrdiff_t count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

void copy(ConstView from, float* to) {
  const ConstView dense(from.data(), from.shape());
  if (from.strides() == dense.strides()) {
    std::copy_n(from.data(), from.count(), to);
    return;
  }
  const Shape& shape = from.shape();
  std::ptrdiff_t at[max_rank] = {};
  for (std::ptrdiff_t i = 0; i < from.count(); ++i) {
    std::ptrdiff_t offset = 0;
    for (int axis = 0; axis < shape.rank(); ++axis) offset += at[axis] * from.stride(axis);
    to[i] = from.data()[offset];
    for (int axis = shape.rank() - 1; axis >= 0 && ++at[axis] == shape[axis]; --axis) at[axis] = 0;
  }
}

bool all_finite(const float* values, std::ptrdiff_t count) {
  return std::all_of(values, values + count, [](float v) { return std::isfinite(v); });
}

}  // namespace

void zero_gradients(std::span<Parameter> parameters) {
  for (Parameter& p : parameters) {
    if (!(p.gradient.shape() == p.value.shape())) p.gradient = Tensor(p.value.shape());
    std::fill_n(p.gradient.data(), p.gradient.count(), 0.0f);
  }
}

Tape::Node& Tape::begin(const char* op, const Shape& shape, Var& out) {
  if (static_cast<std::size_t>(used_) == nodes_.size()) nodes_.emplace_back();
  out.id = used_++;
  Node& n = nodes_[static_cast<std::size_t>(out.id)];
  n.op = op;
  n.shape = shape;
  n.input_count = 0;
  n.backward = nullptr;
  n.parameter = nullptr;
  n.alias_of = -1;
  n.wants_gradient = n.has_gradient = n.passed_on = false;
  n.index_count = 0;
  return n;
}

Var Tape::input(ConstView value) {
  Var out;
  Node& n = begin("input", value.shape(), out);
  copy(value, grown(n.value, value.count()));
  return out;
}

Var Tape::variable(ConstView value) {
  const Var out = input(value);
  nodes_[index(out)].wants_gradient = recording_;
  return out;
}

Var Tape::parameter(Parameter& parameter) {
  Var out;
  Node& n = begin("parameter", parameter.value.shape(), out);
  n.parameter = &parameter;
  n.wants_gradient = recording_ && !parameter.frozen;
  return out;
}

Var Tape::node(const char* op, const Shape& shape, std::span<const Var> inputs, Backward on_backward) {
  assert(inputs.size() <= static_cast<std::size_t>(max_inputs));
  bool wanted = false;
  for (const Var v : inputs) wanted = wanted || wants_gradient(v);
  Var out;
  Node& n = begin(op, shape, out);
  n.input_count = static_cast<int>(inputs.size());
  std::copy(inputs.begin(), inputs.end(), n.inputs);
  n.wants_gradient = wanted && recording_;
  n.backward = n.wants_gradient ? on_backward : nullptr;
  grown(n.value, shape.count());
  return out;
}

Var Tape::alias(const char* op, const Shape& shape, Var x, Backward on_backward) {
  assert(shape.count() == nodes_[index(x)].shape.count() && "an alias keeps the number of elements");
  const std::size_t memory = owner(x);
  const bool wanted = wants_gradient(x);
  Var out;
  Node& n = begin(op, shape, out);
  n.input_count = 1;
  n.inputs[0] = x;
  n.alias_of = static_cast<int>(memory);
  n.wants_gradient = wanted && recording_;
  n.backward = n.wants_gradient ? on_backward : nullptr;
  return out;
}

std::size_t Tape::owner(Var v) const {
  const Node& n = nodes_[index(v)];
  return n.alias_of >= 0 ? static_cast<std::size_t>(n.alias_of) : static_cast<std::size_t>(v.id);
}

View Tape::scratch(Var out, int slot, const Shape& shape) {
  Node& n = nodes_[index(out)];
  n.scratch_shape[slot] = shape;
  return {grown(n.scratch[slot], shape.count()), shape};
}

View Tape::scratch(Var out, int slot) {
  Node& n = nodes_[index(out)];
  return {n.scratch[slot].data(), n.scratch_shape[slot]};
}

std::span<int> Tape::indices(Var out, std::ptrdiff_t count) {
  Node& n = nodes_[index(out)];
  if (n.indices.size() < static_cast<std::size_t>(count)) n.indices.resize(static_cast<std::size_t>(count));
  n.index_count = count;
  return {n.indices.data(), static_cast<std::size_t>(count)};
}

std::span<int> Tape::indices(Var out) {
  Node& n = nodes_[index(out)];
  return {n.indices.data(), static_cast<std::size_t>(n.index_count)};
}

View Tape::value(Var v) {
  Node& n = nodes_[owner(v)];
  return {n.parameter ? n.parameter->value.data() : n.value.data(), nodes_[index(v)].shape};
}

ConstView Tape::value(Var v) const {
  const Node& n = nodes_[owner(v)];
  return {n.parameter ? n.parameter->value.data() : n.value.data(), nodes_[index(v)].shape};
}

Tape::Target Tape::gradient_target(Var v) {
  assert(wants_gradient(v) && "this value wants no gradient");
  Node& n = nodes_[owner(v)];
  if (n.parameter) {
    Parameter& p = *n.parameter;
    if (!(p.gradient.shape() == p.value.shape())) p.gradient = Tensor(p.value.shape());
    return {{p.gradient.data(), nodes_[index(v)].shape}, false};
  }
  const bool fresh = !n.has_gradient;
  n.has_gradient = true;
  return {{grown(n.gradient, n.shape.count()), nodes_[index(v)].shape}, fresh};
}

View Tape::gradient(Var v) {
  const Target target = gradient_target(v);
  if (target.fresh) std::fill_n(target.view.data(), target.view.count(), 0.0f);
  return target.view;
}

void Tape::backward(Var scalar) {
  assert(shape(scalar).count() == 1 && "backward() starts from one number; give a gradient otherwise");
  const float one = 1.0f;
  backward(scalar, ConstView(&one, shape(scalar)));
}

void Tape::backward(Var out, ConstView gradient_of_out) {
  if (!wants_gradient(out)) return;
  assert(gradient_of_out.shape() == shape(out));
  for (int id = 0; id < used_; ++id) {
    Node& n = nodes_[static_cast<std::size_t>(id)];
    if (n.passed_on) n.has_gradient = n.passed_on = false;
  }
  const View target = gradient(out);
  for (std::ptrdiff_t i = 0; i < target.count(); ++i) target.data()[i] += gradient_of_out.data()[i];
  for (int id = out.id; id >= 0; --id) {
    Node& n = nodes_[static_cast<std::size_t>(id)];
    if (!n.backward || !nodes_[owner({id})].has_gradient) continue;
    n.backward(*this, {id});
    n.passed_on = n.alias_of < 0;  // an alias's memory is its owner's, which comes later on the way back
  }
}

void Tape::rewind() { used_ = 0; }

std::string Tape::first_not_finite() {
  for (int id = 0; id < used_; ++id) {
    const ConstView v = value(Var{id});
    if (all_finite(v.data(), v.count())) continue;
    const Node& n = nodes_[static_cast<std::size_t>(id)];
    return n.parameter ? n.parameter->name : std::string(n.op) + " " + std::to_string(id);
  }
  for (int id = used_ - 1; id >= 0; --id) {
    Node& n = nodes_[static_cast<std::size_t>(id)];
    if (!n.wants_gradient) continue;
    if (n.parameter) {
      const Tensor& gradient = n.parameter->gradient;  // empty before the first backward
      if (!gradient.empty() && !all_finite(gradient.data(), gradient.count()))
        return "gradient of " + n.parameter->name;
    } else if (n.has_gradient && !all_finite(n.gradient.data(), n.shape.count())) {
      return "gradient of " + std::string(n.op) + " " + std::to_string(id);
    }
  }
  return {};
}

std::size_t Tape::bytes() const {
  std::size_t floats = 0, ints = 0;
  for (const Node& n : nodes_) {
    floats += n.value.size() + n.gradient.size();
    for (const Memory& memory : n.scratch) floats += memory.size();
    ints += n.indices.size();
  }
  return floats * sizeof(float) + ints * sizeof(int);
}

}  // namespace cvlab
