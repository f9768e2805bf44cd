#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>

// A bad network: passes bytes between one client at a time and a port of 127.0.0.1, and breaks the
// connection after a random number of bytes, a given number of times.

namespace plimsoll::gateway {

class BreakingProxy {
 public:
  BreakingProxy(std::uint16_t target, int breaks, std::uint64_t seed);
  ~BreakingProxy();
  BreakingProxy(const BreakingProxy&) = delete;
  BreakingProxy& operator=(const BreakingProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Connections broken so far.
  [[nodiscard]] int broken() const { return broken_; }

 private:
  void run();
  void pass_bytes(int client, int server);

  std::uint16_t target_;
  int breaks_;
  std::mt19937_64 random_;
  int listener_{-1};
  std::uint16_t port_{0};
  std::atomic<int> broken_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace plimsoll::gateway
