// A multi-layer perceptron learns classes of points: the network with a weight or a gradient on every edge, the plane
// in the colours of its answers, the loss; own points can be drawn. Or small pictures of digits: then the weights of
// each unit of the first layer are a picture, too.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/drawn_points.hpp"
#include "app/views/field.hpp"
#include "app/views/graph.hpp"
#include "app/views/picture_sheet.hpp"
#include "app/views/plot.hpp"
#include "core/data/dataset.hpp"
#include "core/train/point_classifier.hpp"
#include "core/train/timeline.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_mlp();
std::unique_ptr<Demo> make_mlp(DemoContext context);

class Mlp final : public Demo {
 public:
  static constexpr int most_steps = 2000;
  static constexpr int most_classes = 4;
  static constexpr int most_digits = 10;
  static constexpr int shown_of_each = 10;  // held-out pictures of a class

  explicit Mlp(DemoContext context) : state_(context.state), files_(context.files) {}

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
    int side = 8;  // of a picture
    ClassifierSettings settings;
    bool operator==(const Recipe&) const = default;
  };
  struct EdgeName {  // of an edge of the drawn network: layer from 1, 0 = none
    int layer = 0, out = 0, in = 0;
  };
  struct Layout {
    Rect status, network, plane, loss, unit;  // without area: left out
  };

  // mlp.cpp
  void follow();
  Recipe recipe() const;
  void begin(const Recipe& wanted);
  void look();
  bool pictures() const { return recipe_.data == "digits"; }
  int steps() const { return run_ ? run_->run().steps() : 0; }
  bool diverged() const { return run_ && run_->run().diverged().has_value(); }

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_network(const Canvas& canvas, const Rect& area);
  Graph network_graph(const Canvas& canvas, const Rect& area);
  void connect(Graph& graph, std::span<const int> first);
  std::string edge_note(const Words& words, const EdgeName& name);
  void draw_plane(const Canvas& canvas, const Rect& area);
  void paint_plane(const Canvas& canvas);
  void draw_loss(const Canvas& canvas, const Rect& area);

  // pictures.cpp: digits in place of the plane
  bool load_pictures();
  void begin_pictures();
  void look_at_pictures();
  void probe_picture(int index);
  int chosen_picture() const;
  float wall_height(float width) const;
  void draw_wall(const Canvas& canvas, const Rect& area);
  void paint_weights();
  void draw_units(const Canvas& canvas, const Graph& graph);
  void draw_unit(const Canvas& canvas, const Rect& area);
  std::string unit_note(const Words& words, int unit);

  State& state_;
  FileLibrary& files_;
  std::uint64_t seen_version_ = 0, seen_files_ = 0;
  Recipe recipe_;
  std::string problem_;  // key of a sentence
  std::vector<DrawnPoint> drawn_;
  std::shared_ptr<const LabelledPoints> data_;
  std::optional<Timeline<PointClassifier>> run_;
  bool seeking_ = false;
  int looked_ = -1;  // step that the following is of
  PointClassifier::Result result_;
  std::vector<double> weights_, gradient_;
  std::vector<double> chances_;  // (C, nodes * nodes) over the plane
  std::vector<double> probe_;    // the point whose values fill the network
  std::vector<EdgeName> edges_;  // of the drawn network
  FieldView colours_;
  bool painted_dark_ = false;
  int painted_ = -1;

  std::optional<Dataset> train_digits_, test_digits_;
  Error waiting_;  // while they are not there
  std::shared_ptr<const LabelledPoints> held_out_;
  PointClassifier::Result test_result_;
  static constexpr int undecided = -1;
  std::vector<int> shown_, answers_;  // held-out pictures on the wall, and what the network says: a tie is undecided
  std::vector<double> sure_;
  PictureSheet wall_, units_, input_;
  int probed_ = 0;  // of shown_
  std::string painted_units_, painted_sum_;
  int pointed_unit_ = 0;
  PictureSheet template_, products_;  // of that unit and the picture in the network
};

}  // namespace cvlab::app
