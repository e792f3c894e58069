#include "app/platform/host_native.hpp"

#include <SDL.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/image/codec.hpp"

namespace cvlab::app {

namespace {

namespace fs = std::filesystem;

fs::path asset_folder(const fs::path& program) {
  if (const char* assets = std::getenv("CVLAB_ASSETS")) return fs::path(assets);
  std::error_code ignored;
  fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  if (self.empty()) self = fs::absolute(program, ignored);
  return self.parent_path() / ".." / ".." / "assets";  // build/<preset>/bin -> build/assets
}

Result<std::vector<std::uint8_t>> load_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{
        "file-read", "The file “" + path.filename().string() + "” cannot be read.", {path.filename().string()}};
  }
  return std::vector<std::uint8_t>{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Result<Image> load_image(const fs::path& path) {
  const Result<std::vector<std::uint8_t>> bytes = load_file(path);
  if (!bytes) return bytes.error();
  return decode_image(bytes.value());
}

// What a desktop's own dialog answers: the path, "" when cancelled. 127 is the shell's "no such program".
std::string ask_dialog(bool& missing) {
  constexpr std::array<const char*, 2> dialogs{"zenity --file-selection --file-filter='*.png *.jpg *.jpeg' 2>/dev/null",
                                               "kdialog --getopenfilename . '*.png *.jpg *.jpeg' 2>/dev/null"};
  for (const char* command : dialogs) {
    FILE* pipe = popen(command, "r");  // NOLINT(cert-env33-c): fixed text, nothing of the user's in it
    if (!pipe) continue;
    std::string answer;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) answer += static_cast<char>(c);
    const int status = pclose(pipe);
    if (status == 127 << 8) continue;
    while (!answer.empty() && answer.back() == '\n') answer.pop_back();
    return answer;
  }
  missing = true;
  return {};
}

}  // namespace

HostNative::HostNative(const fs::path& program) : assets_(asset_folder(program)) {}

HostNative::~HostNative() {
  if (dialog_.joinable()) dialog_.join();
}

void HostNative::attach(App& app, std::function<void()> wake) {
  app_ = &app;
  wake_ = std::move(wake);
}

bool HostNative::pump() {
  const std::vector<std::string> ids = std::exchange(requested_, {});
  for (const std::string& id : ids) {
    Result<Image> image = load_image(assets_ / "photos" / (id + ".png"));
    if (image) {
      app_->pictures().put(id, std::move(image).value());
    } else {
      app_->pictures().fail(id, image.error());
    }
  }
  const std::vector<std::string> paths = std::exchange(requested_files_, {});
  for (const std::string& path : paths) {
    Result<std::vector<std::uint8_t>> bytes = load_file(assets_ / path);
    if (bytes) {
      app_->files().put(path, std::move(bytes).value());
    } else {
      app_->files().fail(path,
                         {"file.missing", "The file “" + path + "” is not there: tools/assets makes it.", {path}});
    }
  }
  std::string chosen;
  bool missing = false;
  {
    const std::lock_guard lock(mutex_);
    chosen = std::exchange(chosen_, {});
    missing = std::exchange(dialog_missing_, false);
  }
  if (!chosen.empty()) open_picture(chosen);
  if (missing) app_->note({"drop-file", "No file dialog is installed here: drop the picture onto the window."});
  return !ids.empty() || !paths.empty() || !chosen.empty();
}

void HostNative::open_picture(const fs::path& path) {
  Result<Image> image = load_image(path);
  if (image) {
    app_->pictures().put("own", std::move(image).value());
  } else {
    app_->note(image.error());
  }
}

// The dialog is a program of its own and blocks until it is closed: a thread waits for it, the window lives on.
void HostNative::open_file() {
  if (dialog_.joinable()) dialog_.join();
  dialog_ = std::thread([this] {
    bool missing = false;
    std::string path = ask_dialog(missing);
    {
      const std::lock_guard lock(mutex_);
      chosen_ = std::move(path);
      dialog_missing_ = missing;
    }
    request_frame();
  });
}

void HostNative::copy_text(std::string_view text) { SDL_SetClipboardText(std::string(text).c_str()); }

// The state's text is percent-encoded: no character in it means anything to a shell inside quotes.
std::string HostNative::link(std::string_view demo_id, std::string_view state_text) {
  std::string command = "cvlab-app --demo " + std::string(demo_id);
  if (!state_text.empty()) command += " --state '" + std::string(state_text) + "'";
  return command;
}

}  // namespace cvlab::app
