#include <algorithm>

#include "core/autodiff/functions.hpp"
#include "core/autodiff/recording.hpp"
#include "core/ops/cross_entropy.hpp"
#include "core/ops/losses.hpp"

namespace cvlab {

using namespace recording;

namespace {

// A node for a loss: one number.
template <class... Vars>
Var loss(Tape& tape, const char* name, Tape::Backward backward, Vars... vars) {
  return tape.node(name, {1}, inputs(vars...), backward);
}

void keep_labels(Tape& tape, Var out, std::span<const int> labels) {
  const std::span<int> kept = tape.indices(out, static_cast<std::ptrdiff_t>(labels.size()));
  std::copy(labels.begin(), labels.end(), kept.begin());
}

std::span<const float> as_span(ConstView view) { return {view.data(), static_cast<std::size_t>(view.count())}; }

}  // namespace

Var mse_loss(Tape& tape, Var prediction, Var target) {
  const auto backward = [](Tape& t, Var out) {
    mse_backward<float>(value_of(t, out, 0), value_of(t, out, 1), loss_gradient(t, out), gradient_of(t, out, 0),
                        gradient_of(t, out, 1));
  };
  const Var out = loss(tape, "mse_loss", backward, prediction, target);
  tape.value(out).data()[0] = mse_forward<float>(tape.value(prediction), tape.value(target));
  return out;
}

Var mae_loss(Tape& tape, Var prediction, Var target) {
  const auto backward = [](Tape& t, Var out) {
    mae_backward<float>(value_of(t, out, 0), value_of(t, out, 1), loss_gradient(t, out), gradient_of(t, out, 0),
                        gradient_of(t, out, 1));
  };
  const Var out = loss(tape, "mae_loss", backward, prediction, target);
  tape.value(out).data()[0] = mae_forward<float>(tape.value(prediction), tape.value(target));
  return out;
}

Var huber_loss(Tape& tape, Var prediction, Var target, float delta) {
  const auto backward = [](Tape& t, Var out) {
    huber_backward<float>(t.attributes<float>(out), value_of(t, out, 0), value_of(t, out, 1), loss_gradient(t, out),
                          gradient_of(t, out, 0), gradient_of(t, out, 1));
  };
  const Var out = loss(tape, "huber_loss", backward, prediction, target);
  tape.attributes<float>(out) = delta;
  tape.value(out).data()[0] = huber_forward<float>(delta, tape.value(prediction), tape.value(target));
  return out;
}

Var binary_cross_entropy_with_logits(Tape& tape, Var logits, Var target) {
  const auto backward = [](Tape& t, Var out) {
    binary_cross_entropy_backward(value_of(t, out, 0), value_of(t, out, 1), loss_gradient(t, out),
                                  gradient_of(t, out, 0));
  };
  assert(!tape.wants_gradient(target) && "binary_cross_entropy_with_logits: the target has no gradient");
  const Var out = loss(tape, "binary_cross_entropy", backward, logits, target);
  tape.value(out).data()[0] = binary_cross_entropy_forward(tape.value(logits), tape.value(target));
  return out;
}

// Scratch 0: probabilities, 1: class weights (no numbers: none).
Var cross_entropy(Tape& tape, Var logits, std::span<const int> labels, std::span<const float> class_weights,
                  float label_smoothing) {
  const auto backward = [](Tape& t, Var out) {
    const Tape::Target dx = target_of(t, out, 0);
    cross_entropy_backward(t.scratch(out, 0), t.indices(out), as_span(t.scratch(out, 1)), t.attributes<float>(out),
                           loss_gradient(t, out), dx.view, !dx.fresh);
  };
  const Var out = loss(tape, "cross_entropy", backward, logits);
  tape.attributes<float>(out) = label_smoothing;
  keep_labels(tape, out, labels);
  const View weights = tape.scratch(out, 1, {static_cast<std::ptrdiff_t>(class_weights.size())});
  std::copy(class_weights.begin(), class_weights.end(), weights.data());
  tape.value(out).data()[0] = cross_entropy_forward(tape.value(logits), labels, class_weights, label_smoothing,
                                                    tape.scratch(out, 0, tape.shape(logits)));
  return out;
}

Var gaussian_kl(Tape& tape, Var mean, Var log_variance) { return gaussian_kl(tape, mean, log_variance, {}, {}); }

Var gaussian_kl(Tape& tape, Var mean, Var log_variance, Var mean2, Var log_variance2) {
  const auto backward = [](Tape& t, Var out) {
    gaussian_kl_backward<float>(value_of(t, out, 0), value_of(t, out, 1), value_of(t, out, 2), value_of(t, out, 3),
                                loss_gradient(t, out), gradient_of(t, out, 0), gradient_of(t, out, 1));
  };
  assert(!tape.wants_gradient(mean2) && !tape.wants_gradient(log_variance2) &&
         "gaussian_kl: the second has no gradient");
  const Var out = loss(tape, "gaussian_kl", backward, mean, log_variance, mean2, log_variance2);
  tape.value(out).data()[0] = gaussian_kl_forward<float>(value_of(tape, out, 0), value_of(tape, out, 1),
                                                         value_of(tape, out, 2), value_of(tape, out, 3));
  return out;
}

Var categorical_kl(Tape& tape, Var log_q, Var p) {
  const auto backward = [](Tape& t, Var out) {
    categorical_kl_backward<float>(value_of(t, out, 1), loss_gradient(t, out), gradient_of(t, out, 0));
  };
  assert(!tape.wants_gradient(p) && "categorical_kl: p has no gradient");
  const Var out = loss(tape, "categorical_kl", backward, log_q, p);
  tape.value(out).data()[0] = categorical_kl_forward<float>(tape.value(log_q), tape.value(p));
  return out;
}

Var hinge_loss(Tape& tape, Var scores, std::span<const int> labels, float margin) {
  const auto backward = [](Tape& t, Var out) {
    hinge_backward<float>(t.attributes<float>(out), value_of(t, out, 0), t.indices(out), loss_gradient(t, out),
                          gradient_of(t, out, 0));
  };
  const Var out = loss(tape, "hinge_loss", backward, scores);
  tape.attributes<float>(out) = margin;
  keep_labels(tape, out, labels);
  tape.value(out).data()[0] = hinge_forward<float>(margin, tape.value(scores), labels);
  return out;
}

Var triplet_loss(Tape& tape, Var anchor, Var positive, Var negative, float margin) {
  const auto backward = [](Tape& t, Var out) {
    triplet_backward<float>(t.attributes<float>(out), value_of(t, out, 0), value_of(t, out, 1), value_of(t, out, 2),
                            loss_gradient(t, out), gradient_of(t, out, 0), gradient_of(t, out, 1),
                            gradient_of(t, out, 2));
  };
  const Var out = loss(tape, "triplet_loss", backward, anchor, positive, negative);
  tape.attributes<float>(out) = margin;
  tape.value(out).data()[0] =
      triplet_forward<float>(margin, tape.value(anchor), tape.value(positive), tape.value(negative));
  return out;
}

Var dice_loss(Tape& tape, Var logits, Var target) {
  const auto backward = [](Tape& t, Var out) {
    dice_backward(value_of(t, out, 0), value_of(t, out, 1), loss_gradient(t, out), gradient_of(t, out, 0));
  };
  assert(!tape.wants_gradient(target) && "dice_loss: the target has no gradient");
  const Var out = loss(tape, "dice_loss", backward, logits, target);
  tape.value(out).data()[0] = dice_forward(tape.value(logits), tape.value(target));
  return out;
}

}  // namespace cvlab
