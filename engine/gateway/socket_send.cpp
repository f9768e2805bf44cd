#include "engine/gateway/socket_send.hpp"

#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>

namespace plimsoll::gateway {
namespace {

constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;

iovec part(std::span<const std::byte> bytes) noexcept {
  // The kernel only reads; iovec serves both directions.
  return {const_cast<std::byte*>(bytes.data()), bytes.size()};  // NOLINT
}

/// Pieces that are not empty move to the front. Returns how many these are.
std::size_t gather(const SendPieces& pieces, std::array<iovec, 3>& parts) noexcept {
  std::size_t count = 0;
  for (const auto& piece : pieces) {
    if (!piece.empty()) parts[count++] = part(piece);
  }
  return count;
}

ssize_t send_parts(int socket, std::array<iovec, 3>& parts, std::size_t count) noexcept {
  if (count == 1)
    return ::send(socket, parts[0].iov_base, parts[0].iov_len, kFlags);  // the cheaper
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = count;
  return ::sendmsg(socket, &message, kFlags);
}

}  // namespace

Sent send_now(int socket, const SendPieces& pieces) noexcept {
  std::array<iovec, 3> parts{};
  const std::size_t count = gather(pieces, parts);
  if (count == 0) return {};
  ssize_t result = send_parts(socket, parts, count);
  while (result < 0 && errno == EINTR) result = send_parts(socket, parts, count);
  if (result >= 0) {
    std::size_t size = 0;
    for (const auto& piece : pieces) size += piece.size();
    const auto bytes = static_cast<std::size_t>(result);
    return {bytes, bytes == size ? Sent::End::all : Sent::End::full};
  }
  const bool full = errno == EAGAIN || errno == EWOULDBLOCK;
  return {0, full ? Sent::End::full : Sent::End::broken};
}

}  // namespace plimsoll::gateway
