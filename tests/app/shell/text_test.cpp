#include "app/shell/text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>

using namespace cvlab::app;

TEST_CASE("text: percent-encoding follows RFC 3986 and comes back", "[app][shell]") {
  CHECK(percent_encode("1 2 1; -1") == "1%202%201;%20-1");
  CHECK(percent_encode("5,7") == "5,7");
  CHECK(percent_encode("a&b=c%+") == "a%26b%3Dc%25%2B");
  CHECK(percent_encode("é") == "%C3%A9");
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  CHECK(percent_decode(percent_encode(every_byte)) == every_byte);
}

TEST_CASE("text: what is no percent-code stands for itself", "[app][shell]") {
  CHECK(percent_decode("100%") == "100%");
  CHECK(percent_decode("%zz%4") == "%zz%4");
  CHECK(percent_decode("a+b%2bc") == "a b+c");
  CHECK(percent_decode("%00") == std::string(1, '\0'));
}

TEST_CASE("text: numbers are read whole or not at all", "[app][shell]") {
  CHECK(parse_number("-12.5e1") == -125.0);
  CHECK(parse_number(".5") == 0.5);
  CHECK(parse_number("+3.") == 3.0);
  CHECK(parse_number("0.1") == 0.1);
  CHECK(parse_number("1e-320") == 1e-320);  // subnormal, still a number
  CHECK(parse_number("0e999") == 0.0);
  for (const char* bad : {"",    " ",        "-",   ".",  "e5",  "1e",    "1e+",   "1,5",    "0x10",   "nan",
                          "inf", "infinity", "1 2", " 1", "--1", "1.2.3", "1e999", "-1e999", "1e-999", "१"}) {
    INFO(bad);
    CHECK_FALSE(parse_number(bad));
  }
  CHECK_FALSE(parse_number(std::string(100000, '9')));
}

TEST_CASE("text: the shortest text of a number reads back as the same number", "[app][shell]") {
  CHECK(format_number(0.1) == "0.1");
  CHECK(format_number(-0.0) == "0");
  CHECK(format_number(5.0) == "5");
  for (const double value : {1.0 / 3.0, 1e-300, -2.5e17, 123456.789, std::numeric_limits<double>::max(),
                             std::numeric_limits<double>::denorm_min()}) {
    CHECK(parse_number(format_number(value)) == value);
  }
}

TEST_CASE("text: well-formed UTF-8 is RFC 3629's", "[app][shell]") {
  CHECK(is_utf8("a é € 𝄞"));
  for (const char* bad :
       {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("text: what is shown of a hostile string is short and readable", "[app][shell]") {
  CHECK(for_display("abc") == "abc");
  CHECK(for_display("a\x01\xff z") == "a?? z");
  CHECK(for_display(std::string("a\0b", 3)) == "a?b");
  CHECK(for_display("éé", 3) == "é…");
  CHECK(is_utf8(for_display(std::string(1000, '\xe2'))));
}
