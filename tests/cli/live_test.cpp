// Goal: record and serve-capture work together as processes. Method: serve a capture as a venue
// does, with a connection that breaks in the middle, and record it; what was recorded is what was
// served.

#include <csignal>
#include <regex>

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/process.hpp"

namespace plimsoll::cli::testing {
namespace {

constexpr int kMessages = 200;

std::string message(int number) {
  const std::string time = std::to_string(1'700'000'000'000 + number);
  return R"({"e":"bookTicker","u":)" + std::to_string(number) +
         R"(,"s":"BTCUSDT","b":"50000.1","B":"1","a":"50000.2","A":"1","T":)" + time + R"(,"E":)" +
         time + "}";
}

class Live : public ::testing::Test {
 protected:
  Live() {
    std::string capture;
    for (int i = 1; i <= kMessages; ++i) {
      capture += std::to_string(1'700'000'000'000'000'000 + i) + " " + message(i) + "\n";
    }
    served_ = folder_.write("served", capture);
  }

  TemporaryFolder folder_;
  std::string served_;
};

TEST_F(Live, ARecordingHoldsWhatWasServedAndMarksWhereTheConnectionBroke) {
  Process server{
      {"serve-capture", "--listen", "0", "--speed", "max", "--drop-after", "150", served_}};
  std::smatch url;
  std::string said;
  ASSERT_TRUE(server.wait_until([&] {
    said = server.out();
    return std::regex_search(said, url, std::regex{R"(listening on (ws://\S+))"});
  }));
  const std::string recording = folder_.at("recording");
  Process recorder{{"record", "--venue", "binance-usdm", "--symbols", "BTCUSDT", "--url",
                    url[1].str(), "--out", recording}};
  const auto messages = [&] {
    std::size_t count = 0;
    for (const std::string& line : lines_of(read_file(recording), true))
      count += line.empty() ? 0 : 1;
    return count;
  };
  ASSERT_TRUE(recorder.wait_until([&] { return messages() >= kMessages; }));
  recorder.send(SIGINT);
  EXPECT_EQ(recorder.wait().code, kOk);
  server.send(SIGINT);
  EXPECT_EQ(server.wait().code, kOk);

  int expected = 1;
  int broken = 0;
  for (const std::string& line : lines_of(read_file(recording), true)) {
    if (line.empty()) {
      ++broken;
      continue;
    }
    if (expected > kMessages) break;  // the server may begin anew
    EXPECT_EQ(line.substr(line.find(' ') + 1), message(expected++));
  }
  EXPECT_EQ(expected, kMessages + 1);
  EXPECT_GE(broken, 1);
  const Finished inspected = run({"feeds", recording});
  EXPECT_EQ(inspected.code, kOk);
  EXPECT_NE(inspected.out.find("tardis"), std::string::npos) << inspected.out;
}

TEST_F(Live, NothingIsWrittenOver) {
  const std::string before = read_file(served_);
  expect_refusal({"record", "--venue", "binance-usdm", "--symbols", "BTCUSDT", "--url",
                  "ws://127.0.0.1:1", "--out", served_},
                 kFailed, {served_});
  EXPECT_EQ(read_file(served_), before);
}

TEST_F(Live, WhatIsNoTimeOrVenueIsRefused) {
  const Arguments record{"record", "--symbols", "BTCUSDT", "--out", folder_.at("new")};
  expect_refusal(record + Arguments{"--venue", "binance-usdm", "--for", "soon"}, kUsage,
                 {"--for = \"soon\": not a time"});
  expect_refusal(record + Arguments{"--venue", "nowhere"}, kUsage, {"nowhere"});
}

}  // namespace
}  // namespace plimsoll::cli::testing
