#include "app/shell/course_files.hpp"

#include <string>
#include <utility>

#include "app/shell/file_library.hpp"
#include "core/image/codec.hpp"
#include "core/nn/models.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::app {

namespace {

std::string kilobytes(std::size_t bytes) { return std::to_string((bytes + 500) / 1000); }

Error on_the_way(std::size_t done, std::size_t total) {
  return {std::string(course_loading),
          "On its way: " + kilobytes(done) + " kB of " + kilobytes(total) + ".",
          {kilobytes(done), total > 0 ? kilobytes(total) : "…"}};
}

}  // namespace

Result<Dataset> course_pictures(FileLibrary& files, std::string_view set, std::string_view part) {
  const std::string stem = "data/" + std::string(set) + "-" + std::string(part);
  const FileLibrary::Entry& pictures = files.get(stem + ".png");
  const FileLibrary::Entry& labels = files.get(stem + ".labels");
  for (const FileLibrary::Entry* entry : {&pictures, &labels}) {
    if (entry->status == FileLibrary::Status::failed) return entry->error;
  }
  for (const FileLibrary::Entry* entry : {&pictures, &labels}) {
    if (entry->status == FileLibrary::Status::loading)
      return on_the_way(pictures.done + labels.done, pictures.total + labels.total);
  }
  const Result<Image> image = decode_image(pictures.bytes);
  if (!image) return image.error();
  return dataset_from_sprite(std::string(set), image.value(), labels.bytes, known_class_names(set));
}

Result<nn::Graph> course_network(FileLibrary& files, std::string_view model, std::string_view set) {
  const FileLibrary::Entry& weights =
      files.get("weights/" + std::string(model) + "-" + std::string(set) + ".safetensors");
  if (weights.status == FileLibrary::Status::failed) return weights.error;
  if (weights.status == FileLibrary::Status::loading) return on_the_way(weights.done, weights.total);
  Result<nn::Graph> graph = nn::make_model(model);
  if (!graph) return graph;
  const Result<Safetensors> file = read_safetensors(weights.bytes);
  if (!file) return file.error();
  if (const Result<void> fits = nn::load_weights(graph.value(), file.value()); !fits) return fits.error();
  return graph;
}

}  // namespace cvlab::app
