#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "app/shell/text.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

struct ChainRuleFixture : DemoFixture {
  ChainRuleFixture(std::string_view expression, std::string_view values) : DemoFixture("chain-rule") {
    set("expression", expression);
    CHECK(problem);
    set("values", values);
    CHECK(problem);
  }
  double derivative(std::string_view by) {
    set("look", by);
    return number("gradient");
  }
};

using Numbers = std::vector<std::pair<const char*, double>>;

void check_derivatives(ChainRuleFixture& demo, const Numbers& expected, double tolerance) {
  for (const auto& [name, value] : expected) {
    INFO(name);
    CHECK_THAT(demo.derivative(name), WithinAbs(value, tolerance));
    CHECK_THAT(demo.number("check"), WithinAbs(demo.number("gradient"), 1e-8));
  }
}

}  // namespace

// PyTorch 1.13.0, float64.
TEST_CASE("chain rule: two neurons in a row, as PyTorch has them", "[app][chain-rule][golden]") {
  DemoFixture demo("chain-rule");
  CHECK_THAT(demo.number("output"), WithinAbs(0.4597795955816998, 1e-14));
  CHECK(demo.number("operations") == 8);
  CHECK(demo.number("inputs") == 6);
  CHECK(demo.number("worst_difference") < 1e-9);
  const Numbers torch = {{"x", 0.20870672793247297},   {"w1", 0.08348269117298919}, {"b1", 0.13913781862164865},
                         {"w2", -0.18426864987098854}, {"b2", -0.2960332356415955}, {"y", 1.3561409891035663}};
  for (const auto& [name, value] : torch) {
    demo.set("look", name);
    CHECK_THAT(demo.number("gradient"), WithinAbs(value, 1e-14));
    CHECK_THAT(demo.number("check"), WithinAbs(value, 1e-9));
  }
}

TEST_CASE("chain rule: a part used twice, max, sin, exp and log, as PyTorch has them", "[app][chain-rule][golden]") {
  ChainRuleFixture demo("h = tanh(x*y); max(h, sin(x))*exp(-y/2) + log(x)^2", "x=0.7; y=-1.3");
  CHECK_THAT(demo.number("output"), WithinAbs(1.3612422983103996, 1e-14));
  check_derivatives(demo, {{"x", 0.44601516909935235}, {"y", -0.6170126413383508}}, 1e-14);
}

// (x + y) z and 1 / (1 + exp(-(w0 x0 + w1 x1 + w2))): the worked examples of the Stanford course CS231n
// (backpropagation notes), the latter printed there with two digits. The tanh neuron is A. Karpathy's (micrograd).
TEST_CASE("chain rule: published examples", "[app][chain-rule][golden]") {
  ChainRuleFixture first("(x + y)*z", "x=-2; y=5; z=-4");
  CHECK(first.number("output") == -12);
  check_derivatives(first, {{"x", -4}, {"y", -4}, {"z", 3}, {"v1", -4}, {"v2", 1}}, 1e-12);

  ChainRuleFixture second("1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", "w0=2; x0=-1; w1=-3; x1=-2; w2=-3");
  CHECK_THAT(second.number("output"), WithinAbs(0.73, 0.005));
  check_derivatives(second, {{"w0", -0.20}, {"x0", 0.39}, {"w1", -0.39}, {"x1", -0.59}, {"w2", 0.20}}, 0.006);

  ChainRuleFixture third("n = x1*w1 + x2*w2 + b; tanh(n)", "x1=2; x2=0; w1=-3; w2=1; b=6.8813735870195432");
  CHECK_THAT(third.number("output"), WithinAbs(0.7071, 1e-4));
  check_derivatives(third, {{"x1", -1.5}, {"w1", 1.0}, {"x2", 0.5}, {"w2", 0.0}, {"n", 0.5}}, 1e-9);
}

TEST_CASE("chain rule: forward node by node, then backward, then a rest", "[app][chain-rule]") {
  ChainRuleFixture demo("a*b + c", "a=2; b=3; c=-1");
  demo.set("step", "0");
  CHECK(demo.sentence() == "2 operations to compute; the result will be 5.");
  const auto forward = [&] {
    const bool more = demo.demo->step(+1);
    demo.demo->update(0.0);
    return more;
  };
  CHECK(forward());
  CHECK(demo.sentence() == "Step 1 of 4: v1 = 6.");
  CHECK(forward());
  CHECK(demo.sentence() == "Step 2 of 4: v2 = 5.");
  CHECK(forward());
  CHECK(demo.sentence() == "Step 3 of 4: v2, whose derivative is 1, passes it on. The result is 5.");
  CHECK(forward());
  CHECK(demo.number("step") == 4);
  CHECK_FALSE(forward());  // Play ends here
  CHECK(demo.number("step") == 4);
  CHECK(forward());  // and begins again
  CHECK(demo.number("step") == 0);
  CHECK_FALSE(demo.demo->step(-1));
  demo.set("step", "400");  // as far as it goes
  CHECK(demo.number("step") == 4);
  CHECK(demo.demo->step(-1));
  demo.demo->update(0.0);
  CHECK(demo.number("step") == 3);
}

