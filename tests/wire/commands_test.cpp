// Goal: what a matching engine says arrives as it was said, and plimsoll-commands.xml alone is
// enough to say it. Method: every kind with any bits in any field, written and read; a reader made
// of the XML alone beside ours; damaged bytes.

#include "engine/wire/commands.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>
#include <pugixml.hpp>
#include <rapidcheck.h>

#include "tests/wire/random_event.hpp"

namespace plimsoll::wire {
namespace {

constexpr std::size_t kKinds = std::variant_size_v<InputBody>;

template <std::size_t Kind = 0>
InputBody random_input(std::size_t kind) {
  if constexpr (Kind < kKinds) {
    if (kind != Kind) return random_input<Kind + 1>(kind);
    std::variant_alternative_t<Kind, InputBody> body{};
    for_each_field(body, RandomField{});
    return body;
  } else {
    throw std::out_of_range{"no such kind of input"};
  }
}

template <std::size_t Kind = 0>
InputBody default_input(std::size_t kind) {
  if constexpr (Kind + 1 < kKinds) {
    if (kind != Kind) return default_input<Kind + 1>(kind);
  }
  return std::variant_alternative_t<Kind, InputBody>{};
}

std::vector<std::size_t> commands() {
  std::vector<std::size_t> kinds;
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (is_command(kind)) kinds.push_back(kind);
  }
  return kinds;
}

std::vector<std::byte> encoded(const InputBody& body) {
  std::array<std::byte, kCommandSizeMax> bytes{};
  const std::size_t size = encode_command(body, bytes);
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

/// Fields as names and raw values.
std::map<std::string, std::string> fields_of(const InputBody& body) {
  std::map<std::string, std::string> fields;
  std::visit(
      [&](const auto& message) {
        for_each_field(message, [&](const char* name, const auto& value) {
          fields[name] = std::to_string(to_wire(value));
        });
      },
      body);
  return fields;
}

TEST(Commands, ArriveAsTheyWereSaid) {
  for (const std::size_t kind : commands()) {
    EXPECT_TRUE(rc::check([kind] {
      const InputBody body = random_input(kind);
      const DecodedCommand decoded = decode_command(encoded(body));
      RC_ASSERT(decoded.ok());
      RC_ASSERT(decoded.body.index() == kind);
      RC_ASSERT(fields_of(decoded.body) == fields_of(body));
    }));
  }
}

TEST(Commands, AreNeitherPricesNorWhatOperatorsSayNorDecisionsOfTheHouse) {
  std::array<std::byte, kMessageHeaderSize + 64> bytes{};
  std::size_t others = 0;
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (is_command(kind)) continue;
    ++others;
    const std::array<std::uint16_t, 4> header{64, static_cast<std::uint16_t>(kind + 1),
                                              kCommandSchemaId, kCommandSchemaVersion};
    std::memcpy(bytes.data(), header.data(), sizeof header);
    EXPECT_EQ(decode_command(bytes).error, DecodeError::unknown_template) << kind;
  }
  EXPECT_EQ(others + commands().size(), kKinds);
  EXPECT_FALSE(is_command(InputBody{BookQuoted{}}.index()));
  EXPECT_FALSE(is_command(InputBody{MarkOverridden{}}.index()));
  EXPECT_FALSE(is_command(InputBody{TakeoverSettled{}}.index()));
}

TEST(Commands, ThatAreDamagedAreNone) {
  const std::vector<std::byte> good = encoded(TradeFilled{});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(decode_command(std::span{good}.first(size)).ok()) << size;
  }
  std::vector<std::byte> other = good;
  other[4] = std::byte{1};  // another schema
  EXPECT_EQ(decode_command(other).error, DecodeError::wrong_schema);
  std::vector<std::byte> shorter = good;
  shorter[0] = static_cast<std::byte>(static_cast<unsigned>(good[0]) - 1);
  EXPECT_EQ(decode_command(shorter).error, DecodeError::block_too_short);
}

