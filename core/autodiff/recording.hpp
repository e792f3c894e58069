// What the functions on the tape have in common. Not for other code.
#pragma once

#include <array>

#include "core/autodiff/tape.hpp"

namespace cvlab::recording {

// Input i's value; empty for none (a missing bias).
inline ConstView value_of(Tape& tape, Var out, int i) {
  const Var v = tape.input_of(out, i);
  return v ? ConstView(tape.value(v)) : ConstView();
}

// The gradient of input i to add into; empty where none is wanted, which the ops pass over.
inline View gradient_of(Tape& tape, Var out, int i) {
  const Var v = tape.input_of(out, i);
  return tape.wants_gradient(v) ? tape.gradient(v) : View();
}

// Likewise, sparing the zeros: view empty where none is wanted.
inline Tape::Target target_of(Tape& tape, Var out, int i) {
  const Var v = tape.input_of(out, i);
  return tape.wants_gradient(v) ? tape.gradient_target(v) : Tape::Target{View(), false};
}

inline ConstView gradient_of_result(Tape& tape, Var out) { return tape.gradient(out); }

// A loss's own gradient: one number.
inline float loss_gradient(Tape& tape, Var out) { return tape.gradient(out).data()[0]; }

template <class... Vars>
std::array<Var, sizeof...(Vars)> inputs(Vars... vars) {
  return {vars...};
}

}  // namespace cvlab::recording
