#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// A client's decoder that knows a schema XML and nothing else: no struct, no constant and no codec
// of the engine. It follows the rules of the protocol page for other versions.

namespace plimsoll::wire {

/// A field of a message that was read. `value` is the integer on the wire.
struct ReadField {
  std::string name;
  std::string value;
  std::string word;  // of an enumerator that the schema knows
  bool null{false};
  bool absent{false};  // not written by an older version; the rest is empty then
};

enum class ReadStatus : std::uint8_t { read, cut, other_schema, unknown_template };

struct ReadMessage {
  ReadStatus status{ReadStatus::cut};
  std::string name;
  unsigned version{0};  // of the writer
  std::vector<ReadField> fields;
  std::size_t bytes_skipped{0};  // at the end: of a newer version
};

class SchemaReader {
 public:
  /// REQUIRES: the schema violates no rule.
  explicit SchemaReader(std::string_view schema);
  [[nodiscard]] ReadMessage read(std::span<const std::byte> message) const;

 private:
  struct Type {
    std::string primitive;
    std::map<std::string, std::string> words;  // of an enum, by value
  };
  struct Field {
    std::string name;
    const Type* type;
    std::size_t offset;
    unsigned since;
    bool optional;
  };
  struct Message {
    std::string name;
    std::vector<Field> fields;
  };

  [[nodiscard]] static ReadField read_field(const Field& field, std::span<const std::byte> block,
                                            unsigned version);

  unsigned schema_id_{0};
  std::map<std::string, Type> types_;
  std::map<unsigned, Message> messages_;
};

}  // namespace plimsoll::wire
