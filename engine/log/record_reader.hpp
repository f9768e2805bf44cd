#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "engine/message/input.hpp"

namespace plimsoll::log {

/// Reads a record (record_format.hpp) frame by frame. One thread.
class RecordReader {
 public:
  explicit RecordReader(const std::string& path);

  /// Does the file begin like a record, of whatever format?
  [[nodiscard]] static bool is_record(const std::string& path);

  /// Reads the next input. Returns false at the end of the file, and at the first damage: error()
  /// then names the file, the offset of the frame and what is wrong with it.
  [[nodiscard]] bool next(Input& input);

  /// Hash of the reference the record was made with.
  [[nodiscard]] std::uint64_t reference_hash() const noexcept { return reference_hash_; }
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

 private:
  bool fail(const std::string& what);
  [[nodiscard]] bool read_payload(std::vector<std::byte>& payload);

  std::string path_;
  std::ifstream file_;
  std::uint64_t reference_hash_{0};
  std::uint64_t offset_{0};
  std::uint64_t sequence_{0};
  std::string error_;
};

}  // namespace plimsoll::log
