// Any text after the "?" of a link leaves a state that can be written and read again, for every demo.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/shell/demo.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  for (const cvlab::app::DemoInfo* info : cvlab::app::all_demos()) {
    cvlab::app::State state(info->params);
    const auto result = state.set_all(query);
    require(result || !result.error().sentence.empty());
    const std::string text = state.text();
    cvlab::app::State again(info->params);
    require(static_cast<bool>(again.set_all(text)));
    require(again.text() == text);
  }
  return 0;
}
