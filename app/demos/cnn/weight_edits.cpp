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

// From 1 up, or -1.
int count_of(std::string_view text) {
  const auto number = parse_number(text);
  const bool whole = number && *number >= 1 && *number <= 1e6 && *number == std::floor(*number);
  return whole ? static_cast<int>(*number) : -1;
}

int index_from_one(std::string_view text) {
  const int count = count_of(text);
  return count > 0 ? count - 1 : -1;
}

bool parse_place(std::string_view place, WeightEdit& edit) {
  edit.kernel = index_from_one(take_until(place, ','));
  if (edit.what == EditedWeight::off) return edit.kernel >= 0 && place.empty();
  if (place == "bias") {
    edit.what = EditedWeight::bias;
    return edit.kernel >= 0;
  }
  edit.channel = index_from_one(take_until(place, ','));
  if (place.empty()) {
    edit.what = EditedWeight::dense;
    return std::min(edit.kernel, edit.channel) >= 0;
  }
  edit.row = index_from_one(take_until(place, ','));
  edit.column = index_from_one(place);
  return std::min({edit.kernel, edit.channel, edit.row, edit.column}) >= 0;
}

bool parse_one(std::string_view item, WeightEdit& edit) {
  if (item.find('@') < item.find(':')) edit.step = count_of(take_until(item, '@'));
  edit.layer = take_until(item, ':');
  const std::string_view place = take_until(item, '=');
  if (item == "off") edit.what = EditedWeight::off;
  if (edit.step < 0 || !parse_place(place, edit)) return false;
  if (edit.what == EditedWeight::off) return true;
  const auto value = parse_number(item);
  if (!value || std::fabs(*value) > 1e6) return false;
  edit.value = *value;
  return true;
}

std::string format_one(const WeightEdit& edit) {
  std::string text = edit.step > 0 ? std::to_string(edit.step) + '@' : "";
  text += edit.layer + ':' + std::to_string(edit.kernel + 1);
  switch (edit.what) {
    case EditedWeight::off:
      return text + "=off";
    case EditedWeight::bias:
      text += ",bias";
      break;
    case EditedWeight::dense:
      text += ',' + std::to_string(edit.channel + 1);
      break;
    case EditedWeight::kernel:
      for (const int index : {edit.channel, edit.row, edit.column}) text += ',' + std::to_string(index + 1);
      break;
  }
  return text + '=' + format_number(edit.value);
}

void switch_off(Tensor& weight, Parameter* bias, int kernel) {
  const std::ptrdiff_t size = weight.count() / weight.size(0);
  std::fill_n(weight.data() + kernel * size, size, 0.0F);
  if (bias != nullptr) bias->value.data()[kernel] = 0.0F;
}

// False: there is no such weight.
bool apply_one(const WeightEdit& edit, nn::Graph& graph) {
  Parameter* weight = graph.find(edit.layer + ".weight");
  Parameter* bias = graph.find(edit.layer + ".bias");
  if (weight == nullptr || edit.kernel >= weight->value.size(0)) return false;
  Tensor& w = weight->value;
  const bool kernels = w.shape().rank() == 4;
  const auto value = static_cast<float>(edit.value);
  switch (edit.what) {
    case EditedWeight::bias:
      if (bias != nullptr) bias->value.data()[edit.kernel] = value;
      return bias != nullptr;
    case EditedWeight::dense:
      if (kernels || edit.channel >= w.size(1)) return false;
      w(edit.kernel, edit.channel) = value;
      return true;
    case EditedWeight::off:
      if (kernels) switch_off(w, bias, edit.kernel);
      return kernels;
    case EditedWeight::kernel:
      break;
  }
  if (!kernels || edit.channel >= w.size(1) || edit.row >= w.size(2) || edit.column >= w.size(3)) return false;
  w(edit.kernel, edit.channel, edit.row, edit.column) = value;
  return true;
}

}  // namespace

Result<std::vector<WeightEdit>> parse_weight_edits(std::string_view text) {
  std::vector<WeightEdit> edits;
  while (!text.empty()) {
    const std::string_view item = take_until(text, ';');
    WeightEdit edit;
    if (!parse_one(item, edit)) {
      const std::string shown = for_display(item);
      return Error{"cnn.bad_edit", "\"" + shown + "\" is not a changed weight of the form conv1:1,1,2,3=0.5.", {shown}};
    }
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

WeightEdit edit_of(std::string_view layer, const Shape& weight, std::ptrdiff_t index, double value) {
  WeightEdit edit;
  edit.layer = layer;
  edit.value = value;
  if (weight.rank() == 2) {
    edit.what = EditedWeight::dense;
    edit.kernel = static_cast<int>(index / weight[1]);
    edit.channel = static_cast<int>(index % weight[1]);
    return edit;
  }
  edit.column = static_cast<int>(index % weight[3]);
  edit.row = static_cast<int>(index / weight[3] % weight[2]);
  edit.channel = static_cast<int>(index / (weight[3] * weight[2]) % weight[1]);
  edit.kernel = static_cast<int>(index / (weight[3] * weight[2] * weight[1]));
  return edit;
}

Result<void> apply_weight_edits(const std::vector<WeightEdit>& edits, nn::Graph& graph) {
  for (const WeightEdit& edit : edits) {
    if (apply_one(edit, graph)) continue;
    const std::string shown = for_display(format_one(edit));
    return Error{"cnn.no_such_weight", "There is no such weight: " + shown + ".", {shown}};
  }
  return {};
}

}  // namespace cvlab::app
