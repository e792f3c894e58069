// Noise to test filters with. The same seed gives the same noise everywhere.
#pragma once

#include <cstdint>

#include "core/image/image.hpp"

namespace cvlab {

// Every value + a draw from N(0, sigma^2), rounded, saturated to 0 .. 255.
void add_gaussian_noise(const Image& in, double sigma, std::uint64_t seed, Image& out);
// Each pixel becomes black or white (all channels), with probability `share` in all, both equally likely.
void add_salt_and_pepper(const Image& in, double share, std::uint64_t seed, Image& out);

}  // namespace cvlab
