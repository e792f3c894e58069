// What both YOLO figures show: objects and predicted boxes on a photograph, and the network's output that the boxes
// mean. Nobody trained a network for this: the learner places what one would have answered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/param.hpp"
#include "app/shell/picture_library.hpp"
#include "app/shell/state.hpp"
#include "app/shell/words.hpp"
#include "app/views/backdrop.hpp"
#include "app/views/boxes.hpp"
#include "app/views/boxes_text.hpp"
#include "core/detect/yolo.hpp"

namespace cvlab::app {

class YoloScene {
 public:
  static constexpr int most_objects = 8;
  static constexpr int most_predictions = 12;
  // The parameters of both figures: image, grid, boxes, classes, cell, selected, objects, predictions.
  static std::vector<Param> params();

  // After a change of the state or of the pictures.
  void read(State& state, PictureLibrary& pictures);

  Backdrop& backdrop() { return backdrop_; }
  PictureSize picture() const { return {backdrop_.width(), backdrop_.height()}; }
  const YoloShape& shape() const { return output_.shape(); }
  const YoloOutput& output() const { return output_; }
  const std::vector<YoloObject>& objects() const { return objects_; }
  const Error& problem() const { return problem_; }

  // Where a predicted box stands in the output.
  struct Slot {
    YoloCell cell;
    int box = 0;
  };
  int predictions() const { return static_cast<int>(slots_.size()); }
  Box prediction(int index) const { return box_of(prediction_rows_[static_cast<std::size_t>(index)]); }
  // Empty: its cell already answers B boxes.
  const std::optional<Slot>& slot(int index) const { return slots_[static_cast<std::size_t>(index)]; }
  std::optional<int> prediction_at(const YoloCell& cell, int box) const;

  // Objects, then predictions, as one list: what is selected and dragged.
  int count() const { return static_cast<int>(objects_.size()) + predictions(); }
  bool is_object(int index) const { return index < static_cast<int>(objects_.size()); }
  int prediction_index(int index) const { return index - static_cast<int>(objects_.size()); }
  Box box(int index) const;
  YoloCell cell_of_box(int index) const { return cell_of(shape(), box(index), picture()); }

  YoloCell cell() const { return cell_; }  // the one that is looked at
  void look_at(State& state, const YoloCell& cell);
  void move(State& state, int index, const Box& box);
  void add_object(State& state, double x, double y);
  void remove(State& state, int index);
  void set_label(State& state, int object, int label);
  // All boxes and confidences of the output at once, as descent changes them.
  void set_predictions(State& state, const YoloOutput& output);

  // Grid lines over the picture; the cell that is looked at in the focus colour.
  void draw_grid(const Canvas& canvas, const CellMap& map) const;
  Rect cell_rect(const CellMap& map, const YoloCell& cell) const;
  // Objects in green, predictions in purple with their number; the responsible ones thick.
  std::vector<LabelledBox> labelled(const Canvas& canvas, const YoloAssignment& assignment) const;
  std::string class_name(const Words& words, int label) const;  // of Pascal VOC, where there are its 20

 private:
  void build();
  void write(State& state);

  Backdrop backdrop_;
  bool loaded_ = false;
  std::string objects_text_;
  std::string predictions_text_;
  NumberRows object_rows_;      // left top right bottom class (from 1)
  NumberRows prediction_rows_;  // left top right bottom confidence class probability
  std::vector<YoloObject> objects_;
  std::vector<std::optional<Slot>> slots_;
  YoloOutput output_;
  YoloCell cell_;
  Error problem_;
};

}  // namespace cvlab::app
