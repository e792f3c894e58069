// A demo that works in slices, with every change worked off.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/app/demos/demo_fixture.hpp"

namespace cvlab::app {

inline void rest(Demo& demo) {
  while (demo.update(0.02)) {
  }
}

struct RestedFixture : DemoFixture {
  RestedFixture(std::string_view id, const std::string& query) : DemoFixture(id, query) {
    CHECK(problem);
    rest(*demo);
  }
  void change(std::string_view id, std::string_view value) {
    set(id, value);
    CHECK(problem);
    rest(*demo);
  }
};

}  // namespace cvlab::app
