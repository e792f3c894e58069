#include "cli/image_ops.hpp"

#include <memory>
#include <string>

#include "cli/kernel_text.hpp"
#include "cli/number.hpp"
#include "core/image/convert.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab::cli {

namespace {

const std::string padding_help =
    "What a pixel outside is worth. zero: 0. replicate: the nearest edge pixel, aa|abcd|dd. reflect: mirrored without "
    "repeating the edge, cb|abcd|cb (OpenCV's BORDER_REFLECT_101). valid: none; the output is smaller";

struct Filter {
  std::string kernel;
  std::string padding = "reflect";
  int stride = 1;
  int dilation = 1;
  int size = 3;
  bool flip = false;
};

CLI::Option* add_padding(CLI::App& command, std::string& padding) {
  return command.add_option("--padding", padding, padding_help)
      ->check(CLI::IsMember({"zero", "replicate", "reflect", "valid"}))
      ->capture_default_str();
}

Padding padding_of(const std::string& name) {
  return name == "zero"        ? Padding::zero
         : name == "replicate" ? Padding::replicate
         : name == "reflect"   ? Padding::reflect
                               : Padding::valid;
}

// Each channel by itself: the channels of the picture are the samples of the batch.
Result<Tensor> filter(const Tensor& in, const Tensor& kernel, const Filter& options) {
  const Conv2dParams params = {
      options.stride, options.stride, options.dilation, options.dilation, padding_of(options.padding), options.flip};
  const ConstView batch(in.data(), {in.size(1), 1, in.size(2), in.size(3)});
  const ConstView weight(kernel.data(), {1, 1, kernel.size(0), kernel.size(1)});
  const Shape shape = conv2d_output_shape(params, batch.shape(), weight.shape());
  if (shape.count() == 0)
    return Error{"kernel-fit", "The " + std::to_string(kernel.size(0)) + "x" + std::to_string(kernel.size(1)) +
                                   " kernel does not fit into the " + std::to_string(in.size(2)) + "x" +
                                   std::to_string(in.size(3)) + " picture: choose another --padding than valid."};
  Tensor out({1, shape[0], shape[2], shape[3]});
  conv2d_forward(params, batch, weight, {}, View(out.data(), shape));
  return out;
}

Work declare_filter(CLI::App& command) {
  auto options = std::make_shared<Filter>();
  command.add_option("--kernel", options->kernel, "Weights, rows separated by ';': \"0 -1 0; -1 5 -1; 0 -1 0\"")
      ->required();
  add_padding(command, options->padding);
  command.add_option("--stride", options->stride, "Step of the window, in pixels")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command.add_option("--dilation", options->dilation, "Distance of the kernel's cells, in pixels")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command.add_flag("--flip", options->flip, "Turn the kernel by 180 degrees: the mathematician's convolution");
  return [options](const Tensor& in) -> Result<Tensor> {
    const Result<Tensor> kernel = parse_kernel(options->kernel);
    if (!kernel) return kernel.error();
    return filter(in, kernel.value(), *options);
  };
}

Work declare_mean(CLI::App& command) {
  auto options = std::make_shared<Filter>();
  command.add_option("--size", options->size, "Rows and columns of the window")
      ->check(CLI::Range(1, max_kernel_extent))
      ->capture_default_str();
  add_padding(command, options->padding);
  // Column, then row: 2 size products a pixel instead of size^2.
  return [options](const Tensor& in) -> Result<Tensor> {
    const int size = options->size;
    if (options->padding == "valid" && (size > in.size(2) || size > in.size(3))) {
      return filter(in, Tensor({size, size}), *options);  // says that it does not fit
    }
    const float weight = 1.0f / static_cast<float>(size);
    const Result<Tensor> columns = filter(in, Tensor({size, 1}, weight), *options);
    if (!columns) return columns.error();
    return filter(columns.value(), Tensor({1, size}, weight), *options);
  };
}

Work declare_gray(CLI::App&) {
  return [](const Tensor& in) -> Result<Tensor> {
    if (in.size(1) != 1 && in.size(1) != 3)
      return Error{"gray-channels",
                   "gray needs a picture of 1 or 3 channels, and this one has " + std::to_string(in.size(1)) + "."};
    return tensor_to_grey(in.view());
  };
}

Work declare_flip(CLI::App& command) {
  auto axis = std::make_shared<std::string>("x");
  command.add_option("--axis", *axis, "x: left and right change places, g(x,y) = f(-x,y); y: top and bottom do")
      ->check(CLI::IsMember({"x", "y"}))
      ->capture_default_str();
  return [axis](const Tensor& in) -> Result<Tensor> {
    Tensor out(in.shape());
    const std::ptrdiff_t height = in.size(2), width = in.size(3);
    for (std::ptrdiff_t c = 0; c < in.size(1); ++c)
      for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x)
          out(0, c, y, x) = *axis == "x" ? in(0, c, y, width - 1 - x) : in(0, c, height - 1 - y, x);
    return out;
  };
}

Work declare_add(CLI::App& command) {
  auto value = std::make_shared<double>(0.0);
  command.add_option("--value", *value, "Added to every pixel, on the scale 0..255; may be negative")
      ->required()
      ->check(number(-1e9, 1e9));
  return [value](const Tensor& in) -> Result<Tensor> {
    Tensor out = in;
    for (std::ptrdiff_t i = 0; i < out.count(); ++i) out.data()[i] += static_cast<float>(*value);
    return out;
  };
}

}  // namespace

const std::vector<ImageOp>& image_ops() {
  static const std::vector<ImageOp> ops = [] {
    std::vector<ImageOp> all = {
        {"filter", "Filter with a kernel (cross-correlation: no flip unless --flip)", declare_filter, false},
        {"mean", "Mean over a square window", declare_mean, false},
        {"gray", "Grey by 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)", declare_gray, false},
        {"flip", "Mirror", declare_flip, false},
        {"add", "Add a number to every pixel", declare_add, false},
    };
    for (const auto& more : {byte_ops(), filter_ops(), geometry_ops()}) all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return ops;
}

}  // namespace cvlab::cli
