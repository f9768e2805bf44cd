#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "tests/support/random.hpp"

// Clients that mean harm, on one thread: they come back whenever they are thrown out.

namespace plimsoll::gateway {

/// What one of them does.
enum class Malice : std::uint8_t {
  half_open,      // connects and says nothing
  dripping,       // sends its log-on one byte at a time, much too slowly
  giant,          // announces a packet of 65,535 bytes
  garbage,        // sends random bytes
  never_reads,    // logs on for everything and takes nothing
  log_on_flood,   // logs on and breaks off, over and over
  asks_too_much,  // asks for one snapshot after the other and takes nothing
  babbles,        // logs on and sends nothing but heartbeats, as many as it can
};
inline constexpr std::size_t kMalices = 8;

class HostileClients {
 public:
  /// `count` of them, of all kinds in turn, against a port of 127.0.0.1.
  HostileClients(std::uint16_t port, std::size_t count, std::uint64_t seed);
  ~HostileClients();
  HostileClients(const HostileClients&) = delete;
  HostileClients& operator=(const HostileClients&) = delete;

  /// Connections opened so far.
  [[nodiscard]] std::uint64_t connections() const { return connections_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Client {
    Malice malice;
    int socket{-1};
    std::size_t sent{0};  // bytes of its log-on
    Clock::time_point next_act{};
    Clock::time_point opened{};
  };

  void run();
  void act(Client& client, Clock::time_point now);
  void open(Client& client, Clock::time_point now);
  void close(Client& client, bool reset);
  /// True when the gateway has closed it. What it sent is read unless the client never reads.
  [[nodiscard]] bool is_over(const Client& client);

  std::uint16_t port_;
  support::Random random_;
  std::vector<Client> clients_;
  std::atomic<std::uint64_t> connections_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace plimsoll::gateway
