#include "core/tensor/layout.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/tensor/layout_chain.hpp"
#include "tests/core/reference_data.hpp"

using namespace cvlab;

namespace {

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out;
  std::size_t from = 0;
  for (std::size_t end; (end = line.find(';', from)) != std::string::npos; from = end + 1)
    out.push_back(line.substr(from, end - from));
  out.push_back(line.substr(from));
  return out;
}

std::vector<std::ptrdiff_t> numbers(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::ptrdiff_t> out;
  for (std::ptrdiff_t n = 0; in >> n;) out.push_back(n);
  return out;
}

std::vector<LayoutOp> ops_of(const std::string& text) {
  auto ops = parse_layout_ops(text);
  INFO(text);
  REQUIRE(ops);
  return std::move(ops).value();
}

LayoutChain chain_of(const std::string& start, const std::string& text, int* done = nullptr) {
  const auto sizes = numbers(start);
  LayoutChain chain(Shape(std::span<const std::ptrdiff_t>(sizes)), {});
  const int applied = chain.apply_all(ops_of(text));
  if (done != nullptr) *done = applied;
  return chain;
}

std::string why(const std::string& start, const std::string& text) { return chain_of(start, text).problem().id; }

}  // namespace

TEST_CASE("layout: shapes, strides, beginnings, copies and elements as PyTorch and NumPy have them",
          "[tensor][golden]") {
  const auto bytes = test::reference_file("torch/layouts.txt");
  std::istringstream file(std::string(bytes.begin(), bytes.end()));
  std::string line;
  int cases = 0;
  while (std::getline(file, line)) {
    if (line.front() == '#') continue;
    INFO(line);
    const auto field = fields(line);
    int done = 0;
    const LayoutChain chain = chain_of(field[0], field[1], &done);
    const int asked = static_cast<int>(ops_of(field[1]).size());
    ++cases;
    if (field[2] == " refused") {
      CHECK(done == asked - 1);
      CHECK(chain.problem().id == "layout-view");
      continue;
    }
    REQUIRE(done == asked);
    const Layout& layout = chain.last().layout;
    const auto shape = numbers(field[2]), strides = numbers(field[3]), elements = numbers(field[6]);
    REQUIRE(layout.shape == Shape(std::span<const std::ptrdiff_t>(shape)));
    bool copied = false;
    for (const LayoutStage& stage : chain.stages()) copied = copied || stage.copied;
    CHECK(copied == (field[5] == " 1"));
    if (layout.shape.count() > 0) CHECK(layout.offset == numbers(field[4]).at(0));
    for (int axis = 0; axis < layout.shape.rank(); ++axis) {
      if (layout.shape[axis] > 1)
        CHECK(layout.strides[static_cast<std::size_t>(axis)] == strides[static_cast<std::size_t>(axis)]);
    }
    const Tensor all = gathered(chain.view(chain.last()));
    REQUIRE(all.count() == static_cast<std::ptrdiff_t>(elements.size()));
    for (std::ptrdiff_t i = 0; i < all.count(); ++i)
      REQUIRE(all.data()[i] == static_cast<float>(elements[static_cast<std::size_t>(i)]));
  }
  CHECK(cases == 59);
}

// By hand: NCHW 2 x 3 x 4 x 5 has strides 60, 20, 5, 1.
TEST_CASE("layout: the place of an element", "[tensor]") {
  const Layout nchw = row_major({2, 3, 4, 5});
  CHECK(nchw.place({1, 2, 3, 0}) == 60 + 40 + 15);
  const std::array<std::ptrdiff_t, 4> order = {0, 2, 3, 1};
  const Layout nhwc = permuted(nchw, order).value();
  CHECK(nhwc.place({1, 3, 0, 2}) == 60 + 40 + 15);
  CHECK_FALSE(nhwc.contiguous());
  std::ptrdiff_t needed = 0;
  CHECK(broken_axis(nhwc, &needed) == 3);  // C steps by 20
  CHECK(needed == 1);
  CHECK(broken_axis(nchw) == -1);
  CHECK(sliced(nchw, 0, {1, 2}).value().contiguous());
  CHECK(nchw.over(static_cast<const float*>(nullptr)).contiguous());
}

TEST_CASE("layout: every element once, and only once, whatever is permuted and flipped", "[tensor]") {
  for (const char* ops :
       {"permute(2,0,3,1).flip(0,3)", "flip(1).reshape(6,8).permute(1,0)", "[::-1, ::-1].contiguous()"}) {
    INFO(ops);
    const LayoutChain chain = chain_of("2 3 2 4", ops);
    const Tensor all = gathered(chain.view(chain.last()));
    std::vector<bool> seen(48, false);
    for (std::ptrdiff_t i = 0; i < all.count(); ++i) seen[static_cast<std::size_t>(all.data()[i])] = true;
    CHECK(seen == std::vector<bool>(48, true));
  }
}

