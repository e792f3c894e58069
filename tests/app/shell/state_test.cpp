#include "app/shell/state.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "app/shell/words.hpp"

using namespace cvlab;
using namespace cvlab::app;

namespace {

const ParamTable& table() {
  static const ParamTable rows = {
      {.id = "count", .type = ParamType::integer, .initial = "3", .min = 1, .max = 15, .step = 2},
      {.id = "sigma", .type = ParamType::real, .initial = "1.50", .min = 0.2, .max = 5},
      {.id = "flip", .type = ParamType::toggle, .initial = "0"},
      {.id = "kernel", .type = ParamType::choice, .initial = "mean", .choices = {"mean", "own"}},
      {.id = "image", .type = ParamType::picture, .initial = "box", .choices = {"box", "own"}},
      {.id = "cell", .type = ParamType::cell, .initial = "1,1", .min = 1, .max = 100},
      {.id = "centre", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 8},
      {.id = "weights",
       .type = ParamType::matrix,
       .initial = "1 0; 0 1",
       .min = 1,
       .max = 3,
       .only_if = "kernel",
       .only_value = "own"},
      {.id = "note", .type = ParamType::text, .initial = "", .max = 12},
  };
  return rows;
}

// The id of the refusal, "" when the value was taken.
std::string refusal(State& state, std::string_view id, std::string_view text) {
  const std::string before(state.raw(id));
  const std::uint64_t version = state.version();
  const Result<void> result = state.set(id, text);
  if (result) return "";
  CHECK(state.raw(id) == before);  // the old value stays
  CHECK(state.version() == version);
  CHECK_FALSE(result.error().sentence.empty());
  return result.error().id;
}

}  // namespace

TEST_CASE("state: starts at the defaults, in canonical form", "[app][state]") {
  const State state(table());
  CHECK(state.integer("count") == 3);
  CHECK(state.raw("sigma") == "1.5");
  CHECK(state.real("sigma") == 1.5);
  CHECK_FALSE(state.toggle("flip"));
  CHECK(state.choice("kernel") == "mean");
  CHECK(state.cell("cell") == Cell{0, 0});
  CHECK(state.cell("centre") == Cell{-1, -1});
  CHECK(state.text().empty());
  for (const Param& param : table()) CHECK(state.is_default(param.id));
}

TEST_CASE("state: the text form goes out and comes back", "[app][state]") {
  State state(table());
  CHECK(state.set("weights", " 1 2.50 -3e2 ;\n 0 +1 0 "));
  CHECK(state.set("cell", "5, 7"));
  CHECK(state.set("note", "a&b=c é%"));
  CHECK(state.set("flip", "true"));
  CHECK(state.set("sigma", "0.30000000000000004"));
  CHECK(state.raw("weights") == "1 2.5 -300; 0 1 0");
  CHECK(state.cell("cell") == Cell{4, 6});
  CHECK(state.text() ==
        "sigma=0.30000000000000004&flip=1&cell=5,7&weights=1%202.5%20-300;%200%201%200&note=a%26b%3Dc%20%C3%A9%25");
  State other(table());
  CHECK(other.set_all(state.text()));
  CHECK(other.text() == state.text());
  int rows = 0;
  int columns = 0;
  CHECK(other.matrix("weights", rows, columns) == std::vector<double>{1, 2.5, -300, 0, 1, 0});
  CHECK(rows == 2);
  CHECK(columns == 3);
  other.reset();
  CHECK(other.text().empty());
}

TEST_CASE("state: the version moves only when a value does", "[app][state]") {
  State state(table());
  const std::uint64_t version = state.version();
  CHECK(state.set("count", "3"));
  CHECK(state.set("sigma", "1.5000"));
  CHECK(state.version() == version);
  CHECK(state.set("count", "5"));
  CHECK(state.version() == version + 1);
}

