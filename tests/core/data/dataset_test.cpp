#include "core/data/dataset.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "core/data/decimal.hpp"
#include "core/image/image.hpp"

using namespace cvlab;

namespace {

// `count` pictures of 1 x 2 x 3; picture i is all i, its class i % classes.
Dataset numbered(int count, int classes) {
  Dataset data{"numbered", {1, 2, 3}, {}, {}, {}};
  for (int c = 0; c < classes; ++c) data.class_names.push_back(std::to_string(c));
  for (int i = 0; i < count; ++i) {
    data.pixels.insert(data.pixels.end(), 6, static_cast<std::uint8_t>(i));
    data.labels.push_back(i % classes);
  }
  return data;
}

std::vector<int> numbers(const Dataset& data) {
  std::vector<int> all;
  for (int i = 0; i < data.count(); ++i) all.push_back(data.pixels_of(i)[0]);
  return all;
}

}  // namespace

TEST_CASE("select takes the examples asked for, in order") {
  const std::vector<int> wanted = {3, 0, 3};
  const Dataset some = select(numbered(5, 2), wanted);
  CHECK(numbers(some) == wanted);
  CHECK(some.labels == std::vector<int>{1, 0, 1});
  CHECK(some.classes() == 2);
}

TEST_CASE("a split is complete, in proportion, and depends on the seed alone") {
  const Dataset data = numbered(200, 4);
  const Split parts = split(data, 0.1, 7);
  CHECK(parts.test.count() == 20);
  for (int c = 0; c < 4; ++c) CHECK(std::count(parts.test.labels.begin(), parts.test.labels.end(), c) == 5);
  std::set<int> all;
  for (const Dataset* part : {&parts.train, &parts.test})
    for (const int n : numbers(*part)) CHECK(all.insert(n).second);
  CHECK(all.size() == 200);
  CHECK(numbers(split(data, 0.1, 7).test) == numbers(parts.test));
  CHECK(numbers(split(data, 0.1, 8).test) != numbers(parts.test));
}

TEST_CASE("a sprite becomes pictures, a hundred a row or as many as said") {
  Image image(6, 4, 1);  // 2 columns, 2 rows of 2 x 3
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 6; ++x) image.at(y, x) = static_cast<std::uint8_t>(10 * y + x);
  const std::vector<std::uint8_t> labels = {1, 0, 1};
  const auto data = dataset_from_sprite("toy", image, labels, {"a", "b"}, 2, 3, 2);
  REQUIRE(data);
  CHECK(data.value().count() == 3);
  CHECK(data.value().example == Shape{1, 2, 3});
  const auto second = data.value().pixels_of(1), third = data.value().pixels_of(2);
  CHECK(std::vector<int>(second.begin(), second.end()) == std::vector<int>{3, 4, 5, 13, 14, 15});
  CHECK(std::vector<int>(third.begin(), third.end()) == std::vector<int>{20, 21, 22, 30, 31, 32});

  const std::vector<std::uint8_t> many(5, 0), wrong = {0, 2}, none;
  for (const auto& bad : {many, none}) {
    const auto refused = dataset_from_sprite("toy", image, bad, {"a", "b"}, 2, 3, 2);
    REQUIRE(!refused);
    CHECK(refused.error().id == "data-sprite");
  }
  CHECK(dataset_from_sprite("toy", image, wrong, {"a", "b"}, 2, 3, 2).error().id == "data-label");
  CHECK(dataset_from_sprite("toy", image, labels, {"a", "b"}, 2, 2, 2).error().id == "data-sprite");
}

TEST_CASE("decimal numbers are read as they are written") {
  double value = 0.0;
  CHECK((read_decimal("0.1", value) && value == 0.1));
  CHECK((read_decimal("-12.5", value) && value == -12.5));
  CHECK((read_decimal("3", value) && value == 3.0));
  for (const char* bad : {"", "-", ".", "1e3", "1.2.3", "nan", " 1", "1234567890123456"}) {
    INFO(bad);
    CHECK(!read_decimal(bad, value));
  }
}

TEST_CASE("an epoch holds every example once, in an order of its own") {
  const Dataset data = numbered(50, 5);
  Loader loader(data, 8, true, 3);
  REQUIRE(loader.batches() == 7);
  Tensor images;
  std::vector<int> labels, first, second;
  for (int epoch = 0; epoch < 2; ++epoch) {
    std::vector<int>& seen = epoch == 0 ? first : second;
    for (int b = 0; b < loader.batches(); ++b) {
      loader.batch(epoch, b, images, labels);
      REQUIRE(images.shape() == Shape{b < 6 ? 8 : 2, 1, 2, 3});
      for (std::ptrdiff_t i = 0; i < images.size(0); ++i) {
        seen.push_back(static_cast<int>(images(i, 0, 0, 0) * 255.0f + 0.5f));
        CHECK(labels[static_cast<std::size_t>(i)] == seen.back() % 5);
      }
    }
  }
  CHECK(first != second);
  CHECK(std::set<int>(first.begin(), first.end()).size() == 50);
  CHECK(std::is_permutation(first.begin(), first.end(), second.begin(), second.end()));

  // Any batch of any epoch, asked for in any order.
  Loader other(data, 8, true, 3);
  other.batch(1, 6, images, labels);
  CHECK(static_cast<int>(images(1, 0, 0, 0) * 255.0f + 0.5f) == second.back());
  other.batch(0, 0, images, labels);
  CHECK(static_cast<int>(images(0, 0, 0, 0) * 255.0f + 0.5f) == first.front());
  CHECK(other.batch_examples(0, 0)[0] == first.front());

  Loader plain(data, 50, false, 3);
  plain.batch(4, 0, images, labels);
  for (std::ptrdiff_t i = 0; i < 50; ++i) CHECK(std::abs(images(i, 0, 1, 2) - static_cast<float>(i) / 255.0f) < 1e-7f);
}

TEST_CASE("networks are fed (v / 255 - mean) / deviation") {
  const Dataset data = numbered(4, 2);
  Loader loader(data, 4, false, 0, {}, {0.5f, 0.25f});
  Tensor images;
  std::vector<int> labels;
  loader.batch(0, 0, images, labels);
  CHECK(std::abs(images(3, 0, 0, 0) - (3.0f / 255.0f - 0.5f) / 0.25f) < 1e-6f);
}
