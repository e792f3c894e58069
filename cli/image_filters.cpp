// Neighbourhoods of bytes: smoothing, sharpening, gradients, edges, noise; and how close two pictures are.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/image_ops.hpp"
#include "cli/kernel_text.hpp"
#include "cli/number.hpp"
#include "cli/picture_file.hpp"
#include "core/image/bilateral.hpp"
#include "core/image/canny.hpp"
#include "core/image/convert.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/gradient.hpp"
#include "core/image/median.hpp"
#include "core/image/noise.hpp"
#include "core/image/quality.hpp"

namespace cvlab::cli {

namespace {

constexpr int max_size = 255;
constexpr const char* border_help =
    "What a pixel outside is worth. zero: 0. replicate: the nearest edge pixel, aa|abcd|dd. reflect: mirrored without "
    "repeating the edge, cb|abcd|cb (OpenCV's BORDER_REFLECT_101)";

struct Options {
  double sigma = 1.0;
  double range = 25.0;
  double amount = 1.0;
  double low = 50.0;
  double high = 100.0;
  int size = 0;
  int seed = 1;
  bool euclidean = false;
  std::string border = "reflect";
  std::string output = "magnitude";
  std::string kind = "gaussian";
};

Padding border_of(const Options& options) {
  return options.border == "zero"        ? Padding::zero
         : options.border == "replicate" ? Padding::replicate
                                         : Padding::reflect;
}

void add_border(CLI::App& command, Options& options) {
  command.add_option("--padding", options.border, border_help)
      ->check(CLI::IsMember({"zero", "replicate", "reflect"}))
      ->capture_default_str();
}

CLI::Validator odd(int most) {
  return CLI::Validator(
      [most](const std::string& text) {
        int size = 0;
        const bool good = CLI::detail::lexical_cast(text, size) && size >= 1 && size <= most && size % 2 == 1;
        return good ? std::string() : "not an odd number of 1 .. " + std::to_string(most) + ": " + text;
      },
      "ODD");
}

void add_sigma(CLI::App& command, double& sigma, const char* help) {
  command.add_option("--sigma", sigma, help)->check(number(0.1, 40.0))->capture_default_str();
}

// Each channel by itself, as bytes: rounded to the nearest whole number, saturated.
template <class Function>
Result<Tensor> each_channel(const Tensor& in, Function function) {
  Tensor out(in.shape());
  const Shape plane{1, 1, in.size(2), in.size(3)};
  for (std::ptrdiff_t c = 0; c < in.size(1); ++c) {
    const Image image = tensor_to_image(ConstView(in.data() + c * plane.count(), plane));
    function(image, out.data() + c * plane.count());
  }
  return out;
}

// An operation on bytes that gives bytes.
template <class Function>
Work byte_work(std::shared_ptr<Options> options, Function function) {
  return [options, function](const Tensor& in) {
    return each_channel(in, [&](const Image& image, float* to) {
      Image done;
      function(image, *options, done);
      for (std::size_t i = 0; i < done.data.size(); ++i) to[i] = static_cast<float>(done.data[i]);
    });
  };
}

Work declare_gaussian(CLI::App& command) {
  auto options = std::make_shared<Options>();
  add_sigma(command, options->sigma, "Width of the bell, in pixels");
  command.add_option("--size", options->size, "Rows and columns of the kernel, odd (default: 6 sigma + 1)")
      ->check(odd(max_size));
  add_border(command, *options);
  return byte_work(options, [](const Image& in, const Options& o, Image& out) {
    gaussian_blur(in, o.sigma, o.size, border_of(o), out);
  });
}

Work declare_median(CLI::App& command) {
  auto options = std::make_shared<Options>();
  options->size = 3;
  command.add_option("--size", options->size, "Rows and columns of the window, odd; edge pixels are repeated outside")
      ->check(odd(max_median_size))
      ->capture_default_str();
  return byte_work(options, [](const Image& in, const Options& o, Image& out) { median(in, o.size, out); });
}

Work declare_bilateral(CLI::App& command) {
  auto options = std::make_shared<Options>();
  options->size = 9;
  options->sigma = 2.0;
  command.add_option("--size", options->size, "Diameter of the round window, odd")
      ->check(odd(51))
      ->capture_default_str();
  add_sigma(command, options->sigma, "Width of the weights by distance, in pixels");
  command.add_option("--range", options->range, "Width of the weights by difference, in grey levels")
      ->check(number(0.1, 1000.0))
      ->capture_default_str();
  add_border(command, *options);
  return byte_work(options, [](const Image& in, const Options& o, Image& out) {
    bilateral(in, o.size / 2, o.sigma, o.range, border_of(o), out);
  });
}

Work declare_sharpen(CLI::App& command) {
  auto options = std::make_shared<Options>();
  add_border(command, *options);
  return byte_work(options, [](const Image& in, const Options& o, Image& out) { sharpen(in, border_of(o), out); });
}

Work declare_filter_bytes(CLI::App& command) {
  auto options = std::make_shared<Options>();
  auto text = std::make_shared<std::string>();
  command.add_option("--kernel", *text, "Nine weights, rows separated by ';': \"-1 -1 -1; -1 9 -1; -1 -1 -1\"")
      ->required();
  add_border(command, *options);
  const auto filter = [](const Image& in, const Options& o, const Tensor& kernel, Image& out) {
    std::array<float, 9> weights;
    std::copy_n(kernel.data(), 9, weights.begin());
    filter_3x3(in, weights, border_of(o), out);
  };
  return [options, text, filter](const Tensor& in) -> Result<Tensor> {
    const Result<Tensor> kernel = parse_kernel(*text);
    if (!kernel) return kernel.error();
    if (kernel.value().size(0) != 3 || kernel.value().size(1) != 3)
      return Error{"kernel-3x3", "filter-bytes works with kernels of 3x3 weights; use filter for others."};
    const auto work = [&](const Image& from, const Options& o, Image& to) { filter(from, o, kernel.value(), to); };
    return byte_work(options, work)(in);
  };
}

Work declare_unsharp(CLI::App& command) {
  auto options = std::make_shared<Options>();
  add_sigma(command, options->sigma, "Width of the Gaussian whose result is taken away, in pixels");
  command.add_option("--amount", options->amount, "How much of the difference is added")
      ->check(number(-100.0, 100.0))
      ->capture_default_str();
  add_border(command, *options);
  return byte_work(options, [](const Image& in, const Options& o, Image& out) {
    unsharp(in, o.sigma, o.amount, border_of(o), out);
  });
}

Work declare_gradient(CLI::App& command, GradientKernel kernel) {
  auto options = std::make_shared<Options>();
  command
      .add_option("--output", options->output,
                  "magnitude: sqrt(x^2 + y^2), not clamped in .npy. x, y: with their sign. direction: degrees, 0 = "
                  "brighter to the right, 90 = brighter downwards")
      ->check(CLI::IsMember({"magnitude", "x", "y", "direction"}))
      ->capture_default_str();
  add_border(command, *options);
  return [options, kernel](const Tensor& in) {
    return each_channel(in, [&](const Image& image, float* to) {
      Gradient g;
      gradient(image, kernel, border_of(*options), g);
      for (std::size_t i = 0; i < g.x.size(); ++i) {
        const double x = g.x[i];
        const double y = g.y[i];
        const double v = options->output == "x"           ? x
                         : options->output == "y"         ? y
                         : options->output == "direction" ? gradient_direction(g.x[i], g.y[i])
                                                          : std::sqrt(x * x + y * y);
        to[i] = static_cast<float>(v);
      }
    });
  };
}

Work declare_sobel(CLI::App& command) { return declare_gradient(command, GradientKernel::sobel); }
Work declare_scharr(CLI::App& command) { return declare_gradient(command, GradientKernel::scharr); }

Work declare_laplacian(CLI::App& command) {
  auto options = std::make_shared<Options>();
  add_border(command, *options);
  return [options](const Tensor& in) {
    return each_channel(in, [&](const Image& image, float* to) {
      std::vector<std::int16_t> values;
      laplacian(image, border_of(*options), values);
      for (std::size_t i = 0; i < values.size(); ++i) to[i] = static_cast<float>(values[i]);
    });
  };
}

Work declare_canny(CLI::App& command) {
  auto options = std::make_shared<Options>();
  options->sigma = 0.0;
  command.add_option("--low", options->low, "Weak above this gradient")
      ->check(number(0.0, 32767.0))
      ->capture_default_str();
  command.add_option("--high", options->high, "Strong above this gradient")
      ->check(number(0.0, 32767.0))
      ->capture_default_str();
  command.add_flag("--euclidean", options->euclidean, "Gradient as sqrt(x^2 + y^2) instead of |x| + |y|");
  command.add_option("--sigma", options->sigma, "Gaussian that comes first, in pixels; 0: none")
      ->check(number(0.0, 40.0))
      ->capture_default_str();
  const Work edges = byte_work(options, [](const Image& in, const Options& o, Image& out) {
    if (o.sigma <= 0.0) return canny(in, {o.low, o.high, o.euclidean}, out);
    Image smooth;
    gaussian_blur(in, std::max(0.1, o.sigma), 0, Padding::reflect, smooth);
    canny(smooth, {o.low, o.high, o.euclidean}, out);
  });
  return [edges](const Tensor& in) -> Result<Tensor> {
    if (in.size(1) != 1)
      return Error{"canny-channels", "canny needs a picture of 1 channel, and this one has " +
                                         std::to_string(in.size(1)) + " (run gray first)."};
    return edges(in);
  };
}

Work declare_noise(CLI::App& command) {
  auto options = std::make_shared<Options>();
  options->amount = 10.0;
  command
      .add_option(
          "--kind", options->kind,
          "gaussian: every value + N(0, amount^2). salt-and-pepper: amount percent of the pixels black or white")
      ->check(CLI::IsMember({"gaussian", "salt-and-pepper"}))
      ->capture_default_str();
  command.add_option("--amount", options->amount, "Standard deviation in grey levels, or percent of the pixels")
      ->check(number(0.0, 255.0))
      ->capture_default_str();
  command.add_option("--seed", options->seed, "The same seed gives the same noise")
      ->check(CLI::Range(0, 1000000000))
      ->capture_default_str();
  return [options](const Tensor& in) -> Result<Tensor> {
    if (in.size(1) > 4)
      return Error{"noise-channels",
                   "noise needs a picture of at most 4 channels, and this one has " + std::to_string(in.size(1)) + "."};
    const Image image = tensor_to_image(in.view());
    const auto seed = static_cast<std::uint64_t>(options->seed);
    Image out;
    if (options->kind == "gaussian") {
      add_gaussian_noise(image, options->amount, seed, out);
    } else {
      add_salt_and_pepper(image, 0.01 * options->amount, seed, out);
    }
    return image_to_tensor(out);
  };
}

struct Comparison {
  std::string first;
  std::string second;
  bool json = false;
};

// Reads both pictures as bytes and prints one number.
Result<void> compare(const Comparison& request, const char* name, double (*measure)(const Image&, const Image&)) {
  const Result<Tensor> a = load_picture(request.first);
  if (!a) return a.error();
  const Result<Tensor> b = load_picture(request.second);
  if (!b) return b.error();
  if (!(a.value().shape() == b.value().shape()))
    return Error{"compare-size", std::string(name) + " needs two pictures of one size and as many channels."};
  if (a.value().size(1) > 4) return Error{"compare-channels", std::string(name) + " needs at most 4 channels."};
  for (const Tensor* picture : {&a.value(), &b.value()})
    if (Result<void> good = check_bytes(*picture); !good) return good;
  const double value = measure(tensor_to_image(a.value().view()), tensor_to_image(b.value().view()));
  if (std::isnan(value))
    return Error{"compare-small", std::string(name) + " has no meaning for pictures as small as these."};
  if (request.json) {
    const nlohmann::json all = {{name, std::isinf(value) ? nlohmann::json() : nlohmann::json(value)}};
    std::printf("%s\n", all.dump().c_str());
  } else {
    std::printf("%.6g\n", value);
  }
  return {};
}

void add_comparison(CLI::App& image, std::vector<Command>& commands, const char* name, const char* help,
                    double (*measure)(const Image&, const Image&)) {
  CLI::App* command = image.add_subcommand(name, help);
  auto request = std::make_shared<Comparison>();
  command->add_flag("--json", request->json, "Print {\"name\": value}; null is infinite");
  command->add_option("A", request->first, "Picture to read")->required();
  command->add_option("B", request->second, "Picture of the same size to compare it with")->required();
  commands.push_back({command, [request, name, measure] { return compare(*request, name, measure); }});
}

}  // namespace

std::vector<ImageOp> filter_ops() {
  return {
      {"gaussian", "Gaussian filter (8 bits, as OpenCV's GaussianBlur)", declare_gaussian},
      {"median", "Median over a square window", declare_median},
      {"bilateral", "Mean by distance and by difference: smooths, and leaves edges", declare_bilateral},
      {"sharpen", "Kernel 0 -1 0; -1 5 -1; 0 -1 0, saturated", declare_sharpen},
      {"filter-bytes", "3x3 kernel, rounded half to even and saturated (8 bits, as OpenCV's filter2D)",
       declare_filter_bytes},
      {"unsharp", "Add what a Gaussian takes away", declare_unsharp},
      {"sobel", "Gradient by Sobel's kernels", declare_sobel},
      {"scharr", "Gradient by Scharr's kernels", declare_scharr},
      {"laplacian", "Kernel 0 1 0; 1 -4 1; 0 1 0, with its sign", declare_laplacian},
      {"canny", "Canny's edges: 255 and 0 (as OpenCV's Canny, aperture 3)", declare_canny},
      {"noise", "Add noise", declare_noise},
  };
}

void add_quality_commands(CLI::App& image, std::vector<Command>& commands) {
  add_comparison(image, commands, "psnr", "Peak signal-to-noise ratio of two pictures, in dB", psnr);
  add_comparison(image, commands, "ssim", "Structural similarity of two pictures, -1 .. 1", ssim);
}

}  // namespace cvlab::cli
