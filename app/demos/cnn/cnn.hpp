// A whole convolutional network at work on one picture: every value of every layer, and of each the arithmetic that
// made it, forward and backward. It can be trained, rebuilt, saved and loaded while one watches.
//
//   network.cpp  which network it is: layers, weights, files      training.hpp  a training run
//   cnn.cpp      its values for one picture, read-outs            learning.cpp  training and test in slices of frames
//   stage.cpp    the network as a map, pointing, drawing          detail.cpp    the arithmetic of the chosen unit
//   curves.cpp   training below the network                       builder.cpp   its layers below the network
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/demos/cnn/training.hpp"
#include "app/shell/demo.hpp"
#include "app/shell/file_library.hpp"
#include "app/views/image_view.hpp"
#include "app/views/kernel_editor.hpp"
#include "app/views/network_map.hpp"
#include "app/views/number_editor.hpp"
#include "core/formats/safetensors.hpp"
#include "core/image/pen.hpp"
#include "core/nn/layer_list.hpp"
#include "core/nn/trace.hpp"
#include "core/train/prediction.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_cnn();
std::unique_ptr<Demo> make_cnn(DemoContext context);

class Cnn final : public Demo {
 public:
  static constexpr int most_strokes = 3000;  // bytes of text
  static constexpr std::string_view course_layers = "conv8:3,relu,pool2,conv16:3,relu,pool2";

