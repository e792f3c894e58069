#include "app/shell/picture_library.hpp"

#include <utility>

#include "app/shell/drawn_pictures.hpp"
#include "app/shell/host.hpp"

namespace cvlab::app {

const PictureLibrary::Entry& PictureLibrary::get(std::string_view id) {
  if (const auto found = entries_.find(id); found != entries_.end()) return found->second;
  Entry& entry = entries_[std::string(id)];
  entry.version = ++version_;
  if (std::optional<Image> drawn = draw_picture(id)) {
    entry.status = Status::ready;
    entry.image = std::move(*drawn);
  } else if (id == "own") {
    entry.status = Status::failed;
    entry.error = {"picture.none_opened", "Open, drop or paste a picture of your own first."};
  } else {
    host_.request_picture(id);  // may answer at once: `entry` stays valid, a map's nodes do not move
  }
  return entry;
}

void PictureLibrary::put(std::string_view id, Image image) {
  if (image.empty()) return fail(id, {"image-empty", "The picture file is empty."});
  Entry& entry = entries_[std::string(id)];
  entry.status = Status::ready;
  entry.image = std::move(image);
  entry.error = {};
  entry.version = ++version_;
  host_.request_frame();
}

void PictureLibrary::fail(std::string_view id, Error error) {
  Entry& entry = entries_[std::string(id)];
  if (entry.status != Status::ready) entry.status = Status::failed;  // what was there stays
  entry.error = std::move(error);
  entry.version = ++version_;
  host_.request_frame();
}

std::uint64_t PictureLibrary::version(std::string_view id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? 0 : found->second.version;
}

const Error* PictureLibrary::failure() const {
  for (const auto& [id, entry] : entries_) {
    if (entry.status == Status::failed) return &entry.error;
  }
  return nullptr;
}

}  // namespace cvlab::app
