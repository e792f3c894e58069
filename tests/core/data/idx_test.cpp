#include "core/data/idx.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/reference_data.hpp"

using namespace cvlab;

namespace {

// The seeds of the fuzzer, made by Python's gzip and struct.
std::vector<std::uint8_t> seed(const std::string& name) { return test::reference_file("../fuzz/corpus/idx/" + name); }

std::string id_of(const std::vector<std::uint8_t>& file) {
  const auto array = read_idx(file);
  return array ? "" : array.error().id;
}

}  // namespace

TEST_CASE("an IDX file is read, plain and packed, with every field a gzip header may have") {
  for (const char* name : {"pictures", "pictures.gz"}) {
    INFO(name);
    const auto array = read_idx(seed(name));
    REQUIRE(array);
    CHECK(array.value().shape == Shape{3, 2, 2});
    REQUIRE(array.value().values.size() == 12);
    for (std::size_t i = 0; i < 12; ++i) CHECK(array.value().values[i] == i);
  }
  for (const char* name : {"labels", "labels.gz", "fields.gz"}) {
    INFO(name);
    const auto array = read_idx(seed(name));
    REQUIRE(array);
    CHECK(array.value().shape == Shape{3});
    CHECK(array.value().values == std::vector<std::uint8_t>{0, 1, 0});
  }
}

TEST_CASE("what is written is read again") {
  const IdxArray array{{2, 3}, {1, 2, 3, 4, 5, 255}};
  const auto again = read_idx(write_idx(array));
  REQUIRE(again);
  CHECK(again.value().shape == array.shape);
  CHECK(again.value().values == array.values);
}

TEST_CASE("IDX files that cannot be read are refused by name") {
  CHECK(id_of({}) == "idx-empty");
  CHECK(id_of({0, 0}) == "idx-truncated");
  CHECK(id_of({1, 0, 8, 1, 0, 0, 0, 1, 7}) == "idx-unknown");
  CHECK(id_of({0, 0, 8, 0}) == "idx-unknown");
  CHECK(id_of({0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0}) == "idx-type");
  CHECK(id_of({0, 0, 8, 5, 0, 0, 0, 1}) == "idx-rank");
  CHECK(id_of({0, 0, 8, 1, 0, 0, 0, 2, 7}) == "idx-truncated");
  CHECK(id_of({0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255}) == "idx-too-large");
  CHECK(id_of(seed("cut")) == "idx-truncated");
}

TEST_CASE("damaged gzip files are refused at every byte, never half read") {
  const std::vector<std::uint8_t> whole = seed("labels.gz");
  for (std::size_t length = 2; length < whole.size(); ++length) {
    INFO(length);
    const auto array = read_idx(std::span(whole).first(length));
    REQUIRE(!array);
    CHECK(array.error().id.starts_with("gzip-"));
  }
  for (std::size_t at = 10; at < whole.size(); ++at) {  // the header's time and system may be anything
    std::vector<std::uint8_t> changed = whole;
    changed[at] ^= 0x10;
    INFO(at);
    const auto array = read_idx(changed);
    if (array) CHECK(array.value().values == std::vector<std::uint8_t>{0, 1, 0});
    if (at + 8 >= whole.size()) CHECK(!array);  // check sum and size
  }
}

TEST_CASE("two IDX files make a data set, or a sentence says why not") {
  const auto data = dataset_from_idx("toy", seed("pictures.gz"), seed("labels"), {"a", "b"});
  REQUIRE(data);
  CHECK(data.value().count() == 3);
  CHECK(data.value().example == Shape{1, 2, 2});
  CHECK(data.value().labels == std::vector<int>{0, 1, 0});
  CHECK(data.value().pixels_of(1)[0] == 4);

  const auto colour = dataset_from_idx("toy", seed("colour"), write_idx({{1}, {0}}), {"a"});
  REQUIRE(colour);
  CHECK(colour.value().example == Shape{3, 2, 2});

  const auto too_few = dataset_from_idx("toy", seed("pictures"), seed("labels"), {"a"});
  REQUIRE(!too_few);
  CHECK(too_few.error().id == "data-label");
  const auto swapped = dataset_from_idx("toy", seed("labels"), seed("pictures"), {"a", "b"});
  REQUIRE(!swapped);
  CHECK(swapped.error().id == "data-idx");
}
