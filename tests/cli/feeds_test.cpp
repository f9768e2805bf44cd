// Goal: every line of a capture is accounted for by `plimsoll feeds`, and a replay takes the part
// of a capture that it is told to. Method: small captures of every format, and their counts.

#include <cstdlib>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

/// A quote received at second `second` of 2025-10-09T08:53:20Z.
std::string quote(int second) {
  return std::to_string(1'760'000'000 + second) +
         R"(000000000 {"e":"bookTicker","u":1,"s":"BTCUSDT","b":"61800","B":"1","a":"61800.1",)"
         R"("A":"1","E":1760000000500})";
}

class Feeds : public ::testing::Test {
 protected:
  [[nodiscard]] nlohmann::json report_of(const Arguments& captures) const {
    const Finished finished = run(Arguments{"feeds", "--json"} + captures);
    EXPECT_EQ(finished.code, kOk) << finished.err;
    return nlohmann::json::parse(finished.out);
  }
  [[nodiscard]] std::uint64_t lines_used(const Arguments& options) const {
    return summary_of(Arguments{"replay", "--config", config_, capture_} + options)["lines_used"];
  }
  /// A replay with `input` at its standard input; its page.
  [[nodiscard]] std::string stepped(const std::string& input) const {
    const std::string page = folder_.at("page");
    const std::string command = "printf '" + input +
                                "' | '" PLIMSOLL_PROGRAM "' replay --config '" + config_ +
                                "' --step '" + capture_ + "' > '" + page + "' 2> /dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return read_file(page);
  }

  TemporaryFolder folder_;
  std::string config_{write_small_demo(folder_)};
  std::string capture_{folder_.write(
      "capture.jsonl", quote(1) + "\n" + quote(2) + "\n" + quote(3) + "\n" + quote(4) + "\n")};
};

TEST_F(Feeds, AccountForEveryLineOfEveryFormat) {
  const std::string cryptofeed = folder_.write(
      "feed.0",
      "configuration: {}\nwss://www.deribit.com/ws/api/v2 <-> 1.5\n"
      "2.5: "
      "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"ticker.X.raw\","
      "\"data\":{\"instrument_name\":\"X\",\"mark_price\":1,\"timestamp\":2000}}}\n");
  const nlohmann::json report = report_of({capture_, cryptofeed});
  const nlohmann::json& stamped = report["files"][0];
  EXPECT_EQ(stamped["venue"], "binance-usdm");
  EXPECT_EQ(stamped["format"], "stamped_json");
  EXPECT_EQ(stamped["lines_read"], 4);
  EXPECT_EQ(stamped["inputs"], (nlohmann::json{{"book_quoted", 4}}));
  EXPECT_EQ(stamped["delay_ns"]["least"], 500'000'000);
  EXPECT_EQ(stamped["delay_ns"]["most"], 3'500'000'000);
  const nlohmann::json& deribit = report["files"][1];
  EXPECT_EQ(deribit["venue"], "deribit");
  EXPECT_EQ(deribit["format"], "cryptofeed");
  EXPECT_EQ(deribit["rejected"],
            (nlohmann::json{{"configuration_line", 1}, {"connection_line", 1}}));
  EXPECT_EQ(report["totals"]["lines_read"], 7);
  EXPECT_EQ(report["totals"]["unexplained"], 0);
}

TEST_F(Feeds, WalkFoldersAndNameWhatIsNoCapture) {
  const std::string folder = folder_.at("data");
  ASSERT_EQ(std::system(("mkdir -p '" + folder + "/deeper'").c_str()), 0);
  folder_.write("data/table.csv", "open_time,open,high\n1,2,3\n");
  folder_.write("data/deeper/capture.jsonl", quote(1) + "\n");
  const nlohmann::json report = report_of({folder});
  ASSERT_EQ(report["files"].size(), 2U);
  EXPECT_EQ(report["files"][0]["lines_used"], 1);
  EXPECT_EQ(report["files"][1]["not_a_capture"], "csv table without receive times");
  const Finished page = run({"feeds", folder});
  EXPECT_NE(page.out.find("not_a_capture: csv table"), std::string::npos) << page.out;
  EXPECT_NE(page.out.find("inputs 1: book_quoted 1"), std::string::npos) << page.out;
  EXPECT_NE(page.out.find("unexplained 0"), std::string::npos) << page.out;
}

TEST_F(Feeds, AVenueCanBeNamed) {
  const nlohmann::json report = report_of({"okx=" + capture_});
  EXPECT_EQ(report["files"][0]["venue"], "okx");
  EXPECT_EQ(report["files"][0]["rejected"], (nlohmann::json{{"control_message", 4}}));
}

TEST_F(Feeds, AMissingFileIsAnError) {
  const Finished finished = run({"feeds", "/no/such/file"});
  EXPECT_EQ(finished.code, kBadInput);
  EXPECT_NE(finished.err.find("/no/such/file: No such file"), std::string::npos) << finished.err;
}

TEST_F(Feeds, AReplayTakesAWindow) {
  EXPECT_EQ(lines_used({}), 4U);
  EXPECT_EQ(lines_used({"--from", "2025-10-09T08:53:22Z"}), 3U);
  EXPECT_EQ(lines_used({"--from", "1760000002000000000", "--to", "2025-10-09T08:53:23Z"}), 2U);
  for (const char* time : {"soon", "-1", "2025-10-09", "99999999999999999999"}) {
    expect_refusal({"replay", "--config", config_, capture_, "--from", time}, kUsage,
                   {"--from = \"" + std::string{time} + "\""});
  }
}

TEST_F(Feeds, AReplayGoesThroughItsCapturesAgain) {
  EXPECT_EQ(lines_used({"--loop", "3"}), 12U);
  const Finished none = run({"replay", "--config", config_, capture_, "--loop", "0"});
  EXPECT_EQ(none.code, kUsage);
}

TEST_F(Feeds, AReplayTakesStepsAsItIsTold) {
  // One, then two, then the end of standard input.
  EXPECT_EQ(row_of(stepped("\\n2\\n"), "ticks"), 3U);
  EXPECT_EQ(row_of(stepped("4\\n"), "ticks"), 4U);
  EXPECT_EQ(row_of(stepped(""), "ticks"), 0U);
}

TEST_F(Feeds, ARecordIsReplayedWhole) {
  const std::string record = folder_.at("run.record");
  ASSERT_EQ(run({"replay", "--config", config_, capture_, "--record", record}).code, kOk);
  for (const Arguments& option :
       {Arguments{"--from", "1"}, {"--to", "1"}, {"--loop", "2"}, {"--step"}}) {
    expect_refusal(Arguments{"replay", "--config", config_, record} + option, kUsage,
                   {"a record is replayed whole"});
  }
}

}  // namespace
}  // namespace plimsoll::cli::testing
