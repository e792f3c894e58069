#include "cli/kernel_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>
#include <vector>

namespace cvlab::cli {

namespace {

Error bad_kernel(const std::string& why) { return {"kernel", "The kernel cannot be read: " + why}; }

// One row of numbers, appended to `values`.
Result<std::ptrdiff_t> parse_row(std::string_view text, std::vector<float>& values) {
  std::ptrdiff_t count = 0;
  for (;;) {
    const std::size_t start = text.find_first_not_of(" \t\r\n,");
    if (start == std::string_view::npos) return count;
    text.remove_prefix(start);
    const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n,"));
    text.remove_prefix(word.size());
    float value = 0;
    const char* first = word.data() + (word.size() > 1 && word[0] == '+' ? 1 : 0);
    const auto [end, problem] = std::from_chars(first, word.data() + word.size(), value);
    if (problem != std::errc{} || end != word.data() + word.size() || !std::isfinite(value))
      return bad_kernel("\"" + std::string(word.substr(0, 40)) + "\" is not a number.");
    values.push_back(value);
    ++count;
  }
}

}  // namespace

Result<Tensor> parse_kernel(std::string_view text) {
  std::vector<float> values;
  std::ptrdiff_t rows = 0, columns = 0;
  while (!text.empty() || rows == 0) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const Result<std::ptrdiff_t> count = parse_row(text.substr(0, end), values);
    if (!count) return count.error();
    text.remove_prefix(std::min(end + 1, text.size()));
    if (count.value() == 0) {
      if (text.empty() && rows > 0) break;  // a final ';'
      return bad_kernel("row " + std::to_string(rows + 1) + " is empty.");
    }
    if (rows > 0 && count.value() != columns)
      return bad_kernel("row 1 has " + std::to_string(columns) + " numbers and row " + std::to_string(rows + 1) +
                        " has " + std::to_string(count.value()) + ".");
    columns = count.value();
    ++rows;
  }
  if (rows > max_kernel_extent || columns > max_kernel_extent)
    return bad_kernel("up to 255 rows and columns are allowed.");
  Tensor kernel({rows, columns});
  std::copy(values.begin(), values.end(), kernel.data());
  return kernel;
}

}  // namespace cvlab::cli
