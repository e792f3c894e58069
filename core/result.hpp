// A value, or a sentence a student understands. Used at the borders only: files, URLs, JSON, weights.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cvlab {

// `id` names the sentence in the word tables ("error.<id>"), where {0}, {1} … stand for `args`; `sentence` is the
// finished English one, so that the core can be used without any table.
struct Error {
  std::string id;
  std::string sentence;
  std::vector<std::string> args = {};
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : data_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : data_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  explicit operator bool() const { return data_.index() == 0; }
  T& value() & {
    assert(*this);
    return std::get<0>(data_);
  }
  const T& value() const& {
    assert(*this);
    return std::get<0>(data_);
  }
  T&& value() && {
    assert(*this);
    return std::get<0>(std::move(data_));
  }
  const Error& error() const {
    assert(!*this);
    return std::get<1>(data_);
  }

 private:
  std::variant<T, Error> data_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT: implicit on purpose

  explicit operator bool() const { return !failed_; }
  const Error& error() const {
    assert(failed_);
    return error_;
  }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace cvlab
