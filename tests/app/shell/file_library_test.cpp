#include "app/shell/file_library.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/app/app_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;

namespace {

const std::string path = "data/some.png";

}  // namespace

TEST_CASE("files: asked for once, counted while they come, then there", "[app][files]") {
  RecordingHost host;
  FileLibrary files(host);
  const FileLibrary::Entry& entry = files.get(path);
  CHECK(entry.status == FileLibrary::Status::loading);
  files.get(path);
  CHECK(host.requested_files == std::vector<std::string>{path});

  const std::uint64_t before = files.version();
  files.progress(path, 40, 100);
  CHECK(entry.done == 40);
  CHECK(entry.total == 100);
  CHECK(files.version() > before);

  files.put(path, {1, 2, 3});
  CHECK(entry.status == FileLibrary::Status::ready);
  CHECK(entry.bytes == std::vector<std::uint8_t>{1, 2, 3});
  CHECK(files.failure() == nullptr);
  files.progress(path, 1, 2);  // late news of what is there
  CHECK(entry.done == 3);
  CHECK(host.frames_requested == 2);
}

TEST_CASE("files: what failed says why, and is asked for again on request only", "[app][files]") {
  RecordingHost host;
  FileLibrary files(host);
  files.get(path);
  files.get("data/other.png");
  files.put("data/other.png", {});
  files.fail(path, {"file.missing", "It is not there."});
  CHECK(files.get(path).status == FileLibrary::Status::failed);
  REQUIRE(files.failure() != nullptr);
  CHECK(files.failure()->id == "file.missing");
  files.get(path);
  CHECK(host.requested_files.size() == 2);

  files.retry();
  CHECK(host.requested_files.size() == 3);
  CHECK(host.requested_files.back() == path);
  CHECK(files.get(path).status == FileLibrary::Status::loading);
  CHECK(files.get("data/other.png").status == FileLibrary::Status::ready);
}

TEST_CASE("files: the learner's own are chosen, looked at without asking, and saved", "[app][files]") {
  RecordingHost host;
  FileLibrary files(host);
  CHECK(files.find(own_weights) == nullptr);
  files.choose(own_weights);
  CHECK(host.chosen == std::vector<std::string>{"own/weights.safetensors"});
  CHECK(host.requested_files.empty());
  files.put(own_weights, {1, 2, 3});
  const FileLibrary::Entry* own = files.find(own_weights);
  REQUIRE(own != nullptr);
  CHECK(own->bytes == std::vector<std::uint8_t>{1, 2, 3});
  const std::uint64_t first = own->version;
  files.put(own_weights, {1, 2, 3});  // the same file once more
  CHECK(own->version != first);
  files.save("cnn.onnx", own->bytes);
  CHECK(host.saved["cnn.onnx"] == own->bytes);
}
