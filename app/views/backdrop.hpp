// The photograph that boxes lie on. Boxes are in its pixels, so its size is known before it has arrived.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/shell/picture_library.hpp"
#include "app/views/image_view.hpp"
#include "core/result.hpp"

namespace cvlab::app {

class Backdrop {
 public:
  // Ids for a parameter "image": the photographs that show objects, and "own".
  static std::vector<std::string_view> choices();

  // Asks for the picture; true when another one was chosen than before.
  bool load(PictureLibrary& pictures, std::string_view id);
  double width() const { return width_; }
  double height() const { return height_; }
  const Error& problem() const { return problem_; }  // id empty: it is there

  // Where it lies in `area`: as large as fits, in the middle.
  CellMap map(const Rect& area) const;
  // The picture, or the sentence why there is none. Less alpha lets the boxes stand out.
  void draw(const Canvas& canvas, const CellMap& map, float alpha = 1.0F);

 private:
  std::string id_;
  std::uint64_t version_ = 0;
  double width_ = 1.0;
  double height_ = 1.0;
  Error problem_;
  ImageView view_;
};

}  // namespace cvlab::app
