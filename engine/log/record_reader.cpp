#include "engine/log/record_reader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <zlib.h>

#include "engine/log/record_format.hpp"

namespace plimsoll::log {
namespace {

std::size_t read_some(std::ifstream& file, std::span<std::byte> into) {
  file.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
  return static_cast<std::size_t>(file.gcount());
}

}  // namespace

RecordReader::RecordReader(const std::string& path) : path_{path}, file_{path, std::ios::binary} {
  if (!file_) {
    error_ = path_ + ": cannot be read: " + std::strerror(errno);
    return;
  }
  std::array<std::byte, kFileHeaderSize> header{};
  if (read_some(file_, header) != header.size() ||
      std::memcmp(header.data(), kMagic.data(), kMagicNameSize) != 0) {
    error_ = path_ + ": is not a record";
    return;
  }
  if (std::memcmp(header.data(), kMagic.data(), kMagic.size()) != 0) {
    error_ = path_ + ": is a record of another format than " +
             std::string{kMagic.begin() + kMagicNameSize, kMagic.end()};
    return;
  }
  std::memcpy(&reference_hash_, header.data() + kMagic.size(), sizeof reference_hash_);
  offset_ = kFileHeaderSize;
}

bool RecordReader::is_record(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::array<char, kMagicNameSize> name{};
  file.read(name.data(), name.size());
  return file.gcount() == static_cast<std::streamsize>(name.size()) &&
         std::equal(name.begin(), name.end(), kMagic.begin());
}

bool RecordReader::fail(const std::string& what) {
  error_ = path_ + ": frame at byte " + std::to_string(offset_) + " " + what;
  return false;
}

bool RecordReader::read_payload(std::vector<std::byte>& payload) {
  std::array<std::byte, kFrameHeaderSize> header{};
  const std::size_t got = read_some(file_, header);
  if (got == 0) return false;
  if (got < header.size()) return fail("is cut in its header");
  PayloadReader reader{header};
  const auto length = reader.get<std::uint32_t>();
  const auto checksum = reader.get<std::uint32_t>();
  if (length < kPayloadHeaderSize || length > kPayloadSizeMax) {
    return fail("has the impossible length " + std::to_string(length));
  }
  payload.resize(length);
  if (read_some(file_, payload) < length) return fail("is cut in its payload");
  if (crc32_z(0, reinterpret_cast<const Bytef*>(payload.data()), length) != checksum) {
    return fail("fails its checksum");
  }
  return true;
}

bool RecordReader::next(Input& input) {
  if (!error_.empty()) return false;
  std::vector<std::byte> payload;
  if (!read_payload(payload)) return false;
  PayloadReader reader{payload};
  if (const char* wrong = get_input(reader, input)) return fail(wrong);
  if (input.sequence.raw() != sequence_ + 1) {
    return fail("has sequence " + std::to_string(input.sequence.raw()) + " after " +
                std::to_string(sequence_));
  }
  ++sequence_;
  offset_ += kFrameHeaderSize + payload.size();
  return true;
}

}  // namespace plimsoll::log
