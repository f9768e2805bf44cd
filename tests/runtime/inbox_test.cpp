#include "engine/runtime/inbox.hpp"

#include <array>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/platform/thread.hpp"

namespace plimsoll::runtime {
namespace {

Arrival numbered(std::uint64_t producer, std::uint64_t number) {
  return {.input = {.sequence = {},
                    .time = {},
                    .origin = {},
                    .body = Deposited{AccountId::from_raw(producer), Amount::from_raw(1),
                                      ExternalId::from_raw(number)}}};
}

TEST(Inbox, KeepsTheOrderOfEachProducerAndLosesNothing) {
  constexpr std::uint64_t kProducers = 3;
  constexpr std::uint64_t kEach = 20'000;
  Inbox inbox{256};
  std::vector<std::thread> producers;
  for (std::uint64_t p = 0; p < kProducers; ++p) {
    producers.emplace_back([&inbox, p] {
      Inbox::Producer producer = inbox.make_producer();
      std::vector<Arrival> batch;
      for (std::uint64_t n = 1; n <= kEach; ++n) {
        batch.push_back(numbered(p, n));
        if (batch.size() < 1 + (p * 7 + n) % 9 && n < kEach) continue;
        EXPECT_TRUE(producer.push(batch));
        batch.clear();
      }
    });
  }
  std::array<std::uint64_t, kProducers> last{};
  std::array<Arrival, 64> taken;
  bool in_order = true;
  platform::Backoff backoff;
  for (std::uint64_t total = 0; total < kProducers * kEach;) {
    const std::size_t count = inbox.pop(taken);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& body = std::get<Deposited>(taken[i].input.body);
      std::uint64_t& previous = last[body.account.raw()];
      in_order = in_order && body.transfer.raw() == previous + 1;
      previous = body.transfer.raw();
    }
    total += count;
    if (count == 0) backoff.wait();
  }
  for (std::thread& producer : producers) producer.join();
  EXPECT_TRUE(in_order);
}

TEST(Inbox, ClosingLetsAWaitingProducerGo) {
  Inbox inbox{4};
  Inbox::Producer producer = inbox.make_producer();
  const std::vector<Arrival> four(4, numbered(1, 1));
  ASSERT_TRUE(producer.push(four));
  std::thread closer{[&] { inbox.close(); }};
  EXPECT_FALSE(producer.push(four));  // full: waits until closed
  closer.join();
}

}  // namespace
}  // namespace plimsoll::runtime
