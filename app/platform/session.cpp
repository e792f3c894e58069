#include "app/platform/session.hpp"

#include <GLES3/gl3.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <cmath>

#include "app/gfx/fonts.hpp"

namespace cvlab::app {

Session::Session(Host& host, AppOptions options) {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // the state is in the URL, not in a file of ImGui's
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigInputTextCursorBlink = false;  // a blinking cursor would draw for ever
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  ImGui_ImplOpenGL3_Init("#version 300 es");
  app_ = std::make_unique<App>(host, graphics_, std::move(options));
}

Session::~Session() {
  app_.reset();
  graphics_.release();
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
}

void Session::follow_scale(float scale) {
  if (scale == scale_) return;
  scale_ = scale;
  ImGui_ImplOpenGL3_DestroyDeviceObjects();  // the font texture with them; made anew by the backend's next frame
  fonts_ = load_fonts(scale);
}

void Session::follow_theme() {
  const Theme* wanted = &theme(app_->options().dark);
  if (wanted == theme_) return;
  theme_ = wanted;
  apply_to_imgui(*theme_, 1.0F);
}

bool Session::work(double dt) {
  if (!app_->busy() || undrawn_ >= (settle_ > 0.0 ? settling_interval : working_interval)) return false;
  undrawn_ += dt;
  app_->update(dt);
  return true;
}

bool Session::frame(const Viewport& viewport, double dt) {
  if (lost_ || viewport.width < 1.0F || viewport.height < 1.0F) return false;
  follow_scale(std::clamp(viewport.scale, 0.5F, 4.0F));
  const bool moving = app_->update(app_->busy() ? 0.0 : dt);  // drawing is work enough for one frame
  follow_theme();

  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {viewport.width, viewport.height};
  io.DisplayFramebufferScale = {viewport.scale, viewport.scale};
  io.DeltaTime = static_cast<float>(std::clamp(dt, 1e-4, 0.1));
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  graphics_.begin_frame(*theme_);
  app_->draw(*theme_, fonts_);
  ImGui::Render();

  const ImVec4 paper = ImGui::ColorConvertU32ToFloat4(theme_->paper);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(paper.x, paper.y, paper.z, 1.0F);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  ++frames_;
  undrawn_ = 0.0;
  settle_ = std::max(0.0, settle_ - std::min(dt, 0.1));  // at least a few frames, however slow
  return moving || settle_ > 0.0;
}

void Session::context_lost() {
  lost_ = true;
  ImGui_ImplOpenGL3_DestroyDeviceObjects();
  graphics_.release();
}

void Session::context_restored() {
  lost_ = false;
  wake();
}

}  // namespace cvlab::app
