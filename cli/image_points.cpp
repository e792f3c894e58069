// Operations on bytes: curves, histograms, colour spaces, thresholds, morphology, distances.
#include <cmath>
#include <memory>
#include <string>

#include "cli/image_ops.hpp"
#include "cli/number.hpp"
#include "core/image/colour.hpp"
#include "core/image/convert.hpp"
#include "core/image/curve_text.hpp"
#include "core/image/distance.hpp"
#include "core/image/levels.hpp"
#include "core/image/morphology.hpp"
#include "core/image/threshold.hpp"

namespace cvlab::cli {

namespace {

// Each channel by itself, as bytes: rounded to the nearest whole number, saturated.
template <class Function>
Tensor each_channel(const Tensor& in, Function function) {
  Tensor out(in.shape());
  const Shape plane{1, 1, in.size(2), in.size(3)};
  for (std::ptrdiff_t c = 0; c < in.size(1); ++c) {
    const Tensor done = image_to_tensor(function(tensor_to_image(ConstView(in.data() + c * plane.count(), plane))));
    std::copy_n(done.data(), done.count(), out.data() + c * plane.count());
  }
  return out;
}

Tensor through_curve(const Tensor& in, const Transfer& transfer) {
  return each_channel(in, [&](Image image) {
    apply_curve(image, transfer.value, image);
    return image;
  });
}

Error channels_error(const char* op, const char* needs, const Tensor& in) {
  return {"channels",
          std::string(op) + " needs a picture of " + needs + ", and this one has " + std::to_string(in.size(1)) + "."};
}

Work declare_invert(CLI::App&) {
  return [](const Tensor& in) -> Result<Tensor> { return through_curve(in, invert_transfer()); };
}

Work declare_gamma(CLI::App& command) {
  auto gamma = std::make_shared<double>(1.0);
  command.add_option("--gamma", *gamma, "Exponent; below 1 brightens")->required()->check(number(0.01, 100.0));
  return [gamma](const Tensor& in) -> Result<Tensor> { return through_curve(in, gamma_transfer(*gamma)); };
}

Work declare_multiply(CLI::App& command) {
  auto options = std::make_shared<std::pair<double, double>>(1.0, 0.0);
  command.add_option("--factor", options->first, "Multiplied with")->required()->check(number(-1000.0, 1000.0));
  command.add_option("--about", options->second, "The level that stays: g = about + factor (f - about)")
      ->check(number(0.0, 255.0))
      ->capture_default_str();
  return [options](const Tensor& in) -> Result<Tensor> {
    return through_curve(in, multiply_transfer(options->first, options->second));
  };
}

Work declare_curve(CLI::App& command) {
  auto points = std::make_shared<std::string>();
  command.add_option("--points", *points, "Level before, level after, from left to right: \"0,0 128,200 255,255\"")
      ->required();
  return [points](const Tensor& in) -> Result<Tensor> {
    const auto curve = parse_curve(*points);
    if (!curve) return curve.error();
    return through_curve(in, points_transfer(curve.value()));
  };
}

Work declare_equalize(CLI::App&) {
  return [](const Tensor& in) -> Result<Tensor> {
    return each_channel(in, [](Image image) {
      apply_curve(image, equalise_transfer(levels_of(image, 0)).value, image);
      return image;
    });
  };
}

Work declare_clahe(CLI::App& command) {
  auto options = std::make_shared<std::pair<double, int>>(2.0, 8);
  command.add_option("--clip", options->first, "No level of a tile counts more than this many times the mean count")
      ->check(number(0.01, 256.0))
      ->capture_default_str();
  command.add_option("--tiles", options->second, "Tiles along each side; beyond the picture it is mirrored (reflect)")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  return [options](const Tensor& in) -> Result<Tensor> {
    return each_channel(in, [&](Image image) {
      clahe(image, options->first, options->second, options->second, image);
      return image;
    });
  };
}

using Conversion = void (*)(const Image&, Image&);

Work convert(CLI::App& command, const char* op, Conversion there, Conversion back) {
  auto inverse = std::make_shared<bool>(false);
  command.add_flag("--inverse", *inverse, "Back to R G B");
  return [=](const Tensor& in) -> Result<Tensor> {
    if (in.size(1) != 3) return channels_error(op, "3 channels", in);
    Image out;
    (*inverse ? back : there)(tensor_to_image(in.view()), out);
    return image_to_tensor(out);
  };
}

Work declare_hsv(CLI::App& command) { return convert(command, "hsv", rgb_to_hsv, hsv_to_rgb); }
Work declare_lab(CLI::App& command) { return convert(command, "lab", rgb_to_lab, lab_to_rgb); }

struct ThresholdOptions {
  int value = -1;
  bool otsu = false;
  std::string adaptive;
  int size = 35;
  int offset = 10;
  bool invert = false;
};

Image mask_of(const Image& image, const ThresholdOptions& options) {
  Image out;
  if (!options.adaptive.empty()) {
    const LocalMean kind = options.adaptive == "gaussian" ? LocalMean::gaussian : LocalMean::plain;
    adaptive_threshold(image, kind, options.size, options.offset, out);
  } else {
    threshold(image, options.otsu ? otsu(levels_of(image, 0)).level : options.value, out);
  }
  if (options.invert) apply_curve(out, invert_transfer().value, out);
  return out;
}

std::string odd(const std::string& text) {
  int number = 0;
  return CLI::detail::lexical_cast(text, number) && number % 2 != 0 ? "" : "not an odd number: " + text;
}

Work declare_threshold(CLI::App& command) {
  auto options = std::make_shared<ThresholdOptions>();
  CLI::Option* value = command.add_option("--value", options->value, "255 where the level is above this, else 0");
  value->check(CLI::Range(0, 255));
  CLI::Option* by_otsu = command.add_flag("--otsu", options->otsu, "The level that separates best (Otsu 1979)");
  CLI::Option* adaptive =
      command.add_option("--adaptive", options->adaptive,
                         "255 where the level is above the rounded mean of its window less the offset; outside the "
                         "picture the nearest edge pixel counts (replicate)");
  adaptive->check(CLI::IsMember({"mean", "gaussian"}));
  value->excludes(by_otsu)->excludes(adaptive);
  by_otsu->excludes(adaptive);
  command.add_option("--size", options->size, "Side of the window of --adaptive, odd")
      ->check(CLI::Range(1, 1001))
      ->check(odd)
      ->capture_default_str();
  command.add_option("--offset", options->offset, "Of --adaptive")->check(CLI::Range(-255, 255))->capture_default_str();
  command.add_flag("--invert", options->invert, "Objects are dark: 0 and 255 change places");
  return [options](const Tensor& in) -> Result<Tensor> {
    if (options->value < 0 && !options->otsu && options->adaptive.empty()) {
      return Error{"threshold-which", "threshold needs one of --value N, --otsu and --adaptive mean or gaussian."};
    }
    if (in.size(1) != 1) return channels_error("threshold", "1 channel (run gray first)", in);
    return image_to_tensor(mask_of(tensor_to_image(in.view()), *options));
  };
}

struct MorphologyOptions {
  std::string kind = "erode";
  std::string shape = "square";
  int size = 3;
};

Work declare_morphology(CLI::App& command) {
  auto options = std::make_shared<MorphologyOptions>();
  command
      .add_option("--kind", options->kind,
                  "erode: least value under the element, dilate: greatest, open, close, "
                  "gradient")
      ->check(CLI::IsMember({"erode", "dilate", "open", "close", "gradient"}))
      ->capture_default_str();
  command.add_option("--shape", options->shape, "Of the element")
      ->check(CLI::IsMember({"square", "cross", "disc"}))
      ->capture_default_str();
  command.add_option("--size", options->size, "Of the element, odd. Outside the picture nothing counts")
      ->check(CLI::Range(1, 501))
      ->check(odd)
      ->capture_default_str();
  return [options](const Tensor& in) -> Result<Tensor> {
    const std::string& k = options->kind;
    const MorphologyKind kind = k == "erode"    ? MorphologyKind::erode
                                : k == "dilate" ? MorphologyKind::dilate
                                : k == "open"   ? MorphologyKind::open
                                : k == "close"  ? MorphologyKind::close
                                                : MorphologyKind::gradient;
    const ElementShape shape = options->shape == "square"  ? ElementShape::square
                               : options->shape == "cross" ? ElementShape::cross
                                                           : ElementShape::disc;
    return each_channel(in, [&](const Image& image) {
      Image out;
      morphology(image, kind, shape, options->size, out);
      return out;
    });
  };
}

Work declare_distance(CLI::App&) {
  return [](const Tensor& in) -> Result<Tensor> {
    if (in.size(1) != 1) return channels_error("distance", "1 channel", in);
    std::vector<std::int32_t> squared;
    squared_distance(tensor_to_image(in.view()), squared);
    if (!squared.empty() && squared.front() == no_zero) {
      return Error{"distance-zero", "No pixel is 0, so there is nothing to measure a distance to."};
    }
    Tensor out(in.shape());
    for (std::size_t i = 0; i < squared.size(); ++i) out.data()[i] = std::sqrt(static_cast<float>(squared[i]));
    return out;
  };
}

}  // namespace

std::vector<ImageOp> byte_ops() {
  return {
      {"invert", "Negative: 255 - f (as bytes)", declare_invert},
      {"gamma", "255 (f / 255)^gamma (as bytes)", declare_gamma},
      {"multiply", "Contrast: multiply, around 0 or another level (as bytes)", declare_multiply},
      {"curve", "Any transfer curve, a broken line through points (as bytes)", declare_curve},
      {"equalize", "Histogram equalisation (as bytes)", declare_equalize},
      {"clahe", "Contrast-limited adaptive histogram equalisation (as bytes)", declare_clahe},
      {"hsv", "R G B to hue 0..179, saturation, value (bytes, OpenCV's scale)", declare_hsv},
      {"lab", "R G B to CIE L*a*b*: L* 255/100, a* + 128, b* + 128 (bytes)", declare_lab},
      {"threshold", "Mask of 0 and 255: --value, --otsu or --adaptive", declare_threshold},
      {"morphology", "Erode, dilate, open, close, gradient (as bytes)", declare_morphology},
      {"distance", "Exact Euclidean distance to the nearest pixel of value 0", declare_distance},
  };
}

}  // namespace cvlab::cli
