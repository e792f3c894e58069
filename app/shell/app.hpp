// The application without window or page: one open demo (or the gallery), its state, its frame.
// The platform owns ImGui's context, calls update() then draw() between NewFrame and Render, and nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/gfx/graphics.hpp"
#include "app/gfx/theme.hpp"
#include "app/shell/demo.hpp"
#include "app/shell/file_library.hpp"
#include "app/shell/host.hpp"
#include "app/shell/picture_library.hpp"
#include "app/shell/words.hpp"

namespace cvlab::app {

struct Look;  // widgets.hpp

struct AppOptions {
  std::string language = "en";
  bool dark = false;
  bool panel = true;  // false: the figure alone (the page has the controls)
  bool reduced_motion = false;
  std::vector<std::string> hidden = {};  // ids of parameters whose control is hidden
};

class App {
 public:
  App(Host& host, Graphics& graphics, AppOptions options);
  ~App();

  Result<void> open(std::string_view demo_id);  // "" = gallery
  std::string_view demo_id() const;             // "" in the gallery
  const DemoInfo* info() const;
  State* state();  // null in the gallery
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
  bool busy() const { return demo_ && demo_->busy(); }
  // Draws the whole window: menu bar, panel and stage, or the stage alone.
  void draw(const Theme& theme, const Fonts& fonts);

  std::string state_json() const;     // {"demo":…,"params":{id:text…},"text":"…","playing":…}
  std::string readouts_json() const;  // {id:value…}: numbers, strings, null

  AppOptions& options() { return options_; }
  void set_options(AppOptions options);
  const Words& words() const { return words_; }
  PictureLibrary& pictures() { return pictures_; }
  FileLibrary& files() { return files_; }
  void note(const Error& error);  // a sentence shown to the person (a file that could not be read …)

 private:
  // What the learner is typing into a text control; the state takes it as soon as it is right.
  struct Edit {
    std::string text;
    std::string error;
    bool typing = false;
  };
  // A demo of the gallery, drawn small at its defaults.
  struct Miniature;
  struct Layout;

  // app.cpp
  void refresh();  // the demo's update, after parameters changed outside a frame
  void set_playing(bool on);
  void follow_pictures();  // a picture the learner opened becomes the demo's picture
  const Param* picture_param() const;
  void open_picture();
  void set_camera(bool on);
  void copy_link();
  void tell(std::string sentence, bool is_error);
  void set_or_tell(std::string_view id, std::string_view value);
  void keys(bool stage_focused);

  // layout.cpp
  void draw_stage(const Theme&, const Fonts&, const Rect& area);
  void draw_toast(const Theme&, const Fonts&, const Rect& area);
  // menu.cpp
  void draw_menu(const Theme&, const Fonts&, const Rect& area);
  float draw_bar_buttons(const Look&, float right, float top);
  void draw_language_switch(const Look&, float width);
  void draw_menu_popup(const Look&);
  // gallery.cpp
  void draw_gallery(const Theme&, const Fonts&, const Rect& area);
  bool draw_card(const Look&, Miniature&, const Rect& card);
  bool update_miniatures();
  // panel.cpp
  void draw_panel(const Theme&, const Fonts&, const Rect& area);
  void draw_controls(const Look&, ParamGroup group);
  void draw_control(const Look&, const Param&);
  void draw_number_control(const Look&, const Param&, float width);
  void draw_choice_control(const Look&, const Param&, float width);
  void draw_text_control(const Look&, const Param&, float width);
  void draw_steps(const Look&);
  void draw_readouts(const Look&);

  Host& host_;
  Graphics& graphics_;
  AppOptions options_;
  Words words_;
  PictureLibrary pictures_;
  FileLibrary files_;
  const DemoInfo* info_ = nullptr;
  std::unique_ptr<State> state_;
  std::unique_ptr<Demo> demo_;
  std::vector<std::unique_ptr<Miniature>> miniatures_;
  std::map<std::string, Edit, std::less<>> edits_;
  bool playing_ = false;
  double speed_ = 1.0;
  double step_clock_ = 0.0;
  bool camera_ = false;        // asked for
  bool camera_shown_ = false;  // a frame of it has arrived
  bool more_open_ = false;
  bool focus_stage_ = false;  // the stage takes the keyboard at the next drawing
  std::string note_;
  bool note_is_error_ = false;
  double note_seconds_ = 0.0;  // until a note that is no error goes by itself
  std::uint64_t seen_version_ = 0;
  std::uint64_t seen_own_ = 0;
  bool seen_playing_ = false;
  std::string seen_readouts_;
};

}  // namespace cvlab::app
