// Written files by their bytes, read ones by what the format demands; the reader in Python is in tests/cli.
#include "core/formats/safetensors.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/formats/half.hpp"
#include "core/nn/layer.hpp"
#include "core/nn/weights.hpp"

namespace cvlab {

namespace {

std::vector<std::uint8_t> file_of(const std::string& header, std::vector<std::uint8_t> numbers) {
  const std::uint64_t length = header.size();
  std::vector<std::uint8_t> file(8 + header.size());
  std::memcpy(file.data(), &length, 8);
  std::memcpy(file.data() + 8, header.data(), header.size());
  file.insert(file.end(), numbers.begin(), numbers.end());
  return file;
}

std::string refused(const std::string& header, std::size_t bytes) {
  const Result<Safetensors> result = read_safetensors(file_of(header, std::vector<std::uint8_t>(bytes)));
  INFO(header);
  REQUIRE_FALSE(result);
  CHECK(result.error().sentence.ends_with("."));
  return result.error().id;
}

const float infinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("half: every one of the 65536 survives, and is what its bits say") {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = float_from_half(half);
    const std::uint32_t exponent = (bits >> 10) & 31u, fraction = bits & 1023u;
    if (exponent == 31 && fraction != 0) {
      REQUIRE(std::isnan(value));
      REQUIRE(std::isnan(float_from_half(half_from_float(value))));
      continue;
    }
    REQUIRE(half_from_float(value) == half);
    const double magnitude = exponent == 31  ? std::numeric_limits<double>::infinity()
                             : exponent == 0 ? std::ldexp(fraction, -24)
                                             : std::ldexp(1024 + fraction, static_cast<int>(exponent) - 25);
    REQUIRE(std::abs(static_cast<double>(value)) == magnitude);
    REQUIRE(std::signbit(value) == (bits >= 32768));
  }
}

TEST_CASE("half: between two the nearer, of equally near the even one") {
  for (std::uint16_t half = 0; half < 0x7c00; half = static_cast<std::uint16_t>(half + 1)) {
    const float low = float_from_half(half);
    const float high = half + 1 == 0x7c00 ? 65536.0f : float_from_half(static_cast<std::uint16_t>(half + 1));
    const float middle = (low + high) / 2.0f;  // exact
    const auto even = static_cast<std::uint16_t>(half % 2 == 0 ? half : half + 1);
    REQUIRE(half_from_float(middle) == even);
    REQUIRE(half_from_float(std::nextafter(middle, low)) == half);
    REQUIRE(half_from_float(-std::nextafter(middle, high)) == static_cast<std::uint16_t>(0x8000 + half + 1));
  }
  CHECK(half_from_float(1e30f) == 0x7c00);
  CHECK(half_from_float(-infinity) == 0xfc00);
  CHECK(half_from_float(std::numeric_limits<float>::denorm_min()) == 0);
}

TEST_CASE("safetensors: written and read again") {
  Tensor a({2, 3}), b({4}), none({0, 5}), scalar = Tensor(Shape{}, 7.0f);
  for (int i = 0; i < 6; ++i) a.data()[i] = static_cast<float>(i) * 1.1f;
  b.data()[0] = -infinity;
  b.data()[1] = std::numeric_limits<float>::quiet_NaN();
  b.data()[2] = -0.0f;
  b.data()[3] = 1e-40f;
  const NamedView named[] = {
      {"a \"quoted\" \xc3\xa9", a.view()}, {"b", b.view()}, {"none", none.view()}, {"scalar", scalar.view()}};
  const auto file = write_safetensors(named, {{"model", "x"}, {"mean", "0.5"}}, WeightType::f32);
  const Result<Safetensors> read = read_safetensors(file);
  REQUIRE(read);
  CHECK(read.value().metadata.at("mean") == "0.5");
  CHECK(read.value().tensors.size() == 4);
  CHECK(read.value().tensors.at("a \"quoted\" \xc3\xa9") == a);
  CHECK(std::memcmp(read.value().tensors.at("b").data(), b.data(), 16) == 0);
  CHECK(read.value().tensors.at("none").shape() == Shape{0, 5});
  CHECK(read.value().tensors.at("scalar") == scalar);
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  CHECK(length % 8 == 0);
  CHECK(file.size() == 8 + length + 44);
  const Result<Safetensors> halves = read_safetensors(write_safetensors(named, {}, WeightType::f16));
  REQUIRE(halves);
  CHECK(std::abs(halves.value().tensors.at("a \"quoted\" \xc3\xa9").data()[5] - 5.5f) < 0.002f);
  CHECK(halves.value().tensors.at("b").data()[0] == -infinity);
  CHECK(read_safetensors(write_safetensors({}, {}, WeightType::f32)).value().tensors.empty());
}

TEST_CASE("safetensors: types of numbers") {
  const auto one = [](const std::string& dtype, std::vector<std::uint8_t> bytes) {
    const std::string size = std::to_string(bytes.size());
    const std::string header = R"({"x":{"dtype":")" + dtype + R"(","shape":[1],"data_offsets":[0,)" + size + "]}}";
    const Result<Safetensors> read = read_safetensors(file_of(header, std::move(bytes)));
    INFO(dtype);
    REQUIRE(read);
    return read.value().tensors.at("x").data()[0];
  };
  CHECK(one("F64", {0, 0, 0, 0, 0, 0, 0xf8, 0xbf}) == -1.5f);
  CHECK(one("F32", {0, 0, 0xc0, 0xbf}) == -1.5f);
  CHECK(one("F16", {0, 0xbe}) == -1.5f);
  CHECK(one("BF16", {0xc0, 0xbf}) == -1.5f);
  CHECK(one("I64", {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) == -2.0f);
  CHECK(one("I32", {0xfe, 0xff, 0xff, 0xff}) == -2.0f);
  CHECK(one("U8", {200}) == 200.0f);
}

TEST_CASE("safetensors: hostile files are refused with a sentence") {
  CHECK(read_safetensors({}).error().id == "weights-truncated");
  CHECK(read_safetensors(std::vector<std::uint8_t>(5)).error().id == "weights-unknown");
  CHECK(read_safetensors(std::vector<std::uint8_t>(5000, 0xff)).error().id == "weights-unknown");
  std::vector<std::uint8_t> cut = file_of("{\"x\":1}", {});
  cut.pop_back();
  CHECK(read_safetensors(cut).error().id == "weights-truncated");
  const auto tensor = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
  };
  const auto x = [&](const std::string& shape, const std::string& offsets) {
    return R"({"x":)" + tensor("F32", shape, offsets) + "}";
  };
  for (const std::string header :
       {"{", "[]", "{\"x\":1}", "{\"x\":[]}", "{\"x\":{}}", "{\"__metadata__\":1}", "{\"__metadata__\":{\"a\":1}}",
        "{} {}", R"({"x":{"dtype":"F32","shape":[1]}})", R"({"x":{"dtype":1,"shape":[1],"data_offsets":[0,4]}})",
        R"({"x":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})",
        R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}})"})
    CHECK(refused(header, 4) == (header == "[]" ? "weights-unknown" : "weights-header"));
  for (const char* shape : {"[-1]", "[1.5]", "[1e0]", "[\"1\"]", "[null]", "[99999999999999999999]"})
    CHECK(refused(x(shape, "[0,4]"), 4) == "weights-header");
  for (const char* offsets : {"[0]", "[-1,4]", "[0,4,4]", "4", "[0.0,4]"})
    CHECK(refused(x("[1]", offsets), 4) == "weights-header");
  CHECK(refused(R"({"x":)" + tensor("C64", "[1]", "[0,8]") + "}", 8) == "weights-type");
  CHECK(refused(x("[1,1,1,1,1,1,1]", "[0,4]"), 4) == "weights-rank");
  CHECK(refused(x("[1]", "[4,8]"), 4) == "weights-outside");
  CHECK(refused(x("[1]", "[8,4]"), 8) == "weights-outside");
  CHECK(refused(x("[1]", "[0,18446744073709551615]"), 4) == "weights-outside");
  for (const char* shape : {"[2]", "[0]", "[4294967296,4294967296]", "[9223372036854775807]",
                            "[1099511627776,1099511627776,0]", "[0,4294967296,4294967296]"})
    CHECK(refused(x(shape, "[0,4]"), 4) == "weights-size");
  CHECK(refused(x("[1]", "[0,5]"), 5) == "weights-size");
  CHECK(refused(x("[1]", "[4,8]"), 8) == "weights-overlap");
  CHECK(refused(x("[1]", "[0,4]"), 8) == "weights-rest");
  CHECK(refused(R"({"x":)" + tensor("F32", "[2]", "[0,8]") + R"(,"y":)" + tensor("F32", "[1]", "[4,8]") + "}", 8) ==
        "weights-overlap");
  CHECK(refused(R"({"x":)" + tensor("F32", "[1]", "[0,4]") + R"(,"x":)" + tensor("F32", "[1]", "[4,8]") + "}", 8) ==
        "weights-header");
}

