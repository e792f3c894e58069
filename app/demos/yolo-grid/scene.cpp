#include "app/demos/yolo-grid/scene.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab::app {

namespace {

constexpr std::size_t object_columns = 5;
constexpr std::size_t prediction_columns = 7;
constexpr int person = 15;  // among Pascal VOC's classes, from 1

struct Scene {
  std::string_view image, objects, predictions;
};
constexpr Scene scenes[] = {
    {"astronaut", "22 15 362 512 15;355 0 470 285 1",
     "40 60 330 500 0.7 15 0.8;110 100 290 420 0.4 15 0.8;362 20 462 260 0.6 1 0.7;310 80 500 200 0.2 1 0.7;"
     "280 345 508 512 0.3 14 0.5"},
    {"cat", "0 0 402 300 8", "20 10 370 300 0.8 8 0.9;60 40 330 270 0.5 8 0.9;130 80 212 152 0.2 8 0.4"},
};

Scene scene_of(std::string_view image) {
  for (const Scene& s : scenes) {
    if (s.image == image) return s;
  }
  return {};
}

// For a picture that is not known: one object, two answers.
NumberRows placed(const PictureSize& picture, double x0, double y0, double x1, double y1, std::vector<double> rest) {
  std::vector<double> row = {std::round(x0 * picture.width), std::round(y0 * picture.height),
                             std::round(x1 * picture.width), std::round(y1 * picture.height)};
  row.insert(row.end(), rest.begin(), rest.end());
  return {row};
}

}  // namespace

std::vector<Param> YoloScene::params() {
  return {
      {.id = "image", .type = ParamType::picture, .initial = "astronaut", .choices = {"astronaut", "cat", "own"}},
      {.id = "grid", .type = ParamType::integer, .initial = "7", .min = 1, .max = 13, .step = 1},
      {.id = "boxes", .type = ParamType::integer, .initial = "2", .min = 1, .max = 4, .step = 1},
      {.id = "classes", .type = ParamType::integer, .initial = "20", .min = 1, .max = 80, .step = 1},
      {.id = "selected",
       .type = ParamType::integer,
       .initial = "3",
       .min = 1,
       .max = most_objects + most_predictions,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "cell", .type = ParamType::cell, .initial = "4,3", .min = 1, .max = 13, .group = ParamGroup::state},
      {.id = "objects", .type = ParamType::text, .initial = "", .max = 600, .group = ParamGroup::state},
      {.id = "predictions", .type = ParamType::text, .initial = "", .max = 1200, .group = ParamGroup::state},
  };
}

void YoloScene::read(State& state, PictureLibrary& pictures) {
  const bool same = state.raw("objects") == objects_text_ && state.raw("predictions") == predictions_text_;
  if (backdrop_.load(pictures, state.raw("image")) && loaded_ && same) {
    (void)state.set("objects", "");  // boxes belong to the picture they were drawn on
    (void)state.set("predictions", "");
  }
  loaded_ = true;
  problem_ = {};
  objects_text_ = state.raw("objects");
  predictions_text_ = state.raw("predictions");
  const Scene scene = scene_of(state.raw("image"));
  const auto rows_of = [&](std::string_view text, std::string_view initial, std::size_t columns, std::size_t most) {
    auto rows = parse_rows(text, columns, most);
    if (!rows) problem_ = rows.error();
    if (rows && !rows.value().empty()) return std::move(rows).value();
    return parse_rows(initial, columns, most).value();
  };
  object_rows_ = rows_of(objects_text_, scene.objects, object_columns, most_objects);
  prediction_rows_ = rows_of(predictions_text_, scene.predictions, prediction_columns, most_predictions);
  if (object_rows_.empty()) object_rows_ = placed(picture(), 0.2, 0.2, 0.7, 0.8, {person});
  if (prediction_rows_.empty()) prediction_rows_ = placed(picture(), 0.24, 0.26, 0.72, 0.76, {0.6, person, 0.7});

  const YoloShape shape{state.integer("grid"), state.integer("boxes"), state.integer("classes")};
  output_ = YoloOutput(shape);
  const Cell wanted = state.cell("cell");
  cell_ = {std::min(wanted.row, shape.grid - 1), std::min(wanted.column, shape.grid - 1)};
  build();
}