TEST_CASE("chain rule: a wrong expression says what is wrong and where", "[app][chain-rule]") {
  ChainRuleFixture demo("x + * y", "");
  CHECK(demo.number("wrong_character") == 5);
  CHECK(std::isnan(demo.number("output")));
  CHECK(demo.sentence() == "Character 5: a number, a name or a parenthesis is missing here.");
  CHECK(demo.sentence("fr") != demo.sentence());
  CHECK_FALSE(demo.demo->step(+1));
  demo.set("expression", "x + y");
  CHECK(std::isnan(demo.number("wrong_character")));
  CHECK(demo.number("output") == 2);  // what has no value is 1
  demo.set("values", "x=3; y = -1.5; z=9");
  CHECK(demo.number("output") == 1.5);
  demo.set("values", "x=3; y");
  CHECK(demo.sentence().find("\u201Cy\u201D") != std::string::npos);
  CHECK(demo.sentence().find("name = number") != std::string::npos);
  CHECK(demo.number("output") == 4);  // what could be read counts
}

TEST_CASE("chain rule: values that are no numbers are said to be none", "[app][chain-rule]") {
  ChainRuleFixture demo("log(x)/y", "x=-1; y=0");
  CHECK(std::isnan(demo.number("output")));
  CHECK(std::isnan(demo.number("gradient")));
  CHECK(std::isnan(demo.number("worst_difference")));
  ChainRuleFixture huge("exp(exp(x))", "x=10");
  CHECK(std::isnan(huge.number("output")));
  ChainRuleFixture far("x*x + exp(x)", "x=1e200");
  CHECK(std::isnan(far.number("output")));
  ChainRuleFixture constant("2 + 3", "");
  CHECK(constant.number("output") == 5);
  CHECK(constant.number("inputs") == 0);
}

TEST_CASE("chain rule: a click on a node keeps it, and opens the number of an input", "[app][chain-rule]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("chain-rule", options);
  CHECK(it.app->set("expression", "x*x"));
  CHECK(it.app->set("values", "x=3"));
  const auto frame = [&] { it.frame(1000, 800); };
  frame();
  it.click(250, 240, 1000, 800);  // two columns: x in the middle of the first
  frame();
  CHECK(it.app->state()->raw("look") == "x");
  ImGui::GetIO().AddInputCharacter('5');
  frame();
  frame();
  CHECK(it.app->state()->raw("values") == "x=5");
  it.press(ImGuiKey_Enter);
  frame();
  it.click(750, 240, 1000, 800);
  frame();
  CHECK(it.app->state()->raw("look") == "v1");
  for (const Readout& readout : it.app->demo()->readouts()) {
    if (readout.id == "output") CHECK(std::get<double>(readout.value) == 25.0);
  }
}

TEST_CASE("chain rule: drawn at every size, pointed at everywhere, whatever was typed", "[app][chain-rule]") {
  std::string longest = "x";
  while (longest.size() < 290) longest += "*x+y";
  for (const std::string& expression :
       {std::string("(sigmoid(w2*sigmoid(w1*x + b1) + b2) - y)^2"), std::string("x"), std::string("7"),
        std::string("log(-x)/0 + max(y, y)"), std::string("z = 1e300*x; exp(z) + z*1e9 - tanh(z)"), std::string("x +"),
        longest}) {
    AppFixture it("chain-rule");
    CHECK(it.app->set("expression", expression));
    for (const char* step : {"0", "3", "400"}) {
      CHECK(it.app->set("step", step));
      for (const auto& [width, height] :
           {std::pair{1280.0F, 800.0F}, {360.0F, 900.0F}, {320.0F, 480.0F}, {190.0F, 150.0F}}) {
        it.frame(width, height);
        for (int i = 0; i < 25; ++i) {
          ImGui::GetIO().AddMousePosEvent(width * static_cast<float>(i * 37 % 97) / 97.0F,
                                          height * static_cast<float>(i * 53 % 89) / 89.0F);
          it.frame(width, height);
        }
      }
    }
  }
}
