// Boxes as the text of a parameter: rows of numbers, "172 18 410 286 0.9; 20 30 90 80 0.4".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/detect/box.hpp"
#include "core/result.hpp"

namespace cvlab::app {

using NumberRows = std::vector<std::vector<double>>;

// Each row has `columns` numbers of at most a million; at most `most` rows. "" has none.
Result<NumberRows> parse_rows(std::string_view text, std::size_t columns, std::size_t most);
std::string format_rows(const NumberRows& rows);

Box box_of(const std::vector<double>& row);  // from its first four numbers: left, top, right, bottom; ordered
void put_box(std::vector<double>& row, const Box& box);

}  // namespace cvlab::app
