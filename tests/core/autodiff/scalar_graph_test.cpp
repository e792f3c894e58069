#include "core/autodiff/scalar_graph.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace cvlab;

namespace {

ScalarGraph graph_of(std::string_view text) {
  Result<ScalarGraph> parsed = ScalarGraph::parse(text);
  INFO(text << (parsed ? "" : ": " + parsed.error().sentence));
  REQUIRE(parsed);
  return std::move(parsed.value());
}

double value_of(std::string_view text) { return graph_of(text).forward(); }

std::string refusal(std::string_view text, std::size_t& at) {
  const Result<ScalarGraph> parsed = ScalarGraph::parse(text, &at);
  return parsed ? "" : parsed.error().id;
}

// The largest difference between backward and central differences over every node, relative where above 1.
double worst_gradient(ScalarGraph graph) {
  graph.backward();
  double worst = 0.0;
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const ScalarNode& node = graph.nodes()[i];
    if (node.op == ScalarOp::number) continue;
    const double expected = graph.finite_difference(static_cast<int>(i));
    worst = std::max(worst, std::abs(expected - node.gradient) / std::max(1.0, std::abs(expected)));
  }
  return worst;
}

// SYLLABUS row 40: the 2-2-2 network, one sample.
ScalarGraph backprop_network() {
  ScalarGraph graph = graph_of(
      "net_h1 = w1*i1 + w2*i2 + b1; out_h1 = sigmoid(net_h1);"
      "net_h2 = w3*i1 + w4*i2 + b1; out_h2 = sigmoid(net_h2);"
      "out_o1 = sigmoid(w5*out_h1 + w6*out_h2 + b2);"
      "out_o2 = sigmoid(w7*out_h1 + w8*out_h2 + b2);"
      "E = (t1 - out_o1)^2/2 + (t2 - out_o2)^2/2");
  const std::pair<const char*, double> given[] = {{"i1", .05}, {"i2", .10}, {"w1", .15}, {"w2", .20}, {"w3", .25},
                                                  {"w4", .30}, {"w5", .40}, {"w6", .45}, {"w7", .50}, {"w8", .55},
                                                  {"b1", .35}, {"b2", .60}, {"t1", .01}, {"t2", .99}};
  for (const auto& [name, value] : given) REQUIRE(graph.set(name, value));
  return graph;
}

void descend(ScalarGraph& graph, double rate) {  // biases stay
  graph.backward();
  std::vector<std::pair<std::string, double>> moved;
  for (int i = 1; i <= 8; ++i) {
    const std::string weight = "w" + std::to_string(i);
    moved.emplace_back(weight, graph.value(weight) - rate * graph.gradient(weight));
  }
  for (const auto& [weight, value] : moved) graph.set(weight, value);
}

}  // namespace

TEST_CASE("scalar graph: what binds first", "[core][autodiff]") {
  CHECK(value_of("1 + 2*3") == 7.0);
  CHECK(value_of("(1 + 2)*3") == 9.0);
  CHECK(value_of("8 - 4 - 2") == 2.0);
  CHECK(value_of("8/4/2") == 1.0);
  CHECK(value_of("2^3^2") == 512.0);
  CHECK(value_of("-2^2") == -4.0);
  CHECK(value_of("2^-1") == 0.5);
  CHECK(value_of("2*-3") == -6.0);
  CHECK(value_of("--3") == 3.0);
  CHECK(value_of(" .5e1\t+ 1.\n") == 6.0);
  CHECK(value_of("max(1, max(3, 2)) + relu(-1) + relu(2)") == 5.0);
  CHECK(value_of("a = 2; b = a*a; b + a;") == 6.0);
  CHECK(value_of("exp(0) + log(1) + sin(0) + cos(0) + tanh(0) + sigmoid(0)") == 2.5);
}

