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

constexpr std::uintmax_t largest_file = 256U << 20U;  // bytes

fs::path asset_folder(const fs::path& program) {
  if (const char* assets = std::getenv("CVLAB_ASSETS")) return fs::path(assets);
  std::error_code ignored;
  fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  if (self.empty()) self = fs::absolute(program, ignored);
  return self.parent_path() / ".." / ".." / "assets";  // build/<preset>/bin -> build/assets
}

Result<std::vector<std::uint8_t>> load_file(const fs::path& path) {
  std::error_code problem;
  const std::uintmax_t size = fs::file_size(path, problem);  // a folder has none
  std::ifstream file(path, std::ios::binary);
  if (problem || size > largest_file || !file) {
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

// In the folder that the program was started in; what is there already is not overwritten.
fs::path free_name(const fs::path& name) {
  std::error_code problem;
  fs::path path = fs::current_path(problem) / name;
  for (int i = 2; fs::exists(path, problem); ++i) {
    path.replace_filename(name.stem().string() + "-" + std::to_string(i) + name.extension().string());
  }
  return path;
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
  const bool opened = take_answer();
  return !ids.empty() || !paths.empty() || opened;
}

void HostNative::open_path(const fs::path& path) {
  if (path.extension() == ".safetensors") {
    Result<std::vector<std::uint8_t>> bytes = load_file(path);
    if (bytes) return app_->files().put(own_weights, std::move(bytes).value());
    return app_->note(bytes.error());
  }
  Result<Image> image = load_image(path);
  if (image) return app_->pictures().put("own", std::move(image).value());
  app_->note(image.error());
}

// A desktop's own dialog answers on its standard output; 127 is the shell's "no such program".
void HostNative::ask(Dialog& dialog) {
  const bool picture = dialog.kind == Dialog::Kind::picture;
  const bool save = dialog.kind == Dialog::Kind::save;
  const std::string filter = picture ? "*.png *.jpg *.jpeg"
                             : save  ? "*" + fs::path(dialog.name).extension().string()
                                     : "*.safetensors";
  // All texts are ours: a saved file's name is a word and an ending.
  const std::array<std::string, 2> commands{
      "zenity --file-selection --file-filter='" + filter + "'" +
          (save ? " --save --confirm-overwrite --filename='" + dialog.name + "'" : "") + " 2>/dev/null",
      (save ? "kdialog --getsavefilename '" + dialog.name + "'" : "kdialog --getopenfilename .") + " '" + filter +
          "' 2>/dev/null"};
  for (const std::string& command : commands) {
    FILE* pipe = popen(command.c_str(), "r");  // NOLINT(cert-env33-c): nothing of the user's in it
    if (!pipe) continue;
    std::string answer;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) answer += static_cast<char>(c);
    const int status = pclose(pipe);
    if (status == 127 << 8) continue;
    while (!answer.empty() && answer.back() == '\n') answer.pop_back();
    dialog.path = std::move(answer);
    return;
  }
  dialog.missing = true;
}

// The dialog is a program of its own and blocks until it is closed: a thread waits for it, the window lives on.
void HostNative::begin_dialog(Dialog dialog) {
  if (dialog_.joinable()) dialog_.join();
  dialog_ = std::thread([this, asked = std::move(dialog)]() mutable {
    ask(asked);
    asked.answered = true;
    {
      const std::lock_guard lock(mutex_);
      answer_ = std::move(asked);
    }
    request_frame();
  });
}

// What a dialog answered since the last frame. True if something was opened.
bool HostNative::take_answer() {
  Dialog dialog;
  {
    const std::lock_guard lock(mutex_);
    dialog = std::exchange(answer_, {});
  }
  if (!dialog.answered) return false;
  if (dialog.kind == Dialog::Kind::save) {
    if (dialog.missing) save_to(free_name(dialog.name), dialog.bytes);
    if (!dialog.path.empty()) save_to(dialog.path, dialog.bytes);
    return false;
  }
  if (dialog.missing) app_->note({"drop-file", "No file dialog is installed here: drop the file onto the window."});
  if (!dialog.path.empty()) open_path(dialog.path);
  return !dialog.path.empty();
}

void HostNative::save_to(const fs::path& path, std::span<const std::uint8_t> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  const std::string name = path.string();
  app_->note(file ? Error{"file-saved", "Saved as " + name + ".", {name}}
                  : Error{"file-write", "The file " + name + " cannot be written.", {name}});
}

void HostNative::open_file() { begin_dialog({.kind = Dialog::Kind::picture}); }

void HostNative::choose_file(std::string_view) { begin_dialog({.kind = Dialog::Kind::weights}); }

void HostNative::save_file(std::string_view name, std::span<const std::uint8_t> bytes) {
  begin_dialog({.kind = Dialog::Kind::save, .name = std::string(name), .bytes = {bytes.begin(), bytes.end()}});
}

void HostNative::copy_text(std::string_view text) { SDL_SetClipboardText(std::string(text).c_str()); }

// The state's text is percent-encoded: no character in it means anything to a shell inside quotes.
std::string HostNative::link(std::string_view demo_id, std::string_view state_text) {
  std::string command = "cvlab-app --demo " + std::string(demo_id);
  if (!state_text.empty()) command += " --state '" + std::string(state_text) + "'";
  return command;
}

}  // namespace cvlab::app
