#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "feeds/live/backoff.hpp"
#include "feeds/live/client_settings.hpp"
#include "feeds/live/connection_plan.hpp"
#include "feeds/live/resolver.hpp"
#include "feeds/live/sink.hpp"
#include "feeds/live/web_socket.hpp"

namespace plimsoll::feeds::live {

/// Keeps one plan up: opens it, subscribes, pings, answers, hears when it is dead, and opens it
/// again after a while. Every loss reaches the sink, and every return as a gap. Only for the thread
/// that runs the io_context, which must not run any handler after this is gone.
///
/// It holds one message at most, and few bytes to send: a venue that asks and does not read is
/// left.
class Connection {
 public:
  struct Surroundings {
    boost::asio::io_context& context;
    boost::asio::ssl::context* tls;
    Resolver& resolver;
    Sink& sink;
  };

  Connection(const Surroundings& surroundings, ConnectionPlan plan, const ClientSettings& settings,
             std::uint64_t seed);

  void start();
  /// Says goodbye, and is over after goodbye_max at the latest.
  void stop();
  /// Something went wrong outside of it: begins again.
  void break_off(std::string_view reason);

 private:
  using Clock = std::chrono::steady_clock;
  enum class State : std::uint8_t { waiting, opening, up, leaving, over };

  void attempt();
  void open(Resolver::Endpoints endpoints, const std::string& error);
  void on_open(const std::string& error);
  void on_received(std::string_view text, const std::string& error);
  [[nodiscard]] bool is_challenge(std::string_view text) const noexcept;
  void say(std::string_view text);
  void send_next();
  void start_tick();
  void on_tick();
  void tick_while_up(Clock::time_point now);
  void lose(std::string_view reason);
  void end();
  void report(LinkChange change, std::string_view reason = {}, Milliseconds retry_in = {});

  Surroundings around_;
  ConnectionPlan plan_;
  std::string url_;
  Milliseconds connect_max_;
  Milliseconds goodbye_max_;
  Milliseconds silence_max_;
  Milliseconds tick_;
  Backoff backoff_;
  boost::asio::steady_timer retry_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<WebSocket> socket_;
  std::deque<std::string> outgoing_;  // after the one that is on its way
  bool sending_{false};
  State state_{State::waiting};
  std::uint64_t attempt_{0};  // a handler of an earlier one does nothing
  bool was_up_{false};
  EventTime last_heard_;  // the last message, or when it came up
  Clock::time_point since_;
  Clock::time_point heard_;
  Clock::time_point pinged_;
  Clock::time_point ticked_;
  bool tick_skipped_{false};
};

}  // namespace plimsoll::feeds::live
