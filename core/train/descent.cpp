#include "core/train/descent.hpp"

#include <cassert>

#include "core/train/update.hpp"

namespace cvlab {

void Descent::step(std::span<double> values, std::span<const double> gradient, double factor) {
  assert(values.size() == gradient.size());
  first.resize(values.size(), 0.0);
  second.resize(values.size(), 0.0);
  UpdateConstants<double> constants =
      update_constants(params, static_cast<double>(params.learning_rate) * factor, ++steps, 1.0);
  // The last bit of pow() is not the same in every library; rounded to float it is, so that a path is the same
  // everywhere.
  constants.rate = static_cast<double>(static_cast<float>(constants.rate));
  constants.root_correction = static_cast<double>(static_cast<float>(constants.root_correction));
  update_ref(constants, static_cast<std::ptrdiff_t>(values.size()), gradient.data(), values.data(), first.data(),
             second.data());
}

}  // namespace cvlab