// Boxes become the network's output: each takes the next free place in the cell of its centre. The class probabilities
// of a cell are those of its first box: p for the class named, the rest shared out evenly.
void YoloScene::build() {
  const YoloShape shape = output_.shape();
  output_ = YoloOutput(shape);
  objects_.clear();
  for (auto& row : object_rows_) {
    put_box(row, box_of(row));
    row[4] = std::clamp(std::round(row[4]), 1.0, 99.0);
    objects_.push_back({box_of(row), static_cast<int>(row[4]) - 1});
  }
  slots_.clear();
  std::vector<int> used(static_cast<std::size_t>(shape.cells()), 0);
  for (auto& row : prediction_rows_) {
    put_box(row, box_of(row));
    for (const std::size_t share : {std::size_t{4}, std::size_t{6}}) row[share] = std::clamp(row[share], 0.0, 1.0);
    row[5] = std::clamp(std::round(row[5]), 1.0, 99.0);
    const YoloCell cell = cell_of(shape, box_of(row), picture());
    int& taken = used[static_cast<std::size_t>(cell.row * shape.grid + cell.column)];
    if (taken == shape.boxes) {
      slots_.emplace_back();
      continue;
    }
    YoloBox code = yolo_encode(shape, cell, box_of(row), picture());
    code.confidence = row[4];
    output_.set_box(cell, taken, code);
    slots_.push_back(Slot{cell, taken});
    if (taken++ > 0) continue;
    const std::span<double> p = output_.classes(cell);
    const auto label = static_cast<std::size_t>(row[5]) - 1;
    const bool known = label < p.size();
    const double others = static_cast<double>(p.size()) - (known ? 1.0 : 0.0);
    for (std::size_t c = 0; c < p.size(); ++c) p[c] = known && c == label ? row[6] : (1.0 - row[6]) / others;
  }
}

std::optional<int> YoloScene::prediction_at(const YoloCell& cell, int box) const {
  for (int i = 0; i < predictions(); ++i) {
    const auto& at = slot(i);
    if (at && at->cell == cell && at->box == box) return i;
  }
  return std::nullopt;
}

Box YoloScene::box(int index) const {
  return is_object(index) ? objects_[static_cast<std::size_t>(index)].box : prediction(prediction_index(index));
}

void YoloScene::look_at(State& state, const YoloCell& cell) {
  cell_ = cell;
  (void)state.set("cell", State::format(Cell{cell.row, cell.column}));
}

void YoloScene::move(State& state, int index, const Box& box) {
  put_box(is_object(index) ? object_rows_[static_cast<std::size_t>(index)]
                           : prediction_rows_[static_cast<std::size_t>(prediction_index(index))],
          box);
  write(state);
  look_at(state, cell_of_box(index));
}

void YoloScene::add_object(State& state, double x, double y) {
  if (objects_.size() >= static_cast<std::size_t>(most_objects)) return;
  const PictureSize p = picture();
  const Box box = box_around(std::round(x), std::round(y), std::round(0.2 * p.width), std::round(0.2 * p.height));
  std::vector<double> row = {0.0, 0.0, 0.0, 0.0, static_cast<double>(person)};
  put_box(row, {std::max(0.0, box.x0), std::max(0.0, box.y0), std::min(p.width, box.x1), std::min(p.height, box.y1)});
  object_rows_.push_back(row);
  (void)state.set("selected", std::to_string(object_rows_.size()));
  write(state);
  look_at(state, cell_of_box(static_cast<int>(objects_.size()) - 1));
}

