// Any bytes are an array or are refused; an array survives being written and read again, bit by bit.
#include "core/formats/npy.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto tensor = cvlab::read_npy({data, size});
  if (!tensor) {
    require(!tensor.error().id.empty() && !tensor.error().sentence.empty());
    return 0;
  }
  const cvlab::Tensor& array = tensor.value();
  const auto again = cvlab::read_npy(cvlab::write_npy(array.view()));
  require(again && again.value().shape() == array.shape());
  require(array.empty() || std::memcmp(again.value().data(), array.data(),
                                       static_cast<std::size_t>(array.count()) * sizeof(float)) == 0);
  return 0;
}
