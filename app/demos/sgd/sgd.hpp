// Stochastic gradient descent on a loss that can be seen whole: paths of batch, mini-batch and online training, a race
// of optimizers, and the five parts of one step with their numbers.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/field.hpp"
#include "app/views/plot.hpp"
#include "core/train/descent_path.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_sgd();
std::unique_ptr<Demo> make_sgd(DemoContext context);

class Sgd final : public Demo {
 public:
  static constexpr int most_steps = 200;

  explicit Sgd(DemoContext context) : state_(context.state) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return state_.toggle("loop") ? 0.8 : 0.08; }
  std::string sentence(const Words& words) const override;

 private:
  struct Runner {
    DescentPath path;
    std::string word;  // of its name
    int colour = 0;    // categorical
  };
  // One step of the chosen runner, from where it stands: what the five cards say.
  struct StepNumbers {
    std::vector<int> batch;
    LossSlice::Value of_batch, of_all;
    std::vector<LossSlice::Value> each;
    std::vector<double> outputs;  // of the batch
    DescentPath::Place from, to;
    double rate = 0.0;
    double noise = 0.0;
    std::array<double, 2> curvature{};
    double start_limit = 0.0;  // 2 / the greatest curvature where the path began
    bool has_next = false;
  };
  struct Layout {
    Rect status, legend, field, data, loss, cards;  // without area: left out
  };

  // sgd.cpp
  void follow();
  void choose_landscape();
  DescentSettings settings_of(std::string_view optimizer, std::string_view batch) const;
  void choose_runners();
  void work_out_step();
  int reached(const Runner& runner) const;  // step that is shown of it
  const Runner& chosen() const { return runners_[chosen_]; }
  int shown_step() const { return state_.integer("step"); }
  void select(std::size_t runner);

  // stage.cpp, cards.cpp
  Layout layout(const Canvas& canvas) const;
  float legend_height(const Canvas& canvas, float width) const;
  void draw_status(const Canvas& canvas, const Rect& area) const;
  void draw_legend(const Canvas& canvas, const Rect& area);
  void draw_landscape(const Canvas& canvas, const Rect& area);
  void draw_paths(const Canvas& canvas, const FieldMap& map) const;
  void draw_gradients(const Canvas& canvas, const FieldMap& map) const;
  void draw_data(const Canvas& canvas, const Rect& area);
  void draw_curve(const Canvas& canvas, const FieldMap& map);
  void draw_loss(const Canvas& canvas, const Rect& area);
  void draw_cards(const Canvas& canvas, const Rect& area) const;
  std::string card_note(const Words& words, int part) const;
  void draw_card_note(const Canvas& canvas, const Rect& card, int part) const;
  std::vector<std::string> card_lines(const Words& words, int part) const;
  std::string runner_name(const Words& words, const Runner& runner) const;

  State& state_;
  std::uint64_t seen_ = 0;
  std::string landscape_;
  std::optional<LossSlice> slice_;
  FieldMap plane_, data_plane_;
  FieldView field_, boundary_;
  std::vector<Runner> runners_;
  std::size_t chosen_ = 0;
  std::vector<DescentSettings> before_;
  StepNumbers now_;
  bool dragging_ = false;
};

}  // namespace cvlab::app
