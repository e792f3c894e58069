// "12", "-0.25", "1.5": a plain decimal number of up to 15 digits, the nearest double to it on every platform (not
// every standard library reads numbers independently of the locale).
#pragma once

#include <string_view>

namespace cvlab {

inline bool read_decimal(std::string_view text, double& value) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  double digits = 0.0, unit = 1.0;  // both exact up to 10^15
  int count = 0;
  bool fraction = false;
  for (const char c : text) {
    if (c == '.' && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9' && count < 15) {
      digits = digits * 10.0 + (c - '0');
      unit = fraction ? unit * 10.0 : unit;
      ++count;
    } else {
      return false;
    }
  }
  value = (negative ? -digits : digits) / unit;
  return count > 0;
}

}  // namespace cvlab