namespace nn {

namespace {

Graph small(int features) {
  using namespace layer;
  Graph graph("small");
  graph.add(input("input", {1, 4, 4}));
  graph.add(conv2d("conv", 2, 3));
  graph.add(batch_norm("bn"));
  graph.add(flatten("flatten"));
  graph.add(linear("fc", features));
  return graph;
}

}  // namespace

TEST_CASE("weights: saved and loaded into a graph that has none yet") {
  Graph graph = small(3);
  Rng rng(1);
  REQUIRE(graph.initialise(rng));
  graph.statistics().at("bn").mean.data()[1] = 0.25f;
  const Tensor moment({5}, 1.0f);
  const NamedView extra[] = {{"optimizer.first.conv.weight", moment.view()}};
  const Result<Safetensors> file = read_safetensors(save_weights(graph, WeightType::f32, {{"model", "small"}}, extra));
  REQUIRE(file);
  CHECK(file.value().tensors.count("bn.running_var") == 1);
  CHECK(file.value().tensors.at("optimizer.first.conv.weight") == moment);
  Graph other = small(3);
  REQUIRE(load_weights(other, file.value()));
  REQUIRE(other.parameters().size() == graph.parameters().size());
  for (std::size_t i = 0; i < graph.parameters().size(); ++i)
    CHECK(other.parameters()[i].value == graph.parameters()[i].value);
  CHECK(other.statistics().at("bn").mean.data()[1] == 0.25f);
}

TEST_CASE("weights: what is missing, does not fit or is too much is named, and nothing changes") {
  Graph graph = small(3);
  Rng rng(1);
  REQUIRE(graph.initialise(rng));
  const Safetensors good = read_safetensors(save_weights(graph, WeightType::f32)).value();
  Graph other = small(3);
  REQUIRE(other.initialise(rng));
  const Tensor before = other.find("conv.weight")->value;
  const auto refused = [&](const Safetensors& file) {
    const Result<void> result = load_weights(other, file);
    REQUIRE_FALSE(result);
    CHECK(other.find("conv.weight")->value == before);
    return result.error().sentence;
  };
  Safetensors file = good;
  file.tensors.erase("bn.running_mean");
  CHECK(refused(file).find("bn.running_mean") != std::string::npos);
  file = good;
  file.tensors["fc.weight"] = Tensor({3, 7});
  CHECK(refused(file).find("\"fc.weight\" of the weights file is 3x7; the model small needs 3x8") != std::string::npos);
  file = good;
  file.tensors["conv3.weight"] = Tensor({1});
  CHECK(refused(file).find("conv3.weight") != std::string::npos);
  file = good;
  file.tensors["bn.num_batches_tracked"] = Tensor(Shape{});
  CHECK(load_weights(other, file));
}

}  // namespace nn

}  // namespace cvlab
