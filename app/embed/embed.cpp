// The C functions of README.md, which the frame page calls. One figure a module.
#include <emscripten.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/embed/host_web.hpp"
#include "app/platform/loop.hpp"
#include "app/platform/session.hpp"
#include "app/platform/window.hpp"
#include "app/shell/text.hpp"

namespace {

using namespace cvlab;
using namespace cvlab::app;

constexpr int largest_side = 4096;
constexpr int largest_file = 256 << 20;  // bytes

// In the order of making; unmade from the last to the first.
struct Page {
  HostWeb host;
  std::unique_ptr<Window> window;
  std::unique_ptr<Session> session;
  std::unique_ptr<Loop> loop;
  Image incoming;  // what the page writes a picture into
  std::vector<std::uint8_t> incoming_file;
  std::string answer;  // what the last function returned

  ~Page() {
    host.attach(nullptr);
    loop.reset();
    if (session) window->detach_input();
    session.reset();
    window.reset();
  }
  App& app() { return session->app(); }
};

std::unique_ptr<Page> page;  // the C interface has no object to hang it on

const char* answer(std::string text) {
  page->answer = std::move(text);
  return page->answer.c_str();
}

const char* answer(const Result<void>& result) {
  page->loop->wake();
  return answer(result ? std::string() : page->app().words().sentence(result.error()));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// What `query` names changes, the rest stays.
AppOptions with_options(AppOptions options, const char* query) {
  for (const std::string& pair : split(query, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string key = pair.substr(0, equals);
    const std::string value = equals < pair.size() ? percent_decode(pair.substr(equals + 1)) : "";
    if (key == "lang") options.language = value;
    if (key == "theme") options.dark = value == "dark";
    if (key == "panel") options.panel = value != "0";
    if (key == "motion") options.reduced_motion = value == "reduced";
    if (key == "hide") options.hidden = split(value, ',');
  }
  return options;
}

// Told in the figure, and to the page around it.
void report(const Result<void>& result) {
  if (result) return;
  page->app().note(result.error());
  page->host.refused(page->app().words().sentence(result.error()));
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE int cv_start(const char* demo, const char* state, const char* options) {
  page = std::make_unique<Page>();
  auto window = Window::make("cvlab", 1, 1);  // the style sheet gives the canvas its size
  if (!window) {
    page.reset();
    return 0;
  }
  page->window = std::move(window).value();
  page->session = std::make_unique<Session>(page->host, with_options({}, options));
  page->window->attach_input();
  page->loop = std::make_unique<Loop>(*page->window, *page->session, Loop::Events{});
  page->host.attach([] { page->loop->wake(); });
  report(page->app().open(demo));
  if (page->app().info()) report(page->app().set_all(state));
  page->loop->run();
  return 1;
}

EMSCRIPTEN_KEEPALIVE const char* cv_set(const char* id, const char* value) {
  return answer(page->app().set(id, value));
}
EMSCRIPTEN_KEEPALIVE const char* cv_set_all(const char* query) { return answer(page->app().set_all(query)); }
EMSCRIPTEN_KEEPALIVE const char* cv_get(void) { return answer(page->app().state_json()); }
EMSCRIPTEN_KEEPALIVE const char* cv_readouts(void) { return answer(page->app().readouts_json()); }

EMSCRIPTEN_KEEPALIVE const char* cv_sentence(void) {
  App& app = page->app();
  return answer(app.demo() ? app.demo()->sentence(app.words()) : std::string());
}

EMSCRIPTEN_KEEPALIVE const char* cv_title(void) {
  App& app = page->app();
  return answer(app.info() ? std::string(app.words()(std::string(app.info()->id) + ".title")) : std::string("cvlab"));
}

EMSCRIPTEN_KEEPALIVE const char* cv_version(void) { return CVLAB_VERSION; }

EMSCRIPTEN_KEEPALIVE int cv_open(const char* demo) {
  const Result<void> opened = page->app().open(demo);
  page->loop->wake();
  return opened ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE void cv_reset(void) {
  page->app().reset();
  page->loop->wake();
}

EMSCRIPTEN_KEEPALIVE int cv_play(int on) {
  page->loop->wake();
  return page->app().play(on != 0) ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE int cv_step(int delta) {
  page->loop->wake();
  return page->app().step(delta) ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE void cv_speed(double speed) { page->app().set_speed(speed); }

EMSCRIPTEN_KEEPALIVE void cv_options(const char* options) {
  page->app().set_options(with_options(page->app().options(), options));
  page->loop->wake();
}

// Room is tried for first: growing the memory in vain would end the module.
EMSCRIPTEN_KEEPALIVE std::uint8_t* cv_picture_buffer(int width, int height) {
  if (width < 1 || height < 1 || width > largest_side || height > largest_side) return nullptr;
  const std::size_t bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  void* room = std::malloc(8 * bytes);  // the demo's tensors need some too
  if (!room) return nullptr;
  std::free(room);
  if (page->incoming.width != width || page->incoming.height != height) page->incoming = Image(width, height, 4);
  return page->incoming.data.data();
}

EMSCRIPTEN_KEEPALIVE void cv_picture_ready(const char* id) {
  page->app().pictures().put(id, page->incoming);
  page->loop->wake();
}

EMSCRIPTEN_KEEPALIVE void cv_picture_failed(const char* id, const char* error_id, const char* sentence) {
  page->app().pictures().fail(id, {error_id, sentence});
  page->loop->wake();
}

EMSCRIPTEN_KEEPALIVE std::uint8_t* cv_file_buffer(int bytes) {
  if (bytes < 0 || bytes > largest_file) return nullptr;
  void* room = std::malloc(2 * static_cast<std::size_t>(bytes) + 1);  // it will be decoded, too
  if (!room) return nullptr;
  std::free(room);
  page->incoming_file.resize(static_cast<std::size_t>(bytes) + 1);  // never empty: null would mean "too large"
  return page->incoming_file.data();
}

EMSCRIPTEN_KEEPALIVE void cv_file_progress(const char* path, double done, double total) {
  page->app().files().progress(path, static_cast<std::size_t>(done), static_cast<std::size_t>(total));
  page->loop->wake();
}

EMSCRIPTEN_KEEPALIVE void cv_file_ready(const char* path) {
  page->incoming_file.pop_back();
  page->app().files().put(path, std::exchange(page->incoming_file, {}));
  page->loop->wake();
}

EMSCRIPTEN_KEEPALIVE void cv_file_failed(const char* path, const char* error_id, const char* sentence) {
  page->app().files().fail(path, {error_id, sentence, {path}});
  page->loop->wake();
}

EMSCRIPTEN_KEEPALIVE int cv_frames(void) { return page ? page->session->frames() : 0; }

EMSCRIPTEN_KEEPALIVE void cv_context_lost(void) { page->session->context_lost(); }

EMSCRIPTEN_KEEPALIVE void cv_context_restored(void) {
  page->session->context_restored();
  page->loop->wake();
}

EMSCRIPTEN_KEEPALIVE void cv_stop(void) { page.reset(); }

}  // extern "C"

int main() { return 0; }  // the page starts the figure, when it is ready, by cv_start
