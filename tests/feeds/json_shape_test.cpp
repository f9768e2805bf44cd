#include "feeds/capture/json_shape.hpp"

#include <string>

#include <gtest/gtest.h>

namespace plimsoll::feeds {
namespace {

TEST(JsonShape, KnowsAWholeMessageFromAnyPrefixOfIt) {
  const std::string whole = R"({"a":["x\"]}\\",{"b":[]}],"c":"{"})";
  EXPECT_TRUE(is_closed_json(whole));
  EXPECT_TRUE(is_closed_json("  " + whole + " \r"));
  EXPECT_FALSE(is_closed_json(whole + "x"));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    EXPECT_FALSE(is_closed_json(whole.substr(0, cut))) << cut;
  }
}

TEST(JsonShape, NothingButAnObjectOrAListIsAMessage) {
  for (const char* text : {"", " ", "null", "1", "\"{}\"", "}", "]{}"}) {
    EXPECT_FALSE(is_closed_json(text)) << text;
  }
}

}  // namespace
}  // namespace plimsoll::feeds
