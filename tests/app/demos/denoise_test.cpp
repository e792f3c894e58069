#include <imgui.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <sstream>
#include <string>

#include "core/formats/file.hpp"
#include "core/formats/npy.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using Catch::Matchers::WithinAbs;
using namespace cvlab;
using namespace cvlab::app;

namespace {

Image crop() {
  auto bytes = read_file(CVLAB_TEST_DATA "/denoise/clean.npy");
  REQUIRE(bytes);
  const auto values = read_npy(bytes.value());
  REQUIRE(values);
  Image image(static_cast<int>(values.value().size(1)), static_cast<int>(values.value().size(0)), 1);
  for (std::size_t i = 0; i < image.data.size(); ++i)
    image.data[i] = static_cast<std::uint8_t>(values.value().data()[i]);
  return image;
}

Image flat(int level) {
  Image image(40, 30, 1);
  std::fill(image.data.begin(), image.data.end(), static_cast<std::uint8_t>(level));
  return image;
}

struct Denoised : DemoFixture {
  Denoised(Image image, const std::string& query) : DemoFixture("denoise", "image=own&" + query) {
    pictures.put("own", std::move(image));
    finish();
  }
  void set(std::string_view id, std::string_view value) {
    DemoFixture::set(id, value);
    finish();
  }
  void finish() {
    while (demo->update(0.0)) {
    }
  }
};

std::string value(const AppFixture& it, std::string_view id) { return std::string(it.app->state()->raw(id)); }

}  // namespace

// scikit-image 0.19.3's measures of OpenCV 4.6.0's filters, saved by tests/data/make_denoise.py.
TEST_CASE("denoise: PSNR and SSIM equal scikit-image's", "[app][denoise][golden]") {
  Denoised demo(crop(), "amount=10&level=20&mean=5&sigma=1.2&median=3&space=2&range=50");
  auto bytes = read_file(CVLAB_TEST_DATA "/denoise/measures.txt");
  REQUIRE(bytes);
  std::istringstream text(std::string(bytes.value().begin(), bytes.value().end()));
  std::string noise, filter;
  double decibels = 0.0, similarity = 0.0;
  while (text >> noise >> filter >> decibels >> similarity) {
    INFO(noise << ", " << filter);
    demo.set("noise", noise);
    const bool rounded_otherwise = filter == "bilateral";
    CHECK_THAT(demo.number("psnr_" + filter), WithinAbs(decibels, rounded_otherwise ? 0.005 : 1e-6));
    CHECK_THAT(demo.number("ssim_" + filter), WithinAbs(similarity, rounded_otherwise ? 2e-4 : 1e-5));
  }
  // Of those ten lines: the median wins against salt and pepper, the bilateral filter against Gaussian noise.
  CHECK(demo.number("best_psnr") == 4);
  CHECK(demo.sentence().find("the bilateral filter") != std::string::npos);
  demo.set("noise", "salt");
  CHECK(demo.number("best_psnr") == 3);
  CHECK(demo.number("best_ssim") == 3);
}

TEST_CASE("denoise: the curve passes through the present strength and knows the best", "[app][denoise]") {
  Denoised demo(crop(), "noise=salt&amount=10");
  const double best = demo.number("strongest_median");
  demo.set("median", std::to_string(static_cast<int>(best)));
  const double most = demo.number("psnr_median");
  for (const char* window : {"1", "3", "5", "7", "15"}) {
    demo.set("median", window);
    CHECK(demo.number("psnr_median") <= most);
  }
  CHECK(demo.number("strongest_median") == best);  // another strength changes no curve
  demo.set("median", "1");
  CHECK(demo.number("psnr_median") == demo.number("psnr_noisy"));
  demo.set("mean", "1");
  CHECK(demo.number("value_mean") == demo.number("value_noisy"));
}

// A lone impulse on 100: the mean of nine spreads it, (8 * 100 + 255) / 9 = 117.2; the median drops it.
TEST_CASE("denoise: on an even ground only impulses are left to see", "[app][denoise][golden]") {
  Denoised demo(flat(100), "noise=salt&amount=2&mean=3&median=3&seed=3");
  const double hit = demo.number("impulses_noisy");
  CHECK(hit > 8);
  CHECK(hit < 45);  // 24 of 1200 are expected
  // Each costs 100^2 or 155^2: PSNR lies between what all black and all white would give.
  const auto decibels = [&](double each) { return 10.0 * std::log10(255.0 * 255.0 / (hit * each * each / 1200.0)); };
  CHECK(demo.number("psnr_noisy") <= decibels(100.0));
  CHECK(demo.number("psnr_noisy") >= decibels(155.0));
  CHECK(demo.number("impulses_median") == 0);
  CHECK(std::isnan(demo.number("psnr_median")));  // equal: infinite
  CHECK(demo.sentence().find("∞") != std::string::npos);
  demo.set("amount", "0");
  CHECK(demo.number("best_psnr") == 0);  // nothing to gain
  CHECK(demo.sentence().find("No filter") != std::string::npos);
  CHECK(demo.sentence("fr").find("Aucun filtre") != std::string::npos);
}

TEST_CASE("denoise: what is missing is said, what is small or large is worked on", "[app][denoise]") {
  DemoFixture none("denoise", "image=own");
  CHECK(std::isnan(none.number("psnr_noisy")));
  CHECK_FALSE(none.sentence("fr").empty());
  Denoised point(Image(1, 1, 1), "cell=9,9");
  CHECK(point.number("row") == 1);
  CHECK(std::isnan(point.number("ssim_mean")));  // no window of 11 x 11 in it
  DemoFixture large("denoise", "image=own&noise=gaussian");
  large.pictures.put("own", Image(1400, 20, 3));
  large.demo->update(0.0);
  large.set("cell", "5,1400");
  CHECK(large.number("column") == 1280);
  while (large.demo->update(0.0)) {
  }
  CHECK(large.sentence().find("its middle") != std::string::npos);
}

TEST_CASE("denoise: a picture, a row of the table and a curve can be used directly", "[app][denoise]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("denoise", options);
  it.app->pictures().put("camera", crop());
  for (int i = 0; i < 300 && it.frame(1000.0F, 700.0F); ++i) {
  }
  const std::string cell = value(it, "cell");
  it.click(330.0F, 150.0F, 1000.0F, 700.0F);  // the mean's picture
  CHECK(value(it, "cell") != cell);
  CHECK(value(it, "explain") == "mean");
  for (float y = 60.0F; y < 250.0F && value(it, "explain") == "mean"; y += 8.0F)
    it.click(700.0F, y, 1000.0F, 700.0F);  // rows of the table
  CHECK(value(it, "explain") != "mean");
  const std::string strengths = value(it, "mean") + value(it, "sigma");
  for (float y = 250.0F; y < 690.0F; y += 10.0F) it.click(380.0F, y, 1000.0F, 700.0F);  // curves of the middle column
  CHECK(value(it, "mean") + value(it, "sigma") != strengths);
  CHECK(std::stoi(value(it, "mean")) % 2 == 1);
}
