// Feature maps: what the kernels of a trained network answer to a picture of any size, layer by layer; which pixels a
// cell has seen, and which places of the picture a kernel answers to most. activation_maps.cpp computes, stage.cpp
// draws.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/gfx/graphics.hpp"
#include "app/shell/demo.hpp"
#include "app/shell/file_library.hpp"
#include "app/shell/picture_library.hpp"
#include "app/views/image_view.hpp"
#include "core/nn/features.hpp"
#include "core/nn/trace.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_activation_maps();
std::unique_ptr<Demo> make_activation_maps(DemoContext context);

class ActivationMaps final : public Demo {
 public:
  static constexpr int most_patches = 8;

  explicit ActivationMaps(DemoContext context)
      : state_(context.state), pictures_(context.pictures), files_(context.files) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 1.5; }
  void restart() override { files_.retry(); }
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect picture, sheet, large, patches;
    int across = 4;  // maps side by side
    float tile = 40.0F;
  };
  struct MapCell {
    int map = 0;
    Cell cell;
    bool operator==(const MapCell&) const = default;
  };

  // activation_maps.cpp
  void follow();
  bool load_network();
  bool load_picture();
  void run();
  void show_layer();
  void settle();
  void look_at(const MapCell& at);
  void keep(const MapCell& at);
  nn::Region field_of(const MapCell& at) const;
  bool ready() const { return problem_.id.empty(); }
  int layer() const;
  int maps() const { return values_.empty() ? 0 : static_cast<int>(values_.size(0)); }
  int rows() const { return static_cast<int>(values_.size(1)); }
  int columns() const { return static_cast<int>(values_.size(2)); }
  ConstView plane(int map) const;

  // stage.cpp
  Layout layout(const Rect& area) const;
  void draw_picture(const Canvas& canvas, const Rect& area);
  void draw_sheet(const Canvas& canvas, const Layout& layout);
  void draw_large(const Canvas& canvas, const Rect& area);
  void draw_patches(const Canvas& canvas, const Rect& area);
  Rect tile(const Layout& layout, int map) const;

  State& state_;
  PictureLibrary& pictures_;
  FileLibrary& files_;
  std::uint64_t seen_state_ = 0, seen_pictures_ = 0, seen_files_ = 0;
  Error problem_{"activation-maps.waiting", "The network is on its way."};  // why nothing is shown; id empty = it is
  Error remark_;

  std::string network_;  // that is in trained_
  nn::Graph trained_, part_;
  std::string picture_key_;  // what small_ was made of
  Tensor small_;             // (1, 1, H, W), 0 .. 1: what the network sees
  Tape tape_;
  Tensor values_;  // (C, H, W) of the shown layer
  float high_ = 1.0F;
  MapCell shown_, kept_;
  std::vector<nn::Peak> peaks_;
  int peaks_of_ = -1;

  ImageView view_;
  std::unique_ptr<Texture> sheet_, crops_;
  bool changed_ = true;
};

}  // namespace cvlab::app
