// The course's own data sets and trained networks, out of the files that arrive later. While one is on its way, or when
// it is not there, the result is the reason as a sentence.
#pragma once

#include <string_view>

#include "core/data/dataset.hpp"
#include "core/nn/graph.hpp"
#include "core/result.hpp"

namespace cvlab::app {

class FileLibrary;

inline constexpr std::string_view course_loading = "course.loading";  // id of the error while files are on their way

// set: "digits"; part: "train" or "test".
Result<Dataset> course_pictures(FileLibrary& files, std::string_view set, std::string_view part);
// weights/<model>-<set>.safetensors in the model of that name.
Result<nn::Graph> course_network(FileLibrary& files, std::string_view model, std::string_view set);

}  // namespace cvlab::app
