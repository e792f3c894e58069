// Where pixels go: resize, rotate, warp; match A B and disparity LEFT RIGHT OUT.
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/image_ops.hpp"
#include "cli/number.hpp"
#include "cli/picture_file.hpp"
#include "core/image/convert.hpp"
#include "core/image/resize.hpp"
#include "core/image/stereo.hpp"
#include "core/image/stitch.hpp"
#include "core/image/warp.hpp"

namespace cvlab::cli {

namespace {

using Json = nlohmann::ordered_json;
constexpr int most_side = 32768;

struct Size {
  int width = 0, height = 0;
};

// "640x480"
Result<Size> parse_size(const std::string& text) {
  Size size;
  int used = 0;
  const bool read = std::sscanf(text.c_str(), "%dx%d%n", &size.width, &size.height, &used) == 2 &&
                    static_cast<std::size_t>(used) == text.size();
  if (!read || size.width < 1 || size.height < 1 || size.width > most_side || size.height > most_side ||
      static_cast<std::int64_t>(size.width) * size.height > 64'000'000) {
    return Error{"size",
                 "--size \"" + text + "\" is no size: write width x height, as in 640x480, up to 64 million pixels."};
  }
  return size;
}

// "x,y x,y x,y x,y"
Result<std::array<Point2, 4>> parse_points(const std::string& text) {
  std::array<Point2, 4> p;
  int used = 0;
  const int read = std::sscanf(text.c_str(), " %lf,%lf %lf,%lf %lf,%lf %lf,%lf %n", &p[0].x, &p[0].y, &p[1].x, &p[1].y,
                               &p[2].x, &p[2].y, &p[3].x, &p[3].y, &used);
  bool good = read == 8 && static_cast<std::size_t>(used) == text.size();
  for (const Point2& q : p) good = good && std::isfinite(q.x) && std::isfinite(q.y);
  if (!good) return Error{"points", "--points \"" + text + "\" are no four points: write \"x,y x,y x,y x,y\"."};
  return p;
}

// As bytes, all channels together.
Result<Image> bytes(const Tensor& in) {
  if (in.size(1) > 4)
    return Error{"channels",
                 "This needs a picture of 1 to 4 channels, and this one has " + std::to_string(in.size(1)) + "."};
  return tensor_to_image(in.view());
}

Work declare_resize(CLI::App& command) {
  struct Options {
    std::string size, how = "area";
  };
  auto o = std::make_shared<Options>();
  command.add_option("--size", o->size, "Width x height, as in 640x480")->required();
  command
      .add_option("--interpolation", o->how,
                  "nearest, bilinear (edge pixels repeated), or area: the mean of what a pixel covers")
      ->check(CLI::IsMember({"nearest", "bilinear", "area"}))
      ->capture_default_str();
  return [o](const Tensor& in) -> Result<Tensor> {
    const Result<Size> size = parse_size(o->size);
    if (!size) return size.error();
    const Result<Image> image = bytes(in);
    if (!image) return image.error();
    Image out;
    out.width = size.value().width;
    out.height = size.value().height;
    const Resampling how = o->how == "nearest"    ? Resampling::nearest
                           : o->how == "bilinear" ? Resampling::bilinear
                                                  : Resampling::area;
    resize(image.value(), how, out);
    return image_to_tensor(out);
  };
}

Work declare_rotate(CLI::App& command) {
  struct Options {
    double angle = 0.0;
    int border = 0;
  };
  auto o = std::make_shared<Options>();
  command.add_option("--angle", o->angle, "Degrees, counter-clockwise, about the middle")
      ->required()
      ->check(number(-1e6, 1e6));
  command.add_option("--border", o->border, "Grey level outside the picture")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  return [o](const Tensor& in) -> Result<Tensor> {
    const Result<Image> image = bytes(in);
    if (!image) return image.error();
    Image out;
    rotate_image(image.value(), o->angle, out, static_cast<std::uint8_t>(o->border));
    return image_to_tensor(out);
  };
}

Work declare_warp(CLI::App& command) {
  struct Options {
    std::string points, size;
    int border = 0;
  };
  auto o = std::make_shared<Options>();
  command
      .add_option(
          "--points", o->points,
          "\"x,y x,y x,y x,y\": the places in INPUT that become the upper left, upper right, lower right and lower "
          "left pixel of OUTPUT; the middle of INPUT's first pixel is 0,0")
      ->required();
  command.add_option("--size", o->size, "Width x height of OUTPUT, as in 640x480; at least 2x2")->required();
  command.add_option("--border", o->border, "Grey level outside the picture")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  return [o](const Tensor& in) -> Result<Tensor> {
    const Result<std::array<Point2, 4>> points = parse_points(o->points);
    if (!points) return points.error();
    const Result<Size> size = parse_size(o->size);
    if (!size) return size.error();
    const double x = size.value().width - 1;
    const double y = size.value().height - 1;
    const std::array<Point2, 4> corners = {{{0, 0}, {x, 0}, {x, y}, {0, y}}};
    const auto h = homography_from_four(corners, points.value());
    if (!h)
      return Error{"points-line",
                   "Three of the four points lie on a line (or OUTPUT is one pixel wide): no homography does that."};
    const Result<Image> image = bytes(in);
    if (!image) return image.error();
    Image out;
    out.width = size.value().width;
    out.height = size.value().height;
    warp_perspective(image.value(), *h, out, static_cast<std::uint8_t>(o->border));
    return image_to_tensor(out);
  };
}

struct MatchRequest {
  std::string first, second;
  int corners = 500, seed = 1;
  double ratio = 0.8, threshold = 3.0;
  bool json = false;
};

Result<Image> load_bytes(const std::string& path) {
  const Result<Tensor> picture = load_picture(path);
  if (!picture) return picture.error();
  if (Result<void> good = check_bytes(picture.value()); !good) return good.error();
  return bytes(picture.value());
}

void print_match(const MatchRequest& r, const Features& a, const Features& b, const Registration& found) {
  Json pairs = Json::array();
  for (std::size_t i = 0; i < found.matches.size(); ++i) {
    if (!found.fit || found.fit->inliers[i] == 0) continue;
    const Point2 p = a.corners[static_cast<std::size_t>(found.matches[i].a)].point;
    const Point2 q = b.corners[static_cast<std::size_t>(found.matches[i].b)].point;
    pairs.push_back({p.x, p.y, q.x, q.y});
  }
  Json h = Json::array();
  for (std::size_t row = 0; found.fit && row < 3; ++row)
    h.push_back({found.fit->h.h[3 * row], found.fit->h.h[3 * row + 1], found.fit->h.h[3 * row + 2]});
  const int agree = found.fit ? found.fit->count : 0;
  if (r.json) {
    const Json all = {
        {"corners", {a.corners.size(), b.corners.size()}},  {"matches", found.matches.size()},      {"inliers", agree},
        {"rms", found.fit ? Json(found.fit->rms) : Json()}, {"homography", found.fit ? h : Json()}, {"pairs", pairs}};
    std::printf("%s\n", all.dump().c_str());
    return;
  }
  std::printf("%zu and %zu corners, %zu matches, %d agree with one homography\n", a.corners.size(), b.corners.size(),
              found.matches.size(), agree);
  if (!found.fit) return;
  std::printf("reprojection error %.3g px; from B to A:\n", found.fit->rms);
  for (std::size_t row = 0; row < 3; ++row)
    std::printf("%14.6g %14.6g %14.6g\n", found.fit->h.h[3 * row], found.fit->h.h[3 * row + 1],
                found.fit->h.h[3 * row + 2]);
}

Result<void> run_match(const MatchRequest& r) {
  const Result<Image> first = load_bytes(r.first);
  if (!first) return first.error();
  const Result<Image> second = load_bytes(r.second);
  if (!second) return second.error();
  const CornerParams corners{.most = r.corners};
  const Features a = find_features(first.value(), corners);
  const Features b = find_features(second.value(), corners);
  const Registration found =
      register_pictures(a, b, {r.ratio, true},
                        {.threshold = r.threshold, .confidence = 0.999, .seed = static_cast<std::uint64_t>(r.seed)});
  print_match(r, a, b, found);
  return {};
}

void add_match(CLI::App& image, std::vector<Command>& commands) {
  auto r = std::make_shared<MatchRequest>();
  CLI::App* command =
      image.add_subcommand("match", "Find what two pictures share: the homography from B to A, by RANSAC");
  command->add_option("A", r->first, "First picture")->required();
  command->add_option("B", r->second, "Second picture")->required();
  command->add_option("--corners", r->corners, "At most this many Harris corners of each")
      ->check(CLI::Range(4, 20000))
      ->capture_default_str();
  command->add_option("--ratio", r->ratio, "Nearest / second nearest descriptor, at most")
      ->check(number(0.01, 1.0))
      ->capture_default_str();
  command->add_option("--threshold", r->threshold, "Pixels by which a pair that agrees may be off")
      ->check(number(0.01, 1000.0))
      ->capture_default_str();
  command->add_option("--seed", r->seed, "Of the random samples")
      ->check(CLI::Range(0, 1000000000))
      ->capture_default_str();
  command->add_flag("--json", r->json, "Homography, counts and the pairs that agree, [xA, yA, xB, yB]");
  commands.push_back({command, [r] { return run_match(*r); }});
}

struct DisparityRequest {
  std::string left, right, out;
  int window = 9, range = 64, tolerance = 1;
  bool no_check = false, no_subpixel = false;
};

Result<void> run_disparity(const DisparityRequest& r) {
  if (Result<void> good = check_output_name(r.out); !good) return good;
  if (r.window % 2 == 0)
    return Error{"window", "--window " + std::to_string(r.window) + " is even: a window has a middle pixel."};
  const Result<Image> left = load_bytes(r.left);
  if (!left) return left.error();
  const Result<Image> right = load_bytes(r.right);
  if (!right) return right.error();
  const Image a = to_grey_image(left.value());
  const Image b = to_grey_image(right.value());
  if (a.width != b.width || a.height != b.height)
    return Error{"sizes", "Both pictures need the same size: the left one is " + std::to_string(a.width) + "x" +
                              std::to_string(a.height) + ", the right one " + std::to_string(b.width) + "x" +
                              std::to_string(b.height) + "."};
  StereoResult result;
  block_match(a, b, {r.window / 2, r.range, !r.no_subpixel, !r.no_check, r.tolerance}, result);
  Tensor out = result.disparity;
  if (!r.out.ends_with(".npy")) {
    for (std::ptrdiff_t i = 0; i < out.count(); ++i) {
      float& v = out.data()[i];
      v = std::isnan(v) ? 0.0F : v * 255.0F / static_cast<float>(r.range);
    }
  }
  return save_picture(out, r.out);
}

void add_disparity(CLI::App& image, std::vector<Command>& commands) {
  auto r = std::make_shared<DisparityRequest>();
  CLI::App* command = image.add_subcommand(
      "disparity", "Block matching of a rectified pair, in grey; edge pixels are repeated outside");
  command->add_option("LEFT", r->left, "Picture of the left camera")->required();
  command->add_option("RIGHT", r->right, "Picture of the right camera, of the same size")->required();
  command
      ->add_option("OUTPUT", r->out,
                   "Disparity in px: .npy, NaN where the check failed; .png: times 255 / range, 0 there")
      ->required();
  command->add_option("--window", r->window, "Side of the window, odd")
      ->check(CLI::Range(1, 63))
      ->capture_default_str();
  command->add_option("--range", r->range, "Greatest disparity tried")
      ->check(CLI::Range(1, 255))
      ->capture_default_str();
  command->add_option("--tolerance", r->tolerance, "Pixels by which the left-right check may be off")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  command->add_flag("--no-check", r->no_check, "Without the left-right check");
  command->add_flag("--no-subpixel", r->no_subpixel, "Whole pixels");
  commands.push_back({command, [r] { return run_disparity(*r); }});
}

}  // namespace

std::vector<ImageOp> geometry_ops() {
  return {
      {"resize", "Another size", declare_resize},
      {"rotate", "Turn about the middle, bilinear; the size stays", declare_rotate},
      {"warp", "Lay a quadrilateral flat: perspective warp, bilinear", declare_warp},
  };
}

void add_geometry_commands(CLI::App& image, std::vector<Command>& commands) {
  add_match(image, commands);
  add_disparity(image, commands);
}

}  // namespace cvlab::cli
