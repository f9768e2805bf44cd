// Goal: of a capture every line is used or counted with its reason, and a file that cannot be read
// on is refused with its place. Method: a good capture with bad lines, and damaged files.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

/// A line with a quote at a fixed second of the crash's start.
std::string quote(const std::string& symbol, const std::string& bid, const std::string& ask) {
  return R"(1760000000500000000 {"e":"bookTicker","u":1,"s":")" + symbol + R"(","b":")" + bid +
         R"(","B":"1","a":")" + ask + R"(","A":"1","T":1760000000500,"E":1760000000500})";
}

class Capture : public ::testing::Test {
 protected:
  [[nodiscard]] Arguments replay(const std::string& path) const {
    return {"replay", "--config", config_, path};
  }
  [[nodiscard]] nlohmann::json summary_with(const std::string& content) const {
    return summary_of(replay(folder_.write("capture.jsonl", content)));
  }
  /// One bad line among good ones is counted for `reason`, and shown with its place.
  void expect_counted(const std::string& bad, const char* reason) const {
    const std::string path = folder_.write("bad.jsonl", good_ + "\n" + good_ + "\n" + bad);
    const nlohmann::json summary = summary_of(replay(path));
    EXPECT_EQ(summary["lines_read"], 3) << summary;
    EXPECT_EQ(summary["lines_rejected"], (nlohmann::json{{reason, 1}}));
    const Finished page = run(replay(path));
    const std::string place = std::string{reason} + ": first at " + path + ":3\n";
    EXPECT_NE(page.out.find(place), std::string::npos) << page.out;
  }
  [[nodiscard]] std::string many_lines() const {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
      text += quote("BTCUSDT", std::to_string(60'000 + i * 7'919 % 5'000), "70000") + "\n";
    }
    return text;
  }

  TemporaryFolder folder_;
  std::string config_{write_small_demo(folder_)};
  std::string good_ = quote("BTCUSDT", "61800", "61800.1");
};

TEST_F(Capture, ThatIsMissingIsRefused) {
  const std::string path = folder_.at("missing.jsonl");
  expect_refusal(replay(path), kBadInput, {"plimsoll: " + path + ": No such file"});
  expect_refusal(replay(folder_.write("good.jsonl", good_)) + Arguments{path}, kBadInput, {path});
}

TEST_F(Capture, ThatIsADirectoryIsRefused) {
  expect_refusal(replay(folder_.path()), kBadInput, {folder_.path() + ": Is a directory"});
}

TEST_F(Capture, OfDamagedGzipIsRefusedAfterItsLastGoodLine) {
  std::string bytes = gzip(many_lines());
  for (std::size_t i = 0; i < 8; ++i) bytes.at(bytes.size() / 2 + i) = '\xff';
  const std::string path = folder_.write("damaged.gz", bytes);
  expect_refusal(replay(path), kBadInput, {path + ": after line ", "corrupt gzip"});
}

TEST_F(Capture, OfTruncatedGzipIsRefusedAfterItsLastGoodLine) {
  const std::string bytes = gzip(many_lines());
  const std::string path = folder_.write("cut.gz", bytes.substr(0, bytes.size() / 2));
  expect_refusal(replay(path), kBadInput, {path + ": after line ", "gzip ends in the middle"});
}

TEST_F(Capture, CountsHalfALineAtItsEnd) {
  expect_counted(good_.substr(0, good_.size() / 2), "half_line");
  expect_counted(good_.substr(0, good_.size() - 1), "half_line");
}

TEST_F(Capture, UsesALastLineThatOnlyLacksItsEnd) {
  EXPECT_EQ(summary_with(good_ + "\n" + good_)["lines_used"], 2);
}

TEST_F(Capture, CountsLinesOfAnUnknownInstrument) {
  expect_counted(quote("XRPUSDT", "3", "3.1") + "\n", "unknown_instrument");
}

TEST_F(Capture, CountsLinesWithANegativePrice) {
  expect_counted(quote("BTCUSDT", "-61800", "61800.1") + "\n", "price_out_of_range");
}

TEST_F(Capture, CountsCrossedBooks) {
  expect_counted(quote("BTCUSDT", "61800.2", "61800.1") + "\n", "crossed_book");
  expect_counted(quote("BTCUSDT", "61800.1", "61800.1") + "\n", "crossed_book");
}

TEST_F(Capture, CountsLinesThatAreNoMessages) {
  expect_counted("hello world\n", "malformed_stamp");
  expect_counted("1760000000500000000 {\"e\":\n", "malformed_json");
  expect_counted("\n", "empty_line");
}

TEST_F(Capture, WithoutAUsableLineGivesAReportWithoutTicks) {
  for (const std::string& content : {std::string{}, std::string{"\n\n"}, std::string{"hello\n"},
                                     quote("XRPUSDT", "3", "3.1") + "\n"}) {
    const nlohmann::json summary = summary_with(content);
    EXPECT_EQ(summary["ticks"], 0) << content;
    EXPECT_EQ(summary["lines_used"], 0) << content;
    EXPECT_EQ(summary["bankruptcies"], 0) << content;
  }
}

TEST_F(Capture, ThatIsEmptyIsNoMistakeBesideAnother) {
  const std::string empty = folder_.write("empty.jsonl", "");
  const std::string good = folder_.write("good.jsonl", good_);
  EXPECT_EQ(summary_of(replay(empty) + Arguments{good})["event_hash"],
            summary_of(replay(good))["event_hash"]);
}

}  // namespace
}  // namespace plimsoll::cli::testing
