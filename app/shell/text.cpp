#include "app/shell/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <version>

namespace cvlab::app {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool stays_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
         std::string_view("-._~,;:/").find(c) != std::string_view::npos;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Scan {
  bool valid = false;
  bool zero = true;  // every digit of the mantissa is 0
};

// [+-] digits [. digits] [e [+-] digits], with a digit on at least one side of the point.
Scan scan_number(std::string_view text) {
  Scan scan;
  std::size_t at = 0;
  const auto digits = [&](bool mantissa) {
    const std::size_t first = at;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (mantissa && text[at] != '0') scan.zero = false;
    }
    return at - first;
  };
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  std::size_t count = digits(true);
  if (at < text.size() && text[at] == '.') {
    ++at;
    count += digits(true);
  }
  if (count == 0) return scan;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits(false) == 0) return scan;
  }
  scan.valid = at == text.size();
  return scan;
}

// Length of the well-formed UTF-8 character at `at`, 0 when there is none (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(at);
  const unsigned second = byte(at + 1);
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return tail(at + 1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    const bool shortest = (first != 0xE0U || second >= 0xA0U) && (first != 0xEDU || second < 0xA0U);
    return tail(at + 1) && tail(at + 2) && shortest ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    const bool shortest = (first != 0xF0U || second >= 0x90U) && (first != 0xF4U || second < 0x90U);
    return tail(at + 1) && tail(at + 2) && tail(at + 3) && shortest ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (stays_plain(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

std::optional<double> parse_number(std::string_view text) {
  if (text.size() > 400) return std::nullopt;  // longer than any double needs
  const Scan scan = scan_number(text);
  if (!scan.valid) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0.0;
#if defined(__cpp_lib_to_chars)
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
#else
  // A standard library without from_chars for double is libc++ on musl here, whose strtod knows no locale.
  value = std::strtod(std::string(text).c_str(), nullptr);
#endif
  if (!std::isfinite(value) || (value == 0.0 && !scan.zero)) return std::nullopt;
  return value;
}

std::string format_number(double value) {
  if (value == 0.0) return "0";
  std::array<char, 40> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string for_display(std::string_view text, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (out.size() + length > limit) return out + "…";
    const auto byte = static_cast<unsigned char>(text[i]);
    if (length == 0 || byte < 0x20U || byte == 0x7FU) {
      out += '?';
      ++i;
      continue;
    }
    out.append(text.substr(i, length));
    i += length;
  }
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace cvlab::app
