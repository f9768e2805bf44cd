#include "engine/wire/soup_bin_tcp.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "engine/base/assert.hpp"

namespace plimsoll::wire {
namespace {

constexpr std::size_t kLengthSize = 2;
constexpr std::size_t kUserSize = 6;
constexpr std::size_t kPasswordSize = 10;
constexpr std::size_t kNumberSize = 20;
constexpr std::size_t kTimeoutSize = 5;
constexpr std::size_t kLoginSize = kUserSize + kPasswordSize + SessionName::kSize + kNumberSize;
static_assert(kLoginSize == 46);

/// Reads fields of fixed width one after the other, without their padding.
class FixedReader {
 public:
  explicit FixedReader(std::span<const std::byte> bytes) noexcept : bytes_{bytes} {}

  /// REQUIRES: `size` bytes are left.
  std::string_view text(std::size_t size) noexcept {
    const auto field = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    std::string_view text{reinterpret_cast<const char*>(field.data()), field.size()};
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
  }

  /// Digits and nothing else, within 64 bits; anything else spoils `ok`.
  std::uint64_t number(std::size_t size, bool& ok) noexcept {
    const std::string_view digits = text(size);
    std::uint64_t value{0};
    const auto end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, value);
    ok = ok && result.ec == std::errc{} && result.ptr == end;
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
};

enum class Pad : std::uint8_t { left, right };

/// Writes fields of fixed width one after the other.
class FixedWriter {
 public:
  explicit FixedWriter(std::span<std::byte> out) noexcept : out_{out} {}

  void text(std::string_view text, std::size_t size, Pad pad) noexcept {
    PLIMSOLL_ASSERT(text.size() <= size && size <= out_.size());
    const std::size_t skip = pad == Pad::left ? size - text.size() : 0;
    std::fill_n(out_.begin(), size, std::byte{' '});
    std::transform(text.begin(), text.end(), out_.subspan(skip).begin(),
                   [](char c) { return static_cast<std::byte>(c); });
    out_ = out_.subspan(size);
  }

  void number(std::uint64_t value, std::size_t size) noexcept {
    std::array<char, kNumberSize> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text({digits.data(), static_cast<std::size_t>(end - digits.data())}, size, Pad::left);
  }

 private:
  std::span<std::byte> out_;
};

template <std::size_t PayloadSize>
FixedWriter start_packet(PacketType type, PacketBytes<PayloadSize>& packet) noexcept {
  const std::span<std::byte, kPacketHeaderSize + PayloadSize> bytes{packet};
  write_packet_header(type, PayloadSize, bytes.template first<kPacketHeaderSize>());
  return FixedWriter{bytes.template subspan<kPacketHeaderSize>()};
}

void write_login(const LoginRequest& request, FixedWriter& out) noexcept {
  out.text(request.user, kUserSize, Pad::right);
  out.text(request.password, kPasswordSize, Pad::right);
  out.text(request.session, SessionName::kSize, Pad::left);
  out.number(request.next_number, kNumberSize);
}

bool is_letter_or_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

Split split_packet(std::span<const std::byte> input, std::size_t length_max) noexcept {
  if (input.size() < kLengthSize) return {};
  const auto length =
      std::to_integer<std::size_t>(input[0]) << 8U | std::to_integer<std::size_t>(input[1]);
  if (length == 0) return {SplitStatus::too_short, {}, 0};
  if (length > length_max) return {SplitStatus::too_long, {}, 0};
  if (input.size() - kLengthSize < length) return {};
  const auto body = input.subspan(kLengthSize, length);
  const Packet packet{static_cast<PacketType>(body.front()), body.subspan(1)};
  return {SplitStatus::packet, packet, kLengthSize + length};
}

PacketSplitter::PacketSplitter(std::size_t length_max, std::size_t capacity)
    : buffer_(capacity), length_max_{length_max} {
  PLIMSOLL_ASSERT(capacity >= kLengthSize && capacity - kLengthSize >= length_max);
}

std::span<std::byte> PacketSplitter::free_space() noexcept {
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return std::span{buffer_}.subspan(end_);
}

void PacketSplitter::add(std::size_t count) noexcept {
  PLIMSOLL_ASSERT(count <= buffer_.size() - end_);
  end_ += count;
}

Split PacketSplitter::next() noexcept {
  const Split split = split_packet(std::span{buffer_}.subspan(begin_, end_ - begin_), length_max_);
  begin_ += split.consumed;
  return split;
}

std::optional<SessionName> SessionName::from_text(std::string_view text) noexcept {
  if (text.empty() || text.size() > kSize) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_letter_or_digit)) return std::nullopt;
  SessionName name;
  FixedWriter{std::as_writable_bytes(std::span{name.padded_})}.text(text, kSize, Pad::left);
  return name;
}

