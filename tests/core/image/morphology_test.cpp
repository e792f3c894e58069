#include "core/image/morphology.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/image/points_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

constexpr std::pair<MorphologyKind, const char*> kinds[] = {{MorphologyKind::erode, "erode"},
                                                            {MorphologyKind::dilate, "dilate"},
                                                            {MorphologyKind::open, "open"},
                                                            {MorphologyKind::close, "close"},
                                                            {MorphologyKind::gradient, "gradient"}};

}  // namespace

TEST_CASE("morphology: elements by hand", "[image][morphology]") {
  CHECK(element_rows(ElementShape::square, 3) == std::vector<int>{1, 1, 1});
  CHECK(element_rows(ElementShape::cross, 5) == std::vector<int>{0, 0, 2, 0, 0});
  CHECK(element_rows(ElementShape::disc, 5) == std::vector<int>{0, 2, 2, 2, 0});
  CHECK(element_rows(ElementShape::disc, 1) == std::vector<int>{0});
}

TEST_CASE("morphology: equals OpenCV", "[image][morphology]") {
  for (const std::string name : points_pictures) {
    const Image in = points_picture(name);
    Image out;
    for (const auto& [kind, word] : kinds) {
      INFO(name << " " << word);
      morphology(in, kind, ElementShape::square, 5, out);
      CHECK(out == points_picture(name + "-" + word + "-square-5"));
    }
    for (const auto& [shape, word] : {std::pair{ElementShape::cross, "cross"}, {ElementShape::disc, "disc"}}) {
      INFO(name << " " << word);
      morphology(in, MorphologyKind::dilate, shape, 9, out);
      CHECK(out == points_picture(name + "-dilate-" + word + "-9"));
      morphology(in, MorphologyKind::open, shape, 9, out);
      CHECK(out == points_picture(name + "-open-" + word + "-9"));
    }
  }
}

TEST_CASE("morphology: fast is the definition", "[image][morphology]") {
  for (const auto& [width, height] : odd_sizes) {
    for (const int channels : {1, 3}) {
      const Image in = random_image(width, height, channels, 4);
      for (const auto shape : {ElementShape::square, ElementShape::cross, ElementShape::disc}) {
        for (const int size : {1, 3, 7, 21}) {
          for (const auto kind : {MorphologyKind::erode, MorphologyKind::close, MorphologyKind::gradient}) {
            Image slow, fast;
            morphology_ref(in, kind, shape, size, slow);
            morphology(in, kind, shape, size, fast);
            CHECK(slow == fast);
          }
        }
      }
    }
  }
}
