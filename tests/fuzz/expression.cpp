// Any text is an expression or is refused with a place to point at; an expression runs forward and backward to the end,
// and every node was written by a part of the text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/autodiff/scalar_graph.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t wrong_at = size + 1;
  auto parsed = cvlab::ScalarGraph::parse(text, &wrong_at);
  if (!parsed) {
    require(!parsed.error().id.empty() && !parsed.error().sentence.empty());
    require(parsed.error().sentence.find('{') == std::string::npos);
    require(wrong_at <= size);
    return 0;
  }
  cvlab::ScalarGraph& graph = parsed.value();
  for (const int input : graph.inputs()) require(graph.set(graph.nodes()[static_cast<std::size_t>(input)].name, 0.5));
  std::size_t forward = 0, backward = 0;
  while (graph.forward_step() >= 0) ++forward;
  while (graph.backward_step() >= 0) ++backward;
  require(forward <= graph.nodes().size() && backward <= forward);
  require(graph.nodes()[static_cast<std::size_t>(graph.output())].has_gradient);
  for (const cvlab::ScalarNode& node : graph.nodes()) {
    require(node.has_value);
    require(node.first < node.last && node.last <= size);
  }
  return 0;
}
