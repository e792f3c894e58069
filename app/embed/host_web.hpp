// The host in a page: every wish goes to `Module.cvHost`, the object that the frame page (web/public/embed/frame.js)
// provides.
#pragma once

#include <functional>
#include <string>

#include "app/shell/host.hpp"

namespace cvlab::app {

class HostWeb final : public Host {
 public:
  void attach(std::function<void()> wake) { wake_ = std::move(wake); }
  void refused(const std::string& sentence);  // something asked for at the start was wrong

  void request_picture(std::string_view id) override;
  void request_file(std::string_view path) override;
  void open_file() override;
  void choose_file(std::string_view path) override;
  void save_file(std::string_view name, std::span<const std::uint8_t> bytes) override;
  bool has_camera() const override;
  void camera(bool on) override;
  void copy_text(std::string_view text) override;
  std::string link(std::string_view demo_id, std::string_view state_text) override;
  void request_frame() override {
    if (wake_) wake_();
  }
  void demo_changed(std::string_view demo_id) override;
  void state_changed() override;
  void readouts_changed() override;
  void leave() override;

 private:
  std::function<void()> wake_;
};

}  // namespace cvlab::app
