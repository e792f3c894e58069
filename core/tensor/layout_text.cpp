// Operations as text, both ways.
#include <array>
#include <charconv>

#include "core/tensor/layout_chain.hpp"

namespace cvlab {

namespace {

struct OpName {
  std::string_view name;
  LayoutOpKind kind;
};
constexpr std::array<OpName, 9> op_names = {{{"permute", LayoutOpKind::permute},
                                             {"transpose", LayoutOpKind::transpose},
                                             {"flip", LayoutOpKind::flip},
                                             {"unsqueeze", LayoutOpKind::unsqueeze},
                                             {"squeeze", LayoutOpKind::squeeze},
                                             {"expand", LayoutOpKind::expand},
                                             {"reshape", LayoutOpKind::reshape},
                                             {"view", LayoutOpKind::view},
                                             {"contiguous", LayoutOpKind::contiguous}}};

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool read_number(std::string_view text, std::ptrdiff_t& number) {
  text = trimmed(text);
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  number = value;
  return !text.empty() && problem == std::errc{} && end == text.data() + text.size();
}

std::vector<std::string_view> divided(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(mark);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool read_part(std::string_view text, IndexPart& part) {
  if (text == "...") {
    part.kind = IndexPart::Kind::rest;
    return true;
  }
  const std::vector<std::string_view> pieces = divided(text, ':');
  if (pieces.size() == 1) {
    part.kind = IndexPart::Kind::single;
    return read_number(text, part.single);
  }
  if (pieces.size() > 3) return false;
  const auto read = [&](std::size_t i, std::optional<std::ptrdiff_t>& value) {
    std::ptrdiff_t number = 0;
    if (i >= pieces.size() || pieces[i].empty()) return true;
    if (!read_number(pieces[i], number)) return false;
    value = number;
    return true;
  };
  std::optional<std::ptrdiff_t> step;
  if (!read(0, part.slice.start) || !read(1, part.slice.stop) || !read(2, step)) return false;
  part.slice.step = step.value_or(1);
  return true;
}

Error unreadable(std::string_view text) {
  const std::string quoted(text);
  return {
      "layout-text",
      "\u201C" + quoted + "\u201D cannot be read. Write for example permute(1,0), reshape(2,-1), flip(1) or [:, ::2].",
      {quoted}};
}

// "(…)" or "[…]" from the front of `text`; false without the closing sign.
bool take_group(std::string_view& text, char close, std::string_view& inside) {
  const std::size_t end = text.find(close);
  if (end == std::string_view::npos) return false;
  inside = trimmed(text.substr(1, end - 1));
  text = trimmed(text.substr(end + 1));
  return true;
}

bool read_call(std::string_view& text, LayoutOp& op) {
  const std::size_t end = text.find('(');
  if (end == std::string_view::npos) return false;
  const std::string_view name = trimmed(text.substr(0, end));
  bool known = false;
  for (const OpName& row : op_names) {
    if (row.name != name) continue;
    op.kind = row.kind;
    known = true;
  }
  std::string_view inside;
  text.remove_prefix(end);
  if (!known || !take_group(text, ')', inside)) return false;
  if (inside.empty()) return true;
  for (const std::string_view piece : divided(inside, ',')) {
    if (!read_number(piece, op.numbers.emplace_back())) return false;
  }
  return true;
}

bool read_index(std::string_view& text, LayoutOp& op) {
  op.kind = LayoutOpKind::index;
  std::string_view inside;
  if (!take_group(text, ']', inside) || inside.empty()) return false;
  for (const std::string_view piece : divided(inside, ',')) {
    if (!read_part(piece, op.parts.emplace_back())) return false;
  }
  return true;
}

std::string part_text(const IndexPart& part) {
  if (part.kind == IndexPart::Kind::rest) return "...";
  if (part.kind == IndexPart::Kind::single) return std::to_string(part.single);
  std::string out;
  if (part.slice.start) out += std::to_string(*part.slice.start);
  out += ':';
  if (part.slice.stop) out += std::to_string(*part.slice.stop);
  if (part.slice.step != 1) out += ':' + std::to_string(part.slice.step);
  return out;
}

}  // namespace

Result<std::vector<LayoutOp>> parse_layout_ops(std::string_view text) {
  std::vector<LayoutOp> ops;
  text = trimmed(text);
  while (!text.empty()) {
    const std::string_view rest = text;
    if (text.front() == '.') text = trimmed(text.substr(1));
    LayoutOp op;
    const bool read = !text.empty() && (text.front() == '[' ? read_index(text, op) : read_call(text, op));
    if (!read) return unreadable(rest);
    if (static_cast<int>(ops.size()) == max_layout_ops) {
      const std::string most = std::to_string(max_layout_ops);
      return Error{"layout-long", "At most " + most + " operations, please.", {most}};
    }
    ops.push_back(std::move(op));
  }
  return ops;
}

std::string layout_op_text(const LayoutOp& op) {
  std::string out;
  if (op.kind == LayoutOpKind::index) {
    for (const IndexPart& part : op.parts) out += (out.empty() ? "[" : ", ") + part_text(part);
    return out + ']';
  }
  for (const OpName& row : op_names) {
    if (row.kind == op.kind) out = row.name;
  }
  out += '(';
  for (std::size_t i = 0; i < op.numbers.size(); ++i) out += (i > 0 ? ", " : "") + std::to_string(op.numbers[i]);
  return out + ')';
}

std::string layout_ops_text(const std::vector<LayoutOp>& ops) {
  std::string out;
  for (const LayoutOp& op : ops) out += (op.kind == LayoutOpKind::index || out.empty() ? "" : ".") + layout_op_text(op);
  return out;
}

}  // namespace cvlab
