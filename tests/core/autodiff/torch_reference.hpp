// Functions on the tape against PyTorch's numbers, saved by tests/data/make_torch.py (version in
// tests/data/torch/ops/VERSION):
//
//   agrees_with_torch("relu", [](Tape& t, const Arguments& a) { return activate(t, Activation::relu, a["x"]); });
//
// Every array `name` of the case is an argument; where there is a `d_name`, it wants a gradient, which is compared too.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "core/autodiff/functions.hpp"
#include "tests/core/reference_data.hpp"

namespace cvlab::test {

// Both compute in float, in different orders: a few roundings of numbers around 1, relative above 1.
inline constexpr double torch_tolerance = 1e-5;

using SavedCase = std::map<std::string, Tensor>;

// cases.txt: "name array:extent,extent array:extent …".
inline SavedCase torch_case(const std::string& name) {
  const auto bytes = reference_file("torch/ops/cases.txt");
  std::istringstream lines(std::string(bytes.begin(), bytes.end()));
  std::string line;
  while (std::getline(lines, line) && !line.starts_with(name + " ")) {
  }
  INFO(name);
  REQUIRE(line.starts_with(name + " "));
  const Tensor all = reference("torch/ops/" + name + ".npy");
  std::istringstream words(line.substr(name.size() + 1));
  SavedCase saved;
  std::ptrdiff_t used = 0;
  for (std::string word; words >> word;) {
    const auto colon = word.find(':');
    std::istringstream numbers(word.substr(colon + 1));
    std::vector<std::ptrdiff_t> extents;
    for (std::string extent; std::getline(numbers, extent, ',');) extents.push_back(std::stol(extent));
    Tensor tensor{Shape(std::span<const std::ptrdiff_t>(extents))};
    REQUIRE(used + tensor.count() <= all.count());
    std::copy_n(all.data() + used, tensor.count(), tensor.data());
    used += tensor.count();
    saved.emplace(word.substr(0, colon), std::move(tensor));
  }
  REQUIRE(used == all.count());
  return saved;
}

inline double torch_difference(ConstView ours, const Tensor& theirs) {
  if (!(ours.shape() == theirs.shape())) return INFINITY;
  double worst = 0.0;
  for (std::ptrdiff_t i = 0; i < ours.count(); ++i) {
    const double expected = static_cast<double>(theirs.data()[i]);
    const double difference =
        std::abs(static_cast<double>(ours.data()[i]) - expected) / std::max(1.0, std::abs(expected));
    worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
  }
  return worst;
}

struct Arguments {
  const SavedCase& saved;
  std::map<std::string, Var> vars;
  Var operator[](const std::string& name) const { return vars.at(name); }
  std::vector<int> labels() const {
    const Tensor& t = saved.at("labels");
    return std::vector<int>(t.data(), t.data() + t.count());
  }
  std::span<const float> floats(const std::string& name) const {
    const Tensor& t = saved.at(name);
    return {t.data(), static_cast<std::size_t>(t.count())};
  }
};

template <class Function>
void agrees_with_torch(const std::string& name, Function&& function, double tolerance = torch_tolerance) {
  const SavedCase saved = torch_case(name);
  INFO(name);
  Tape tape;
  for (int pass = 0; pass < 2; ++pass) {  // the second time in the memory of the first
    tape.rewind();
    Arguments arguments{saved, {}};
    for (const auto& [key, tensor] : saved)
      arguments.vars[key] = saved.contains("d_" + key) ? tape.variable(tensor.view()) : tape.input(tensor.view());
    const Var y = function(tape, arguments);
    CHECK(torch_difference(tape.value(y), saved.at("y")) < tolerance);
    if (!saved.contains("dy")) continue;
    tape.backward(y, saved.at("dy").view());
    for (const auto& [key, tensor] : saved) {
      if (!saved.contains("d_" + key)) continue;
      INFO("gradient of " << key);
      CHECK(torch_difference(tape.gradient(arguments[key]), saved.at("d_" + key)) < tolerance);
    }
  }
}

}  // namespace cvlab::test
