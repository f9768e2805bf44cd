#include "tests/wire/schema.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <pugixml.hpp>

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/wire/sbe.hpp"
#include "engine/wire/snapshot.hpp"

namespace plimsoll::wire {
namespace {

/// What the schema must say of one field.
struct ExpectedField {
  std::string name;
  std::string type;
  std::string primitive;
  std::size_t offset{0};
  std::size_t size{0};
};

struct ExpectedMessage {
  std::string name;
  std::size_t id{0};
  std::size_t block_length{0};
  std::vector<ExpectedField> fields;
};

struct TypeName {
  const char* type;
  const char* primitive;
};

// One line for every type a field may have: a new type does not compile until it is named here.
TypeName type_name(Price) {
  return {"Price", "int64"};
}
TypeName type_name(Rate) {
  return {"Rate", "int64"};
}
TypeName type_name(Amount) {
  return {"Amount", "int64"};
}
TypeName type_name(Quantity) {
  return {"Quantity", "int64"};
}
TypeName type_name(EventTime) {
  return {"EventTime", "int64"};
}
TypeName type_name(AccountId) {
  return {"AccountId", "uint64"};
}
TypeName type_name(AssetId) {
  return {"AssetId", "uint32"};
}
TypeName type_name(InstrumentId) {
  return {"InstrumentId", "uint32"};
}
TypeName type_name(IndexId) {
  return {"IndexId", "uint32"};
}
TypeName type_name(SourceId) {
  return {"SourceId", "uint32"};
}
TypeName type_name(Sequence) {
  return {"Sequence", "uint64"};
}
TypeName type_name(EventNumber) {
  return {"EventNumber", "uint64"};
}
TypeName type_name(ExternalId) {
  return {"ExternalId", "uint64"};
}
TypeName type_name(CallId) {
  return {"CallId", "uint32"};
}
TypeName type_name(LiquidationEpoch) {
  return {"LiquidationEpoch", "uint32"};
}
TypeName type_name(Refusal) {
  return {"Refusal", "uint8"};
}
TypeName type_name(WithdrawalRefusal) {
  return {"WithdrawalRefusal", "uint8"};
}
TypeName type_name(LiquidationOutcome) {
  return {"LiquidationOutcome", "uint8"};
}
TypeName type_name(PositionSide) {
  return {"PositionSide", "uint8"};
}
TypeName type_name(MarginMode) {
  return {"MarginMode", "uint8"};
}
TypeName type_name(PositionMode) {
  return {"PositionMode", "uint8"};
}
TypeName type_name(AutoTopUp) {
  return {"AutoTopUp", "uint8"};
}
TypeName type_name(Trust) {
  return {"Trust", "uint8"};
}
TypeName type_name(TrustReason) {
  return {"TrustReason", "uint8"};
}
TypeName type_name(SourceState) {
  return {"SourceState", "uint8"};
}
TypeName type_name(PauseReason) {
  return {"PauseReason", "uint8"};
}
TypeName type_name(CallState) {
  return {"CallState", "uint8"};
}
TypeName type_name(LiquidationState) {
  return {"LiquidationState", "uint8"};
}
TypeName type_name(std::uint64_t) {
  return {"LongCount", "uint64"};
}
TypeName type_name(std::int64_t) {
  return {"TriggerValue", "int64"};
}
TypeName type_name(std::uint32_t) {
  return {"Count", "uint32"};
}
TypeName type_name(std::uint8_t) {
  return {"Flag", "uint8"};
}

/// Plain bytes are kinds where they are called so.
TypeName named_type(std::string_view field, TypeName type) {
  return field.ends_with("_kind") ? TypeName{"InputKind", "uint8"} : type;
}

const std::map<std::string, std::size_t> kPrimitives{
    {"int8", 1},   {"uint8", 1}, {"char", 1},   {"int16", 2}, {"uint16", 2}, {"int32", 4},
    {"uint32", 4}, {"int64", 8}, {"uint64", 8}, {"float", 4}, {"double", 8}};

/// "margin_call_met" to "MarginCallMet".
std::string pascal_case(std::string_view snake) {
  std::string pascal;
  bool capital = true;
  for (const char c : snake) {
    if (c == '_') {
      capital = true;
      continue;
    }
    pascal += capital ? static_cast<char>(c - 'a' + 'A') : c;
    capital = false;
  }
  return pascal;
}

template <class Message>
void add_fields(ExpectedMessage& message) {
  Message values{};
  for_each_field(values, [&message](const char* name, auto& value) {
    const TypeName type = named_type(name, type_name(value));
    message.fields.push_back(
        {name, type.type, type.primitive, message.block_length, sizeof(to_wire(value))});
    message.block_length += sizeof(to_wire(value));
  });
}

template <std::size_t... Kind>
std::vector<ExpectedMessage> expected_messages(std::index_sequence<Kind...>) {
  std::vector<ExpectedMessage> messages;
  const auto add = [&messages]<class Body>(std::size_t kind, const Body*) {
    ExpectedMessage message;
    message.name = pascal_case(event_kind_name(static_cast<std::uint8_t>(kind)));
    message.id = kind + 1;
    add_fields<EventHeader>(message);
    add_fields<Body>(message);
    messages.push_back(message);
  };
  (add(Kind, static_cast<const std::variant_alternative_t<Kind, EventBody>*>(nullptr)), ...);
  return messages;
}

template <class Message>
ExpectedMessage snapshot_message(const char* name) {
  ExpectedMessage message;
  message.name = name;
  message.id = kTemplateOf<Message>;
  add_fields<Message>(message);
  return message;
}

/// Those of events, and then those that are none.
std::vector<ExpectedMessage> all_messages() {
  auto messages = expected_messages(std::make_index_sequence<std::variant_size_v<EventBody>>{});
  messages.push_back(snapshot_message<SnapshotRequested>("SnapshotRequested"));
  messages.push_back(snapshot_message<AccountState>("AccountState"));
  messages.push_back(snapshot_message<SnapshotEnded>("SnapshotEnded"));
  return messages;
}

using Values = std::map<unsigned, std::string>;

/// The enumerators of an enum or kind: every value from 0 to 255 that has a name.
template <class Name>
Values expected_values(Name name) {
  Values values;
  for (unsigned value = 0; value <= 255; ++value) {
    const std::string text{name(static_cast<std::uint8_t>(value))};
    if (text != "unknown") values[value] = text;
  }
  return values;
}

template <class Enum>
Values expected_values_of() {
  return expected_values([](std::uint8_t raw) { return to_string(static_cast<Enum>(raw)); });
}

std::map<std::string, Values> expected_enums() {
  return {{"InputKind", expected_values(input_kind_name)},
          {"Refusal", expected_values_of<Refusal>()},
          {"WithdrawalRefusal", expected_values_of<WithdrawalRefusal>()},
          {"LiquidationOutcome", expected_values_of<LiquidationOutcome>()},
          {"PositionSide", expected_values_of<PositionSide>()},
          {"MarginMode", expected_values_of<MarginMode>()},
          {"PositionMode", expected_values_of<PositionMode>()},
          {"AutoTopUp", expected_values_of<AutoTopUp>()},
          {"Trust", expected_values_of<Trust>()},
          {"TrustReason", expected_values_of<TrustReason>()},
          {"SourceState", expected_values_of<SourceState>()},
          {"PauseReason", expected_values_of<PauseReason>()},
          {"CallState", expected_values_of<CallState>()},
          {"LiquidationState", expected_values_of<LiquidationState>()}};
}

// What clients of versions 0 to 2 were built for. Never changed: what is in none is since
// version 3.
constexpr std::array<std::size_t, 17> kFirstBlockLengths{47, 69, 70, 85, 65, 65, 65, 73, 89,
                                                         69, 85, 70, 81, 73, 65, 57, 73};
constexpr std::array<std::size_t, 26> kSecondBlockLengths{47, 73, 74, 86, 65, 65, 65, 73, 90,
                                                          69, 86, 70, 81, 73, 65, 57, 73, 57,
                                                          58, 53, 57, 52, 65, 69, 74, 61};
constexpr std::array<std::size_t, 34> kThirdBlockLengths{
    47, 73, 74, 86, 65, 65, 65, 73, 90, 69, 86, 70, 81, 73, 65, 57, 73,
    57, 58, 53, 57, 52, 65, 69, 74, 61, 54, 79, 69, 61, 49, 57, 48, 65};
/// How many enumerators an enum had.
using Enums = std::map<std::string, std::size_t>;
const Enums kFirstEnums{
    {"InputKind", 16}, {"Refusal", 13}, {"WithdrawalRefusal", 3}, {"LiquidationOutcome", 3}};
const Enums kSecondEnums{{"InputKind", 29},         {"Refusal", 27},     {"WithdrawalRefusal", 3},
                         {"LiquidationOutcome", 3}, {"PositionSide", 3}, {"MarginMode", 3},
                         {"PositionMode", 2},       {"AutoTopUp", 2}};
const Enums kThirdEnums{{"InputKind", 42},         {"Refusal", 34},     {"WithdrawalRefusal", 3},
                        {"LiquidationOutcome", 3}, {"PositionSide", 3}, {"MarginMode", 3},
                        {"PositionMode", 2},       {"AutoTopUp", 2},    {"Trust", 4},
                        {"TrustReason", 11},       {"SourceState", 5},  {"PauseReason", 3}};

/// How many of something versions 0, 1 and 2 had.
using Had = std::array<std::size_t, 3>;

/// The version that something came with, by its place. As expect_attribute reads a missing
/// attribute.
const char* since(std::size_t place, const Had& had) {
  if (place < had[0]) return "(none)";
  if (place < had[1]) return "1";
  return place < had[2] ? "2" : "3";
}

template <std::size_t N>
std::size_t block_length_of(const std::array<std::size_t, N>& lengths, std::size_t id) {
  return id <= N ? lengths[id - 1] : 0;
}

std::size_t count_of(const Enums& enums, const std::string& name) {
  const auto found = enums.find(name);
  return found == enums.end() ? 0 : found->second;
}

/// A type as the schema declares it.
struct DeclaredType {
  std::string primitive;
  std::size_t size{0};
  std::string exponent;  // of a decimal
};

class Comparison {
 public:
  explicit Comparison(std::string_view text) {
    const auto parsed = document_.load_buffer(text.data(), text.size());
    expect(static_cast<bool>(parsed), std::string{"not XML: "} + parsed.description());
    root_ = document_.child("sbe:messageSchema");
  }

