// Text to ScalarGraph: recursive descent, one function for each level of binding.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <system_error>

#include "core/autodiff/scalar_graph.hpp"

namespace cvlab {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// exp to max; ScalarOp::number when the name is no function's.
ScalarOp function_named(std::string_view text) {
  for (int op = static_cast<int>(ScalarOp::exp); op <= static_cast<int>(ScalarOp::max); ++op)
    if (text == name(static_cast<ScalarOp>(op))) return static_cast<ScalarOp>(op);
  return ScalarOp::number;
}

// Of a text that has the form of a number; infinite when no double is near it.
double to_double(const std::string& text) {
  double value = 0.0;
#if defined(__cpp_lib_to_chars)
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return INFINITY;
#else  // libc++ on musl, whose strtod knows no locale
  value = std::strtod(text.c_str(), nullptr);
  const bool zero = text.substr(0, text.find_first_of("eE")).find_first_of("123456789") == std::string::npos;
  if (value == 0.0 && !zero) return INFINITY;
#endif
  return value;
}

}  // namespace

class ScalarParser {
 public:
  explicit ScalarParser(std::string_view text) : text_(text) {}

  Result<ScalarGraph> parse(std::size_t* wrong_at) {
    if (text_.size() > ScalarGraph::max_length) {
      fail(ScalarGraph::max_length, "expression-long", "The expression is too long: up to {1} characters can be read.",
           std::to_string(ScalarGraph::max_length));
    } else {
      statements();
    }
    if (!failed()) return std::move(graph_);
    if (wrong_at) *wrong_at = wrong_at_;
    return error_;
  }

 private:
  // statement { ";" statement } [ ";" ]; the last one is the result.
  void statements() {
    do {
      statement();
      if (failed() || end()) return;
      if (!take(';')) return unexpected();
    } while (!end());
  }

  void statement() {  // [ name "=" ] sum
    skip();
    const std::size_t begin = at_;
    const std::string_view word = identifier();
    const bool names = !word.empty() && take('=');
    if (names) {
      if (!name_fits(word, begin)) return;
      if (function_named(word) != ScalarOp::number || graph_.find(word) >= 0)
        return fail(begin, "expression-taken", "Character {0}: “{1}” already has a meaning.", word);
    } else {
      at_ = begin;
    }
    graph_.output_ = sum();
    if (failed() || !names) return;
    if (graph_.find(word) >= 0)
      return fail(begin, "expression-taken", "Character {0}: “{1}” already has a meaning.", word);  // h = h + 1
    graph_.names_.emplace_back(word, graph_.output_);
    ScalarNode& node = graph_.nodes_[static_cast<std::size_t>(graph_.output_)];
    if (node.name.empty()) node.name = word;
  }

  int sum() {
    skip();
    const std::size_t begin = at_;
    int left = product();
    while (!failed()) {
      if (take('+')) {
        left = add(ScalarOp::add, begin, left, product());
      } else if (take('-')) {
        left = add(ScalarOp::subtract, begin, left, product());
      } else {
        break;
      }
    }
    return left;
  }

  int product() {
    skip();
    const std::size_t begin = at_;
    int left = signed_power();
    while (!failed()) {
      if (take('*')) {
        left = add(ScalarOp::multiply, begin, left, signed_power());
      } else if (take('/')) {
        left = add(ScalarOp::divide, begin, left, signed_power());
      } else {
        break;
      }
    }
    return left;
  }

  int signed_power() {  // every nesting passes here
    skip();
    const std::size_t begin = at_;
    if (++depth_ > ScalarGraph::max_depth) {
      fail(begin, "expression-deep", "Character {0}: too many parentheses, signs or powers inside each other.");
      return -1;
    }
    const int node = take('-') ? add(ScalarOp::negate, begin, signed_power()) : power();
    --depth_;
    return node;
  }

  int power() {
    skip();
    const std::size_t begin = at_;
    const int base = operand();
    if (failed() || !take('^')) return base;
    return add(ScalarOp::power, begin, base, signed_power());
  }

  int operand() {
    skip();
    const std::size_t begin = at_;
    if (!end() && (is_digit(text_[at_]) || text_[at_] == '.')) return number();
    if (!end() && is_letter(text_[at_])) return named();
    if (take('(')) {
      const int inside = sum();
      if (failed() || take(')')) return inside;
      if (end()) {
        fail(begin, "expression-parenthesis", "Character {0}: this parenthesis is never closed.");
      } else {
        unexpected();
      }
      return -1;
    }
    if (!known_character()) return -1;
    fail(at_, "expression-operand", "Character {0}: a number, a name or a parenthesis is missing here.");
    return -1;
  }

