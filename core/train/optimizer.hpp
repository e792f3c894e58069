// Optimizers and learning-rate schedules, as PyTorch defines them (numbers saved from it).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/autodiff/tape.hpp"
#include "core/result.hpp"

namespace cvlab {

enum class OptimizerKind { sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw };
Result<OptimizerKind> parse_optimizer(std::string_view name);
const char* name(OptimizerKind kind);

struct OptimizerParams {
  OptimizerKind kind = OptimizerKind::adam;
  float learning_rate = 1e-3f;
  float momentum = 0.9f;               // momentum, nesterov
  float beta1 = 0.9f, beta2 = 0.999f;  // adam, adamw
  float alpha = 0.99f;                 // rmsprop
  float epsilon = 1e-8f;               // adagrad's default in PyTorch is 1e-10
  float weight_decay = 0.0f;           // added to the gradient; decoupled for adamw
  float clip_norm = 0.0f;              // of all gradients together; 0 = off
};

template <class T>
struct UpdateConstants;  // core/train/update.hpp, where the formulas are

class Optimizer {
 public:
  explicit Optimizer(const OptimizerParams& params) : params_(params) {}
  // One update of every parameter that is not frozen; gradients stay as they are. Returns their norm before clipping.
  // The parameters are the same ones, in the same order, at every call. Nothing is allocated after the first. Where the
  // gradient is not finite, the parameter keeps its value, and the norm says so.
  float step(std::span<Parameter> parameters, float learning_rate_factor = 1.0f);
  OptimizerParams& params() { return params_; }
  int steps() const { return steps_; }
  // Moments, one tensor a parameter (empty before the first step, or unused), for checkpoints.
  std::vector<Tensor>& first_moments() { return first_; }
  std::vector<Tensor>& second_moments() { return second_; }
  void set_steps(int steps) { steps_ = steps; }

 private:
  double update_one(const UpdateConstants<float>& constants, Parameter& p, Tensor& first, Tensor& second);

  OptimizerParams params_;
  int steps_ = 0;
  std::vector<Tensor> first_, second_;
  std::vector<double> norms_;  // squared, of blocks
};

enum class ScheduleKind { constant, step, cosine };
struct Schedule {
  ScheduleKind kind = ScheduleKind::constant;
  int warmup_steps = 0;  // (step + 1) / warmup_steps
  int total_steps = 0;   // cosine ends here at 0
  int step_every = 0;    // step: times step_factor every so many steps
  float step_factor = 0.1f;
  float factor(int step) const;  // multiplies the learning rate of step 0, 1, …
};
// "cosine", "step=2,factor=0.5", "cosine,warmup=1"; step and warmup count in epochs. "" = constant.
Result<Schedule> parse_schedule(std::string_view text, int total_steps, int steps_per_epoch);

}  // namespace cvlab
