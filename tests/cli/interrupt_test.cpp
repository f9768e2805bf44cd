// Goal: a replay that is interrupted ends in order, with what it has done so far. Method: signals
// in the middle of a paced replay.

#include <csignal>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

class Interrupt : public ::testing::Test {
 protected:
  /// Interrupts a replay at the pace of the capture, some time after it has begun.
  [[nodiscard]] Finished interrupted(int signal, const Arguments& options) const {
    Process process{market_.replay() +
                    Arguments{"--speed", "1", "--record", record_, market_.capture} + options};
    // The record is opened when the signals are already caught.
    EXPECT_TRUE(process.wait_until([this] { return std::filesystem::exists(record_); }));
    std::this_thread::sleep_for(std::chrono::milliseconds{700});
    process.send(signal);
    return process.wait();
  }

  Market market_;
  std::string record_{market_.folder.at("interrupted.rec")};
};

TEST_F(Interrupt, EndsInASummaryThatSaysSo) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const nlohmann::json summary =
        checked_summary(interrupted(signal, {"--json", "--shards", "2"}));
    EXPECT_EQ(summary["interrupted"], true);
    EXPECT_LT(summary["lines_used"], Market::kLines);
    EXPECT_LE(summary["ticks"], summary["lines_used"]);
    EXPECT_EQ(summary["accounts"], 2000);
    std::filesystem::remove(record_);
  }
}

TEST_F(Interrupt, EndsInAPageThatSaysSo) {
  const Finished page = interrupted(SIGINT, {});
  EXPECT_EQ(page.code, 0) << page.err;
  EXPECT_TRUE(page.out.starts_with("replay (interrupted)\n")) << page.out;
  EXPECT_NE(page.out.find("  conservation          ok\n"), std::string::npos) << page.out;
}

TEST_F(Interrupt, LeavesARecordThatReplays) {
  const nlohmann::json before = checked_summary(interrupted(SIGINT, {"--json"}));
  const nlohmann::json after = summary_of({"replay", "--config", market_.config, record_});
  EXPECT_EQ(after["event_hash"], before["event_hash"]);
  EXPECT_EQ(after["ticks"], before["ticks"]);
  EXPECT_EQ(after["interrupted"], false);
}

TEST_F(Interrupt, EndsTheWaitForASubscriber) {
  Process process{market_.replay() +
                  Arguments{"--json", "--listen", "0", "--linger", "100", market_.capture}};
  EXPECT_TRUE(process.wait_until([&] { return process.out().ends_with("\n"); }));
  process.send(SIGINT);
  EXPECT_EQ(process.wait().code, 0);
}

}  // namespace
}  // namespace plimsoll::cli::testing
