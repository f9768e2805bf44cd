// Goal: a record gives back the run it was made of, or is refused. Method: record a crash, replay
// the record, then spoil it.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

constexpr std::size_t kHeader = 16;  // magic and hash of the reference

class Record : public ::testing::Test {
 protected:
  Record() {
    recorded_ = summary_of(market_.replay() + Arguments{"--record", record_, market_.capture});
  }
  [[nodiscard]] Arguments replay(const std::string& record) const {
    return {"replay", "--config", market_.config, record};
  }
  /// The record with one byte changed.
  [[nodiscard]] std::string changed_at(std::size_t place) const {
    std::string bytes = read_file(record_);
    bytes.at(place) = static_cast<char>(bytes.at(place) ^ 0x40);
    return market_.folder.write("changed.rec", bytes);
  }

  Market market_;
  std::string record_{market_.folder.at("crash.rec")};
  nlohmann::json recorded_;
};

TEST_F(Record, ReplaysToTheSameEventsOnAnyFabric) {
  for (const Arguments& options : {Arguments{"--inline"}, {"--shards", "4"}, {"--naive"}}) {
    const nlohmann::json replayed = summary_of(replay(record_) + options);
    for (const char* same : {"event_hash", "events", "inputs", "accounts", "bankruptcies"}) {
      EXPECT_EQ(replayed[same], recorded_[same]) << same;
    }
  }
}

TEST_F(Record, OfShardsIsTheRecordOfOneThread) {
  const std::string sharded = market_.folder.at("sharded.rec");
  (void)summary_of(market_.replay() +
                   Arguments{"--record", sharded, "--shards", "2", market_.capture});
  EXPECT_TRUE(read_file(sharded) == read_file(record_));
}

TEST_F(Record, OfARecordIsTheRecord) {
  const std::string again = market_.folder.at("again.rec");
  (void)summary_of(replay(record_) + Arguments{"--record", again});
  EXPECT_TRUE(read_file(again) == read_file(record_));
}

TEST_F(Record, IsRefusedWithAnotherConfiguration) {
  const std::string text = edit(read_file(market_.config), "latency", "latency = \"30ms\"").text;
  const std::string other = market_.folder.write("other.toml", text);
  expect_refusal({"replay", "--config", other, record_}, kBadInput,
                 {record_ + ": ", "another configuration than " + other});
}

TEST_F(Record, IsTakenWithAConfigurationThatDiffersInTheGatewayAlone) {
  const std::string text = edit(read_file(market_.config), "port", "port = 9999").text;
  const std::string other = market_.folder.write("other.toml", text);
  EXPECT_EQ(summary_of({"replay", "--config", other, record_})["event_hash"],
            recorded_["event_hash"]);
}

TEST_F(Record, WithAChangedByteIsRefusedWithItsPlace) {
  const std::size_t size = read_file(record_).size();
  for (const std::size_t place : {kHeader, kHeader + 9, size / 3, size / 2, size - 1}) {
    const std::string changed = changed_at(place);
    expect_refusal(replay(changed), kBadInput, {"plimsoll: " + changed + ": frame at byte "});
  }
  const std::string changed = changed_at(9);
  expect_refusal(replay(changed), kBadInput, {changed, "another configuration"});
}

TEST_F(Record, CutInAFrameIsRefusedWithItsPlace) {
  const std::string bytes = read_file(record_);
  for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, kHeader + 5}) {
    const std::string cut = market_.folder.write("cut.rec", bytes.substr(0, size));
    expect_refusal(replay(cut), kBadInput, {cut + ": frame at byte ", " is cut in its "});
  }
}

TEST_F(Record, IsReplayedAlone) {
  expect_refusal(replay(record_) + Arguments{market_.capture}, kUsage, {record_, "alone"});
  expect_refusal(market_.replay() + Arguments{record_}, kUsage, {record_, "--accounts"});
}

}  // namespace
}  // namespace plimsoll::cli::testing
