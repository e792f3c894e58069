#include "app/shell/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/shell/embedded_words.hpp"

namespace cvlab::app {

Words::Words(std::string_view language) : language_(language == "fr" ? "fr" : "en") {
  for (const EmbeddedWords& file : embedded_words()) {
    if (file.language != language_) continue;
    const nlohmann::json json = nlohmann::json::parse(file.json, nullptr, false);
    if (!json.is_object()) continue;  // a test reads every file and names the broken one
    for (const auto& [key, value] : json.items()) {
      if (value.is_string()) words_[key] = value.get<std::string>();
    }
  }
}

const char* Words::operator()(std::string_view key) const {
  if (const auto found = words_.find(key); found != words_.end()) return found->second.c_str();
  return missing_.emplace(key).first->c_str();
}

std::string Words::format(std::string_view key, std::initializer_list<std::string_view> args) const {
  std::string text = (*this)(key);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool mark = text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}';
    const std::size_t index = mark ? static_cast<std::size_t>(text[i + 1] - '0') : args.size();
    if (index < args.size()) {
      out += *(args.begin() + index);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool Words::has(std::string_view key) const { return words_.find(key) != words_.end(); }

std::string Words::sentence(const Error& error) const {
  const std::string key = "error." + error.id;
  if (!has(key)) return error.sentence;
  std::array<std::string_view, 8> args{};
  std::copy_n(error.args.begin(), std::min(args.size(), error.args.size()), args.begin());
  return format(key, {args[0], args[1], args[2], args[3], args[4], args[5], args[6], args[7]});
}

std::string Words::number(double value, int significant_digits) const {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  std::array<char, 64> buffer{};
  const double size = std::abs(value);
  // A count is read in full, not as 2.62e+05; so is the whole part of any number below a thousand million.
  const bool whole = size < 1e9 && (value == std::round(value) || size >= std::pow(10.0, significant_digits));
  if (whole) {
    std::snprintf(buffer.data(), buffer.size(), "%.0f", value);
  } else {
    std::snprintf(buffer.data(), buffer.size(), "%.*g", std::clamp(significant_digits, 1, 17), value);
  }
  std::string out;
  std::string_view printed = buffer.data();
  std::string exponent;
  if (const std::size_t e = printed.find('e'); e != std::string_view::npos) {  // e-07 is e-7 for people
    const std::size_t digit = std::min(printed.find_first_not_of('0', e + 2), printed.size());
    exponent = std::string(printed.substr(e, 2)) + std::string(printed.substr(digit));
    printed = printed.substr(0, e);
  }
  for (const char c : std::string(printed) + exponent) {
    if (c == '-') {
      out += "−";
    } else if (c == '.' || c == ',') {  // printf follows the C locale of the program, whatever it is
      out += language_ == "fr" ? ',' : '.';
    } else if (c != '+') {
      out += c;
    }
  }
  return out == "−0" ? "0" : out;
}

}  // namespace cvlab::app
