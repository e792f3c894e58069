#include "app/views/boxes_text.hpp"

#include <cmath>

#include "app/shell/text.hpp"

namespace cvlab::app {

namespace {

constexpr double largest = 1e6;

Error bad_row(std::string_view row, std::size_t columns) {
  const std::string shown = for_display(row);
  const std::string count = std::to_string(columns);
  return {"boxes.bad_row",
          "\"" + shown + "\" is not a box: " + count + " numbers up to a million are needed.",
          {shown, count}};
}

}  // namespace

Result<NumberRows> parse_rows(std::string_view text, std::size_t columns, std::size_t most) {
  NumberRows rows;
  text = trim(text);
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    const std::string_view line = trim(text.substr(0, end));
    std::vector<double> row;
    for (std::string_view rest = line; !rest.empty();) {
      const std::size_t space = rest.find(' ');
      const auto number = parse_number(rest.substr(0, space));
      if (!number || std::abs(*number) > largest || row.size() == columns) return bad_row(line, columns);
      row.push_back(*number);
      rest = space == std::string_view::npos ? std::string_view{} : trim(rest.substr(space));
    }
    if (row.size() != columns) return bad_row(line, columns);
    if (rows.size() == most) {
      return Error{"boxes.too_many", "There are more than " + std::to_string(most) + " boxes.", {std::to_string(most)}};
    }
    rows.push_back(std::move(row));
    text = end == std::string_view::npos ? std::string_view{} : trim(text.substr(end + 1));
  }
  return rows;
}

std::string format_rows(const NumberRows& rows) {
  std::string text;
  for (const auto& row : rows) {
    if (!text.empty()) text += ';';
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += ' ';
      text += format_number(row[i]);
    }
  }
  return text;
}

Box box_of(const std::vector<double>& row) { return ordered({row[0], row[1], row[2], row[3]}); }

void put_box(std::vector<double>& row, const Box& box) {
  row[0] = box.x0;
  row[1] = box.y0;
  row[2] = box.x1;
  row[3] = box.y1;
}

}  // namespace cvlab::app
