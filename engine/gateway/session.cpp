#include "engine/gateway/session.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/asio/buffer.hpp>

#include "engine/base/assert.hpp"
#include "engine/gateway/credentials.hpp"
#include "engine/gateway/socket_send.hpp"

namespace plimsoll::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using wire::PacketType;

constexpr std::size_t kReceiveBuffer = 1024;
static_assert(sizeof(Session) + kReceiveBuffer <= 2'048, "with Asio's own part of it below 4 KiB");
constexpr int kSendsPerFlush = 2;  // of up to 128 KiB each, then others have their turn
constexpr std::string_view kSlowNotice =
    "slow consumer: disconnected; log on again with the number after your last";

bool is_temporary(const error_code& error) noexcept {
  return error == asio::error::would_block || error == asio::error::try_again ||
         error == asio::error::interrupted;
}

}  // namespace

void PendingBytes::append(std::span<const std::byte> bytes) noexcept {
  PLIMSOLL_ASSERT(bytes.size() <= bytes_.size() - size_);
  std::copy(bytes.begin(), bytes.end(), std::span{bytes_}.subspan(size_).begin());
  size_ += bytes.size();
}

void PendingBytes::remove_front(std::size_t count) noexcept {
  PLIMSOLL_ASSERT(count <= size_);
  std::memmove(bytes_.data(), bytes_.data() + count, size_ - count);
  size_ -= count;
}

Session::Session(asio::ip::tcp::socket socket, SharedState& shared)
    : socket_{std::move(socket)},
      shared_{shared},
      last_sent_{Clock::now()},
      splitter_{wire::kClientPacketLengthMax, kReceiveBuffer},
      since_{last_sent_},
      last_received_{last_sent_},
      blocked_since_{last_sent_},
      silence_max_{shared.settings.silence_max} {
  shared_.counters.connections.add();
}

void Session::start() {
  configure_socket();
  wait_readable();
}

void Session::configure_socket() noexcept {
  // An option that cannot be set makes a session slower, or its socket is dead: then reading fails.
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (const auto bytes = shared_.settings.send_buffer_bytes; bytes != 0) {
    socket_.set_option(asio::socket_base::send_buffer_size{static_cast<int>(bytes)}, ignored);
  }
  error_code error;
  socket_.non_blocking(true, error);
  if (error) fail_log_on();  // a socket that may block must not be used
}

void Session::wait_readable() {
  if (closed()) return;
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](const error_code& error) {
                       if (!error) self->on_readable();
                     });
}

void Session::wait_writable() {
  write_blocked_ = true;
  blocked_since_ = Clock::now();
  socket_.async_wait(asio::ip::tcp::socket::wait_write,
                     [self = shared_from_this()](const error_code& error) {
                       if (error) return;
                       self->on_writable();
                     });
}

/// Events and the snapshot begin in turn, so that neither keeps the other from a client that is
/// only just fast enough for one of them.
void Session::on_writable() {
  write_blocked_ = false;
  slice_first_ = !slice_first_;
  if (slice_first_ && !wants_slice_) send_slice();
  flush();
  want_slice();
}

void Session::on_readable() {
  if (closed()) return;
  const auto space = splitter_.free_space();
  error_code error;
  const std::size_t count = socket_.receive(asio::buffer(space.data(), space.size()), 0, error);
  if (is_temporary(error)) return wait_readable();
  if (error) return awaits_log_on() ? fail_log_on() : close();  // the client left
  last_received_ = Clock::now();
  if (state_ == State::closing) return wait_readable();  // what still comes is not looked at
  splitter_.add(count);
  wire::Split split = splitter_.next();
  for (; split.status == wire::SplitStatus::packet; split = splitter_.next()) {
    on_packet(split.packet);
    if (state_ == State::closing) return wait_readable();
    if (closed()) return;
  }
  if (split.status == wire::SplitStatus::need_more) return wait_readable();
  if (awaits_log_on()) return fail_log_on();
  shared_.counters.protocol_errors.add();
  close();
}

void Session::on_packet(const wire::Packet& packet) {
  if (packet.type == PacketType::debug) return;
  if (awaits_log_on()) {
    return packet.type == PacketType::login_request ? on_log_on(packet.payload) : fail_log_on();
  }
  if (packet.type == PacketType::unsequenced) return on_message(packet.payload);
  const bool empty = packet.payload.empty();
  if (packet.type == PacketType::client_heartbeat && empty) return;
  if (packet.type != PacketType::logout_request || !empty) shared_.counters.protocol_errors.add();
  close();
}

/// What is no message that we know is ignored.
void Session::on_message(std::span<const std::byte> message) {
  const auto requested = wire::decode_snapshot<wire::SnapshotRequested>(message);
  if (!requested) return;
  snapshot_ = SnapshotCursor{.request = requested->request};  // one under way begins anew
  want_slice();
}

void Session::on_log_on(std::span<const std::byte> payload) {
  const auto request = wire::parse_login_request(payload);
  if (!request) return fail_log_on();
  const Admission admission = admit(shared_.settings.users, request->user, request->password);
  if (!admission.admitted) return reject(wire::RejectReason::not_authorised);
  const Stream& stream = shared_.streams.of(admission.user);
  if (!request->session.empty() && request->session != stream.name.text()) {
    return reject(wire::RejectReason::session_not_available);
  }
  accept(*request, stream);
}

