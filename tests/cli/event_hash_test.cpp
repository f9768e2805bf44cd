// Goal: the events are a function of the captured inputs alone. Method: replay one crash in every
// way that the program has, and compare the hash of the events.

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

class EventHash : public ::testing::Test {
 protected:
  [[nodiscard]] std::string hash_of(const Arguments& captures) const {
    return summary_of(market_.replay() + captures)["event_hash"];
  }
  /// Replays the plain capture inline and with `options`.
  void expect_same(const Arguments& options) const {
    EXPECT_EQ(hash_of(options + Arguments{market_.capture}), hash_of({market_.capture}));
  }
  [[nodiscard]] std::string part(const char* name, bool majors) const {
    const auto wanted = [majors](const std::string& line) {
      const bool major = line.find("\"BTCUSDT\"") != line.npos || line.find("\"ETH") != line.npos;
      return major == majors;
    };
    return market_.folder.write(name, filter(read_file(market_.capture), wanted));
  }

  Market market_;
};

TEST_F(EventHash, IsOfHundredsOfCallsLiquidationsAndBankruptcies) {
  const nlohmann::json summary = summary_of(market_.replay() + Arguments{market_.capture});
  EXPECT_GE(summary["margin_calls"], 300);
  EXPECT_GE(summary["liquidations"], 300);
  EXPECT_GE(summary["bankruptcies"], 100);
  EXPECT_EQ(summary["lines_read"], Market::kLines);
  EXPECT_EQ(summary["lines_used"], Market::kLines);
  EXPECT_EQ(summary["ticks"], Market::kLines);
  EXPECT_EQ(summary["accounts"], 2000);
  EXPECT_EQ(summary["interrupted"], false);
}

TEST_F(EventHash, IsTheSameInlineAndOnAnyNumberOfShards) {
  expect_same({"--inline"});
  for (const char* shards : {"1", "2", "4"}) expect_same({"--shards", shards});
}

TEST_F(EventHash, IsTheSameWhenEveryAccountIsRevaluedAfterEveryInput) {
  expect_same({"--naive"});
  expect_same({"--naive", "--shards", "2"});
}

TEST_F(EventHash, IsTheSameAtAnySpeed) {
  expect_same({"--speed", "max"});
  expect_same({"--speed", "60"});
  expect_same({"--speed", "1e9", "--shards", "2"});
}

TEST_F(EventHash, IsTheSameFromAGzippedCaptureAndBook) {
  const std::string capture = market_.folder.write("capture.gz", gzip(read_file(market_.capture)));
  const std::string book = market_.folder.write("book.gz", gzip(read_file(market_.accounts)));
  EXPECT_EQ(
      summary_of({"replay", "--config", market_.config, "--accounts", book, capture})["event_hash"],
      hash_of({market_.capture}));
}

/// The lines of both in the order of their receive times; of two at the same time the first's
/// first.
std::string merged(const std::string& first, const std::string& second) {
  std::vector<std::string> lines = lines_of(first + second);
  std::stable_sort(lines.begin(), lines.end(), [](const std::string& a, const std::string& b) {
    return std::stoll(a) < std::stoll(b);
  });
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST_F(EventHash, IsTheSameFromACaptureSplitByInstrument) {
  const std::string majors = part("majors.jsonl", true);
  const std::string others = part("others.jsonl", false);
  const std::string text = merged(read_file(majors), read_file(others));
  const std::string whole = market_.folder.write("whole.jsonl", text);
  EXPECT_GT(lines_of(read_file(majors)).size(), 300U);
  EXPECT_GT(lines_of(read_file(others)).size(), 300U);
  EXPECT_EQ(hash_of({majors, others}), hash_of({whole}));
}

TEST_F(EventHash, IsAnotherForAnotherCaptureAndAnotherBook) {
  const std::string hash = hash_of({market_.capture});
  EXPECT_NE(hash_of({part("majors.jsonl", true)}), hash);
  EXPECT_NE(summary_of({"replay", "--config", market_.config, market_.capture})["event_hash"],
            hash);
}

TEST_F(EventHash, IsOnThePageForPeopleToo) {
  const Finished page = run(market_.replay() + Arguments{market_.capture});
  EXPECT_EQ(page.code, 0);
  EXPECT_NE(page.out.find(hash_of({market_.capture})), std::string::npos) << page.out;
  EXPECT_EQ(row_of(page.out, "lines read"), std::uint64_t{Market::kLines});
}

TEST(Generate, MakesTheSameBytesOfTheSameSeed) {
  const Market one;
  const Market two;
  EXPECT_EQ(read_file(one.capture), read_file(two.capture));
  EXPECT_EQ(read_file(one.accounts), read_file(two.accounts));
}

}  // namespace
}  // namespace plimsoll::cli::testing
