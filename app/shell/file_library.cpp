#include "app/shell/file_library.hpp"

#include <utility>

#include "app/shell/host.hpp"

namespace cvlab::app {

const FileLibrary::Entry& FileLibrary::get(std::string_view path) {
  if (const auto found = entries_.find(path); found != entries_.end()) return found->second;
  Entry& entry = entries_[std::string(path)];
  ++version_;
  host_.request_file(path);  // may answer at once: `entry` stays valid, a map's nodes do not move
  return entry;
}

const FileLibrary::Entry* FileLibrary::find(std::string_view path) const {
  const auto found = entries_.find(path);
  return found == entries_.end() ? nullptr : &found->second;
}

void FileLibrary::choose(std::string_view path) { host_.choose_file(path); }

void FileLibrary::save(std::string_view name, std::span<const std::uint8_t> bytes) { host_.save_file(name, bytes); }

void FileLibrary::retry() {
  for (auto& [path, entry] : entries_) {
    if (entry.status != Status::failed) continue;
    entry = {};
    ++version_;
    host_.request_file(path);
  }
}

void FileLibrary::progress(std::string_view path, std::size_t done, std::size_t total) {
  Entry& entry = entries_[std::string(path)];
  if (entry.status != Status::loading) return;
  entry.done = done;
  entry.total = total;
  ++version_;
  host_.request_frame();
}

void FileLibrary::put(std::string_view path, std::vector<std::uint8_t> bytes) {
  Entry& entry = entries_[std::string(path)];
  const std::size_t size = bytes.size();
  entry = {Status::ready, std::move(bytes), size, size, {}, ++version_};
  host_.request_frame();
}

void FileLibrary::fail(std::string_view path, Error error) {
  Entry& entry = entries_[std::string(path)];
  entry = {Status::failed, {}, 0, 0, std::move(error), ++version_};
  host_.request_frame();
}

const Error* FileLibrary::failure() const {
  for (const auto& [path, entry] : entries_) {
    if (entry.status == Status::failed) return &entry.error;
  }
  return nullptr;
}

}  // namespace cvlab::app
