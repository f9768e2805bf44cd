// Goal: whoever follows a stream takes each message once and in order, however often the server
// breaks off, and stops for good when that cannot be promised. Method: real gateways as servers.

#include "engine/gateway/stream_follower.hpp"

#include <atomic>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/gateway/gateway.hpp"
#include "tests/gateway/numbered_event.hpp"

namespace plimsoll::gateway {
namespace {

using std::chrono::milliseconds;

class Taken final : public StreamSink {
 public:
  bool on_message(std::uint64_t number, std::span<const std::byte> message) override {
    const std::lock_guard lock{mutex_};
    numbers_.push_back(number);
    sizes_.push_back(message.size());
    return number != refused_;
  }
  void on_state(FollowState /*state*/, const std::string& /*reason*/) override {}
  void refuse(std::uint64_t number) { refused_ = number; }
  [[nodiscard]] std::vector<std::uint64_t> numbers() const {
    const std::lock_guard lock{mutex_};
    return numbers_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> numbers_;
  std::vector<std::size_t> sizes_;
  std::uint64_t refused_{0};
};

GatewaySettings settings_of(std::uint16_t port, const std::string& session = "HISTORY") {
  GatewaySettings settings;
  settings.port = port;
  settings.session = session;
  return settings;
}

FollowedStream stream_of(std::uint16_t port) {
  FollowedStream stream;
  stream.host = "127.0.0.1";
  stream.port = port;
  stream.retry_first = milliseconds{5};
  stream.retry_max = milliseconds{20};
  return stream;
}

/// Polls the gateway until `ready()`, 10 s at most.
template <class Ready>
bool poll_until(Gateway& gateway, Ready ready) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!ready()) {
    if (std::chrono::steady_clock::now() > until) return false;
    if (!gateway.poll()) gateway.wait(milliseconds{1});
  }
  return true;
}

std::unique_ptr<Gateway> open_at(std::uint16_t port, std::uint64_t published) {
  auto opened = Gateway::open(settings_of(port));
  EXPECT_EQ(opened.error, "");
  for (std::uint64_t n = 1; n <= published; ++n) opened.gateway->publish(numbered_event(n));
  return std::move(opened.gateway);
}

TEST(StreamFollower, TakesEachMessageOnceOverServersThatDieAndComeBack) {
  constexpr std::uint64_t kMessages = 400;
  std::mt19937_64 random{3};
  auto gateway = open_at(0, 0);
  const std::uint16_t port = gateway->port();
  Taken taken;
  StreamFollower follower{stream_of(port), taken};
  for (std::uint64_t n = 1; n <= kMessages; ++n) {
    gateway->publish(numbered_event(n));
    if (random() % 20 != 0) continue;
    // It dies wherever it is, and a new one has the same history.
    for (std::uint64_t polls = random() % 6; polls > 0; --polls) gateway->poll();
    gateway.reset();
    gateway = open_at(port, n);
  }
  ASSERT_TRUE(poll_until(*gateway, [&] { return follower.taken() == kMessages; }));
  std::vector<std::uint64_t> expected(kMessages);
  for (std::uint64_t n = 1; n <= kMessages; ++n) expected[n - 1] = n;
  EXPECT_EQ(taken.numbers(), expected);
  EXPECT_EQ(follower.state(), FollowState::following);
  follower.stop();
  EXPECT_EQ(follower.state(), FollowState::stopped);
}

TEST(StreamFollower, IsBrokenWhenTheServerHasForgottenWhatIsDue) {
  auto opened = Gateway::open([] {
    GatewaySettings settings = settings_of(0);
    settings.first_number = 11;
    return settings;
  }());
  opened.gateway->publish(numbered_event(11));
  Taken taken;
  StreamFollower follower{stream_of(opened.gateway->port()), taken};
  ASSERT_TRUE(poll_until(*opened.gateway, [&] { return follower.state() == FollowState::broken; }));
  EXPECT_EQ(follower.reason(), "messages 1 to 10 are no longer to be had");
  EXPECT_TRUE(taken.numbers().empty());
}

TEST(StreamFollower, IsBrokenWhenTheServerIsBehindWhatItHasSaid) {
  auto gateway = open_at(0, 5);
  const std::uint16_t port = gateway->port();
  Taken taken;
  StreamFollower follower{stream_of(port), taken};
  ASSERT_TRUE(poll_until(*gateway, [&] { return follower.taken() == 5; }));
  gateway.reset();
  gateway = open_at(port, 3);
  ASSERT_TRUE(poll_until(*gateway, [&] { return follower.state() == FollowState::broken; }));
  EXPECT_EQ(follower.reason(),
            "the server is only at 4, 6 is due: not the history that was followed");
}

TEST(StreamFollower, IsBrokenWhenTheSessionIsAnother) {
  auto gateway = open_at(0, 5);
  const std::uint16_t port = gateway->port();
  Taken taken;
  StreamFollower follower{stream_of(port), taken};
  ASSERT_TRUE(poll_until(*gateway, [&] { return follower.taken() == 5; }));
  gateway.reset();
  auto other = Gateway::open(settings_of(port, "OTHER"));
  ASSERT_EQ(other.error, "");
  ASSERT_TRUE(poll_until(*other.gateway, [&] { return follower.state() == FollowState::broken; }));
  EXPECT_NE(follower.reason().find("no longer has session HISTORY"), std::string::npos);
}

TEST(StreamFollower, IsBrokenByAMessageThatCannotBeTaken) {
  auto gateway = open_at(0, 5);
  Taken taken;
  taken.refuse(3);
  StreamFollower follower{stream_of(gateway->port()), taken};
  ASSERT_TRUE(poll_until(*gateway, [&] { return follower.state() == FollowState::broken; }));
  EXPECT_EQ(follower.taken(), 2U);
  EXPECT_NE(follower.reason().find("message 3 of 127.0.0.1:"), std::string::npos);
}

TEST(StreamFollower, EndsWithTheSession) {
  auto gateway = open_at(0, 5);
  Taken taken;
  StreamFollower follower{stream_of(gateway->port()), taken};
  ASSERT_TRUE(poll_until(*gateway, [&] { return follower.taken() == 5; }));
  gateway->end_session();
  ASSERT_TRUE(poll_until(*gateway, [&] { return follower.state() == FollowState::ended; }));
}

TEST(StreamFollower, GoesOnTryingWhereNobodyListens) {
  std::uint16_t port = 0;
  {
    auto gateway = open_at(0, 0);
    port = gateway->port();
  }
  Taken taken;
  StreamFollower follower{stream_of(port), taken};
  std::this_thread::sleep_for(milliseconds{50});
  EXPECT_EQ(follower.state(), FollowState::connecting);
  EXPECT_NE(follower.reason().find("cannot connect to 127.0.0.1:"), std::string::npos);
  auto gateway = open_at(port, 1);
  EXPECT_TRUE(poll_until(*gateway, [&] { return follower.taken() == 1; }));
}

}  // namespace
}  // namespace plimsoll::gateway
