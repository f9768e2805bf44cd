#include "engine/gateway/credentials.hpp"

#include <gtest/gtest.h>

namespace plimsoll::gateway {
namespace {

bool may_log_on(const std::vector<User>& users, std::string_view name, std::string_view password) {
  return admit(users, name, password).admitted;
}

TEST(Credentials, SayWhoWasAdmitted) {
  const std::vector<User> users{{"desk", "secret"}, {"risk", "other"}};
  EXPECT_EQ(admit(users, "RISK", "other").user, &users[1]);
  EXPECT_EQ(admit(users, "risk", "secret").user, nullptr);
  EXPECT_EQ(admit({}, "risk", "other").user, nullptr);
}

TEST(Credentials, AdmitAnyoneWhenNobodyIsListed) {
  EXPECT_TRUE(may_log_on({}, "", ""));
  EXPECT_TRUE(may_log_on({}, "anyone", "anything"));
}

TEST(Credentials, AdmitAListedUserWithTheRightPasswordOnly) {
  const std::vector<User> users{{"desk", "secret"}, {"risk", "other"}};
  EXPECT_TRUE(may_log_on(users, "desk", "secret"));
  EXPECT_TRUE(may_log_on(users, "risk", "other"));
  EXPECT_FALSE(may_log_on(users, "desk", "other"));
  EXPECT_FALSE(may_log_on(users, "desk", "secre"));
  EXPECT_FALSE(may_log_on(users, "desk", "secrett"));
  EXPECT_FALSE(may_log_on(users, "desk", ""));
  EXPECT_FALSE(may_log_on(users, "", ""));
  EXPECT_FALSE(may_log_on(users, "desks", "secret"));
}

TEST(Credentials, IgnoreTheCaseOfLettersAndOfNothingElse) {
  const std::vector<User> users{{"Desk", "seCret@1"}};
  EXPECT_TRUE(may_log_on(users, "dESK", "SEcRET@1"));
  EXPECT_FALSE(may_log_on(users, "desk", "secret`1"));  // 0x60 is 0x40 + 0x20
}

}  // namespace
}  // namespace plimsoll::gateway
