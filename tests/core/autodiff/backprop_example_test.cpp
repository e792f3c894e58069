#include "core/autodiff/backprop_example.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "core/autodiff/scalar_graph.hpp"

using namespace cvlab;

namespace {

bool near(double a, double b, double tolerance = 1e-9) { return std::abs(a - b) < tolerance; }

BackpropSettings lively() {
  BackpropSettings s;
  s.inputs = {-1.3, 2.1};
  s.targets = {0.7, 0.2};
  s.parameters = {0.8, -0.6, -1.1, 0.4, 1.7, -0.9, 0.3, 1.2, -0.5, 0.25};
  s.rate = 0.8;
  s.biases = true;
  return s;
}

}  // namespace

// Published: M. Mazur, A Step by Step Backpropagation Example.
TEST_CASE("backprop example: the published numbers", "[core][autodiff][golden]") {
  const BackpropExample it{BackpropSettings{}};
  const std::pair<const char*, double> published[] = {{"net_h1", 0.3775},
                                                      {"out_h1", 0.593269992},
                                                      {"out_h2", 0.596884378},
                                                      {"net_o1", 1.105905967},
                                                      {"out_o1", 0.75136507},
                                                      {"out_o2", 0.772928465},
                                                      {"E_o1", 0.274811083},
                                                      {"E_o2", 0.023560026},
                                                      {"E_total", 0.298371109},
                                                      {"dE_dout_o1", 0.74136507},
                                                      {"dout_o1_dnet_o1", 0.186815602},
                                                      {"dnet_o1_dw5", 0.593269992},
                                                      {"dE_dw5", 0.082167041},
                                                      {"dE_dnet_o1", 0.138498562},
                                                      {"dE_dout_h1", 0.036350306},
                                                      {"dout_h1_dnet_h1", 0.241300709},
                                                      {"dE_dw1", 0.000438568},
                                                      {"w1_new", 0.149780716},
                                                      {"w2_new", 0.19956143},
                                                      {"w3_new", 0.24975114},
                                                      {"w4_new", 0.29950229},
                                                      {"w5_new", 0.35891648},
                                                      {"w6_new", 0.408666186},
                                                      {"w7_new", 0.511301270},
                                                      {"w8_new", 0.561370121},
                                                      {"b1_new", 0.35},
                                                      {"b2_new", 0.60},
                                                      {"E_new", 0.291027774}};
  for (const auto& [name, value] : published) {
    INFO(name << " is " << it.value(name));
    CHECK(near(it.value(name), value, 6e-9));
  }
  const auto losses = backprop_losses(BackpropSettings{}, 10'000);
  CHECK(losses.size() == 10'001);
  CHECK(near(losses[1], 0.291027774));
  CHECK(near(losses[10'000], 3.51019e-5, 5e-11));
}

TEST_CASE("backprop example: gradients equal the scalar graph's and central differences", "[core][autodiff]") {
  for (const BackpropSettings& settings : {BackpropSettings{}, lively()}) {
    Result<ScalarGraph> parsed = ScalarGraph::parse(
        "out_h1 = sigmoid(w1*i1 + w2*i2 + b1); out_h2 = sigmoid(w3*i1 + w4*i2 + b1);"
        "out_o1 = sigmoid(w5*out_h1 + w6*out_h2 + b2); out_o2 = sigmoid(w7*out_h1 + w8*out_h2 + b2);"
        "(t1 - out_o1)^2/2 + (t2 - out_o2)^2/2");
    REQUIRE(parsed);
    ScalarGraph& graph = parsed.value();
    const BackpropExample it(settings);
    for (const char* given : {"i1", "i2", "t1", "t2"}) REQUIRE(graph.set(given, it.value(given)));
    for (const char* parameter : backprop_parameters) REQUIRE(graph.set(parameter, it.value(parameter)));
    graph.backward();
    CHECK(near(graph.forward(), it.value("E_total"), 1e-14));
    std::array<double, 10> gradient{};
    CHECK(backprop_gradient(settings, gradient) == backprop_loss(settings));
    for (std::size_t i = 0; i < backprop_parameters.size(); ++i) {
      const std::string name = backprop_parameters[i];
      INFO(name);
      CHECK(near(graph.gradient(name), gradient[i], 1e-14));
      CHECK(it.value("dE_d" + name) == gradient[i]);
      CHECK(near(it.finite_difference(static_cast<int>(i)), gradient[i]));
    }
    for (const char* inner : {"out_h1", "out_h2", "out_o1", "out_o2"})
      CHECK(near(graph.gradient(inner), it.value(std::string("dE_d") + inner), 1e-14));
  }
}

// Each formula's products, added up, are what the moment says; each quantity is there before it is used.
TEST_CASE("backprop example: the moments build every quantity from earlier ones", "[core][autodiff]") {
  for (const BackpropSettings& settings : {BackpropSettings{}, lively()}) {
    const BackpropExample it(settings);
    std::set<std::string> known = {"i1", "i2", "t1", "t2", "rate"};
    for (const char* parameter : backprop_parameters) known.insert(parameter);
    std::set<std::string> complete;
    for (const BackpropMoment& moment : it.moments()) {
      INFO(moment.target << " part " << moment.part);
      const BackpropFormula formula = it.formula(moment.target);
      REQUIRE(moment.part < static_cast<int>(formula.partial.size()));
      CHECK(formula.value == it.value(moment.target));
      CHECK_FALSE(moment.lit.empty());
      double product = 1.0;
      bool only_products = true;
      for (const BackpropTerm& term : formula.terms) {
        if (term.sign) {
          only_products = only_products && (term.text == "\u00B7" || term.text == "+");
        } else if (term.part == moment.part) {
          CHECK(term.value == it.value(term.text));
          product *= term.value;
          if (term.text.rfind("dnet_", 0) != 0) CHECK(known.contains(term.text));
        }
      }
      const auto part = static_cast<std::size_t>(moment.part);
      const double before = part > 0 ? formula.partial[part - 1] : 0.0;
      if (only_products && moment.target != "E_total") CHECK(near(formula.partial[part] - before, product, 1e-14));
      if (!moment.complete) continue;
      known.insert(moment.target);
      CHECK(complete.insert(moment.target).second);
      CHECK(formula.partial.back() == formula.value);
    }
    for (const char* parameter : backprop_parameters) {
      CHECK(complete.contains(std::string("dE_d") + parameter));
      CHECK(complete.contains(std::string(parameter) + "_new") == (parameter[0] == 'w' || settings.biases));
    }
  }
}

TEST_CASE("backprop example: the paths of the chain rule", "[core][autodiff]") {
  const BackpropExample it{BackpropSettings{}};
  const auto lit = [&](const char* name) {
    const auto list = it.formula(name).lit;
    return std::set<std::string>(list.begin(), list.end());
  };
  CHECK(lit("dE_dw5") == std::set<std::string>{"E_total", "E_o1", "out_o1", "net_o1", "w5"});
  CHECK(lit("dE_dout_o2") == std::set<std::string>{"E_total", "E_o2", "out_o2"});
  CHECK(lit("dE_dw4") == std::set<std::string>{"E_total", "E_o1", "out_o1", "net_o1", "w6", "E_o2", "out_o2", "net_o2",
                                               "w8", "out_h2", "net_h2", "w4"});
  CHECK(lit("dE_db2") ==
        std::set<std::string>{"E_total", "E_o1", "out_o1", "net_o1", "E_o2", "out_o2", "net_o2", "b2"});
  CHECK(lit("net_h1") == std::set<std::string>{"w1", "i1", "w2", "i2", "b1", "net_h1"});
  const auto through_o1 = std::find_if(it.moments().begin(), it.moments().end(),
                                       [](const BackpropMoment& m) { return m.target == "dE_dout_h1"; });
  REQUIRE(through_o1 != it.moments().end());
  CHECK(through_o1->lit == std::vector<std::string>{"E_total", "E_o1", "out_o1", "net_o1", "w5", "out_h1"});
  CHECK(it.formula("nobody").terms.empty());
  CHECK(it.formula("w5").terms.empty());
  CHECK(std::isnan(it.value("")));
}
