// The panels beside and below the curves: confusion matrix, mistakes, mini-batch, kernels.
#include <algorithm>
#include <cmath>

#include "app/demos/train-cnn/train_cnn.hpp"
#include "app/views/area_input.hpp"
#include "app/views/confusion.hpp"
#include "app/views/note.hpp"
#include "app/views/tensor_grid.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 22.0F;

void note_at_pointer(const Canvas& canvas, const std::string& text) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_note(canvas, mouse.x, mouse.y, text);
}

Rect below_caption(const Rect& area) { return {area.x0, area.y0 + caption, area.x1, area.y1}; }

void title(const Canvas& canvas, const Rect& area, const std::string& name, const std::string& detail) {
  draw_caption(canvas, {area.x0, area.y0 + 24.0F, area.x1, area.y1}, name.c_str(),
               detail.empty() ? nullptr : detail.c_str());
}

}  // namespace

std::string TrainCnn::class_name(const Words& words, int label) const {
  if (data_ == "digits") return std::to_string(label);
  return words("train-cnn.class." + data_ + "." + std::to_string(label));
}

std::string TrainCnn::percent(const Words& words, double share) const {
  return words.number(100.0 * share, share < 0.995 && share > 0.1 ? 3 : share > 0.1 ? 4 : 2) + "\u00A0%";
}

void TrainCnn::draw_confusion_panel(const Canvas& canvas, const Rect& area) {
  if (!result_.finished() || area.height() < 80.0F) return;
  const Words& words = canvas.words;
  const int classes = split_->test.classes();
  std::vector<std::string> names;
  for (int label = 0; label < classes; ++label) {
    const std::string name = class_name(words, label);
    const std::string number = std::to_string(label);
    names.push_back(name == number ? name : name + "  " + number);
  }
  title(canvas, area, words("train-cnn.confusion"),
        words.format("train-cnn.after_epoch",
                     {std::to_string(std::max(0, result_epoch_)), percent(words, result_.accuracy())}));
  const Confusion confusion{classes, result_.confusion(), names, words("train-cnn.truth"), words("train-cnn.answer")};
  const CellMap map = confusion_map(canvas, below_caption(area), confusion);
  const AreaInput input = area_input("confusion", map.clip);
  const std::optional<Cell> kept = kept_cell();
  pointed_ = draw_confusion(canvas, map, confusion, kept);
  if (!pointed_) return;
  const Cell cell = *pointed_;
  if (input.clicked) (void)state_.set("cell", kept == pointed_ ? "0,0" : State::format(cell));
  int of_row = 0;
  const auto& counts = result_.confusion();
  for (int column = 0; column < classes; ++column)
    of_row += counts[static_cast<std::size_t>(cell.row * classes + column)];
  const int count = counts[static_cast<std::size_t>(cell.row * classes + cell.column)];
  const double share = of_row > 0 ? static_cast<double>(count) / of_row : 0.0;
  note_at_pointer(canvas, words.format("train-cnn.confusion_note",
                                       {class_name(words, cell.row), class_name(words, cell.column),
                                        std::to_string(count), std::to_string(of_row), percent(words, share)}));
}

void TrainCnn::draw_mistakes(const Canvas& canvas, const Layout& l) {
  if (l.mistakes.height() < 60.0F || !result_.finished() || listed_epoch_ < 0) return;
  const Words& words = canvas.words;
  const Dataset& test = split_->test;
  const bool right_ones = listed_ && listed_->row == listed_->column;
  std::string name = words("train-cnn.mistakes");
  if (listed_) {
    name = words.format(right_ones ? "train-cnn.least_sure" : "train-cnn.taken_for",
                        {class_name(words, listed_->row), class_name(words, listed_->column)});
  }
  const int total =
      !listed_ ? result_.done() - result_.right()
               : result_.confusion()[static_cast<std::size_t>(listed_->row * test.classes() + listed_->column)];
  title(canvas, l.mistakes, name,
        words.format("train-cnn.of_test", {std::to_string(total), std::to_string(result_.done())}));
  const Rect area = below_caption(l.mistakes);
  if (examples_.empty()) {
    canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 14.0F, canvas.theme.ink_faint, words("train-cnn.none"));
    return;
  }
  const float tile = !test.class_names.empty() && data_ == "digits" ? l.tile : 1.3F * l.tile;
  std::vector<ThumbnailCaption> captions;
  for (const int i : examples_) {
    const int label = test.labels[static_cast<std::size_t>(i)];
    const int answer = result_.predicted(i);
    const auto sure = static_cast<double>(result_.probabilities(i)[static_cast<std::size_t>(answer)]);
    const std::string said = data_ == "digits" && !right_ones
                                 ? class_name(words, label) + " \u2192 " + class_name(words, answer)
                                 : class_name(words, answer);
    captions.push_back({said, words.number(std::round(100.0 * sure), 3) + "\u00A0%",
                        right_ones ? canvas.theme.ink : canvas.theme.bad});
  }
  const auto over = example_pictures_.draw(canvas, area, Thumbnails::fit(area, tile, 2), captions);
  if (!over) return;
  const int i = examples_[static_cast<std::size_t>(*over)];
  const int label = test.labels[static_cast<std::size_t>(i)];
  const auto probability = [&](int c) {
    return percent(words, static_cast<double>(result_.probabilities(i)[static_cast<std::size_t>(c)]));
  };
  const int answer = result_.predicted(i);
  note_at_pointer(canvas, answer == label
                              ? words.format("train-cnn.right_note", {class_name(words, label), probability(label)})
                              : words.format("train-cnn.wrong_note", {class_name(words, answer), probability(answer),
                                                                      class_name(words, label), probability(label)}));
}

