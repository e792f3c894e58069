#include "app/demos/tensors/tensors.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/image/convert.hpp"
#include "core/image/resize.hpp"
#include "core/ops/arithmetic.hpp"

namespace cvlab::app {

namespace {

constexpr std::size_t most_meeting = 1024;  // elements of a result that is drawn

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// "2,3,4": whole numbers between commas or blanks; nothing when it is no such list.
std::optional<std::vector<std::ptrdiff_t>> read_list(std::string_view text) {
  std::vector<std::ptrdiff_t> list;
  const char* p = text.data();
  const char* const end = p + text.size();
  while (true) {
    while (p < end && (*p == ' ' || *p == ',')) ++p;
    if (p == end) return list;
    int n = 0;
    const auto [next, problem] = std::from_chars(p, end, n);
    if (problem != std::errc{}) return std::nullopt;
    list.push_back(n);
    p = next;
  }
}

Result<Shape> read_shape(std::string_view text) {
  const auto list = read_list(text);
  std::ptrdiff_t count = 1;
  bool fits = list && list->size() <= max_rank;
  for (std::size_t i = 0; fits && i < list->size(); ++i) {
    fits = (*list)[i] >= 1 && (*list)[i] <= 64;
    if (fits) count *= (*list)[i];
    fits = fits && count <= static_cast<std::ptrdiff_t>(most_meeting);
  }
  if (!fits) {
    const std::string quoted(text);
    return Error{
        "tensors.shape",
        "\u201C" + quoted +
            "\u201D is no shape: up to six sizes from 1 to 64, separated by commas, and at most 1024 elements.",
        {quoted}};
  }
  return Shape(std::span<const std::ptrdiff_t>(*list));
}

// The middle of the picture, as small as asked for.
Image small_picture(const Image& image, int width, int height) {
  const Image rgba = to_rgba(image);
  int across = rgba.width, down = rgba.height;
  if (static_cast<std::int64_t>(across) * height > static_cast<std::int64_t>(down) * width)
    across = std::max(1, static_cast<int>(static_cast<std::int64_t>(down) * width / height));
  else
    down = std::max(1, static_cast<int>(static_cast<std::int64_t>(across) * height / width));
  Image crop(across, down, 3);
  const int top = (rgba.height - down) / 2, left = (rgba.width - across) / 2;
  for (int row = 0; row < down; ++row) {
    for (int column = 0; column < across; ++column) {
      for (int c = 0; c < 3; ++c) crop.at(row, column, c) = rgba.at(top + row, left + column, c);
    }
  }
  Image small(width, height, 3);
  resize(crop, Resampling::area, small);
  return small;
}

Tensor counting(const Shape& shape, float first, float by) {
  Tensor t(shape);
  for (std::ptrdiff_t i = 0; i < t.count(); ++i) t.data()[i] = first + by * static_cast<float>(i);
  return t;
}

std::string signed_text(std::ptrdiff_t n) { return n < 0 ? "\u2212" + std::to_string(-n) : std::to_string(n); }

// A shape within a sentence: not divided between two lines.
std::string unbroken(const Shape& shape) {
  std::string text = shape_text(shape);
  for (std::size_t i = 0; (i = text.find(' ', i)) != std::string::npos;) text.replace(i, 1, "\u00A0");
  return text;
}

std::string index_text(const TensorIndex& index, int rank) {
  std::string out;
  for (int axis = 0; axis < rank; ++axis) out += (axis > 0 ? "," : "") + std::to_string(index[at(axis)]);
  return out;
}

}  // namespace

std::unique_ptr<Demo> make_tensors(DemoContext context) { return std::make_unique<Tensors>(context); }

bool Tensors::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  // Whoever opens a picture wants to see it.
  const bool own = state_.raw("image") == "own";
  if (own && !own_ && seen_state_ != 0) (void)state_.set("fill", "photo");
  own_ = own;
  if (broadcast()) {
    meet();
  } else {
    begin();
    run();
  }
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

// The tensor before any operation.
void Tensors::begin() {
  problem_ = {};
  goal_.reset();
  if (puzzle()) {
    const LayoutPuzzle level = layout_puzzle(state_.integer("level"));
    chain_.emplace(level.start, level.names);
    goal_.emplace(level.start, level.names);
    goal_->apply_all(parse_layout_ops(level.solution).value());
    load_picture(level.start, level.picture ? level.channel : -1);
    return;
  }
  const bool photo = state_.choice("fill") == "photo";
  const Shape start{state_.integer("n"), photo ? 3 : state_.integer("c"), state_.integer("h"), state_.integer("w")};
  chain_.emplace(start, std::vector<std::string>{"N", "C", "H", "W"});
  load_picture(start, photo ? 1 : -1);
}

// The numbers in the start's memory: of a photograph, brought into its order by the very operations that are taught.
void Tensors::load_picture(const Shape& start, int channel) {
  numbers_ = {};
  no_picture_ = {};
  if (channel < 0) return;
  if (chosen_.look(pictures_, state_.raw("image")) == ChosenPicture::Look::missing) {
    no_picture_ = chosen_.problem();
    return;
  }
  const bool batch = start.rank() == 4, last = channel == 2;
  const int rank = start.rank();
  const auto height = static_cast<int>(start[last ? 0 : rank - 2]),
             width = static_cast<int>(start[last ? 1 : rank - 1]);
  const int count = batch ? static_cast<int>(start[0]) : 1;
  const Tensor planes = image_to_tensor(small_picture(chosen_.image(), count * width, height));
  const Layout whole = row_major({3, height, count, width});  // pictures of the batch lie side by side
  using Order = std::array<std::ptrdiff_t, 4>;
  const Order order = last ? Order{2, 1, 3, 0} : Order{2, 0, 1, 3};
  numbers_.values = gathered(permuted(whole, order).value().over(planes.data()));
  TensorIndex index{};
  do numbers_.channels.push_back(static_cast<int>(index[at(channel)]));
  while (next_index(start, index));
}

void Tensors::run() {
  ops_.clear();
  faulty_ = -1;
  shown_ = 0;
  auto read = parse_layout_ops(state_.raw(ops_param()));
  if (!read) {
    problem_ = read.error();
  } else {
    ops_ = std::move(read).value();
    const int done = chain_->apply_all(ops_);
    if (done < static_cast<int>(ops_.size())) {
      faulty_ = done;
      problem_ = chain_->problem();
    }
    shown_ = std::min(done, state_.integer("upto"));
  }
  if (goal_) verdict_ = judge_layout(chain_->view(stage()), goal_->view(goal_->last()));
}

void Tensors::meet() {
  sum_ = {};
  const ShapePair* pair = &shape_pairs.back();
  for (const ShapePair& p : shape_pairs) {
    if (p.id == state_.choice("pair")) pair = &p;
  }
  const bool own = pair->id == "own";
  const Result<Shape> a = read_shape(own ? state_.raw("a") : pair->a), b = read_shape(own ? state_.raw("b") : pair->b);
  if (!a || !b) {
    sum_.problem = a ? b.error() : a.error();
    return;
  }
  sum_.a = a.value();
  sum_.b = b.value();
  sum_.ready = true;
  sum_.numbers_a = counting(sum_.a, 0.0F, 1.0F);
  sum_.numbers_b = counting(sum_.b, 100.0F, 100.0F);
  const Result<Shape> both = broadcast_shape(sum_.a, sum_.b);
  if (!both) {
    sum_.problem = both.error();
    return;
  }
  if (both.value().count() > static_cast<std::ptrdiff_t>(most_meeting)) {
    sum_.problem = {"layout-large", "That would be more elements than can be drawn.", {std::to_string(most_meeting)}};
    return;
  }
  sum_.full_a = expanded(row_major(sum_.a), both.value().extents()).value();
  sum_.full_b = expanded(row_major(sum_.b), both.value().extents()).value();
  const Tensor left = gathered(sum_.full_a.over(static_cast<const Tensor&>(sum_.numbers_a).data()));
  sum_.result.resize(both.value());
  arithmetic_forward_ref<float>(Arithmetic::add, left.view(), static_cast<const Tensor&>(sum_.numbers_b).view(),
                                sum_.result.view());
}

TensorIndex Tensors::element(const Shape& shape) const {
  TensorIndex index{};
  const auto list = read_list(state_.raw("element"));
  for (int axis = 0; list && axis < std::min(shape.rank(), static_cast<int>(list->size())); ++axis)
    index[at(axis)] = std::clamp<std::ptrdiff_t>((*list)[at(axis)], 0, std::max<std::ptrdiff_t>(shape[axis] - 1, 0));
  return index;
}

TensorIndex Tensors::looked_at() const {
  const Shape& shape = broadcast() ? sum_.result.shape() : stage().layout.shape;
  if (!hovered_) return element(shape);
  TensorIndex index = *hovered_;  // the shape may have changed under the pointer
  for (int axis = 0; axis < shape.rank(); ++axis)
    index[at(axis)] = std::clamp<std::ptrdiff_t>(index[at(axis)], 0, std::max<std::ptrdiff_t>(shape[axis] - 1, 0));
  return index;
}

std::optional<std::ptrdiff_t> Tensors::looked_place() const {
  if (hovered_place_ && *hovered_place_ < chain_->memory(stage()).count()) return hovered_place_;
  const Layout& layout = stage().layout;
  if (layout.shape.count() == 0) return std::nullopt;
  return layout.place(looked_at());
}

std::ptrdiff_t Tensors::origin_of(std::ptrdiff_t place) const {
  return static_cast<std::ptrdiff_t>(chain_->memory(stage()).data()[place]);
}

int Tensors::moved() const {
  std::ptrdiff_t count = 0;
  for (int i = 1; i <= shown_; ++i) {
    const LayoutStage& s = chain_->stages()[at(i)];
    if (s.copied) count += s.layout.shape.count();
  }
  return static_cast<int>(count);
}

bool Tensors::step(int delta) {
  if (broadcast()) return false;
  const int next = shown_ + delta;
  if (next < 0 || next >= static_cast<int>(chain_->stages().size())) return false;
  return static_cast<bool>(state_.set("upto", std::to_string(next)));
}

Readouts Tensors::readouts() const {
  Readouts list = chain_readouts();
  for (Readout& r : sum_readouts()) list.push_back(std::move(r));
  return list;
}

Readouts Tensors::chain_readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = !broadcast() && chain_;
  const auto number = [&](std::ptrdiff_t n) { return any ? static_cast<double>(n) : undefined; };
  const Layout layout = any ? stage().layout : Layout{};
  const bool full = any && layout.shape.count() > 0;
  const std::ptrdiff_t place = full ? looked_place().value_or(-1) : -1;
  const auto stride = [&](std::string_view name) {
    if (!any) return undefined;
    const auto& names = stage().names;
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? undefined
                                : static_cast<double>(layout.strides[at(static_cast<int>(found - names.begin()))]);
  };
  const bool asked = any && puzzle();
  return {
      {"shape", any ? shape_text(layout.shape) : std::string("\u2014")},
      {"rank", number(layout.shape.rank())},
      {"elements", number(layout.shape.count()), "", 6},
      {"stride_n", stride("N")},
      {"stride_c", stride("C")},
      {"stride_h", stride("H")},
      {"stride_w", stride("W")},
      {"start", number(layout.offset)},
      {"contiguous", number(layout.contiguous() ? 1 : 0)},
      {"moved", any ? moved() : undefined},
      {"place", place >= 0 ? static_cast<double>(place) : undefined},
      {"value", place >= 0 && no_picture_.id.empty() ? static_cast<double>(value_of(origin_of(place))) : undefined},
      {"right", asked ? static_cast<double>(verdict_.right) : undefined},
      {"solved", asked ? (verdict_.solved ? 1.0 : 0.0) : undefined},
  };
}

