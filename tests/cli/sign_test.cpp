// Goal: an operator signs what he says with the program, and a replay takes it from nobody else.

#include <filesystem>

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

constexpr const char* kPause =
    "{\"time\":5000000000,\"input\":\"liquidations_paused\",\"number\":1}\n";

class Sign : public ::testing::Test {
 protected:
  Sign() {
    write_key("ann.key", std::string(64, 'a'));
    write_key("bob.key", std::string(64, 'b'));
  }
  void write_key(const std::string& name, const std::string& key) const {
    std::filesystem::permissions(folder_.write(name, key + "\n"),
                                 std::filesystem::perms::owner_read);
  }
  [[nodiscard]] Finished sign(const std::string& who, const std::string& input,
                              const Arguments& more = {}) const {
    return run(Arguments{"sign", "--config", config_, "--operator", who} + more, input);
  }
  [[nodiscard]] Finished replay(const std::string& inputs) const {
    return run({"replay", "--config", config_, "--json", "--inputs",
                folder_.write("inputs.jsonl", inputs)});
  }

  TemporaryFolder folder_;
  std::string config_{
      folder_.write("signed.toml", read_file(write_small_demo(folder_)) +
                                       "\n[[operator]]\nname = \"ann\"\nkey_file = \"ann.key\"\n"
                                       "[[operator]]\nname = \"bob\"\nkey_file = \"bob.key\"\n")};
};

TEST_F(Sign, WhatIsSignedIsReplayed) {
  const Finished signed_lines = sign("ann", std::string{"\n"} + kPause);
  EXPECT_EQ(signed_lines.code, kOk) << signed_lines.err;
  EXPECT_EQ(lines_of(signed_lines.out).size(), 2U);
  EXPECT_NE(signed_lines.out.find("\"by\":\"ann\",\"signature\":\""), std::string::npos);
  const Finished replayed = replay(signed_lines.out);
  EXPECT_EQ(replayed.code, kOk) << replayed.err;
}

TEST_F(Sign, WhatIsNotSignedIsNotReplayed) {
  const Finished refused = replay(kPause);
  EXPECT_EQ(refused.code, kBadInput);
  EXPECT_NE(refused.err.find("inputs.jsonl:1: by: is missing"), std::string::npos) << refused.err;
  const Finished forged = sign("ann", kPause, {"--key", folder_.at("bob.key")});
  EXPECT_EQ(forged.code, kOk) << forged.err;
  EXPECT_NE(replay(forged.out).err.find("is not that of \"ann\" for this input"),
            std::string::npos);
}

TEST_F(Sign, NeedsNoKeyOfOthers) {
  std::filesystem::remove(folder_.at("bob.key"));
  EXPECT_EQ(sign("ann", kPause).code, kOk);
  EXPECT_EQ(run({"check-config", config_}).code, kBadInput);
}

TEST_F(Sign, WritesNothingWhenALineIsWrong) {
  const Finished refused = sign("ann", std::string{kPause} + "{\"time\":5}\n");
  EXPECT_EQ(refused.code, kBadInput);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "plimsoll: standard input:2: input: is missing\n");
}

TEST_F(Sign, OfAnUnknownOperatorOrWithABadKeyIsRefused) {
  EXPECT_EQ(sign("eve", kPause).code, kUsage);
  EXPECT_EQ(sign("eve", kPause).err, "plimsoll: --operator = \"eve\": names no operator\n");
  const std::string open = folder_.write("open.key", std::string(64, 'a'));
  std::filesystem::permissions(open, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const Finished refused = sign("ann", kPause, {"--key", open});
  EXPECT_EQ(refused.code, kBadInput);
  EXPECT_EQ(refused.err,
            "plimsoll: " + open + ": may be used by others than its owner: chmod 600\n");
}

}  // namespace
}  // namespace plimsoll::cli::testing