  int number() {  // digits [ "." digits ] [ "e" [sign] digits ], or "." digits
    const std::size_t begin = at_;
    std::size_t digit_count = digits();
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      digit_count += digits();
    }
    const std::size_t mantissa_end = at_;
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (digits() == 0) at_ = mantissa_end;  // the e is something else
    }
    const std::string written(text_.substr(begin, at_ - begin));
    const double value = digit_count > 0 ? to_double(written) : INFINITY;
    if (!std::isfinite(value)) {
      fail(begin, "expression-number", "Character {0}: this number cannot be read.");
      return -1;
    }
    const int node = add(ScalarOp::number, begin);
    graph_.nodes_.back().value = value;
    graph_.nodes_.back().has_value = true;
    graph_.nodes_.back().name = written;
    return node;
  }

  int named() {
    const std::size_t begin = at_;
    const std::string_view word = identifier();
    if (const ScalarOp op = function_named(word); op != ScalarOp::number) return function(op, word, begin);
    if (const int known = graph_.find(word); known >= 0) return known;
    if (!name_fits(word, begin)) return -1;
    const int node = add(ScalarOp::input, begin);
    graph_.nodes_.back().has_value = true;
    graph_.nodes_.back().name = word;
    graph_.names_.emplace_back(word, node);
    return node;
  }

  int function(ScalarOp op, std::string_view word, std::size_t begin) {
    const bool two = op == ScalarOp::max;
    const auto written = [&] { return std::string(word) + (two ? "(a, b)" : "(a)"); };
    if (!take('(')) {
      fail(begin, "expression-function", "Character {0}: this function is written {1}.", written());
      return -1;
    }
    const int first = sum();
    if (failed()) return -1;
    int second = -1;
    if (two && take(',')) {
      second = sum();
      if (failed()) return -1;
    }
    if (!end() && (two != (second >= 0) || text_[at_] == ',')) {
      fail(text_[at_] == ',' ? at_ : begin, "expression-function", "Character {0}: this function is written {1}.",
           written());
      return -1;
    }
    if (take(')')) return add(op, begin, first, second);
    if (end()) {
      fail(begin, "expression-parenthesis", "Character {0}: this parenthesis is never closed.");
    } else {
      unexpected();
    }
    return -1;
  }

  int add(ScalarOp op, std::size_t begin, int first = -1, int second = -1) {
    if (failed()) return -1;
    ScalarNode node;
    node.op = op;
    node.operands = {first, second};
    node.operand_count = (first >= 0 ? 1 : 0) + (second >= 0 ? 1 : 0);
    node.first = begin;
    node.last = at_;
    graph_.nodes_.push_back(node);
    return static_cast<int>(graph_.nodes_.size()) - 1;
  }

  std::string_view identifier() {
    const std::size_t begin = at_;
    if (at_ < text_.size() && is_letter(text_[at_]))
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::size_t digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - begin;
  }

  void skip() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool end() {
    skip();
    return at_ == text_.size();
  }
  bool take(char c) {
    if (end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool name_fits(std::string_view word, std::size_t begin) {
    if (word.size() <= ScalarGraph::max_name) return true;
    fail(begin, "expression-name", "Character {0}: this name is longer than {1} letters.",
         std::to_string(ScalarGraph::max_name));
    return false;
  }

  // What stands here belongs to no expression at all.
  bool known_character() {
    if (at_ == text_.size()) return true;
    const char c = text_[at_];
    if (is_letter(c) || is_digit(c) || std::string_view("+-*/^(),.;=").find(c) != std::string_view::npos) return true;
    fail(at_, "expression-character", "Character {0}: this sign means nothing in an expression.");
    return false;
  }

  // After a complete operand.
  void unexpected() {
    if (!known_character()) return;
    switch (text_[at_]) {
      case ')':
        return fail(at_, "expression-closing", "Character {0}: this parenthesis closes nothing.");
      case ',':
        return fail(at_, "expression-comma", "Character {0}: a comma belongs inside max(a, b).");
      case '=':
        return fail(at_, "expression-equals", "Character {0}: an equals sign stands only after a name, as in h = 2*x.");
      default:
        return fail(at_, "expression-operator", "Character {0}: an operator such as + or * is missing here.");
    }
  }

  bool failed() const { return !error_.id.empty(); }
  // The first one counts. {0}: the character, from 1; {1}: `detail`.
  void fail(std::size_t at, const char* id, std::string sentence, std::string_view detail = {}) {
    if (failed()) return;
    wrong_at_ = at;
    error_ = {id, {}, {std::to_string(at + 1), std::string(detail)}};
    for (std::size_t i = 0; i < 2; ++i) {
      const char place[] = {'{', static_cast<char>('0' + i), '}', '\0'};
      const std::size_t mark = sentence.find(place);
      if (mark != std::string::npos) sentence.replace(mark, 3, error_.args[i]);
    }
    error_.sentence = std::move(sentence);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  ScalarGraph graph_;
  Error error_;
  std::size_t wrong_at_ = 0;
};

Result<ScalarGraph> ScalarGraph::parse(std::string_view text, std::size_t* wrong_at) {
  return ScalarParser(text).parse(wrong_at);
}

}  // namespace cvlab
