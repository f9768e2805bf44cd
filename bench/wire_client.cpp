#include "bench/wire_client.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/wire/sbe.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::bench {
namespace {

int checked(int result, const char* what) {
  if (result >= 0) return result;
  std::cerr << "plimsoll-bench: " << what << ": " << std::strerror(errno) << "\n";
  std::exit(4);
}

RawSocket made_ready(int descriptor) {
  const int one = 1;
  checked(::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one), "TCP_NODELAY");
  checked(::fcntl(descriptor, F_SETFL, O_NONBLOCK), "O_NONBLOCK");
  return RawSocket{descriptor};
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

RawSocket::~RawSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void RawSocket::send_all(std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) checked(-1, "send");
    if (sent > 0) bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

std::size_t RawSocket::receive_some(std::span<std::byte> into) const {
  const ssize_t count = ::recv(descriptor_, into.data(), into.size(), 0);
  if (count == 0) {
    errno = ECONNRESET;
    checked(-1, "receive");
  }
  if (count < 0 && errno != EAGAIN && errno != EINTR) checked(-1, "receive");
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

void RawSocket::receive_exactly(std::span<std::byte> into) const {
  while (!into.empty()) into = into.subspan(receive_some(into));
}

RawSocket connect_loopback(std::uint16_t port) {
  const int descriptor = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in address = loopback(port);
  checked(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address),
          "connect");
  return made_ready(descriptor);
}

void receive_event(const RawSocket& socket) {
  std::array<std::byte, wire::kPacketHeaderSize + wire::kEncodedSizeMax> packet{};
  for (;;) {
    socket.receive_exactly(std::span{packet}.first(wire::kPacketHeaderSize));
    const std::size_t length =
        static_cast<std::size_t>(packet[0]) * 256 + static_cast<std::size_t>(packet[1]) - 1;
    socket.receive_exactly(std::span{packet}.subspan(wire::kPacketHeaderSize, length));
    if (packet[2] == static_cast<std::byte>('S')) return;
  }
}

std::pair<RawSocket, RawSocket> loopback_pair() {
  const int listener = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  checked(::bind(listener, reinterpret_cast<const sockaddr*>(&address), length), "bind");
  checked(::listen(listener, 1), "listen");
  checked(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  RawSocket near = connect_loopback(ntohs(address.sin_port));
  RawSocket far = made_ready(checked(::accept(listener, nullptr, nullptr), "accept"));
  ::close(listener);
  return {std::move(near), std::move(far)};
}

}  // namespace plimsoll::bench