// Axes of A and of B along which one number is read again and again.
std::ptrdiff_t Tensors::stretched() const {
  const Shape& shape = sum_.result.shape();
  std::ptrdiff_t count = 0;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    for (const Layout* l : {&sum_.full_a, &sum_.full_b}) count += l->strides[at(axis)] == 0 && shape[axis] > 1 ? 1 : 0;
  }
  return count;
}

Readouts Tensors::sum_readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = broadcast() && sum_.ready, fits = any && sum_.problem.id.empty();
  const auto number = [&](std::ptrdiff_t n) { return fits ? static_cast<double>(n) : undefined; };
  const Shape& shape = sum_.result.shape();
  const TensorIndex index = fits ? looked_at() : TensorIndex{};
  return {
      {"fits", any ? (fits ? 1.0 : 0.0) : undefined},
      {"sum_shape", fits ? shape_text(shape) : std::string("\u2014")},
      {"sum_rank", number(shape.rank())},
      {"sum_elements", number(shape.count())},
      {"stretched", number(fits ? stretched() : 0)},
      {"place_a", fits ? number(sum_.full_a.place(index)) : undefined},
      {"place_b", fits ? number(sum_.full_b.place(index)) : undefined},
      {"sum", fits ? static_cast<double>(sum_.result.data()[row_major(shape).place(index)]) : undefined},
  };
}

