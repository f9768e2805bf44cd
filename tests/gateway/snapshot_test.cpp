// Goal: a snapshot at any moment and what comes after it are all of history, whatever breaks.
// Method: a client that follows the rule of the protocol page, over sockets with small buffers,
// that logs on, asks, reads and breaks off at random; at the end it must have what folding every
// event from the first gives. PLIMSOLL_SEEDS_FACTOR multiplies the seeds.

#include "engine/wire/snapshot.hpp"

#include <cstdlib>
#include <map>
#include <memory>

#include <gtest/gtest.h>

#include "engine/wire/sbe.hpp"
#include "tests/gateway/open_gateway.hpp"
#include "tests/gateway/test_client.hpp"
#include "tests/support/random.hpp"

namespace plimsoll::gateway {
namespace {

using support::Random;
using States = std::map<std::uint64_t, wire::AccountState>;

constexpr std::uint64_t kAccounts = 400;  // some slices of a snapshot

template <class Body>
EventBody with_worth(Random& random, Body body) {
  body.equity = Amount::from_raw(random.between(-1'000, 1'000));
  body.maintenance_margin = Amount::from_raw(random.between(0, 1'000));
  return body;
}

EventBody random_body(Random& random) {
  const auto call = CallId::from_raw(static_cast<std::uint32_t>(random.between(1, 9)));
  const auto epoch = LiquidationEpoch::from_raw(static_cast<std::uint32_t>(random.between(1, 9)));
  const auto time = EventTime::from_raw(random.between(1, 1'000'000));
  const auto outcome = static_cast<LiquidationOutcome>(random.between(1, 3));
  switch (random.below(12)) {
    case 0:
      return with_worth(random, MarginCallIssued{{}, {}, Amount::from_raw(5), time, call});
    case 1:
      return with_worth(random, MarginCallMet{{}, {}, call});
    case 2:
      return with_worth(random, MarginCallFailed{{}, {}, call});
    case 3:
      return with_worth(random, MarginCallEscalated{{}, {}, call});
    case 4:
      return MarginCallSuspended{call};
    case 5:
      return MarginCallResumed{time, call};
    case 6:
      return with_worth(random, BreachNoted{{}, {}, time});
    case 7:
      return with_worth(random, BreachCleared{});
    case 8:
      return with_worth(random, LiquidationStarted{{}, {}, {}, epoch});
    case 9:
      return with_worth(random, LiquidationCompleted{{}, {}, epoch, 1, outcome});
    case 10:
      return InputRefused{Refusal::account_unknown, 3};
    default:
      return OrderAccepted{};
  }
}

/// Publishes random events and folds them from the first.
class History {
 public:
  History(OpenGateway& gateway, Random& random) : gateway_{gateway}, random_{random} {}

  void publish(std::uint64_t count) {
    for (; count > 0; --count) {
      Event event{};
      event.header.number = EventNumber::from_raw(gateway_->next_number());
      event.header.time = EventTime::from_raw(random_.between(1, 1'000'000));
      event.header.account = AccountId::from_raw(random_.below(kAccounts + 1));
      event.body = random_body(random_);
      gateway_->publish(event);
      accounts_.push_back(event.header.account.raw());
      if (wire::concerns_account(event)) {
        wire::fold(event, states_[event.header.account.raw()]);
      }
    }
  }
  [[nodiscard]] States states_of(const std::vector<AccountRange>& ranges) const {
    States seen;
    for (const auto& [account, state] : states_) {
      if (is_in(account, ranges)) seen[account] = state;
    }
    return seen;
  }
  [[nodiscard]] std::uint64_t events_of(const std::vector<AccountRange>& ranges) const {
    return static_cast<std::uint64_t>(
        std::count_if(accounts_.begin(), accounts_.end(),
                      [&](std::uint64_t account) { return is_in(account, ranges); }));
  }

 private:
  [[nodiscard]] static bool is_in(std::uint64_t account, const std::vector<AccountRange>& ranges) {
    return ranges.empty() ||
           std::any_of(ranges.begin(), ranges.end(), [&](const AccountRange& range) {
             return range.first.raw() <= account && account <= range.last.raw();
           });
  }

  OpenGateway& gateway_;
  Random& random_;
  std::vector<std::uint64_t> accounts_;  // of all events
  States states_;
};

/// A client as the protocol page has it.
class Follower {
 public:
  Follower(OpenGateway& gateway, std::string user) : gateway_{gateway}, user_{std::move(user)} {}

  void connect(std::uint64_t from) {
    client_ = std::make_unique<TestClient>(gateway_.port(), gateway_.pump(), 16'384);
    client_->log_on({user_, "pw", session_, from, 0});
    const Received answer = client_->next();
    ASSERT_EQ(answer.type, 'A');
    const auto accepted = wire::parse_login_accepted(std::as_bytes(std::span{answer.payload}));
    if (!session_.empty()) {
      ASSERT_EQ(accepted->next_number, from);
    }
    session_ = accepted->session;
    next_ = accepted->next_number;
  }
  void ask() { client_->request_snapshot(++request_); }
  /// Breaks off and comes back by number; asks again unless it has had its snapshot.
  void reconnect(bool reset) {
    if (reset) client_->reset();
    connect(next_);
    if (request_ > 0 && !complete_) ask();
  }
  /// Takes a packet that is there now, or comes within `max`. False when there is none.
  bool take(milliseconds max = milliseconds{0}) {
    const Received received = client_->next(max);
    const auto payload = std::as_bytes(std::span{received.payload});
    if (received.type == 'S') on_event(payload);
    if (received.type == 'U') on_snapshot(payload);
    EXPECT_TRUE(received.type == 'S' || received.type == 'U' || received.type == '?')
        << received.type;
    return received.type == 'S' || received.type == 'U';
  }

  /// Number of the next event in the stream.
  [[nodiscard]] std::uint64_t next() const { return next_; }
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] const States& states() const { return states_; }
  /// Events that a state had in it already; states that came after events of their account.
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }
  [[nodiscard]] std::uint64_t replaced() const { return replaced_; }

 private:
  void on_event(std::span<const std::byte> payload) {
    ++next_;
    const wire::Decoded decoded = wire::decode(payload);
    ASSERT_TRUE(decoded.ok());
    if (!wire::concerns_account(decoded.event)) return;
    wire::AccountState& state = states_[decoded.event.header.account.raw()];
    if (decoded.event.header.number <= state.number) {
      ++passed_over_;
    } else {
      wire::fold(decoded.event, state);
    }
  }
  void on_snapshot(std::span<const std::byte> payload) {
    if (const auto state = wire::decode_snapshot<wire::AccountState>(payload)) {
      const auto known = states_.find(state->account.raw());
      if (known != states_.end()) {
        ASSERT_LE(known->second.number, state->number) << "it went back";
        ++replaced_;
      }
      states_[state->account.raw()] = *state;
      return;
    }
    const auto ended = wire::decode_snapshot<wire::SnapshotEnded>(payload);
    ASSERT_TRUE(ended.has_value());
    ASSERT_EQ(ended->left_out, 0U);
    complete_ = complete_ || ended->request.raw() == request_;
  }

  OpenGateway& gateway_;
  std::string user_;
  std::string session_;
  std::unique_ptr<TestClient> client_;
  std::uint64_t next_{0};
  std::uint64_t request_{0};
  bool complete_{false};
  States states_;
  std::uint64_t passed_over_{0};
  std::uint64_t replaced_{0};
};

struct Reached {
  std::uint64_t passed_over{0};
  std::uint64_t replaced{0};
  std::uint64_t reconnects{0};
};

GatewaySettings settings_for(Random& random) {
  GatewaySettings settings;
  settings.send_buffer_bytes = 4'096;
  settings.accounts_max = kAccounts;
  std::vector<AccountRange> ranges;
  for (std::size_t left = 1 + random.below(4); left > 0; --left) {
    const std::uint64_t first = 1 + random.below(kAccounts);
    ranges.push_back(
        {AccountId::from_raw(first), AccountId::from_raw(first + random.below(kAccounts))});
  }
  settings.users = {{"all", "pw"}, {"some", "pw", ranges}};
  return settings;
}

/// One history, one client, one snapshot.
void follow_at_random(std::uint64_t seed, std::size_t user, Reached& reached) {
  Random random{seed};
  const GatewaySettings settings = settings_for(random);
  OpenGateway gateway{settings};
  History history{gateway, random};
  history.publish(random.below(3'000));
  Follower follower{gateway, settings.users[user].name};
  follower.connect(random.chance(700) ? 0 : 1 + random.below(2'000));
  const std::size_t ask_at = random.below(20);
  for (std::size_t step = 0; step < 60 || !follower.complete(); ++step) {
    ASSERT_LT(step, 10'000U) << "the snapshot never ends";
    if (step > 1'000) (void)follower.take(milliseconds{1});  // the kernel may have to repeat itself
    if (step == ask_at) follower.ask();
    if (random.chance(500) && step < 5'000) history.publish(random.below(100));
    for (std::size_t left = random.below(60); left > 0 && follower.take(); --left) {
    }
    if (random.chance(50) && step < 200) {
      follower.reconnect(random.chance(500));
      ++reached.reconnects;
    }
    if (random.chance(20) && step > ask_at && !follower.complete()) follower.ask();
    ASSERT_FALSE(::testing::Test::HasFatalFailure());
  }
  const auto& ranges = settings.users[user].accounts;
  const std::uint64_t events = history.events_of(ranges);
  while (follower.next() <= events && follower.take(milliseconds{5'000})) {
  }
  ASSERT_EQ(follower.next(), events + 1);
  ASSERT_TRUE(follower.states() == history.states_of(ranges));
  reached.passed_over += follower.passed_over();
  reached.replaced += follower.replaced();
}

std::uint64_t seeds() {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  return 10 * (factor == nullptr ? 1 : std::max(1UL, std::strtoul(factor, nullptr, 10)));
}

void follow_many(std::size_t user) {
  Reached reached;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    follow_at_random(seed, user, reached);
    ASSERT_FALSE(::testing::Test::HasFatalFailure()) << "seed " << seed;
  }
  // What the rule is for has happened.
  EXPECT_GT(reached.passed_over, 0U);
  EXPECT_GT(reached.replaced, 0U);
  EXPECT_GT(reached.reconnects, 0U);
}

TEST(Snapshot, AtAnyMomentAndWhatFollowsAreAllOfHistory) {
  follow_many(0);
}

TEST(Snapshot, OfSomeAccountsAndWhatFollowsAreTheirHistory) {
  follow_many(1);
}

TEST(Snapshot, SaysWhatItWasAskedAndHowFarItGoes) {
  GatewaySettings settings;
  settings.first_number = 50;
  OpenGateway gateway{settings};
  gateway.publish(100);  // every third says something of an account, of which there are nine
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(0), 150U);
  client.request_snapshot(77);
  Received received = client.next();
  std::uint64_t states = 0;
  for (; received.type == 'U'; received = client.next()) {
    const auto payload = std::as_bytes(std::span{received.payload});
    if (wire::decode_snapshot<wire::AccountState>(payload)) {
      ++states;
      continue;
    }
    const auto ended = wire::decode_snapshot<wire::SnapshotEnded>(payload);
    ASSERT_TRUE(ended.has_value());
    EXPECT_EQ(ended->request.raw(), 77U);
    EXPECT_EQ(ended->number.raw(), 149U);
    EXPECT_EQ(ended->first.raw(), 50U);
    EXPECT_EQ(ended->accounts, states);
    break;
  }
  EXPECT_EQ(states, 9U);
  EXPECT_EQ(gateway->counters().snapshots_sent, 1U);
}

TEST(Snapshot, DoesNotHoldUpEventsOfOthersOrItsOwn) {
  GatewaySettings settings;
  settings.accounts_max = 50'000;
  OpenGateway gateway{settings};
  for (std::uint64_t number = 1; number <= 50'000; ++number) {
    Event event = numbered_event(3 * number);
    event.header.number = EventNumber::from_raw(number);
    event.header.account = AccountId::from_raw(number);
    gateway->publish(event);
  }
  TestClient asks{gateway.port(), gateway.pump()};
  TestClient other{gateway.port(), gateway.pump()};
  EXPECT_EQ(asks.log_on_from(0), 50'001U);
  EXPECT_EQ(other.log_on_from(0), 50'001U);
  asks.request_snapshot(1);
  std::uint64_t events = 0;
  std::uint64_t states = 0;
  bool ended = false;
  while (!ended) {
    gateway.publish(1);
    EXPECT_EQ(other.numbers(1), std::vector{50'001 + events});
    for (Received received = asks.next(); received.type != 'S'; received = asks.next()) {
      ASSERT_EQ(received.type, 'U');
      const auto payload = std::as_bytes(std::span{received.payload});
      ended = wire::decode_snapshot<wire::SnapshotEnded>(payload).has_value();
      if (!ended) ++states;
    }
    ++events;
  }
  EXPECT_EQ(states, 50'000U);
  EXPECT_GT(events, 10U);  // many, in between
}

TEST(Snapshot, IsEndedByTheEndOfTheSession) {
  GatewaySettings settings;
  settings.send_buffer_bytes = 4'096;
  OpenGateway gateway{settings};
  for (std::uint64_t number = 1; number <= 20'000; ++number) {
    Event event = numbered_event(3 * number);
    event.header.number = EventNumber::from_raw(number);
    event.header.account = AccountId::from_raw(number);
    gateway->publish(event);
  }
  TestClient client{gateway.port(), gateway.pump(), 4'096};
  EXPECT_EQ(client.log_on_from(0), 20'001U);
  client.request_snapshot(1);
  EXPECT_EQ(client.next().type, 'U');
  gateway->end_session();
  Received received = client.next();
  while (received.type == 'U') received = client.next();
  EXPECT_EQ(received.type, 'Z');
}

TEST(Snapshot, RequestsThatAreNoneAreIgnored) {
  OpenGateway gateway;
  gateway.publish(10);
  TestClient client{gateway.port(), gateway.pump()};
  EXPECT_EQ(client.log_on_from(0), 11U);
  const auto request = wire::encode_snapshot(wire::SnapshotRequested{});
  for (std::size_t size = 0; size < request.size(); ++size) {
    std::array<std::byte, 64> packet{};
    const std::size_t written =
        wire::write_packet(wire::PacketType::unsequenced, std::span{request}.first(size), packet);
    client.send(std::span{packet}.first(written));
  }
  EXPECT_EQ(client.next(milliseconds{30}).type, '?');
  EXPECT_EQ(gateway->counters().sessions, 1U);
}

}  // namespace
}  // namespace plimsoll::gateway
