// Goal: a mistake in an accounts file is named with file, line, field and value, and nothing is
// replayed. Method: a good line, then a bad one.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

const std::string kGood =
    R"({"account":1,"owner":1,"profile":"standard","asset":"USDT","balance":"100","positions":[]})";

/// Account 2 with one position.
std::string with_position(const std::string& instrument, const std::string& quantity,
                          const std::string& entry_price) {
  return R"({"account":2,"owner":1,"profile":"standard","asset":"USDT","balance":"100",)"
         R"("positions":[{"instrument":")" +
         instrument + R"(","quantity":")" + quantity + R"(","entry_price":")" + entry_price +
         R"("}]})";
}

class Accounts : public ::testing::Test {
 protected:
  [[nodiscard]] Arguments replay(const std::string& path) const {
    return {"replay", "--config", config_, "--accounts", path, capture_};
  }
  /// The second line is refused, at its place and with `part`.
  void expect_refused(const std::string& line, const std::string& part) const {
    const std::string path = folder_.write("accounts.jsonl", kGood + "\n" + line);
    expect_refusal(replay(path), kBadInput, {"plimsoll: " + path + ":2: " + part});
  }

  TemporaryFolder folder_;
  std::string config_{write_small_demo(folder_)};
  std::string capture_{folder_.write("empty.jsonl", "")};
};

TEST_F(Accounts, ThatAreRightAreTaken) {
  const std::string second = with_position("BTCUSDT", "-0.500", "61000.1");
  const std::string path = folder_.write("accounts.jsonl", kGood + "\n" + second);
  EXPECT_EQ(summary_of(replay(path))["accounts"], 2);
}

TEST_F(Accounts, OfAMissingFileAreRefused) {
  const std::string path = folder_.at("missing.jsonl");
  expect_refusal(replay(path), kBadInput, {path, "cannot be read"});
  expect_refusal(replay(folder_.path()), kBadInput, {folder_.path(), "cannot be read"});
}

TEST_F(Accounts, ThatComeTwiceAreRefused) {
  expect_refused(kGood + "\n", "account = 1: appears twice");
}

TEST_F(Accounts, WithAnUnknownInstrumentAreRefused) {
  expect_refused(with_position("XRPUSDT", "1", "3"),
                 R"(positions[0].instrument = "XRPUSDT": names no instrument)");
}

TEST_F(Accounts, CutInTheLastLineAreRefused) {
  expect_refused(kGood.substr(0, kGood.size() / 2), "");
  expect_refused("{\"account\":2", "");
}

TEST_F(Accounts, WithANegativeEntryPriceAreRefused) {
  expect_refused(with_position("BTCUSDT", "1", "-3"),
                 R"(positions[0].entry_price = "-3": must be above 0)");
}

TEST_F(Accounts, WithAQuantityOffTheLotAreRefused) {
  expect_refused(with_position("BTCUSDT", "1.0005", "3"),
                 R"(positions[0].quantity = "1.0005": more decimals)");
  const std::string text = edit(read_file(demo()), "lot", "lot = \"0.005\"").text;
  const std::string path =
      folder_.write("accounts.jsonl", kGood + "\n" + with_position("BTCUSDT", "1.001", "3"));
  expect_refusal(
      {"replay", "--config", folder_.write("lot.toml", text), "--accounts", path, capture_},
      kBadInput, {path + ":2: positions[0].quantity = \"1.001\"", "lot"});
}

TEST_F(Accounts, BeyondTheLimitAreRefused) {
  const std::string text = edit(read_file(demo()), "accounts", "accounts = 1").text;
  const std::string path =
      folder_.write("accounts.jsonl", kGood + "\n" + with_position("BTCUSDT", "1", "3"));
  expect_refusal(
      {"replay", "--config", folder_.write("one.toml", text), "--accounts", path, capture_},
      kBadInput, {path, "limits.accounts"});
}

TEST_F(Accounts, OfADamagedGzipAreRefused) {
  const std::string bytes = gzip(kGood + "\n");
  const std::string path = folder_.write("accounts.gz", bytes.substr(0, bytes.size() - 6));
  expect_refusal(replay(path), kBadInput, {path});
}

}  // namespace
}  // namespace plimsoll::cli::testing
