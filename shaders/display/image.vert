#version 300 es
// One rectangle, two triangles, no buffers: the corner follows from the vertex number.
precision highp float;

uniform vec4 u_screen;  // left, top, right, bottom in clip space
uniform vec4 u_source;  // the same corners in texels

out vec2 v_texel;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  v_texel = mix(u_source.xy, u_source.zw, corner);
  gl_Position = vec4(mix(u_screen.xy, u_screen.zw, corner), 0.0, 1.0);
}
