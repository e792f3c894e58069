#include "cli/data_folder.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

#include "core/formats/file.hpp"
#include "core/image/codec.hpp"

namespace cvlab::cli {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted_entries(const fs::path& folder, bool folders) {
  std::vector<fs::path> found;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem))
    if (at->path().filename().string().front() != '.' && at->is_directory() == folders) found.push_back(at->path());
  std::sort(found.begin(), found.end());
  return found;
}

bool is_picture(const fs::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

// How much of each old cell along one axis a new one covers: first old cell, shares that add up to 1.
struct Cover {
  int first;
  std::vector<double> shares;
};

Cover cover(int index, int count, int old_count) {
  const double ratio = static_cast<double>(old_count) / count, from = index * ratio, to = (index + 1) * ratio;
  Cover c{static_cast<int>(from), {}};
  for (int i = c.first; i < old_count && i < to; ++i)
    if (const double share = (std::min(to, i + 1.0) - std::max(from, static_cast<double>(i))) / ratio; share > 1e-9)
      c.shares.push_back(share);
    else if (c.shares.empty())
      ++c.first;
  return c;
}

void append(Dataset& data, const Image& image, int label) {
  const auto channels = static_cast<int>(data.example[0]);
  for (int c = 0; c < channels; ++c)
    for (int y = 0; y < image.height; ++y)
      for (int x = 0; x < image.width; ++x) data.pixels.push_back(channel_value(image, y, x, c, channels));
  data.labels.push_back(label);
}

Result<Dataset> load_part(const fs::path& folder, const DataRequest& request) {
  Dataset data{fs::path(request.name).filename().string(), request.example, {}, {}, {}};
  const auto height = static_cast<int>(request.example[1]), width = static_cast<int>(request.example[2]);
  for (const fs::path& class_folder : sorted_entries(folder, true)) {
    const int label = data.classes();
    data.class_names.push_back(class_folder.filename().string());
    for (const fs::path& file : sorted_entries(class_folder, false)) {
      if (!is_picture(file)) continue;
      const auto bytes = read_file(file.string());
      if (!bytes) return bytes.error();
      const Result<Image> image = decode_image(bytes.value());
      if (!image) return Error{image.error().id, file.string() + ": " + image.error().sentence};
      const bool fits = image.value().height == height && image.value().width == width;
      append(data, fits ? image.value() : resize_area(image.value(), height, width), label);
    }
    if (data.labels.empty() || data.labels.back() != label)
      return Error{"data-class-empty",
                   "The folder \"" + class_folder.string() + "\" holds no PNG or JPEG pictures of its class."};
  }
  if (data.classes() < 2)
    return Error{"data-folder", "The folder \"" + folder.string() +
                                    "\" is no data set: it needs at least two folders, one for each class, with "
                                    "pictures in them."};
  return data;
}

}  // namespace

std::uint8_t channel_value(const Image& image, int y, int x, int channel, int channels) {
  if (image.channels <= 2) return image.at(y, x, 0);
  if (channels == 3) return image.at(y, x, channel);
  return static_cast<std::uint8_t>(
      std::lround(0.299 * image.at(y, x, 0) + 0.587 * image.at(y, x, 1) + 0.114 * image.at(y, x, 2)));
}

Image resize_area(const Image& image, int height, int width) {
  Image out(width, height, image.channels);
  std::vector<Cover> columns;
  columns.reserve(static_cast<std::size_t>(width));
  for (int x = 0; x < width; ++x) columns.push_back(cover(x, width, image.width));
  for (int y = 0; y < height; ++y) {
    const Cover rows = cover(y, height, image.height);
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < image.channels; ++c) {
        double sum = 0.0;
        for (std::size_t i = 0; i < rows.shares.size(); ++i)
          for (std::size_t j = 0; j < columns[static_cast<std::size_t>(x)].shares.size(); ++j)
            sum += rows.shares[i] * columns[static_cast<std::size_t>(x)].shares[j] *
                   image.at(rows.first + static_cast<int>(i),
                            columns[static_cast<std::size_t>(x)].first + static_cast<int>(j), c);
        out.at(y, x, c) = static_cast<std::uint8_t>(std::clamp(std::lround(sum), 0L, 255L));
      }
    }
  }
  return out;
}

Result<Split> load_class_folders(const DataRequest& request) {
  const fs::path folder = request.name;
  std::error_code ignored;
  if (!fs::is_directory(folder / "train", ignored) || !fs::is_directory(folder / "test", ignored)) {
    const Result<Dataset> all = load_part(folder, request);
    if (!all) return all.error();
    Split parts = split(all.value(), 0.1, request.seed);
    if (parts.test.count() == 0)
      return Error{"data-folder-small", "The folder \"" + folder.string() +
                                            "\" holds too few pictures to keep a tenth of them for the test: at least "
                                            "five of a class are needed."};
    return parts;
  }
  Result<Dataset> train = load_part(folder / "train", request);
  if (!train) return train.error();
  Result<Dataset> test = load_part(folder / "test", request);
  if (!test) return test.error();
  if (train.value().class_names != test.value().class_names)
    return Error{"data-folder-classes",
                 "The folders train and test of \"" + folder.string() + "\" have different classes."};
  return Split{std::move(train).value(), std::move(test).value()};
}

}  // namespace cvlab::cli
