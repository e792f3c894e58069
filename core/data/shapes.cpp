#include "core/data/shapes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace cvlab {

namespace {

constexpr double pi = std::numbers::pi;
constexpr int samples = 4;  // each pixel is looked at 4 x 4 times: smooth edges

struct Colour {
  double r, g, b;
};

// hue, saturation, value: each 0..1. Source: A. Smith, "Color gamut transform pairs", SIGGRAPH 1978.
Colour from_hsv(double h, double s, double v) {
  const auto part = [&](double n) {
    const double k = std::fmod(n + h * 6.0, 6.0);
    return v - v * s * std::clamp(std::min(k, 4.0 - k), 0.0, 1.0);
  };
  return {part(5.0), part(3.0), part(1.0)};
}

Colour mix(const Colour& a, const Colour& b, double t) {
  return {a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

// Whether (x, y) lies in the shape of radius 1 about the origin, y down.
bool inside(ShapeClass shape, double x, double y) {
  const double r2 = x * x + y * y;
  switch (shape) {
    case ShapeClass::disc:
      return r2 <= 1.0;
    case ShapeClass::ring:
      return r2 <= 1.0 && r2 >= 0.3;
    case ShapeClass::square:
      return std::max(std::abs(x), std::abs(y)) <= std::numbers::sqrt2 / 2.0;
    case ShapeClass::cross: {
      const double a = std::abs(x), b = std::abs(y);
      return std::min(a, b) <= 0.28 && std::max(a, b) <= 0.95;
    }
    case ShapeClass::triangle:  // three half planes at distance 1/2
      return y <= 0.5 && std::abs(x) * std::numbers::sqrt3 / 2.0 - y * 0.5 <= 0.5;
    case ShapeClass::star: {  // five points: between radius 1 and 0.42, straight edges
      const double angle = std::atan2(x, -y);
      const double within = std::abs(std::remainder(angle, 2.0 * pi / 5.0));  // 0 at a point, pi/5 between two
      const double inner = 0.42, tip = pi / 5.0;
      // The edge from (1, 0) to inner (cos tip, sin tip), in the direction `within`.
      const double nx = inner * std::sin(tip), ny = 1.0 - inner * std::cos(tip);
      return std::sqrt(r2) * (nx * std::cos(within) + ny * std::sin(within)) <= nx;
    }
  }
  return false;
}

// Random values on a coarse grid, bilinear in between, two sizes of grid.
class Texture {
 public:
  Texture(Rng& rng, int height, int width) : height_(height), width_(width) {
    for (auto& grid : grids_)
      for (double& v : grid) v = rng.uniform();
    const double hue = rng.uniform();
    dark_ = from_hsv(hue, rng.uniform(0.0, 0.35), rng.uniform(0.15, 0.35));
    light_ = from_hsv(hue, rng.uniform(0.0, 0.35), rng.uniform(0.45, 0.7));
  }

  Colour at(double y, double x) const {
    const double t = 0.65 * value(grids_[0], 5, y, x) + 0.35 * value(grids_[1], cells, y, x);
    return mix(dark_, light_, t);
  }

 private:
  static constexpr int cells = 15;
  using Grid = std::array<double, (cells + 1) * (cells + 1)>;

  double value(const Grid& grid, int count, double y, double x) const {
    const double u = std::min(x / width_, 0.999) * count, v = std::min(y / height_, 0.999) * count;
    const auto column = static_cast<std::size_t>(u), row = static_cast<std::size_t>(v);
    const double fx = u - static_cast<double>(column), fy = v - static_cast<double>(row);
    const double* cell = grid.data() + row * (cells + 1) + column;
    const double above = cell[0] + (cell[1] - cell[0]) * fx;
    const double below = cell[cells + 1] + (cell[cells + 2] - cell[cells + 1]) * fx;
    return above + (below - above) * fy;
  }

  std::array<Grid, 2> grids_{};
  Colour dark_{}, light_{};
  int height_, width_;
};

struct Placed {
  ShapeClass shape;
  double x, y, radius, angle;
  Colour colour;
};

Placed draw_object(Rng& rng, ShapeClass shape, const SceneParams& params) {
  const double side = std::min(params.height, params.width);
  Placed p{shape, 0.0, 0.0, side * rng.uniform(params.min_size, params.max_size), rng.uniform(-pi / 6.0, pi / 6.0), {}};
  p.x = rng.uniform(p.radius, std::max(p.radius, params.width - p.radius));
  p.y = rng.uniform(p.radius, std::max(p.radius, params.height - p.radius));
  p.colour = from_hsv(rng.uniform(), rng.uniform(0.7, 1.0), rng.uniform(0.75, 1.0));
  return p;
}

bool too_close(const Placed& a, const Placed& b, double max_overlap) {
  const auto shared = [](double p, double q, double r, double s) {
    return std::max(0.0, std::min(p + q, r + s) - std::max(p - q, r - s));
  };
  const double area = shared(a.x, a.radius, b.x, b.radius) * shared(a.y, a.radius, b.y, b.radius);
  const double smaller = 2.0 * std::min(a.radius, b.radius);
  return area > max_overlap * smaller * smaller;
}

std::uint8_t to_byte(double v) { return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0, 1.0) * 255.0)); }

