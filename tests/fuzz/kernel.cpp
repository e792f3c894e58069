// Any text is a kernel or is refused; a kernel's cells are finite, and written out again they give the same kernel.
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/kernel_text.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = cvlab::cli::parse_kernel({reinterpret_cast<const char*>(data), size});
  if (!parsed) {
    require(!parsed.error().id.empty() && !parsed.error().sentence.empty());
    return 0;
  }
  const cvlab::Tensor& kernel = parsed.value();
  require(kernel.shape().rank() == 2 && kernel.size(0) >= 1 && kernel.size(1) >= 1);
  require(kernel.size(0) <= cvlab::cli::max_kernel_extent && kernel.size(1) <= cvlab::cli::max_kernel_extent);
  std::string text;
  for (std::ptrdiff_t i = 0; i < kernel.count(); ++i) {
    require(std::isfinite(kernel.data()[i]));
    if (i > 0) text += i % kernel.size(1) == 0 ? ";" : " ";
    char digits[32];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, kernel.data()[i]).ptr);
  }
  const auto again = cvlab::cli::parse_kernel(text);
  require(again && again.value().shape() == kernel.shape());
  for (std::ptrdiff_t i = 0; i < kernel.count(); ++i) require(again.value().data()[i] == kernel.data()[i]);
  return 0;
}
