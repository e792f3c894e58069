// Any bytes are an array of bytes or are refused; an array survives being written and read again.
#include "core/data/idx.hpp"

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto array = cvlab::read_idx({data, size});
  if (!array) {
    require(!array.error().id.empty() && !array.error().sentence.empty());
    return 0;
  }
  require(array.value().values.size() == static_cast<std::size_t>(array.value().shape.count()));
  const auto again = cvlab::read_idx(cvlab::write_idx(array.value()));
  require(again && again.value().shape == array.value().shape && again.value().values == array.value().values);
  // The same bytes as pictures and labels of a data set: refused or whole.
  const auto set = cvlab::dataset_from_idx("fuzz", {data, size}, {data, size}, {"a", "b"});
  require(!set || set.value().count() > 0);
  return 0;
}
