#include "core/autodiff/matrix_example.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <utility>
#include <vector>

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

using Table = std::vector<std::pair<MatrixId, std::vector<double>>>;

void check(const MatrixExample& example, const Table& table) {
  for (const auto& [id, values] : table) {
    REQUIRE(example.matrix(id).values.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      INFO("matrix " << static_cast<int>(id) << " value " << i);
      CHECK_THAT(example.matrix(id).values[i], WithinAbs(values[i], 1e-12));
    }
  }
}

}  // namespace

// PyTorch 1.13.0 in double, with these numbers and for each activation f:
//   Z1 = W1 @ X + B1; A1 = f(Z1); Z2 = W2 @ A1 + B2; E = .5 * ((Z2 - Y)**2).sum(0); L = E.mean(); L.backward()
TEST_CASE("matrix example: values and gradients are PyTorch's", "[core][autodiff][golden]") {
  const Table start = {{MatrixId::X, {-1, 1, 1, 2, 1.5, -0.5, 0.5, 1.5, -0.5}},
                       {MatrixId::Y, {-0.5, -0.5, -1, 0.5, 0, -0.5}},
                       {MatrixId::W1, {-0.8, 0.8, 0.1, 0.1, 0.3, -0.5, -0.5, 0.3, -0.1, 0.8, 0.6, 0.7}},
                       {MatrixId::B1, {0.12, -0.28, 0.12, 0.22}},
                       {MatrixId::W2, {0.1, 0.5, -0.4, 0.5, -0.9, -0.2, 0.9, -0.7}},
                       {MatrixId::B2, {0.42, 0.32}}};
  MatrixSettings settings;
  check(MatrixExample(settings), start);
  check(MatrixExample(settings),
        {
            {MatrixId::Z1, {2.57, 0.67, -1.13, -0.03, -0.48, -0.08, 1.17, -0.08, -0.48, 0.97, 2.97, 0.37}},
            {MatrixId::A1, {2.57, 0.67, 0.0, 0.0, 0.0, 0.0, 1.17, 0.0, 0.0, 0.97, 2.97, 0.37}},
            {MatrixId::Z2, {0.694, 1.972, 0.605, -1.619, -2.362, 0.061}},
            {MatrixId::E, {2.9578985, 5.844914, 1.445373}},
            {MatrixId::L, {3.4160618333333}},
            {MatrixId::dZ2, {0.398, 0.824, 0.535, -0.7063333333333, -0.7873333333333, 0.187}},
            {MatrixId::dW2, {1.57494, 0.0, 0.46566, 3.03129, -2.34279, 0.0, -0.82641, -2.9543333333333}},
            {MatrixId::dB2, {1.757, -1.3066666666667}},
            {MatrixId::dA1,
             {0.6755, 0.791, -0.1148, 0.3402666666667, 0.5694666666667, 0.2301, -0.7949, -1.0382, -0.0457,
              0.6934333333333, 0.9631333333333, 0.1366}},
            {MatrixId::dZ1,
             {0.6755, 0.791, 0.0, 0.0, 0.0, 0.0, -0.7949, 0.0, 0.0, 0.6934333333333, 0.9631333333333, 0.1366}},
            {MatrixId::dW1,
             {0.1155, 2.5375, 1.52425, 0.0, 0.0, 0.0, 0.7949, -1.5898, -0.39745, 0.4063, 2.7632666666667,
              1.7231166666667}},
            {MatrixId::dB1, {1.4665, 0.0, -0.7949, 1.7931666666667}},
        });
  settings.activation = MatrixActivation::logistic;
  check(
      MatrixExample(settings),
      {
          {MatrixId::A1,
           {0.9289056959157, 0.661503159203, 0.2441611009052, 0.4925005624494, 0.3822521252308, 0.4800106598444,
            0.7631450157269, 0.4800106598444, 0.3822521252308, 0.7251194977898, 0.9512002770012, 0.5914589784328}},
          {MatrixId::L, {1.4353810166766}},
          {MatrixId::dW2,
           {0.8784553416474, 0.6946232524389, 0.8014470279652, 1.1416345830561, -0.3833819127979, -0.1586770930174,
            -0.2762865534825, -0.3261301130231}},
          {MatrixId::dA1,
           {0.3244619317145, 0.2243859022809, -0.0693692155351, 0.2817583237776, 0.2825209667411, 0.2755911128547,
            -0.4561061910565, -0.3704731275907, -0.1133557923786, 0.437636385963, 0.3801266114693, 0.2032146953512}},
          {MatrixId::dZ1,
           {0.0214274348257, 0.0502437573998, -0.0128018430011, 0.0704237344157, 0.066713212222, 0.0687876592476,
            -0.082443338051, -0.092470250572, -0.0267673196817, 0.0872302147407, 0.0176448349034, 0.0491038347846}},
          {MatrixId::dW1,
           {0.016014479573, 0.1246214272516, 0.0924802750131, 0.0650771370538, 0.2065234575407, 0.1008878559171,
            -0.0367942322027, -0.2902083921191, -0.1665433850426, -0.0204815450527, 0.1763757644441, 0.0455304423331}},
          {MatrixId::dB1, {0.0588693492243, 0.2059246058853, -0.2016809083047, 0.1539788844286}},
      });
  settings.activation = MatrixActivation::tanh;
  check(MatrixExample(settings),
        {
            {MatrixId::A1,
             {0.9883528459876, 0.5849798828807, -0.8110192620997, -0.0299910032388, -0.4462436102488, -0.0798297691111,
              0.8242721703414, -0.0798297691111, -0.4462436102488, 0.7487042869693, 0.9947497594867, 0.353991712477}},
            {MatrixId::L, {1.3043667743733}},
            {MatrixId::dW2,
             {0.1486575355285, -0.2456010339215, 0.007793299785, 0.882870934118, -0.6990451046452, 0.1157700233624,
              -0.345143229219, -0.3965210546391}},
            {MatrixId::dA1,
             {0.2886796577713, 0.3084442046001, -0.2197917362071, 0.2311316702754, 0.2731408148508, 0.2146480921451,
              -0.393527963604, -0.4369125016553, 0.0543440872499, 0.3720929049941, 0.4207082809148, 0.0619031185195}},
            {MatrixId::dZ1,
             {0.0066854316842, 0.2028941464164, -0.0752232286149, 0.2309237765196, 0.2187493667217, 0.2132801844929,
              -0.1261553800937, -0.4341281491442, 0.0435223665767, 0.1635132096769, 0.004406042487, 0.0541460305355}},
            {MatrixId::dW1,
             {0.1209854861173, 0.3553236973004, 0.3452955497741, 0.201105774695, 0.6833315108753, 0.3369458460959,
              -0.2644504024738, -0.925264167192, -0.7360310970514, -0.1049611366544, 0.3065624678166, 0.0612926533013}},
            {MatrixId::dB1, {0.1343563494857, 0.6629533277342, -0.5167611626612, 0.2220652826994}},
        });
}

