#include "app/platform/headless.hpp"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl3.h>

#include <array>
#include <string_view>

namespace cvlab::app {

namespace {

Error no_context(const char* what) {
  return {"no_gl", std::string("OpenGL ES 3 without a display is not available here (") + what +
                       "): install Mesa's EGL (Debian: libegl1, libgles2, libgl1-mesa-dri)."};
}

// A display without window system: Mesa's surfaceless one, else a device of the driver's own (NVIDIA), else the
// default.
EGLDisplay open_display() {
  const char* text = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
  const std::string_view extensions = text ? text : "";
  const auto get_display =
      reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  const auto query_devices = reinterpret_cast<PFNEGLQUERYDEVICESEXTPROC>(eglGetProcAddress("eglQueryDevicesEXT"));
  const auto started = [](EGLDisplay display) {
    return display != EGL_NO_DISPLAY && eglInitialize(display, nullptr, nullptr);
  };
  if (get_display && query_devices && extensions.find("EGL_EXT_platform_device") != std::string_view::npos) {
    std::array<EGLDeviceEXT, 8> devices{};
    EGLint count = 0;
    query_devices(static_cast<EGLint>(devices.size()), devices.data(), &count);
    for (EGLint i = 0; i < count; ++i) {
      const EGLDisplay display = get_display(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(i)], nullptr);
      if (started(display)) return display;
    }
  }
  if (get_display && extensions.find("EGL_MESA_platform_surfaceless") != std::string_view::npos) {
    const EGLDisplay display = get_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    if (started(display)) return display;
  }
  const EGLDisplay display = eglGetDisplay(EGL_DEFAULT_DISPLAY);
  return started(display) ? display : EGL_NO_DISPLAY;
}

}  // namespace

Result<void> Headless::make_context() {
  display_ = open_display();
  if (display_ == EGL_NO_DISPLAY) return no_context("no EGL display");
  eglBindAPI(EGL_OPENGL_ES_API);
  constexpr std::array<EGLint, 5> wanted{EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_ES3_BIT,
                                         EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  // Without a config (EGL_KHR_no_config_context) where the display has none for surfaces: we draw into our own buffer.
  if (!eglChooseConfig(display_, wanted.data(), &config, 1, &count) || count == 0) config = nullptr;
  constexpr std::array<EGLint, 3> version{EGL_CONTEXT_CLIENT_VERSION, 3, EGL_NONE};
  context_ = eglCreateContext(display_, config, EGL_NO_CONTEXT, version.data());
  if (context_ == EGL_NO_CONTEXT) return no_context("no context");
  if (!eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_)) return no_context("no surfaceless context");
  return {};
}

Result<void> Headless::make_framebuffer() {
  GLint largest = 0;
  glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &largest);
  if (width_ > largest || height_ > largest) {
    return Error{"too_large", "The picture may have at most " + std::to_string(largest) + " pixels a side."};
  }
  glGenFramebuffers(1, &framebuffer_);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  glGenRenderbuffers(1, &renderbuffer_);
  glBindRenderbuffer(GL_RENDERBUFFER, renderbuffer_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width_, height_);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, renderbuffer_);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) return no_context("no framebuffer");
  return {};
}

Result<std::unique_ptr<Headless>> Headless::make(int width, int height) {
  std::unique_ptr<Headless> headless(new Headless(width, height));
  if (const auto made = headless->make_context(); !made) return made.error();
  if (const auto made = headless->make_framebuffer(); !made) return made.error();
  return headless;
}

Headless::~Headless() {
  if (context_ != nullptr) {
    glDeleteFramebuffers(1, &framebuffer_);
    glDeleteRenderbuffers(1, &renderbuffer_);
    eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext(display_, context_);
  }
  if (display_ != nullptr) eglTerminate(display_);
}

Image Headless::read() const {
  Image rgba(width_, height_, 4);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data.data());
  Image rgb(width_, height_, 3);
  for (int row = 0; row < height_; ++row) {
    for (int column = 0; column < width_; ++column) {
      for (int channel = 0; channel < 3; ++channel) {
        rgb.at(row, column, channel) = rgba.at(height_ - 1 - row, column, channel);  // GL's rows go upwards
      }
    }
  }
  return rgb;
}

void Headless::finish() { glFinish(); }

std::string Headless::take_errors() {
  std::string errors;
  for (GLenum error = glGetError(); error != GL_NO_ERROR; error = glGetError()) {
    const char* name = error == GL_INVALID_ENUM        ? "GL_INVALID_ENUM"
                       : error == GL_INVALID_VALUE     ? "GL_INVALID_VALUE"
                       : error == GL_INVALID_OPERATION ? "GL_INVALID_OPERATION"
                       : error == GL_OUT_OF_MEMORY     ? "GL_OUT_OF_MEMORY"
                                                       : "GL_INVALID_FRAMEBUFFER_OPERATION";
    errors += (errors.empty() ? "" : " ");
    errors += name;
  }
  return errors;
}

}  // namespace cvlab::app
