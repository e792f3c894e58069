// The picture that a demo's parameter names. Worked on only when it is another than at the last look.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/shell/picture_library.hpp"

namespace cvlab::app {

// Why there is nothing to see yet; an empty error for a picture that is there.
Error missing(const PictureLibrary::Entry& entry);

class ChosenPicture {
 public:
  enum class Look { missing, same, another };

  Look look(PictureLibrary& pictures, std::string_view id);
  const Image& image() const { return entry_->image; }  // not after Look::missing
  const Error& problem() const { return problem_; }     // after Look::missing
  const std::string& id() const { return id_; }         // empty while nothing is there

 private:
  const PictureLibrary::Entry* entry_ = nullptr;
  std::string id_;
  std::uint64_t version_ = 0;
  Error problem_;
};

}  // namespace cvlab::app
