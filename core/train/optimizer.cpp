#include "core/train/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "core/data/decimal.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/train/update.hpp"

namespace cvlab {

namespace {

constexpr OptimizerKind all_kinds[] = {OptimizerKind::sgd,     OptimizerKind::momentum, OptimizerKind::nesterov,
                                       OptimizerKind::adagrad, OptimizerKind::rmsprop,  OptimizerKind::adam,
                                       OptimizerKind::adamw};

constexpr std::ptrdiff_t block = 4096;          // numbers: gradient, parameter and moments fit into the first cache
constexpr std::ptrdiff_t blocks_of_thread = 8;  // fewer are not worth waking another thread

bool takes_part(const Parameter& p) { return !p.frozen && p.gradient.shape() == p.value.shape(); }

void make_moment(bool used, Tensor& moment, const Shape& shape) {
  if (used && !(moment.shape() == shape)) moment = Tensor(shape);
}

}  // namespace

const char* name(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::sgd:
      return "sgd";
    case OptimizerKind::momentum:
      return "momentum";
    case OptimizerKind::nesterov:
      return "nesterov";
    case OptimizerKind::adagrad:
      return "adagrad";
    case OptimizerKind::rmsprop:
      return "rmsprop";
    case OptimizerKind::adam:
      return "adam";
    case OptimizerKind::adamw:
      return "adamw";
  }
  return "";
}

Result<OptimizerKind> parse_optimizer(std::string_view text) {
  std::string known;
  for (const OptimizerKind kind : all_kinds) {
    if (text == name(kind)) return kind;
    known += (known.empty() ? "" : ", ") + std::string(name(kind));
  }
  const std::string asked(text.substr(0, 40));
  return Error{"optimizer-unknown",
               "There is no optimizer \"" + asked + "\"; the known ones are " + known + ".",
               {asked, known}};
}

float Optimizer::step(std::span<Parameter> parameters, float learning_rate_factor) {
  first_.resize(parameters.size());
  second_.resize(parameters.size());
  double total = 0.0;
  if (params_.clip_norm > 0.0f) {
    for (const Parameter& p : parameters)
      if (takes_part(p)) total += sum_of_squares(p.gradient.data(), p.gradient.count());
    if (!std::isfinite(total)) return static_cast<float>(std::sqrt(total));
  }
  // As torch.nn.utils.clip_grad_norm_ does it.
  const double norm_before = std::sqrt(total);
  const auto factor =
      params_.clip_norm > 0.0f
          ? static_cast<float>(std::min(1.0, static_cast<double>(params_.clip_norm) / (norm_before + 1e-6)))
          : 1.0f;
  const UpdateConstants<float> constants =
      update_constants(params_, params_.learning_rate * learning_rate_factor, ++steps_, factor);
  total = 0.0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!takes_part(parameters[i])) continue;
    make_moment(uses_first_moment(params_.kind), first_[i], parameters[i].value.shape());
    make_moment(uses_second_moment(params_.kind), second_[i], parameters[i].value.shape());
    total += update_one(constants, parameters[i], first_[i], second_[i]);
  }
  return static_cast<float>(std::sqrt(total));
}

// Norm and update of a block while it is in the cache. A block whose gradient is not finite is left alone, so that what
// went wrong can be told from parameters that are still numbers.
double Optimizer::update_one(const UpdateConstants<float>& constants, Parameter& p, Tensor& first, Tensor& second) {
  const std::ptrdiff_t count = p.value.count(), blocks = (count + block - 1) / block;
  if (norms_.size() < static_cast<std::size_t>(blocks)) norms_.resize(static_cast<std::size_t>(blocks));
  float* const m = first.empty() ? nullptr : first.data();
  float* const v = second.empty() ? nullptr : second.data();
  parallel_for(0, blocks, blocks_of_thread, [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    for (std::ptrdiff_t b = from; b < to; ++b) {
      const std::ptrdiff_t at = b * block, n = std::min(block, count - at);
      const double norm = sum_of_squares(p.gradient.data() + at, n);
      norms_[static_cast<std::size_t>(b)] = norm;
      if (std::isfinite(norm))
        update(constants, n, p.gradient.data() + at, p.value.data() + at, m ? m + at : nullptr, v ? v + at : nullptr);
    }
  });
  double sum = 0.0;  // always in the same order, whatever thread did which
  for (std::ptrdiff_t b = 0; b < blocks; ++b) sum += norms_[static_cast<std::size_t>(b)];
  return sum;
}

float Schedule::factor(int step_number) const {
  if (step_number < warmup_steps) return static_cast<float>(step_number + 1) / static_cast<float>(warmup_steps);
  switch (kind) {
    case ScheduleKind::constant:
      return 1.0f;
    case ScheduleKind::step: {
      if (step_every <= 0) return 1.0f;
      return static_cast<float>(std::pow(static_cast<double>(step_factor), step_number / step_every));
    }
    case ScheduleKind::cosine: {
      if (total_steps <= warmup_steps) return 1.0f;
      const double done = static_cast<double>(step_number - warmup_steps) / (total_steps - warmup_steps);
      return static_cast<float>(0.5 + 0.5 * std::cos(std::numbers::pi * std::min(done, 1.0)));
    }
  }
  return 1.0f;
}

Result<Schedule> parse_schedule(std::string_view text, int total_steps, int steps_per_epoch) {
  Schedule schedule;
  schedule.total_steps = total_steps;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    double value = 0.0;
    bool good = equals == std::string_view::npos || read_decimal(word.substr(equals + 1), value);
    const bool has_value = equals != std::string_view::npos;
    if (key == "constant" && !has_value) {
      schedule.kind = ScheduleKind::constant;
    } else if (key == "cosine" && !has_value) {
      schedule.kind = ScheduleKind::cosine;
    } else if (key == "step" && has_value && value > 0.0 && value <= 1e6) {
      schedule.kind = ScheduleKind::step;
      schedule.step_every = std::max(1, static_cast<int>(value * steps_per_epoch));
    } else if (key == "factor" && has_value && value > 0.0 && value <= 1.0) {
      schedule.step_factor = static_cast<float>(value);
    } else if (key == "warmup" && has_value && value >= 0.0 && value <= 1e6) {
      schedule.warmup_steps = static_cast<int>(value * steps_per_epoch);
    } else {
      good = false;
    }
    if (!good) {
      const std::string asked(word.substr(0, 40));
      return Error{"schedule-unknown",
                   "The schedule cannot be read at \"" + asked +
                       "\"; it is constant, cosine or step=EPOCHS with factor=0.1, each with warmup=EPOCHS if wanted.",
                   {asked}};
    }
  }
  return schedule;
}

}  // namespace cvlab
