// Noise on a picture, and four filters against it side by side. denoise.cpp computes, stage.cpp draws the pictures and
// the curves below them, card.cpp the pixel that is looked at, params.cpp is the table.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/views/byte_view.hpp"
#include "app/views/explore.hpp"
#include "app/views/plot.hpp"
#include "core/image/denoise.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_denoise();
std::unique_ptr<Demo> make_denoise(DemoContext context);

class Denoise final : public Demo {
 public:
  explicit Denoise(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  // A few ms of what is not done yet: noise, filters, measures, then the curves. Larger pictures give their middle.
  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  std::string sentence(const Words& words) const override;

  static constexpr int results = 1 + denoisers;  // the noisy picture, then the filters' in the order of Denoiser
  static const char* result_name(int result);    // as the parameters say it; "noisy"

 private:
  // A picture, what it was made of (as text: when that changes it is stale), and how close it is to the original.
  struct Result {
    Image image;
    std::string from;
    double error = 0.0;  // mean squared
    double psnr = 0.0;   // infinite when equal
    int impulses = 0;
    std::string measured_from;  // of ssim, which takes longest
    double ssim = 0.0;
  };
  struct Sweep {  // PSNR over strength
    std::string from;
    std::vector<PlotPoint> points;
    bool whole = false;
  };
  struct Layout {
    std::array<Rect, 1 + results> picture;  // the original first
    std::array<Rect, denoisers> curve;      // empty on a narrow stage
    Rect legend, card;
    bool wide = true;
    bool two_lines = false;  // above each picture
  };
  struct Grid {  // of the card
    const char* name;
    const std::vector<double>* values;
    bool grey;
  };

  // denoise.cpp
  void load();
  bool work();  // one piece; false when nothing is left
  void add_noise(const std::string& from);
  bool sweep_on(int filter);
  bool fresh() const;  // everything but the curves is up to date
  DenoiseParams filters() const;
  std::string noise_text() const;
  std::string filter_text(int filter) const;
  std::string sweep_text(int filter) const;
  int explained() const;
  int rows() const { return clean_.height; }
  int columns() const { return clean_.width; }
  Cell looked_at() const { return hovered_.value_or(cell_); }
  bool made(int result) const;
  bool measured(int result) const;
  // The result with the greatest PSNR or SSIM, while all are known.
  std::optional<int> best(bool similarity) const;
  double best_strength(int filter) const;  // NaN until the curve is whole

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_picture(const Canvas& canvas, const Layout& layout, int index);
  void draw_measures(const Canvas& canvas, const Rect& picture, int result, bool two_lines) const;
  std::string picture_name(const Words& words, int index) const;
  void draw_curve(const Canvas& canvas, const Rect& area, int filter);
  void draw_legend(const Canvas& canvas, const Rect& area) const;
  void draw_decibels(const Canvas& canvas, const PlotMap& map, float x) const;
  void draw_axis(const Canvas& canvas, const PlotMap& map, int filter) const;
  void drag_strength(const PlotMap& map, float x, int filter);
  PlotAxis psnr_axis() const;
  void keys(const Rect& area);

  // card.cpp
  void draw_card(const Canvas& canvas, const Layout& layout);
  void look();  // the steps of the pixel that is looked at
  float draw_grids(const Canvas& canvas, const Rect& area, bool one_row) const;
  void draw_grid(const Canvas& canvas, const Rect& area, const Grid& grid, const DenoiseStep& step) const;
  std::string note(const Words& words, const DenoiseStep& step, std::size_t i) const;
  std::string formula(const Words& words, int filter) const;
  void draw_formulas(const Canvas& canvas, const Rect& area, bool all) const;
  void draw_table(const Canvas& canvas, const Rect& area);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;
  ChosenPicture chosen_;
  int loads_ = 0;
  bool middle_ = false;  // only the middle of the picture is worked on
  Image clean_, scratch_;
  std::array<Result, results> results_;
  std::array<Sweep, denoisers> sweeps_;
  Cell cell_;
  std::optional<Cell> hovered_;
  Error problem_;

  std::array<DenoiseStep, denoisers> steps_;  // of the pixel that is looked at
  std::array<std::vector<double>, 2> bytes_;  // values and sorted values of the explained one, for the grids
  std::string steps_from_;

  std::array<ByteView, 1 + results> views_;
  LinkedCamera camera_;
};

}  // namespace cvlab::app
