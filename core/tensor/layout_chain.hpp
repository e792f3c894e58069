// A chain of operations on a tensor, as one writes them in PyTorch:
//
//   permute(0,2,3,1)[:, 1:, ::2].reshape(2,-1)
//
//   permute(axes)  transpose(a,b)  flip(axes)  unsqueeze(axis)  squeeze(axis)  expand(sizes)
//   reshape(sizes)   copies where strides cannot say it        view(sizes)  is refused there
//   contiguous()     copies unless it is contiguous already
//   [i, a:b, a:b:step, ..., …]   one part for each axis from the first on; "..." stands for all that are not named
//
// Every stage keeps the layout that the operation made, and whether numbers had to be moved for it.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/layout.hpp"

namespace cvlab {

enum class LayoutOpKind { permute, transpose, flip, unsqueeze, squeeze, expand, reshape, view, contiguous, index };

struct IndexPart {
  enum class Kind { slice, single, rest } kind = Kind::slice;
  Slice slice;
  std::ptrdiff_t single = 0;
};

struct LayoutOp {
  LayoutOpKind kind = LayoutOpKind::contiguous;
  std::vector<std::ptrdiff_t> numbers;  // between the parentheses
  std::vector<IndexPart> parts;         // between the brackets
};

inline constexpr int max_layout_ops = 12;

Result<std::vector<LayoutOp>> parse_layout_ops(std::string_view text);
std::string layout_op_text(const LayoutOp& op);  // "permute(0, 2, 3, 1)", "[:, ::2]"
std::string layout_ops_text(const std::vector<LayoutOp>& ops);

struct LayoutStage {
  Layout layout;
  int memory = 0;                  // which of the chain's memories it lies in
  bool copied = false;             // this operation moved every number into a new memory …
  int broken = -1;                 // … because this axis of the stage before does not continue in the next one
  std::vector<std::string> names;  // of the axes: kept, joined ("CH") or divided ("H₁", "H₂") as the axes are
};

class LayoutChain {
 public:
  // The start holds 0, 1, 2, …: in every stage a number says where it was at the beginning.
  LayoutChain(const Shape& start, std::vector<std::string> names);

  // False, with problem(), when it cannot be done; the chain stays as it was.
  bool apply(const LayoutOp& op);
  // All of them, up to the first that cannot be done; returns how many were.
  int apply_all(const std::vector<LayoutOp>& ops);

  const std::vector<LayoutStage>& stages() const { return stages_; }  // the first one is the start
  const LayoutStage& last() const { return stages_.back(); }
  const Tensor& memory(const LayoutStage& stage) const { return memories_[static_cast<std::size_t>(stage.memory)]; }
  ConstView view(const LayoutStage& stage) const { return stage.layout.over(memory(stage).data()); }
  const Error& problem() const { return problem_; }

 private:
  Result<LayoutStage> result(const LayoutOp& op);
  Result<LayoutStage> regrouped(const LayoutOp& op);
  void copy(LayoutStage& stage, const Layout& from, const Shape& shape);

  std::deque<Tensor> memories_;  // addresses stay
  std::vector<LayoutStage> stages_;
  Error problem_;
};

}  // namespace cvlab