TEST_CASE("layout: two shapes meet from the right", "[tensor]") {
  CHECK(broadcast_shape({3, 1}, {4}).value() == Shape{3, 4});
  CHECK(broadcast_shape({2, 3, 4, 5}, {3, 1, 1}).value() == Shape{2, 3, 4, 5});
  CHECK(broadcast_shape({}, {2}).value() == Shape{2});
  CHECK(broadcast_shape({1, 0}, {5, 1}).value() == Shape{5, 0});
  const auto wrong = broadcast_shape({2, 3, 4}, {2, 4});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().id == "layout-broadcast");
  CHECK(wrong.error().args == std::vector<std::string>{"2", "3", "2"});
}

TEST_CASE("layout: what cannot be done says why", "[tensor]") {
  CHECK(why("2 3", "permute(0,0)") == "layout-permutation");
  CHECK(why("2 3", "permute(0)") == "layout-permutation");
  CHECK(why("2 3", "permute(0,2)") == "layout-axis");
  CHECK(why("2 3", "permute(0,99999999)") == "layout-permutation");
  CHECK(why("2 3", "transpose(0)") == "layout-arguments");
  CHECK(why("2 3", "transpose(0,7)") == "layout-axis");
  CHECK(why("2 3", "flip()") == "layout-arguments");
  CHECK(why("2 3", "flip(2)") == "layout-axis");
  CHECK(why("2 3", "[5]") == "layout-index");
  CHECK(why("2 3", "[::0]") == "layout-step");
  CHECK(why("2 3", "[:,:,:]") == "layout-parts");
  CHECK(why("2 3", "[...,...]") == "layout-parts");
  CHECK(why("2 3", "reshape(4,2)") == "layout-count");
  CHECK(why("2 3", "reshape(4,-1)") == "layout-multiple");
  CHECK(why("2 3", "reshape(0,-1)") == "layout-multiple");
  CHECK(why("2 3", "reshape(-1,-1)") == "layout-open");
  CHECK(why("2 3", "reshape(-2,3)") == "layout-negative");
  CHECK(why("2 3", "reshape(2000000000,2000000000,2000000000)") == "layout-count");
  CHECK(why("1 1 1", "reshape(1,1,1,1,1,1,1)") == "layout-rank");
  CHECK(why("1 1 1 1 1 1", "unsqueeze(0)") == "layout-rank");
  CHECK(why("2 3", "squeeze(0)") == "layout-squeeze");
  CHECK(why("2 3", "expand(4,3)") == "layout-expand");
  CHECK(why("2 3", "expand(3)") == "layout-expand-rank");
  CHECK(why("1", "expand(2000000000)") == "layout-large");
  CHECK(why("2 3", "permute(1,0).view(6)") == "layout-view");
  CHECK(why("2 3", "").empty());
}

TEST_CASE("layout: what cannot be read says where, what can be comes back as it was", "[tensor]") {
  for (const char* text : {"x", "permute", "permute(1", "permute(1,)", "[1", "[]", "[a]", "[1:2:3:4]", "flip(1)x", ".",
                           "rot(1)", "permute(99999999999)", "é"}) {
    INFO(text);
    const auto ops = parse_layout_ops(text);
    REQUIRE_FALSE(ops);
    CHECK(ops.error().id == "layout-text");
  }
  for (const char* text :
       {"permute(0, 2, 3, 1)[:, 1:, ::2].reshape(2, -1)", "[..., 1]", "[-1, 2::-1]", "contiguous()", ""})
    CHECK(layout_ops_text(ops_of(text)) == text);
  CHECK(layout_ops_text(ops_of(" .flip( 1 ) . view(-1) [ 0 , ... ] ")) == "flip(1).view(-1)[0, ...]");
  CHECK(parse_layout_ops("flip(0)flip(0)flip(0)flip(0)flip(0)flip(0)flip(0)flip(0)flip(0)flip(0)flip(0)flip(0)flip(0)")
            .error()
            .id == "layout-long");
}

TEST_CASE("layout: axes keep their names, join and divide them", "[tensor]") {
  const auto names = [](const char* ops) {
    LayoutChain chain({2, 3, 2, 4}, {"N", "C", "H", "W"});
    chain.apply_all(ops_of(ops));
    std::string out;
    for (const std::string& name : chain.last().names) out += name + ' ';
    return out;
  };
  CHECK(names("permute(0,2,3,1)") == "N H W C ");
  CHECK(names("[0, :, 1]") == "C W ");
  CHECK(names("reshape(2,3,8)") == "N C HW ");
  CHECK(names("reshape(2,3,2,2,2)") == "N C H W\u2081 W\u2082 ");
  CHECK(names("reshape(48)") == "NCHW ");
  CHECK(names("unsqueeze(1)") == "N 1 C H W ");
  CHECK(names("reshape(2,3,1,2,4)") == "N C 1 H W ");
  CHECK(names("unsqueeze(0).reshape(2,3,8)") == "N C HW ");
  CHECK(names("reshape(2,2,3,4)") == "N \u00B7 \u00B7 W ");
}
