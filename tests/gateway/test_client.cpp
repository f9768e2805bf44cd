#include "tests/gateway/test_client.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/wire/sbe.hpp"
#include "engine/wire/snapshot.hpp"

namespace plimsoll::gateway {

TestClient::TestClient(std::uint16_t port, std::function<void()> pump, int receive_buffer)
    : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}, pump_{std::move(pump)} {
  if (receive_buffer != 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    throw std::runtime_error{"cannot connect"};
  }
}

TestClient::~TestClient() {
  if (socket_ >= 0) ::close(socket_);
}

void TestClient::send(std::span<const std::byte> bytes) {
  (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

Received TestClient::next_any(milliseconds max) {
  const auto deadline = std::chrono::steady_clock::now() + max;
  for (bool looked = false;; looked = true) {
    const wire::Split split = splitter_.next();
    if (split.status == wire::SplitStatus::packet) {
      const auto payload = split.packet.payload;
      return {static_cast<char>(split.packet.type),
              {reinterpret_cast<const char*>(payload.data()), payload.size()}};
    }
    if (looked && std::chrono::steady_clock::now() > deadline) return {};
    if (pump_) pump_();
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, pump_ ? 0 : 10) <= 0) continue;
    const auto space = splitter_.free_space();
    const ssize_t count = ::recv(socket_, space.data(), space.size(), 0);
    if (count <= 0) return {'\0', {}};
    splitter_.add(static_cast<std::size_t>(count));
  }
}

Received TestClient::next(milliseconds max) {
  Received received = next_any(max);
  while (received.type == 'H') received = next_any(max);
  return received;
}

std::vector<std::uint64_t> TestClient::numbers(std::size_t count) {
  std::vector<std::uint64_t> numbers;
  while (numbers.size() < count) {
    const Received received = next();
    if (received.type != 'S') break;
    const auto decoded = wire::decode(std::as_bytes(std::span{received.payload}));
    if (!decoded.ok()) break;
    numbers.push_back(decoded.event.header.number.raw());
  }
  return numbers;
}

void TestClient::request_snapshot(std::uint64_t request) {
  const auto message =
      wire::encode_snapshot(wire::SnapshotRequested{ExternalId::from_raw(request)});
  std::array<std::byte, wire::kPacketHeaderSize + message.size()> packet{};
  (void)wire::write_packet(wire::PacketType::unsequenced, message, packet);
  send(packet);
}

std::optional<std::uint64_t> TestClient::log_on_from(std::uint64_t number) {
  return log_on_as({"", "", "", number, 0});
}

std::optional<std::uint64_t> TestClient::log_on_as(const wire::LoginRequest& request) {
  log_on(request);
  const Received received = next();
  if (received.type != 'A') return std::nullopt;
  const auto accepted = wire::parse_login_accepted(std::as_bytes(std::span{received.payload}));
  return accepted ? std::optional{accepted->next_number} : std::nullopt;
}

std::uint32_t TestClient::segments() const {
  tcp_info info{};
  socklen_t size = sizeof(info);
  ::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size);
  return info.tcpi_data_segs_in;
}

void TestClient::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(socket_);
  socket_ = -1;
}

}  // namespace plimsoll::gateway
