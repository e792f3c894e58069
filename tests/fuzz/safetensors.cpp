// Any bytes are weights or are refused; weights survive being written and read again, bit by bit.
#include "core/formats/safetensors.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = cvlab::read_safetensors({data, size});
  if (!file) {
    require(!file.error().id.empty() && !file.error().sentence.empty());
    return 0;
  }
  std::vector<cvlab::NamedView> named;
  for (const auto& [name, tensor] : file.value().tensors) named.push_back({name, tensor.view()});
  const auto again =
      cvlab::read_safetensors(cvlab::write_safetensors(named, file.value().metadata, cvlab::WeightType::f32));
  require(again && again.value().metadata == file.value().metadata);
  require(again.value().tensors.size() == file.value().tensors.size());
  for (const auto& [name, tensor] : file.value().tensors) {
    const auto found = again.value().tensors.find(name);
    require(found != again.value().tensors.end() && found->second.shape() == tensor.shape());
    require(tensor.empty() || std::memcmp(found->second.data(), tensor.data(),
                                          static_cast<std::size_t>(tensor.count()) * sizeof(float)) == 0);
  }
  return 0;
}
