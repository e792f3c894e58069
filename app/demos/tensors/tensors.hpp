// Tensors: one line of memory, and the shape and strides that make planes of it. Operations are a chain of text, as one
// writes it in PyTorch; the figure's tools write it, too. tensors.cpp computes, edits.cpp turns gestures into
// operations, stage.cpp draws tensor and memory, panels.cpp axes, code and tools, broadcast.cpp two shapes that meet.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/chosen_picture.hpp"
#include "app/shell/demo.hpp"
#include "app/shell/widgets.hpp"
#include "app/views/area_input.hpp"
#include "app/views/formula.hpp"
#include "app/views/memory_strip.hpp"
#include "app/views/nested_tensor.hpp"
#include "core/tensor/layout_puzzle.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_tensors();
std::unique_ptr<Demo> make_tensors(DemoContext context);

// Pairs of shapes that meet, the choices of "pair"; those of "own" are the learner's.
struct ShapePair {
  std::string_view id, a, b;
};
inline constexpr std::array<ShapePair, 6> shape_pairs = {{{"channels", "2,3,2,4", "3,1,1"},
                                                          {"outer", "4,1", "5"},
                                                          {"both", "3,1,4", "2,1"},
                                                          {"row", "3,4", "4"},
                                                          {"mismatch", "3,4", "3"},
                                                          {"own", "", ""}}};

// What an axis can be made to do with one press.
enum class AxisTool { flip, every_second, drop_first, drop_last, split, merge };

class Tensors final : public Demo {
 public:
  explicit Tensors(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 1.2; }
  std::string sentence(const Words& words) const override;

 private:
  struct Numbers {  // what stands in the memory of the start, place by place
    Tensor values;
    std::vector<int> channels;  // R, G, B; empty: the numbers count
  };
  struct Sum {  // two tensors that meet
    Shape a, b;
    Layout full_a, full_b;  // stretched; meaningful when `problem` is empty
    Tensor numbers_a, numbers_b, result;
    Error problem;
    bool ready = false;
  };
  struct Layouts {
    bool wide = true;
    Rect status, code, tensor, goal, axes, tools, formula, memory;
  };

  // tensors.cpp
  bool puzzle() const { return state_.choice("view") == "puzzle"; }
  bool broadcast() const { return state_.choice("view") == "broadcast"; }
  std::string_view ops_param() const { return puzzle() ? "answer" : "ops"; }
  void begin();
  void load_picture(const Shape& start, int channel);
  void run();
  void meet();
  const LayoutStage& stage() const { return chain_->stages()[static_cast<std::size_t>(shown_)]; }
  TensorIndex element(const Shape& shape) const;  // the kept one, inside of shape
  TensorIndex looked_at() const;
  std::optional<std::ptrdiff_t> looked_place() const;    // in the memory shown
  std::ptrdiff_t origin_of(std::ptrdiff_t place) const;  // where it was at the start
  int moved() const;                                     // numbers copied up to the stage shown
  Readouts chain_readouts() const;
  Readouts sum_readouts() const;
  std::ptrdiff_t stretched() const;
  std::string effect(const Words& words) const;
  std::string verdict_sentence(const Words& words) const;
  std::string sum_sentence(const Words& words) const;

  // edits.cpp
  void keep(const TensorIndex& index, int rank);
  void write_ops(std::vector<LayoutOp> ops);
  std::vector<LayoutOp> shown_ops() const;
  void move_axis(int from, int to);
  bool can(AxisTool tool, int axis) const;
  void use(AxisTool tool, int axis);
  bool divided(int axis) const;
  void split(int axis);
  void undo();
  void keys();

  // stage.cpp
  Layouts layouts(const Canvas& canvas, const std::string& text) const;
  Layouts wide_layouts(const Rect& rest) const;
  Layouts narrow_layouts(const Rect& rest, int tool_rows) const;
  ImU32 fill_of(const Theme& theme, std::ptrdiff_t origin) const;
  float value_of(std::ptrdiff_t origin) const;
  std::vector<ImU32> axis_colours(const Theme& theme, const LayoutStage& stage) const;
  void point(const NestedTensor& tensor, const MemoryStrip& strip, const Rect& memory);
  void draw_tensor(const Canvas& canvas, const NestedTensor& tensor) const;
  void draw_goal(const Canvas& canvas, const Rect& area);
  void draw_memory(const Canvas& canvas, const MemoryStrip& strip, const Rect& area) const;
  void draw_place(const Canvas& canvas, const Rect& area) const;
  void mark_origin(const Canvas& canvas, const NestedTensor& tensor, const LayoutChain& chain, const LayoutStage& stage,
                   std::ptrdiff_t origin) const;

  // panels.cpp
  void draw_axes(const Canvas& canvas, const Rect& area);
  void draw_chip(const Canvas& canvas, const Rect& chip, int axis, bool lifted) const;
  static int tool_rows(const Canvas& canvas, float width);  // of a narrow stage
  void draw_tools(const Canvas& canvas, const Rect& area);
  void draw_code(const Canvas& canvas, const Rect& area);
  float draw_hints(const Canvas& canvas, const Rect& area);
  std::vector<std::string> hints(const Words& words) const;

  // broadcast.cpp
  void draw_broadcast(const Canvas& canvas);
  float draw_alignment(const Canvas& canvas, const Rect& area);
  void draw_operand(const Canvas& canvas, const Rect& area, int which);
  float draw_pairs(const Canvas& canvas, const Rect& area);

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0, seen_pictures_ = 0;
  bool own_ = false;  // the picture was the learner's at the last look
  ChosenPicture chosen_;

  std::optional<LayoutChain> chain_;
  std::vector<LayoutOp> ops_;
  int shown_ = 0;    // stage
  int faulty_ = -1;  // operation that cannot be done
  Error problem_;    // why not; of text that cannot be read, too
  Error no_picture_;
  Numbers numbers_;
  std::optional<LayoutChain> goal_;  // of a puzzle
  LayoutVerdict verdict_;
  Sum sum_;

  std::optional<TensorIndex> hovered_;            // element of the stage shown, or of the sum
  std::optional<std::ptrdiff_t> hovered_place_;   // place in its memory that no element looks at
  std::optional<std::ptrdiff_t> hovered_origin_;  // a number pointed at in the goal
  int lifted_ = -1;                               // axis that is dragged
  bool dragged_ = false;
  float lifted_x_ = 0.0F;
};

}  // namespace cvlab::app
