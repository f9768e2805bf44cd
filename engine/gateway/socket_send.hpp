#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace plimsoll::gateway {

/// What became of a send.
struct Sent {
  enum class End : std::uint8_t {
    all,     // the kernel took everything
    full,    // the socket is full: wait until it is writable
    broken,  // the connection is over
  };
  std::size_t bytes{0};
  End end{End::all};
};

/// What is sent together, in this order; any of the pieces may be empty.
using SendPieces = std::array<std::span<const std::byte>, 3>;

/// Hands the pieces to the kernel in one system call. Never waits, never raises a signal. For a
/// connected TCP socket; any thread, one at a time for one socket.
[[nodiscard]] Sent send_now(int socket, const SendPieces& pieces) noexcept;

}  // namespace plimsoll::gateway
