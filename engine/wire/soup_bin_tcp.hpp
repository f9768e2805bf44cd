#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

// SoupBinTCP 3.00, 4.00 and 4.10: the frame of every packet, and the packets of log-on. (NASDAQ's
// specification; engine/wire/PROTOCOL.md says what we do with it.)
//
// A packet is a 2-byte big-endian length (of all that follows), a 1-byte type, and a payload.
// Lengths are compared before anything is added, so that no length a peer chooses can wrap.
//
// For any thread, each splitter for one at a time. Nothing here knows a socket or a clock.

namespace plimsoll::wire {

inline constexpr std::size_t kPacketHeaderSize = 3;         // length and type
inline constexpr std::size_t kPacketLengthMax = 65'535;     // of type and payload
inline constexpr std::size_t kClientPacketLengthMax = 510;  // more than any packet a client needs

enum class PacketType : std::uint8_t {
  debug = '+',             // both ways; to be ignored
  login_accepted = 'A',    // server
  login_rejected = 'J',    // server
  sequenced = 'S',         // server
  server_heartbeat = 'H',  // server
  end_of_session = 'Z',    // server
  unsequenced = 'U',       // both ways
  login_request = 'L',     // client
  client_heartbeat = 'R',  // client
  logout_request = 'O',    // client
};

/// A packet inside the bytes it was found in. `type` may be none of the enumerators.
struct Packet {
  PacketType type{PacketType::debug};
  std::span<const std::byte> payload;
};

enum class SplitStatus : std::uint8_t {
  packet,     // here is one
  need_more,  // the next one is not complete
  too_short,  // a length of 0: not even a type. The connection is lost.
  too_long,   // a length beyond the cap, known before a byte of it is buffered. Lost as well.
};

struct Split {
  SplitStatus status{SplitStatus::need_more};
  Packet packet;
  std::size_t consumed{0};  // bytes of the packet with its header; 0 without a packet
};

/// The packet at the front of `input`. `length_max` caps the length field.
[[nodiscard]] Split split_packet(std::span<const std::byte> input, std::size_t length_max) noexcept;

/// Splits a stream that arrives in chunks of any size. Allocates once.
class PacketSplitter {
 public:
  /// REQUIRES: capacity >= length_max + 2.
  PacketSplitter(std::size_t length_max, std::size_t capacity);

  /// Where to put what arrives next. Never empty after next() has said need_more. Ends the life of
  /// the payload of earlier packets.
  [[nodiscard]] std::span<std::byte> free_space() noexcept;
  /// `count` bytes have been put there.
  void add(std::size_t count) noexcept;
  /// The next packet; its payload lives until free_space(). An error stays.
  [[nodiscard]] Split next() noexcept;

 private:
  std::vector<std::byte> buffer_;
  std::size_t length_max_;
  std::size_t begin_{0};
  std::size_t end_{0};
};

/// Name of a session: 1 to 10 letters or digits, padded on the left with spaces on the wire.
class SessionName {
 public:
  static constexpr std::size_t kSize = 10;
  /// Nothing if the text is no session name.
  [[nodiscard]] static std::optional<SessionName> from_text(std::string_view text) noexcept;
  [[nodiscard]] std::string_view text() const noexcept;
  [[nodiscard]] std::string_view padded() const noexcept {
    return {padded_.data(), padded_.size()};
  }

 private:
  std::array<char, kSize> padded_{};
};

/// What a client asks for. The texts are without padding, and live as long as the payload.
struct LoginRequest {
  std::string_view user;                  // at most 6 characters
  std::string_view password;              // at most 10
  std::string_view session;               // at most 10; empty: the current one
  std::uint64_t next_number{0};           // 1: from the start; 0: only what is new
  std::uint32_t heartbeat_timeout_ms{0};  // of 4.10, at most 99,999; 0: not given
};

/// Server Login Accepted. `next_number` is that of the next sequenced packet.
struct LoginAccepted {
  std::string_view session;
  std::uint64_t next_number{0};
};

enum class RejectReason : std::uint8_t { not_authorised = 'A', session_not_available = 'S' };

/// Of the payload of a login request, of 46 (3.00 and 4.00) or 51 bytes (4.10). Nothing if it has
/// another length, or a number in it is not one.
[[nodiscard]] std::optional<LoginRequest> parse_login_request(
    std::span<const std::byte> payload) noexcept;
[[nodiscard]] std::optional<LoginAccepted> parse_login_accepted(
    std::span<const std::byte> payload) noexcept;
[[nodiscard]] std::optional<RejectReason> parse_login_rejected(
    std::span<const std::byte> payload) noexcept;

template <std::size_t PayloadSize>
using PacketBytes = std::array<std::byte, kPacketHeaderSize + PayloadSize>;

/// Heartbeats, end of session, logout: packets without a payload.
[[nodiscard]] PacketBytes<0> empty_packet(PacketType type) noexcept;
[[nodiscard]] PacketBytes<30> login_accepted_packet(const SessionName& session,
                                                    std::uint64_t next_number) noexcept;
[[nodiscard]] PacketBytes<1> login_rejected_packet(RejectReason reason) noexcept;
/// As 3.00 and 4.00 have it, without the timeout. REQUIRES: texts no longer than their fields.
[[nodiscard]] PacketBytes<46> login_request_packet(const LoginRequest& request) noexcept;
/// As 4.10 has it.
[[nodiscard]] PacketBytes<51> login_request_packet_with_timeout(
    const LoginRequest& request) noexcept;

/// The three bytes before a payload of `payload_size`. REQUIRES: payload_size < kPacketLengthMax.
void write_packet_header(PacketType type, std::size_t payload_size,
                         std::span<std::byte, kPacketHeaderSize> out) noexcept;
/// Any packet: sequenced, unsequenced, debug. Returns its size, or 0 if it does not fit into `out`
/// or into a packet.
[[nodiscard]] std::size_t write_packet(PacketType type, std::span<const std::byte> payload,
                                       std::span<std::byte> out) noexcept;

}  // namespace plimsoll::wire
