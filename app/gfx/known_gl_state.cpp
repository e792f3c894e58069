// WebGL: ImGui's backend asks for the state that it restores after drawing. In a browser such a question waits until
// all drawing so far is done, milliseconds on a slow GPU, before every frame. Nobody but us draws into the context, and
// every frame sets what it needs; so the questions are answered here, with what a new context has.
// cmake/dependencies.cmake renames the backend's glGetIntegerv to this one.
#undef glGetIntegerv
#include <GLES3/gl3.h>

extern "C" void cvlab_gl_get_integerv(GLenum name, GLint* values) {
  switch (name) {
    case GL_ACTIVE_TEXTURE:
      *values = GL_TEXTURE0;
      return;
    case GL_CURRENT_PROGRAM:
    case GL_TEXTURE_BINDING_2D:
    case GL_SAMPLER_BINDING:
    case GL_ARRAY_BUFFER_BINDING:
    case GL_VERTEX_ARRAY_BINDING:
      *values = 0;
      return;
    case GL_VIEWPORT:
    case GL_SCISSOR_BOX:
      values[0] = values[1] = 0;
      values[2] = values[3] = 1;
      return;
    case GL_BLEND_SRC_RGB:
    case GL_BLEND_SRC_ALPHA:
      *values = GL_ONE;
      return;
    case GL_BLEND_DST_RGB:
    case GL_BLEND_DST_ALPHA:
      *values = GL_ZERO;
      return;
    case GL_BLEND_EQUATION_RGB:
    case GL_BLEND_EQUATION_ALPHA:
      *values = GL_FUNC_ADD;
      return;
    default:
      glGetIntegerv(name, values);  // the version, once at the start
  }
}
