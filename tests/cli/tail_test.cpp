// Goal: who follows the events over TCP gets all of them, once, in order, whenever it comes and
// however often it is killed. Method: a replay that listens, and the program's own client.

#include <csignal>
#include <memory>

#include <gtest/gtest.h>

#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

/// A replay that serves its events.
class Served {
 public:
  Served(const Market& market, const Arguments& options, const std::string& config)
      : events_path_{market.folder.at("events.jsonl")},
        process_{
            market.replay(config) +
            Arguments{"--listen", "0", "--linger", "60", "--events", events_path_, market.capture} +
            options} {
    EXPECT_TRUE(process_.wait_until([this] { return !find_address().empty(); }));
  }
  /// "127.0.0.1:44597": what it says that it listens on.
  [[nodiscard]] std::string find_address() const {
    const std::string said = "listening on ";
    for (const std::string& line : lines_of(process_.err(), true)) {
      const std::size_t at = line.find(said);
      if (at != line.npos) return line.substr(at + said.size());
    }
    return {};
  }
  /// Waits for the page, which comes before the wait for a subscriber.
  void wait_for_page() {
    EXPECT_TRUE(process_.wait_until([this] { return row_of(process_.out(), "events") > 0; }));
  }
  [[nodiscard]] Arguments tail(const Arguments& options) const {
    return Arguments{"tail", "--connect", find_address()} + options;
  }
  /// Waits for its end. Returns how many events it says there were.
  std::size_t finish() {
    const Finished finished = process_.wait();
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_NE(finished.out.find("  conservation          ok\n"), std::string::npos) << finished.out;
    return row_of(finished.out, "events");
  }
  [[nodiscard]] std::string events() const { return read_file(events_path_); }

 private:
  std::string events_path_;
  Process process_;
};

/// "#17 2025-...": 17.
std::uint64_t number_of(const std::string& line) {
  return line.starts_with('#') ? std::stoull(line.substr(1)) : 0;
}

/// Lines of tail are numbered `first` to `last`.
void expect_numbers(const std::string& text, std::size_t first, std::size_t last) {
  const std::vector<std::string> lines = lines_of(text);
  ASSERT_EQ(lines.size(), last - first + 1);
  for (std::size_t i = 0; i < lines.size(); ++i) ASSERT_EQ(number_of(lines[i]), first + i);
}

void expect_complete(const Finished& tail) {
  EXPECT_EQ(tail.code, 0) << tail.err;
  EXPECT_NE(tail.err.find(" 0 missed"), std::string::npos) << tail.err;
}

class Tail : public ::testing::Test {
 protected:
  void serve(const Arguments& options) { serve(options, market_.config); }
  void serve(const Arguments& options, const std::string& config) {
    served_ = std::make_unique<Served>(market_, options, config);
  }
  [[nodiscard]] Finished follow(const Arguments& options) const {
    return run(served_->tail(options));
  }
  /// A client that is killed once it has printed so many events. Returns its whole lines.
  [[nodiscard]] std::vector<std::string> follow_until(std::size_t events,
                                                      const Arguments& options) const {
    Process client{served_->tail(options)};
    const auto printed = [&] { return lines_of(client.out(), true).size() >= events; };
    EXPECT_TRUE(client.wait_until(printed));
    client.send(SIGKILL);
    return lines_of(client.wait().out, true);
  }

  Market market_;
  std::unique_ptr<Served> served_;
};

TEST_F(Tail, GetsEveryEventOnceWhileTheReplayRuns) {
  serve({"--speed", "60"});
  const Finished tail = follow({});
  expect_complete(tail);
  expect_numbers(tail.out, 1, served_->finish());
}

TEST_F(Tail, ThatComesAfterTheReplayGetsEveryEventOnce) {
  serve({"--shards", "2"});
  served_->wait_for_page();
  const Finished tail = follow({"--from", "1"});
  expect_complete(tail);
  expect_numbers(tail.out, 1, served_->finish());
}

TEST_F(Tail, FromTheMiddleGetsTheRest) {
  serve({});
  served_->wait_for_page();
  const Finished tail = follow({"--from", "2000"});
  expect_complete(tail);
  expect_numbers(tail.out, 2000, served_->finish());
}

TEST_F(Tail, AsJsonIsTheFileOfTheEvents) {
  serve({"--speed", "60"});
  const Finished tail = follow({"--json"});
  expect_complete(tail);
  const std::size_t events = served_->finish();
  EXPECT_EQ(lines_of(tail.out).size(), events);
  EXPECT_TRUE(tail.out == served_->events());
}

/// "account":821 of the last margin call.
std::string account_of_a_call(const std::string& events) {
  const std::size_t call = events.rfind("\"event\":\"margin_call_issued\"");
  if (call == events.npos) return {};
  const std::size_t account = events.find("\"account\":", call);
  return events.substr(account, events.find(',', account) - account);
}

TEST_F(Tail, OfOneAccountIsTheEventsOfThatAccount) {
  serve({});
  served_->wait_for_page();
  const std::string account = account_of_a_call(served_->events());
  ASSERT_NE(account, "");
  const Finished tail = follow({"--json", "--account", account.substr(account.find(':') + 1)});
  expect_complete(tail);
  served_->finish();
  const auto of_account = [&](const std::string& line) {
    return line.find(account + ",") != line.npos;
  };
  EXPECT_EQ(tail.out, filter(served_->events(), of_account));
}

TEST_F(Tail, ThatIsKilledAndStartedAgainLosesAndRepeatsNothing) {
  serve({"--speed", "20"});
  std::vector<std::string> lines = follow_until(200, {"--json"});
  const Finished rest = follow({"--json", "--from", std::to_string(lines.size() + 1)});
  expect_complete(rest);
  EXPECT_EQ(lines.size() + lines_of(rest.out).size(), served_->finish());
  std::string both;
  for (const std::string& line : lines) both += line + "\n";
  EXPECT_TRUE(both + rest.out == served_->events());
}

TEST_F(Tail, HoldsUpNeitherTheReplayNorTheOthers) {
  serve({"--speed", "60"});
  Process stopped{served_->tail({})};
  EXPECT_TRUE(stopped.wait_until([&] { return !stopped.out().empty(); }));
  stopped.send(SIGSTOP);
  const Finished tail = follow({});
  expect_complete(tail);
  stopped.send(SIGCONT);
  expect_complete(stopped.wait());
  expect_numbers(tail.out, 1, served_->finish());
}

TEST_F(Tail, WithAWrongPasswordIsTurnedAway) {
  const std::string user = "\n[[gateway.user]]\nname = \"desk\"\npassword = \"secret\"\n";
  serve({}, market_.folder.write("user.toml", read_file(market_.config) + user));
  const Finished stranger = follow({"--user", "desk", "--password", "wrong"});
  EXPECT_NE(stranger.code, 0);
  EXPECT_EQ(stranger.out, "");
  EXPECT_EQ(stranger.err, "tail: log-on rejected: not authorised\n");
  expect_complete(follow({"--user", "desk", "--password", "secret"}));
  served_->finish();
}

}  // namespace
}  // namespace plimsoll::cli::testing