TEST_CASE("scalar graph: by hand, step by step", "[core][autodiff]") {
  // f = (x*y + sin(x)) * y at x = 0, y = 3: xy = 0, sin x = 0, f = 0;  df/dx = y*y + cos(x)*y = 12, df/dy = 2xy + sin
  // x.
  ScalarGraph graph = graph_of("(x*y + sin(x))*y");
  REQUIRE(graph.set("y", 3.0));
  CHECK(graph.inputs().size() == 2);
  CHECK(graph.nodes().size() == 6);    // x and y once each, two products, sin, +
  CHECK(graph.backward_step() == -1);  // nothing before the values are there
  std::vector<std::string> order;
  for (int at; (at = graph.forward_step()) >= 0;) {
    const ScalarNode& node = graph.nodes()[static_cast<std::size_t>(at)];
    CHECK(node.has_value);
    for (int i = 0; i < node.operand_count; ++i) CHECK(node.operands[static_cast<std::size_t>(i)] < at);
    order.emplace_back(name(node.op));
  }
  CHECK(order == std::vector<std::string>{"*", "sin", "+", "*"});
  const ScalarNode& out = graph.nodes()[static_cast<std::size_t>(graph.output())];
  CHECK((out.value == 0.0 && out.derivatives[0] == 3.0 && out.derivatives[1] == 0.0));
  CHECK_FALSE(out.has_gradient);

  order.clear();
  for (int at; (at = graph.backward_step()) >= 0;) {
    CHECK(graph.nodes()[static_cast<std::size_t>(at)].has_gradient);
    order.emplace_back(name(graph.nodes()[static_cast<std::size_t>(at)].op));
    if (order.size() == 2) {  // y has one of its two contributions, x none
      CHECK_FALSE(graph.nodes()[static_cast<std::size_t>(graph.find("y"))].has_gradient);
      CHECK_FALSE(graph.nodes()[static_cast<std::size_t>(graph.find("x"))].has_gradient);
    }
  }
  CHECK(order == std::vector<std::string>{"*", "+", "sin", "*"});
  CHECK(graph.gradient("x") == 12.0);
  CHECK(graph.gradient("y") == 0.0);
  CHECK(graph.nodes()[static_cast<std::size_t>(graph.find("x"))].has_gradient);
}

TEST_CASE("scalar graph: the neuron of micrograd's lecture", "[core][autodiff][golden]") {
  // A. Karpathy, micrograd: o = tanh(x1 w1 + x2 w2 + b); b makes o = sqrt(1/2), so tanh' = 1/2.
  ScalarGraph graph = graph_of("n = x1*w1 + x2*w2 + b; tanh(n)");
  for (const auto& [name, value] :
       {std::pair<const char*, double>{"x1", 2.0}, {"x2", 0.0}, {"w1", -3.0}, {"w2", 1.0}, {"b", 6.8813735870195432}})
    REQUIRE(graph.set(name, value));
  graph.backward();
  CHECK(std::abs(graph.forward() - std::sqrt(0.5)) < 1e-12);
  const std::pair<const char*, double> expected[] = {{"x1", -1.5}, {"w1", 1.0}, {"x2", 0.5}, {"w2", 0.0}, {"n", 0.5}};
  for (const auto& [name, gradient] : expected) CHECK(std::abs(graph.gradient(name) - gradient) < 1e-12);
}

