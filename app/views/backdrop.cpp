#include "app/views/backdrop.hpp"

#include <algorithm>

#include "app/shell/chosen_picture.hpp"
#include "app/views/camera.hpp"
#include "app/views/note.hpp"
#include "core/image/convert.hpp"

namespace cvlab::app {

namespace {

struct Photo {
  std::string_view id;
  int width, height;
};
// Sizes as in assets/manifest.json; the picture itself has the last word when it comes.
constexpr Photo photos[] = {{"astronaut", 512, 512}, {"coffee", 600, 400}, {"cat", 451, 300}, {"rocket", 640, 427}};
constexpr Photo unknown{"own", 640, 480};  // until it is opened

const Photo& photo(std::string_view id) {
  for (const Photo& p : photos) {
    if (p.id == id) return p;
  }
  return unknown;
}

Tensor colours_of(const Image& image) {
  const Tensor file = image_to_tensor(image);
  Tensor rgb(Shape{1, 3, file.size(2), file.size(3)});
  const std::ptrdiff_t count = file.size(2) * file.size(3);
  for (int c = 0; c < 3; ++c) {
    std::copy_n(file.data() + (image.channels >= 3 ? c * count : 0), count, rgb.data() + c * count);
  }
  return rgb;
}

}  // namespace

std::vector<std::string_view> Backdrop::choices() {
  std::vector<std::string_view> ids;
  for (const Photo& p : photos) ids.push_back(p.id);
  ids.push_back("own");
  return ids;
}

bool Backdrop::load(PictureLibrary& pictures, std::string_view id) {
  const bool changed = id != id_;
  const PictureLibrary::Entry& entry = pictures.get(id);
  if (entry.status != PictureLibrary::Status::ready) {
    const Photo& p = photo(id);
    width_ = p.width;
    height_ = p.height;
    problem_ = missing(entry);
    version_ = 0;
  } else if (changed || entry.version != version_) {
    problem_ = {};
    version_ = entry.version;
    width_ = entry.image.width;
    height_ = entry.image.height;
    view_.set_colour(colours_of(entry.image), 255.0F);
  }
  id_ = id;
  return changed;
}

CellMap Backdrop::map(const Rect& area) const {
  return place(Camera{}, area, static_cast<int>(height_), static_cast<int>(width_));
}

void Backdrop::draw(const Canvas& canvas, const CellMap& map, float alpha) {
  if (!problem_.id.empty()) {
    canvas.list.AddRectFilled({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, canvas.theme.surface);
    draw_message(canvas, map.clip, canvas.words.sentence(problem_));
    return;
  }
  view_.draw(canvas, map, alpha);
}

}  // namespace cvlab::app
