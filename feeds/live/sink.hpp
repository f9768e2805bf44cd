#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "engine/value/types.hpp"

namespace plimsoll::feeds::live {

enum class LinkChange : std::uint8_t {
  connected,       // the subscriptions go out now
  disconnected,    // it was up: what the venue sends from here on is missed
  attempt_failed,  // it was not up, and still is not
  gap,             // up again, and what came between `since` and `time` is missed
};

/// Something that happened to one connection. The texts are valid during the call.
struct LinkEvent {
  LinkChange change;
  EventTime time;   // now
  EventTime since;  // gap, disconnected: when the last message was received, or the link made
  std::string_view venue;
  std::string_view url;
  std::string_view reason;                // disconnected, attempt_failed
  std::chrono::milliseconds retry_in{0};  // disconnected, attempt_failed
};

/// Where a client delivers: all calls come from its thread, one after the other, a message in the
/// order of its connection. Being slow here slows the venue down, which then cuts the connection.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// A message as the venue sent it; `text` is valid during the call.
  virtual void on_message(std::string_view venue, EventTime received,
                          std::string_view text) noexcept = 0;
  virtual void on_link(const LinkEvent& event) noexcept = 0;
};

}  // namespace plimsoll::feeds::live
