// A property that must hold whatever the bytes are: stops the fuzzer, in every build type.
#pragma once

#include <cstdlib>

inline void require(bool holds) {
  if (!holds) std::abort();
}
