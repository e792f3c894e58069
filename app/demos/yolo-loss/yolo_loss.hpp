// The loss of YOLO v1: five terms as bars, each spread over the cells it comes from, and its gradient on the boxes.
// yolo_loss.cpp computes, stage.cpp and panels.cpp draw, params.cpp is the table; the scene is yolo-grid's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/demos/yolo-grid/scene.hpp"
#include "app/shell/demo.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_yolo_loss();
std::unique_ptr<Demo> make_yolo_loss(DemoContext context);

class YoloLossDemo final : public Demo {
 public:
  explicit YoloLossDemo(DemoContext context) : state_(context.state), pictures_(context.pictures) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.1; }
  void restart() override { (void)state_.set("predictions", ""); }
  std::string sentence(const Words& words) const override;

 private:
  static constexpr int total = YoloLoss::terms;  // after the five terms
  struct Layout {
    Rect picture, bars, table;
    float label = 0.0F;  // px before the numbers of the table
    float size = 0.0F;   // of their cells
    bool two_lines = false;
  };

  // yolo_loss.cpp
  void compute();
  YoloLossOptions options() const;
  int term() const;  // the one that is shown on the grid; `total` for all
  double share(int term, int cell) const;
  int selected() const { return std::min(state_.integer("selected"), scene_.count()) - 1; }
  // The predicted box that the table explains: the selected one, or the one that answers for the selected object.
  std::optional<YoloScene::Slot> explained() const;
  bool responsible(const YoloScene::Slot& slot) const;

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_picture(const Canvas& canvas, const Rect& area);
  void draw_shares(const Canvas& canvas, const CellMap& map) const;
  void draw_share_numbers(const Canvas& canvas, const CellMap& map) const;
  void draw_arrows(const Canvas& canvas, const CellMap& map) const;
  void edit(const BoxEvent& event);

  // panels.cpp
  void draw_bars(const Canvas& canvas, const Layout& layout);
  void draw_bar(const Canvas& canvas, const Rect& area, int term, bool two_lines, bool shown) const;
  void draw_table(const Canvas& canvas, const Layout& layout);
  struct RowStyle {
    int first = 0;       // the numbers before it are left out
    float range = 1.0F;  // of the colours
  };
  std::optional<int> draw_table_row(const Canvas& canvas, const Layout& layout, int row, const YoloBox& box,
                                    RowStyle style) const;
  std::string slope_formula(const Words& words, const YoloScene::Slot& slot, int column) const;

  State& state_;
  PictureLibrary& pictures_;
  std::uint64_t seen_state_ = 0;
  std::uint64_t seen_pictures_ = 0;

  YoloScene scene_;
  YoloAssignment assignment_;
  YoloLoss loss_;
  std::vector<std::string> before_;  // predictions before each step of descent, to step back
  std::string stepped_;              // what the last step wrote; anything else in the state ends the walk
  BoxEditor editor_;
  std::optional<int> pointed_;  // term under the pointer
};

}  // namespace cvlab::app
