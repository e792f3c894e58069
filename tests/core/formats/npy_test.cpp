#include "core/formats/npy.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <string>

#include "tests/core/reference_data.hpp"

using namespace cvlab;

namespace {

std::vector<std::uint8_t> npy(std::string header, std::vector<std::uint8_t> data, int version = 1) {
  std::vector<std::uint8_t> file = {0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<std::uint8_t>(version), 0};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) file.push_back(static_cast<std::uint8_t>(header.size() >> (8 * i)));
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

std::string refusal(const std::vector<std::uint8_t>& file) {
  const auto result = read_npy(file);
  if (result) return "read";
  CHECK(result.error().sentence.ends_with('.'));
  return result.error().id;
}

}  // namespace

TEST_CASE("npy: written by NumPy, read here", "[core][npy]") {
  const Tensor photo = test::reference("opencv/photo.npy");  // uint8
  CHECK(photo.shape() == Shape{48, 64});
  const Tensor kernel = test::reference("opencv/kernel-0.npy");  // float32
  REQUIRE(kernel.shape() == Shape{3, 3});
  CHECK(kernel(1, 1) == 4);
  CHECK(kernel(0, 1) == 2);
}

TEST_CASE("npy: written here in the very bytes NumPy writes", "[core][npy]") {
  for (const char* name : {"opencv/kernel-0.npy", "opencv/out-0.npy", "opencv/photo-colour-binomial.npy"})
    CHECK(write_npy(test::reference(name).view()) == test::reference_file(name));
}

TEST_CASE("npy: round trip of every rank, and of a strided view", "[core][npy]") {
  for (const Shape& shape : {Shape{}, Shape{5}, Shape{2, 3}, Shape{0, 4}, Shape{2, 1, 3}, Shape{1, 2, 3, 2, 1, 2}}) {
    Tensor tensor(shape);
    for (std::ptrdiff_t i = 0; i < tensor.count(); ++i) tensor.data()[i] = static_cast<float>(i) / 3;
    const auto back = read_npy(write_npy(tensor.view()));
    REQUIRE(back);
    CHECK(back.value() == tensor);
  }
  Tensor tensor({2, 3});
  for (int i = 0; i < 6; ++i) tensor.data()[i] = static_cast<float>(i);
  const ConstView transposed(tensor.data(), {3, 2}, {1, 3});
  const auto back = read_npy(write_npy(transposed));
  REQUIRE(back);
  CHECK(back.value()(2, 0) == 2);
  CHECK(back.value()(0, 1) == 3);
  tensor(0, 0) = NAN;
  CHECK(std::isnan(read_npy(write_npy(tensor.view())).value()(0, 0)));
}

TEST_CASE("npy: headers in other spellings", "[core][npy]") {
  const std::string plain = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n";
  for (int version : {1, 2, 3}) {
    const auto result = read_npy(npy(plain, {7, 9}, version));
    REQUIRE(result);
    CHECK(result.value()(1) == 9);
  }
  CHECK(read_npy(npy("{'shape':(1,2),'descr':'|u1','fortran_order':False}", {7, 9})));
  CHECK(read_npy(npy("{'shape': (), 'descr': '|u1', 'fortran_order': False}", {7})));
}

TEST_CASE("npy: hostile and broken files are refused with a sentence", "[core][npy]") {
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n";
  const auto with = [](const char* type, const char* order, const char* shape) {
    return npy(std::string("{'descr': '") + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n",
               {0, 0, 0, 0, 0, 0, 0, 0});
  };
  CHECK(refusal({}) == "npy-empty");
  CHECK(refusal({'P', 'K', 3, 4}) == "npy-unknown");
  CHECK(refusal({0x93, 'N', 'U', 'M', 'P', 'Y'}) == "npy-truncated");
  CHECK(refusal(npy(good, {0, 0, 0})) == "npy-truncated");
  CHECK(refusal(npy(good, {0, 0, 0, 0}, 4)) == "npy-header");
  CHECK(refusal(with("<f8", "False", "(1,)")) == "npy-type");
  CHECK(refusal(with(">f4", "False", "(1,)")) == "npy-type");
  CHECK(refusal(with("|O", "False", "(1,)")) == "npy-type");
  CHECK(refusal(with("<f4", "True", "(1, 1)")) == "npy-order");
  CHECK(refusal(with("<f4", "False", "(1, 1, 1, 1, 1, 1, 1)")) == "npy-rank");
  CHECK(refusal(with("<f4", "False", "(99999, 99999)")) == "npy-too-large");
  CHECK(refusal(with("<f4", "False", "(4294967296, 4294967296)")) != "read");
  CHECK(refusal(with("<f4", "False", "(99999999999999999999,)")) == "npy-header");
  CHECK(refusal(with("<f4", "False", "(-1,)")) == "npy-header");
  CHECK(refusal(with("<f4", "False", "(1")) == "npy-header");
  CHECK(refusal(with("<f4", "Maybe", "(1,)")) == "npy-header");
  CHECK(refusal(npy("", {})) == "npy-truncated");
  CHECK(refusal(npy("{}", {})) == "npy-header");
  CHECK(refusal(npy("{'descr': '<f4', 'descr': '<f4', 'descr': '<f4'}", {})) == "npy-header");
  CHECK(refusal(npy("{'descr': '<f4'", {})) == "npy-header");
  std::vector<std::uint8_t> long_header = npy(good, {0, 0, 0, 0});
  long_header[8] = long_header[9] = 0xFF;
  CHECK(refusal(long_header) == "npy-truncated");
}