  std::vector<std::string> run() {
    compare_schema();
    compare_message_header();
    read_types();
    compare_enums();
    compare_messages();
    compare_use();
    return found_;
  }

 private:
  void expect(bool agrees, const std::string& disagreement) {
    if (!agrees) found_.push_back(disagreement);
  }

  void expect_attribute(pugi::xml_node node, const char* attribute, const std::string& value,
                        const std::string& where) {
    const std::string found = node.attribute(attribute).as_string("(none)");
    expect(found == value, where + ": " + attribute + " is " + found + ", not " + value);
  }

  void expect_description(pugi::xml_node node, const std::string& where) {
    expect(*node.attribute("description").as_string() != '\0', where + ": no description");
  }

  void compare_schema() {
    expect_attribute(root_, "id", std::to_string(kSchemaId), "schema");
    expect_attribute(root_, "version", std::to_string(kSchemaVersion), "schema");
    expect_attribute(root_, "byteOrder", "littleEndian", "schema");
  }

  void compare_message_header() {
    const auto header = root_.child("types").find_child_by_attribute("name", "messageHeader");
    std::string members;
    for (const auto member : header.children()) {
      members += std::string{member.attribute("name").as_string()} + ':' +
                 member.attribute("primitiveType").as_string() + ' ';
    }
    expect(members == "blockLength:uint16 templateId:uint16 schemaId:uint16 version:uint16 ",
           "messageHeader is " + members);
  }

