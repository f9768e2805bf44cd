#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/wire/soup_bin_tcp.hpp"

// The client's side of one TCP connection that speaks SoupBinTCP. One thread.

namespace plimsoll::gateway {

class SoupConnection {
 public:
  /// `silence_max`: then the server is taken for dead.
  explicit SoupConnection(std::chrono::milliseconds silence_max);
  ~SoupConnection();
  SoupConnection(const SoupConnection&) = delete;
  SoupConnection& operator=(const SoupConnection&) = delete;

  /// Connects, within 5 s. An error in words, or nothing.
  [[nodiscard]] std::string open(const std::string& host, std::uint16_t port);
  /// Whatever goes wrong is seen by receive().
  void send(std::span<const std::byte> packet);
  /// The next packet that has arrived, or why there is none. Its payload lives until receive().
  [[nodiscard]] wire::Split take();
  /// Waits at most `max` for bytes, and sends heartbeats when they are due. An error in words, or
  /// nothing.
  [[nodiscard]] std::string receive(std::chrono::milliseconds max);

 private:
  struct Socket;
  std::unique_ptr<Socket> socket_;
  wire::PacketSplitter splitter_;
  std::chrono::milliseconds silence_max_;
  std::chrono::steady_clock::time_point last_sent_{};
  std::chrono::steady_clock::time_point last_received_{};
};

}  // namespace plimsoll::gateway
