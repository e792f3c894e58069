// Vanishing gradients: a network of 2 to 64 equal layers learns, and the size of every layer's signal and gradient is
// measured at each step. vanishing_gradients.cpp runs it, stage.cpp and layers.cpp draw.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/plot.hpp"
#include "core/train/deep_study.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_vanishing_gradients();
std::unique_ptr<Demo> make_vanishing_gradients(DemoContext context);

class VanishingGradients final : public Demo {
 public:
  static constexpr int most_steps = 400;
  static constexpr int most_shown = 8;  // histograms in a row

  explicit VanishingGradients(DemoContext context) : state_(context.state) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.05; }
  void restart() override;
  std::string sentence(const Words& words) const override;

 private:
  struct Recipe {
    DeepParams params;
    std::string data;
    bool operator==(const Recipe&) const = default;
  };
  struct LayerPicture {
    int layer = 0;  // from 0
    Histogram activation, gradient;
  };

  // vanishing_gradients.cpp
  void follow();
  Recipe recipe() const;
  bool train(double dt);
  void collect();
  double gradient_decades() const;
  static std::string size_text(const Words& words, double value);  // two digits, 4.6e9
  std::string verdict(const Words& words) const;
  std::string trouble(const Words& words) const;

  // stage.cpp
  void draw_status(const Canvas& canvas, const Rect& area) const;
  float trouble_height(const Canvas& canvas, float width) const;
  void draw_sizes(const Canvas& canvas, const Rect& area);
  void draw_loss(const Canvas& canvas, const Rect& area);
  Plot size_plot(const Canvas& canvas) const;
  std::string layer_note(const Words& words, int layer) const;

  // layers.cpp
  void draw_layers(const Canvas& canvas, const Rect& area);
  void draw_row(const Canvas& canvas, const Rect& area, bool gradients);
  void draw_one(const Canvas& canvas, const Rect& area, bool gradients, const LayerPicture& picture);

  State& state_;
  std::uint64_t seen_state_ = 0;
  Recipe recipe_;
  std::unique_ptr<DeepStudy> study_;
  double step_seconds_ = 0.0;  // spent on the step under way
  std::vector<PlotPoint> activation_sizes_, gradient_sizes_, loss_;
  int shown_ = most_shown;  // histograms that find room
  std::vector<LayerPicture> pictures_;
  std::optional<int> pointed_;       // layer from 0
  std::optional<int> next_pointed_;  // seen while drawing
};

}  // namespace cvlab::app
