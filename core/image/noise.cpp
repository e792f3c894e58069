#include "core/image/noise.hpp"

#include <algorithm>
#include <cmath>

#include "core/image/border.hpp"
#include "core/rng.hpp"

namespace cvlab {

namespace {
constexpr std::uint64_t gaussian_stream = 71;
constexpr std::uint64_t impulse_stream = 72;
}  // namespace

void add_gaussian_noise(const Image& in, double sigma, std::uint64_t seed, Image& out) {
  match_size(in, out);
  Rng rng(seed, gaussian_stream);
  for (std::size_t i = 0; i < in.data.size(); ++i) {
    const double v = std::floor(static_cast<double>(in.data[i]) + rng.normal(0.0, sigma) + 0.5);
    out.data[i] = static_cast<std::uint8_t>(std::clamp(v, 0.0, 255.0));
  }
}

void add_salt_and_pepper(const Image& in, double share, std::uint64_t seed, Image& out) {
  match_size(in, out);
  Rng rng(seed, impulse_stream);
  const auto channels = static_cast<std::size_t>(in.channels);
  for (std::size_t pixel = 0; pixel < in.data.size(); pixel += channels) {
    const double draw = rng.uniform();
    for (std::size_t i = pixel; i < pixel + channels; ++i)
      out.data[i] = draw >= share ? in.data[i] : draw < 0.5 * share ? std::uint8_t{0} : std::uint8_t{255};
  }
}

}  // namespace cvlab
