#include "cli/number.hpp"

#include <cmath>

namespace cvlab::cli {

CLI::Validator number(double low, double high) {
  const std::string from = CLI::detail::to_string(low);
  const std::string to = CLI::detail::to_string(high);
  return {[=](std::string& text) {
            double value = 0.0;
            if (CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value >= low && value <= high)
              return std::string();
            return "\"" + text + "\" is not a number from " + from + " to " + to;
          },
          "NUMBER in [" + from + " - " + to + "]"};
}

}  // namespace cvlab::cli