void Session::accept(const wire::LoginRequest& request, const Stream& stream) {
  const RetainedEvents& events = stream.events;
  const std::uint64_t number = request.next_number == 0
                                   ? events.next()
                                   : std::clamp(request.next_number, events.first(), events.next());
  if (request.heartbeat_timeout_ms != 0) {
    silence_max_ = Milliseconds{request.heartbeat_timeout_ms};
  }
  stream_ = &stream;
  cursor_ = events.find(number);
  state_ = State::live;
  since_ = Clock::now();
  shared_.counters.sessions.add();
  shared_.counters.log_ons.add();
  pending_.append(wire::login_accepted_packet(stream.name, number));
  // In a segment of its own: Wireshark begins a conversation with it, and would lose its place in
  // the stream if an event that is cut came in the same segment.
  (void)hand_over({});
  flush();
}

void Session::reject(wire::RejectReason reason) {
  shared_.counters.log_on_failures.add();
  pending_.append(wire::login_rejected_packet(reason));
  begin_closing();
  flush();
}

void Session::flush() {
  for (int sends = 0; can_send() && sends < kSendsPerFlush; ++sends) {
    if (state_ == State::live && !stream_->events.holds(cursor_)) cut_slow_consumer();
    const auto events =
        state_ == State::live ? stream_->events.after(cursor_) : RetainedEvents::Packets{};
    if (pending_.empty() && events.empty()) {
      if (!conclude()) return;
      continue;
    }
    if (!events.empty() && !may_replay()) break;
    const std::size_t sent = hand_over(events.first, events.second);
    if (sent > 0) pending_.append(stream_->events.advance(cursor_, sent));
  }
  if (can_send()) shared_.unsent = true;
}

/// Clients that follow closely send when they like; the replays of the others share what a round
/// has for them, so that a live event is never behind them all.
bool Session::may_replay() noexcept {
  if (!stream_->events.is_far_behind(cursor_)) return true;
  if (shared_.replay_turns == 0) return false;
  --shared_.replay_turns;
  return true;
}

/// One send of the pending bytes and then these. How many of these the kernel took; when it did not
/// take all, the session waits, or is over.
std::size_t Session::hand_over(std::span<const std::byte> first,
                               std::span<const std::byte> second) {
  const Sent sent = send_now(socket_.native_handle(), {pending_.bytes(), first, second});
  if (sent.end == Sent::End::broken) {
    close();
    return 0;
  }
  const std::size_t of_pending = std::min(sent.bytes, pending_.bytes().size());
  if (sent.bytes > 0) {
    last_sent_ = shared_.now;
    shared_.counters.sends.add();
    shared_.counters.bytes_sent.add(sent.bytes);
    pending_.remove_front(of_pending);
  }
  if (sent.end == Sent::End::full) wait_writable();
  return sent.bytes - of_pending;
}

void Session::want_slice() {
  if (!snapshot_ || wants_slice_ || state_ != State::live || write_blocked_) return;
  wants_slice_ = true;
  shared_.wanting.push_back(shared_from_this());
}

void Session::send_slice() {
  wants_slice_ = false;
  if (!snapshot_ || state_ != State::live || write_blocked_) return;
  const auto last = EventNumber::from_raw(shared_.streams.all().events.next() - 1);
  shared_.slice.fill(shared_.accounts, *stream_, last, *snapshot_);
  const std::size_t sent = hand_over(shared_.slice.bytes());
  if (closed()) return;
  const auto [cursor, rest] = shared_.slice.after(sent);
  pending_.append(rest);
  snapshot_ = cursor;
  if (cursor.done) {
    snapshot_.reset();
    shared_.counters.snapshots_sent.add();
  }
  want_slice();
}

/// Everything has been sent. True when that makes something else to be sent.
bool Session::conclude() {
  if (state_ == State::live && shared_.ending) {
    pending_.append(wire::empty_packet(PacketType::end_of_session));
    begin_closing();
    return true;
  }
  if (state_ == State::closing && !shut_down_) {
    error_code ignored;  // a client that is gone already is seen by the reader
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    shut_down_ = true;
  }
  return false;
}

void Session::cut_slow_consumer() {
  shared_.counters.slow_consumers_cut.add();
  std::array<std::byte, 128> notice{};
  const std::size_t size =
      wire::write_packet(PacketType::debug, std::as_bytes(std::span{kSlowNotice}), notice);
  pending_.append(std::span{notice}.first(size));
  begin_closing();
}

void Session::on_tick(Clock::time_point now) {
  const GatewaySettings& settings = shared_.settings;
  switch (state_) {
    case State::awaiting_log_on:
      if (now - since_ > settings.log_on_deadline) fail_log_on();
      return;
    case State::live:
      if (now - last_received_ > silence_max_) {
        shared_.counters.silent_clients_cut.add();
        return close();
      }
      if (write_blocked_) {
        const bool stalled = now - blocked_since_ > settings.write_stall_max;
        if (stalled || !stream_->events.holds(cursor_)) cut_slow_consumer();
      } else if (now - last_sent_ >= settings.heartbeat && pending_.empty()) {
        pending_.append(wire::empty_packet(PacketType::server_heartbeat));
        flush();
      }
      return;
    case State::closing:
      if (now - since_ > settings.linger_max) close();
      return;
    case State::closed:
      return;
  }
}

void Session::begin_closing() {
  leave_state();
  snapshot_.reset();
  state_ = State::closing;
  since_ = Clock::now();
}

void Session::fail_log_on() noexcept {
  if (closed()) return;
  shared_.counters.log_on_failures.add();
  close();
}

void Session::close() noexcept {
  if (closed()) return;
  leave_state();
  state_ = State::closed;
  shared_.counters.connections.subtract_one();
  shared_.any_closed = true;
  error_code ignored;
  socket_.close(ignored);
}

void Session::leave_state() noexcept {
  if (state_ == State::live) shared_.counters.sessions.subtract_one();
}

}  // namespace plimsoll::gateway
