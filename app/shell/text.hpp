// Text at the borders: URL percent-encoding, numbers without a locale, and what may be shown of a hostile string.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cvlab::app {

// Everything but letters, digits and -._~,;:/ becomes %XX, so a state stays readable inside a URL.
std::string percent_encode(std::string_view text);
// '+' is a space, as in a form; a '%' that starts no %XX stands for itself.
std::string percent_decode(std::string_view text);

// A decimal number with a point, nothing before or after it; empty for anything else, for what overflows a double and
// for what underflows to zero.
std::optional<double> parse_number(std::string_view text);
std::string format_number(double value);  // shortest text that reads back as the same double; -0 is "0"

bool is_utf8(std::string_view text);
// At most `limit` bytes of valid UTF-8 without control characters, with "…" where something was cut.
std::string for_display(std::string_view text, std::size_t limit = 60);
std::string_view trim(std::string_view text);

}  // namespace cvlab::app
