#include "app/shell/app.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/shell/miniature.hpp"
#include "app/shell/text.hpp"

namespace cvlab::app {
namespace {

constexpr double slowest = 0.1;
constexpr double fastest = 50.0;
constexpr double longest_frame = 0.25;  // s; a page in the background comes back with minutes at once
constexpr int most_steps_a_frame = 16;
constexpr double note_time = 2.5;  // s

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);  // bad UTF-8 becomes U+FFFD, nothing is thrown
}

}  // namespace

App::App(Host& host, Graphics& graphics, AppOptions options)
    : host_(host),
      graphics_(graphics),
      options_(std::move(options)),
      words_(options_.language),
      pictures_(host),
      files_(host) {}

App::~App() = default;

Result<void> App::open(std::string_view demo_id) {
  const DemoInfo* info = demo_id.empty() ? nullptr : find_demo(demo_id);
  if (!demo_id.empty() && info == nullptr) {
    std::string shown = for_display(demo_id);
    return Error{"shell.no_demo", "There is no demo called \"" + shown + "\".", {shown}};
  }
  if (camera_) set_camera(false);
  demo_.reset();
  state_.reset();
  miniatures_.clear();
  edits_.clear();
  info_ = info;
  playing_ = false;
  step_clock_ = 0.0;
  seen_version_ = 0;
  seen_readouts_.clear();
  seen_own_ = pictures_.version("own");
  focus_stage_ = true;
  if (info_ != nullptr) {
    state_ = std::make_unique<State>(info_->params);
    demo_ = info_->make(DemoContext{*state_, pictures_, files_});
    refresh();
  }
  host_.demo_changed(App::demo_id());
  host_.request_frame();
  return {};
}

std::string_view App::demo_id() const { return info_ != nullptr ? info_->id : std::string_view(); }
const DemoInfo* App::info() const { return info_; }
State* App::state() { return state_.get(); }
const Demo* App::demo() const { return demo_.get(); }

Result<void> App::set(std::string_view id, std::string_view value) {
  if (!state_) return Error{"shell.gallery", "No demo is open.", {}};
  Result<void> result = state_->set(id, value);
  if (result) refresh();
  return result;
}

Result<void> App::set_all(std::string_view query) {
  if (!state_) return Error{"shell.gallery", "No demo is open.", {}};
  Result<void> result = state_->set_all(query);
  refresh();
  return result;
}

void App::reset() {
  if (!state_) return;
  set_playing(false);
  edits_.clear();
  state_->reset();
  demo_->restart();
  refresh();
}

// Read-outs must be right as soon as a parameter is, not one frame later: the page asks for them at once.
void App::refresh() {
  if (demo_) demo_->update(0.0);
  host_.request_frame();
}

bool App::play(bool on) {
  if (!demo_ || !info_->has_steps) return false;
  step_clock_ = 0.0;
  if (on && options_.reduced_motion && !info_->works) {  // what moves by itself is what reduced motion refuses
    step(+1);
    return true;
  }
  set_playing(on);
  host_.request_frame();
  return true;
}

void App::set_playing(bool on) {
  if (playing_ == on) return;
  playing_ = on;
  if (info_->works) demo_->play(on);
}

bool App::step(int delta) {
  if (!demo_ || !info_->has_steps || delta == 0) return false;
  const bool moved = demo_->step(delta > 0 ? +1 : -1);
  if (moved) refresh();
  return moved;
}

void App::set_speed(double speed) {
  if (!(speed >= slowest && speed <= fastest)) {
    note({"shell.speed", "The speed lies between 0.1 and 50.", {}});
    return;
  }
  speed_ = speed;
  host_.request_frame();
}

