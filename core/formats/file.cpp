#include "core/formats/file.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

namespace cvlab {

namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error cannot_read(const std::string& path) {
  return {"file-read", "The file \"" + path + "\" cannot be read.", {path}};
}

}  // namespace

Result<std::vector<std::uint8_t>> read_file(const std::string& path) {
  std::error_code problem;
  // fopen() opens a folder too, and fread() then fails late.
  if (std::filesystem::is_directory(path, problem)) return cannot_read(path);
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return cannot_read(path);
  std::vector<std::uint8_t> bytes;
  std::uint8_t buffer[65536];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get()))
    bytes.insert(bytes.end(), buffer, buffer + count);
  if (std::ferror(file.get())) return cannot_read(path);
  return bytes;
}

Result<void> write_file(const std::string& path, std::span<const std::uint8_t> bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool good = file && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (file) good = (std::fclose(file) == 0) && good;  // a full disk may show only here
  if (!good) return Error{"file-write", "The file \"" + path + "\" cannot be written.", {path}};
  return {};
}

}  // namespace cvlab
