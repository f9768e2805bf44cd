#include "tests/gateway/hostile_clients.hpp"

#include <span>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/wire/snapshot.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::gateway {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLifeMax{1'500};  // of a connection that is not thrown out

/// How often each of a kind acts.
milliseconds pace_of(Malice malice) {
  switch (malice) {
    case Malice::half_open:
    case Malice::dripping:
      return milliseconds{100};
    case Malice::never_reads:
      return milliseconds{200};
    default:
      return milliseconds{20};
  }
}

bool takes_nothing(Malice malice) {
  return malice == Malice::never_reads || malice == Malice::asks_too_much;
}

void send_some(int socket, std::span<const std::byte> bytes) {
  (void)!::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void log_on(int socket, std::uint64_t from) {
  send_some(socket, wire::login_request_packet({"", "", "", from, 0}));
}

/// Many small packets in one piece.
template <std::size_t Size>
void send_often(int socket, const std::array<std::byte, Size>& packet, std::size_t times) {
  std::vector<std::byte> bytes;
  for (; times > 0; --times) bytes.insert(bytes.end(), packet.begin(), packet.end());
  send_some(socket, bytes);
}

void request_snapshots(int socket) {
  const auto message = wire::encode_snapshot(wire::SnapshotRequested{});
  std::array<std::byte, wire::kPacketHeaderSize + message.size()> packet{};
  (void)wire::write_packet(wire::PacketType::unsequenced, message, packet);
  send_often(socket, packet, 50);
}

void send_garbage(int socket, support::Random& random) {
  std::vector<std::byte> bytes(1 + random.below(2'000));
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.next());
  send_some(socket, bytes);
}

void send_giant(int socket) {
  std::array<std::byte, 1'400> bytes{};
  bytes[0] = bytes[1] = std::byte{0xff};
  send_some(socket, bytes);
}

}  // namespace

HostileClients::HostileClients(std::uint16_t port, std::size_t count, std::uint64_t seed)
    : port_{port}, random_{seed} {
  for (std::size_t i = 0; i < count; ++i) {
    clients_.push_back({static_cast<Malice>(i % kMalices)});
  }
  thread_ = std::thread{[this] { run(); }};
}

HostileClients::~HostileClients() {
  stopping_ = true;
  thread_.join();
  for (Client& client : clients_) close(client, random_.chance(500));
}

void HostileClients::run() {
  while (!stopping_) {
    const Clock::time_point now = Clock::now();
    for (Client& client : clients_) {
      if (now >= client.next_act) act(client, now);
    }
    std::this_thread::sleep_for(milliseconds{2});
  }
}

void HostileClients::act(Client& client, Clock::time_point now) {
  client.next_act = now + pace_of(client.malice);
  const bool old = now - client.opened > kLifeMax;
  if (client.socket >= 0 && (old || is_over(client))) close(client, random_.chance(500));
  if (client.socket < 0) return open(client, now);
  switch (client.malice) {
    case Malice::half_open:
    case Malice::never_reads:
      return;
    case Malice::dripping: {
      const auto request = wire::login_request_packet({"", "", "", 1, 0});
      const std::size_t at = client.sent++ % request.size();
      return send_some(client.socket, std::span{request}.subspan(at, 1));
    }
    case Malice::giant:
      return send_giant(client.socket);
    case Malice::garbage:
      return send_garbage(client.socket, random_);
    case Malice::log_on_flood:
      log_on(client.socket, random_.below(3));
      return close(client, random_.chance(500));
    case Malice::asks_too_much:
      return request_snapshots(client.socket);
    case Malice::babbles:
      return send_often(client.socket, wire::empty_packet(wire::PacketType::client_heartbeat), 300);
  }
}

void HostileClients::open(Client& client, Clock::time_point now) {
  client.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (client.socket < 0) return;
  const int small = 4'096;
  if (takes_nothing(client.malice)) {
    ::setsockopt(client.socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  (void)::connect(client.socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  client.opened = now;
  client.sent = 0;
  ++connections_;
  if (takes_nothing(client.malice)) log_on(client.socket, 1);
  if (client.malice == Malice::babbles) log_on(client.socket, 0);
}

void HostileClients::close(Client& client, bool reset) {
  if (client.socket < 0) return;
  const linger at_once{1, 0};
  if (reset) ::setsockopt(client.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(client.socket);
  client.socket = -1;
}

bool HostileClients::is_over(const Client& client) {
  if (takes_nothing(client.malice)) return false;
  std::array<std::byte, 65'536> bytes;
  const ssize_t got = ::recv(client.socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != ENOTCONN);
}

}  // namespace plimsoll::gateway
