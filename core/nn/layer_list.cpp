#include "core/nn/layer_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/nn/layer.hpp"

namespace cvlab::nn {

namespace {

constexpr LayerListLimits limits = layer_list_limits;

// Up to four whole numbers, separated by colons; -1 for anything else.
int parse_numbers(std::string_view text, std::array<int, 4>& numbers) {
  int count = 0;
  while (true) {
    const std::size_t length = std::min(text.find(':'), text.size());
    if (count == static_cast<int>(numbers.size())) return -1;
    int& number = numbers[static_cast<std::size_t>(count++)];
    const auto [end, problem] = std::from_chars(text.data(), text.data() + length, number);
    if (problem != std::errc{} || end != text.data() + length || length == 0) return -1;
    if (length == text.size()) return count;
    text.remove_prefix(length + 1);
  }
}

bool within(int value, int least, int most) { return value >= least && value <= most; }

bool fits(const Layer& l) {
  const bool window = within(l.kernel_y, 1, limits.kernel) && within(l.stride, 1, limits.stride);
  switch (l.kind) {
    case LayerKind::conv2d:
      return window && within(l.channels, 1, limits.filters) && within(l.padding, 0, limits.padding);
    case LayerKind::max_pool2d:
      return window;
    case LayerKind::linear:
      return within(l.channels, 1, limits.units);
    default:
      return true;
  }
}

std::optional<Layer> parse_layer(std::string_view item) {
  if (item == "relu") return layer::relu({});
  std::array<int, 4> n{0, 0, 1, 0};
  const auto after = [&](std::string_view word) {
    return item.starts_with(word) ? parse_numbers(item.substr(word.size()), n) : -1;
  };
  std::optional<Layer> made;
  if (after("conv") >= 2) {
    made = layer::conv2d({}, n[0], n[1], n[2], n[3]);
  } else if (const int count = after("pool"); count == 1 || count == 2) {
    made = layer::max_pool2d({}, n[0], count == 2 ? n[1] : n[0]);
  } else if (after("dense") == 1) {
    made = layer::linear({}, n[0]);
  }
  return made && fits(*made) ? made : std::nullopt;
}

Graph graph_of(std::span<const Layer> layers, const Shape& input, int classes) {
  Graph graph("cnn");
  graph.add(layer::input("input", input));
  bool flat = false;
  const auto flatten = [&] {
    if (!std::exchange(flat, true)) graph.add(layer::flatten("flatten"));
  };
  for (const Layer& l : layers) {
    if (l.kind == LayerKind::linear) flatten();
    graph.add(l);
  }
  if (classes == 0) return graph;
  flatten();
  graph.add(layer::linear("fc", classes));
  return graph;
}

}  // namespace

void name_layers(std::vector<Layer>& layers) {
  int convolutions = 0, activations = 0, pools = 0, dense = 0;
  for (Layer& l : layers) {
    switch (l.kind) {
      case LayerKind::conv2d:
        l.name = "conv" + std::to_string(++convolutions);
        break;
      case LayerKind::max_pool2d:
        l.name = "pool" + std::to_string(++pools);
        break;
      case LayerKind::linear:
        l.name = "fc" + std::to_string(++dense);
        break;
      default:
        l.name = "relu" + std::to_string(++activations);
        break;
    }
  }
}

Result<std::vector<Layer>> parse_layers(std::string_view text) {
  std::vector<Layer> layers;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(','), text.size());
    const std::string item(text.substr(0, length));
    std::optional<Layer> layer = parse_layer(item);
    const bool ends_in_comma = length + 1 == text.size();
    if (!layer || ends_in_comma)
      return Error{"layer-list", "“" + item + "” is no layer that can be built here, such as conv8:3.", {item}};
    if (static_cast<int>(layers.size()) == limits.layers)
      return Error{"layer-list-long",
                   "At most " + std::to_string(limits.layers) + " layers can be built here.",
                   {std::to_string(limits.layers)}};
    layers.push_back(*std::move(layer));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  name_layers(layers);
  return layers;
}

std::string format_layers(std::span<const Layer> layers) {
  std::string text;
  for (const Layer& l : layers) {
    if (!text.empty()) text += ',';
    const auto number = [&](int n) { text += ':' + std::to_string(n); };
    switch (l.kind) {
      case LayerKind::conv2d:
        text += "conv" + std::to_string(l.channels);
        number(l.kernel_y);
        if (l.stride != 1 || l.padding != 0) number(l.stride);
        if (l.padding != 0) number(l.padding);
        break;
      case LayerKind::max_pool2d:
        text += "pool" + std::to_string(l.kernel_y);
        if (l.stride != l.kernel_y) number(l.stride);
        break;
      case LayerKind::linear:
        text += "dense" + std::to_string(l.channels);
        break;
      default:
        text += "relu";
        break;
    }
  }
  return text;
}

LayerListCheck check_layers(std::span<const Layer> layers, const Shape& input, int classes) {
  LayerListCheck check{graph_of(layers, input, classes), {}, {}, -1};
  Result<Summary> all = check.graph.summarise();
  if (all && all.value().multiply_adds <= limits.multiply_adds) {
    check.summary = std::move(all).value();
    return check;
  }
  // The first layer with which it no longer works.
  for (std::size_t n = 0; n <= layers.size(); ++n) {
    Result<Summary> part = graph_of(layers.first(n), input, 0).summarise();
    check.faulty = static_cast<int>(n) - 1;
    if (!part) {
      check.problem = part.error();
      return check;
    }
    if (part.value().multiply_adds > limits.multiply_adds) break;
    check.summary = std::move(part).value();
    check.faulty = static_cast<int>(layers.size());
  }
  const bool own = check.faulty < static_cast<int>(layers.size());
  const std::string name = own ? layers[static_cast<std::size_t>(check.faulty)].name : "fc";
  const std::string most = std::to_string(limits.multiply_adds / 1'000'000);
  check.problem = Error{"layer-list-slow",
                        "With layer “" + name + "” the network needs more than " + most +
                            " million multiply-adds for a picture: too many to train while you watch.",
                        {name, most}};
  return check;
}

}  // namespace cvlab::nn
