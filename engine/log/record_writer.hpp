#pragma once

#include <string>

#include "engine/message/input.hpp"
#include "engine/platform/output_file.hpp"

namespace plimsoll::log {

/// Writes a record (record_format.hpp). One thread. Inputs are in the operating system's hands only
/// after flush(); this record is for replay, not yet for recovery from a crash.
class RecordWriter {
 public:
  RecordWriter(std::string path, std::uint64_t reference_hash);

  /// REQUIRES: the input is sequenced.
  void append(const Input& input);
  bool flush() { return file_.flush(); }
  bool close() { return file_.close(); }
  [[nodiscard]] const std::string& error() const noexcept { return file_.error(); }

 private:
  platform::OutputFile file_;
};

}  // namespace plimsoll::log
