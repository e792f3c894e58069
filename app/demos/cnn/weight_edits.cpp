#include "app/demos/cnn/weight_edits.hpp"

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

// Counted from 1, or -1.
int index_from_one(std::string_view text) {
  const auto number = parse_number(text);
  const bool whole = number && *number >= 1 && *number <= 1e6 && *number == std::floor(*number);
  return whole ? static_cast<int>(*number) - 1 : -1;
}

bool parse_place(std::string_view place, WeightEdit& edit) {
  edit.kernel = index_from_one(take_until(place, ','));
  if (edit.off) return edit.kernel >= 0 && place.empty();
  edit.channel = index_from_one(take_until(place, ','));
  edit.row = index_from_one(take_until(place, ','));
  edit.column = index_from_one(place);
  return std::min({edit.kernel, edit.channel, edit.row, edit.column}) >= 0;
}

std::string format_one(const WeightEdit& edit) {
  std::string text = edit.layer + ':' + std::to_string(edit.kernel + 1);
  if (edit.off) return text + "=off";
  for (const int index : {edit.channel, edit.row, edit.column}) text += ',' + std::to_string(index + 1);
  return text + '=' + format_number(edit.value);
}

}  // namespace

Result<std::vector<WeightEdit>> parse_weight_edits(std::string_view text) {
  std::vector<WeightEdit> edits;
  while (!text.empty()) {
    std::string_view item = take_until(text, ';');
    const std::string shown = for_display(item);
    WeightEdit edit;
    edit.layer = take_until(item, ':');
    const std::string_view place = take_until(item, '=');
    edit.off = item == "off";
    const auto value = parse_number(item);
    if (!parse_place(place, edit) || (!edit.off && (!value || std::fabs(*value) > 1e6))) {
      return Error{"cnn.bad_edit", "\"" + shown + "\" is not a changed weight of the form conv1:1,1,2,3=0.5.", {shown}};
    }
    edit.value = edit.off ? 0.0 : *value;
    edits.push_back(std::move(edit));
  }
  return edits;
}

std::string format_weight_edits(const std::vector<WeightEdit>& edits) {
  std::string text;
  for (const WeightEdit& edit : edits) text += (text.empty() ? "" : ";") + format_one(edit);
  return text;
}

std::vector<WeightEdit> with_edit(std::vector<WeightEdit> edits, const WeightEdit& edit) {
  std::erase_if(edits, [&](const WeightEdit& e) { return e.same_place(edit); });
  edits.push_back(edit);
  return edits;
}

Result<void> apply_weight_edits(const std::vector<WeightEdit>& edits, nn::Graph& graph) {
  for (const WeightEdit& edit : edits) {
    Parameter* weight = graph.find(edit.layer + ".weight");
    const bool kernels = weight != nullptr && weight->value.shape().rank() == 4;
    Tensor* w = kernels ? &weight->value : nullptr;
    if (w == nullptr || edit.kernel >= w->size(0) || edit.channel >= w->size(1) || edit.row >= w->size(2) ||
        edit.column >= w->size(3)) {
      const std::string shown = for_display(format_one(edit));
      return Error{"cnn.no_such_weight", "There is no such weight: " + shown + ".", {shown}};
    }
    if (edit.off) {
      const std::ptrdiff_t size = w->count() / w->size(0);
      std::fill_n(w->data() + edit.kernel * size, size, 0.0F);
      if (Parameter* bias = graph.find(edit.layer + ".bias")) bias->value.data()[edit.kernel] = 0.0F;
    } else {
      (*w)(edit.kernel, edit.channel, edit.row, edit.column) = static_cast<float>(edit.value);
    }
  }
  return {};
}

}  // namespace cvlab::app
