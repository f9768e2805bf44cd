#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/platform/thread.hpp"
#include "engine/runtime/broadcast_ring.hpp"
#include "engine/runtime/spsc_ring.hpp"

namespace plimsoll::runtime {
namespace {

constexpr std::uint64_t kItems = 100'000;

TEST(SpscRing, SaysFullAndEmptyAtTheEdges) {
  SpscRing<int> ring{4};
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.try_push(i));
  EXPECT_FALSE(ring.try_push(4));
  std::vector<int> taken;
  EXPECT_EQ(ring.pop([&](int i) { taken.push_back(i); }, 3), 3U);
  EXPECT_EQ(taken, (std::vector<int>{0, 1, 2}));
  EXPECT_FALSE(ring.empty());
  EXPECT_TRUE(ring.try_push(5));
  EXPECT_EQ(ring.pop([](int) {}), 2U);
  EXPECT_TRUE(ring.empty());
}

TEST(SpscRing, KeepsEveryItemInOrderAcrossThreads) {
  SpscRing<std::uint64_t> ring{64};
  std::thread pusher{[&] {
    for (std::uint64_t i = 1; i <= kItems; ++i) {
      for (platform::Backoff backoff; !ring.try_push(i);) backoff.wait();
    }
  }};
  std::uint64_t expected = 1;
  bool in_order = true;
  for (platform::Backoff backoff; expected <= kItems; backoff.wait()) {
    ring.pop([&](std::uint64_t item) { in_order = in_order && item == expected++; }, 17);
  }
  pusher.join();
  EXPECT_TRUE(in_order);
}

TEST(BroadcastRing, WriterIsHeldBackByTheSlowestReader) {
  BroadcastRing<int> ring{4, 2};
  for (int i = 1; i <= 4; ++i) EXPECT_TRUE(ring.write(i));
  EXPECT_FALSE(ring.write(5));
  ring.done(0, 4);
  EXPECT_FALSE(ring.write(5));
  ring.done(1, 1);
  EXPECT_TRUE(ring.write(5));
  EXPECT_FALSE(ring.write(6));
  EXPECT_EQ(*ring.read(5), 5);
  EXPECT_EQ(ring.read(6), nullptr);
}

TEST(BroadcastRing, EveryReaderSeesEveryItemInOrder) {
  constexpr std::size_t kReaders = 3;
  BroadcastRing<std::uint64_t> ring{64, kReaders};
  std::vector<std::uint64_t> sums(kReaders);
  std::vector<std::thread> readers;
  for (std::size_t r = 0; r < kReaders; ++r) {
    readers.emplace_back([&ring, &sums, r] {
      for (std::uint64_t n = 1; n <= kItems; ++n) {
        const std::uint64_t* item = ring.read(n);
        for (platform::Backoff backoff; item == nullptr; item = ring.read(n)) backoff.wait();
        sums[r] += *item * n;
        ring.done(r, n);
      }
    });
  }
  std::uint64_t expected = 0;
  for (std::uint64_t n = 1; n <= kItems; ++n) {
    for (platform::Backoff backoff; !ring.write(n + 7);) backoff.wait();
    expected += (n + 7) * n;
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(sums, std::vector<std::uint64_t>(kReaders, expected));
}

}  // namespace
}  // namespace plimsoll::runtime
