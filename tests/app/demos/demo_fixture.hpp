// One demo without window, page or pictures from outside: set parameters, update, read numbers.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <string_view>

#include "app/shell/demo.hpp"
#include "app/shell/host.hpp"
#include "app/shell/picture_library.hpp"
#include "app/shell/words.hpp"

namespace cvlab::app {

// Answers no request: photographs stay "loading" unless the test puts them.
class SilentHost final : public Host {
 public:
  void request_picture(std::string_view) override {}
  void open_file() override {}
  bool has_camera() const override { return false; }
  void camera(bool) override {}
  void copy_text(std::string_view) override {}
  std::string link(std::string_view, std::string_view) override { return {}; }
  void request_frame() override {}
};

struct DemoFixture {
  explicit DemoFixture(std::string_view id, std::string_view query = {}) : info(*find_demo(id)), state(info.params) {
    demo = info.make({state, pictures});
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
  const DemoInfo& info;
  State state;
  std::unique_ptr<Demo> demo;
  Result<void> problem;
};

}  // namespace cvlab::app
