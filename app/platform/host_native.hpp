// The host in a native window or without one: photographs and data from disk, own pictures by dialog or drop, links as
// command lines.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/shell/app.hpp"
#include "app/shell/host.hpp"

namespace cvlab::app {

class HostNative final : public Host {
 public:
  // `program`: the path it was started by; photographs and data lie beside the build (or in $CVLAB_ASSETS).
  explicit HostNative(const std::filesystem::path& program);
  ~HostNative() override;

  // `wake` may be called from any thread; the loop then calls pump() and draws.
  void attach(App& app, std::function<void()> wake);
  // Before each frame: pictures and files asked for since the last one, and what the file dialog answered. True if any
  // arrived.
  bool pump();
  // A file of the learner's own (dialog, drop, --open): weights when its name says so, else the picture "own".
  void open_path(const std::filesystem::path& path);

  void request_picture(std::string_view id) override {
    requested_.emplace_back(id);
    request_frame();
  }
  void request_file(std::string_view path) override {
    requested_files_.emplace_back(path);
    request_frame();
  }
  void open_file() override;
  void choose_file(std::string_view path) override;
  void save_file(std::string_view name, std::span<const std::uint8_t> bytes) override;
  bool has_camera() const override { return false; }
  void camera(bool) override {}
  void copy_text(std::string_view text) override;
  std::string link(std::string_view demo_id, std::string_view state_text) override;
  void request_frame() override {
    if (wake_) wake_();
  }

 private:
  std::filesystem::path assets_;  // photos/, data/
  App* app_ = nullptr;
  std::function<void()> wake_;
  std::vector<std::string> requested_;
  std::vector<std::string> requested_files_;
  // What a dialog is asked for, and what it answered.
  struct Dialog {
    enum class Kind { picture, weights, save } kind = Kind::picture;
    std::string name = {};                 // to save as
    std::vector<std::uint8_t> bytes = {};  // to save
    std::string path = {};                 // "": closed without choosing
    bool missing = false;                  // no program for dialogs here
    bool answered = false;
  };
  static void ask(Dialog& dialog);
  void begin_dialog(Dialog dialog);
  bool take_answer();
  void save_to(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

  std::thread dialog_;
  std::mutex mutex_;
  Dialog answer_;  // by the dialog's thread, under mutex_
};

}  // namespace cvlab::app
