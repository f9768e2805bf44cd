// Goal: the running service is right as a whole: prices and commands in, events out, none twice and
// none missed, and its engine's thread neither allocates nor waits for memory once it runs. Method:
// a service in this process between a venue and a matching engine; under ThreadSanitizer too.

#include "engine/service/service.hpp"

#include <chrono>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/log/flight_format.hpp"
#include "engine/platform/log.hpp"
#include "engine/wire/sbe.hpp"
#include "tests/gateway/test_client.hpp"
#include "tests/service/engine_trap.hpp"
#include "tests/service/market_day.hpp"

namespace plimsoll::service {
namespace {

using std::chrono::milliseconds;
using testing::MarketDay;
using Clock = std::chrono::steady_clock;

/// A subscriber that remembers what it has seen.
class Subscriber {
 public:
  explicit Subscriber(std::uint16_t port) : client_{port} {
    EXPECT_TRUE(client_.log_on_from(1).has_value());
  }
  /// Takes what has come; false at the end of the session.
  bool take(milliseconds max) {
    const gateway::Received packet = client_.next(max);
    if (packet.type == 'Z' || packet.type == '\0') return false;
    if (packet.type != 'S') return true;
    const wire::Decoded decoded =
        wire::decode(std::as_bytes(std::span{packet.payload.data(), packet.payload.size()}));
    EXPECT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.event.header.number.raw(), seen_ + 1);
    ++seen_;
    ++kinds_[kind_of(decoded.event)];
    if (std::holds_alternative<LiquidationOrderIssued>(decoded.event.body)) {
      orders_.push_back(decoded.event);
    }
    return true;
  }
  template <class Body>
  [[nodiscard]] std::uint64_t seen() const {
    const auto found = kinds_.find(static_cast<std::uint8_t>(EventBody{Body{}}.index()));
    return found == kinds_.end() ? 0 : found->second;
  }
  [[nodiscard]] std::uint64_t total() const { return seen_; }
  [[nodiscard]] std::vector<Event> take_orders() { return std::exchange(orders_, {}); }

 private:
  gateway::TestClient client_;
  std::uint64_t seen_{0};
  std::map<std::uint8_t, std::uint64_t> kinds_;
  std::vector<Event> orders_;
};

/// A day with a service and a subscriber in it.
class ServiceTest : public ::testing::Test {
 protected:
  /// As the program does, before there is a second thread: the log makes its registry at first use.
  static void SetUpTestSuite() { platform::start_log(true); }
  void start(int seconds, int swing_ms,
             const std::function<void(configuration::Configuration&)>& change = {}) {
    day_ = std::make_unique<MarketDay>(seconds, swing_ms);
    configuration_ = day_->configuration();
    if (change) change(configuration_);
    service_ = std::make_unique<Service>(configuration_);
    record_ = ::testing::TempDir() + "record" + std::to_string(::getpid());
    ServiceOptions options;
    options.record = record_;
    ASSERT_EQ(service_->start(std::move(options)), "");
    subscriber_ = std::make_unique<Subscriber>(service_->port());
  }
  void TearDown() override {
    ::unlink(record_.c_str());
    ::unlink(configuration_.service.flight_file.c_str());
  }

