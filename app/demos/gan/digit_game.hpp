// The game on pictures: a generator learns to make digits. A wall of what it makes of always the same noise, beside
// real ones; what a trained classifier sees in them; a walk from one noise to another.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/picture_sheet.hpp"
#include "core/train/class_score.hpp"
#include "core/train/gan_images.hpp"
#include "core/train/timeline.hpp"

namespace cvlab::app {

class DigitGame {
 public:
  static constexpr int samples = 64;     // noises of the wall
  static constexpr int keyframes = 100;  // updates between two that are kept
  static constexpr int walk_tiles = 7;

  explicit DigitGame(DemoContext context) : state_(context.state), files_(context.files) {}

  // Reads the files that have arrived. True when something is new.
  bool load();
  bool ready() const { return real_ != nullptr; }
  const Error& problem() const { return problem_; }  // while not ready
  void begin(const ImageGanSettings& settings);
  void end() { run_.reset(); }
  std::optional<Timeline<GanImages>>& run() { return run_; }
  const std::optional<Timeline<GanImages>>& run() const { return run_; }
  // A look at the players where the run stands, in parts of about a third of an update; the last one shows it.
  static constexpr int look_parts = 4;
  void look_part(int part);
  void look_walk();  // at the noise between the two that are chosen

  const GanLosses& losses() const { return losses_; }
  // Nothing without the classifier's weights.
  const std::optional<ClassScore>& score() const { return score_; }
  void add_readouts(Readouts& readouts, bool any) const;

  // digit_stage.cpp
  static float wall_height(float width);
  static float walk_height(float width);
  void draw_wall(const Canvas& canvas, const Rect& area);
  void draw_walk(const Canvas& canvas, const Rect& area);
  void draw_meter(const Canvas& canvas, const Rect& area);

 private:
  struct Seen {  // one picture that was made
    double d = 0.0;
    int digit = -1;  // by the classifier; -1 = there is none
    double sure = 0.0;
  };
  Seen seen(double logit, const std::optional<ClassScore>& score, std::size_t index) const;
  std::optional<ClassScore> classify(const Tensor& pictures);
  int chosen(const char* param) const { return state_.integer(param) - 1; }
  void choose(int index);
  std::string describe(const Words& words, const Seen& what) const;

  State& state_;
  FileLibrary& files_;
  Error problem_;
  std::shared_ptr<const Dataset> real_;
  std::optional<nn::Graph> classifier_;
  std::optional<Timeline<GanImages>> run_;
  Tensor noise_, real_shown_;
  PictureSheet wall_, real_sheet_, walk_;
  std::vector<double> wall_logits_, real_logits_;
  GanLosses losses_;
  std::optional<ClassScore> score_;
  struct {  // of the look that is under way
    Tensor made;
    std::vector<double> wall_logits, real_logits;
    std::optional<ClassScore> score;
  } next_;
  std::vector<Seen> walked_;  // of walk_tiles even steps, then of the place itself
  std::optional<int> pointed_class_;
};

}  // namespace cvlab::app
