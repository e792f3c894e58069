// What `cvlab image` can do: one entry an operation. To add one, write its function in an image_<group>.cpp and add its
// line to the table at the end of that file; help, parsing, files and errors follow.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <vector>

#include "cli/command.hpp"
#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::cli {

// A picture (1, C, H, W) on 0..255 becomes another.
using Work = std::function<Result<Tensor>(const Tensor&)>;

struct ImageOp {
  const char* name;
  const char* help;
  Work (*declare)(CLI::App& command);  // adds the options; the work reads what they were set to
  bool bytes = true;                   // works on whole numbers 0..255, and refuses a picture that holds others
};

const std::vector<ImageOp>& image_ops();

// The tables that image_ops() gathers, each of its file.
std::vector<ImageOp> byte_ops();      // image_points.cpp
std::vector<ImageOp> filter_ops();    // image_filters.cpp
std::vector<ImageOp> geometry_ops();  // image_geometry.cpp

// Commands with more than one picture in and one out.
void add_quality_commands(CLI::App& image, std::vector<Command>& commands);  // image_filters.cpp: psnr, ssim
void add_components_command(CLI::App& image, std::vector<Command>& commands);
void add_motion_commands(CLI::App& image, std::vector<Command>& commands);    // image_motion.cpp: flow, average, fft
void add_geometry_commands(CLI::App& image, std::vector<Command>& commands);  // image_geometry.cpp: match, disparity

}  // namespace cvlab::cli
