// What the expression parser says in English is what the table says, and French has it too.
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

#include "app/shell/words.hpp"
#include "core/autodiff/scalar_graph.hpp"

using namespace cvlab;
using namespace cvlab::app;

TEST_CASE("words: every refusal of an expression has its sentence in both languages", "[app][words]") {
  const Words english("en"), french("fr");
  const std::string wrong[] = {"",
                               "2x",
                               "x $ y",
                               "(x",
                               "x)",
                               "x, y",
                               "x = 1 = 2",
                               "exp x",
                               "a = 1; a = 2",
                               "1e999",
                               std::string(200, '('),
                               std::string(3000, 'x'),
                               std::string(30, 'x')};
  std::set<std::string> ids;
  for (const std::string& text : wrong) {
    const Result<ScalarGraph> parsed = ScalarGraph::parse(text);
    REQUIRE_FALSE(parsed);
    const Error& error = parsed.error();
    INFO(error.id);
    ids.insert(error.id);
    CHECK(english.has("error." + error.id));
    CHECK(english.sentence(error) == error.sentence);
    CHECK(french.has("error." + error.id));
    CHECK(french.sentence(error) != error.sentence);
    CHECK(french.sentence(error).find('{') == std::string::npos);
  }
  CHECK(ids.size() == std::size(wrong));
}
