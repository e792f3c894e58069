// Any text is a chain of operations on a tensor or is refused in words; a chain is applied as far as it goes, says why
// it goes no further, and its text is the same chain again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/tensor/layout_chain.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = cvlab::parse_layout_ops(text);
  if (!parsed) {
    require(!parsed.error().id.empty() && !parsed.error().sentence.empty());
    return 0;
  }
  const std::vector<cvlab::LayoutOp>& ops = parsed.value();
  const std::string again = cvlab::layout_ops_text(ops);
  const auto reread = cvlab::parse_layout_ops(again);
  require(reread && cvlab::layout_ops_text(reread.value()) == again);
  cvlab::LayoutChain chain({2, 3, 2, 4}, {"N", "C", "H", "W"});
  const int done = chain.apply_all(ops);
  require(done == static_cast<int>(ops.size()) || !chain.problem().sentence.empty());
  require(chain.stages().size() == static_cast<std::size_t>(done) + 1);
  for (const cvlab::LayoutStage& stage : chain.stages()) {
    require(stage.names.size() == static_cast<std::size_t>(stage.layout.shape.rank()));
    double sum = 0.0;  // every number of it lies in its memory: the sanitizer watches
    const cvlab::ConstView view = chain.view(stage);
    if (stage.layout.shape.rank() == 1)
      for (std::ptrdiff_t i = 0; i < view.size(0); ++i) sum += static_cast<double>(view(i));
    require(sum >= 0.0);
  }
  return 0;
}