TEST(Commands, OfANewerVersionAreReadAsFarAsTheyAreKnown) {
  std::vector<std::byte> newer =
      encoded(OrderClosed{AccountId::from_raw(7), ExternalId::from_raw(9)});
  newer[0] = static_cast<std::byte>(static_cast<unsigned>(newer[0]) + 3);
  newer[6] = std::byte{1};
  newer.insert(newer.end(), 3, std::byte{0xff});
  const DecodedCommand decoded = decode_command(newer);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(std::get<OrderClosed>(decoded.body).order.raw(), 9U);
}

/// Reads messages by the schema alone: template -> fields, each with a name, a place and a type.
class SchemaReader {
 public:
  SchemaReader() {
    EXPECT_TRUE(document_.load_file(PLIMSOLL_COMMANDS));
    const auto types = root().child("types");
    for (const auto type : types.children("type")) {
      primitives_[type.attribute("name").as_string()] = type.attribute("primitiveType").as_string();
    }
    for (const auto type : types.children("enum")) {
      primitives_[type.attribute("name").as_string()] = type.attribute("encodingType").as_string();
    }
    for (const char* decimal : {"Price", "Rate"}) primitives_[decimal] = "int64";
  }
  [[nodiscard]] pugi::xml_node root() const { return document_.child("sbe:messageSchema"); }
  [[nodiscard]] pugi::xml_node message(unsigned id) const {
    for (const auto message : root().children("sbe:message")) {
      if (message.attribute("id").as_uint() == id) return message;
    }
    return {};
  }
  [[nodiscard]] std::map<std::string, std::string> read(std::span<const std::byte> bytes) const {
    std::map<std::string, std::string> fields;
    for (const auto field : message(number<std::uint16_t>(bytes, 2)).children("field")) {
      const std::size_t at = 8 + field.attribute("offset").as_uint();
      fields[field.attribute("name").as_string()] =
          value(primitives_.at(field.attribute("type").as_string()), bytes, at);
    }
    return fields;
  }

 private:
  template <class Number>
  static Number number(std::span<const std::byte> bytes, std::size_t at) {
    Number number{};
    std::memcpy(&number, bytes.subspan(at, sizeof number).data(), sizeof number);
    return number;
  }
  static std::string value(const std::string& type, std::span<const std::byte> bytes,
                           std::size_t at) {
    if (type == "int64") return std::to_string(number<std::int64_t>(bytes, at));
    if (type == "uint64") return std::to_string(number<std::uint64_t>(bytes, at));
    if (type == "uint32") return std::to_string(number<std::uint32_t>(bytes, at));
    if (type == "uint8") return std::to_string(number<std::uint8_t>(bytes, at));
    ADD_FAILURE() << "unknown type " << type;
    return {};
  }

  pugi::xml_document document_;
  std::map<std::string, std::string> primitives_;
};

TEST(CommandSchema, IsEnoughToReadEveryCommand) {
  const SchemaReader reader;
  EXPECT_EQ(reader.root().attribute("id").as_uint(), kCommandSchemaId);
  EXPECT_EQ(reader.root().attribute("version").as_uint(), kCommandSchemaVersion);
  for (const std::size_t kind : commands()) {
    EXPECT_TRUE(rc::check([&] {
      const InputBody body = random_input(kind);
      const std::vector<std::byte> bytes = encoded(body);
      RC_ASSERT(reader.read(bytes) == fields_of(body));
    }));
    const auto message = reader.message(static_cast<unsigned>(kind) + 1);
    EXPECT_EQ(message.attribute("blockLength").as_uint() + 8, encoded(default_input(kind)).size())
        << message.attribute("name").as_string();
  }
}

TEST(CommandSchema, HasTheCommandsAndNothingElse) {
  const SchemaReader reader;
  std::set<std::size_t> named;
  for (const auto message : reader.root().children("sbe:message")) {
    named.insert(message.attribute("id").as_uint() - 1);
    EXPECT_STRNE(message.attribute("description").as_string(), "");
  }
  const std::vector<std::size_t> all = commands();
  EXPECT_EQ(named, std::set<std::size_t>(all.begin(), all.end()));
}

}  // namespace
}  // namespace plimsoll::wire
