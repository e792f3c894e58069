// The exponentially weighted mean of a noisy sequence, without the pull towards 0 at its beginning:
//   m_t = decay m_{t-1} + (1 - decay) x_t,  value = m_t / (1 - decay^t).
// Source: D. Kingma, J. Ba, Adam, arXiv:1412.6980, section 3 (bias correction).
#pragma once

#include <limits>

namespace cvlab {

class RunningMean {
 public:
  explicit RunningMean(double decay) : decay_(decay) {}

  double add(double x) {  // returns the value
    mean_ = decay_ * mean_ + (1.0 - decay_) * x;
    power_ *= decay_;
    return value();
  }
  double value() const {
    return power_ < 1.0 ? mean_ / (1.0 - power_) : std::numeric_limits<double>::quiet_NaN();  // NaN before the first x
  }

 private:
  double decay_;
  double mean_ = 0.0;
  double power_ = 1.0;
};

}  // namespace cvlab