bool App::update(double dt) {
  dt = std::isfinite(dt) ? std::clamp(dt, 0.0, longest_frame) : 0.0;
  if (!note_.empty() && !note_is_error_ && (note_seconds_ -= dt) <= 0.0) note_.clear();
  const bool note_going = !note_.empty() && !note_is_error_;
  if (!demo_) return update_miniatures() || note_going;
  follow_pictures();
  if (playing_ && !info_->works) {
    step_clock_ += dt;
    const double interval = std::max(1e-3, demo_->step_seconds() / speed_);
    for (int i = 0; playing_ && step_clock_ >= interval && i < most_steps_a_frame; ++i) {
      step_clock_ -= interval;
      playing_ = demo_->step(+1);
    }
    step_clock_ = std::min(step_clock_, interval);  // a machine too slow for the speed does not owe steps for ever
  }
  const bool moving = demo_->update(dt);
  if (info_->works && !moving) set_playing(false);
  if (state_->version() != seen_version_ || playing_ != seen_playing_) {
    seen_version_ = state_->version();
    seen_playing_ = playing_;
    host_.state_changed();
  }
  // With the sentence: before there are numbers it alone says what is going on.
  if (std::string readouts = readouts_json() + demo_->sentence(words_); readouts != seen_readouts_) {
    seen_readouts_ = std::move(readouts);
    host_.readouts_changed();
  }
  return playing_ || moving || note_going;
}

const Param* App::picture_param() const {
  if (info_ == nullptr) return nullptr;
  for (const Param& param : info_->params) {
    const bool own = std::find(param.choices.begin(), param.choices.end(), "own") != param.choices.end();
    if (param.type == ParamType::picture && own) return &param;
  }
  return nullptr;
}

void App::follow_pictures() {
  const Param* param = picture_param();
  if (param == nullptr) return;
  const std::uint64_t version = pictures_.version("own");
  const bool arrived = version != seen_own_;
  seen_own_ = version;
  if (camera_shown_ && state_->raw(param->id) != "own") return set_camera(false);  // another picture was chosen
  if (!arrived) return;
  const PictureLibrary::Entry& own = pictures_.get("own");
  if (!own.error.id.empty()) {  // with a picture too: an earlier one stays
    if (own.error.id == "picture.none_opened") return;
    camera_ = camera_shown_ = false;
    note(own.error);
  } else if (own.status == PictureLibrary::Status::ready) {
    camera_shown_ = camera_;
    set_or_tell(param->id, "own");
  }
}

void App::open_picture() {
  set_camera(false);
  host_.open_file();
}

void App::set_camera(bool on) {
  if (camera_ == on) return;
  camera_ = on;
  camera_shown_ = false;
  host_.camera(on);
}

void App::copy_link() {
  host_.copy_text(host_.link(demo_id(), state_ ? state_->text() : std::string()));
  tell(words_("shell.link_copied"), false);
}

void App::tell(std::string sentence, bool is_error) {
  note_ = std::move(sentence);
  note_is_error_ = is_error;
  note_seconds_ = note_time;
  host_.request_frame();
}

void App::note(const Error& error) { tell(words_.sentence(error), true); }

void App::set_or_tell(std::string_view id, std::string_view value) {
  if (Result<void> result = set(id, value); !result) note(result.error());
}

void App::set_options(AppOptions options) {
  if (options.language != options_.language) words_ = Words(options.language);
  options_ = std::move(options);
  if (options_.reduced_motion && info_ != nullptr && !info_->works) playing_ = false;
  host_.request_frame();
}

void App::keys(bool stage_focused) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || ImGui::IsAnyItemActive()) return;
  const bool menu_open = ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
  if (menu_open) return;
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) host_.leave();
  if (info_ == nullptr || !info_->has_steps) return;
  const bool free = stage_focused || !io.NavVisible;  // Space presses a button that has the focus
  if (free && ImGui::IsKeyPressed(ImGuiKey_Space, false)) play(!playing_);
  if (ImGui::IsKeyPressed(ImGuiKey_Period)) step(+1);
  if (ImGui::IsKeyPressed(ImGuiKey_Comma)) step(-1);
}

std::string App::state_json() const {
  Json params = Json::object();
  if (state_) {
    for (const Param& param : state_->table()) params[std::string(param.id)] = std::string(state_->raw(param.id));
  }
  Json json = Json::object();
  json["demo"] = std::string(demo_id());
  json["params"] = std::move(params);
  json["text"] = state_ ? state_->text() : std::string();
  json["playing"] = playing_;
  json["speed"] = speed_;
  return dump(json);
}

std::string App::readouts_json() const {
  Json values = Json::object();
  if (!demo_) return dump(values);
  for (const Readout& readout : demo_->readouts()) {
    if (const double* number = std::get_if<double>(&readout.value)) {
      values[readout.id] = std::isfinite(*number) ? Json(*number) : Json(nullptr);
    } else {
      values[readout.id] = std::get<std::string>(readout.value);
    }
  }
  return dump(values);
}

}  // namespace cvlab::app