TEST_CASE("scalar graph: the canonical 2-2-2 example", "[core][autodiff][golden]") {
  ScalarGraph graph = backprop_network();
  CHECK(worst_gradient(graph) < 1e-7);
  graph.forward();
  CHECK(std::abs(graph.value("net_h1") - 0.3775) < 1e-12);
  CHECK(std::abs(graph.value("out_h1") - 0.593269992) < 1e-9);
  CHECK(std::abs(graph.value("out_o1") - 0.751365070) < 1e-9);
  CHECK(std::abs(graph.value("out_o2") - 0.772928465) < 1e-9);
  CHECK(std::abs(graph.value("E") - 0.298371109) < 1e-9);
  descend(graph, 0.5);
  CHECK(std::abs(graph.value("w5") - 0.358916480) < 1e-9);
  CHECK(std::abs(graph.value("w6") - 0.408666186) < 1e-9);
  CHECK(std::abs(graph.value("w7") - 0.511301270) < 1e-9);
  CHECK(std::abs(graph.value("w8") - 0.561370121) < 1e-9);
  CHECK(std::abs(graph.value("w1") - 0.149780716) < 1e-9);
  CHECK(std::abs(graph.forward() - 0.291027774) < 1e-9);
  for (int step = 1; step < 10'000; ++step) descend(graph, 0.5);
  CHECK(std::abs(graph.forward() - 3.51019e-5) < 5e-11);
}

TEST_CASE("scalar graph: gradients equal central differences", "[core][autodiff]") {
  const char* expressions[] = {"x + y",
                               "x - y",
                               "x*y*x",
                               "x/y",
                               "(x*x + 2)^y",
                               "y^3 + 2^x",
                               "-x*y",
                               "exp(x*y)",
                               "log(y) - log(3)",
                               "sin(x)*cos(y)",
                               "tanh(x - y)",
                               "sigmoid(x*y)*x",
                               "relu(x)*y",
                               "relu(-x)*y",
                               "max(x, y)*x",
                               "max(y, x*2)/y",
                               "x^-2",
                               "x^2^y",
                               "(2*x + 1)^0*y",
                               "a = x*y; b = a + x; max(a, b)*a - sigmoid(b)/a",
                               "(tanh(W2*tanh(W1*x + b1) + b2) - y)^2"};
  for (const char* expression : expressions) {
    for (const double x : {0.7, 1.3}) {
      ScalarGraph graph = graph_of(expression);
      double value = x;
      for (const int input : graph.inputs()) {
        graph.set(graph.nodes()[static_cast<std::size_t>(input)].name, value);
        value = 1.9 - 0.6 * value;
      }
      INFO(expression << " at " << x);
      CHECK(worst_gradient(graph) < 1e-7);
    }
  }
}

TEST_CASE("scalar graph: kinks, numbers and values that are none", "[core][autodiff]") {
  ScalarGraph graph = graph_of("relu(x) + max(y, z)");
  graph.backward();
  CHECK(graph.gradient("x") == 0.0);
  CHECK((graph.gradient("y") == 0.5 && graph.gradient("z") == 0.5));
  ScalarGraph power = graph_of("x^2");  // below 0 only the number's side would be undefined
  power.set("x", -3.0);
  power.backward();
  CHECK((power.forward() == 9.0 && power.gradient("x") == -6.0));
  ScalarGraph zero = graph_of("x^0 + x^1");
  zero.backward();
  CHECK(zero.gradient("x") == 1.0);
  CHECK(std::isnan(value_of("log(-1)")));
  CHECK(std::isnan(value_of("relu(log(-1))")));
  CHECK(std::isnan(value_of("max(1, log(-1))")));
  CHECK(std::isinf(value_of("1/0")));
  ScalarGraph unused = graph_of("a = x*y; x + 1");
  unused.backward();
  CHECK((unused.gradient("x") == 1.0 && unused.gradient("y") == 0.0 && unused.gradient("a") == 0.0));
  CHECK_FALSE(unused.set("a", 1.0));
  CHECK_FALSE(unused.set("nobody", 1.0));
  CHECK(unused.find("nobody") == -1);
}

TEST_CASE("scalar graph: an operation by itself, and the output along one node", "[core][autodiff]") {
  CHECK(scalar_value(ScalarOp::sigmoid, 0.0) == 0.5);
  CHECK(scalar_derivatives(ScalarOp::sigmoid, 0.0, 0.0, 0.5)[0] == 0.25);
  CHECK(scalar_value(ScalarOp::power, 3.0, 2.0) == 9.0);
  CHECK(scalar_derivatives(ScalarOp::power, 3.0, 2.0, 9.0)[0] == 6.0);
  ScalarGraph graph = graph_of("h = w*x; (h - 1)^2");
  graph.set("w", 2.0);
  graph.set("x", 3.0);
  CHECK(graph.output_with(-1, 0.0) == 25.0);
  CHECK(graph.output_with(graph.find("w"), 1.0) == 4.0);
  CHECK(graph.output_with(graph.find("h"), 0.0) == 1.0);
  CHECK(graph.forward() == 25.0);  // the graph itself stays as it is
}

TEST_CASE("scalar graph: setting an input starts again", "[core][autodiff]") {
  ScalarGraph graph = graph_of("x*x + y");
  graph.set("x", 2.0);
  graph.backward();
  CHECK(graph.gradient("x") == 4.0);
  graph.set("x", 5.0);
  for (const ScalarNode& node : graph.nodes()) CHECK_FALSE(node.has_gradient);
  graph.backward();
  CHECK((graph.forward() == 25.0 && graph.gradient("x") == 10.0 && graph.gradient("y") == 1.0));
}

TEST_CASE("scalar graph: nodes know their piece of the text", "[core][autodiff]") {
  const std::string text = "h = (x + 1)*2;  exp( h )";
  const ScalarGraph graph = graph_of(text);
  std::vector<std::string> pieces;
  for (const ScalarNode& node : graph.nodes()) pieces.push_back(text.substr(node.first, node.last - node.first));
  CHECK(pieces == std::vector<std::string>{"x", "1", "x + 1", "2", "(x + 1)*2", "exp( h )"});
  CHECK(graph.nodes()[static_cast<std::size_t>(graph.find("h"))].name == "h");
}

TEST_CASE("scalar graph: a wrong expression is pointed at", "[core][autodiff]") {
  const std::string long_name(ScalarGraph::max_name + 1, 'a');
  const std::string deep = std::string(1500, '(') + "x";
  const std::string too_long = "x" + std::string(ScalarGraph::max_length, ' ');
  const struct {
    std::string text;
    std::size_t at;
    const char* id;
  } cases[] = {{"", 0, "expression-operand"},
               {"  ", 2, "expression-operand"},
               {"x +", 3, "expression-operand"},
               {"x + * y", 4, "expression-operand"},
               {"2x", 1, "expression-operator"},
               {"x (y)", 2, "expression-operator"},
               {"x + 3 $ 4", 6, "expression-character"},
               {"x + π", 4, "expression-character"},
               {"2·x", 1, "expression-character"},
               {"(x + 1", 0, "expression-parenthesis"},
               {"exp(x", 0, "expression-parenthesis"},
               {"(x y)", 3, "expression-operator"},
               {"x)", 1, "expression-closing"},
               {"x, y", 1, "expression-comma"},
               {"x + y = 3", 6, "expression-equals"},
               {"exp x", 0, "expression-function"},
               {"1 + max(x)", 4, "expression-function"},
               {"exp(x, y)", 5, "expression-function"},
               {"max(x, y, z)", 8, "expression-function"},
               {"exp()", 4, "expression-operand"},
               {"exp = 3", 0, "expression-taken"},
               {"a = 1; a = 2", 7, "expression-taken"},
               {"x; x = 2", 3, "expression-taken"},
               {"a = 1; b = b + a", 7, "expression-taken"},
               {"1 + 1e999", 4, "expression-number"},
               {"1e-999", 0, "expression-number"},
               {".", 0, "expression-number"},
               {"2e + 1", 1, "expression-operator"},
               {"x;;y", 2, "expression-operand"},
               {"1 + " + long_name, 4, "expression-name"},
               {long_name + " = 1", 0, "expression-name"},
               {deep, ScalarGraph::max_depth, "expression-deep"},
               {std::string(1500, '-'), ScalarGraph::max_depth, "expression-deep"},
               {too_long, ScalarGraph::max_length, "expression-long"}};
  for (const auto& wrong : cases) {
    INFO(wrong.text.substr(0, 60));
    std::size_t at = 9999;
    CHECK(refusal(wrong.text, at) == wrong.id);
    CHECK(at == wrong.at);
  }
  const Result<ScalarGraph> parsed = ScalarGraph::parse("x + 3 $ 4");
  CHECK(parsed.error().sentence == "Character 7: this sign means nothing in an expression.");
}
