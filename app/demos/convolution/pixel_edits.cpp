#include "app/demos/convolution/pixel_edits.hpp"

#include <algorithm>
#include <cmath>

#include "app/shell/text.hpp"

namespace cvlab::app {

namespace {

// The text before the first `mark`; `text` keeps what follows it.
std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t length = std::min(text.find(mark), text.size());
  const std::string_view item = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return item;
}

// A row or column counted from 1, or -1.
int index_from_one(std::string_view text) {
  const auto number = parse_number(text);
  const bool whole = number && *number >= 1 && *number <= 1e6 && *number == std::floor(*number);
  return whole ? static_cast<int>(*number) - 1 : -1;
}

}  // namespace

Result<std::vector<PixelEdit>> parse_pixel_edits(std::string_view text) {
  std::vector<PixelEdit> edits;
  while (!text.empty()) {
    std::string_view item = take_until(text, ';');
    const std::string shown = for_display(item);
    const int row = index_from_one(take_until(item, ','));
    const int column = index_from_one(take_until(item, '='));
    const auto value = parse_number(item);
    if (row < 0 || column < 0 || !value) {
      return Error{
          "convolution.bad_edit", "\"" + shown + "\" is not a changed pixel of the form row,column=value.", {shown}};
    }
    edits.push_back({{row, column}, *value});
  }
  return edits;
}

std::string format_pixel_edits(const std::vector<PixelEdit>& edits) {
  std::string text;
  for (const PixelEdit& edit : edits) {
    if (!text.empty()) text += ';';
    text += State::format(edit.cell) + "=" + State::format(edit.value);
  }
  return text;
}

std::vector<PixelEdit> with_edit(std::vector<PixelEdit> edits, const PixelEdit& edit) {
  const auto old = std::find_if(edits.begin(), edits.end(), [&](const PixelEdit& e) { return e.cell == edit.cell; });
  if (old != edits.end()) {
    old->value = edit.value;
  } else {
    edits.push_back(edit);
  }
  return edits;
}

Result<void> apply_pixel_edits(const std::vector<PixelEdit>& edits, Tensor& plane) {
  for (const PixelEdit& edit : edits) {
    const Cell c = edit.cell;
    if (c.row >= plane.size(2) || c.column >= plane.size(3)) {
      const std::string shown = State::format(c);
      return Error{"convolution.edit_outside", "There is no pixel (" + shown + ") in this picture.", {shown}};
    }
    plane(0, 0, c.row, c.column) = static_cast<float>(edit.value);
  }
  return {};
}

}  // namespace cvlab::app
