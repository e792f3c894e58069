// What a trained network looks for, and why it decided as it did. Its kernels, the picture that a unit likes best
// (gradient ascent on the input), and four explanations of a decision side by side, put to the test. filter_viz.cpp
// follows the state, unit.cpp draws kernels and ascent, decision.cpp the explanations, stage.cpp what both share.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/shell/file_library.hpp"
#include "app/views/image_view.hpp"
#include "app/views/thumbnails.hpp"
#include "core/data/dataset.hpp"
#include "core/explain/ascent.hpp"
#include "core/explain/attribution.hpp"
#include "core/image/pen.hpp"
#include "core/train/timeline.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_filter_viz();
std::unique_ptr<Demo> make_filter_viz(DemoContext context);

class FilterViz final : public Demo {
 public:
  static constexpr int most_steps = 300;
  static constexpr int most_strokes = 3000;  // bytes of text

  explicit FilterViz(DemoContext context) : state_(context.state), files_(context.files) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return decision() ? 1.5 : 0.04; }
  void restart() override;
  std::string sentence(const Words& words) const override;

 private:
  static constexpr int side = 28;  // of a picture
  static constexpr int methods = 4;
  enum Method { saliency, product, occlusion, cam };

  // What an ascent is made of: when it changes, it is computed again.
  struct Recipe {
    explain::Unit unit;
    explain::AscentSettings settings;
    std::vector<double> start;
    bool operator==(const Recipe&) const = default;
  };
  // What a unit says to the test pictures.
  struct Best {
    explain::Unit unit;
    std::vector<double> activations;
    std::vector<int> order;  // the greatest first, when all are known
  };
  // What explanations are made of.
  struct Question {
    std::vector<double> picture;
    int target = 0, window = 0, stride = 0, cam_layer = 0;
    double fill = 0.0;
    bool operator==(const Question&) const = default;
  };

  struct Layout {  // of a decision
    Rect picture, classes, maps, plate;
    float between = 12.0F;  // maps
    bool single = false;    // only the map of the chosen method
  };

  // filter_viz.cpp
  void follow();
  bool load_network();
  void load_pictures();
  void choose_picture();
  void follow_unit();
  void follow_decision();
  bool climb(double dt);
  bool search(double dt);
  bool explain_slice(double dt);
  void look_at_picture();
  void test_explanations();
  void judge(const std::vector<double>& picture);
  bool ready() const { return problem_.id.empty(); }
  bool decision() const { return state_.choice("mode") == "decision"; }
  bool drawn() const { return state_.choice("source") == "drawn"; }
  std::string data_name() const;
  int layer_index(std::string_view name) const;
  int first_unit(int layer) const { return layer == chain_->output() ? 0 : 1; }  // the number of a layer's first one
  int unit_count() const { return chain_->extent(recipe_.unit.layer).channels; }
  explain::Unit wanted_unit() const;
  Method method() const;
  Readouts unit_readouts() const;
  Readouts decision_readouts() const;

  // stage.cpp
  void draw_pen(const CellMap& map, bool clicked, bool pressed);
  void draw_buttons(const Canvas& canvas, const Rect& area);
  void keys();
  std::string class_name(const Words& words, int index) const;
  std::string percent(const Words& words, double share) const;
  std::string equals_percent(const Words& words, double share) const;

  // unit.cpp
  void draw_unit(const Canvas& canvas);
  void make_kernels();
  struct KernelGrid {
    int across = 1;
    float width = 0.0F;
  };
  KernelGrid arrange_kernels(const Rect& area) const;
  void draw_kernel(const Canvas& canvas, const CellMap& map, int unit, bool chosen);
  void draw_kernels(const Canvas& canvas, const Rect& area);
  void draw_ascent(const Canvas& canvas, const Rect& area);
  void draw_curve(const Canvas& canvas, const Rect& area);
  void draw_best(const Canvas& canvas, const Rect& area);
  std::string unit_name(const Words& words) const;
  std::string unit_sentence(const Words& words) const;

  // decision.cpp
  void draw_decision(const Canvas& canvas);
  static Layout layout(const Rect& area, bool wide, float pad);
  static bool in_picture(const Cell& cell) {
    return cell.row >= 0 && cell.row < side && cell.column >= 0 && cell.column < side;
  }
  void point_map(const Rect& area, Method which);
  void point_picture(const Canvas& canvas, const Rect& area);
  void draw_picture(const Canvas& canvas, const Rect& area);
  void draw_classes(const Canvas& canvas, const Rect& area);
  void draw_map(const Canvas& canvas, const Rect& area, Method which);
  std::string formula(const Words& words) const;
  int nearest_window(const Cell& pixel) const;
  std::string decision_sentence(const Words& words) const;

  State& state_;
  FileLibrary& files_;
  std::uint64_t seen_state_ = 0, seen_files_ = 0;
  Error problem_{"filter-viz.waiting", "The network is on its way."};  // why nothing is shown; id empty = it is
  Error remark_;

  std::string network_;  // that is in trained_
  nn::Graph trained_;
  std::shared_ptr<explain::Chain> chain_;
  std::string data_;  // that is in test_
  Dataset test_;
  std::vector<double> picture_;  // 0 .. 1
  int label_ = -1;               // -1: a drawing has none
  std::vector<PenStroke> strokes_;
  bool pen_down_ = false;
  std::vector<double> shares_;  // probabilities of the classes for what is shown
  int answer_ = 0;

  // unit
  Recipe recipe_;
  std::optional<Timeline<explain::Ascent>> run_;
  int looked_ = -1;  // step that the views show
  double activation_ = 0.0, start_activation_ = 0.0, slope_ = 0.0;
  std::vector<double> next_;  // what the next step adds, without its regularisers
  Best best_;
  std::vector<ImageView> kernels_;
  std::string kernels_of_;
  struct KernelShape {
    int rows = 1, columns = 1;  // cells of one tile
    int down = 1, across = 1;   // tiles of a unit
    float high = 1.0F;          // end of the colours
    float ratio() const { return static_cast<float>(down * rows) / static_cast<float>(across * columns); }
    std::vector<Tensor> planes;  // (1, 1, down * rows, across * columns) of each unit
  } kernel_;
  ImageView grown_, change_;
  float change_high_ = 1.0F, grown_high_ = 1.0F;
  Thumbnails thumbnails_;

  // decision
  Question question_;
  bool asked_ = false;
  std::vector<double> gradient_;
  explain::GradCam cam_;
  std::optional<explain::Occlusion> occlusion_;
  std::array<std::vector<double>, methods> maps_;
  std::array<std::vector<int>, methods> strongest_;
  std::array<double, methods> left_{};  // probability without them
  int covered_ = -1;                    // pixels that left_ is about; -1: not known
  double logit_ = 0.0;
  Cell shown_;
  Method looked_at_ = occlusion;
  bool covering_ = false;  // a map is pointed at: the picture shows what is left without its strongest pixels
  std::array<ImageView, methods> views_;
  std::array<float, methods> highs_{};
  ImageView picture_view_;
};

}  // namespace cvlab::app