std::string_view SessionName::text() const noexcept {
  const std::string_view text = padded();
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

std::optional<LoginRequest> parse_login_request(std::span<const std::byte> payload) noexcept {
  const bool has_timeout = payload.size() == kLoginSize + kTimeoutSize;
  if (!has_timeout && payload.size() != kLoginSize) return std::nullopt;
  FixedReader reader{payload};
  bool ok = true;
  LoginRequest request;
  request.user = reader.text(kUserSize);
  request.password = reader.text(kPasswordSize);
  request.session = reader.text(SessionName::kSize);
  request.next_number = reader.number(kNumberSize, ok);
  if (has_timeout) {
    request.heartbeat_timeout_ms = static_cast<std::uint32_t>(reader.number(kTimeoutSize, ok));
  }
  return ok ? std::optional{request} : std::nullopt;
}

std::optional<LoginAccepted> parse_login_accepted(std::span<const std::byte> payload) noexcept {
  if (payload.size() != SessionName::kSize + kNumberSize) return std::nullopt;
  FixedReader reader{payload};
  bool ok = true;
  LoginAccepted accepted;
  accepted.session = reader.text(SessionName::kSize);
  accepted.next_number = reader.number(kNumberSize, ok);
  return ok ? std::optional{accepted} : std::nullopt;
}

std::optional<RejectReason> parse_login_rejected(std::span<const std::byte> payload) noexcept {
  if (payload.size() != 1) return std::nullopt;
  const auto reason = static_cast<RejectReason>(payload.front());
  const bool known =
      reason == RejectReason::not_authorised || reason == RejectReason::session_not_available;
  return known ? std::optional{reason} : std::nullopt;
}

PacketBytes<0> empty_packet(PacketType type) noexcept {
  PacketBytes<0> packet{};
  start_packet<0>(type, packet);
  return packet;
}

PacketBytes<30> login_accepted_packet(const SessionName& session,
                                      std::uint64_t next_number) noexcept {
  PacketBytes<30> packet{};
  FixedWriter out = start_packet<30>(PacketType::login_accepted, packet);
  out.text(session.text(), SessionName::kSize, Pad::left);
  out.number(next_number, kNumberSize);
  return packet;
}

PacketBytes<1> login_rejected_packet(RejectReason reason) noexcept {
  PacketBytes<1> packet{};
  const char code = static_cast<char>(reason);
  start_packet<1>(PacketType::login_rejected, packet).text({&code, 1}, 1, Pad::left);
  return packet;
}

PacketBytes<46> login_request_packet(const LoginRequest& request) noexcept {
  PacketBytes<46> packet{};
  FixedWriter out = start_packet<46>(PacketType::login_request, packet);
  write_login(request, out);
  return packet;
}

PacketBytes<51> login_request_packet_with_timeout(const LoginRequest& request) noexcept {
  PacketBytes<51> packet{};
  FixedWriter out = start_packet<51>(PacketType::login_request, packet);
  write_login(request, out);
  out.number(request.heartbeat_timeout_ms, kTimeoutSize);
  return packet;
}

void write_packet_header(PacketType type, std::size_t payload_size,
                         std::span<std::byte, kPacketHeaderSize> out) noexcept {
  PLIMSOLL_ASSERT(payload_size < kPacketLengthMax);
  const std::size_t length = payload_size + 1;
  out[0] = static_cast<std::byte>(length >> 8U);
  out[1] = static_cast<std::byte>(length & 0xffU);
  out[2] = static_cast<std::byte>(type);
}

std::size_t write_packet(PacketType type, std::span<const std::byte> payload,
                         std::span<std::byte> out) noexcept {
  if (payload.size() >= kPacketLengthMax || out.size() < kPacketHeaderSize) return 0;
  if (out.size() - kPacketHeaderSize < payload.size()) return 0;
  write_packet_header(type, payload.size(), out.first<kPacketHeaderSize>());
  std::copy(payload.begin(), payload.end(), out.subspan(kPacketHeaderSize).begin());
  return kPacketHeaderSize + payload.size();
}

}  // namespace plimsoll::wire
