#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "engine/base/fields.hpp"
#include "engine/message/event.hpp"

// Events as SBE 1.0 messages (plimsoll-events.xml is the contract, tests compare the two): an
// 8-byte message header, then one block that holds the fields of EventHeader and of the body, in
// the order of their fields(), packed, little-endian.
//
// Pure functions, for any thread. They never allocate, throw, or read beyond the bytes given.

namespace plimsoll::wire {

static_assert(std::endian::native == std::endian::little,
              "fields are copied as they lie in memory");

inline constexpr std::uint16_t kSchemaId = 20556;
inline constexpr std::uint16_t kSchemaVersion = 3;
inline constexpr std::size_t kMessageHeaderSize = 8;  // block length, template, schema, version
inline constexpr std::size_t kTemplates = std::variant_size_v<EventBody>;

/// The integer that carries a field.
template <class Member>
[[nodiscard]] constexpr auto to_wire(Member value) noexcept {
  if constexpr (std::is_enum_v<Member>) {
    return static_cast<std::underlying_type_t<Member>>(value);
  } else if constexpr (std::is_integral_v<Member>) {
    return value;
  } else {
    return value.raw();
  }
}
template <class Member>
using WireInteger = decltype(to_wire(std::declval<Member>()));

/// The inverse of to_wire. Enumerators that this version does not know are kept as they are.
template <class Member>
[[nodiscard]] constexpr Member from_wire(WireInteger<Member> raw) noexcept {
  if constexpr (std::is_enum_v<Member> || std::is_integral_v<Member>) {
    return static_cast<Member>(raw);
  } else {
    return Member::from_raw(raw);
  }
}

/// Bytes of the fields of a plain struct on the wire.
template <class Message>
[[nodiscard]] constexpr std::size_t fields_size() noexcept {
  return std::apply(
      [](const auto&... field) {
        return (sizeof(to_wire(std::declval<Message&>().*(field.member))) + ... + std::size_t{0});
      },
      Message::fields());
}

/// Length of the root block of the message that carries `Body`.
template <class Body>
inline constexpr std::size_t kBlockLength = fields_size<EventHeader>() + fields_size<Body>();

namespace detail {

template <class Variant>
struct BlockLengths;
template <class... Body>
struct BlockLengths<std::variant<Body...>> {
  static constexpr std::array<std::size_t, sizeof...(Body)> value{kBlockLength<Body>...};
};

inline constexpr auto kBlockLengths = BlockLengths<EventBody>::value;

}  // namespace detail

/// No encoded event is longer or shorter.
inline constexpr std::size_t kEncodedSizeMax =
    kMessageHeaderSize +
    *std::max_element(detail::kBlockLengths.begin(), detail::kBlockLengths.end());
inline constexpr std::size_t kEncodedSizeMin =
    kMessageHeaderSize +
    *std::min_element(detail::kBlockLengths.begin(), detail::kBlockLengths.end());

/// Writes `event` to the front of `out` and returns the number of bytes written.
[[nodiscard]] inline std::size_t encode(const Event& event,
                                        std::span<std::byte, kEncodedSizeMax> out) noexcept {
  std::byte* at = out.data();
  const auto write = [&at](auto raw) {
    std::memcpy(at, &raw, sizeof(raw));
    at += sizeof(raw);
  };
  const auto write_field = [&write](const char*, auto value) { write(to_wire(value)); };
  write(static_cast<std::uint16_t>(detail::kBlockLengths[event.body.index()]));
  write(static_cast<std::uint16_t>(event.body.index() + 1));
  write(kSchemaId);
  write(kSchemaVersion);
  for_each_field(event.header, write_field);
  std::visit([&](const auto& body) { for_each_field(body, write_field); }, event.body);
  return static_cast<std::size_t>(at - out.data());
}

enum class DecodeError : std::uint8_t {
  none,
  too_short,         // fewer bytes than the header, or than the block length it states
  wrong_schema,      // another schema id
  unknown_template,  // a message that this version does not have: skip it
  block_too_short,   // the block does not even hold what every event says
};

[[nodiscard]] const char* to_string(DecodeError error) noexcept;

/// An event, or why the bytes are none; `event` is meaningful only for `none`. `version` is the
/// schema version of the writer, whatever it is: fields are only ever appended.
struct Decoded {
  Event event{};
  std::uint16_t version{0};
  DecodeError error{DecodeError::none};
  [[nodiscard]] bool ok() const noexcept { return error == DecodeError::none; }
};

namespace detail {

/// Reads fields from the front of a block. A field that does not lie wholly in the block was not
/// written by an older version: it, and all after it, keep the value they have.
class FieldReader {
 public:
  explicit FieldReader(std::span<const std::byte> block) noexcept : block_{block} {}
  template <class Member>
  void operator()(const char*, Member& member) noexcept {
    WireInteger<Member> raw{};
    if (block_.size() < sizeof(raw)) {
      block_ = {};
      return;
    }
    std::memcpy(&raw, block_.data(), sizeof(raw));
    member = from_wire<Member>(raw);
    block_ = block_.subspan(sizeof(raw));
  }

 private:
  std::span<const std::byte> block_;
};

template <std::size_t Index>
void read_body(EventBody& body, FieldReader& reader) noexcept {
  std::variant_alternative_t<Index, EventBody> read{};
  for_each_field(read, reader);
  body = read;
}

template <std::size_t... Index>
void read_body_of(std::size_t kind, EventBody& body, FieldReader& reader,
                  std::index_sequence<Index...>) noexcept {
  using ReadBody = void (*)(EventBody&, FieldReader&) noexcept;
  static constexpr std::array<ReadBody, sizeof...(Index)> kReaders{&read_body<Index>...};
  kReaders[kind](body, reader);
}

}  // namespace detail

/// Reads one message. Bytes after what this version knows, in the block and behind it, are those of
/// a newer version and are skipped; fields that an older version did not write stay 0 (and
/// trigger_instrument stays kNoInstrument).
[[nodiscard]] inline Decoded decode(std::span<const std::byte> message) noexcept {
  Decoded decoded;
  const auto fail = [&decoded](DecodeError error) {
    decoded.error = error;
    return decoded;
  };
  if (message.size() < kMessageHeaderSize) return fail(DecodeError::too_short);
  std::array<std::uint16_t, 4> header{};
  std::memcpy(header.data(), message.data(), kMessageHeaderSize);
  const auto [block_length, template_id, schema_id, version] = header;
  decoded.version = version;
  if (schema_id != kSchemaId) return fail(DecodeError::wrong_schema);
  if (template_id == 0 || template_id > kTemplates) return fail(DecodeError::unknown_template);
  if (message.size() - kMessageHeaderSize < block_length) return fail(DecodeError::too_short);
  if (block_length < fields_size<EventHeader>()) return fail(DecodeError::block_too_short);
  detail::FieldReader reader{message.subspan(kMessageHeaderSize, block_length)};
  for_each_field(decoded.event.header, reader);
  detail::read_body_of(template_id - 1U, decoded.event.body, reader,
                       std::make_index_sequence<kTemplates>{});
  return decoded;
}

}  // namespace plimsoll::wire
