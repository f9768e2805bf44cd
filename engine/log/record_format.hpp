#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "engine/message/input.hpp"

// The record: all sequenced inputs of a run, in order. Everything is little-endian.
//
//   file    magic "PLMREC02" | hash of the reference (u64) | frames
//   frame   length of the payload (u32) | CRC-32 of the payload (u32) | payload
//   payload sequence (u64) | time (i64) | origin (u8) | kind (u8) | fields of the input
//
// Fields are written in the order of fields(), each in the width of its raw integer. The last two
// characters of the magic are the format: 02 since inputs name assets, position sides and modes. A
// field or a kind that changes gets another format; a record of another one is refused by name.

namespace plimsoll::log {

inline constexpr std::array<char, 8> kMagic{'P', 'L', 'M', 'R', 'E', 'C', '0', '2'};
inline constexpr std::size_t kMagicNameSize = 6;  // what all formats have in common
inline constexpr std::size_t kFileHeaderSize = 16;
inline constexpr std::size_t kFrameHeaderSize = 8;
inline constexpr std::size_t kPayloadHeaderSize = 18;
inline constexpr std::size_t kPayloadSizeMax = 128;

/// The integer behind a field: strong types by their raw value, enums by their number.
template <class Value>
[[nodiscard]] constexpr auto raw_of(const Value& value) noexcept {
  if constexpr (requires { value.raw(); }) {
    return value.raw();
  } else if constexpr (std::is_enum_v<Value>) {
    return static_cast<std::underlying_type_t<Value>>(value);
  } else {
    return value;
  }
}

/// Appends integers to a fixed buffer.
class PayloadWriter {
 public:
  template <class Integer>
  void put(Integer value) noexcept {
    static_assert(std::is_integral_v<Integer>);
    std::memcpy(bytes_.data() + size_, &value, sizeof value);
    size_ += sizeof value;
  }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<std::byte, kPayloadSizeMax> bytes_{};
  std::size_t size_{0};
};

/// Takes integers off a buffer; ok() turns false when it is too short.
class PayloadReader {
 public:
  explicit PayloadReader(std::span<const std::byte> bytes) noexcept : bytes_{bytes} {}

  template <class Integer>
  [[nodiscard]] Integer get() noexcept {
    Integer value{};
    if (bytes_.size() < sizeof value) {
      ok_ = false;
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_ = bytes_.subspan(sizeof value);
    return value;
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool exhausted() const noexcept { return bytes_.empty(); }

 private:
  std::span<const std::byte> bytes_;
  bool ok_{true};
};

}  // namespace plimsoll::log
