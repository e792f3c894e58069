#include "core/tensor/layout_chain.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace cvlab {

namespace {

using Names = std::vector<std::string>;
constexpr std::ptrdiff_t most_elements = 4096;

std::size_t at(int axis) { return static_cast<std::size_t>(axis); }

int axis_of(std::ptrdiff_t number) {  // far outside stays outside
  return static_cast<int>(std::clamp<std::ptrdiff_t>(number, -100, 100));
}

Error argument_count(std::string_view op, int wanted) {
  const std::string name(op), count = std::to_string(wanted);
  return {"layout-arguments", name + "() needs " + count + " number(s).", {name, count}};
}

// The names after a reshape: where a run of old axes has the size of a run of new ones, they are the same cells.
Names regrouped_names(const Names& old, const Shape& from, const Shape& to) {
  Names names(at(to.rank()));
  int i = 0, j = 0;
  while (j < to.rank()) {
    const bool from_one = i < from.rank() && from[i] == 1;
    if (to[j] == 1 && !from_one) {  // new
      names[at(j++)] = "1";
      continue;
    }
    if (from_one && to[j] != 1) {  // gone
      ++i;
      continue;
    }
    const int i0 = i, j0 = j;
    std::ptrdiff_t p = i < from.rank() ? from[i++] : 1, q = to[j++];
    while (p != q && (p < q ? i < from.rank() : j < to.rank())) {
      if (p < q)
        p *= from[i++];
      else
        q *= to[j++];
    }
    if (j == to.rank()) i = from.rank();
    std::string joined;
    int joined_axes = 0;
    for (int k = i0; k < i; ++k) {
      if (from[k] == 1 && i - i0 > 1) continue;
      joined += old[at(k)];
      ++joined_axes;
    }
    constexpr std::array<const char*, 6> lowered = {"\u2081", "\u2082", "\u2083", "\u2084", "\u2085", "\u2086"};
    for (int k = j0; k < j; ++k) {
      if (joined_axes == 0)
        names[at(k)] = "1";
      else if (j - j0 == 1)
        names[at(k)] = joined;
      else
        names[at(k)] = (joined_axes == 1 ? joined : "") + (joined_axes == 1 ? lowered[at(k - j0)] : "\u00B7");
    }
  }
  return names;
}

}  // namespace

LayoutChain::LayoutChain(const Shape& start, Names names) {
  names.resize(at(start.rank()));
  Tensor& numbers = memories_.emplace_back(start);
  for (std::ptrdiff_t i = 0; i < numbers.count(); ++i) numbers.data()[i] = static_cast<float>(i);
  stages_.push_back({row_major(start), 0, false, -1, std::move(names)});
}

int LayoutChain::apply_all(const std::vector<LayoutOp>& ops) {
  int done = 0;
  for (const LayoutOp& op : ops) {
    if (!apply(op)) break;
    ++done;
  }
  return done;
}

bool LayoutChain::apply(const LayoutOp& op) {
  Result<LayoutStage> made = result(op);
  if (!made) {
    problem_ = made.error();
    return false;
  }
  problem_ = {};
  stages_.push_back(std::move(made).value());
  return true;
}

// Numbers leave in reading order; whatever the shape, they then lie one after another.
void LayoutChain::copy(LayoutStage& stage, const Layout& from, const Shape& shape) {
  const Tensor& old = memories_[at(stage.memory)];
  Tensor moved = gathered(from.over(old.data()));
  stage.memory = static_cast<int>(memories_.size());
  memories_.push_back(std::move(moved));
  stage.layout = row_major(shape);
  stage.copied = true;
}

Result<LayoutStage> LayoutChain::regrouped(const LayoutOp& op) {
  const LayoutStage& in = last();
  LayoutStage out{in.layout, in.memory, false, -1, in.names};
  if (op.kind == LayoutOpKind::contiguous) {
    if (in.layout.contiguous()) return out;
    out.broken = broken_axis(in.layout);
    copy(out, in.layout, in.layout.shape);
    return out;
  }
  const Result<Shape> shape = reshape_sizes(in.layout.shape.count(), op.numbers);
  if (!shape) return shape.error();
  int broken = -1;
  if (const auto same = reshaped(in.layout, shape.value(), &broken)) {
    out.layout = *same;
  } else if (op.kind == LayoutOpKind::view) {
    const std::string one = in.names[at(broken)], next = in.names[at(broken + 1)];
    return Error{"layout-view",
                 "view() never moves numbers, and strides alone cannot say this: axis " + one +
                     " does not continue where " + next + " ends. reshape() would copy.",
                 {one, next}};
  } else {
    out.broken = broken;
    copy(out, in.layout, shape.value());
  }
  out.names = regrouped_names(in.names, in.layout.shape, shape.value());
  return out;
}

