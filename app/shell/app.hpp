// The application without window or page: one open demo (or the gallery), its state, its frame.
// The platform owns ImGui's context, calls update() then draw() between NewFrame and Render, and nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/gfx/graphics.hpp"
#include "app/gfx/theme.hpp"
#include "app/shell/demo.hpp"
#include "app/shell/host.hpp"
#include "app/shell/picture_library.hpp"
#include "app/shell/words.hpp"

namespace cvlab::app {

struct AppOptions {
  std::string language = "en";
  bool dark = false;
  bool panel = true;            // false: the figure alone (the page has the controls)
  bool reduced_motion = false;
  std::vector<std::string> hidden;  // ids of parameters whose control is hidden
};

class App {
 public:
  App(Host& host, Graphics& graphics, AppOptions options);
  ~App();

  Result<void> open(std::string_view demo_id);  // "" = gallery
  std::string_view demo_id() const;             // "" in the gallery
  const DemoInfo* info() const;
  State* state();                               // null in the gallery
  const Demo* demo() const;

  Result<void> set(std::string_view id, std::string_view value);
  Result<void> set_all(std::string_view query);
  void reset();

  bool play(bool on);  // false: the demo has no steps
  bool playing() const { return playing_; }
  bool step(int delta);
  double speed() const { return speed_; }
  void set_speed(double speed);  // 0.1 .. 50 times

  // Advances by dt seconds; true while another frame is wanted.
  bool update(double dt);
  // Draws the whole window: menu bar, panel and stage, or the stage alone.
  void draw(const Theme& theme, const Fonts& fonts);

  std::string state_json() const;     // {"demo":…,"params":{id:text…},"text":"…","playing":…}
  std::string readouts_json() const;  // {id:value…}: numbers, strings, null

  AppOptions& options() { return options_; }
  void set_options(AppOptions options);
  const Words& words() const { return words_; }
  PictureLibrary& pictures() { return pictures_; }
  void note(const Error& error);  // a sentence shown to the person (a file that could not be read …)

 private:
  void draw_gallery(const Theme&, const Fonts&);
  void draw_menu(const Theme&, const Fonts&);
  void draw_panel(const Theme&, const Fonts&);
  void draw_stage(const Theme&, const Fonts&);

  Host& host_;
  Graphics& graphics_;
  AppOptions options_;
  Words words_;
  PictureLibrary pictures_;
  const DemoInfo* info_ = nullptr;
  std::unique_ptr<State> state_;
  std::unique_ptr<Demo> demo_;
  bool playing_ = false;
  double speed_ = 1.0;
  double step_clock_ = 0.0;
  std::string note_;
  std::uint64_t seen_version_ = 0;
  std::string seen_readouts_;
};

}  // namespace cvlab::app
