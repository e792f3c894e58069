#include "app/shell/words.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "app/shell/chapters.hpp"
#include "app/shell/embedded_words.hpp"
#include "app/shell/text.hpp"
#include "glyphs.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

namespace {

// "{0} of {1}" -> {"{0}", "{1}"}
std::set<std::string> marks(const std::string& text) {
  std::set<std::string> found;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 2] == '}') found.insert(text.substr(i, 3));
  }
  return found;
}

bool starts_with_any(std::string_view key, const std::set<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return key.starts_with(prefix + '.'); });
}

}  // namespace

TEST_CASE("words: every table is a flat object of texts, and no key stands twice", "[app][words]") {
  std::set<std::string> seen;
  for (const EmbeddedWords& file : embedded_words()) {
    INFO(file.file);
    const nlohmann::json json = nlohmann::json::parse(file.json, nullptr, false);
    REQUIRE(json.is_object());
    for (const auto& [key, value] : json.items()) {
      INFO(key);
      CHECK(value.is_string());
      CHECK(seen.insert(std::string(file.language) + ' ' + key).second);
    }
  }
}

TEST_CASE("words: English and French are both complete", "[app][words]") {
  const Words english("en");
  const Words french("fr");
  REQUIRE(english.all().size() > 50);
  for (const auto& [key, text] : english.all()) {
    INFO(key);
    CHECK(french.has(key));
    CHECK_FALSE(trim(text).empty());
    if (french.has(key)) CHECK(marks(text) == marks(french(key)));
  }
  for (const auto& [key, text] : french.all()) {
    INFO(key);
    CHECK(english.has(key));
    CHECK_FALSE(trim(text).empty());
  }
}

TEST_CASE("words: every chapter, every demo's parameters, choices and read-outs have theirs", "[app][words]") {
  const Words words("en");
  for (const Chapter& chapter : chapters()) CHECK(words.has("chapter." + std::string(chapter.id)));
  for (const DemoInfo* info : all_demos()) {
    const std::string demo(info->id);
    for (const char* part : {".title", ".summary", ".try"}) {
      INFO(demo << part);
      CHECK(words.has(demo + part));
    }
    for (const Param& param : info->params) {
      const std::string key = demo + '.' + std::string(param.id);
      INFO(key);
      if (param.group != ParamGroup::state) {
        CHECK(words.has(key));
        CHECK(words.has(key + ".help"));
      }
      for (const std::string_view choice : param.choices) {
        const std::string word = (param.type == ParamType::picture ? "picture" : key) + '.' + std::string(choice);
        INFO(word);
        CHECK(words.has(word));
      }
    }
    const DemoFixture fixture(info->id);
    for (const Readout& readout : fixture.demo->readouts()) {
      INFO(demo << ".readout." << readout.id);
      CHECK(words.has(demo + ".readout." + readout.id));
    }
  }
}

TEST_CASE("words: no key begins with a name that nobody asks for", "[app][words]") {
  std::set<std::string> prefixes = {"shell", "page", "picture", "error", "view", "chapter"};
  for (const DemoInfo* info : all_demos()) prefixes.insert(std::string(info->id));
  const Words words("en");
  for (const auto& [key, text] : words.all()) {
    INFO(key);
    CHECK(starts_with_any(key, prefixes));
  }
  // Below a demo's name: help texts belong to a parameter, read-outs to a read-out.
  for (const DemoInfo* info : all_demos()) {
    const std::string demo(info->id);
    const DemoFixture fixture(info->id);
    std::set<std::string> known;
    for (const Param& param : info->params) known.insert(demo + '.' + std::string(param.id) + ".help");
    for (const Readout& readout : fixture.demo->readouts()) known.insert(demo + ".readout." + readout.id);
    for (const auto& [key, text] : words.all()) {
      const bool help = key.starts_with(demo + '.') && key.ends_with(".help");
      const bool readout = key.starts_with(demo + ".readout.");
      INFO(key);
      if (help || readout) CHECK(known.contains(key));
    }
  }
}

TEST_CASE("words: the fonts have every character", "[app][words]") {
  const std::string_view glyphs = cvlab_glyphs;  // app/gfx/fonts/glyphs.txt: what the fonts are cut down to
  REQUIRE(glyphs.find("é") != std::string_view::npos);
  for (const char* language : {"en", "fr"}) {
    const Words words(language);
    for (const auto& [key, text] : words.all()) {
      REQUIRE(is_utf8(text));
      for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        const std::string character = text.substr(i, length);
        INFO(language << ' ' << key << ": " << character);
        CHECK((character == " " || glyphs.find(character) != std::string_view::npos));
        i += length;
      }
    }
  }
}

TEST_CASE("words: arguments go where their marks are", "[app][words]") {
  const Words words("en");
  CHECK(words.format("{1} before {0}{2}", {"a", "b"}) == "b before a{2}");
  CHECK(words.format("no.such.key", {}) == "no.such.key");
  CHECK(std::string(words("also.missing")) == "also.missing");
  CHECK(words.sentence({"no.such.error", "The English sentence.", {}}) == "The English sentence.");
  CHECK(Words("de").language() == "en");
}

TEST_CASE("words: numbers for people", "[app][words]") {
  const Words english("en");
  const Words french("fr");
  CHECK(english.number(0.123456, 3) == "0.123");
  CHECK(french.number(0.123456, 3) == "0,123");
  CHECK(english.number(-2.5, 4) == "−2.5");
  CHECK(english.number(262144, 4) == "262144");
  CHECK(english.number(12345.678, 4) == "12346");
  CHECK(english.number(-0.0, 4) == "0");
  CHECK(english.number(1e-7, 3) == "1e−7");
  CHECK(english.number(std::numeric_limits<double>::quiet_NaN(), 4) == "–");
  CHECK(english.number(-std::numeric_limits<double>::infinity(), 4) == "−∞");
}
