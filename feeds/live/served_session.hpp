#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/value/types.hpp"
#include "feeds/live/capture_server.hpp"
#include "feeds/live/web_socket.hpp"
#include "feeds/replay/merge.hpp"

namespace plimsoll::feeds::live {

/// What the sessions of a server share. It outlives them.
struct ServedState {
  const ServerSettings& settings;
  ServerCounters& counters;
  std::uint64_t position{0};  // messages that a new session passes over
};

/// One client of a CaptureServer. Only for the thread that runs the io_context.
class ServedSession : public std::enable_shared_from_this<ServedSession> {
 public:
  /// `on_end` is called once, when the session is over; it may then be forgotten.
  ServedSession(boost::asio::io_context& context, std::shared_ptr<WebSocket> socket,
                ServedState& state, std::function<void(ServedSession*)> on_end);
  ~ServedSession();
  ServedSession(const ServedSession&) = delete;
  ServedSession& operator=(const ServedSession&) = delete;

  /// To be called once, when a shared_ptr holds the session.
  void start();
  /// Breaks the connection.
  void end();

 private:
  using Clock = std::chrono::steady_clock;

  void on_accepted(const std::string& target, const std::string& error);
  void on_received(std::string_view text, const std::string& error);
  void begin();
  void go_on();
  [[nodiscard]] bool take_line();
  void wait();
  void send(std::string text);
  [[nodiscard]] Clock::time_point due(EventTime time);
  void note(std::string_view line) const;

  std::shared_ptr<WebSocket> socket_;
  ServedState& state_;
  std::function<void(ServedSession*)> on_end_;
  boost::asio::steady_timer timer_;
  std::optional<Merge> merge_;
  MergedLine line_;
  std::uint64_t first_message_{0};  // of the captures, from 0
  std::uint64_t sent_{0};
  std::optional<EventTime> first_;
  Clock::time_point start_;
  Clock::time_point due_;
  bool has_line_{false};  // line_ is to be sent when due_
  bool timer_set_{false};
  bool sending_{false};
  bool pong_due_{false};
  bool ended_{false};
};

}  // namespace plimsoll::feeds::live
