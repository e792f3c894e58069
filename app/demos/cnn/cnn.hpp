// A whole convolutional network at work on one picture: every value of every layer, and of each the arithmetic that
// made it, forward and backward. cnn.cpp computes, stage.cpp draws the network, detail.cpp the chosen unit's
// arithmetic.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/shell/file_library.hpp"
#include "app/views/image_view.hpp"
#include "app/views/kernel_editor.hpp"
#include "app/views/network_map.hpp"
#include "core/image/pen.hpp"
#include "core/nn/trace.hpp"
#include "core/train/prediction.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_cnn();
std::unique_ptr<Demo> make_cnn(DemoContext context);

class Cnn final : public Demo {
 public:
  static constexpr int most_strokes = 3000;  // bytes of text

  explicit Cnn(DemoContext context) : state_(context.state), files_(context.files) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 1.5; }
  void restart() override { files_.retry(); }
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect status, network, buttons, map, terms;
    bool wide = true;
    float pad = 3.3F;  // the input, in maps
  };

  // How the numbers of a unit stand: size of a cell, space between groups, from one row (or column) to the next.
  struct TermLook {
    float cell = 0.0F, gap = 8.0F;
    float indent = 0.0F;  // of short labels; 0: each row has a line for its label
    float down = 0.0F, across = 0.0F;
  };

  // cnn.cpp
  void follow();
  bool load_network();
  void load_pictures();
  void edit_weights();
  void choose_picture();
  void run();
  void show_layers();
  void settle_unit();
  void look_at(const MapUnit& unit);
  void keep(const MapUnit& unit);
  bool predict(double seconds);
  void edit_weight(const nn::TraceTerm& term, double value);
  void switch_off();
  bool ready() const { return problem_.id.empty(); }
  bool drawn() const { return state_.choice("source") == "drawn"; }
  bool backward() const { return state_.choice("direction") == "backward"; }
  const nn::Layer& layer_of(int shown) const;  // of a column of the figure
  int column_of(int layer) const;              // -1: it is not shown
  MapUnit unit_of(int layer, std::ptrdiff_t unit) const;
  std::ptrdiff_t index_of(const MapUnit& unit) const;
  double value_of(const MapUnit& unit) const;
  bool single(int shown) const;  // a layer of numbers without rows and columns

  // stage.cpp
  Layout layout(const Rect& area);
  void draw_status(const Canvas& canvas, const Rect& area) const;
  void draw_connections(const Canvas& canvas) const;
  void draw_buttons(const Canvas& canvas, const Rect& area);
  void point(const Layout& layout);
  void draw_stroke(const CellMap& pad);
  std::string said(const Words& words) const;
  std::string accuracy_text(const Words& words) const;
  void keys();

  // detail.cpp
  void draw_detail(const Canvas& canvas, const Layout& layout);
  void draw_large_map(const Canvas& canvas, const Rect& area);
  TermLook term_look(const Rect& area) const;
  void draw_terms(const Canvas& canvas, const Rect& area);
  void draw_window(const Canvas& canvas, const Rect& area);
  struct TermRow;
  void draw_term_row(const Canvas& canvas, const TermRow& row);
  void explain_term(const Canvas& canvas) const;
  std::string unit_name(const Words& words, const MapUnit& unit) const;
  std::string equation(const Words& words) const;

  State& state_;
  FileLibrary& files_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_files_ = 0;
  Error problem_{"cnn.waiting", "The network is on its way."};  // why there is no network; id empty = it runs
  Error remark_;                                                // about the state

  nn::Graph trained_, graph_;  // as loaded; with the learner's weights
  std::vector<int> columns_;   // layers that are shown
  bool loaded_ = false;
  std::optional<std::string> edits_;  // that are in graph_
  Dataset test_;
  Tensor picture_;  // (1, 1, 28, 28), 0 .. 1
  int label_ = -1;  // -1: a drawing has none
  std::vector<PenStroke> strokes_;
  bool pen_down_ = false;

  Tape tape_;
  int answer_ = 0, target_ = 0;
  double loss_ = 0.0;
  MapUnit shown_, kept_;
  nn::Trace forward_, backward_;
  bool fresh_ = true;  // the maps changed

  Prediction before_, now_;  // over the test pictures: of the network as loaded, and with the changed weights
  std::optional<std::string> predicted_edits_;

  NetworkMap network_;
  ImageView large_;
  std::optional<int> marked_;  // term under the pointer
  std::optional<int> next_marked_;
  std::array<KernelEditor, 16> editors_;
};

}  // namespace cvlab::app
