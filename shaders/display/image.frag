#version 300 es
// A picture as squares of constant colour, seen through a pixel-sized window: the mean of what the pixel covers.
// Smaller than the source this is a box filter; larger, texels have sharp edges with anti-aliased borders.
// Every texel is fetched by number, so formats that cannot be filtered (R32F) work too, and no neighbour bleeds in.
precision highp float;
precision highp int;

uniform sampler2D u_pixels;
uniform sampler2D u_map;     // colours from low to high, one row
uniform ivec4 u_bounds;      // first and last texel shown: x0, y0, x1, y1, inclusive
uniform vec2 u_footprint;    // texels covered by one device pixel
uniform vec2 u_range;        // low, high
uniform int u_shade;         // 0: rgba as it is; 1: the value, through the map
uniform vec4 u_grid;         // colour of the hairlines between texels, alpha = strength
uniform float u_hairline;    // their width in device pixels
uniform float u_alpha;

in vec2 v_texel;
out vec4 colour;

const int max_taps = 64;  // along each axis; a picture shown 64 times smaller than it is, is sampled

vec4 shade(vec4 texel) {
  if (u_shade == 0) return texel;
  // NaN by its bits: compilers may assume that arithmetic never meets one.
  if ((floatBitsToUint(texel.r) & 0x7fffffffu) > 0x7f800000u) return vec4(1.0, 0.0, 1.0, 1.0);
  int last = textureSize(u_map, 0).x - 1;
  float t = clamp((texel.r - u_range.x) / max(u_range.y - u_range.x, 1e-30), 0.0, 1.0);
  return texelFetch(u_map, ivec2(int(t * float(last) + 0.5), 0), 0);
}

// 1 on a border between two texels, 0 away from it, anti-aliased.
float hairline(vec2 texel) {
  vec2 distance_px = abs(texel - round(texel)) / u_footprint;
  float nearest = min(distance_px.x, distance_px.y);
  return clamp(0.5 * u_hairline + 0.5 - nearest, 0.0, 1.0);
}

void main() {
  vec2 low = v_texel - 0.5 * u_footprint;
  vec2 high = v_texel + 0.5 * u_footprint;
  ivec2 first = clamp(ivec2(floor(low)), u_bounds.xy, u_bounds.zw);
  ivec2 last = clamp(ivec2(ceil(high)) - 1, first, u_bounds.zw);
  ivec2 stride = (last - first) / max_taps + 1;
  vec4 sum = vec4(0.0);
  float total = 0.0;
  for (int y = first.y; y <= last.y; y += stride.y) {
    float wy = max(min(high.y, float(y + 1)) - max(low.y, float(y)), 1e-6);
    for (int x = first.x; x <= last.x; x += stride.x) {
      float w = wy * max(min(high.x, float(x + 1)) - max(low.x, float(x)), 1e-6);
      vec4 c = shade(texelFetch(u_pixels, ivec2(x, y), 0));
      sum += w * vec4(c.rgb * c.a, c.a);
      total += w;
    }
  }
  sum /= total;
  vec3 rgb = sum.a > 0.0 ? sum.rgb / sum.a : vec3(0.0);
  colour = vec4(mix(rgb, u_grid.rgb, u_grid.a * hairline(v_texel)), sum.a * u_alpha);
}
