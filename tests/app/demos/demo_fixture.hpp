// One demo without window, page or pictures from outside: set parameters, update, read numbers.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <string_view>

#include "app/shell/demo.hpp"
#include "app/shell/file_library.hpp"
#include "app/shell/picture_library.hpp"
#include "app/shell/silent_host.hpp"
#include "app/shell/words.hpp"

namespace cvlab::app {

// Photographs and data stay "loading" unless the test puts them.
struct DemoFixture {
  explicit DemoFixture(std::string_view id, std::string_view query = {}) : info(*find_demo(id)), state(info.params) {
    demo = info.make({state, pictures, files});
    problem = state.set_all(query);
    demo->update(0.0);
  }
  void set(std::string_view id, std::string_view value) {
    problem = state.set(id, value);
    demo->update(0.0);
  }
  double number(std::string_view id) const {
    for (const Readout& readout : demo->readouts()) {
      if (readout.id == id) return std::get<double>(readout.value);
    }
    return std::nan("");
  }
  std::string sentence(std::string_view language = "en") const { return demo->sentence(Words(language)); }

  SilentHost host;
  PictureLibrary pictures{host};
  FileLibrary files{host};
  const DemoInfo& info;
  State state;
  std::unique_ptr<Demo> demo;
  Result<void> problem;
};

}  // namespace cvlab::app
