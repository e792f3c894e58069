// bench_opencv_image [threads [case]]: the work of bench_image by OpenCV.
#include <cstdlib>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "bench/scene.hpp"

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  cv::setNumThreads(threads);
  cv::Mat grey(bench::height, bench::width, CV_8U), colour(bench::height, bench::width, CV_8UC4), out, x, y;
  bench::fill_scene(grey.data, 1);
  bench::fill_scene(colour.data, 4);
  const auto timed = [&](const char* name, auto&& work) {
    if (argc < 3 || std::strstr(name, argv[2])) bench::report("OpenCV " CV_VERSION, name, threads, work);
  };
  constexpr int reflect = cv::BORDER_REFLECT_101;
  timed("Gaussian 5x5, sigma 1", [&] { cv::GaussianBlur(grey, out, {5, 5}, 1.0, 1.0, reflect); });
  timed("Gaussian, sigma 5", [&] { cv::GaussianBlur(grey, out, {}, 5.0, 5.0, reflect); });
  timed("mean 3x3", [&] { cv::blur(grey, out, {3, 3}, {-1, -1}, reflect); });
  timed("mean 15x15", [&] { cv::blur(grey, out, {15, 15}, {-1, -1}, reflect); });
  cv::Mat fx, fy, magnitude;
  timed("Sobel magnitude", [&] {
    cv::Sobel(grey, fx, CV_32F, 1, 0);
    cv::Sobel(grey, fy, CV_32F, 0, 1);
    cv::magnitude(fx, fy, magnitude);
    magnitude.convertTo(out, CV_8U);
  });
  const cv::Mat sharpen = (cv::Mat_<float>(3, 3) << 0, -1, 0, -1, 5, -1, 0, -1, 0);
  timed("sharpen 3x3", [&] { cv::filter2D(grey, out, CV_8U, sharpen, {-1, -1}, 0, reflect); });
  const cv::Mat whole(3, 3, CV_32F, const_cast<float*>(bench::dense)), real = whole / 8.5;
  timed("dense 3x3", [&] { cv::filter2D(grey, out, CV_8U, whole, {-1, -1}, 0, reflect); });
  timed("dense 3x3, fractions", [&] { cv::filter2D(grey, out, CV_8U, real, {-1, -1}, 0, reflect); });
  for (int size : {3, 5, 15}) {
    const std::string name = "median " + std::to_string(size) + "x" + std::to_string(size);
    timed(name.c_str(), [&] { cv::medianBlur(grey, out, size); });
  }
  timed("Canny 50, 150", [&] { cv::Canny(grey, out, 50, 150); });
  timed("threshold", [&] { cv::threshold(grey, out, 100, 255, cv::THRESH_BINARY); });
  timed("RGBA to grey", [&] { cv::cvtColor(colour, out, cv::COLOR_RGBA2GRAY); });
  double h[9];
  std::copy(std::begin(bench::perspective), std::end(bench::perspective), h);
  const cv::Mat map(3, 3, CV_64F, h);
  timed("perspective, bilinear",
        [&] { cv::warpPerspective(grey, out, map, grey.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP); });
  timed("half the size, area", [&] {
    cv::resize(grey, out, {bench::width / 2, bench::height / 2}, 0, 0, cv::INTER_AREA);
  });
}
