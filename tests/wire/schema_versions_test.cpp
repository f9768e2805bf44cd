// Goal: the rules of versions on the protocol page hold between any two versions of the schema.
// Method: clients made from the XML of a version read bytes of writers of another; older versions
// are cut from today's schema by its sinceVersion, a newer one adds one of everything.

#include "tests/wire/schema_versions.hpp"

#include <cstring>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/message/input.hpp"
#include "engine/wire/sbe.hpp"
#include "tests/wire/random_event.hpp"
#include "tests/wire/schema.hpp"
#include "tests/wire/schema_reader.hpp"

namespace plimsoll::wire {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::array<std::size_t, kSchemaVersion> kTemplatesOf{17, 26, 34};  // of versions 0 to 2
constexpr std::size_t kLaterSize = 8;

/// The fields of an event as a client should read them, from the structs.
std::vector<ReadField> fields_of(const Event& event) {
  std::vector<ReadField> fields;
  const auto add = [&fields](const char* name, const auto& value) {
    ReadField field;
    field.name = name;
    field.value = std::to_string(to_wire(value));
    if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(value)>>) {
      field.word = to_string(value);
    } else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::uint8_t>) {
      if (field.name.ends_with("_kind")) field.word = input_kind_name(value);
    }
    if (field.word == "unknown") field.word = "";
    fields.push_back(field);
  };
  for_each_field(event.header, add);
  std::visit([&](const auto& body) { for_each_field(body, add); }, event.body);
  return fields;
}

Bytes encoded(const Event& event) {
  std::array<std::byte, kEncodedSizeMax> bytes{};
  const std::size_t size = encode(event, bytes);
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

void set_header(Bytes& bytes, std::size_t place, std::size_t value) {
  const auto raw = static_cast<std::uint16_t>(value);
  std::memcpy(bytes.data() + 2 * place, &raw, sizeof(raw));
}

std::size_t block_length_of(const Bytes& bytes) {
  return bytes.size() - kMessageHeaderSize;
}

/// What a writer of an older version would have sent.
Bytes written_at(Bytes bytes, std::size_t block_length, unsigned version) {
  bytes.resize(kMessageHeaderSize + block_length);
  set_header(bytes, 0, block_length);
  set_header(bytes, 3, version);
  return bytes;
}

/// What a writer of the next version would send.
Bytes written_next(Bytes bytes) {
  bytes.resize(bytes.size() + kLaterSize, std::byte{0xa5});
  set_header(bytes, 0, block_length_of(bytes));
  set_header(bytes, 3, kSchemaVersion + 1U);
  return bytes;
}

std::size_t any_kind() {
  return *rc::gen::inRange<std::size_t>(0, kTemplates);
}

void expect_same(const ReadField& read, const ReadField& written, bool word = true) {
  RC_ASSERT(!read.absent);
  RC_ASSERT(read.name == written.name);
  RC_ASSERT(read.value == written.value);
  if (word) RC_ASSERT(read.word == written.word);
}

TEST(SchemaReader, ReadsEveryFieldOfEveryMessage) {
  const SchemaReader client{schema_text()};
  for (std::size_t kind = 0; kind < kTemplates; ++kind) {
    EXPECT_TRUE(rc::check([&] {
      const Event event = random_event(kind);
      const ReadMessage read = client.read(encoded(event));
      const auto written = fields_of(event);
      RC_ASSERT(read.status == ReadStatus::read);
      RC_ASSERT(read.version == kSchemaVersion);
      RC_ASSERT(read.bytes_skipped == 0U);
      RC_ASSERT(read.fields.size() == written.size());
      for (std::size_t i = 0; i < written.size(); ++i) expect_same(read.fields[i], written[i]);
    })) << "kind "
        << kind;
  }
}

TEST(SchemaReader, KnowsNothingWhereTheEngineSaysNone) {
  const SchemaReader client{schema_text()};
  Event event{};
  event.body = PriceTrustChanged{};
  std::string nulls;
  for (const ReadField& field : client.read(encoded(event)).fields) {
    if (field.null) nulls += field.name + ' ';
  }
  EXPECT_EQ(nulls, "trigger_instrument instrument index ");
}

TEST(SchemaReader, SaysWhyBytesAreNoMessage) {
  const SchemaReader client{schema_text()};
  const Bytes bytes = encoded(Event{});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(client.read(std::span{bytes}.first(size)).status, ReadStatus::cut);
  }
  Bytes other = bytes;
  set_header(other, 2, kSchemaId + 1U);
  EXPECT_EQ(client.read(other).status, ReadStatus::other_schema);
}

TEST(SchemaVersions, AClientBuiltForAnOlderOneReadsTodaysBytes) {
  for (unsigned version = 0; version < kSchemaVersion; ++version) {
    const SchemaReader client{schema_at(schema_text(), version)};
    EXPECT_TRUE(rc::check([&] {
      const Event event = random_event(any_kind());
      const ReadMessage read = client.read(encoded(event));
      if (event.body.index() >= kTemplatesOf.at(version)) {
        RC_ASSERT(read.status == ReadStatus::unknown_template);
        return;
      }
      RC_ASSERT(read.status == ReadStatus::read);
      const auto written = fields_of(event);
      RC_ASSERT(read.fields.size() <= written.size());
      for (std::size_t i = 0; i < read.fields.size(); ++i) {
        expect_same(read.fields[i], written[i], !read.fields[i].word.empty());
      }
    })) << version;
  }
}

