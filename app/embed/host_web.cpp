#include "app/embed/host_web.hpp"

#include <emscripten.h>

#include <cstdlib>

// All JavaScript of the module stands in this file. The page may close a figure in a callback, so nothing here runs
// while one of our own objects is half changed: App calls its host at the ends of its functions.
EM_JS_DEPS(cv_host, "$stringToNewUTF8,$UTF8ToString");
// clang-format off
EM_JS(void, cv_host_request_picture, (const char* id), { Module["cvHost"].requestPicture(UTF8ToString(id)); });
EM_JS(void, cv_host_request_file, (const char* path), { Module["cvHost"].requestFile(UTF8ToString(path)); });
EM_JS(void, cv_host_open_file, (), { Module["cvHost"].openFile(); });
EM_JS(void, cv_host_choose_file, (const char* path), { Module["cvHost"].chooseFile(UTF8ToString(path)); });
EM_JS(void, cv_host_save_file, (const char* name, const void* bytes, int size), {
  Module["cvHost"].saveFile(UTF8ToString(name), bytes, size);
});
EM_JS(int, cv_host_has_camera, (), { return Module["cvHost"].hasCamera() ? 1 : 0; });
EM_JS(void, cv_host_camera, (int on), { Module["cvHost"].camera(on !== 0); });
EM_JS(void, cv_host_copy_text, (const char* text), { Module["cvHost"].copyText(UTF8ToString(text)); });
EM_JS(char*, cv_host_link, (const char* demo, const char* state), {
  return stringToNewUTF8(Module["cvHost"].link(UTF8ToString(demo), UTF8ToString(state)));
});
EM_JS(void, cv_host_demo_changed, (const char* id), { Module["cvHost"].demoChanged(UTF8ToString(id)); });
EM_JS(void, cv_host_state_changed, (), { Module["cvHost"].stateChanged(); });
EM_JS(void, cv_host_readouts_changed, (), { Module["cvHost"].readoutsChanged(); });
EM_JS(void, cv_host_leave, (), { Module["cvHost"].leave(); });
EM_JS(void, cv_host_refused, (const char* sentence), { Module["cvHost"].refused(UTF8ToString(sentence)); });
// clang-format on

namespace cvlab::app {

namespace {

std::string terminated(std::string_view text) { return std::string(text); }

}  // namespace

void HostWeb::refused(const std::string& sentence) { cv_host_refused(sentence.c_str()); }
void HostWeb::request_picture(std::string_view id) { cv_host_request_picture(terminated(id).c_str()); }
void HostWeb::request_file(std::string_view path) { cv_host_request_file(terminated(path).c_str()); }
void HostWeb::open_file() { cv_host_open_file(); }
void HostWeb::choose_file(std::string_view path) { cv_host_choose_file(terminated(path).c_str()); }
void HostWeb::save_file(std::string_view name, std::span<const std::uint8_t> bytes) {
  cv_host_save_file(terminated(name).c_str(), bytes.data(), static_cast<int>(bytes.size()));
}
bool HostWeb::has_camera() const { return cv_host_has_camera() != 0; }
void HostWeb::camera(bool on) { cv_host_camera(on ? 1 : 0); }
void HostWeb::copy_text(std::string_view text) { cv_host_copy_text(terminated(text).c_str()); }

std::string HostWeb::link(std::string_view demo_id, std::string_view state_text) {
  char* made = cv_host_link(terminated(demo_id).c_str(), terminated(state_text).c_str());
  std::string link = made ? made : "";
  std::free(made);  // stringToNewUTF8 allocates
  return link;
}

void HostWeb::demo_changed(std::string_view demo_id) { cv_host_demo_changed(terminated(demo_id).c_str()); }
void HostWeb::state_changed() { cv_host_state_changed(); }
void HostWeb::readouts_changed() { cv_host_readouts_changed(); }
void HostWeb::leave() { cv_host_leave(); }

}  // namespace cvlab::app
