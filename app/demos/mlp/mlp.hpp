// A multi-layer perceptron learns classes of points: the network with a weight or a gradient on every edge, the plane
// in the colours of its answers, the loss; own points can be drawn.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/drawn_points.hpp"
#include "app/views/field.hpp"
#include "app/views/graph.hpp"
#include "app/views/plot.hpp"
#include "core/train/point_classifier.hpp"
#include "core/train/timeline.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_mlp();
std::unique_ptr<Demo> make_mlp(DemoContext context);

class Mlp final : public Demo {
 public:
  static constexpr int most_steps = 2000;
  static constexpr int most_classes = 4;

  explicit Mlp(DemoContext context) : state_(context.state) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.02; }
  bool busy() const override { return seeking_; }
  std::string sentence(const Words& words) const override;

 private:
  struct Recipe {
    std::string data, points;
    int classes = 2;
    ClassifierSettings settings;
    bool operator==(const Recipe&) const = default;
  };
  struct Layout {
    Rect status, network, plane, loss;  // without area: left out
  };

  // mlp.cpp
  void follow();
  Recipe recipe() const;
  void begin(const Recipe& wanted);
  void look();
  int steps() const { return run_ ? run_->run().steps() : 0; }
  bool diverged() const { return run_ && run_->run().diverged().has_value(); }

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_network(const Canvas& canvas, const Rect& area);
  Graph network_graph(const Canvas& canvas, const Rect& area);
  std::string edge_note(const Words& words, int edge);
  void draw_plane(const Canvas& canvas, const Rect& area);
  void paint_plane(const Canvas& canvas);
  void edit(const Canvas& canvas, const FieldMap& map, bool pressed, float x, float y);
  void draw_loss(const Canvas& canvas, const Rect& area);

  State& state_;
  std::uint64_t seen_version_ = 0;
  Recipe recipe_;
  std::string problem_;  // key of a sentence
  std::vector<DrawnPoint> drawn_;
  std::shared_ptr<const LabelledPoints> data_;
  std::optional<Timeline<PointClassifier>> run_;
  bool seeking_ = false;
  int looked_ = -1;  // step that the following is of
  PointClassifier::Result result_;
  std::vector<double> weights_, gradient_;
  std::vector<double> chances_;   // (C, nodes * nodes) over the plane
  double probe_[2] = {0.0, 0.0};  // the point whose values fill the network
  FieldView colours_;
  bool painted_dark_ = false;
  int painted_ = -1;
};

}  // namespace cvlab::app
