// The whole application without a display: a host that remembers what it was asked, ImGui without a backend, graphics
// that draw nothing.
#pragma once

#include <imgui.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/shell/app.hpp"

namespace cvlab::app {

class RecordingHost final : public Host {
 public:
  void request_picture(std::string_view id) override { requested.emplace_back(id); }
  void request_file(std::string_view path) override { requested_files.emplace_back(path); }
  void open_file() override { ++opened; }
  void choose_file(std::string_view path) override { chosen.emplace_back(path); }
  void save_file(std::string_view name, std::span<const std::uint8_t> bytes) override {
    saved[std::string(name)] = {bytes.begin(), bytes.end()};
  }
  bool has_camera() const override { return true; }
  void camera(bool on) override { camera_calls.push_back(on); }
  void copy_text(std::string_view text) override { copied = text; }
  std::string link(std::string_view demo, std::string_view state) override {
    return "link:" + std::string(demo) + "?" + std::string(state);
  }
  void request_frame() override { ++frames_requested; }
  void demo_changed(std::string_view id) override { demos.emplace_back(id); }
  void state_changed() override { ++states; }
  void readouts_changed() override { ++readouts; }
  void leave() override { ++left; }

  std::vector<std::string> requested;
  std::vector<std::string> requested_files;
  std::vector<std::string> chosen;                         // files that the learner is asked for
  std::map<std::string, std::vector<std::uint8_t>> saved;  // by name
  std::vector<std::string> demos;
  std::vector<bool> camera_calls;
  std::string copied;
  int opened = 0;
  int frames_requested = 0;
  int states = 0;
  int readouts = 0;
  int left = 0;
};

// An ImGui context whose font atlas is built and never uploaded.
class HeadlessImGui {
 public:
  HeadlessImGui() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    ImFont* font = io.Fonts->AddFontDefault();
    fonts.text = fonts.text_small = fonts.text_large = fonts.title = fonts.number = fonts.number_small = font;
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
    apply_to_imgui(theme(false), 1.0F);
  }
  ~HeadlessImGui() { ImGui::DestroyContext(); }
  HeadlessImGui(const HeadlessImGui&) = delete;
  HeadlessImGui& operator=(const HeadlessImGui&) = delete;

  Fonts fonts;
};

struct AppFixture {
  explicit AppFixture(std::string_view demo = {}, AppOptions options = {})
      : graphics(make_null_graphics()), app(std::make_unique<App>(host, *graphics, std::move(options))) {
    opened = app->open(demo);
  }
  ~AppFixture() { app.reset(); }

  // One frame of the given size; returns what update() said.
  bool frame(float width = 1280.0F, float height = 720.0F, double dt = 1.0 / 60.0) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {width, height};
    io.DeltaTime = static_cast<float>(dt);
    ImGui::NewFrame();
    const bool more = app->update(dt);
    app->draw(theme(app->options().dark), imgui.fonts);
    ImGui::Render();
    return more;
  }
  void press(ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(key, true);
    frame();
    ImGui::GetIO().AddKeyEvent(key, false);
    frame();
  }
  void click(float x, float y, float width = 1280.0F, float height = 720.0F) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMousePosEvent(x, y);
    frame(width, height);
    io.AddMouseButtonEvent(0, true);
    frame(width, height);
    io.AddMouseButtonEvent(0, false);
    frame(width, height);
  }

  HeadlessImGui imgui;
  RecordingHost host;
  std::unique_ptr<Graphics> graphics;
  std::unique_ptr<App> app;
  Result<void> opened;
};

}  // namespace cvlab::app
