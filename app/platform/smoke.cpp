#include "app/platform/smoke.hpp"

#include <iostream>

#include "app/platform/headless.hpp"
#include "app/platform/host_native.hpp"
#include "app/platform/session.hpp"

namespace cvlab::app {

namespace {

constexpr Viewport small{320.0F, 240.0F, 1.0F};

// The ends of the range and the default; every choice. A learner's own picture cannot be asked for here.
std::vector<std::string> values_of(const Param& param) {
  std::vector<std::string> values{std::string(param.initial)};
  switch (param.type) {
    case ParamType::integer:
    case ParamType::real:
      values.push_back(State::format(param.min));
      values.push_back(State::format(param.max));
      break;
    case ParamType::toggle:
      values.push_back(param.initial == "0" ? "1" : "0");
      break;
    case ParamType::choice:
    case ParamType::picture:
      for (const std::string_view choice : param.choices) {
        if (choice != param.initial && choice != "own") values.emplace_back(choice);
      }
      break;
    case ParamType::cell: {
      const Cell last{static_cast<int>(param.max) - 1, static_cast<int>(param.max) - 1};
      values.emplace_back("1,1");
      if (param.max > 0) values.push_back(State::format(last));
      break;
    }
    case ParamType::matrix: {
      const int smallest = param.max > 0 ? static_cast<int>(param.min) : 1;
      const int largest = param.max > 0 ? static_cast<int>(param.max) : 15;
      for (const int n : {smallest, largest}) {
        values.push_back(State::format(std::vector<double>(static_cast<std::size_t>(n * n), -0.5), n, n));
      }
      break;
    }
    case ParamType::text:
      break;
  }
  return values;
}

class Smoke {
 public:
  Smoke(Session& session, HostNative& host, int frames) : session_(session), host_(host), frames_(frames) {}

  void run(const DemoInfo& info) {
    open(info.id);
    if (info.has_steps) {
      session_.app().play(true);
      draw(std::string(info.id) + " playing");
    }
    for (const Param& param : info.params) {
      for (const std::string& value : values_of(param)) {
        const std::string what = std::string(info.id) + " " + std::string(param.id) + "=" + value;
        open(info.id);
        if (!param.only_if.empty()) set(what, param.only_if, param.only_value);
        set(what, param.id, value);
        draw(what);
      }
    }
  }

  // A failed set has been counted by then, and what it leaves is drawn all the same.
  int finish() const {
    std::cout << passed_ << " passed, " << failed_ << " failed" << std::endl;
    return failed_ == 0 && passed_ > 0 ? 0 : 3;
  }

  void draw(const std::string& what) {
    for (int i = 0; i < frames_; ++i) {
      const bool loaded = host_.pump();
      const bool again = session_.frame(small, 1.0 / 60.0);
      Headless::finish();
      if (!again && !loaded) break;  // at rest: nobody draws more
    }
    count(what, Headless::take_errors());
  }

  void open(std::string_view id) {
    const Result<void> opened = session_.app().open(id);
    if (!opened) count("open " + std::string(id), opened.error().sentence);
    session_.app().reset();
  }

 private:
  void set(const std::string& what, std::string_view id, std::string_view value) {
    const Result<void> result = session_.app().set(id, value);
    if (!result) count(what, result.error().sentence);
  }

  void count(const std::string& what, const std::string& error) {
    (error.empty() ? passed_ : failed_) += 1;
    if (!error.empty()) std::cout << "failed: " << what << ": " << error << std::endl;
  }

  Session& session_;
  HostNative& host_;
  int frames_;
  int passed_ = 0;
  int failed_ = 0;
};

}  // namespace

int run_smoke(Session& session, HostNative& host, int frames) {
  Smoke smoke(session, host, frames);
  smoke.open("");
  smoke.draw("gallery");
  for (const DemoInfo* info : all_demos()) smoke.run(*info);
  return smoke.finish();
}

}  // namespace cvlab::app
