#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>

#include <boost/asio/ip/tcp.hpp>

#include "engine/gateway/account_states.hpp"
#include "engine/gateway/counters.hpp"
#include "engine/gateway/gateway_settings.hpp"
#include "engine/gateway/snapshot_slice.hpp"
#include "engine/gateway/streams.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

// One connection of a client. It is a cursor into a stream of retained events, perhaps another into
// the states of accounts, and a few bytes that must go out before what they point to: so its memory
// is the same however far behind the client is.
//
// Only for the thread that runs the gateway. Nothing here waits: bytes are handed to the kernel or
// stay where they are. Asio waits for sockets; what is sent goes to them directly. Handlers hold
// the session by shared_ptr, so none outlives it; a session never calls into the gateway.

namespace plimsoll::gateway {

using Clock = std::chrono::steady_clock;

class Session;

/// What the sessions of a gateway share. It outlives them.
struct SharedState {
  const GatewaySettings& settings;
  const Streams& streams;
  const AccountStates& accounts;
  Counters& counters;
  SnapshotSlice slice{};                           // filled and sent within one call
  std::deque<std::shared_ptr<Session>> wanting{};  // a slice each, now; no session twice
  Clock::time_point now{Clock::now()};             // when this round began
  int replay_turns{0};                             // sends of old events that this round has left
  bool ending{false};                              // whoever has everything gets End of Session
  bool unsent{false};      // set by a session that stopped sending to let others go first
  bool any_closed{false};  // set by a session that can be forgotten
};

/// Bytes that must be sent before the next event: the rest of a packet that the kernel took only a
/// part of, and packets of the session itself. Never grows.
class PendingBytes {
 public:
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return std::span{bytes_}.first(size_);
  }
  void append(std::span<const std::byte> bytes) noexcept;
  void remove_front(std::size_t count) noexcept;

 private:
  std::array<std::byte, 512> bytes_{};
  std::size_t size_{0};
};
static_assert(kPacketSizeMax < 256, "the rest of a packet and a notice have room");

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, SharedState& shared);

  /// Begins to read. To be called once, when a shared_ptr holds the session.
  void start();
  /// Hands to the kernel what it takes now, at most a few chunks. One send when it follows closely.
  void flush();
  /// Hands a slice of the snapshot to the kernel. It has left `wanting`, and comes back for more.
  void send_slice();
  /// Looks at deadlines and heartbeats.
  void on_tick(Clock::time_point now);
  /// Ends it at once.
  void close() noexcept;
  /// Ends one that has not logged on.
  void fail_log_on() noexcept;

  [[nodiscard]] bool awaits_log_on() const noexcept { return state_ == State::awaiting_log_on; }
  [[nodiscard]] bool closed() const noexcept { return state_ == State::closed; }

 private:
  enum class State : std::uint8_t {
    awaiting_log_on,
    live,     // logged on: replays, then follows
    closing,  // the last bytes go out, then our half is shut, then the client's
    closed,
  };

  void configure_socket() noexcept;
  void wait_readable();
  void wait_writable();
  void on_readable();
  void on_writable();
  void on_packet(const wire::Packet& packet);
  void on_message(std::span<const std::byte> message);
  void on_log_on(std::span<const std::byte> payload);
  void accept(const wire::LoginRequest& request, const Stream& stream);
  void reject(wire::RejectReason reason);

  [[nodiscard]] bool can_send() const noexcept { return !write_blocked_ && !closed(); }
  [[nodiscard]] bool may_replay() noexcept;
  [[nodiscard]] std::size_t hand_over(std::span<const std::byte> first,
                                      std::span<const std::byte> second = {});
  [[nodiscard]] bool conclude();
  void want_slice();
  void cut_slow_consumer();
  void begin_closing();
  void leave_state() noexcept;

  boost::asio::ip::tcp::socket socket_;
  SharedState& shared_;
  const Stream* stream_{nullptr};  // once logged on
  RetainedEvents::Cursor cursor_;  // of the next event to send, when live
  State state_{State::awaiting_log_on};
  bool write_blocked_{false};  // a wait for writability is out
  bool shut_down_{false};
  bool wants_slice_{false};  // it is in `wanting`
  bool slice_first_{false};  // when the socket was last writable
  Clock::time_point last_sent_;
  PendingBytes pending_;
  std::optional<SnapshotCursor> snapshot_;  // while one is under way
  wire::PacketSplitter splitter_;
  Clock::time_point since_;  // of the state
  Clock::time_point last_received_;
  Clock::time_point blocked_since_;
  Milliseconds silence_max_;
};

}  // namespace plimsoll::gateway
