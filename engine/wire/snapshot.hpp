#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>

#include "engine/base/fields.hpp"
#include "engine/wire/account_state.hpp"
#include "engine/wire/sbe.hpp"

// The messages of a snapshot, which are not events: they travel in unsequenced packets, have no
// number of their own, and their template ids begin where those of events never get to. The same
// header and the same rules of versions as events have (engine/wire/sbe.hpp).
//
// Pure functions, for any thread. They never allocate, throw, or read beyond the bytes given.

namespace plimsoll::wire {

inline constexpr std::uint16_t kFirstSnapshotTemplate = 1000;
static_assert(kTemplates < kFirstSnapshotTemplate);

/// From a client: send the state of every account that I may see.
struct SnapshotRequested {
  ExternalId request;  // the client's own number, echoed
  static constexpr std::uint16_t kTemplate = 1000;
  static constexpr auto fields() {
    return std::tuple{Field{"request", &SnapshotRequested::request}};
  }
};

/// To a client: that was all.
struct SnapshotEnded {
  ExternalId request;         // of the request
  EventNumber number;         // of the last event published before this was said
  EventNumber first;          // of the first event that the states are made of
  std::uint64_t accounts{0};  // states sent
  std::uint64_t left_out{
      0};  // events of accounts for which there was no room: 0, or nothing is sure
  static constexpr std::uint16_t kTemplate = 1002;
  static constexpr auto fields() {
    return std::tuple{
        Field{"request", &SnapshotEnded::request}, Field{"number", &SnapshotEnded::number},
        Field{"first", &SnapshotEnded::first}, Field{"accounts", &SnapshotEnded::accounts},
        Field{"left_out", &SnapshotEnded::left_out}};
  }
};

/// AccountState is the message in between.
template <class Message>
inline constexpr std::uint16_t kTemplateOf = Message::kTemplate;
template <>
inline constexpr std::uint16_t kTemplateOf<AccountState> = 1001;

template <class Message>
inline constexpr std::size_t kMessageSize = kMessageHeaderSize + fields_size<Message>();

/// The bytes of a message of a snapshot.
template <class Message>
[[nodiscard]] std::array<std::byte, kMessageSize<Message>> encode_snapshot(
    const Message& message) noexcept {
  std::array<std::byte, kMessageSize<Message>> out;
  std::byte* at = out.data();
  const auto write = [&at](auto raw) {
    std::memcpy(at, &raw, sizeof(raw));
    at += sizeof(raw);
  };
  write(static_cast<std::uint16_t>(fields_size<Message>()));
  write(kTemplateOf<Message>);
  write(kSchemaId);
  write(kSchemaVersion);
  for_each_field(message, [&write](const char*, auto value) { write(to_wire(value)); });
  return out;
}

/// The message, if the bytes are one of this kind. What a newer version appended is skipped; what
/// an older one did not write stays 0.
template <class Message>
[[nodiscard]] std::optional<Message> decode_snapshot(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < kMessageHeaderSize) return std::nullopt;
  std::array<std::uint16_t, 4> header{};
  std::memcpy(header.data(), bytes.data(), kMessageHeaderSize);
  const auto [block_length, template_id, schema_id, version] = header;
  if (schema_id != kSchemaId || template_id != kTemplateOf<Message>) return std::nullopt;
  if (bytes.size() - kMessageHeaderSize < block_length) return std::nullopt;
  Message message{};
  for_each_field(message, detail::FieldReader{bytes.subspan(kMessageHeaderSize, block_length)});
  return message;
}

}  // namespace plimsoll::wire
