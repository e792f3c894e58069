// A place without window, disk, network or camera: nothing that is asked for ever comes. For those who make a demo only
// to ask it something (the catalogue, tests).
#pragma once

#include <string>

#include "app/shell/host.hpp"

namespace cvlab::app {

class SilentHost : public Host {
 public:
  void request_picture(std::string_view) override {}
  void request_file(std::string_view) override {}
  void open_file() override {}
  bool has_camera() const override { return false; }
  void camera(bool) override {}
  void copy_text(std::string_view) override {}
  std::string link(std::string_view, std::string_view) override { return {}; }
  void request_frame() override {}
};

}  // namespace cvlab::app
