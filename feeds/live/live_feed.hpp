#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/value/types.hpp"
#include "feeds/live/sink.hpp"

namespace plimsoll::feeds::live {

/// What a live feed gives: a message, or that messages of a venue are missing from here on.
struct LiveLine {
  enum class Kind : std::uint8_t { message, interruption };
  Kind kind{Kind::message};
  EventTime time;  // of reception
  std::string venue;
  std::string text;  // the message; why it is interrupted
};

/// What next() has done.
enum class LiveStep : std::uint8_t { ready, nothing_yet, end };

/// A client's messages as something that is asked for its next one, as captures are: what parses
/// the text of a line parses this. The client's thread puts in, one other takes out. It holds at
/// most bytes_max of text (one message more, when that is longer alone); when it is full the client
/// waits, and the venue with it, so nothing is lost unnoticed.
class LiveFeed final : public Sink {
 public:
  explicit LiveFeed(std::size_t bytes_max = 64U << 20U) : bytes_max_{bytes_max} {}

  void on_message(std::string_view venue, EventTime received,
                  std::string_view text) noexcept override;
  void on_link(const LinkEvent& event) noexcept override;

  /// The next line in the order of reception; waits at most `max` for one.
  [[nodiscard]] LiveStep next(LiveLine& line, std::chrono::milliseconds max);

  /// No more lines are taken in, and a client that waits goes on: to be called before it is
  /// stopped. What is there already can still be asked for; then comes `end`. Any thread.
  void close();

 private:
  void put(LiveLine line);

  std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<LiveLine> lines_;
  std::size_t bytes_{0};
  bool closed_{false};
};

}  // namespace plimsoll::feeds::live
