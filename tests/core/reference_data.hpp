// The saved numbers of tests/data, read as the program reads them.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "core/formats/file.hpp"
#include "core/formats/npy.hpp"

namespace cvlab::test {

inline std::vector<std::uint8_t> reference_file(const std::string& name) {
  auto bytes = read_file(CVLAB_TEST_DATA "/" + name);
  INFO(name);
  REQUIRE(bytes);
  return std::move(bytes).value();
}

inline Tensor reference(const std::string& name) {
  auto tensor = read_npy(reference_file(name));
  INFO(name);
  REQUIRE(tensor);
  return std::move(tensor).value();
}

}  // namespace cvlab::test