TEST(SchemaVersions, AnOlderClientKeepsAnEnumeratorThatItDoesNotKnow) {
  Event event{};
  event.body = InputRefused{Refusal::tick_late, 3};
  for (const auto& [version, word] : {std::pair{0U, ""}, {1U, ""}, {2U, "tick_late"}}) {
    const ReadMessage read = SchemaReader{schema_at(schema_text(), version)}.read(encoded(event));
    EXPECT_EQ(read.fields.at(7).name, "reason");
    EXPECT_EQ(read.fields.at(7).value, "28");
    EXPECT_EQ(read.fields.at(7).word, word);
  }
}

/// The field that an older writer left out, as the engine's decoder gives it.
bool is_nothing(const ReadField& field) {
  return field.value == "0" || field.value == std::to_string(kNoInstrument.raw());
}

TEST(SchemaVersions, TodaysClientsReadAnOlderWriter) {
  const SchemaReader client{schema_text()};
  for (unsigned version = 0; version < kSchemaVersion; ++version) {
    const SchemaReader older{schema_at(schema_text(), version)};
    EXPECT_TRUE(rc::check([&] {
      const Event event = random_event(*rc::gen::inRange<std::size_t>(0, kTemplatesOf.at(version)));
      const Bytes today = encoded(event);
      const std::size_t block = block_length_of(today) - older.read(today).bytes_skipped;
      const Bytes bytes = written_at(today, block, version);
      RC_ASSERT(older.read(bytes).bytes_skipped == 0U);
      const std::size_t count = older.read(bytes).fields.size();
      const auto written = fields_of(event);
      const ReadMessage read = client.read(bytes);
      RC_ASSERT(read.status == ReadStatus::read);
      RC_ASSERT(read.fields.size() == written.size());
      const Decoded decoded = decode(bytes);
      RC_ASSERT(decoded.ok());
      RC_ASSERT(decoded.version == version);
      const auto engine = fields_of(decoded.event);
      for (std::size_t i = 0; i < written.size(); ++i) {
        RC_ASSERT(read.fields[i].absent == (i >= count));
        if (i < count) expect_same(read.fields[i], written[i]);
        const bool as_due = i < count ? engine[i].value == written[i].value : is_nothing(engine[i]);
        RC_ASSERT(as_due);
      }
    })) << version;
  }
}

TEST(SchemaVersions, TodaysClientsReadANewerWriter) {
  const SchemaReader client{schema_text()};
  const SchemaReader newer{next_schema(schema_text())};
  EXPECT_TRUE(rc::check([&] {
    const Event event = random_event(any_kind());
    const Bytes bytes = written_next(encoded(event));
    const auto written = fields_of(event);
    const ReadMessage read = client.read(bytes);
    RC_ASSERT(read.status == ReadStatus::read);
    RC_ASSERT(read.bytes_skipped == kLaterSize);
    RC_ASSERT(read.fields.size() == written.size());
    for (std::size_t i = 0; i < written.size(); ++i) expect_same(read.fields[i], written[i]);
    const Decoded decoded = decode(bytes);
    RC_ASSERT(decoded.ok());
    RC_ASSERT(decoded.version == kSchemaVersion + 1);
    RC_ASSERT(same_event(decoded.event, event));
    RC_ASSERT(newer.read(bytes).fields.size() == written.size() + 1);
    RC_ASSERT(newer.read(bytes).bytes_skipped == 0U);
    RC_ASSERT(newer.read(encoded(event)).fields.back().absent);
  }));
}

TEST(SchemaVersions, TodaysClientsSkipAMessageOfANewerWriter) {
  Event event{};
  event.body = SettlementAveraged{};
  Bytes bytes = encoded(event);
  set_header(bytes, 1, kTemplates + 1);
  set_header(bytes, 3, kSchemaVersion + 1U);
  EXPECT_EQ(SchemaReader{schema_text()}.read(bytes).status, ReadStatus::unknown_template);
  EXPECT_EQ(decode(bytes).error, DecodeError::unknown_template);
  EXPECT_EQ(SchemaReader{next_schema(schema_text())}.read(bytes).name, "Later");
}

TEST(SchemaVersions, TodaysClientsKeepAnEnumeratorOfANewerWriter) {
  const SchemaReader client{schema_text()};
  const SchemaReader newer{next_schema(schema_text())};
  Event event{};
  event.body = InputRefused{static_cast<Refusal>(35), 3};
  const Bytes bytes = written_next(encoded(event));
  EXPECT_EQ(client.read(bytes).fields.at(7).value, "35");
  EXPECT_EQ(client.read(bytes).fields.at(7).word, "");
  EXPECT_EQ(newer.read(bytes).fields.at(7).word, "later");
  EXPECT_EQ(std::get<InputRefused>(decode(bytes).event.body).reason, static_cast<Refusal>(35));
}

}  // namespace
}  // namespace plimsoll::wire
