#include "feeds/live/url.hpp"

#include <gtest/gtest.h>

namespace plimsoll::feeds::live {
namespace {

TEST(LiveUrl, IsReadInItsParts) {
  EXPECT_EQ(parse_url("wss://ws.okx.com:8443/ws/v5/public"),
            (Url{true, "ws.okx.com", 8443, "/ws/v5/public"}));
  EXPECT_EQ(parse_url("wss://ws.bit.com"), (Url{true, "ws.bit.com", 443, "/"}));
  EXPECT_EQ(parse_url("ws://127.0.0.1?streams=a@b/c@d"),
            (Url{false, "127.0.0.1", 80, "/?streams=a@b/c@d"}));
  EXPECT_EQ(parse_url("ws://[::1]:9000/x"), (Url{false, "::1", 9000, "/x"}));
}

TEST(LiveUrl, IsWrittenAsItIsRead) {
  for (const char* text : {"wss://ws.okx.com:8443/ws/v5/public", "wss://ws.bit.com/",
                           "ws://127.0.0.1/?streams=a@b", "ws://[::1]:9000/x"}) {
    ASSERT_TRUE(parse_url(text)) << text;
    EXPECT_EQ(to_string(*parse_url(text)), text);
  }
  EXPECT_EQ(host_header(*parse_url("wss://venue:443")), "venue");
  EXPECT_EQ(host_header(*parse_url("wss://[::1]:80")), "[::1]:80");
}

TEST(LiveUrl, OfAnyOtherKindIsRefused) {
  for (const char* text :
       {"", "http://venue", "wss:/venue", "wss://", "wss:///path", "wss://:443",
        "wss://venue:", "wss://venue:0", "wss://venue:65536", "wss://venue:80x", "wss://venue:-1",
        "wss://[::1", "wss://[::1]x", "wss://user@venue/", "wss://venue/a#b", "wss://venue/a b",
        "wss://venue/\r\nX: y", "wss://venue/\xc3\xa9"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

}  // namespace
}  // namespace plimsoll::feeds::live
