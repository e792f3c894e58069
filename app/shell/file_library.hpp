// Files of the course by path ("data/digits-train.png"): data sets and weights, which arrive later from the host (disk
// or network), with the number of bytes that are there so far. And files of the learner's own, opened and saved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace cvlab::app {

class Host;

inline constexpr std::string_view own_weights = "own/weights.safetensors";  // what the learner opened or dropped

class FileLibrary {
 public:
  explicit FileLibrary(Host& host) : host_(host) {}

  enum class Status { ready, loading, failed };
  struct Entry {
    Status status = Status::loading;
    std::vector<std::uint8_t> bytes;  // when ready
    std::size_t done = 0;             // bytes that have arrived
    std::size_t total = 0;            // bytes expected; 0 = not known
    Error error;                      // when failed
    std::uint64_t version = 0;        // changes whenever the file comes again
  };

  // The entry of `path`; the first call asks the host for the file. It stays where it is.
  const Entry& get(std::string_view path);
  // The same without asking: null while there is none. So are the learner's own files looked at.
  const Entry* find(std::string_view path) const;
  // The learner's own: chosen, it becomes the entry of `path`; saved, it leaves for wherever the host lets files go.
  void choose(std::string_view path);
  void save(std::string_view name, std::span<const std::uint8_t> bytes);
  // Asks again for what failed: the network may be back.
  void retry();
  // Called by the host.
  void progress(std::string_view path, std::size_t done, std::size_t total);
  void put(std::string_view path, std::vector<std::uint8_t> bytes);
  void fail(std::string_view path, Error error);

  std::uint64_t version() const { return version_; }  // bumped whenever an entry is new or changed
  const Error* failure() const;                       // why one that was asked for is not there; null = none failed

 private:
  Host& host_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t version_ = 0;
};

}  // namespace cvlab::app
