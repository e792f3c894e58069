// A generator and a discriminator play against each other, one update at a time: on points of the plane, with the
// discriminator's opinion as a surface, the pull on every generated point, and a measure of collapse; or on pictures of
// digits (digit_game.hpp).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/demos/gan/digit_game.hpp"
#include "app/shell/demo.hpp"
#include "app/views/drawn_points.hpp"
#include "app/views/field.hpp"
#include "app/views/plot.hpp"
#include "app/views/sentence.hpp"
#include "core/train/gan_2d.hpp"
#include "core/train/timeline.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_gan();
std::unique_ptr<Demo> make_gan(DemoContext context);

class Gan final : public Demo {
 public:
  static constexpr int most_steps = 6000;

  explicit Gan(DemoContext context) : state_(context.state), files_(context.files), digits_(context) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  void play(bool on) override;
  void restart() override;
  bool busy() const override { return (playing_ && state_.choice("pace") == "fast") || seeking_; }
  std::string sentence(const Words& words) const override;

 private:
  // What a run is made of: when it changes, it begins anew.
  struct Recipe {
    bool digits = false;
    std::string data, points;
    GanSettings settings;
    ImageGanSettings images;
    bool minimax() const { return settings.loss == GanLoss::minimax; }
    bool operator==(const Recipe&) const = default;
  };
  // The players where the run stands, as the figure shows them.
  struct Seen {
    std::vector<double> cloud, pull, judged;  // (2, n), (2, n), D of each
    GanLosses losses{};
    ModeCount modes;
    double coverage = 0.0;
    double pull_length = 0.0;  // mean
  };
  struct Layout {
    Rect status, field, key, walk, players, losses, meter;  // without area: left out
  };

  // gan.cpp
  void follow();
  void follow_walk();
  Recipe recipe() const;
  void begin(const Recipe& wanted);
  bool work(double dt);
  void look();
  void looked();  // at what the run is now
  void write_step();
  // The game that is played: on the plane or on digits.
  template <class Function>
  auto with_run(Function&& function) const;
  bool running() const { return recipe_.digits ? digits_.run().has_value() : run_.has_value(); }
  bool any_data() const { return running() && (recipe_.digits || real_->count() > 0); }
  int steps() const;
  int farthest() const;
  bool generator_next() const;
  const std::vector<GanPoint>& points() const;
  bool go_to(int step, double seconds);
  const GanLosses& seen_losses() const { return recipe_.digits ? digits_.losses() : seen_.losses; }

  // stage.cpp: the plane
  Layout layout(const Canvas& canvas) const;
  void arrange_wide(Layout& l, const StageRoom& room) const;
  void draw_plane(const Canvas& canvas, const Rect& area);
  void draw_points(const Canvas& canvas, const FieldMap& map) const;
  void draw_key(const Canvas& canvas, const Rect& area) const;
  void draw_mesh(const Canvas& canvas, const FieldMap& map);
  void explain(const Canvas& canvas, const FieldMap& map, float x, float y);

  // panels.cpp: beside it
  void draw_players(const Canvas& canvas, const Rect& area) const;
  void draw_losses(const Canvas& canvas, const Rect& area);
  void draw_meter(const Canvas& canvas, const Rect& area);
  void draw_coverage(const Canvas& canvas, const Rect& area) const;

  State& state_;
  FileLibrary& files_;
  std::uint64_t seen_version_ = 0, seen_files_ = 0;
  Recipe recipe_;
  std::string step_text_;
  std::string problem_;  // key of a sentence
  std::vector<DrawnPoint> drawn_;
  std::shared_ptr<const PointSet> real_;
  std::vector<double> radii_;
  std::vector<double> noise_;  // of the cloud that is shown, always the same
  std::optional<Timeline<Gan2d>> run_;
  DigitGame digits_;
  std::string walk_text_;
  int target_ = 0;
  bool playing_ = false, seeking_ = false;
  double clock_ = 0.0, look_clock_ = 0.0;
  int looked_ = -1;    // step that seen_ is of
  int look_part_ = 0;  // of a look at digits that is under way
  Seen seen_;
  FieldView surface_;
  std::optional<int> pointed_mode_;
};

}  // namespace cvlab::app