void TrainCnn::draw_batch(const Canvas& canvas, const Layout& l) {
  if (l.batch.height() < 50.0F || batch_pictures_.count() == 0) return;
  const Words& words = canvas.words;
  const Rect area = below_caption(l.batch);
  std::vector<ThumbnailCaption> captions;
  for (std::size_t i = 0; i < batch_predicted_.size(); ++i) {
    const bool right = batch_predicted_[i] == batch_labels_[i];
    const std::string said = class_name(words, batch_predicted_[i]);
    captions.push_back({right ? said : "\u2717 " + said, "", right ? canvas.theme.ink : canvas.theme.bad});
  }
  const Thumbnails::Grid grid = Thumbnails::fit(area, data_ == "digits" ? l.tile : 1.3F * l.tile, 1);
  const auto shown = static_cast<std::size_t>(std::max(0, grid.rows * grid.columns));
  int right = 0;
  for (std::size_t i = 0; i < std::min(shown, batch_predicted_.size()); ++i)
    right += batch_predicted_[i] == batch_labels_[i] ? 1 : 0;
  title(canvas, l.batch,
        words.format(examined_steps_ > 0 ? "train-cnn.batch_name" : "train-cnn.first_batch",
                     {std::to_string(examined_steps_)}),
        words.format("train-cnn.batch_right",
                     {std::to_string(right), std::to_string(std::min(shown, batch_predicted_.size()))}));
  const auto over = batch_pictures_.draw(canvas, area, grid, captions);
  if (!over) return;
  const auto i = static_cast<std::size_t>(*over);
  const std::string sure = percent(words, static_cast<double>(batch_sureness_[i]));
  const std::string said = class_name(words, batch_predicted_[i]);
  note_at_pointer(canvas,
                  batch_predicted_[i] == batch_labels_[i]
                      ? words.format("train-cnn.right_note", {said, sure})
                      : words.format("train-cnn.batch_wrong_note", {said, sure, class_name(words, batch_labels_[i])}));
}

// The kernels of the first layer, in signed colours on one scale.
void TrainCnn::draw_kernels(const Canvas& canvas, const Rect& area) const {
  const auto parameters = model_.parameters();
  const auto weight =
      std::find_if(parameters.begin(), parameters.end(), [](const Parameter& p) { return p.name == "conv1.weight"; });
  if (weight == parameters.end() || area.height() < 40.0F) return;
  const Words& words = canvas.words;
  const Tensor& w = weight->value;  // (O, 1, Kh, Kw)
  const int count = static_cast<int>(w.size(0));
  const int rows = static_cast<int>(w.size(2));
  const int columns = static_cast<int>(w.size(3));
  const ConstView flat(w.data(), Shape{w.count(), 1});
  const float range = signed_range(flat, 1e-6F);
  title(canvas, area, words("train-cnn.kernels"), "\u00B1" + words.number(static_cast<double>(range), 2));
  const Rect below = below_caption(area);
  const float gap = 10.0F;
  int across = 1;
  float cell = 0.0F;
  for (int n = 1; n <= count; ++n) {
    const int needed = (count + n - 1) / n;
    const auto lines = static_cast<float>(needed);
    const auto each = static_cast<float>(n);
    const float wide = ((below.width() + gap) / each - gap) / static_cast<float>(columns);
    const float high = ((below.height() + gap) / lines - gap) / static_cast<float>(rows);
    if (std::min(wide, high) > cell) {
      cell = std::min(wide, high);
      across = n;
    }
  }
  cell = std::min(std::floor(cell), 16.0F);
  if (cell < 2.0F) return;
  for (int k = 0; k < count; ++k) {
    const int line = k / across;
    CellMap map;
    map.size = cell;
    map.x = std::round(below.x0 + static_cast<float>(k % across) * (cell * static_cast<float>(columns) + gap)) + 1.0F;
    map.y = std::round(below.y0 + static_cast<float>(line) * (cell * static_cast<float>(rows) + gap)) + 1.0F;
    map.clip = map.rect(0, 0, rows, columns);
    const ConstView kernel(w.data() + static_cast<std::ptrdiff_t>(k) * rows * columns, Shape{rows, columns});
    const auto over = tensor_grid(canvas, map, kernel, {Shade::diverging, 0.0F, range, false});
    if (!over) continue;
    note_at_pointer(
        canvas, words.format("train-cnn.kernel_note",
                             {std::to_string(k + 1), std::to_string(over->row + 1), std::to_string(over->column + 1),
                              words.number(static_cast<double>(kernel(over->row, over->column)), 4)}));
  }
}

}  // namespace cvlab::app