  void declare(const std::string& name, const DeclaredType& type) {
    expect(types_.emplace(name, type).second, "type declared twice: " + name);
  }

  void read_types() {
    for (const auto node : root_.child("types").children()) {
      const std::string name = node.attribute("name").as_string();
      const std::string element = node.name();
      expect_description(node, name);
      if (name == "messageHeader") continue;
      if (element == "type") {
        const std::string primitive = node.attribute("primitiveType").as_string();
        declare(name, {primitive, size_of(primitive), ""});
      } else if (element == "enum") {
        const std::string primitive = node.attribute("encodingType").as_string();
        declare(name, {primitive, size_of(primitive), ""});
      } else {
        expect(element == "composite", "unexpected element in types: " + element);
        read_composite(node, name);
      }
    }
  }

  void read_composite(pugi::xml_node composite, const std::string& name) {
    DeclaredType type;
    for (const auto member : composite.children()) {
      const std::string primitive = member.attribute("primitiveType").as_string();
      if (std::string{member.attribute("presence").as_string()} == "constant") {
        type.exponent = member.text().as_string();
        continue;
      }
      type.primitive += primitive;
      type.size += size_of(primitive);
    }
    declare(name, type);
    expect(type.exponent == std::to_string(-kPriceDecimals), name + ": exponent " + type.exponent);
    static_assert(kPriceDecimals == kRateDecimals);
  }

