// cvlab list [--json]: the demos and their parameters. The JSON is the site's catalogue (build/site/demos.json).
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/shell/chapters.hpp"
#include "app/shell/file_library.hpp"
#include "app/shell/picture_library.hpp"
#include "app/shell/silent_host.hpp"
#include "app/shell/words.hpp"
#include "cli/command.hpp"

namespace cvlab::cli {

namespace {

using app::DemoInfo;
using app::Param;
using app::ParamGroup;
using app::ParamType;
using app::Words;
using Json = nlohmann::ordered_json;

const char* name_of(ParamType type) {
  switch (type) {
    case ParamType::integer:
      return "integer";
    case ParamType::real:
      return "real";
    case ParamType::toggle:
      return "toggle";
    case ParamType::choice:
      return "choice";
    case ParamType::picture:
      return "picture";
    case ParamType::cell:
      return "cell";
    case ParamType::matrix:
      return "matrix";
    case ParamType::text:
      return "text";
  }
  return "";
}

const char* name_of(ParamGroup group) {
  return group == ParamGroup::main ? "main" : group == ParamGroup::more ? "more" : "state";
}

struct Languages {
  Words en{"en"};
  Words fr{"fr"};

  // {"en": …, "fr": …}; "" where a word is optional and missing.
  Json text(const std::string& key) const {
    return {{"en", en.has(key) ? en(key) : ""}, {"fr", fr.has(key) ? fr(key) : ""}};
  }
};

Json param_json(const Languages& words, const std::string& demo, const Param& param) {
  const std::string key = demo + "." + std::string(param.id);
  Json choices = Json::array();
  for (std::string_view choice : param.choices) {
    const std::string prefix = param.type == ParamType::picture ? "picture" : key;
    choices.push_back({{"id", choice}, {"label", words.text(prefix + "." + std::string(choice))}});
  }
  return {{"id", param.id},           {"type", name_of(param.type)},
          {"default", param.initial}, {"min", param.min},
          {"max", param.max},         {"step", param.step},
          {"choices", choices},       {"group", name_of(param.group)},
          {"only_if", param.only_if}, {"only_value", param.only_value},
          {"label", words.text(key)}, {"help", words.text(key + ".help")}};
}

// In the demo's own order; then those that it shows only in other states, which its words name.
std::vector<std::string> readout_ids(const DemoInfo& info, const Words& words) {
  app::SilentHost host;  // the demo is made only to ask what it measures
  app::PictureLibrary pictures(host);
  app::FileLibrary files(host);
  app::State state(info.params);
  const std::unique_ptr<app::Demo> demo = info.make({state, pictures, files});
  demo->update(0.0);
  std::vector<std::string> ids;
  for (const app::Readout& readout : demo->readouts()) ids.push_back(readout.id);
  const std::string prefix = std::string(info.id) + ".readout.";
  for (const auto& [key, word] : words.all()) {
    const std::string id = key.starts_with(prefix) ? key.substr(prefix.size()) : "";
    if (!id.empty() && id.find('.') == std::string::npos && std::find(ids.begin(), ids.end(), id) == ids.end())
      ids.push_back(id);
  }
  return ids;
}

Json demo_json(const Languages& words, const DemoInfo& info, std::string_view chapter) {
  const std::string id(info.id);
  Json params = Json::array(), readouts = Json::array();
  for (const Param& param : info.params) params.push_back(param_json(words, id, param));
  for (const std::string& readout : readout_ids(info, words.en))
    readouts.push_back({{"id", readout}, {"label", words.text(id + ".readout." + readout)}});
  return {{"id", id},
          {"title", words.text(id + ".title")},
          {"summary", words.text(id + ".summary")},
          {"try", words.text(id + ".try")},
          {"lesson", id},
          {"chapter", chapter},
          {"has_steps", info.has_steps},
          {"works", info.works},
          {"aspect", info.aspect},
          {"narrow_aspect", info.narrow_aspect},
          {"params", params},
          {"readouts", readouts}};
}

void print_json() {
  const Languages words;
  Json demos = Json::array(), chapters = Json::array();
  for (const app::Chapter& chapter : app::chapters()) {
    chapters.push_back({{"id", chapter.id}, {"title", words.text("chapter." + std::string(chapter.id))}});
    for (const DemoInfo* info : chapter.demos) demos.push_back(demo_json(words, *info, chapter.id));
  }
  const Json all = {{"version", 1}, {"chapters", chapters}, {"demos", demos}};
  std::puts(all.dump(1).c_str());
}

void print_text() {
  const Words words("en");
  for (const DemoInfo* info : app::all_demos()) {
    const std::string id(info->id);
    std::printf("%s: %s\n", id.c_str(), words(id + ".title"));
    for (const Param& param : info->params) {
      std::printf("  %.*s=%.*s  (%s", static_cast<int>(param.id.size()), param.id.data(),
                  static_cast<int>(param.initial.size()), param.initial.data(), name_of(param.type));
      for (std::size_t i = 0; i < param.choices.size(); ++i)
        std::printf("%s%.*s", i == 0 ? ": " : ", ", static_cast<int>(param.choices[i].size()), param.choices[i].data());
      std::printf(")\n");
    }
  }
}

}  // namespace

void add_list_command(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* list = root.add_subcommand("list", "List the demos and their parameters");
  auto json = std::make_shared<bool>(false);
  list->add_flag("--json", *json, "For programs: parameters, choices, read-outs and words in both languages");
  commands.push_back({list, [json]() -> Result<void> {
                        *json ? print_json() : print_text();
                        return {};
                      }});
}

}  // namespace cvlab::cli
