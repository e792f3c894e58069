// A folder of pictures as a data set: DIR/<class>/<picture>, or DIR/train/<class>/… and DIR/test/<class>/….
#pragma once

#include "cli/data_set.hpp"
#include "core/image/image.hpp"

namespace cvlab::cli {

// Classes in alphabetical order, pictures (PNG, JPEG) in alphabetical order; files of other kinds are passed over.
Result<Split> load_class_folders(const DataRequest& request);

// The mean over the area that a new pixel covers of the old picture: sharp enough going up, free of aliases going down.
Image resize_area(const Image& image, int height, int width);

// A picture's byte as a network of 1 or 3 channels wants it: grey by ITU-R BT.601, colour from grey by repeating it.
std::uint8_t channel_value(const Image& image, int y, int x, int channel, int channels);

}  // namespace cvlab::cli