TEST_CASE("state: what is out of range is refused, never clamped", "[app][state]") {
  State state(table());
  CHECK(refusal(state, "count", "17") == "state.range");
  CHECK(refusal(state, "count", "-1") == "state.range");
  CHECK(refusal(state, "count", "4") == "state.step");
  CHECK(refusal(state, "count", "3.5") == "state.integer");
  CHECK(refusal(state, "count", "three") == "state.number");
  CHECK(refusal(state, "count", "") == "state.number");
  CHECK(refusal(state, "count", "1e300") == "state.range");
  CHECK(refusal(state, "sigma", "5.0001") == "state.range");
  CHECK(refusal(state, "sigma", "nan") == "state.number");
  CHECK(refusal(state, "sigma", "1e999") == "state.number");
  CHECK(refusal(state, "sigma", "1,5") == "state.number");
  CHECK(refusal(state, "flip", "yes") == "state.toggle");
  CHECK(refusal(state, "kernel", "Mean") == "state.choice");
  CHECK(refusal(state, "image", "../etc/passwd") == "state.choice");
  CHECK(refusal(state, "cell", "5") == "state.cell");
  CHECK(refusal(state, "cell", "5,7,9") == "state.cell");
  CHECK(refusal(state, "cell", "5,1.5") == "state.cell");
  CHECK(refusal(state, "cell", "0,1") == "state.range");
  CHECK(refusal(state, "cell", "1,101") == "state.range");
  CHECK(refusal(state, "centre", "0,9") == "state.range");
  CHECK(refusal(state, "weights", "1 2; 3") == "state.ragged");
  CHECK(refusal(state, "weights", "1 2;; 3 4") == "state.ragged");
  CHECK(refusal(state, "weights", "") == "state.ragged");
  CHECK(refusal(state, "weights", ";") == "state.ragged");
  CHECK(refusal(state, "weights", "1 2 3 4") == "state.size");
  CHECK(refusal(state, "weights", "1;2;3;4") == "state.size");
  CHECK(refusal(state, "weights", "1 nan") == "state.number");
  CHECK(refusal(state, "weights", "1 inf") == "state.number");
  CHECK(refusal(state, "weights", "1 2e9") == "state.range");
  CHECK(refusal(state, "note", "thirteen byte") == "state.long");
}

TEST_CASE("state: hostile strings are refused and never shown as they are", "[app][state]") {
  State state(table());
  const std::string with_nul("mean\0own", 8);
  for (const Param& param : table()) {
    CHECK(refusal(state, param.id, with_nul) == "state.unreadable");
    CHECK(refusal(state, param.id, "\xff\xfe") == "state.unreadable");
    CHECK(refusal(state, param.id, std::string(1000000, '9')) == "state.unreadable");
  }
  const std::string long_matrix = [] {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "1;";
    return text;
  }();
  CHECK(refusal(state, "weights", long_matrix) == "state.size");
  const Result<void> unknown = state.set(std::string(5000, 'x') + "\x01", "1");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().id == "state.unknown");
  CHECK(unknown.error().sentence.size() < 200);
}

TEST_CASE("state: a query sets what is right and tells the first that is wrong", "[app][state]") {
  State state(table());
  const Result<void> result = state.set_all("?count=99&lang=fr&flip=1&&nothing=1&=&demo=x&sigma=2&%66lip=0&panel=0");
  REQUIRE_FALSE(result);
  CHECK(result.error().id == "state.range");
  CHECK(state.integer("count") == 3);
  CHECK_FALSE(state.toggle("flip"));  // the later of two wins, whatever its spelling
  CHECK(state.real("sigma") == 2.0);
  CHECK(state.set_all(""));
  CHECK(state.set_all("lang=fr&theme=dark&panel=0&hide=a,b&module=turbo&motion=reduced&demo=pixels"));
  CHECK_FALSE(state.set_all("count"));
}

TEST_CASE("state: a parameter shows only while the one it hangs on says so", "[app][state]") {
  State state(table());
  const Param& weights = table()[7];
  CHECK_FALSE(state.visible(weights));
  CHECK(state.set("kernel", "own"));
  CHECK(state.visible(weights));
}

TEST_CASE("state: every refusal has its sentence in both languages, filled in", "[app][state][words]") {
  State state(table());
  const std::pair<const char*, std::string> refusals[] = {
      {"count", "17"},  {"count", "4"}, {"count", "3.5"},     {"count", "x"},         {"flip", "2"},
      {"kernel", "x"},  {"cell", "x"},  {"weights", "1;2 3"}, {"weights", "1 2 3 4"}, {"note", "thirteen byte"},
      {"note", "\xff"}, {"none", "1"}};
  for (const char* language : {"en", "fr"}) {
    const Words words(language);
    for (const auto& [id, text] : refusals) {
      const Result<void> result = state.set(id, text);
      REQUIRE_FALSE(result);
      INFO(language << " " << result.error().id);
      CHECK(words.has("error." + result.error().id));
      const std::string sentence = words.sentence(result.error());
      CHECK(sentence.find('{') == std::string::npos);
      CHECK(sentence.find(id) != std::string::npos);
    }
  }
}