  /// Fills each order whole, at its limit.
  void answer_orders() {
    for (const Event& event : subscriber_->take_orders()) {
      const auto& order = std::get<LiquidationOrderIssued>(event.body);
      day_->say(LiquidationAnswered{event.header.account, order.epoch, order.instrument,
                                    order.quantity, order.limit, order.side});
    }
  }
  /// Everybody does his part until `done()`; false: it took more than a minute.
  template <class Done>
  bool run_until(Done done) {
    const Clock::time_point until = Clock::now() + std::chrono::minutes{1};
    while (!done()) {
      if (Clock::now() > until) return false;
      (void)subscriber_->take(milliseconds{1});
      answer_orders();
      day_->poll();
      service_->tend();
    }
    return true;
  }
  void run_for(milliseconds length) {
    const Clock::time_point until = Clock::now() + length;
    (void)run_until([until] { return Clock::now() > until; });
  }
  /// Ends the service; the subscriber sees everything up to the end of the session.
  void stop() {
    std::thread ending{[this] { service_->stop(); }};
    while (subscriber_->take(milliseconds{5'000})) {
    }
    ending.join();
    EXPECT_TRUE(service_->report().audit.conserved());
    EXPECT_EQ(service_->report().record_error, "");
    EXPECT_EQ(subscriber_->total(), service_->report().tally.events_total());
  }

  std::unique_ptr<MarketDay> day_;
  configuration::Configuration configuration_;
  std::string record_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Subscriber> subscriber_;
};

TEST_F(ServiceTest, CallsAndMeetsAndLiquidatesWhatTheVenueAndTheMatchingEngineSay) {
  start(3, 50);
  day_->say_account(1, 350);
  day_->say_account(2, 100);
  ASSERT_TRUE(run_until([&] {
    return service_->ready() && subscriber_->seen<MarginCallIssued>() >= 3 &&
           subscriber_->seen<MarginCallMet>() >= 3 &&
           subscriber_->seen<LiquidationCompleted>() >= 1;
  }));
  EXPECT_TRUE(service_->alive());
  stop();
  EXPECT_EQ(service_->report().accounts, 2U);
}

TEST_F(ServiceTest, OnShardsWithTheGatewayOnItsOwnThreadIsTheSame) {
  start(3, 50, [](configuration::Configuration& configuration) {
    configuration.service.shards = 2;
    configuration.service.gateway_thread = true;
    configuration.service.idle = configuration::IdlePolicy::sleep;
  });
  for (std::uint64_t n = 1; n <= 8; ++n) day_->say_account(n, n % 2 == 0 ? 350 : 100);
  ASSERT_TRUE(run_until([&] {
    return subscriber_->seen<MarginCallMet>() >= 8 &&
           subscriber_->seen<LiquidationCompleted>() >= 4;
  }));
  stop();
  EXPECT_EQ(service_->report().accounts, 8U);
}

TEST_F(ServiceTest, WritesWhatItHasDoneLastWhenAsked) {
  start(1, 50);
  day_->say_account(1, 350);
  ASSERT_TRUE(run_until([&] { return subscriber_->seen<MarginCallIssued>() >= 1; }));
  ASSERT_EQ(service_->write_flight(), "");
  const log::Flight flight = log::read_flight(configuration_.service.flight_file);
  EXPECT_EQ(flight.error, "");
  EXPECT_FALSE(flight.inputs.empty());
  EXPECT_FALSE(flight.events.empty());
  stop();
}

TEST_F(ServiceTest, TheEnginesThreadNeitherAllocatesNorWaitsForAPage) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer allocates and touches memory of its own";
#endif
  start(8, 20, [](configuration::Configuration& configuration) {
    configuration.service.lock_memory = true;
  });
  for (std::uint64_t n = 1; n <= 40; ++n) day_->say_account(n, n % 4 == 0 ? 100 : 350);
  ASSERT_TRUE(run_until([&] {
    return subscriber_->seen<MarginCallMet>() >= 100 &&
           subscriber_->seen<LiquidationCompleted>() >= 10;
  }));
  // The same again, while the trap is armed.
  const std::uint64_t calls = subscriber_->seen<MarginCallMet>();
  const long faults = testing::page_faults_of_engine();
  testing::arm_trap();
  for (std::uint64_t n = 101; n <= 140; ++n) day_->say_account(n, n % 4 == 0 ? 100 : 350);
  ASSERT_TRUE(run_until([&] {
    return subscriber_->seen<MarginCallMet>() >= calls + 200 &&
           subscriber_->seen<LiquidationCompleted>() >= 20;
  }));
  const testing::Trapped trapped = testing::disarm_trap();
  EXPECT_EQ(trapped.allocations, 0U) << trapped.where;
  EXPECT_EQ(testing::page_faults_of_engine() - faults, 0);
  stop();
}

TEST(EngineTrap, SeesAnAllocationOfAThreadOfThatName) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer allocates and touches memory of its own";
#endif
  testing::arm_trap();
  std::thread other{[] { delete new int{1}; }};
  other.join();
  EXPECT_EQ(testing::disarm_trap().allocations, 0U);
  testing::arm_trap();
  std::thread engine{[] {
    pthread_setname_np(pthread_self(), kEngineThreadName);
    std::vector<int> numbers;
    numbers.push_back(1);
  }};
  engine.join();
  const testing::Trapped trapped = testing::disarm_trap();
  EXPECT_EQ(trapped.allocations, 1U);
  EXPECT_NE(trapped.where, "");
}

}  // namespace
}  // namespace plimsoll::service
