// Training: a small convolutional network learns digits or clothes while one watches. Curves, test results after each
// epoch, and the way back to any of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/shell/file_library.hpp"
#include "app/views/plot.hpp"
#include "app/views/thumbnails.hpp"
#include "core/train/prediction.hpp"
#include "core/train/running_mean.hpp"
#include "core/train/session.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_train_cnn();
std::unique_ptr<Demo> make_train_cnn(DemoContext context);

class TrainCnn final : public Demo {
 public:
  static constexpr int most_epochs = 20;
  static constexpr double smoothing = 0.98;  // of the curves: over the last 50 mini-batches or so

  explicit TrainCnn(DemoContext context) : state_(context.state), files_(context.files) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  void play(bool on) override;
  void restart() override;
  bool busy() const override { return running_ && !TrainingSession::has_thread(); }
  std::string sentence(const Words& words) const override;

 private:
  // What a run is made of: when it changes, training starts anew.
  struct Recipe {
    std::string data, optimizer;
    double rate = 0.0;
    int batch = 1, seed = 1;
    bool augment = false;
    bool operator==(const Recipe&) const = default;
  };
  struct Curves {
    std::vector<PlotPoint> loss, loss_mean, accuracy_mean;  // of mini-batches; x in epochs
    std::vector<PlotPoint> test_loss, test_accuracy;        // after each epoch, and before the first
  };
  struct Layout {
    Rect status, loss, accuracy, confusion, batch, kernels, mistakes;  // without area: left out
    float tile = 36.0F;
  };

  // train_cnn.cpp: the run
  void follow();
  void load();
  Recipe recipe() const;
  void begin(const Recipe& recipe);
  void drive(double seconds);
  int limit() const { return state_.integer("epochs") * steps_per_epoch_; }
  int steps() const { return session_ ? session_->snapshot().steps : 0; }
  int epochs_done() const { return session_ ? static_cast<int>(session_->snapshot().epochs.size()) : 0; }
  bool looks_back() const { return state_.integer("epoch") < epochs_done(); }
  // An epoch is asked for that the run has not reached, where it stands still; most_epochs always means the latest.
  bool not_reached() const {
    const int epoch = state_.integer("epoch");
    return !running_ && !playing_ && epoch < most_epochs && epoch > epochs_done() && steps() >= target_;
  }
  int shown_epoch() const { return looks_back() ? state_.integer("epoch") : epochs_done(); }
  void look_at_epoch(int epoch);

  // results.cpp: what the figure shows of it
  void collect();
  bool predict(double seconds);
  void examine(double dt);
  void show_batch();
  void show_examples();
  std::optional<Cell> kept_cell() const;  // of the confusion matrix

  // stage.cpp, panels.cpp
  Layout layout(const Rect& area) const;
  Layout wide_layout(const Rect& area) const;
  Layout narrow_layout(const Rect& area) const;
  void draw_status(const Canvas& canvas, const Rect& area) const;
  void draw_curves(const Canvas& canvas, const Layout& layout);
  Plot loss_plot(const Canvas& canvas) const;
  Plot accuracy_plot(const Canvas& canvas) const;
  void scrub(const Canvas& canvas, const PlotMap& map, const Rect& area, const char* id);
  void draw_confusion_panel(const Canvas& canvas, const Rect& area);
  void draw_batch(const Canvas& canvas, const Layout& layout);
  void draw_mistakes(const Canvas& canvas, const Layout& layout);
  void draw_kernels(const Canvas& canvas, const Rect& area) const;
  std::string not_yet(const Words& words) const;
  std::string class_name(const Words& words, int label) const;
  std::string percent(const Words& words, double share) const;

  State& state_;
  FileLibrary& files_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_files_ = 0;
  bool playing_ = false;

  std::string data_;  // id of the set that is in split_
  std::shared_ptr<const Split> split_;
  bool loading_ = false;
  Error problem_;
  Error remark_;

  nn::Graph model_;  // as it begins; then as it is shown
  nn::Summary summary_;
  std::unique_ptr<TrainingSession> session_;
  Recipe recipe_;
  int steps_per_epoch_ = 1;
  bool running_ = false;
  int goal_ = 0;            // where the run under way ends
  int target_ = 0;          // what the parameter "steps" asks for
  std::string steps_text_;  // that parameter as we know it

  Curves curves_;
  Curves before_;  // of the run before this one, to compare with
  RunningMean loss_mean_{smoothing};
  RunningMean accuracy_mean_{smoothing};
  Prediction result_;  // of the test set, after epoch result_epoch_
  Prediction next_;    // being worked out
  int result_epoch_ = -1;
  int next_epoch_ = -1;
  double examine_clock_ = 0.0;
  int examined_steps_ = -1;
  int examined_epoch_ = -1;

  std::optional<double> look_;   // place on the curves' axis under the pointer, in epochs
  std::optional<Cell> pointed_;  // cell of the confusion matrix under the pointer
  std::optional<Cell> listed_;   // whose examples are shown
  int listed_epoch_ = -1;
  std::vector<int> examples_;
  Thumbnails example_pictures_;
  std::vector<Loader> loader_;  // the trainer's, once more
  Tensor batch_images_;
  std::vector<int> batch_labels_, batch_predicted_;
  std::vector<float> batch_sureness_;
  Thumbnails batch_pictures_;
  Tape tape_;
};

}  // namespace cvlab::app
