// Prints {"<demo>?<state>": {read-out: value}} for the defaults and for every parameter at its ends and choices, on the
// drawn pictures and on one of seeded noise, and on drawn data sets of 32 + 20 pictures. The same program runs natively
// and as WASM; compare_readouts.py compares. How long something took is left out: no two runs agree on that.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "app/shell/text.hpp"
#include "tests/app/demos/demo_fixture.hpp"
#include "tests/app/demos/seven_segments.hpp"
#include "tests/app/demos/small_cnn.hpp"

namespace {

using namespace cvlab;
using namespace cvlab::app;
using Json = nlohmann::ordered_json;

// xorshift32: integers only, so that every build draws the same picture.
Image noise_picture() {
  Image image(37, 29, 3);
  std::uint32_t state = 2463534242U;
  for (std::uint8_t& value : image.data) {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    value = static_cast<std::uint8_t>(state >> 24U);
  }
  return image;
}

std::vector<std::string> values_of(const Param& param) {
  switch (param.type) {
    case ParamType::integer:
    case ParamType::real:
      return {format_number(param.min), format_number(param.max)};
    case ParamType::toggle:
      return {"0", "1"};
    case ParamType::choice:
      return {param.choices.begin(), param.choices.end()};
    case ParamType::cell:
      return {"1,1", "2,3", "4,5", "6,2"};
    case ParamType::matrix:
      return {"1", "1 2; 3 4", "0.1 -0.2 0.3; 1e-3 5 -1e3"};
    case ParamType::picture:
    case ParamType::text:
      return {};
  }
  return {};
}

// The defaults, then each parameter alone at its ends: the states of the smoke test.
std::vector<std::string> states_of(const ParamTable& table) {
  std::vector<std::string> states = {""};
  for (const Param& param : table) {
    for (const std::string& value : values_of(param)) {
      std::string state = std::string(param.id) + '=' + percent_encode(value);
      // A parameter that only counts while another has some value gets that value.
      if (!param.only_if.empty()) state += '&' + std::string(param.only_if) + '=' + std::string(param.only_value);
      states.push_back(std::move(state));
    }
  }
  return states;
}

Json readouts_of(const Demo& demo) {
  Json values = Json::object();
  for (const Readout& readout : demo.readouts()) {
    if (readout.timing) continue;
    if (const double* number = std::get_if<double>(&readout.value)) {
      values[readout.id] = std::isfinite(*number) ? Json(*number) : Json(nullptr);
    } else {
      values[readout.id] = std::get<std::string>(readout.value);
    }
  }
  return values;
}

}  // namespace

int main() {
  Json all = Json::object();
  const std::set<std::string, std::less<>> made_here = {"box", "numbered", "portrait", "ramp", "shapes", "own"};
  for (const DemoInfo* info : all_demos()) {
    std::vector<std::string> pictures = {""};
    for (const Param& param : info->params) {
      if (param.type != ParamType::picture) continue;
      pictures.clear();
      for (const std::string_view choice : param.choices) {
        if (made_here.contains(choice)) pictures.push_back('&' + std::string(param.id) + '=' + std::string(choice));
      }
    }
    for (const std::string& picture : pictures) {
      for (const std::string& state : states_of(info->params)) {
        const std::string query = state + picture;
        DemoFixture fixture(info->id);
        fixture.pictures.put("own", noise_picture());
        for (const char* set : {"digits", "fashion-mnist"}) put_seven_segments(fixture.files, set, 32, 20);
        put_small_cnn(fixture.files);
        if (const Result<void> set = fixture.state.set_all(query); !set) {
          std::fprintf(stderr, "%s: %s\n", query.c_str(), set.error().sentence.c_str());
          return 1;
        }
        while (fixture.demo->update(0.02)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        all[std::string(info->id) + '?' + query] = readouts_of(*fixture.demo);
      }
    }
  }
  std::puts(all.dump(1).c_str());
  return all.empty() ? 1 : 0;
}
