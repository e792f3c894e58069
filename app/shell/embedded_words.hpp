// The words.<lang>.json and errors.<lang>.json files as CMake put them into the program (embed_words.cmake).
#pragma once

#include <string_view>
#include <vector>

namespace cvlab::app {

struct EmbeddedWords {
  std::string_view file;      // "app/shell/words.en.json"
  std::string_view language;  // "en"
  std::string_view json;
};

const std::vector<EmbeddedWords>& embedded_words();

}  // namespace cvlab::app
