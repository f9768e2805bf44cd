#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

// Raw sockets for the wire bench: both ends busy-poll, so that nobody sleeps.

namespace plimsoll::bench {

/// A connected, non-blocking TCP socket on loopback without delay. Closed at the end.
class RawSocket {
 public:
  explicit RawSocket(int descriptor) noexcept : descriptor_{descriptor} {}
  RawSocket(RawSocket&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  RawSocket& operator=(RawSocket&&) = delete;
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;
  ~RawSocket();

  /// Sends everything, spinning while the socket is full.
  void send_all(std::span<const std::byte> bytes) const;
  /// What is there now, without waiting; 0 bytes when nothing is.
  [[nodiscard]] std::size_t receive_some(std::span<std::byte> into) const;
  /// Spins until `count` bytes have been read.
  void receive_exactly(std::span<std::byte> into) const;
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// Connects to a port of this machine. Ends the program with a message when that fails.
[[nodiscard]] RawSocket connect_loopback(std::uint16_t port);

/// Reads one sequenced packet, passing over heartbeats.
void receive_event(const RawSocket& socket);

/// Two ends of one loopback connection.
[[nodiscard]] std::pair<RawSocket, RawSocket> loopback_pair();

}  // namespace plimsoll::bench
