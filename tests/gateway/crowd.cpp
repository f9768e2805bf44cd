#include "tests/gateway/crowd.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/wire/sbe.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kHeartbeat{500};
constexpr std::size_t kSampled = 16;  // members whose delays are taken

int connect_to(std::uint16_t port, int receive_buffer) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer != 0) {
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket);
    throw std::runtime_error{"cannot connect"};
  }
  return socket;
}

void send_all(int socket, std::span<const std::byte> bytes) {
  (void)!::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

Crowd::Crowd(std::uint16_t port, const CrowdOptions& options)
    : epoll_{::epoll_create1(EPOLL_CLOEXEC)},
      members_(options.count),
      buffer_(std::size_t{256} * 1024),
      reads_{options.reads} {
  const auto request = wire::login_request_packet({"", "", "", 1, 0});
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i].socket = connect_to(port, options.receive_buffer);
    send_all(members_[i].socket, request);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, members_[i].socket, &event);
  }
  thread_ = std::thread{[this] { run(); }};
}

Crowd::~Crowd() {
  stopping_ = true;
  thread_.join();
  for (const Member& member : members_) ::close(member.socket);
  ::close(epoll_);
}

void Crowd::run() {
  std::array<epoll_event, 256> ready{};
  Clock::time_point beat = Clock::now();
  while (!stopping_) {
    int count = 0;
    if (reads_) {
      count = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 10);
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    const std::lock_guard lock{mutex_};
    for (int i = 0; i < count; ++i) {
      const std::size_t place = ready[static_cast<std::size_t>(i)].data.u64;
      read(members_[place], place < kSampled);
    }
    if (Clock::now() - beat > kHeartbeat) {
      beat = Clock::now();
      send_heartbeats();
    }
  }
}

void Crowd::send_heartbeats() {
  const auto heartbeat = wire::empty_packet(wire::PacketType::client_heartbeat);
  for (const Member& member : members_) {
    if (!member.ended) send_all(member.socket, heartbeat);
  }
}

void Crowd::read(Member& member, bool sampled) {
  if (member.ended) return;
  std::copy(member.rest.begin(), member.rest.end(), buffer_.begin());
  const std::size_t had = member.rest.size();
  const ssize_t got =
      ::recv(member.socket, buffer_.data() + had, buffer_.size() - had, MSG_DONTWAIT);
  if (got < 0) return;
  if (got == 0) {
    member.ended = true;
    member.wrong = member.wrong || member.notices != 1 || had != 0;
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, member.socket, nullptr);
    return;
  }
  std::span<const std::byte> bytes = std::span{buffer_}.first(had + static_cast<std::size_t>(got));
  for (;;) {
    const wire::Split split = wire::split_packet(bytes, wire::kPacketLengthMax);
    if (split.status != wire::SplitStatus::packet) break;
    take(member, bytes.first(split.consumed), sampled);
    bytes = bytes.subspan(split.consumed);
  }
  member.rest.assign(bytes.begin(), bytes.end());
}

void Crowd::take(Member& member, std::span<const std::byte> packet, bool sampled) {
  const auto type = static_cast<wire::PacketType>(packet[2]);
  if (type == wire::PacketType::debug) ++member.notices;
  if (type != wire::PacketType::sequenced) return;
  // An event's number and time, where the schema has them: decoding is not what is tested here.
  const auto block = packet.subspan(wire::kPacketHeaderSize + wire::kMessageHeaderSize);
  std::uint64_t number = 0;
  std::int64_t time = 0;
  std::memcpy(&number, block.data(), sizeof(number));
  std::memcpy(&time, block.data() + 16, sizeof(time));
  member.wrong = member.wrong || number != member.next || member.notices > 0;
  ++member.next;
  if (!sampled || time == 0) return;
  delays_.push_back(static_cast<double>(Clock::now().time_since_epoch().count() - time));
}

bool Crowd::settled(std::uint64_t number) {
  const std::lock_guard lock{mutex_};
  return std::all_of(members_.begin(), members_.end(), [number](const Member& member) {
    return member.ended || member.wrong || member.next > number;
  });
}

bool Crowd::wait_for(std::uint64_t number, int seconds) {
  const auto deadline = Clock::now() + std::chrono::seconds{seconds};
  while (!settled(number)) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

Crowd::Tally Crowd::tally(std::uint64_t number) {
  const std::lock_guard lock{mutex_};
  Tally tally;
  for (const Member& member : members_) {
    if (member.wrong) {
      ++tally.wrong;
    } else if (member.ended) {
      ++tally.cut;
    } else if (member.next == number + 1) {
      ++tally.at_the_end;
    }
  }
  return tally;
}

std::vector<double> Crowd::take_delays() {
  const std::lock_guard lock{mutex_};
  return std::exchange(delays_, {});
}

}  // namespace plimsoll::gateway
