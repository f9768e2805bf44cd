#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/gateway/counters.hpp"
#include "engine/gateway/gateway_settings.hpp"
#include "engine/message/event.hpp"

// The TCP server of the events: SoupBinTCP sessions with replay by number (engine/wire/PROTOCOL.md
// is what clients see).
//
// One thread owns a gateway and calls everything here but wake() and counters(). That may be the
// engine's own thread (publish and poll: the shortest way out), or the one of a GatewayThread. No
// call but wait() waits, not even for a client that does not read: it falls behind, and is cut when
// what it needs is no longer retained.

namespace plimsoll::gateway {

class Server;
struct OpenedGateway;

class Gateway {
 public:
  /// Listens. No gateway and an error when a setting is wrong or the address cannot be had:
  /// "cannot listen on 127.0.0.1:9001: Address already in use".
  [[nodiscard]] static OpenedGateway open(const GatewaySettings& settings);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Retains the event; flush() or poll() sends it. REQUIRES: its number is next_number(), and
  /// end_session() has not been called.
  void publish(const Event& event);

  /// The same of a message of another schema, by whoever serves one. REQUIRES: not empty, and no
  /// longer than an event may be.
  void publish(std::span<const std::byte> message);

  /// Hands what is retained to the clients that follow, as far as their sockets take it now. Costs
  /// nothing when there is nothing new.
  void flush();

  /// flush(), and everything else that can be done now: connections, log-ons, heartbeats, clients
  /// that catch up. True when it did something, or there is more to do at once.
  bool poll();

  /// Sleeps until poll() has something to do, wake() is called, or `max` has passed. May return
  /// early.
  void wait(Milliseconds max);
  /// Ends a wait(), or makes the next one short. Any thread; one system call.
  void wake() noexcept;

  /// Accepts nobody any more, and sends End of Session to each client when it has been sent every
  /// event. Goes on in poll().
  void end_session();
  /// No connection is left.
  [[nodiscard]] bool drained() const noexcept;

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Number of the next event to be published.
  [[nodiscard]] std::uint64_t next_number() const noexcept;
  /// Number of the oldest event that can be replayed; next_number() when there is none.
  [[nodiscard]] std::uint64_t first_retained() const noexcept;
  /// Any thread.
  [[nodiscard]] GatewayCounters counters() const noexcept;

 private:
  explicit Gateway(std::unique_ptr<Server> server) noexcept;
  std::unique_ptr<Server> server_;
};

/// A gateway that listens, or why there is none.
struct OpenedGateway {
  std::unique_ptr<Gateway> gateway;
  std::string error;
};

}  // namespace plimsoll::gateway