std::string Tensors::sentence(const Words& words) const {
  if (broadcast()) return sum_sentence(words);
  if (!no_picture_.id.empty()) return words.sentence(no_picture_);
  if (!problem_.id.empty()) {
    if (faulty_ < 0) return words.sentence(problem_);
    return words.format("tensors.refused", {layout_op_text(ops_[at(faulty_)]), words.sentence(problem_)});
  }
  return puzzle() ? verdict_sentence(words) : effect(words);
}

// What the last operation shown did: to the numbers, or only to shape and strides.
std::string Tensors::effect(const Words& words) const {
  const LayoutStage& s = stage();
  const std::string count = std::to_string(s.layout.shape.count());
  if (shown_ == 0) return words.format("tensors.start", {count});
  const std::string op = layout_op_text(ops_[at(shown_ - 1)]);
  if (s.layout.shape.count() == 0) return words.format("tensors.nothing_left", {op});
  const LayoutStage& before = chain_->stages()[at(shown_ - 1)];
  if (s.copied) {
    const LayoutOpKind kind = ops_[at(shown_ - 1)].kind;
    if (kind == LayoutOpKind::contiguous) return words.format("tensors.made_contiguous", {op, count});
    const auto& in = before.layout;
    const std::string needed = signed_text(in.shape[s.broken + 1] * in.strides[at(s.broken + 1)]);
    return words.format("tensors.copied", {op, count, before.names[at(s.broken)], before.names[at(s.broken + 1)],
                                           signed_text(in.strides[at(s.broken)]), needed});
  }
  std::string text = words.format("tensors.strides_only", {op});
  std::ptrdiff_t needed = 0;
  const int broken = broken_axis(s.layout, &needed);
  if (broken < 0) return text + ' ' + words("tensors.is_contiguous");
  return text + ' ' +
         words.format("tensors.not_contiguous",
                      {s.names[at(broken)], signed_text(s.layout.strides[at(broken)]), std::to_string(needed)});
}

std::string Tensors::verdict_sentence(const Words& words) const {
  const std::string level = std::to_string(state_.integer("level"));
  if (verdict_.solved) return words.format("tensors.solved", {level, std::to_string(moved())});
  std::string text = words("tensors.level." + level);
  const LayoutStage& goal = goal_->last();
  if (shown_ == 0) return text;
  if (!verdict_.same_shape)
    return words.format("tensors.other_shape", {unbroken(stage().layout.shape), unbroken(goal.layout.shape)});
  return words.format("tensors.some_right",
                      {std::to_string(verdict_.right), std::to_string(goal.layout.shape.count())});
}

std::string Tensors::sum_sentence(const Words& words) const {
  if (!sum_.problem.id.empty()) return words.sentence(sum_.problem);
  const std::string result = unbroken(sum_.result.shape());
  if (stretched() == 0) return words.format("tensors.no_stretch", {result});
  return words.format("tensors.stretch", {unbroken(sum_.a), unbroken(sum_.b), result, std::to_string(stretched())});
}

void Tensors::keep(const TensorIndex& index, int rank) { (void)state_.set("element", index_text(index, rank)); }

}  // namespace cvlab::app
