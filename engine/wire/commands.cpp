#include "engine/wire/commands.hpp"

#include "engine/base/assert.hpp"

namespace plimsoll::wire {
namespace {

/// Bytes of the block of each kind.
constexpr auto kCommandBlocks = []<class... Body>(std::variant<Body...>*) {
  return std::array<std::size_t, sizeof...(Body)>{fields_size<Body>()...};
}(static_cast<InputBody*>(nullptr));

constexpr bool all_fit() {
  for (std::size_t kind = 0; kind < kCommandBlocks.size(); ++kind) {
    if (is_command(kind) && kMessageHeaderSize + kCommandBlocks[kind] > kCommandSizeMax) {
      return false;
    }
  }
  return true;
}
static_assert(all_fit());

template <std::size_t Index>
void read_command(InputBody& body, detail::FieldReader& reader) noexcept {
  std::variant_alternative_t<Index, InputBody> read{};
  for_each_field(read, reader);
  body = read;
}

template <std::size_t... Index>
void read_command_of(std::size_t kind, InputBody& body, detail::FieldReader& reader,
                     std::index_sequence<Index...>) noexcept {
  using Read = void (*)(InputBody&, detail::FieldReader&) noexcept;
  static constexpr std::array<Read, sizeof...(Index)> kReaders{&read_command<Index>...};
  kReaders[kind](body, reader);
}

}  // namespace

std::size_t encode_command(const InputBody& body,
                           std::span<std::byte, kCommandSizeMax> out) noexcept {
  PLIMSOLL_ASSERT(is_command(body.index()));
  std::byte* at = out.data();
  const auto write = [&at](auto raw) {
    std::memcpy(at, &raw, sizeof(raw));
    at += sizeof(raw);
  };
  write(static_cast<std::uint16_t>(kCommandBlocks[body.index()]));
  write(static_cast<std::uint16_t>(body.index() + 1));
  write(kCommandSchemaId);
  write(kCommandSchemaVersion);
  std::visit(
      [&](const auto& fields) {
        for_each_field(fields, [&write](const char*, auto value) { write(to_wire(value)); });
      },
      body);
  return static_cast<std::size_t>(at - out.data());
}

DecodedCommand decode_command(std::span<const std::byte> message) noexcept {
  if (message.size() < kMessageHeaderSize) return {{}, DecodeError::too_short};
  std::array<std::uint16_t, 4> header{};
  std::memcpy(header.data(), message.data(), kMessageHeaderSize);
  const auto [block_length, template_id, schema_id, version] = header;
  if (schema_id != kCommandSchemaId) return {{}, DecodeError::wrong_schema};
  if (template_id == 0 || !is_command(template_id - 1U)) {
    return {{}, DecodeError::unknown_template};
  }
  if (message.size() - kMessageHeaderSize < block_length) return {{}, DecodeError::too_short};
  // Nothing was ever appended: a shorter block is damaged, not old.
  if (block_length < kCommandBlocks[template_id - 1U]) return {{}, DecodeError::block_too_short};
  DecodedCommand decoded;
  detail::FieldReader reader{message.subspan(kMessageHeaderSize, block_length)};
  read_command_of(template_id - 1U, decoded.body, reader,
                  std::make_index_sequence<std::variant_size_v<InputBody>>{});
  return decoded;
}

}  // namespace plimsoll::wire
