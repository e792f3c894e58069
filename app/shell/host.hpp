// What the application asks of the place it runs in; implemented twice, in app/platform: window and page.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cvlab::app {

class Host {
 public:
  virtual ~Host() = default;
  virtual void request_picture(std::string_view id) = 0;  // answers, now or later, by PictureLibrary::put/fail
  virtual void request_file(std::string_view path) = 0;   // likewise by FileLibrary::put/fail
  virtual void open_file() = 0;                           // let the learner choose a picture -> put("own", …)
  // Let the learner choose a file that ends like `path` -> FileLibrary::put(path, …).
  virtual void choose_file(std::string_view /*path*/) {}
  // Let the learner keep `bytes` as a file: by dialog, or as a download. `name` is a plain file name of our own.
  virtual void save_file(std::string_view /*name*/, std::span<const std::uint8_t> /*bytes*/) {}
  virtual bool has_camera() const = 0;
  virtual void camera(bool on) = 0;  // frames -> put("own", …); refusal -> fail("own", …)
  virtual void copy_text(std::string_view text) = 0;
  virtual std::string link(std::string_view demo_id, std::string_view state_text) = 0;  // a URL, or a command line
  virtual void request_frame() = 0;                                                     // draw once more, soon
  virtual void demo_changed(std::string_view /*demo_id*/) {}
  virtual void state_changed() {}     // at most once a frame
  virtual void readouts_changed() {}  // at most once a frame
  virtual void leave() {}             // Escape: give the keyboard back to the page
};

}  // namespace cvlab::app
