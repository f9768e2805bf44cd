#include "feeds/live/live_feed.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "tests/live/venue.hpp"

namespace plimsoll::feeds::live::testing {
namespace {

constexpr Milliseconds kPatience{60'000};

TEST(LiveFeed, GivesMessagesAndInterruptionsInTheirOrder) {
  const Folder folder;
  const auto messages = some_messages(1'000);
  ServerSettings settings;
  settings.captures = {folder.write("capture", capture_of(messages))};
  settings.drop_after = 400;
  const auto server = serve(settings);
  LiveFeed feed{200'000};  // less than two of the long messages
  const auto client = follow(plan_for(server->port()), feed, impatient());
  LiveLine line;
  std::vector<std::string> received;
  std::vector<std::size_t> interruptions;
  EventTime last;
  while (received.size() < messages.size()) {
    ASSERT_EQ(feed.next(line, kPatience), LiveStep::ready);
    EXPECT_EQ(line.venue, "test");
    EXPECT_GE(line.time, last);
    last = line.time;
    if (line.kind == LiveLine::Kind::message) {
      received.push_back(line.text);
    } else {
      interruptions.push_back(received.size());
      EXPECT_EQ(line.text, "closed without a goodbye");
    }
  }
  EXPECT_TRUE(received == messages);
  EXPECT_EQ(interruptions, (std::vector<std::size_t>{400, 800}));
  EXPECT_EQ(feed.next(line, Milliseconds{1}), LiveStep::nothing_yet);
}

TEST(LiveFeed, HoldsTheClientBackWhenItIsFull) {
  LiveFeed feed{10};
  std::atomic<int> put{0};
  std::thread client{[&] {
    for (int i = 0; i < 5; ++i) {
      feed.on_message("test", EventTime::from_raw(i), "12345");
      ++put;
    }
  }};
  while (put < 2) std::this_thread::yield();
  std::this_thread::sleep_for(Milliseconds{20});
  EXPECT_EQ(put, 2);
  LiveLine line;
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(feed.next(line, kPatience), LiveStep::ready);
    EXPECT_EQ(line.time.raw(), i);
  }
  client.join();
}

TEST(LiveFeed, LetsAClientGoThatWaitsAndGivesWhatItHolds) {
  LiveFeed feed{10};
  std::thread client{[&] {
    for (int i = 0; i < 5; ++i) feed.on_message("test", EventTime::from_raw(i), "1234567890");
  }};
  LiveLine line;
  ASSERT_EQ(feed.next(line, kPatience), LiveStep::ready);
  feed.close();
  client.join();
  LiveStep step = feed.next(line, kPatience);
  if (step == LiveStep::ready) step = feed.next(line, kPatience);
  EXPECT_EQ(step, LiveStep::end);
}

}  // namespace
}  // namespace plimsoll::feeds::live::testing
