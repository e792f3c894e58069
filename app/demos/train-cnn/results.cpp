#include <algorithm>
#include <cmath>

#include "app/demos/train-cnn/train_cnn.hpp"

namespace cvlab::app {

namespace {

constexpr double examine_seconds = 0.2;  // between two looks at the network while it trains
constexpr int most_batch_pictures = 32;
constexpr int most_examples = 40;

// Pictures `first` … of a set as (N, 1, H, W), 0..255.
Tensor pictures_of(const Dataset& data, std::span<const int> indices) {
  Tensor pictures(Shape{static_cast<std::ptrdiff_t>(indices.size()), 1, data.example[1], data.example[2]});
  const std::ptrdiff_t size = data.example[1] * data.example[2];
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto pixels = data.pixels_of(indices[i]);
    std::copy_n(pixels.begin(), size, pictures.data() + static_cast<std::ptrdiff_t>(i) * size);
  }
  return pictures;
}

}  // namespace

// Appends what the run has added to the curves.
void TrainCnn::collect() {
  const TrainingSession::Snapshot& run = session_->snapshot();
  const auto at = [&](std::size_t done) { return static_cast<double>(done) / steps_per_epoch_; };
  for (std::size_t i = curves_.loss.size(); i < run.points.size(); ++i) {
    const auto loss = static_cast<double>(run.points[i].loss);
    const double x = at(i + 1);
    curves_.loss.push_back({x, loss});
    curves_.loss_mean.push_back({x, loss_mean_.add(loss)});
    curves_.accuracy_mean.push_back({x, accuracy_mean_.add(static_cast<double>(run.points[i].accuracy))});
  }
  const std::size_t before = !curves_.test_loss.empty() && curves_.test_loss.front().x == 0.0 ? 1 : 0;
  for (std::size_t i = curves_.test_loss.size() - before; i < run.epochs.size(); ++i) {
    const double epoch = static_cast<double>(i) + 1.0;
    curves_.test_loss.push_back({epoch, static_cast<double>(run.epochs[i].test_loss)});
    curves_.test_accuracy.push_back({epoch, static_cast<double>(run.epochs[i].test_accuracy)});
  }
}

// The test set as the network of the shown epoch sees it, a slice at a time. True while there is more to do.
bool TrainCnn::predict(double seconds) {
  const int wanted = shown_epoch();
  if (next_epoch_ < 0 && wanted != result_epoch_) {
    nn::Graph model = model_;
    if (!session_->model_at(wanted, model)) return false;
    next_.start(std::move(model), split_->test, {});
    next_epoch_ = wanted;
  }
  if (next_epoch_ < 0) return false;
  if (next_.work(seconds)) return true;
  std::swap(result_, next_);
  result_epoch_ = next_epoch_;
  next_epoch_ = -1;
  if (result_epoch_ == 0 && (curves_.test_loss.empty() || curves_.test_loss.front().x > 0.0)) {
    curves_.test_loss.insert(curves_.test_loss.begin(), {0.0, result_.loss()});
    curves_.test_accuracy.insert(curves_.test_accuracy.begin(), {0.0, result_.accuracy()});
  }
  return wanted != result_epoch_;
}

// Kernels and the mini-batch: of the epoch that is looked back at, or as they are now.
void TrainCnn::examine(double dt) {
  examine_clock_ += dt;
  const int epoch = looks_back() ? shown_epoch() : -1;
  const int steps = epoch >= 0 ? epoch * steps_per_epoch_ : this->steps();
  const bool same = steps == examined_steps_ && epoch == examined_epoch_;
  const bool soon = running_ && epoch == examined_epoch_ && examine_clock_ < examine_seconds && examined_steps_ >= 0;
  if (!same && !soon) {
    const bool there = epoch >= 0 ? session_->model_at(epoch, model_) : session_->current_model(model_);
    if (there) {
      examined_steps_ = steps;
      examined_epoch_ = epoch;
      examine_clock_ = 0.0;
      show_batch();
    }
  }
  show_examples();
}

// The mini-batch trained last (the first one, before training) and what the network says of it now.
void TrainCnn::show_batch() {
  const int index = std::max(examined_steps_, 1) - 1;
  loader_.front().batch(index / steps_per_epoch_, index % steps_per_epoch_, batch_images_, batch_labels_);
  const std::ptrdiff_t count = std::min<std::ptrdiff_t>(batch_images_.size(0), most_batch_pictures);
  const Shape shape{count, batch_images_.size(1), batch_images_.size(2), batch_images_.size(3)};
  const ConstView images(batch_images_.data(), shape);
  tape_.rewind();
  const NoGradient evaluation(tape_);
  Rng unused(0);
  const Var p = softmax(tape_, model_.forward(tape_, tape_.input(images), false, unused));
  const ConstView rows = std::as_const(tape_).value(p);
  batch_predicted_.clear();
  batch_sureness_.clear();
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const float* row = rows.data() + i * rows.size(1);
    const float* best = std::max_element(row, row + rows.size(1));
    batch_predicted_.push_back(static_cast<int>(best - row));
    batch_sureness_.push_back(*best);
  }
  Tensor pictures(shape);
  std::copy_n(images.data(), images.count(), pictures.data());
  batch_pictures_.set(pictures, 0.0F, 1.0F);
}

std::optional<Cell> TrainCnn::kept_cell() const {
  const Cell cell = state_.cell("cell");
  const int classes = split_ ? split_->test.classes() : 0;
  if (cell.row < 0 || cell.column < 0 || cell.row >= classes || cell.column >= classes) return std::nullopt;
  return cell;
}

// The pictures of the confusion matrix' cell that is pointed at or kept; without one, the worst mistakes of all.
void TrainCnn::show_examples() {
  const std::optional<Cell> cell = pointed_ ? pointed_ : kept_cell();
  if (result_epoch_ < 0 || (listed_epoch_ == result_epoch_ && listed_ == cell)) return;
  listed_ = cell;
  listed_epoch_ = result_epoch_;
  examples_ = result_.examples(cell ? cell->row : -1, cell ? cell->column : -1, most_examples);
  example_pictures_.set(pictures_of(split_->test, examples_), 0.0F, 255.0F);
}

}  // namespace cvlab::app
