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
inline constexpr std::size_t kPayloadBuffer = 192;  // of whatever is written like a payload

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
  std::array<std::byte, kPayloadBuffer> bytes_{};
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

/// Writes the fields of a plain struct.
template <class Message>
void put_fields(const Message& message, PayloadWriter& writer) noexcept {
  for_each_field(message,
                 [&](const char* /*name*/, const auto& value) { writer.put(raw_of(value)); });
}

/// Sets the fields of a plain struct, each in the width of its raw integer.
template <class Message>
void get_fields(Message& message, PayloadReader& reader) noexcept {
  for_each_field(message, [&](const char* /*name*/, auto& value) {
    using Value = std::remove_reference_t<decltype(value)>;
    using Raw = decltype(raw_of(value));
    const Raw raw = reader.get<Raw>();
    if constexpr (requires { value.raw(); }) {
      value = Value::from_raw(raw);
    } else {
      value = static_cast<Value>(raw);
    }
  });
}

/// Reads the fields of the alternative `kind` of a variant; false when there is no such kind.
template <class Variant>
[[nodiscard]] bool get_body(std::size_t kind, Variant& body, PayloadReader& reader) noexcept {
  return [&]<std::size_t... Kinds>(std::index_sequence<Kinds...>) {
    const auto read = [&]<std::size_t Kind>(std::integral_constant<std::size_t, Kind>) {
      std::variant_alternative_t<Kind, Variant> alternative{};
      get_fields(alternative, reader);
      body = alternative;
      return true;
    };
    return ((kind == Kinds && read(std::integral_constant<std::size_t, Kinds>{})) || ...);
  }
  (std::make_index_sequence<std::variant_size_v<Variant>>{});
}

/// Writes a sequenced input as a payload.
inline void put_input(const Input& input, PayloadWriter& writer) noexcept {
  writer.put(input.sequence.raw());
  writer.put(input.time.raw());
  writer.put(raw_of(input.origin));
  writer.put(kind_of(input));
  std::visit([&](const auto& body) { put_fields(body, writer); }, input.body);
}

/// Reads a payload. Returns what is wrong with it, or nothing.
[[nodiscard]] inline const char* get_input(PayloadReader& reader, Input& input) noexcept {
  input.sequence = Sequence::from_raw(reader.get<std::uint64_t>());
  input.time = EventTime::from_raw(reader.get<std::int64_t>());
  const auto origin = reader.get<std::uint8_t>();
  const auto kind = reader.get<std::uint8_t>();
  if (origin > static_cast<std::uint8_t>(Origin::exchange)) return "has an unknown origin";
  input.origin = static_cast<Origin>(origin);
  if (!get_body(kind, input.body, reader)) return "has an unknown kind";
  return reader.ok() && reader.exhausted() ? nullptr : "has the wrong length for its kind";
}

}  // namespace plimsoll::log