  explicit Cnn(DemoContext context) : state_(context.state), files_(context.files) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 1.5; }
  void play(bool on) override;
  void restart() override;
  bool busy() const override { return training_.running() && !TrainingSession::has_thread(); }
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect status, network, buttons, map, terms, below;
    bool wide = true;
    float pad = 3.3F;  // the input, in maps
  };

  // How the numbers of a unit stand: size of a cell, space between groups, from one row (or column) to the next.
  struct TermLook {
    float cell = 0.0F, gap = 8.0F;
    float indent = 0.0F;  // of short labels; 0: each row has a line for its label
    float down = 0.0F, across = 0.0F;
    int in_line = 0;  // groups side by side; 0: all
  };

  // network.cpp
  void follow();
  bool load_trained();
  void load_pictures();
  void read_layers();
  void take_own_file();
  void begin_network();
  nn::Graph weights_at_start();
  void follow_weights();
  void edit_weights();
  void edit_weight(std::ptrdiff_t index, double value);
  void change_by_hand(const WeightEdit& edit);
  void switch_off();
  void set_layers(std::vector<nn::Layer> layers, int chosen);
  void begin_with(std::string_view start);
  std::vector<std::uint8_t> weights_file();
  void save_weights();
  void export_onnx();
  bool sound() const { return layers_problem_.id.empty() && !check_.problem; }  // the layers fit together

  // learning.cpp
  void follow_training();
  void begin_training(const CnnTraining::Recipe& recipe);
  std::vector<WeightEdit> changes_begun(bool at_start) const;
  void take_over_edits();
  bool train(double seconds);
  bool predict(double seconds);
  int limit() const { return state_.integer("epochs") * training_.steps_per_epoch(); }
  bool looks_back() const { return training_.begun() && state_.integer("epoch") < training_.epochs_done(); }
  void look_at_epoch(int epoch);
  bool step_training(int delta);
  bool pending() const { return target_ != training_.steps() && !playing_; }  // training that a link asks for

  // cnn.cpp
  Readouts network_readouts() const;
  void choose_picture();
  void run();
  void show_layers();
  void settle_unit();
  void look_at(const MapUnit& unit);
  void keep(const MapUnit& unit);
  bool ready() const { return problem_.id.empty(); }
  bool drawn() const { return state_.choice("source") == "drawn"; }
  bool backward() const { return state_.choice("direction") == "backward"; }
  bool below(std::string_view what) const { return state_.choice("below") == what; }
  const nn::Layer& layer_of(int shown) const;  // of a column of the figure
  int column_of(int layer) const;              // -1: it is not shown
  MapUnit unit_of(int layer, std::ptrdiff_t unit) const;
  std::ptrdiff_t index_of(const MapUnit& unit) const;
  double value_of(const MapUnit& unit) const;
  bool single(int shown) const;  // a layer of numbers without rows and columns

  // stage.cpp
  Layout layout(const Rect& area);
  void draw_unsound(const Canvas& canvas);
  void draw_status(const Canvas& canvas, const Rect& area) const;
  ImU32 status_colour(const Theme& theme) const;
  void draw_connections(const Canvas& canvas) const;
  void draw_buttons(const Canvas& canvas, const Rect& area);
  void point(const Layout& layout);
  void draw_stroke(const CellMap& pad);
  std::string said(const Words& words) const;
  std::string accuracy_text(const Words& words) const;
  void keys();

  // curves.cpp
  void draw_training(const Canvas& canvas, const Rect& area);
  float draw_actions(const Canvas& canvas, const Rect& area);
  void draw_curves(const Canvas& canvas, const Rect& loss, const Rect& accuracy);
  Plot loss_plot(const Canvas& canvas) const;
  Plot accuracy_plot(const Canvas& canvas) const;
  void scrub(const PlotMap& map, const Rect& area, const char* id);
  std::string training_text(const Words& words) const;

  // builder.cpp
  struct Builder;
  void draw_builder(const Canvas& canvas, const Rect& area);
  int chosen_layer() const;  // in the list; -1: the input, its size: fc

  // detail.cpp
  void draw_detail(const Canvas& canvas, const Layout& layout);
  void draw_large_map(const Canvas& canvas, const Rect& area);
  TermLook term_look(const Rect& area) const;
  TermLook crowded_look(const Rect& area) const;
  void draw_terms(const Canvas& canvas, const Rect& area);
  void draw_window(const Canvas& canvas, const Rect& area);
  struct TermRow;
  void draw_term_row(const Canvas& canvas, const TermRow& row);
  void explain_term(const Canvas& canvas) const;
  std::string unit_name(const Words& words, const MapUnit& unit) const;
  std::string equation(const Words& words) const;
  bool draw_sum(const Canvas& canvas, float x, float y);
  std::array<std::string, 3> sum_parts(const Words& words) const;
  float sum_width(const Canvas& canvas) const;
  void edit_numbers(const Canvas& canvas);

  State& state_;
  FileLibrary& files_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_files_ = 0;
  Error problem_{"cnn.waiting", "The network is on its way."};  // why there is no network; id empty = it runs
  Error remark_;                                                // about the state
  bool news_ = false;                                           // the remark is no complaint

  std::optional<std::string> layers_text_;  // that is in list_
  std::vector<nn::Layer> list_;
  nn::LayerListCheck check_;
  Error layers_problem_;  // the text is no list of layers; id empty = it is
  std::optional<Safetensors> trained_, own_;
  std::uint64_t own_version_ = 0;

  // Weights, each with a text that says which they are: before training, shown without changes by hand, shown.
  nn::Graph start_, model_, graph_;  // graph_ ends with softmax, the others with the logits
  std::string start_key_, model_key_, graph_key_;
  std::vector<int> columns_;          // layers that are shown
  std::optional<std::string> edits_;  // that are in graph_
  Dataset test_;
  Tensor picture_;  // (1, 1, 28, 28), 0 .. 1
  int label_ = -1;  // -1: a drawing has none
  std::vector<PenStroke> strokes_;
  bool pen_down_ = false;

  Tape tape_;
  int answer_ = 0, target_class_ = 0;
  double loss_ = 0.0;
  MapUnit shown_, kept_;
  nn::Trace forward_, backward_;
  bool unit_note_ = false;  // a unit is pointed at whose numbers do not stand below
  bool fresh_ = true;       // the maps changed

  CnnTraining training_;
  bool playing_ = false;
  int target_ = 0;                // mini-batches that the parameter "steps" asks for
  std::string steps_text_ = "0";  // that parameter as we know it
  double clock_ = 0.0;            // seconds since the shown weights were taken from the run

  Prediction before_, now_;  // over the test pictures: without and with changes by hand
  std::string before_key_, now_key_;
  std::optional<double> look_;  // place on the curves' axis under the pointer, in epochs

  NetworkMap network_;
  ImageView large_;
  std::optional<int> marked_;  // term under the pointer
  std::optional<int> next_marked_;
  std::vector<KernelEditor> editors_;   // one for each group of weights
  NumberEditor number_;                 // of the bias, and of weights whose cells are too small
  std::ptrdiff_t numbers_weight_ = -1;  // what it edits; -1: the bias
};

}  // namespace cvlab::app
