// Digits in place of the plane: held-out pictures with the network's answers, and the weights of each unit as a
// picture.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/demos/mlp/mlp.hpp"
#include "app/shell/course_files.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/tensor_grid.hpp"
#include "core/train/picture_points.hpp"

namespace cvlab::app {

namespace {

constexpr int train_of_each = 60, test_of_each = 40;
constexpr float caption = 24.0F;
constexpr float row_names = 20.0F;  // px beside the wall
constexpr float largest_tile = 52.0F, wall_gap = 3.0F;

// (N, 1, side, side) of (D, N).
Tensor pictures_of(const LabelledPoints& data, std::span<const int> examples, int side) {
  Tensor result(Shape{static_cast<std::ptrdiff_t>(examples.size()), 1, side, side});
  const auto n = static_cast<std::size_t>(data.count());
  float* to = result.data();
  for (const int example : examples) {
    for (std::size_t p = 0; p < static_cast<std::size_t>(data.dimensions); ++p)
      *to++ = static_cast<float>(data.points[p * n + static_cast<std::size_t>(example)]);
  }
  return result;
}

// Signed colours, each on its own scale.
void paint_signed(PictureSheet& sheet, const std::vector<double>& values, int side) {
  Tensor picture(Shape{1, 1, side, side});
  for (std::size_t i = 0; i < values.size(); ++i) picture.data()[i] = static_cast<float>(values[i]);
  const ConstView flat(picture.data(), Shape{picture.count(), 1});
  sheet.set(picture, Shade::diverging, 0.0F, signed_range(flat, 1e-6F));
}

std::string answer_text(int answer) { return answer < 0 ? "?" : std::to_string(answer); }

}  // namespace

bool Mlp::load_pictures() {
  for (const bool training : {true, false}) {
    std::optional<Dataset>& part = training ? train_digits_ : test_digits_;
    if (part) continue;
    Result<Dataset> data = course_pictures(files_, "digits", training ? "train" : "test");
    if (!data) {
      waiting_ = data.error();
    } else {
      part = std::move(data).value();
    }
  }
  return train_digits_ && test_digits_;
}

void Mlp::begin_pictures() {
  data_ = std::make_shared<const LabelledPoints>(
      picture_points(*train_digits_, recipe_.side, recipe_.classes, train_of_each));
  held_out_ = std::make_shared<const LabelledPoints>(
      picture_points(*test_digits_, recipe_.side, recipe_.classes, test_of_each));
  shown_.clear();
  std::vector<int> count(static_cast<std::size_t>(recipe_.classes), 0);
  for (int i = 0; i < held_out_->count(); ++i) {
    if (++count[static_cast<std::size_t>(held_out_->labels[static_cast<std::size_t>(i)])] <= shown_of_each)
      shown_.push_back(i);
  }
  wall_.set(pictures_of(*held_out_, shown_, recipe_.side), Shade::grey, 0.0F, 1.0F);
  run_.emplace(PointClassifier(data_, recipe_.settings));
  painted_units_.clear();
  painted_sum_.clear();
  probed_ = -1;
}

void Mlp::look_at_pictures() {
  PointClassifier& run = run_->run();
  test_result_ = run.test(*held_out_);
  const std::vector<double> p = run.probabilities(held_out_->points);
  const auto n = static_cast<std::size_t>(held_out_->count());
  answers_.clear();
  sure_.clear();
  for (const int example : shown_) {
    const auto i = static_cast<std::size_t>(example);
    std::size_t best = 0;
    bool tie = false;
    for (std::size_t c = 1; c < static_cast<std::size_t>(recipe_.classes); ++c) {
      tie = p[c * n + i] == p[best * n + i] || (tie && p[c * n + i] < p[best * n + i]);
      if (p[c * n + i] > p[best * n + i]) best = c;
    }
    answers_.push_back(tie ? undecided : static_cast<int>(best));
    sure_.push_back(p[best * n + i]);
  }
}

int Mlp::chosen_picture() const {
  return std::clamp(state_.integer("picture"), 1, std::max(1, static_cast<int>(shown_.size()))) - 1;
}

void Mlp::probe_picture(int index) {
  if (index == probed_ || shown_.empty()) return;
  probed_ = index;
  const int example = shown_[static_cast<std::size_t>(index)];
  const auto n = static_cast<std::size_t>(held_out_->count());
  probe_.clear();
  for (std::size_t p = 0; p < static_cast<std::size_t>(held_out_->dimensions); ++p)
    probe_.push_back(held_out_->points[p * n + static_cast<std::size_t>(example)]);
  input_.set(pictures_of(*held_out_, std::span(&example, 1), recipe_.side), Shade::grey, 0.0F, 1.0F);
}

float Mlp::wall_height(float width) const {
  const int rows = (static_cast<int>(shown_.size()) + shown_of_each - 1) / shown_of_each;
  const float tile = std::min(largest_tile + wall_gap, (width - row_names + wall_gap) / shown_of_each);
  return caption + tile * static_cast<float>(rows);
}

// A row for each digit; what is told wrong has a frame and the answer in its corner.
void Mlp::draw_wall(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const Rect below{area.x0 + row_names, area.y0 + caption, area.x1, area.y1};
  const Wall wall = Wall::fit(below, static_cast<int>(shown_.size()), shown_of_each, largest_tile, wall_gap);
  draw_caption(
      canvas, {wall.x, area.y0 + caption, std::max(wall.area().x1, wall.x + 200.0F), area.y1}, words("mlp.held_out"),
      words
          .format("mlp.held_out_right", {words.number(100.0 * test_result_.right / std::max(1, held_out_->count()), 3)})
          .c_str());
  const AreaInput input = area_input("pictures", wall.area());
  const std::optional<int> over = input.hovered || input.clicked ? wall.at(input.x, input.y) : std::nullopt;
  probe_picture(over.value_or(chosen_picture()));
  if (over && input.clicked) (void)state_.set("picture", std::to_string(*over + 1));
  for (int i = 0; i < wall.count; ++i) {
    const Rect tile = wall.rect(i);
    const auto k = static_cast<std::size_t>(i);
    const int label = held_out_->labels[static_cast<std::size_t>(shown_[k])];
    wall_.draw(canvas, i, tile);
    if (i % wall.columns == 0)
      canvas.text(canvas.fonts.number, tile.x0 - 8.0F, 0.5F * (tile.y0 + tile.y1), theme.ink_soft,
                  std::to_string(label), Align::right);
    if (answers_[k] != label) {
      draw_frame(canvas, tile, theme.bad, 2.0F);
      const Rect tag{tile.x1 - 13.0F, tile.y1 - 15.0F, tile.x1, tile.y1};
      canvas.list.AddRectFilled({tag.x0, tag.y0}, {tag.x1, tag.y1}, theme.bad);
      canvas.text(canvas.fonts.number_small, 0.5F * (tag.x0 + tag.x1), 0.5F * (tag.y0 + tag.y1), ink_on(theme.bad),
                  answer_text(answers_[k]), Align::centre);
    }
    if (i == probed_) draw_frame(canvas, tile, theme.focus, 3.0F);
  }
  if (!over) return;
  const auto k = static_cast<std::size_t>(*over);
  const int label = held_out_->labels[static_cast<std::size_t>(shown_[k])];
  draw_note(canvas, input.x, input.y,
            words.format("mlp.picture_note",
                         {std::to_string(label), answer_text(answers_[k]), words.number(100.0 * sure_[k], 3)}));
}

// The weights (or their gradients) of each unit of the first layer, on one scale.
void Mlp::paint_weights() {
  const bool gradients = state_.choice("edges") == "gradients";
  const std::string wanted = std::to_string(looked_) + (gradients ? "g" : "w");
  if (wanted == painted_units_) return;
  painted_units_ = wanted;
  const DenseNet& net = run_->run().net();
  const std::vector<double>& shown = gradients ? gradient_ : weights_;
  const int units = net.sizes()[1], size = net.sizes()[0];
  Tensor values(Shape{units, 1, recipe_.side, recipe_.side});
  float range = 1e-6F;
  for (int u = 0; u < units; ++u) {
    for (int p = 0; p < size; ++p) {
      const auto value = static_cast<float>(shown[net.weight(1, u, p)]);
      values.data()[u * size + p] = value;
      range = std::max(range, std::fabs(value));
    }
  }
  units_.set(values, Shade::diverging, 0.0F, range);
}

// The picture into its node, the weights into the nodes behind; their frames have the colour of what the unit answers.
void Mlp::draw_units(const Canvas& canvas, const Graph& graph) {
  paint_weights();
  const auto rect = [](const GraphNode& node) {
    return Rect{node.x - node.half_width, node.y - node.half_height, node.x + node.half_width,
                node.y + node.half_height};
  };
  input_.draw(canvas, 0, rect(graph.nodes[0]));
  draw_frame(canvas, rect(graph.nodes[0]), canvas.theme.focus, 2.0F);
  for (int u = 0; u < units_.count(); ++u) {
    const GraphNode& node = graph.nodes[static_cast<std::size_t>(u + 1)];
    const Rect box = rect(node);
    units_.draw(canvas, u, {box.x0 + 3.0F, box.y0 + 3.0F, box.x1 - 3.0F, box.y1 - 3.0F});
  }
}

// The sum of one unit, large: its weights times the picture, pixel by pixel.
void Mlp::draw_unit(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const PointClassifier& run = std::as_const(*run_).run();
  const std::string wanted =
      std::to_string(looked_) + ' ' + std::to_string(probed_) + ' ' + std::to_string(pointed_unit_);
  if (wanted != painted_sum_) {
    painted_sum_ = wanted;
    const std::vector<double> ones(probe_.size(), 1.0);
    paint_signed(template_, run.first_products(pointed_unit_, ones), recipe_.side);
    paint_signed(products_, run.first_products(pointed_unit_, probe_), recipe_.side);
  }
  const bool output = weights_.size() == (probe_.size() + 1) * static_cast<std::size_t>(recipe_.classes);
  draw_caption(canvas, {area.x0, area.y0 + caption, area.x1, area.y1},
               words
                   .format(output ? "mlp.output_title" : "mlp.unit_title",
                           {std::to_string(output ? pointed_unit_ : pointed_unit_ + 1)})
                   .c_str(),
               unit_note(words, pointed_unit_).c_str());
  const float between = 34.0F;
  const float side = std::floor(std::min(area.height() - caption - 22.0F, (area.width() - 2.0F * between) / 3.0F));
  PictureSheet* const sheets[] = {&template_, &input_, &products_};
  const char* const signs[] = {"×", "=", ""};
  const char* const names[] = {"mlp.unit_weights", "mlp.unit_picture", "mlp.unit_products"};
  for (int k = 0; k < 3; ++k) {
    const float x = std::round(area.x0 + static_cast<float>(k) * (side + between));
    const Rect tile{x, area.y0 + caption, x + side, area.y0 + caption + side};
    sheets[k]->draw(canvas, 0, tile);
    draw_frame(canvas, tile, theme.rule_strong, 1.0F);
    canvas.text(canvas.fonts.text_small, 0.5F * (tile.x0 + tile.x1), tile.y1 + 11.0F, theme.ink_soft, words(names[k]),
                Align::centre);
    canvas.text(canvas.fonts.text_large, tile.x1 + 0.5F * between, 0.5F * (tile.y0 + tile.y1), theme.ink, signs[k],
                Align::centre);
  }
}

std::string Mlp::unit_note(const Words& words, int unit) {
  DenseNet& net = run_->run().net();
  const auto u = static_cast<std::size_t>(unit);
  const std::vector<double> p = run_->run().probabilities(probe_);
  const bool output = net.layers() == 1;
  const double sum = run_->run().first_sum(unit, probe_);
  return words.format(output ? "mlp.output_note" : "mlp.unit_note",
                      {std::to_string(output ? unit : unit + 1), words.number(sum, 3),
                       words.number(output ? p[u] : net.activations(1)[u], 3)});
}

}  // namespace cvlab::app
