// How many times this program asked for memory so far: to prove that a training step does not. Always 0 under the
// address sanitizer, whose own operator new checks more than it counts.
#pragma once

#include <cstddef>

namespace cvlab::test {

std::size_t allocations();

}  // namespace cvlab::test