  std::size_t size_of(const std::string& primitive) {
    const auto found = kPrimitives.find(primitive);
    expect(found != kPrimitives.end(), "no such primitive type: " + primitive);
    return found == kPrimitives.end() ? 0 : found->second;
  }

  void compare_enums() {
    auto expected = expected_enums();
    for (const auto node : root_.child("types").children("enum")) {
      const std::string name = node.attribute("name").as_string();
      const Had had{count_of(kFirstEnums, name), count_of(kSecondEnums, name),
                    count_of(kThirdEnums, name)};
      expect_attribute(node, "sinceVersion", since(0, had), name);
      Values values;
      for (const auto value : node.children()) {
        expect_attribute(value, "sinceVersion", since(values.size(), had), name);
        values[value.text().as_uint()] = value.attribute("name").as_string();
      }
      expect(values == expected[name], "enum " + name + " has other values");
      expected.erase(name);
    }
    expect(expected.empty(), "an enum is missing");
  }

  void compare_messages() {
    const auto expected = all_messages();
    std::size_t place = 0;
    for (const auto node : root_.children("sbe:message")) {
      const std::string name = node.attribute("name").as_string();
      expect(place < expected.size(), "no such message: " + name);
      if (place < expected.size()) compare_message(node, expected[place]);
      ++place;
    }
    expect(place == expected.size(), "a message is missing");
  }

  void compare_message(pugi::xml_node node, const ExpectedMessage& expected) {
    const std::size_t id = expected.id;
    expect_attribute(node, "name", expected.name, "message " + std::to_string(id));
    expect_attribute(node, "id", std::to_string(id), expected.name);
    expect_attribute(node, "blockLength", std::to_string(expected.block_length), expected.name);
    expect_description(node, expected.name);
    const Had had{block_length_of(kFirstBlockLengths, id), block_length_of(kSecondBlockLengths, id),
                  block_length_of(kThirdBlockLengths, id)};
    expect_attribute(node, "sinceVersion", since(0, had), expected.name);
    std::size_t place = 0;
    for (const auto field : node.children()) {
      const std::string where = expected.name + '.' + field.attribute("name").as_string();
      expect(std::string{field.name()} == "field", where + ": not a field");
      expect(place < expected.fields.size(), where + ": no such field");
      if (place < expected.fields.size()) {
        const ExpectedField& wanted = expected.fields[place];
        compare_field(field, wanted, where);
        expect_attribute(field, "sinceVersion", since(wanted.offset, had), where);
        compare_presence(field, expected.name, where);
      }
      ++place;
    }
    expect(place == expected.fields.size(), expected.name + ": a field is missing");
  }

  /// What may be none is optional: the null of the type.
  void compare_presence(pugi::xml_node node, const std::string& message, const std::string& where) {
    const std::string field = node.attribute("name").as_string();
    const bool may_be_none =
        field == "trigger_instrument" ||
        (message == "PriceTrustChanged" && (field == "instrument" || field == "index"));
    const bool optional = std::string{node.attribute("presence").as_string()} == "optional";
    expect(optional == may_be_none, where + ": presence");
  }

  void compare_field(pugi::xml_node node, const ExpectedField& expected, const std::string& where) {
    expect_attribute(node, "name", expected.name, where);
    expect_attribute(node, "type", expected.type, where);
    expect_attribute(node, "offset", std::to_string(expected.offset), where);
    expect_description(node, where);
    used_.insert(expected.type);
    const DeclaredType type = types_[expected.type];
    expect(type.primitive == expected.primitive, where + ": is " + type.primitive);
    expect(type.size == expected.size, where + ": has " + std::to_string(type.size) + " bytes");
  }

  void compare_use() {
    for (const auto& [name, type] : types_) {
      expect(used_.contains(name), "type is declared and never used: " + name);
    }
  }

  pugi::xml_document document_;
  pugi::xml_node root_;
  std::map<std::string, DeclaredType> types_;
  std::set<std::string> used_;
  std::vector<std::string> found_;
};

}  // namespace

std::string schema_text() {
  std::ifstream file{PLIMSOLL_SCHEMA};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> disagreements(std::string_view schema) {
  return Comparison{schema}.run();
}

}  // namespace plimsoll::wire
