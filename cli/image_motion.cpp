// cvlab image flow A B OUT, average FRAME... OUT, fft INPUT OUT
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "cli/image_ops.hpp"
#include "cli/number.hpp"
#include "cli/picture_file.hpp"
#include "core/image/convert.hpp"
#include "core/image/flow_colour.hpp"
#include "core/image/fourier.hpp"
#include "core/image/frame_average.hpp"
#include "core/image/optical_flow.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab::cli {

namespace {

struct FlowRequest {
  std::string first, second, out;
  std::string method = "lucas-kanade";
  int window = 15, levels = 3, iterations = 3, sweeps = 200;
  double alpha = 8.0, range = 0.0;
};

// (H, W) in grey.
Result<Tensor> load_grey(const std::string& path) {
  const Result<Tensor> picture = load_picture(path);
  if (!picture) return picture.error();
  const Tensor& p = picture.value();
  if (Result<void> good = check_finite(p, path); !good) return good.error();
  if (p.size(1) != 1 && p.size(1) != 3) {
    return Error{"grey-channels",
                 "\"" + path + "\" has " + std::to_string(p.size(1)) + " channels; this needs a picture of 1 or 3."};
  }
  const Tensor grey = tensor_to_grey(p.view());
  Tensor plane(Shape{grey.size(2), grey.size(3)});
  std::copy_n(grey.data(), grey.count(), plane.data());
  return plane;
}

// (1, 2, H, W): u and v of every pixel.
Tensor dense_flow(const FlowRequest& request, const Tensor& first, const Tensor& second) {
  const std::ptrdiff_t height = first.size(0);
  const std::ptrdiff_t width = first.size(1);
  Tensor flow(Shape{1, 2, height, width});
  if (flow.empty()) return flow;
  if (request.method == "horn-schunck") {
    HornSchunck field(first.view(), second.view(), request.alpha);
    for (int i = 0; i < request.sweeps; ++i) field.step();
    for (int y = 0; y < field.height(); ++y) {
      for (int x = 0; x < field.width(); ++x) {
        flow(0, 0, y, x) = static_cast<float>(field.u(y, x));
        flow(0, 1, y, x) = static_cast<float>(field.v(y, x));
      }
    }
    return flow;
  }
  const FlowPair pair(first.view(), second.view(), request.levels);
  const LucasKanade how{request.window, request.levels, request.iterations};
  parallel_for(0, height, 4, [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    for (std::ptrdiff_t y = from; y < to; ++y) {
      for (std::ptrdiff_t x = 0; x < width; ++x) {
        const FlowPair::Track track = pair.track(static_cast<double>(x), static_cast<double>(y), how);
        flow(0, 0, y, x) = static_cast<float>(track.u);
        flow(0, 1, y, x) = static_cast<float>(track.v);
      }
    }
  });
  return flow;
}

// The flow as colours; `range` px are full colour, 0: the longest.
Tensor flow_picture(const Tensor& flow, double range) {
  const std::ptrdiff_t height = flow.size(2);
  const std::ptrdiff_t width = flow.size(3);
  const auto u = [&](std::ptrdiff_t y, std::ptrdiff_t x) { return static_cast<double>(flow(0, 0, y, x)); };
  const auto v = [&](std::ptrdiff_t y, std::ptrdiff_t x) { return static_cast<double>(flow(0, 1, y, x)); };
  double most = range;
  for (std::ptrdiff_t y = 0; range <= 0.0 && y < height; ++y) {
    for (std::ptrdiff_t x = 0; x < width; ++x) most = std::max(most, std::hypot(u(y, x), v(y, x)));
  }
  Tensor out(Shape{1, 3, height, width});
  for (std::ptrdiff_t y = 0; y < height; ++y) {
    for (std::ptrdiff_t x = 0; x < width; ++x) {
      const Rgb colour = flow_colour(u(y, x), v(y, x), most > 0.0 ? most : 1.0);
      for (std::ptrdiff_t c = 0; c < 3; ++c) out(0, c, y, x) = colour[static_cast<std::size_t>(c)];
    }
  }
  return out;
}

std::string size_text(const Tensor& t, int rows, int columns) {
  return std::to_string(t.size(columns)) + "x" + std::to_string(t.size(rows));
}

Result<void> run_flow(const FlowRequest& request) {
  if (Result<void> good = check_output_name(request.out); !good) return good;
  const Result<Tensor> first = load_grey(request.first);
  if (!first) return first.error();
  const Result<Tensor> second = load_grey(request.second);
  if (!second) return second.error();
  if (!(first.value().shape() == second.value().shape())) {
    return Error{"flow-size", "Both frames need the same size: the first is " + size_text(first.value(), 0, 1) +
                                  ", the second " + size_text(second.value(), 0, 1) + "."};
  }
  const Tensor flow = dense_flow(request, first.value(), second.value());
  return save_picture(request.out.ends_with(".npy") ? flow : flow_picture(flow, request.range), request.out);
}

void add_flow(CLI::App& image, std::vector<Command>& commands) {
  auto r = std::make_shared<FlowRequest>();
  CLI::App* command = image.add_subcommand("flow", "Optical flow from picture A to picture B, both in grey");
  command->add_option("A", r->first, "First frame")->required();
  command->add_option("B", r->second, "Second frame, of the same size")->required();
  command->add_option("OUTPUT", r->out, "Flow: .npy (H, W, 2) with u and v in px, or .png in colours")->required();
  command->add_option("--method", r->method, "Lucas and Kanade, or Horn and Schunck")
      ->check(CLI::IsMember({"lucas-kanade", "horn-schunck"}))
      ->capture_default_str();
  const auto whole = [&](const char* name, int& value, int low, int high, const char* help) {
    command->add_option(name, value, help)->check(CLI::Range(low, high))->capture_default_str();
  };
  whole("--window", r->window, 3, 255,
        "Lucas-Kanade: side of the window in px; an even one counts as the next odd one");
  whole("--levels", r->levels, 1, 10, "Lucas-Kanade: levels of the pyramid");
  whole("--iterations", r->iterations, 1, 100, "Lucas-Kanade: iterations on each level, at most");
  whole("--sweeps", r->sweeps, 1, 100000, "Horn-Schunck: sweeps over the picture");
  command->add_option("--alpha", r->alpha, "Horn-Schunck: weight of smoothness, in grey levels per px")
      ->check(number(1e-6, 1e6))
      ->capture_default_str();
  command->add_option("--range", r->range, "Length of full colour in a .png, in px; 0: the longest")
      ->check(number(0.0, 1e6))
      ->capture_default_str();
  command->footer(
      "Gradients by Scharr's kernel, mirrored at the border without repeating the edge (BORDER_REFLECT_101); of a "
      "window over the border only the pixels inside count. Where a window sees one direction only, the flow is the "
      "normal flow.");
  commands.push_back({command, [r] { return run_flow(*r); }});
}

Result<void> run_average(const std::vector<std::string>& files) {
  const std::string& out = files.back();
  if (Result<void> good = check_output_name(out); !good) return good;
  FrameAverage average;
  for (std::size_t i = 0; i + 1 < files.size(); ++i) {
    const Result<Tensor> frame = load_picture(files[i]);
    if (!frame) return frame.error();
    if (Result<void> good = check_finite(frame.value(), files[i]); !good) return good;
    if (i > 0 && !(frame.value().shape() == average.mean().shape())) {
      return Error{"average-size",
                   "All frames need one size and as many channels: \"" + files[i] + "\" is not like the first."};
    }
    average.add(frame.value().view());
  }
  return save_picture(average.mean(), out);
}

void add_average(CLI::App& image, std::vector<Command>& commands) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* command = image.add_subcommand("average", "Mean of frames of one scene");
  command->add_option("FRAMES", *files, "Frames of one size, and last the picture to write: .png or .npy")
      ->required()
      ->expected(2, 100000);
  commands.push_back({command, [files] { return run_average(*files); }});
}

