// Gaussian: the bell as a kernel. Its shape, its table of whole numbers, what it costs, what it does to waves.
// gaussian.cpp computes, stage.cpp draws the picture, views.cpp the four views of the kernel, params.cpp is the table.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/plot.hpp"
#include "app/views/rgba_view.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/image.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_gaussian();
std::unique_ptr<Demo> make_gaussian(DemoContext context);

class Gaussian final : public Demo {
 public:
  explicit Gaussian(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

 private:
  // gaussian.cpp
  void load();
  void make_kernels();
  void make_table();
  void respond();
  void filter();
  void measure();

  // stage.cpp
  void draw_picture(const Canvas& canvas, const Rect& area);

  // views.cpp
  void draw_kernel(const Canvas& canvas, const Rect& area);
  void draw_table(const Canvas& canvas, const Rect& area) const;
  void draw_separable(const Canvas& canvas, const Rect& area) const;
  void draw_costs(const Canvas& canvas, const Rect& area) const;
  void draw_waves(const Canvas& canvas, const Rect& area);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  ChosenPicture chosen_;
  std::string done_;  // filter, sigma and window of the picture that is shown
  int measured_ = 0;  // size whose times are known
  Error problem_;

  Image in_, out_;
  double rms_ = 0.0;                // between the two
  std::vector<double> weights_;     // of the Gaussian, one-dimensional
  std::vector<double> mean_;        // of the mean
  std::vector<double> table_line_;  // five weights of the table before they are scaled
  Tensor plane_;                    // (k, k) of the shown filter
  IntegerKernel table_;
  std::vector<PlotPoint> gaussian_curve_, mean_curve_;
  double gaussian_response_ = 1.0, mean_response_ = 1.0;
  double direct_ms_ = 0.0, separable_ms_ = 0.0;

  RgbaView before_, after_;
};

}  // namespace cvlab::app
