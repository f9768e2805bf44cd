#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/gateway/account_states.hpp"
#include "engine/gateway/counters.hpp"
#include "engine/gateway/gateway_settings.hpp"
#include "engine/gateway/session.hpp"
#include "engine/gateway/streams.hpp"
#include "engine/message/event.hpp"

// What is behind a Gateway: the listening socket, the sessions, one timer, and an eventfd that ends
// a wait. Kept out of gateway.hpp, so that nobody else compiles Asio.
//
// Threads and waiting as gateway.hpp says.

namespace plimsoll::gateway {

/// Why the settings cannot be used, in words for an operator; empty when they can.
[[nodiscard]] std::string find_mistake(const GatewaySettings& settings);

class Server {
 public:
  /// REQUIRES: settings in which find_mistake() finds none.
  explicit Server(const GatewaySettings& settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Starts to listen. An error, or nothing.
  [[nodiscard]] std::string listen();

  void publish(const Event& event);
  void publish(std::span<const std::byte> message);
  void flush();
  bool poll();
  void wait(Milliseconds max);
  void wake() noexcept;
  void end_session();

  [[nodiscard]] bool drained() const noexcept { return sessions_.empty(); }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const RetainedEvents& events() const noexcept { return streams_.all().events; }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  [[nodiscard]] boost::system::error_code open_acceptor(
      const boost::asio::ip::tcp::endpoint& endpoint);
  [[nodiscard]] bool open_waker();
  void start_accept();
  void on_accepted(const boost::system::error_code& error, boost::asio::ip::tcp::socket socket);
  [[nodiscard]] bool make_room();
  void start_tick();
  void on_tick();
  void start_waker();
  void send_slices();
  void forget_closed();

  GatewaySettings settings_;
  Counters counters_;
  Streams streams_;
  AccountStates accounts_;
  SharedState shared_;
  boost::asio::io_context context_{1};  // handlers die with it, before what they refer to
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  boost::asio::steady_timer timer_{context_};
  boost::asio::posix::stream_descriptor waker_{context_};  // an eventfd
  std::vector<std::shared_ptr<Session>> sessions_;         // in the order of their connections
  Milliseconds tick_;
  Clock::time_point last_tick_{Clock::now()};
  std::uint64_t flushed_;         // events before this number have been offered to the sessions
  std::size_t first_to_send_{0};  // of the sessions, in the next round
  std::uint16_t port_{0};
  bool accept_paused_{false};
  bool tick_skipped_{false};
};

}  // namespace plimsoll::gateway