struct FourierRequest {
  std::string in, out;
  bool linear = false;
};

// Magnitudes on 0..255: the strongest is white.
Result<void> run_fft(const FourierRequest& request) {
  if (Result<void> good = check_output_name(request.out); !good) return good;
  const Result<Tensor> plane = load_grey(request.in);
  if (!plane) return plane.error();
  const Tensor magnitude = centred_magnitude(fourier_2d(plane.value().view()), !request.linear);
  Tensor out(Shape{1, 1, magnitude.size(0), magnitude.size(1)});
  std::copy_n(magnitude.data(), magnitude.count(), out.data());
  if (!request.out.ends_with(".npy")) {
    const float most = std::max(1e-20F, *std::max_element(out.data(), out.data() + out.count()));
    std::for_each(out.data(), out.data() + out.count(), [most](float& v) { v *= 255.0F / most; });
  }
  return save_picture(out, request.out);
}

void add_fft(CLI::App& image, std::vector<Command>& commands) {
  auto r = std::make_shared<FourierRequest>();
  CLI::App* command = image.add_subcommand("fft", "Magnitudes of the discrete Fourier transform, in grey");
  command->add_option("INPUT", r->in, "Picture to read, of any size")->required();
  command
      ->add_option("OUTPUT", r->out,
                   "Frequency 0 in the middle, cell (H / 2, W / 2). .npy: ln(1 + |F|); .png: that, the strongest "
                   "white")
      ->required();
  command->add_flag("--linear", r->linear, "|F| itself instead of ln(1 + |F|)");
  command->footer("The picture counts as repeating itself without end: no border is added.");
  commands.push_back({command, [r] { return run_fft(*r); }});
}

}  // namespace

void add_motion_commands(CLI::App& image, std::vector<Command>& commands) {
  add_flow(image, commands);
  add_average(image, commands);
  add_fft(image, commands);
}

}  // namespace cvlab::cli
