// bench_opencv [threads]: the same work by OpenCV's filter2D.
#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "bench/timing.hpp"

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  cv::setNumThreads(threads);
  cv::Mat in(bench::height, bench::width, CV_32F), bytes, out;
  for (int y = 0; y < in.rows; ++y)
    for (int x = 0; x < in.cols; ++x) in.at<float>(y, x) = bench::value(static_cast<unsigned>(y * in.cols + x));
  in.convertTo(bytes, CV_8U);
  for (int k : bench::sizes) {
    cv::Mat kernel(k, k, CV_32F);
    for (int i = 0; i < k * k; ++i)
      kernel.at<float>(i / k, i % k) = bench::value(static_cast<unsigned>(i) + 99u) / static_cast<float>(255 * k * k);
    const std::string name = "filter " + std::to_string(k) + "x" + std::to_string(k);
    bench::report("OpenCV " CV_VERSION " float", name.c_str(), threads, [&] {
      cv::filter2D(in, out, CV_32F, kernel, {-1, -1}, 0, cv::BORDER_REFLECT_101);
    });
    bench::report("OpenCV " CV_VERSION " 8-bit", name.c_str(), threads, [&] {
      cv::filter2D(bytes, out, CV_8U, kernel, {-1, -1}, 0, cv::BORDER_REFLECT_101);
    });
  }
}