TEST_CASE("matrix example: every gradient is its finite difference, at every size", "[core][autodiff]") {
  using enum MatrixId;
  for (int i = 0; i < 48; ++i) {
    const MatrixSettings settings{
        1 + i % 6, 1 + (i / 2) % 6, 1 + (i / 3) % 6, 1 + (i / 5) % 6, static_cast<MatrixActivation>(i % 4), 1 + i};
    const MatrixExample example(settings);
    for (const MatrixId id : {dZ2, dW2, dB2, dA1, dZ1, dW1, dB1}) {
      const Matrix& gradient = example.matrix(id);
      const MatrixId of = matrix_of_gradient(id).value_or(id);
      // A gradient has the shape of what it is the gradient of.
      REQUIRE(gradient.rows == example.matrix(of).rows);
      REQUIRE(gradient.columns == example.matrix(of).columns);
      for (int row = 0; row < gradient.rows; ++row) {
        for (int column = 0; column < gradient.columns; ++column) {
          INFO(i << " matrix " << static_cast<int>(id) << " row " << row << " column " << column);
          CHECK_THAT(example.finite_difference({of, row, column}), WithinAbs(gradient.at(row, column), 1e-8));
        }
      }
    }
  }
}

TEST_CASE("matrix example: no sum of the first layer is 0, where ReLU has no derivative", "[core][autodiff]") {
  for (int seed = 1; seed <= 99; ++seed) {
    const MatrixExample example({6, 6, 6, 6, MatrixActivation::relu, seed});
    for (const double z : example.matrix(MatrixId::Z1).values) CHECK(std::fabs(z) > 0.015);
  }
}

// Sum of products of the sources, so that what lights up is what was computed.
TEST_CASE("matrix example: the sources of a cell give its value", "[core][autodiff]") {
  const MatrixExample example({4, 5, 3, 6, MatrixActivation::tanh, 7});
  for (const MatrixId id : matrix_steps) {
    const MatrixRule rule = matrix_rule(id);
    if (rule.kind != MatrixRuleKind::product) continue;
    const Matrix& m = example.matrix(id);
    for (int row = 0; row < m.rows; ++row) {
      for (int column = 0; column < m.columns; ++column) {
        const std::vector<MatrixCell> from = matrix_sources(example.settings(), {id, row, column});
        double sum = rule.add ? example.value(from.back()) : 0.0;
        for (std::size_t i = 0; i + 1 < from.size(); i += 2) sum += example.value(from[i]) * example.value(from[i + 1]);
        CHECK_THAT(sum, WithinAbs(m.at(row, column), 1e-14));
      }
    }
  }
  // dW2(3, 4) = sum over the samples of dZ2(3, n) A1(4, n)
  const std::vector<MatrixCell> from = matrix_sources(example.settings(), {MatrixId::dW2, 2, 3});
  REQUIRE(from.size() == 12);
  CHECK(from[10] == MatrixCell{MatrixId::dZ2, 2, 5});
  CHECK(from[11] == MatrixCell{MatrixId::A1, 3, 5});
}

TEST_CASE("matrix example: changing a cell changes the loss from there on", "[core][autodiff]") {
  const MatrixExample example({});
  CHECK(example.loss_with({MatrixId::W1, 0, 0}, 0.0) == example.loss());
  // L = E / 3 summed: one more in E is a third more in L.
  CHECK_THAT(example.loss_with({MatrixId::E, 0, 1}, 1.0), WithinAbs(example.loss() + 1.0 / 3.0, 1e-14));
  // The second hidden neuron is silent for all three samples: its weights do not matter.
  CHECK(example.loss_with({MatrixId::W2, 0, 1}, 0.5) == example.loss());
  CHECK(example.loss_with({MatrixId::W1, 1, 2}, -0.01) == example.loss());
  CHECK(example.parameters() == 4 * 3 + 4 + 2 * 4 + 2);
  CHECK(example.stored_values() == 9 + 12 + 12 + 6);
  CHECK(example.forward_products() == 36 + 24);
  CHECK(example.backward_products() == 36 + 24 + 24);
}
