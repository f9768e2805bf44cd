// Goal: the last inputs and events can be read after a crash, and while the engine goes on.

#include "engine/runtime/flight_recorder.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/log/flight_format.hpp"

namespace plimsoll::runtime {
namespace {

Input numbered_input(std::uint64_t n) {
  return {.sequence = Sequence::from_raw(n),
          .time = EventTime::from_raw(static_cast<std::int64_t>(n)),
          .origin = Origin::external,
          .body = BookQuoted{InstrumentId::from_raw(3),
                             Price::from_raw(static_cast<std::int64_t>(n)),
                             Price::from_raw(static_cast<std::int64_t>(n) + 1),
                             {}}};
}

Event numbered_event(std::uint64_t n) {
  Event event{};
  event.header.number = EventNumber::from_raw(n);
  event.header.account = AccountId::from_raw(n);
  event.body = MarginCallMet{.equity = Amount::from_raw(static_cast<std::int64_t>(n)),
                             .maintenance_margin = {},
                             .call = CallId::from_raw(1)};
  return event;
}

log::Flight written(const FlightRecorder& recorder, std::size_t cut = 0) {
  const std::string path = ::testing::TempDir() + "flight" + std::to_string(::getpid());
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  EXPECT_TRUE(recorder.write(file));
  const off_t end = ::lseek(file, 0, SEEK_END);
  EXPECT_EQ(::ftruncate(file, end - static_cast<off_t>(cut)), 0);
  ::close(file);
  log::Flight flight = log::read_flight(path);
  ::unlink(path.c_str());
  return flight;
}

TEST(FlightRecorder, HoldsTheLastOfBothInTheirOrder) {
  FlightRecorder recorder{16, 8};
  for (std::uint64_t n = 1; n <= 100; ++n) recorder.add(numbered_input(n));
  for (std::uint64_t n = 1; n <= 5; ++n) recorder.add(numbered_event(n));
  const log::Flight flight = written(recorder);
  ASSERT_EQ(flight.error, "");
  ASSERT_EQ(flight.inputs.size(), 16U);
  ASSERT_EQ(flight.events.size(), 5U);
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(flight.inputs[i].sequence.raw(), 85 + i);
    EXPECT_EQ(std::get<BookQuoted>(flight.inputs[i].body).bid.raw(), static_cast<int>(85 + i));
  }
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(flight.events[i].header.number.raw(), i + 1);
    EXPECT_EQ(std::get<MarginCallMet>(flight.events[i].body).call.raw(), 1U);
  }
}

TEST(FlightRecorder, ThatWasCutOffIsReadAsFarAsItGoes) {
  FlightRecorder recorder{4, 4};
  for (std::uint64_t n = 1; n <= 4; ++n) recorder.add(numbered_input(n));
  const log::Flight flight = written(recorder, 3);
  EXPECT_EQ(flight.error, "");
  EXPECT_TRUE(flight.cut_off);
  EXPECT_EQ(flight.inputs.size(), 3U);
}

TEST(FlightRecorder, IsReadWhileTheEngineGoesOn) {
  LastItems<Input> items{64};
  std::atomic<bool> stop{false};
  std::thread engine{[&] {
    for (std::uint64_t n = 0; !stop.load(std::memory_order_relaxed); ++n) {
      items.add(numbered_input(n));
    }
  }};
  std::uint64_t read = 0;
  while (read < 20'000) {
    const std::uint64_t end = items.added();
    for (std::uint64_t number = end > 64 ? end - 64 : 0; number < end; ++number) {
      Input input;
      if (!items.read(number, input)) continue;
      ++read;
      ASSERT_EQ(input.sequence.raw(), number);
      ASSERT_EQ(std::get<BookQuoted>(input.body).bid.raw(), static_cast<std::int64_t>(number));
    }
  }
  stop.store(true);
  engine.join();
}

TEST(FlightRecorder, OfAnotherKindOfFileIsRefused) {
  const std::string path = ::testing::TempDir() + "noflight" + std::to_string(::getpid());
  std::ofstream{path} << "PLMREC02 and so on";
  EXPECT_EQ(log::read_flight(path).error, path + ": is not a flight record");
  ::unlink(path.c_str());
  EXPECT_NE(log::read_flight(path).error.find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace plimsoll::runtime
