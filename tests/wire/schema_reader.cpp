#include "tests/wire/schema_reader.hpp"

#include <limits>

#include <pugixml.hpp>

namespace plimsoll::wire {
namespace {

constexpr std::size_t kHeaderSize = 8;

/// The little-endian number in some bytes.
std::uint64_t number(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    value = value << 8U | std::to_integer<std::uint64_t>(bytes[i - 1]);
  }
  return value;
}

/// "int64": 8.
std::size_t size_of(std::string_view primitive) {
  return std::stoul(std::string{primitive.substr(primitive.find("int") + 3)}) / 8;
}

bool is_signed(std::string_view primitive) {
  return primitive.front() == 'i';
}

/// A number of `size` bytes with its sign.
std::int64_t with_sign(std::uint64_t bits, std::size_t size) {
  const std::size_t shift = 64 - 8 * size;
  return static_cast<std::int64_t>(bits << shift) >> shift;
}

/// The least of a signed type, the greatest of an unsigned one.
std::string null_of(std::string_view primitive) {
  const std::size_t unused = 64 - 8 * size_of(primitive);
  return is_signed(primitive) ? std::to_string(std::numeric_limits<std::int64_t>::min() >> unused)
                              : std::to_string(std::numeric_limits<std::uint64_t>::max() >> unused);
}

/// The one member of a composite that is on the wire.
std::string primitive_of(pugi::xml_node composite) {
  for (const auto member : composite.children()) {
    if (!member.attribute("presence")) return member.attribute("primitiveType").as_string();
  }
  return {};
}

}  // namespace

SchemaReader::SchemaReader(std::string_view schema) {
  pugi::xml_document document;
  document.load_buffer(schema.data(), schema.size());
  const auto root = document.child("sbe:messageSchema");
  schema_id_ = root.attribute("id").as_uint();
  for (const auto node : root.child("types").children()) {
    const std::string element = node.name();
    Type& type = types_[node.attribute("name").as_string()];
    type.primitive = element == "composite" ? primitive_of(node)
                     : element == "enum"    ? node.attribute("encodingType").as_string()
                                            : node.attribute("primitiveType").as_string();
    for (const auto value : node.children("validValue")) {
      type.words[value.text().as_string()] = value.attribute("name").as_string();
    }
  }
  for (const auto node : root.children("sbe:message")) {
    Message& message = messages_[node.attribute("id").as_uint()];
    message.name = node.attribute("name").as_string();
    for (const auto field : node.children("field")) {
      message.fields.push_back(
          {field.attribute("name").as_string(), &types_.at(field.attribute("type").as_string()),
           field.attribute("offset").as_uint(), field.attribute("sinceVersion").as_uint(),
           field.attribute("presence").as_string() == std::string{"optional"}});
    }
  }
}

ReadMessage SchemaReader::read(std::span<const std::byte> message) const {
  ReadMessage found;
  if (message.size() < kHeaderSize) return found;
  const auto header = [&](std::size_t place) {
    return static_cast<unsigned>(number(message.subspan(2 * place, 2)));
  };
  const std::size_t block_length = header(0);
  found.version = header(3);
  if (message.size() - kHeaderSize < block_length) return found;
  const auto known = messages_.find(header(1));
  found.status = header(2) != schema_id_    ? ReadStatus::other_schema
                 : known == messages_.end() ? ReadStatus::unknown_template
                                            : ReadStatus::read;
  if (found.status != ReadStatus::read) return found;
  found.name = known->second.name;
  const auto block = message.subspan(kHeaderSize, block_length);
  std::size_t end = 0;
  for (const Field& field : known->second.fields) {
    found.fields.push_back(read_field(field, block, found.version));
    if (!found.fields.back().absent) end = field.offset + size_of(field.type->primitive);
  }
  found.bytes_skipped = message.size() - kHeaderSize - end;
  return found;
}

ReadField SchemaReader::read_field(const Field& field, std::span<const std::byte> block,
                                   unsigned version) {
  ReadField found;
  found.name = field.name;
  const std::string& primitive = field.type->primitive;
  const std::size_t size = size_of(primitive);
  found.absent = field.since > version || field.offset + size > block.size();
  if (found.absent) return found;
  const std::uint64_t bits = number(block.subspan(field.offset, size));
  found.value = is_signed(primitive) ? std::to_string(with_sign(bits, size)) : std::to_string(bits);
  found.null = field.optional && found.value == null_of(primitive);
  const auto word = field.type->words.find(found.value);
  if (word != field.type->words.end()) found.word = word->second;
  return found;
}

}  // namespace plimsoll::wire