namespace {

struct Named {
  Layout layout;
  Names names;
};

Result<Named> with_axes_moved(const Layout& in, const Names& names, const std::vector<std::ptrdiff_t>& axes) {
  Result<Layout> layout = permuted(in, axes);
  if (!layout) return layout.error();
  Named out{std::move(layout).value(), {}};
  const int rank = in.shape.rank();
  for (const std::ptrdiff_t axis : axes)
    out.names.push_back(names[at(static_cast<int>(axis < 0 ? axis + rank : axis))]);
  return out;
}

Result<Named> transposed(const Layout& in, const Names& names, const std::vector<std::ptrdiff_t>& two) {
  if (two.size() != 2) return argument_count("transpose", 2);
  const int rank = in.shape.rank();
  std::vector<std::ptrdiff_t> axes(at(rank));
  std::iota(axes.begin(), axes.end(), 0);
  const Result<int> a = checked_axis(axis_of(two[0]), rank), b = checked_axis(axis_of(two[1]), rank);
  if (!a) return a.error();
  if (!b) return b.error();
  std::swap(axes[at(a.value())], axes[at(b.value())]);
  return with_axes_moved(in, names, axes);
}

Result<Named> all_flipped(const Layout& in, const Names& names, const std::vector<std::ptrdiff_t>& axes) {
  if (axes.empty()) return argument_count("flip", 1);
  Named out{in, names};
  for (const std::ptrdiff_t axis : axes) {
    Result<Layout> next = flipped(out.layout, axis_of(axis));
    if (!next) return next.error();
    out.layout = std::move(next).value();
  }
  return out;
}

// unsqueeze and squeeze
Result<Named> one_axis(const Layout& in, Names names, const LayoutOp& op) {
  const bool more = op.kind == LayoutOpKind::unsqueeze;
  if (op.numbers.size() != 1) return argument_count(more ? "unsqueeze" : "squeeze", 1);
  const int asked = axis_of(op.numbers[0]);
  Result<Layout> layout = more ? unsqueezed(in, asked) : squeezed(in, asked);
  if (!layout) return layout.error();
  const int axis = checked_axis(asked, in.shape.rank() + (more ? 1 : 0)).value();
  if (more)
    names.insert(names.begin() + axis, "1");
  else
    names.erase(names.begin() + axis);
  return Named{std::move(layout).value(), std::move(names)};
}

Result<Named> stretched(const Layout& in, Names names, const std::vector<std::ptrdiff_t>& sizes) {
  std::ptrdiff_t product = 1;
  for (const std::ptrdiff_t size : sizes) {
    product =
        std::min<std::ptrdiff_t>(product * std::clamp<std::ptrdiff_t>(size, 1, most_elements + 1), most_elements + 1);
  }
  if (product > most_elements) {
    const std::string most = std::to_string(most_elements);
    return Error{"layout-large", "That would be more than the " + most + " elements that can be drawn.", {most}};
  }
  Result<Layout> layout = expanded(in, sizes);
  if (!layout) return layout.error();
  while (names.size() < sizes.size()) names.insert(names.begin(), "1");
  return Named{std::move(layout).value(), std::move(names)};
}

Result<Named> indexed(const Layout& in, Names names, const std::vector<IndexPart>& parts) {
  const int rank = in.shape.rank();
  int named = 0, rests = 0;
  for (const IndexPart& part : parts) ++(part.kind == IndexPart::Kind::rest ? rests : named);
  if (named > rank || rests > 1) {
    return Error{"layout-parts",
                 "The brackets name " + std::to_string(named) + " axes; the tensor has " + std::to_string(rank) +
                     ". \u201C...\u201D may stand there once.",
                 {std::to_string(named), std::to_string(rank)}};
  }
  Named out{in, std::move(names)};
  int axis = 0;
  for (const IndexPart& part : parts) {
    if (part.kind == IndexPart::Kind::rest) {
      axis += rank - named;
      continue;
    }
    const bool single = part.kind == IndexPart::Kind::single;
    Result<Layout> next = single ? picked(out.layout, axis, part.single) : sliced(out.layout, axis, part.slice);
    if (!next) return next.error();
    out.layout = std::move(next).value();
    if (single)
      out.names.erase(out.names.begin() + axis);
    else
      ++axis;
  }
  return out;
}

}  // namespace

Result<LayoutStage> LayoutChain::result(const LayoutOp& op) {
  const LayoutStage& in = last();
  const auto done = [&]() -> Result<Named> {
    switch (op.kind) {
      case LayoutOpKind::permute:
        return with_axes_moved(in.layout, in.names, op.numbers);
      case LayoutOpKind::transpose:
        return transposed(in.layout, in.names, op.numbers);
      case LayoutOpKind::flip:
        return all_flipped(in.layout, in.names, op.numbers);
      case LayoutOpKind::unsqueeze:
      case LayoutOpKind::squeeze:
        return one_axis(in.layout, in.names, op);
      case LayoutOpKind::expand:
        return stretched(in.layout, in.names, op.numbers);
      default:
        return indexed(in.layout, in.names, op.parts);
    }
  };
  if (op.kind == LayoutOpKind::reshape || op.kind == LayoutOpKind::view || op.kind == LayoutOpKind::contiguous)
    return regrouped(op);
  Result<Named> named = done();
  if (!named) return named.error();
  return LayoutStage{named.value().layout, in.memory, false, -1, std::move(named.value().names)};
}

}  // namespace cvlab
