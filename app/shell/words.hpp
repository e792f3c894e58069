// The words of one language: labels, helps, sentences. Keys are dotted ("convolution.kernel.sobel-x").
// Source: words.<lang>.json in app/shell/ and in each demo's folder, merged into the program by CMake.
#pragma once

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace cvlab::app {

class Words {
 public:
  explicit Words(std::string_view language = "en");  // "en" or "fr"; anything else falls back to English
  std::string_view language() const { return language_; }
  // The text of `key`; a missing key returns the key itself (a test keeps both languages complete).
  const char* operator()(std::string_view key) const;
  // "{0}" and "{1}" replaced by the arguments.
  std::string format(std::string_view key, std::initializer_list<std::string_view> args) const;
  bool has(std::string_view key) const;
  std::string sentence(const Error& error) const;  // "error.<id>" with its arguments, else the English sentence
  std::string number(double value, int significant_digits) const;  // decimal comma in French

  const std::map<std::string, std::string, std::less<>>& all() const { return words_; }

 private:
  std::string language_;
  std::map<std::string, std::string, std::less<>> words_;
  mutable std::set<std::string, std::less<>> missing_;  // keeps the texts that operator() hands out for missing keys
};

}  // namespace cvlab::app
