#include "tests/wire/schema_rules.hpp"

#include <gtest/gtest.h>

#include "tests/wire/schema.hpp"
#include "tests/wire/schema_versions.hpp"

namespace plimsoll::wire {
namespace {

void expect_no_violation(const std::string& schema) {
  for (const std::string& violation : schema_violations(schema)) ADD_FAILURE() << violation;
}

TEST(SchemaRules, HoldForOurs) {
  expect_no_violation(schema_text());
}

TEST(SchemaRules, HoldForEveryVersionThereWasAndMayBe) {
  expect_no_violation(schema_at(schema_text(), 0));
  expect_no_violation(schema_at(schema_text(), 1));
  expect_no_violation(schema_at(schema_text(), 2));
  expect_no_violation(next_schema(schema_text()));
}

TEST(SchemaRules, CatchEverySeededViolation) {
  const std::vector<std::pair<const char*, const char*>> seeds{
      // The XSD.
      {"</sbe:messageSchema>", ""},
      {"fixprotocol.io/2016/sbe", "fixprotocol.io/2017/sbe"},
      {" id=\"20556\"", " id=\"65536\""},
      {" version=\"3\"", ""},
      {" version=\"3\"", " version=\"3.0\""},
      {"littleEndian\" desc", "little\" desc"},
      {"<types>", "<types/><types2>"},
      {"name=\"Amount\" primitiveType=\"int64\"", "name=\"Amount\" primitiveType=\"decimal\""},
      {"name=\"Amount\" primitiveType=\"int64\"", "name=\"Amount\""},
      {"name=\"Amount\" prim", "name=\"Net Amount\" prim"},
      {"name=\"Amount\" prim", "name=\"2Amount\" prim"},
      {"name=\"Amount\" prim", "name=\"Amount\" unit=\"1\" prim"},
      {"name=\"Amount\" prim", "name=\"Amount\" nullValue=\"0\" prim"},
      {"presence=\"constant\"", "presence=\"fixed\""},
      {"<validValue name=\"cured\">", "<validValue>"},
      {"<enum name=\"Trust\" encodingType=\"uint8\"", "<enum name=\"Trust\""},
      {"<sbe:message name=\"MarginCallMet\"", "<sbe:message"},
      {"<sbe:message name=\"MarginCallMet\" id=\"5\"", "<sbe:message name=\"MarginCallMet\""},
      {"<field name=\"equity\"", "<field"},
      {"<field name=\"equity\" id=\"21\"", "<field name=\"equity\""},
      {"<field name=\"equity\" id=\"21\" type=\"Amount\"", "<field name=\"equity\" id=\"21\""},
      {"offset=\"45\"", "offset=\"-1\""},
      {"<field name=\"equity\"", "<data name=\"equity\""},
      {"blockLength=\"47\"", "blockLength=\"\""},
      // The standard's own conditions.
      {"<composite name=\"messageHeader\"", "<composite name=\"packetHeader\""},
      {"name=\"templateId\" primitiveType=\"uint16\"",
       "name=\"templateId\" primitiveType=\"uint32\""},
      {"name=\"Quantity\" prim", "name=\"Amount\" prim"},
      {"name=\"Count\" prim", "name=\"uint32\" prim"},
      {"type=\"Count\"", "type=\"uint32\""},
      {"presence=\"constant\">-9<", "presence=\"constant\"><"},
      {"presence=\"constant\">-9<", ">-9<"},
      {">1</validValue>", "></validValue>"},
      {">1</validValue>", ">255</validValue>"},
      {">1</validValue>", ">x</validValue>"},
      {">1</validValue>", ">0</validValue>"},
      {"name=\"closed\"", "name=\"cured\""},
      {"encodingType=\"uint8\"", "encodingType=\"int8\""},
      {"name=\"Amount\" primitiveType=\"int64\" semanticType=\"Amt\"",
       "name=\"Amount\" primitiveType=\"int64\""},
      {"<field name=\"equity\"", "<field semanticType=\"Qty\" name=\"equity\""},
      {"name=\"Amount\" prim", "name=\"Amount\" presence=\"optional\" prim"},
      {"offset=\"16\"", "offset=\"15\""},
      {"blockLength=\"47\"", "blockLength=\"46\""},
      {"<sbe:message name=\"MarginCallMet\" id=\"5\"",
       "<sbe:message name=\"MarginCallMet\" id=\"4\""},
      {"<sbe:message name=\"MarginCallMet\"", "<sbe:message name=\"MarginCallFailed\""},
      {"<field name=\"maintenance_margin\" id=\"22\"", "<field name=\"equity\" id=\"22\""},
      {"<field name=\"maintenance_margin\" id=\"22\"",
       "<field name=\"maintenance_margin\" id=\"21\""},
      {"<field name=\"equity\" id=\"21\"", "<field name=\"equity\" id=\"99\""},
      {"<field name=\"available\" id=\"13\"", "<field name=\"available\" id=\"11\""},
      {"<field name=\"amount\" id=\"10\"", "<field name=\"amount\" id=\"1000\""},
      // Versions.
      {" version=\"3\"", " version=\"2\""},
      {"name=\"order_unknown\" sinceVersion=\"1\"", "name=\"order_unknown\" sinceVersion=\"4\""},
      {"name=\"order_unknown\" sinceVersion=\"1\"", "name=\"order_unknown\""},
      {"name=\"frozen\" sinceVersion=\"2\"", "name=\"frozen\""},
      {"offset=\"69\" sinceVersion=\"1\"", "offset=\"69\" sinceVersion=\"5\""},
      {"id=\"18\" blockLength=\"57\" sinceVersion=\"1\"", "id=\"18\" blockLength=\"57\""},
      {"id=\"18\" blockLength=\"57\" sinceVersion=\"1\"",
       "id=\"18\" blockLength=\"57\" sinceVersion=\"2\""},
      {"offset=\"8\"", "offset=\"8\" sinceVersion=\"1\""},
      {"name=\"IndexId\" primitiveType=\"uint32\" semanticType=\"int\" sinceVersion=\"2\"",
       "name=\"IndexId\" primitiveType=\"uint32\" semanticType=\"int\""},
      {"type=\"IndexId\"", "type=\"InstrumentId\""},
  };
  for (const auto& [from, to] : seeds) {
    std::string text = schema_text();
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, std::string{from}.size(), to);
    EXPECT_FALSE(schema_violations(text).empty()) << from << " -> " << to;
  }
}

}  // namespace
}  // namespace plimsoll::wire
