#include "engine/platform/hmac.hpp"

#include <string>

#include <gtest/gtest.h>

namespace plimsoll::platform {
namespace {

std::string hex(const Digest& digest) {
  std::string text;
  for (const std::byte byte : digest) {
    for (const int shift : {4, 0}) {
      text += "0123456789abcdef"[(std::to_integer<unsigned>(byte) >> shift) & 15U];
    }
  }
  return text;
}

// RFC 4231, test cases 1, 2 and 6.
TEST(Hmac, IsWhatTheStandardSays) {
  EXPECT_EQ(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, SameDigestLooksAtEveryBit) {
  const Digest digest = hmac_sha256("key", "text");
  EXPECT_TRUE(same_digest(digest, hmac_sha256("key", "text")));
  for (std::size_t i = 0; i < digest.size() * 8; ++i) {
    Digest other = digest;
    other[i / 8] ^= std::byte{1} << (i % 8);
    EXPECT_FALSE(same_digest(digest, other)) << i;
  }
}

}  // namespace
}  // namespace plimsoll::platform
