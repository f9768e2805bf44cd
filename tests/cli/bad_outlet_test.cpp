// Goal: what cannot be written or served is said before anything is replayed, in one line.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/listener.hpp"
#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

class Outlet : public ::testing::Test {
 protected:
  [[nodiscard]] Arguments replay(const Arguments& options) const {
    return Arguments{"replay", "--config", config_, capture_} + options;
  }
  TemporaryFolder folder_;
  std::string config_{write_small_demo(folder_)};
  std::string capture_{folder_.write("empty.jsonl", "")};
};

TEST_F(Outlet, ThatCannotBeWrittenEndsInOneLine) {
  const std::string nowhere = folder_.at("missing/file");
  for (const char* option : {"--record", "--events"}) {
    expect_refusal(replay({option, nowhere}), kFailed, {nowhere + ": cannot be written"});
    expect_refusal(replay({option, folder_.path()}), kFailed, {folder_.path(), "Is a directory"});
  }
  expect_refusal({"generate", "accounts", "--config", config_, "--output", nowhere}, kFailed,
                 {nowhere + ": cannot be written"});
}

TEST_F(Outlet, ThatIsFullEndsInOneLine) {
  for (const char* option : {"--record", "--events"}) {
    expect_refusal(replay({option, "/dev/full"}), kFailed, {"/dev/full: write failed"});
  }
}

TEST_F(Outlet, OnAPortInUseEndsInOneLine) {
  const Listener held;
  expect_refusal(replay({"--listen", std::to_string(held.port())}), kFailed,
                 {"cannot listen on 127.0.0.1:" + std::to_string(held.port()), "in use"});
}

}  // namespace
}  // namespace plimsoll::cli::testing
