// Reverse-mode differentiation over tensors. A tape records the ops of one forward pass; backward() walks them in
// reverse. A rewound tape reuses its memory: after the first step of a training loop nothing is allocated.
//
//   tape.rewind();
//   Var x = tape.input(batch);                       // no gradient
//   Var w = tape.parameter(weight);                  // its gradient goes into weight.gradient and accumulates
//   Var loss = cross_entropy(tape, linear(tape, x, w, b), labels);
//   tape.backward(loss);
//
// autodiff/functions.hpp has one function for each op: its forward, and its backward recorded with what it needs.
// Values are contiguous, row-major. Not for two threads at once; the ops inside use all cores.
// Source: A. Griewank, A. Walther, Evaluating Derivatives, 2008, chapter 3.2 (reverse mode).
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/tensor/tensor.hpp"

namespace cvlab {

struct Parameter {
  std::string name;  // "conv1.weight": the key in safetensors
  Tensor value;
  Tensor gradient;      // same shape; backward() adds into it, zero_gradients() clears it
  bool frozen = false;  // transfer learning: no gradient, no update
};

void zero_gradients(std::span<Parameter> parameters);

struct Var {  // a value on a tape, until rewind(); id -1 stands for "none" (no bias)
  int id = -1;
  explicit operator bool() const { return id >= 0; }
};

class Tape {
 public:
  static constexpr int max_inputs = 8;
  static constexpr int max_attribute_bytes = 128;
  using Backward = void (*)(Tape& tape, Var out);

  // Leaves. input() copies; variable() copies too, and its gradient can be read after backward().
  Var input(ConstView value);
  Var variable(ConstView value);
  // Refers to the parameter, which must stay where it is until rewind(). The same parameter may be used many times.
  Var parameter(Parameter& parameter);

  // --- for those who write a function ---------------------------------------------------------------------------
  // A result of `shape`, contents undefined. `op` (a literal) names it in messages. `on_backward` runs when
  // gradient(out) is complete: it adds into the gradient of every input that wants one.
  Var node(const char* op, const Shape& shape, std::span<const Var> inputs, Backward on_backward);
  // The same memory as x under another shape (same count): value and gradient are shared, backward does nothing for a
  // reshape. An op may also compute in place this way, when x has no other consumer and its producer's backward does
  // not need x: then `on_backward` turns the gradient of the output into that of x where it lies.
  Var alias(const char* op, const Shape& shape, Var x, Backward on_backward = nullptr);
  // What backward needs besides values: a small struct, kept with the node.
  template <class Attributes>
  Attributes& attributes(Var out) {
    static_assert(std::is_trivially_copyable_v<Attributes> && sizeof(Attributes) <= max_attribute_bytes);
    return *reinterpret_cast<Attributes*>(nodes_[index(out)].attributes);
  }
  // Tensors and whole numbers kept with the node, contents undefined at first; slot 0 .. 3. Reused after rewind().
  View scratch(Var out, int slot, const Shape& shape);
  std::span<int> indices(Var out, std::ptrdiff_t count);
  std::span<int> indices(Var out);  // what was asked for last
  View scratch(Var out, int slot);  // likewise

  Var input_of(Var out, int i) const { return nodes_[index(out)].inputs[i]; }
  int input_count(Var out) const { return nodes_[index(out)].input_count; }
  bool wants_gradient(Var v) const { return v && nodes_[index(v)].wants_gradient; }
  // The gradient to add into; zeros at first. gradient_target() spares the zeros: when `fresh`, contents are undefined
  // and must be written whole; otherwise add.
  View gradient(Var v);
  struct Target {
    View view;
    bool fresh;
  };
  Target gradient_target(Var v);
  // ----------------------------------------------------------------------------------------------------------------

  View value(Var v);
  ConstView value(Var v) const;
  const Shape& shape(Var v) const { return nodes_[index(v)].shape; }
  const char* op(Var v) const { return nodes_[index(v)].op; }
  int size() const { return used_; }  // nodes since rewind(); Var{0} .. Var{size() - 1}, in order of computing

  // d scalar / d everything that wants a gradient; `scalar` has one element. May be called for several losses of one
  // forward pass: variables and parameters add up, what lies between shows the last call's gradient.
  void backward(Var scalar);
  // The same from a given gradient of `out`, added to what others put there.
  void backward(Var out, ConstView gradient_of_out);
  void rewind();

  // Off: nothing is remembered for backward, no gradient is wanted. See NoGradient.
  bool recording() const { return recording_; }
  void set_recording(bool on) { recording_ = on; }

  // The first value, in order of computing, that has a NaN or an infinity, as "relu 3" (op and its number on the
  // tape); then gradients, in order of backward, as "gradient of …". Empty when all are finite. Costs a pass.
  std::string first_not_finite();
  std::size_t bytes() const;  // memory held: values, gradients, scratch

 private:
  using Memory = std::vector<float, AlignedAllocator<float>>;
  struct Node {
    const char* op = "";
    Shape shape;
    Var inputs[max_inputs];
    int input_count = 0;
    Backward backward = nullptr;
    Parameter* parameter = nullptr;
    int alias_of = -1;  // owner of the memory
    bool wants_gradient = false;
    bool has_gradient = false;  // written since rewind()
    bool passed_on = false;     // by a backward(); the next one begins anew
    Memory value, gradient;
    Shape scratch_shape[4];
    Memory scratch[4];
    std::vector<int> indices;
    std::ptrdiff_t index_count = 0;
    alignas(16) unsigned char attributes[max_attribute_bytes];
  };

  std::size_t index(Var v) const {
    assert(v.id >= 0 && v.id < used_ && "a Var lives until its tape is rewound");
    return static_cast<std::size_t>(v.id);
  }
  Node& begin(const char* op, const Shape& shape, Var& out);
  std::size_t owner(Var v) const;

  std::deque<Node> nodes_;  // references to a node stay good while others are made
  int used_ = 0;
  bool recording_ = true;
};

// No-grad scope: evaluation remembers nothing.
class NoGradient {
 public:
  explicit NoGradient(Tape& tape) : tape_(tape), before_(tape.recording()) { tape.set_recording(false); }
  ~NoGradient() { tape_.set_recording(before_); }
  NoGradient(const NoGradient&) = delete;
  NoGradient& operator=(const NoGradient&) = delete;

 private:
  Tape& tape_;
  bool before_;
};

}  // namespace cvlab
