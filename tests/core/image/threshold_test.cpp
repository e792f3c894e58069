#include "core/image/threshold.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <sstream>

#include "core/simd/dispatch.hpp"
#include "tests/core/image/points_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

std::map<std::string, int> saved_otsu() {
  const auto bytes = reference_file("points/otsu.txt");
  std::istringstream lines(std::string(bytes.begin(), bytes.end()));
  std::map<std::string, int> levels;
  std::string name;
  for (int level = 0; lines >> name >> level;) levels[name] = level;
  return levels;
}

}  // namespace

TEST_CASE("threshold: g = 255 if f > 100 else 0, as OpenCV", "[image][threshold]") {
  for (const char* name : points_pictures) {
    Image out;
    threshold(points_picture(name), 100, out);
    CHECK(out == points_picture(std::string(name) + "-threshold"));
  }
}

TEST_CASE("threshold: fast is the definition, for every instruction set and every level's ends", "[image][threshold]") {
  for (const auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
    simd::limit(set);
    for (const auto& [width, height] : odd_sizes) {
      for (const int level : {-1, 0, 100, 127, 128, 254, 255}) {
        const Image in = random_image(width, height, 1, 5);
        Image slow, fast;
        threshold_ref(in, level, slow);
        threshold(in, level, fast);
        CHECK(slow == fast);
      }
    }
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("otsu: the objective by hand", "[image][threshold]") {
  Levels levels;
  levels.count[10] = 1;
  levels.count[20] = 1;
  levels.count[110] = 2;
  const Otsu result = otsu(levels);
  CHECK(result.level == 20);  // the least level of the plateau 20..109
  CHECK(result.between[20] == Catch::Approx(0.25 * 95.0 * 95.0));
  CHECK(result.between[109] == result.between[20]);
  CHECK(result.between[10] == Catch::Approx(0.25 * 0.75 * 70.0 * 70.0));
  CHECK(result.between[9] == 0.0);
  CHECK(result.between[110] == 0.0);
  // What is between the classes and what is inside them adds up to the total.
  const Classes c = classes_of(levels, 20);
  CHECK(result.total == Catch::Approx(c.between + 0.5 * 25.0));
  CHECK(otsu(Levels{}).level == 0);
}

TEST_CASE("otsu: level and mask equal OpenCV", "[image][threshold]") {
  const auto saved = saved_otsu();
  REQUIRE(saved.size() == 3);
  for (const auto& [name, level] : saved) {
    INFO(name);
    const Image in = points_picture(name);
    CHECK(otsu(levels_of(in, 0)).level == level);
    Image out;
    threshold(in, level, out);
    CHECK(out == points_picture(name + "-otsu"));
  }
}

TEST_CASE("adaptive threshold: equals OpenCV", "[image][threshold]") {
  for (const char* name : points_pictures) {
    for (const auto& [kind, word] : {std::pair{LocalMean::plain, "mean"}, {LocalMean::gaussian, "gaussian"}}) {
      for (const auto& [size, offset] : {std::pair{3, 0}, {15, 7}, {31, -3}}) {
        const std::string saved =
            std::string(name) + "-" + word + "-" + std::to_string(size) + "-" + std::to_string(offset);
        INFO(saved);
        Image out;
        adaptive_threshold(points_picture(name), kind, size, offset, out);
        CHECK(out == points_picture(saved));
      }
    }
  }
}

TEST_CASE("local mean: fast is the definition, windows larger than the picture too", "[image][threshold]") {
  for (const auto& [width, height] : odd_sizes) {
    const Image in = random_image(width, height, 1, 9);
    for (const int size : {1, 3, 21}) {
      Image slow, fast;
      local_mean_ref(in, LocalMean::plain, size, slow);
      local_mean(in, LocalMean::plain, size, fast);
      CHECK(slow == fast);
      local_mean_ref(in, LocalMean::gaussian, size, slow);
      local_mean(in, LocalMean::gaussian, size, fast);
      CHECK(most_apart(slow, fast) <= 1);  // float against double, where the mean lies halfway
    }
  }
}
