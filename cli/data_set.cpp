#include "cli/data_set.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>

#include "cli/data_folder.hpp"
#include "core/data/idx.hpp"
#include "core/data/shapes.hpp"
#include "core/formats/file.hpp"
#include "core/image/codec.hpp"

namespace cvlab::cli {

namespace {

namespace fs = std::filesystem;

constexpr int shapes_train = 6000, shapes_test = 1200;

fs::path data_folder() {
  if (const char* assets = std::getenv("CVLAB_ASSETS")) return fs::path(assets) / "data";
  std::error_code ignored;
  const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  return self.parent_path() / ".." / ".." / "assets" / "data";  // build/<preset>/bin -> build/assets/data
}

Error not_there(const std::string& name) {
  return {"data-missing", "The data set " + name + " is not there: run tools/assets, which fetches it.", {name}};
}

Result<Dataset> load_sprite(const std::string& name, const std::string& part) {
  const std::string stem = (data_folder() / (name + "-" + part)).string();
  const auto picture = read_file(stem + ".png"), labels = read_file(stem + ".labels");
  if (!picture || !labels) return not_there(name);
  const Result<Image> image = decode_image(picture.value());
  if (!image) return Error{image.error().id, stem + ".png: " + image.error().sentence};
  return dataset_from_sprite(name, image.value(), labels.value(), known_class_names(name));
}

// The file, packed or not; empty when neither is there.
std::string idx_file(const fs::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"})
    if (fs::is_regular_file(folder / (name + ending))) return (folder / (name + ending)).string();
  return {};
}

Result<Dataset> load_idx(const std::string& name, const fs::path& folder, const std::string& stem) {
  const std::string pictures = idx_file(folder, stem + "-images-idx3-ubyte");
  const std::string labels = idx_file(folder, stem + "-labels-idx1-ubyte");
  if (pictures.empty() || labels.empty())
    return Error{"data-idx-missing", "The folder \"" + folder.string() + "\" lacks " + stem + "-images-idx3-ubyte or " +
                                         stem + "-labels-idx1-ubyte (.gz or not)."};
  const auto picture_bytes = read_file(pictures), label_bytes = read_file(labels);
  if (!picture_bytes) return picture_bytes.error();
  if (!label_bytes) return label_bytes.error();
  std::vector<std::string> names = known_class_names(name);
  if (names.empty()) names = known_class_names("digits");
  Result<Dataset> data = dataset_from_idx(name, picture_bytes.value(), label_bytes.value(), std::move(names));
  if (!data) return Error{data.error().id, pictures + ": " + data.error().sentence};
  return data;
}

Result<Split> both(Result<Dataset> train, Result<Dataset> test) {
  if (!train) return train.error();
  if (!test) return test.error();
  return Split{std::move(train).value(), std::move(test).value()};
}

}  // namespace

const char* const data_help =
    "digits (9,000 + 1,000 of MNIST), fashion-mnist (60,000 + 10,000), shapes (drawn, 6,000 + 1,200, seeds 1 and 2), "
    "or a "
    "folder: with a folder of pictures for each class, below train/ and test/ or without (then a tenth of each class "
    "is the "
    "test set), or with IDX files as MNIST is published";

Result<Split> load_data(const DataRequest& request) {
  const std::string& name = request.name;
  if (name == "digits") return both(load_sprite(name, "train"), load_sprite(name, "test"));
  if (name == "fashion-mnist") {
    const fs::path folder = data_folder() / name;
    if (idx_file(folder, "train-images-idx3-ubyte").empty()) return not_there(name);
    return both(load_idx(name, folder, "train"), load_idx(name, folder, "t10k"));
  }
  if (name == "shapes") {
    const int side = static_cast<int>(request.example[2]);
    return Split{make_shapes(shapes_train, side, 1), make_shapes(shapes_test, side, 2)};
  }
  std::error_code ignored;
  if (!fs::is_directory(name, ignored))
    return Error{"data-unknown",
                 "There is no data set \"" + name + "\": it is digits, fashion-mnist, shapes, or a folder."};
  if (!idx_file(name, "train-images-idx3-ubyte").empty())
    return both(load_idx(name, name, "train"), load_idx(name, name, "t10k"));
  return load_class_folders(request);
}

}  // namespace cvlab::cli
