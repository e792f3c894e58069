// Pictures by id: drawn ones are made on the spot, shipped photographs arrive later from the host
// (disk or network), "own" is what the learner opened, dropped, pasted or filmed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/image/image.hpp"
#include "core/result.hpp"

namespace cvlab::app {

class Host;

class PictureLibrary {
 public:
  explicit PictureLibrary(Host& host) : host_(host) {}

  enum class Status { ready, loading, failed };
  struct Entry {
    Status status = Status::loading;
    Image image;
    Error error;                // when failed, or ready and another could not take its place
    std::uint64_t version = 0;  // changes whenever the picture does (webcam frames)
  };

  // The entry of `id`; the first call makes a drawn picture or asks the host for a photograph.
  const Entry& get(std::string_view id);
  void put(std::string_view id, Image image);  // called by the host
  void fail(std::string_view id, Error error);
  std::uint64_t version() const { return version_; }  // bumped whenever an entry is new or changed
  std::uint64_t version(std::string_view id) const;   // 0 while nobody asked for `id`
  const Error* failure() const;                       // why one that was asked for is not there; null = none failed

 private:
  Host& host_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t version_ = 0;
};

}  // namespace cvlab::app
