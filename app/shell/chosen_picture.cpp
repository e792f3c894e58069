#include "app/shell/chosen_picture.hpp"

namespace cvlab::app {

Error missing(const PictureLibrary::Entry& entry) {
  if (entry.status == PictureLibrary::Status::failed) return entry.error;
  if (entry.status == PictureLibrary::Status::loading) return {"picture.loading", "The picture is on its way."};
  return {};
}

ChosenPicture::Look ChosenPicture::look(PictureLibrary& pictures, std::string_view id) {
  entry_ = &pictures.get(id);
  problem_ = missing(*entry_);
  if (!problem_.id.empty()) {
    id_.clear();
    return Look::missing;
  }
  if (id == id_ && entry_->version == version_) return Look::same;
  id_ = id;
  version_ = entry_->version;
  return Look::another;
}

}  // namespace cvlab::app