// The last object and the last prediction stay: an empty list means the scene's own.
void YoloScene::remove(State& state, int index) {
  NumberRows& rows = is_object(index) ? object_rows_ : prediction_rows_;
  if (rows.size() < 2) return;
  rows.erase(rows.begin() + (is_object(index) ? index : prediction_index(index)));
  write(state);
}

void YoloScene::set_label(State& state, int object, int label) {
  object_rows_[static_cast<std::size_t>(object)][4] = label + 1.0;
  write(state);
}

void YoloScene::set_predictions(State& state, const YoloOutput& output) {
  for (int i = 0; i < predictions(); ++i) {
    const auto& at = slot(i);
    if (!at) continue;
    auto& row = prediction_rows_[static_cast<std::size_t>(i)];
    const YoloBox answer = output.box(at->cell, at->box);
    put_box(row, yolo_decode(shape(), at->cell, answer, picture()));
    row[4] = answer.confidence;
  }
  write(state);
}

void YoloScene::write(State& state) {
  (void)state.set("objects", format_rows(object_rows_));
  (void)state.set("predictions", format_rows(prediction_rows_));
  objects_text_ = state.raw("objects");
  predictions_text_ = state.raw("predictions");
  build();
}

Rect YoloScene::cell_rect(const CellMap& map, const YoloCell& cell) const {
  const PictureSize p = picture();
  const double w = p.width / shape().grid;
  const double h = p.height / shape().grid;
  return on_screen(map, {cell.column * w, cell.row * h, (cell.column + 1) * w, (cell.row + 1) * h});
}

void YoloScene::draw_grid(const Canvas& canvas, const CellMap& map) const {
  const Rect& clip = map.clip;
  for (int i = 1; i < shape().grid; ++i) {
    const float x = std::round(cell_rect(map, {0, i}).x0) + 0.5F;
    const float y = std::round(cell_rect(map, {i, 0}).y0) + 0.5F;
    for (const auto& [colour, thickness] :
         {std::pair{IM_COL32(0, 0, 0, 70), 3.0F}, {IM_COL32(255, 255, 255, 190), 1.0F}}) {
      canvas.list.AddLine({x, clip.y0}, {x, clip.y1}, colour, thickness);
      canvas.list.AddLine({clip.x0, y}, {clip.x1, y}, colour, thickness);
    }
  }
  const Rect chosen = cell_rect(map, cell_);
  canvas.list.AddRect({chosen.x0, chosen.y0}, {chosen.x1, chosen.y1}, IM_COL32(0, 0, 0, 120), 0.0F, 0, 5.0F);
  canvas.list.AddRect({chosen.x0, chosen.y0}, {chosen.x1, chosen.y1}, canvas.theme.focus, 0.0F, 0, 3.0F);
}

std::vector<LabelledBox> YoloScene::labelled(const Canvas& canvas, const YoloAssignment& assignment) const {
  const Theme& theme = canvas.theme;
  std::vector<LabelledBox> list;
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    LabelledBox box{objects_[i].box, class_name(canvas.words, objects_[i].label), theme.categorical[2], 3.0F};
    box.dashed =
        std::find(assignment.lost.begin(), assignment.lost.end(), static_cast<int>(i)) != assignment.lost.end();
    list.push_back(box);
  }
  for (int i = 0; i < predictions(); ++i) {
    LabelledBox box{prediction(i), std::to_string(i + 1), theme.categorical[6], 2.0F};
    const auto& at = slot(i);
    const YoloTarget* target = at ? assignment.at(at->cell) : nullptr;
    if (target != nullptr && target->responsible == at->box) {
      box.thickness = 4.0F;
      box.label = "✓ " + box.label;
    } else {
      box.dashed = true;
    }
    if (!at) box.alpha = 0.4F;
    list.push_back(box);
  }
  return list;
}

std::string YoloScene::class_name(const Words& words, int label) const {
  constexpr int voc = 20;
  if (shape().classes == voc && label < voc) return words("yolo-grid.voc." + std::to_string(label + 1));
  return words.format("yolo-grid.class", {std::to_string(label + 1)});
}

}  // namespace cvlab::app
