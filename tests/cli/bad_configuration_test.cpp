// Goal: a mistake in a configuration is named with file, line, field and value, and nothing starts.
// Method: spoil one line of the demonstration's.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

class Configuration : public ::testing::Test {
 protected:
  /// Every command refuses it with the place of the line and `parts`.
  void expect_refused(const std::string& start, const std::string& replacement,
                      std::vector<std::string> parts) const {
    const Edited edited = edit(read_file(demo()), start, replacement);
    const std::string path = folder_.write("spoilt.toml", edited.text);
    parts.push_back("plimsoll: " + path + ":" + std::to_string(edited.line));
    expect_refusal({"check-config", path}, kBadInput, parts);
    expect_refusal({"replay", "--config", path, capture_}, kBadInput, parts);
    expect_refusal({"generate", "accounts", "--config", path}, kBadInput, parts);
  }

  TemporaryFolder folder_;
  std::string capture_{folder_.write("empty.jsonl", "")};
};

TEST_F(Configuration, OfTheDemonstrationIsOkAndHasAHash) {
  const Finished checked = run({"check-config", demo()});
  EXPECT_EQ(checked.code, kOk);
  EXPECT_EQ(checked.err, "");
  EXPECT_TRUE(checked.out.starts_with(demo() + ": ok\n")) << checked.out;
  const std::size_t hash = checked.out.find("hash");
  ASSERT_NE(hash, std::string::npos) << checked.out;
  const std::size_t digits = checked.out.find_first_of("0123456789abcdef", hash + 5);
  EXPECT_EQ(checked.out.find_first_not_of("0123456789abcdef", digits), digits + 16) << checked.out;
}

TEST_F(Configuration, WithAnotherRuleHasAnotherHash) {
  const std::string text = edit(read_file(demo()), "latency", "latency = \"30ms\"").text;
  const auto last_line = [](const std::string& path) {
    return lines_of(run({"check-config", path}).out).back();
  };
  EXPECT_NE(last_line(folder_.write("other.toml", text)), last_line(demo()));
}

TEST_F(Configuration, WithAnUnknownKeyIsRefused) {
  expect_refused("time_step", "time_stop = \"100ms\"", {"engine.time_stop", "unknown key"});
}

TEST_F(Configuration, WithAWrongTypeIsRefused) {
  expect_refused("latency", "latency = 20", {"exchange.latency = 20: must be a duration"});
  expect_refused("accounts", "accounts = \"many\"",
                 {"limits.accounts = \"many\": must be a whole number"});
  expect_refused("impact", "impact = 0.01", {"exchange.impact = 0.01: must be a decimal number"});
}

TEST_F(Configuration, WithAMissingKeyIsRefused) {
  const Edited edited = edit(read_file(demo()), "latency", "");
  const std::string path = folder_.write("spoilt.toml", edited.text);
  expect_refusal({"check-config", path}, kBadInput, {path + ":", "exchange.latency: is missing"});
}

TEST_F(Configuration, WithABadDecimalIsRefused) {
  expect_refused("lot", "lot = \"0,001\"", {"instrument[0].lot = \"0,001\": not a decimal number"});
  expect_refused("lot", "lot = \"0.0001\"", {"instrument[0].lot = \"0.0001\": more decimals"});
}

TEST_F(Configuration, ThatIsNoTomlIsRefused) {
  expect_refused("accounts", "accounts = = 1", {"Error while parsing"});
}

TEST_F(Configuration, ThatIsNotThereIsRefused) {
  const std::string path = folder_.at("missing.toml");
  expect_refusal({"check-config", path}, kBadInput, {path, "cannot be read"});
  expect_refusal({"replay", "--config", path, capture_}, kBadInput, {path, "cannot be read"});
  expect_refusal({"generate", "capture", "--config", path}, kBadInput, {path, "cannot be read"});
}

TEST_F(Configuration, ShowsAllItsMistakesAtOnce) {
  Edited edited = edit(read_file(demo()), "latency", "latency = 20");
  edited = edit(edited.text, "accounts", "accounts = 0");
  const Finished checked = run({"check-config", folder_.write("spoilt.toml", edited.text)});
  EXPECT_EQ(checked.code, kBadInput);
  EXPECT_EQ(lines_of(checked.err).size(), 2U) << checked.err;
}

}  // namespace
}  // namespace plimsoll::cli::testing