void paint(Image& image, int y, int x, const Colour& colour, double share) {
  const double values[3] = {colour.r, colour.g, colour.b};
  for (int c = 0; c < 3; ++c)
    image.at(y, x, c) = to_byte(image.at(y, x, c) / 255.0 * (1.0 - share) + values[c] * share);
}

// Draws the object and returns its box; mask gets `number` where at least half of a pixel is the object's.
SceneObject draw(const Placed& p, int number, Scene& scene) {
  const double c = std::cos(p.angle), s = std::sin(p.angle);
  SceneObject object{p.shape, scene.image.width, scene.image.height, 0, 0};
  const int top = std::max(0, static_cast<int>(p.y - p.radius) - 1),
            left = std::max(0, static_cast<int>(p.x - p.radius) - 1);
  const int bottom = std::min(scene.image.height, static_cast<int>(p.y + p.radius) + 2);
  const int right = std::min(scene.image.width, static_cast<int>(p.x + p.radius) + 2);
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      int hits = 0;
      for (int k = 0; k < samples * samples; ++k) {
        const int row = k / samples, column = k % samples;
        const double dx = (x + (column + 0.5) / samples - p.x) / p.radius;
        const double dy = (y + (row + 0.5) / samples - p.y) / p.radius;
        hits += inside(p.shape, c * dx + s * dy, c * dy - s * dx);
      }
      if (hits == 0) continue;
      paint(scene.image, y, x, p.colour, static_cast<double>(hits) / (samples * samples));
      if (2 * hits < samples * samples) continue;
      scene.mask[static_cast<std::size_t>(y) * static_cast<std::size_t>(scene.image.width) +
                 static_cast<std::size_t>(x)] = static_cast<std::uint8_t>(number);
      object.left = std::min(object.left, x);
      object.top = std::min(object.top, y);
      object.right = std::max(object.right, x + 1);
      object.bottom = std::max(object.bottom, y + 1);
    }
  }
  return object;
}

Scene draw_scene(const SceneParams& params, Rng& rng, std::span<const Placed> objects) {
  Scene scene;
  scene.image = Image(params.width, params.height, 3);
  scene.mask.assign(static_cast<std::size_t>(params.height) * static_cast<std::size_t>(params.width), 0);
  const Texture texture(rng, params.height, params.width);
  for (int y = 0; y < params.height; ++y)
    for (int x = 0; x < params.width; ++x) paint(scene.image, y, x, texture.at(y + 0.5, x + 0.5), 1.0);
  for (std::size_t i = 0; i < objects.size(); ++i)
    scene.objects.push_back(draw(objects[i], static_cast<int>(i) + 1, scene));
  return scene;
}

ShapeClass any_shape(Rng& rng) { return static_cast<ShapeClass>(rng.below(shape_class_count)); }

}  // namespace

const std::vector<std::string>& shape_class_names() {
  static const std::vector<std::string> names = {"disc", "square", "triangle", "star", "ring", "cross"};
  return names;
}

Scene make_scene(const SceneParams& params, std::uint64_t seed, std::uint64_t index) {
  assert(params.min_objects >= 0 && params.max_objects >= params.min_objects && params.max_objects < 255);
  Rng rng(seed, index);
  const int wanted =
      params.min_objects +
      static_cast<int>(rng.below(static_cast<std::uint32_t>(params.max_objects - params.min_objects + 1)));
  std::vector<Placed> objects;
  for (int tries = 0; tries < 30 * wanted && static_cast<int>(objects.size()) < wanted; ++tries) {
    const Placed next = draw_object(rng, any_shape(rng), params);
    const auto close = [&](const Placed& other) { return too_close(next, other, params.max_overlap); };
    if (std::none_of(objects.begin(), objects.end(), close)) objects.push_back(next);
  }
  return draw_scene(params, rng, objects);
}

Dataset make_shapes(int count, int side, std::uint64_t seed) {
  const SceneParams params{side, side, 1, 1, 0.25f, 0.42f, 0.0f};
  Dataset data{"shapes", {3, side, side}, {}, {}, shape_class_names()};
  data.pixels.reserve(static_cast<std::size_t>(count) * static_cast<std::size_t>(data.example.count()));
  for (int i = 0; i < count; ++i) {
    Rng rng(seed, static_cast<std::uint64_t>(i));
    const int label = i % shape_class_count;
    const Placed object = draw_object(rng, static_cast<ShapeClass>(label), params);
    const Image image = draw_scene(params, rng, {&object, 1}).image;
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) data.pixels.push_back(image.at(y, x, c));
    data.labels.push_back(label);
  }
  return data;
}

}  // namespace cvlab
