// What OpenCV computed, from tests/data/geometry.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "core/image/image.hpp"
#include "tests/core/reference_data.hpp"

namespace cvlab::test {

struct GeometryCase {
  std::string kind;
  int number = 0;
  std::string input;
  int width = 0, height = 0;
  std::vector<double> numbers;

  Tensor expected() const { return reference("geometry/out-" + std::to_string(number) + ".npy"); }
};

inline std::vector<GeometryCase> geometry_cases(const std::string& kind) {
  const auto bytes = reference_file("geometry/cases.txt");
  std::istringstream lines(std::string(bytes.begin(), bytes.end()));
  std::vector<GeometryCase> cases;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    GeometryCase c;
    words >> c.kind >> c.number >> c.input >> c.width >> c.height;
    for (double value = 0; words >> value;) c.numbers.push_back(value);
    if (c.kind == kind) cases.push_back(c);
  }
  REQUIRE_FALSE(cases.empty());
  return cases;
}

inline Image bytes_of(const Tensor& t) {  // (H, W) or (H, W, C)
  Image image(static_cast<int>(t.size(1)), static_cast<int>(t.size(0)),
              t.shape().rank() == 3 ? static_cast<int>(t.size(2)) : 1);
  for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = static_cast<std::uint8_t>(t.data()[i]);
  return image;
}

inline Image geometry_picture(const std::string& name) { return bytes_of(reference("geometry/" + name + ".npy")); }

inline Image sized(int width, int height) {
  Image image;
  image.width = width;
  image.height = height;
  return image;
}

// How many values differ by more than `most`.
inline int differing(const Image& a, const Image& b, int most) {
  REQUIRE(a.data.size() == b.data.size());
  int count = 0;
  for (std::size_t i = 0; i < a.data.size(); ++i) {
    count += std::abs(static_cast<int>(a.data[i]) - static_cast<int>(b.data[i])) > most ? 1 : 0;
  }
  return count;
}

}  // namespace cvlab::test
