#include "tests/gateway/breaking_proxy.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace plimsoll::gateway {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void close_with_reset(int socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(socket);
}

}  // namespace

BreakingProxy::BreakingProxy(std::uint16_t target, int breaks, std::uint64_t seed)
    : target_{target}, breaks_{breaks}, random_{seed} {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
  ::listen(listener_, 8);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

BreakingProxy::~BreakingProxy() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
}

void BreakingProxy::run() {
  while (!stopping_) {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, 10) <= 0) continue;
    const int client = ::accept(listener_, nullptr, nullptr);
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(target_);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
      pass_bytes(client, server);
    }
    random_() % 2 == 0 ? close_with_reset(client) : void(::close(client));
    random_() % 2 == 0 ? close_with_reset(server) : void(::close(server));
  }
}

void BreakingProxy::pass_bytes(int client, int server) {
  const bool breaks = broken_ < breaks_;
  auto left = breaks ? random_() % 20'000 : std::numeric_limits<std::uint64_t>::max();
  std::array<char, 4'096> bytes{};
  while (!stopping_ && left > 0) {
    std::array<pollfd, 2> ready{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), 10) <= 0) continue;
    for (std::size_t from = 0; from < 2; ++from) {
      if (ready[from].revents == 0) continue;
      const auto wanted = std::min<std::uint64_t>(bytes.size(), left);
      const ssize_t count = ::recv(ready[from].fd, bytes.data(), wanted, 0);
      if (count <= 0) return;
      const int to = from == 0 ? server : client;
      if (::send(to, bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) != count) return;
      left -= static_cast<std::uint64_t>(count);
    }
  }
  if (breaks) ++broken_;
}

}  // namespace plimsoll::gateway
