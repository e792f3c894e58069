#include "core/image/transfer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/image/curve_text.hpp"
#include "tests/core/image/points_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("transfer: 250 + 20 saturates to 255, and so is marked", "[image][transfer]") {
  const Transfer add = add_transfer(20);
  CHECK(add.value[250] == 255);
  CHECK(add.exact[250] == 270.0);
  CHECK(add.clipped(250) == 1);
  CHECK(add.value[235] == 255);  // exactly 255: kept
  CHECK(add.clipped(235) == 0);
  CHECK(add.clipped(236) == 1);
  const Transfer less = add_transfer(-20);
  CHECK(less.value[19] == 0);
  CHECK(less.clipped(19) == -1);
  CHECK(less.clipped(20) == 0);
}

TEST_CASE("transfer: gamma, contrast, inversion by hand", "[image][transfer]") {
  CHECK(gamma_transfer(0.5).value[64] == 128);  // 255 sqrt(64/255) = 127.75
  CHECK(gamma_transfer(2.0).value[128] == 64);  // 64.25
  CHECK(gamma_transfer(2.2).value[255] == 255);
  CHECK(gamma_transfer(0.1).value[0] == 0);
  CHECK(multiply_transfer(2.0, 128.0).value[100] == 72);  // 128 + 2 (100 - 128)
  CHECK(multiply_transfer(1.5).value[3] == 5);            // 4.5: halves go up
  CHECK(invert_transfer().value[10] == 245);
  CHECK(saturated_byte(std::nan("")) == 0);
}

TEST_CASE("transfer: a line through points is level beyond its ends", "[image][transfer]") {
  const std::array<CurvePoint, 3> points = {{{50, 0}, {100, 200}, {200, 100}}};
  const Transfer t = points_transfer(points);
  CHECK(t.value[0] == 0);
  CHECK(t.value[75] == 100);
  CHECK(t.value[150] == 150);
  CHECK(t.value[255] == 100);
  CHECK(points_transfer({}).value == identity_transfer().value);
}

TEST_CASE("transfer: equals OpenCV", "[image][transfer]") {
  const auto check = [](const std::string& name, const Transfer& transfer, const char* operation, int tolerance) {
    INFO(name << " " << operation);
    Image out;
    apply_curve(points_picture(name), transfer.value, out);
    CHECK(most_apart(out, points_picture(name + "-" + operation)) <= tolerance);
  };
  for (const char* name : points_pictures) {
    check(name, add_transfer(20), "add", 0);
    check(name, invert_transfer(), "invert", 0);
    check(name, gamma_transfer(0.5), "gamma", 0);
    check(name, multiply_transfer(1.6), "multiply", 0);
  }
}

TEST_CASE("transfer: applied fast is applied by definition; alpha stays; in place", "[image][transfer]") {
  const Transfer invert = invert_transfer();
  for (const auto& [width, height] : odd_sizes) {
    for (int channels = 1; channels <= 4; ++channels) {
      Image in = random_image(width, height, channels, 1), slow, fast;
      apply_curve_ref(in, invert.value, slow);
      apply_curve(in, invert.value, fast);
      CHECK(slow == fast);
      apply_curve(in, invert.value, in);
      CHECK(in == slow);
    }
  }
  const Image alpha = random_image(1, 1, 4, 2);
  Image out;
  apply_curve(alpha, invert.value, out);
  CHECK(out.data[3] == alpha.data[3]);
  CHECK(out.data[0] == 255 - alpha.data[0]);
}

TEST_CASE("transfer: flip mirrors, twice is nothing", "[image][transfer]") {
  Image in(3, 2, 1), out, back;
  in.data = {1, 2, 3, 4, 5, 6};
  flip(in, false, out);
  CHECK(out.data == std::vector<std::uint8_t>{3, 2, 1, 6, 5, 4});
  flip(in, true, out);
  CHECK(out.data == std::vector<std::uint8_t>{4, 5, 6, 1, 2, 3});
  flip(out, true, back);
  CHECK(back == in);
}

TEST_CASE("transfer: a curve's text is read, refused in words and written", "[image][transfer]") {
  const auto points = parse_curve(" 0,0  128,200 255,255 ");
  REQUIRE(points);
  CHECK(points.value() == std::vector<CurvePoint>{{0, 0}, {128, 200}, {255, 255}});
  CHECK(format_curve(points.value()) == "0,0 128,200 255,255");
  CHECK(parse_curve("").value().empty());
  for (const char* bad : {"1", "1,", ",2", "1,2,3", "1;2", "a,b", "0,256", "-1,0", "1.5,2", "5,5x"}) {
    INFO(bad);
    CHECK(parse_curve(bad).error().id == "curve.point");
  }
  CHECK(parse_curve("9,0 9,1").error().id == "curve.order");
  std::string many;
  for (int i = 0; i < 17; ++i) many += std::to_string(i) + ",0 ";
  CHECK(parse_curve(many).error().id == "curve.most");
}
