// The values of one demo's parameters. Every change bumps `version()`, so a demo recomputes only then.
// The text form "kernel=sobel-x&cell=5,7" (URL query, percent-encoded, only what differs from the default,
// in table order) is the state: URL, embed attributes, `--set` and saved links all read and write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/shell/param.hpp"
#include "core/result.hpp"

namespace cvlab::app {

struct Cell {
  int row = 0;  // from 0 in code; the text form counts from 1
  int column = 0;
  bool operator==(const Cell&) const = default;
};

class State {
 public:
  explicit State(const ParamTable& table);

  // Refuses an unknown id, a malformed value and one out of range with a sentence; the old value stays.
  Result<void> set(std::string_view id, std::string_view text);
  // All pairs of a URL query; sets what is right and returns the first error, if any. Ids in `reserved`
  // (page options such as "lang") are passed over.
  Result<void> set_all(std::string_view query);
  std::string text() const;
  void reset();

  // Typed reading; asserts that the id exists with that type.
  int integer(std::string_view id) const;
  double real(std::string_view id) const;
  bool toggle(std::string_view id) const;
  std::string_view choice(std::string_view id) const;  // also picture and text: the raw text
  Cell cell(std::string_view id) const;
  // Row-major values of a matrix parameter.
  const std::vector<double>& matrix(std::string_view id, int& rows, int& columns) const;

  std::string_view raw(std::string_view id) const;  // the canonical text of any parameter
  bool is_default(std::string_view id) const;
  bool visible(const Param& param) const;  // only_if / only_value

  const ParamTable& table() const { return *table_; }
  std::uint64_t version() const { return version_; }

  static std::string format(Cell cell);     // "5,7"
  static std::string format(double value);  // shortest round-trip text
  static std::string format(const std::vector<double>& values, int rows, int columns);

 private:
  struct Entry {
    std::string text;
    double number = 0.0;
    Cell cell;
    std::vector<double> matrix;
    int rows = 0;
    int columns = 0;
  };
  static Result<Entry> parse(const Param& param, std::string_view text);
  std::size_t index(std::string_view id) const;

  const ParamTable* table_;
  std::vector<Entry> entries_;
  std::uint64_t version_ = 1;
};

}  // namespace cvlab::app
