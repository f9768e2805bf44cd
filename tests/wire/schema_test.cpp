#include "tests/wire/schema.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "engine/wire/sbe.hpp"
#include "engine/wire/snapshot.hpp"

namespace plimsoll::wire {
namespace {

constexpr unsigned kHeaderFields =
    std::tuple_size_v<decltype(EventHeader::fields())>;  // in front of every message

TEST(Schema, SaysWhatTheStructsSay) {
  for (const std::string& disagreement : disagreements(schema_text())) {
    ADD_FAILURE() << disagreement;
  }
}

/// The schema with the first `from` replaced. Fails when there is none: then the seed is stale.
std::string mutated(std::string_view from, std::string_view to) {
  std::string text = schema_text();
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Schema, CatchesEverySeededDisagreement) {
  const std::vector<std::pair<const char*, const char*>> seeds{
      {"id=\"20556\"", "id=\"20557\""},
      {"version=\"3\"", "version=\"2\""},
      {"littleEndian", "bigEndian"},
      {"name=\"templateId\" primitiveType=\"uint16\"",
       "name=\"templateId\" primitiveType=\"uint8\""},
      {"name=\"Amount\" primitiveType=\"int64\"", "name=\"Amount\" primitiveType=\"uint64\""},
      {"name=\"CallId\" primitiveType=\"uint32\"", "name=\"CallId\" primitiveType=\"uint16\""},
      {">-9<", ">-8<"},
      {"account_exists\">2<", "account_exists\">3<"},
      {"name=\"cured\"", "name=\"healed\""},
      {"<validValue name=\"closed\">2</validValue>", ""},
      {"<validValue name=\"closed\">2</validValue>",
       "<validValue name=\"closed\">2</validValue><validValue name=\"lost\">4</validValue>"},
      {"<sbe:message name=\"MarginCallMet\" id=\"5\"",
       "<sbe:message name=\"MarginCallMet\" id=\"6\""},
      {"<sbe:message name=\"MarginCallMet\"", "<sbe:message name=\"MarginCallWon\""},
      {"blockLength=\"47\"", "blockLength=\"48\""},
      {"name=\"realised_pnl\"", "name=\"realized_pnl\""},
      {"name=\"realised_pnl\" id=\"18\" type=\"Amount\"",
       "name=\"realised_pnl\" id=\"18\" type=\"Price\""},
      {"type=\"EventTime\" offset=\"16\"", "type=\"EventTime\" offset=\"24\""},
      {"type=\"EventTime\" offset=\"16\"", "type=\"EventTime\""},
      {"presence=\"optional\"", ""},
      {" description=\"A withdrawal or margin move left the account\"", ""},
      {"name=\"order_unknown\" sinceVersion=\"1\"", "name=\"order_unknown\""},
      {"name=\"cured\"", "name=\"cured\" sinceVersion=\"1\""},
      {"name=\"MarginMode\" encodingType=\"uint8\" semanticType=\"int\" sinceVersion=\"1\"",
       "name=\"MarginMode\" encodingType=\"uint8\" semanticType=\"int\""},
      {"name=\"asset\" id=\"27\" type=\"AssetId\" offset=\"69\" sinceVersion=\"1\"",
       "name=\"asset\" id=\"27\" type=\"AssetId\" offset=\"69\""},
      {"name=\"tick_late\" sinceVersion=\"2\"", "name=\"tick_late\" sinceVersion=\"1\""},
      {"name=\"Trust\" encodingType=\"uint8\" semanticType=\"int\" sinceVersion=\"2\"",
       "name=\"Trust\" encodingType=\"uint8\" semanticType=\"int\" sinceVersion=\"1\""},
      {"blockLength=\"54\" sinceVersion=\"2\"", "blockLength=\"54\" sinceVersion=\"1\""},
      {"type=\"IndexId\" offset=\"73\" presence=\"optional\"", "type=\"IndexId\" offset=\"73\""},
      {"name=\"paused\" id=\"60\" type=\"Flag\"", "name=\"paused\" id=\"60\" type=\"InputKind\""},
      {"blockLength=\"57\" sinceVersion=\"1\"", "blockLength=\"57\""},
      {"type=\"Sequence\" offset=\"8\"", "type=\"Sequence\" offset=\"8\" sinceVersion=\"1\""},
      {"name=\"AccountState\" id=\"1001\"", "name=\"AccountState\" id=\"1003\""},
      {"name=\"left_out\"", "name=\"leftout\""},
      {"name=\"left_out\" id=\"70\" type=\"LongCount\" offset=\"32\" sinceVersion=\"3\"",
       "name=\"left_out\" id=\"70\" type=\"LongCount\" offset=\"32\""},
      {"name=\"suspended\" sinceVersion=\"3\"", "name=\"suspended\" sinceVersion=\"2\""},
      {"</sbe:messageSchema>", ""},
  };
  for (const auto& [from, to] : seeds) {
    EXPECT_FALSE(disagreements(mutated(from, to)).empty()) << from << " -> " << to;
  }
}

/// Every field of every message, one mutation of the document at a time.
template <class Mutate>
void expect_caught_in_every_message(Mutate mutate) {
  pugi::xml_document original;
  ASSERT_TRUE(original.load_string(schema_text().c_str()));
  const auto message_count = std::size_t{kTemplates};
  for (std::size_t message = 0; message < message_count; ++message) {
    pugi::xml_document copy;
    copy.reset(original);
    auto node = copy.child("sbe:messageSchema").child("sbe:message");
    for (std::size_t i = 0; i < message; ++i) node = node.next_sibling("sbe:message");
    mutate(node);
    std::ostringstream text;
    copy.save(text);
    EXPECT_FALSE(disagreements(text.str()).empty()) << "message " << message + 1;
  }
}

/// "| 16 | InventoryOrderIssued | 57 | quantity, instrument |", as PROTOCOL.md has it: of events
/// without the fields that all of them have.
std::string table_row(pugi::xml_node message) {
  std::string row = std::string{"| "} + message.attribute("id").as_string() + " | " +
                    message.attribute("name").as_string() + " | " +
                    message.attribute("blockLength").as_string() + " | ";
  const char* separator = "";
  for (const auto field : message.children()) {
    const bool event = message.attribute("id").as_uint() < kFirstSnapshotTemplate;
    if (event && field.attribute("id").as_uint() <= kHeaderFields) continue;
    row += std::string{separator} + field.attribute("name").as_string();
    separator = ", ";
  }
  return row + " |\n";
}

TEST(Schema, IsWhatTheProtocolPageLists) {
  pugi::xml_document schema;
  ASSERT_TRUE(schema.load_string(schema_text().c_str()));
  std::ifstream file{PLIMSOLL_PROTOCOL};
  const std::string page{std::istreambuf_iterator<char>{file}, {}};
  for (const auto message : schema.child("sbe:messageSchema").children("sbe:message")) {
    EXPECT_NE(page.find(table_row(message)), std::string::npos) << table_row(message);
  }
  EXPECT_NE(page.find("schemaId " + std::to_string(kSchemaId)), std::string::npos);
}

TEST(Schema, CatchesAFieldRemovedFromAnyMessage) {
  expect_caught_in_every_message(
      [](pugi::xml_node message) { message.remove_child(message.last_child()); });
}

TEST(Schema, CatchesTwoFieldsSwappedInAnyMessage) {
  expect_caught_in_every_message([](pugi::xml_node message) {
    message.insert_move_before(message.last_child(), message.last_child().previous_sibling());
  });
}

TEST(Schema, CatchesAFieldAddedToAnyMessage) {
  expect_caught_in_every_message(
      [](pugi::xml_node message) { message.append_copy(message.last_child()); });
}

TEST(Schema, CatchesAnyMessageThatIsRemoved) {
  expect_caught_in_every_message(
      [](pugi::xml_node message) { message.parent().remove_child(message); });
}

TEST(Schema, CatchesAnEventThatDoesNotExist) {
  expect_caught_in_every_message(
      [](pugi::xml_node message) { message.parent().append_copy(message); });
}

}  // namespace
}  // namespace plimsoll::wire
