#include "app/shell/state.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <optional>

#include "app/shell/text.hpp"

namespace cvlab::app {
namespace {

// Names of app/embed/README.md that belong to the page, never to a demo.
constexpr std::array<std::string_view, 8> reserved = {"demo", "lang",   "theme",  "panel",
                                                      "hide", "module", "motion", "dpr"};

constexpr std::size_t longest_value = 16384;  // bytes; a 15x15 matrix in full precision needs a third of it
constexpr double largest_matrix_value = 1e9;  // sums of 225 products of it with 255 stay far inside a float

struct Range {
  double low = 0.0;
  double high = 0.0;
};

// Rows and columns of a cell, rows and columns of a matrix, bytes of a text: what the table leaves open.
Range range_of(const Param& param) {
  if (param.max > param.min) return {param.min, param.max};
  switch (param.type) {
    case ParamType::cell:
      return {1.0, 100000.0};
    case ParamType::matrix:
      return {1.0, 15.0};
    case ParamType::text:
      return {0.0, static_cast<double>(longest_value)};
    default:
      return {param.min, param.max};
  }
}

std::string quoted(std::string_view id) {
  std::string out(1, '"');
  out += id;
  out += '"';
  return out;
}

std::string join(const std::vector<std::string_view>& parts) {
  std::string out;
  for (const std::string_view part : parts) {
    if (!out.empty()) out += ", ";
    out += part;
  }
  return out;
}

Error not_a_number(const Param& param, std::string_view text) {
  std::string shown = for_display(text);
  return {"state.number",
          quoted(param.id) + " needs a number, with a point for decimals; \"" + shown + "\" is not one.",
          {std::string(param.id), std::move(shown)}};
}

Error out_of_range(const Param& param, Range range, std::string_view text) {
  std::string low = format_number(range.low);
  std::string high = format_number(range.high);
  std::string shown = for_display(text);
  return {"state.range",
          quoted(param.id) + " lies between " + low + " and " + high + "; " + shown + " does not.",
          {std::string(param.id), std::move(low), std::move(high), std::move(shown)}};
}

Error not_whole(const Param& param, std::string_view text) {
  std::string shown = for_display(text);
  return {"state.integer",
          quoted(param.id) + " needs a whole number; " + shown + " is not one.",
          {std::string(param.id), std::move(shown)}};
}

Result<double> parse_integer(const Param& param, std::string_view text) {
  const std::optional<double> value = parse_number(text);
  if (!value) return not_a_number(param, text);
  if (*value != std::floor(*value)) return not_whole(param, text);
  if (*value < param.min || *value > param.max) return out_of_range(param, range_of(param), text);
  const double step = param.step > 0.0 ? param.step : 1.0;
  if (std::fmod(*value - param.min, step) != 0.0) {
    std::string from = format_number(param.min);
    std::string every = format_number(step);
    std::string shown = for_display(text);
    return Error{
        "state.step",
        quoted(param.id) + " goes in steps of " + every + " from " + from + "; " + shown + " lies between two steps.",
        {std::string(param.id), std::move(every), std::move(from), std::move(shown)}};
  }
  return *value;
}

Result<double> parse_real(const Param& param, std::string_view text) {
  const std::optional<double> value = parse_number(text);
  if (!value) return not_a_number(param, text);
  if (*value < param.min || *value > param.max) return out_of_range(param, range_of(param), text);
  return *value;
}

Result<double> parse_toggle(const Param& param, std::string_view text) {
  if (text == "1" || text == "true") return 1.0;
  if (text == "0" || text == "false") return 0.0;
  std::string shown = for_display(text);
  return Error{"state.toggle",
               quoted(param.id) + " is 0 or 1; \"" + shown + "\" is neither.",
               {std::string(param.id), std::move(shown)}};
}

Error not_a_choice(const Param& param, std::string_view text) {
  std::string shown = for_display(text);
  std::string choices = join(param.choices);
  return {"state.choice",
          quoted(param.id) + " is one of " + choices + "; \"" + shown + "\" is none of them.",
          {std::string(param.id), std::move(choices), std::move(shown)}};
}

Result<Cell> parse_cell(const Param& param, std::string_view text) {
  const std::size_t comma = text.find(',');
  std::string shown = for_display(text);
  const Error malformed{"state.cell",
                        quoted(param.id) + " needs a row and a column, as in 5,7; \"" + shown + "\" is not a cell.",
                        {std::string(param.id), shown}};
  if (comma == std::string_view::npos) return malformed;
  const std::optional<double> row = parse_number(trim(text.substr(0, comma)));
  const std::optional<double> column = parse_number(trim(text.substr(comma + 1)));
  if (!row || !column || *row != std::floor(*row) || *column != std::floor(*column)) return malformed;
  const Range range = range_of(param);
  for (const double value : {*row, *column}) {
    if (value < range.low || value > range.high) return out_of_range(param, range, text);
  }
  return Cell{static_cast<int>(*row) - 1, static_cast<int>(*column) - 1};
}

struct Matrix {
  std::vector<double> values;
  int rows = 0;
  int columns = 0;
};

// A new line ends a row as ';' does, and together they end one: matrices are pasted from everywhere.
std::string one_separator(std::string_view text) {
  std::string out;
  char last = ';';
  for (const char c : text) {
    const bool newline = c == '\n' || c == '\r';
    const char put = newline ? (last == ';' ? ' ' : ';') : c;
    if (put != ' ' && put != '\t') last = put;
    out += put;
  }
  std::string_view trimmed = trim(out);
  if (!trimmed.empty() && trimmed.back() == ';') trimmed.remove_suffix(1);
  return std::string(trimmed);
}

// Reads one row's numbers into `matrix`; the sentence when one of them is none.
std::optional<Error> read_row(const Param& param, std::string_view row, std::size_t most, Matrix& matrix,
                              int& columns) {
  columns = 0;
  for (row = trim(row); !row.empty(); row = trim(row)) {
    const std::string_view word = row.substr(0, row.find_first_of(" \t"));
    row.remove_prefix(word.size());
    const std::optional<double> value = parse_number(word);
    if (!value) return not_a_number(param, word);
    if (std::abs(*value) > largest_matrix_value) {
      return out_of_range(param, {-largest_matrix_value, largest_matrix_value}, word);
    }
    if (matrix.values.size() <= most) matrix.values.push_back(*value == 0.0 ? 0.0 : *value);
    ++columns;
  }
  return std::nullopt;
}

Result<Matrix> parse_matrix(const Param& param, std::string_view text) {
  const Range range = range_of(param);
  const auto most = static_cast<std::size_t>(range.high * range.high);
  const std::string rows = one_separator(text);
  Matrix matrix;
  for (std::string_view rest = rows;;) {
    const std::size_t end = rest.find(';');
    int columns = 0;
    if (auto error = read_row(param, rest.substr(0, end), most, matrix, columns)) return *error;
    ++matrix.rows;
    if (matrix.rows == 1) matrix.columns = columns;
    if (columns != matrix.columns || columns == 0) {
      std::string which = std::to_string(matrix.rows);
      return Error{"state.ragged",
                   "The rows of " + quoted(param.id) + " need the same number of values; row " + which + " has " +
                       std::to_string(columns) + ", the first " + std::to_string(matrix.columns) + ".",
                   {std::string(param.id), std::move(which), std::to_string(columns), std::to_string(matrix.columns)}};
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  const auto fits = [&](int n) { return n >= range.low && n <= range.high; };
  if (!fits(matrix.rows) || !fits(matrix.columns)) {
    std::string low = format_number(range.low);
    std::string high = format_number(range.high);
    std::string size = std::to_string(matrix.rows) + "x" + std::to_string(matrix.columns);
    return Error{"state.size",
                 quoted(param.id) + " has " + low + " to " + high + " rows and " + low + " to " + high +
                     " columns; this one is " + size + ".",
                 {std::string(param.id), std::move(low), std::move(high), std::move(size)}};
  }
  return matrix;
}

}  // namespace

Result<State::Entry> State::parse(const Param& param, std::string_view text) {
  if (text.size() > longest_value || !is_utf8(text) || text.find('\0') != std::string_view::npos) {
    std::string most = std::to_string(longest_value);
    return Error{"state.unreadable",
                 "The value of " + quoted(param.id) + " is not readable text of at most " + most + " bytes.",
                 {std::string(param.id), std::move(most)}};
  }
  Entry entry;
  const std::string_view trimmed = trim(text);
  const auto take_number = [&](Result<double> number) -> Result<Entry> {
    if (!number) return number.error();
    entry.number = number.value() == 0.0 ? 0.0 : number.value();
    entry.text = format_number(entry.number);
    return entry;
  };
  switch (param.type) {
    case ParamType::integer:
      return take_number(parse_integer(param, trimmed));
    case ParamType::real:
      return take_number(parse_real(param, trimmed));
    case ParamType::toggle:
      return take_number(parse_toggle(param, trimmed));
    case ParamType::choice:
    case ParamType::picture: {
      if (std::find(param.choices.begin(), param.choices.end(), trimmed) == param.choices.end()) {
        return not_a_choice(param, trimmed);
      }
      entry.text = trimmed;
      return entry;
    }
    case ParamType::cell: {
      Result<Cell> cell = parse_cell(param, trimmed);
      if (!cell) return cell.error();
      entry.cell = cell.value();
      entry.text = format(entry.cell);
      return entry;
    }
    case ParamType::matrix: {
      Result<Matrix> matrix = parse_matrix(param, trimmed);
      if (!matrix) return matrix.error();
      entry.rows = matrix.value().rows;
      entry.columns = matrix.value().columns;
      entry.matrix = std::move(matrix.value().values);
      entry.text = format(entry.matrix, entry.rows, entry.columns);
      return entry;
    }
    case ParamType::text: {
      const Range range = range_of(param);
      if (static_cast<double>(text.size()) > range.high) {
        std::string most = format_number(range.high);
        std::string size = std::to_string(text.size());
        return Error{"state.long",
                     quoted(param.id) + " holds " + most + " bytes of text at most; this is " + size + ".",
                     {std::string(param.id), std::move(most), std::move(size)}};
      }
      entry.text = text;
      return entry;
    }
  }
  return not_a_choice(param, trimmed);
}

State::State(const ParamTable& table) : table_(&table) {
  entries_.reserve(table.size());
  for (const Param& param : table) {
    Result<Entry> entry = parse(param, param.initial);
    assert(entry && "the default of every row of a parameter table follows the row's own rules");
    entries_.push_back(entry ? std::move(entry).value() : Entry{});
  }
}

std::size_t State::index(std::string_view id) const {
  for (std::size_t i = 0; i < table_->size(); ++i) {
    if ((*table_)[i].id == id) return i;
  }
  return table_->size();
}

Result<void> State::set(std::string_view id, std::string_view text) {
  const std::size_t at = index(id);
  if (at == table_->size()) {
    std::string shown = for_display(id);
    return Error{"state.unknown", "There is no parameter \"" + shown + "\" here.", {shown}};
  }
  Result<Entry> entry = parse((*table_)[at], text);
  if (!entry) return entry.error();
  if (entry.value().text == entries_[at].text) return {};
  entries_[at] = std::move(entry).value();
  ++version_;
  return {};
}

Result<void> State::set_all(std::string_view query) {
  Result<void> first;
  if (!query.empty() && query.front() == '?') query.remove_prefix(1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string id = percent_decode(pair.substr(0, equals));
    if (std::find(reserved.begin(), reserved.end(), id) != reserved.end()) continue;
    Result<void> result = set(id, percent_decode(pair.substr(std::min(equals + 1, pair.size()))));
    if (!result && first) first = std::move(result);
  }
  return first;
}

std::string State::text() const {
  std::string out;
  for (const Param& param : *table_) {
    if (is_default(param.id)) continue;
    if (!out.empty()) out += '&';
    out += percent_encode(param.id) + '=' + percent_encode(raw(param.id));
  }
  return out;
}

void State::reset() {
  for (const Param& param : *table_) {
    const Result<void> result = set(param.id, param.initial);
    assert(result);
    static_cast<void>(result);
  }
}

int State::integer(std::string_view id) const {
  const std::size_t at = index(id);
  assert(at < entries_.size() && (*table_)[at].type == ParamType::integer);
  return static_cast<int>(entries_[at].number);
}

double State::real(std::string_view id) const {
  const std::size_t at = index(id);
  assert(at < entries_.size() && ((*table_)[at].type == ParamType::real || (*table_)[at].type == ParamType::integer));
  return entries_[at].number;
}

bool State::toggle(std::string_view id) const {
  const std::size_t at = index(id);
  assert(at < entries_.size() && (*table_)[at].type == ParamType::toggle);
  return entries_[at].number != 0.0;
}

std::string_view State::choice(std::string_view id) const {
  const std::size_t at = index(id);
  assert(at < entries_.size() && ((*table_)[at].type == ParamType::choice || (*table_)[at].type == ParamType::picture ||
                                  (*table_)[at].type == ParamType::text));
  return entries_[at].text;
}

Cell State::cell(std::string_view id) const {
  const std::size_t at = index(id);
  assert(at < entries_.size() && (*table_)[at].type == ParamType::cell);
  return entries_[at].cell;
}

const std::vector<double>& State::matrix(std::string_view id, int& rows, int& columns) const {
  const std::size_t at = index(id);
  assert(at < entries_.size() && (*table_)[at].type == ParamType::matrix);
  rows = entries_[at].rows;
  columns = entries_[at].columns;
  return entries_[at].matrix;
}

std::string_view State::raw(std::string_view id) const {
  const std::size_t at = index(id);
  assert(at < entries_.size());
  return entries_[at].text;
}

bool State::is_default(std::string_view id) const {
  const std::size_t at = index(id);
  assert(at < entries_.size());
  const Result<Entry> initial = parse((*table_)[at], (*table_)[at].initial);  // the canonical form of the default
  return initial && initial.value().text == entries_[at].text;
}

bool State::visible(const Param& param) const {
  return param.only_if.empty() || raw(param.only_if) == param.only_value;
}

std::string State::format(Cell cell) { return std::to_string(cell.row + 1) + ',' + std::to_string(cell.column + 1); }

std::string State::format(double value) { return format_number(value); }

std::string State::format(const std::vector<double>& values, int rows, int columns) {
  assert(values.size() == static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  std::string out;
  std::size_t at = 0;
  for (int row = 0; row < rows; ++row) {
    if (row > 0) out += "; ";
    for (int column = 0; column < columns; ++column) {
      if (column > 0) out += ' ';
      out += format_number(values[at++]);
    }
  }
  return out;
}

}  // namespace cvlab::app
