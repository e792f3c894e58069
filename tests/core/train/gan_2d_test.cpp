#include "core/train/gan_2d.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numbers>

#include "core/train/timeline.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

std::shared_ptr<const PointSet> ring() {
  return std::make_shared<const PointSet>(make_point_set(PointSetKind::ring, 64, 1));
}

void fill(DenseNet& net, int factor, double divisor) {
  for (std::size_t k = 0; k < net.parameters().size(); ++k)
    net.parameters()[k] = (factor * static_cast<int>(k) % 13 - 6.5) / divisor;
}

constexpr double noise[] = {0.1, 0.7, -0.4, -0.9, 0.3, 0.6};
constexpr double points[] = {0.5, -0.75, 0.25, -0.25, 0.125, 1.0};

}  // namespace

// PyTorch 1.13.0, double: nets 2-3-3-2 and 2-3-3-1 with tanh, parameters (7 k mod 13 - 6.5) / 10 and
// (5 k mod 13 - 6.5) / 8; BCEWithLogitsLoss; Adam with betas (0.5, 0.999), rates 0.002 and 0.004; three rounds.
TEST_CASE("Gan2d: losses, updates and pulls as PyTorch's", "[train][gan]") {
  GanSettings settings;
  settings.width = 3;
  settings.rate_d = 0.004;
  settings.rate_g = 0.002;
  Gan2d gan(ring(), settings);
  fill(gan.generator(), 7, 10.0);
  fill(gan.discriminator(), 5, 8.0);
  const double losses_d[] = {1.5178418855039473, 1.5092452672182521, 1.500744313474692};
  const double losses_g[] = {1.3465184598468347, 1.3350287503144507, 1.323699551428847};
  for (int round = 0; round < 3; ++round) {
    CHECK_THAT(gan.update_discriminator(points, noise), WithinAbs(losses_d[round], 1e-7));
    CHECK_THAT(gan.update_generator(noise), WithinAbs(losses_g[round], 1e-7));
  }
  const std::vector<double> cloud = gan.generate(noise);
  const double generated[] = {-0.2102373324868729, -0.16001626625350143, -0.34892622359946873,
                              -1.0704285950716579, -1.1380475802960768,  -0.6521510456209966};
  for (std::size_t i = 0; i < 6; ++i) CHECK_THAT(cloud[i], WithinAbs(generated[i], 1e-7));
  const std::vector<double> judged = gan.discriminate(points);
  const double of_real[] = {0.2455200397145309, 0.3458175233935801, 0.3398664477263014};
  for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(judged[i], WithinAbs(of_real[i], 1e-7));
  const double pulls[] = {-0.20247269397755188, -0.1974459134304736, -0.22643881372188254,
                          0.06298622541787566,  0.05480982322951255, 0.110566840014451};
  const std::vector<double> pull = gan.pull(cloud);
  for (std::size_t i = 0; i < 6; ++i) CHECK_THAT(pull[i], WithinAbs(pulls[i], 1e-6));

  settings.loss = GanLoss::minimax;
  Gan2d minimax(ring(), settings);
  minimax.generator() = gan.generator();
  minimax.discriminator() = gan.discriminator();
  const double minimax_pulls[] = {-0.07193990604313326, -0.06883632426263343, -0.08805887547706831,
                                  0.02237942830491485,  0.01910855838468844,  0.0429978917337199};
  const std::vector<double> weaker = minimax.pull(cloud);
  for (std::size_t i = 0; i < 6; ++i) CHECK_THAT(weaker[i], WithinAbs(minimax_pulls[i], 1e-6));
  CHECK_THAT(minimax.losses(cloud).g, WithinAbs(-0.31054061267454697, 1e-7));
}

TEST_CASE("Gan2d: at first D knows nothing; rounds; a surface", "[train][gan]") {
  GanSettings settings;
  settings.d_steps = 2;
  Gan2d gan(ring(), settings);
  const GanLosses start = gan.losses(gan.generate(noise));
  CHECK_THAT(start.d, WithinAbs(2.0 * std::numbers::ln2, 1e-14));
  CHECK_THAT(start.g, WithinAbs(std::numbers::ln2, 1e-14));
  CHECK_FALSE(gan.advance().generator);
  CHECK_FALSE(gan.advance().generator);
  CHECK(gan.generator_next());
  CHECK(gan.advance().generator);
  CHECK(gan.generator_updates() == 1);
  const Tensor surface = gan.surface(-1.0, 1.0, 5);
  const double at[] = {0.5, -1.0};  // column 3, row 0
  CHECK_THAT(static_cast<double>(surface(0, 3)), WithinAbs(gan.discriminate(at)[0], 1e-7));
}

TEST_CASE("Gan2d: without data it stands still, and no number goes wrong", "[train][gan]") {
  Gan2d gan(std::make_shared<const PointSet>(), {});
  gan.advance();
  CHECK(gan.steps() == 1);
  CHECK(std::isfinite(gan.losses({}).d));
}

TEST_CASE("Timeline: back and forth is the same run, and its points stay", "[train][timeline]") {
  Gan2d begin(ring(), {});
  Timeline<Gan2d> timeline(begin, 7);
  CHECK_FALSE(timeline.go_to(40, 1e9));
  const std::vector<double> there = timeline.run().generator().parameters();
  const auto points_then = timeline.points().size();
  CHECK(points_then == 40);
  CHECK_FALSE(timeline.go_to(13, 1e9));
  CHECK(timeline.run().steps() == 13);
  CHECK(timeline.farthest() == 40);
  Gan2d plain(ring(), {});
  for (int i = 0; i < 13; ++i) plain.advance();
  CHECK(timeline.run().generator().parameters() == plain.generator().parameters());
  CHECK_FALSE(timeline.go_to(40, 1e9));
  CHECK(timeline.run().generator().parameters() == there);
  CHECK(timeline.points().size() == points_then);
  CHECK(timeline.go_to(45, 0.0));  // one step at least
  CHECK(timeline.run().steps() == 41);
  CHECK_FALSE(timeline.go_to(0, 0.0));
  CHECK(timeline.run().steps() == 0);
}
