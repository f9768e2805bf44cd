#include "tests/foreign/conversation.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <span>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::foreign {
namespace {

constexpr std::uint16_t kClientPort = 50'000;

/// Appends an integer of `Size` bytes, big-endian.
template <std::size_t Size>
void append_big(std::string& out, std::uint64_t value) {
  for (std::size_t i = Size; i > 0; --i) out += static_cast<char>(value >> (8 * (i - 1)) & 0xffU);
}

template <std::size_t Size>
void append_little(std::string& out, std::uint64_t value) {
  for (std::size_t i = 0; i < Size; ++i) out += static_cast<char>(value >> (8 * i) & 0xffU);
}

/// An IPv4 and a TCP header without options and checksums, and the bytes.
std::string segment(std::uint16_t from, std::uint16_t to, std::uint32_t sequence,
                    std::uint32_t acknowledged, std::string_view bytes) {
  constexpr std::size_t kHeaders = 40;
  std::string out;
  append_big<2>(out, 0x4500);
  append_big<2>(out, kHeaders + bytes.size());
  append_big<4>(out, 0);
  append_big<4>(out, 0x40060000);  // 64 hops, TCP
  append_big<4>(out, INADDR_LOOPBACK);
  append_big<4>(out, INADDR_LOOPBACK);
  append_big<2>(out, from);
  append_big<2>(out, to);
  append_big<4>(out, sequence);
  append_big<4>(out, acknowledged);
  append_big<2>(out, 0x5018);  // five words; PSH and ACK
  append_big<2>(out, 0xffff);
  append_big<4>(out, 0);
  return out.append(bytes);
}

void append_packet(std::string& out, std::uint64_t milliseconds, const std::string& packet) {
  append_little<4>(out, milliseconds / 1'000);
  append_little<4>(out, milliseconds % 1'000 * 1'000);
  append_little<4>(out, packet.size());
  append_little<4>(out, packet.size());
  out += packet;
}

}  // namespace

Conversation follow_and_record(std::uint16_t port) {
  Conversation conversation;
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const auto packet = wire::login_request_packet({"", "", "", 1, 0});
  const std::string log_on{reinterpret_cast<const char*>(packet.data()), packet.size()};
  EXPECT_EQ(::send(descriptor, log_on.data(), log_on.size(), MSG_NOSIGNAL), std::ssize(log_on));
  conversation.push_back({false, log_on});
  std::array<char, 16'384> bytes{};
  ssize_t count = 0;
  while ((count = ::recv(descriptor, bytes.data(), bytes.size(), 0)) > 0) {
    conversation.push_back({true, {bytes.data(), static_cast<std::size_t>(count)}});
  }
  ::close(descriptor);
  return conversation;
}

std::string pcap_of(const Conversation& conversation, std::uint16_t port) {
  constexpr std::size_t kSegmentMax = 1'400;
  constexpr std::size_t kLogOnAnswer = 33;
  constexpr std::uint32_t kFirst = 1;  // sequence number of TCP
  std::mt19937_64 random{1};
  std::string out;
  append_little<4>(out, 0xa1b2c3d4);
  append_little<4>(out, 0x00040002);  // version 2.4
  append_little<8>(out, 0);
  append_little<4>(out, 65'535);
  append_little<4>(out, 101);  // raw IP
  std::array<std::uint32_t, 2> sent{kFirst, kFirst};
  std::uint64_t time = 0;
  for (const Piece& piece : conversation) {
    const std::size_t from = piece.from_gateway ? 1 : 0;
    const std::uint16_t source = piece.from_gateway ? port : kClientPort;
    const std::uint16_t target = piece.from_gateway ? kClientPort : port;
    for (std::string_view left = piece.bytes; !left.empty();) {
      const bool answer = piece.from_gateway && sent[from] == kFirst;
      const auto bytes = left.substr(0, answer ? kLogOnAnswer : 1 + random() % kSegmentMax);
      append_packet(out, time++, segment(source, target, sent[from], sent[1 - from], bytes));
      sent[from] += static_cast<std::uint32_t>(bytes.size());
      left.remove_prefix(bytes.size());
    }
  }
  return out;
}

}  // namespace plimsoll::foreign
