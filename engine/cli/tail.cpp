#include "engine/cli/tail.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <span>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "engine/gateway/soup_connection.hpp"
#include "engine/wire/event_text.hpp"
#include "engine/wire/sbe.hpp"
#include "engine/wire/snapshot.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::cli {
namespace {

using Connection = gateway::SoupConnection;
using wire::PacketType;

constexpr std::chrono::milliseconds kPatience{250};  // for bytes, before heartbeats are looked at
constexpr std::uint64_t kSnapshotRequest = 1;

void request_snapshot(Connection& connection) {
  const auto message =
      wire::encode_snapshot(wire::SnapshotRequested{ExternalId::from_raw(kSnapshotRequest)});
  std::array<std::byte, wire::kPacketHeaderSize + message.size()> packet{};
  (void)wire::write_packet(PacketType::unsequenced, message, packet);
  connection.send(packet);
}

class Tail {
 public:
  Tail(const TailOptions& options, std::ostream& out, std::ostream& err)
      : options_{options},
        out_{out},
        err_{err},
        next_{options.from},
        snapshot_due_{options.snapshot},
        holds_{options.snapshot} {}

  int run();

 private:
  enum class State : std::uint8_t { following, lost, failed, complete };

  State follow();
  State log_on(Connection& connection);
  State receive(Connection& connection);
  State on_packet(Connection& connection, const wire::Packet& packet);
  State on_accepted(Connection& connection, std::span<const std::byte> payload);
  State on_rejected(std::span<const std::byte> payload);
  State on_event(std::span<const std::byte> payload);
  [[nodiscard]] std::string mistake_of(std::uint64_t number) const;
  void on_snapshot(std::span<const std::byte> payload);
  void on_state(const wire::AccountState& state);
  void on_snapshot_ended(const wire::SnapshotEnded& ended);
  void hold(const Event& event);
  void release_held();
  [[nodiscard]] bool has_all() const { return printed_ == options_.exit_after; }
  void print(const Event& event);
  void print_line();
  [[nodiscard]] bool is_wanted(const Event& event) const;
  State fail(const std::string& reason);
  void report(const std::string& line) { err_ << "tail: " << line << '\n'; }
  void summarise();

  const TailOptions& options_;
  std::ostream& out_;
  std::ostream& err_;
  std::string line_;
  std::string session_;  // once logged on
  std::string why_lost_;
  std::uint64_t next_;      // number to ask for; once logged on, of the next event
  std::uint64_t first_{0};  // number of the first event received
  std::uint64_t received_{0};
  std::uint64_t printed_{0};
  std::uint64_t missed_{0};
  std::uint64_t unknown_{0};      // kinds of a newer gateway
  std::uint64_t last_number_{0};  // the event's own, which a part of the stream does not count
  bool accepted_{false};          // on this connection
  bool snapshot_due_;             // it has not ended
  bool holds_;                    // events wait for its end
  std::uint64_t states_{0};
  std::unordered_map<std::uint64_t, std::uint64_t> in_state_;  // account: its events up to here are
  std::uint64_t states_until_{0};                              // no event above is in any state
  std::vector<Event> held_;                                    // until the snapshot has ended
};

int Tail::run() {
  int attempts = 0;
  State state = State::lost;
  while (true) {
    const std::uint64_t received_before = received_;
    state = follow();
    if (received_ != received_before) attempts = 0;
    if (state != State::lost) break;
    if (session_.empty() || attempts++ >= options_.reconnect_attempts) {
      state = fail(why_lost_);
      break;
    }
    report(why_lost_ + "; asking for " + std::to_string(next_));
    std::this_thread::sleep_for(options_.reconnect_delay);
  }
  release_held();
  out_.flush();
  summarise();
  if (state == State::failed) return kTailFailed;
  return missed_ == 0 && !snapshot_due_ ? kTailComplete : kTailGaps;
}

/// One connection, from log-on to its end.
Tail::State Tail::follow() {
  Connection connection{options_.silence_max};
  State state = log_on(connection);
  while (state == State::following) state = receive(connection);
  return state;
}

Tail::State Tail::log_on(Connection& connection) {
  accepted_ = false;
  const std::string error = connection.open(options_.host, options_.port);
  if (!error.empty()) {
    why_lost_ =
        "cannot connect to " + options_.host + ':' + std::to_string(options_.port) + ": " + error;
    return State::lost;
  }
  connection.send(
      wire::login_request_packet({options_.user, options_.password, session_, next_, 0}));
  return State::following;
}

/// Everything that has arrived, then waits for more.
Tail::State Tail::receive(Connection& connection) {
  wire::Split split = connection.take();
  for (; split.status == wire::SplitStatus::packet; split = connection.take()) {
    const State state = on_packet(connection, split.packet);
    if (state != State::following) return state;
  }
  if (split.status != wire::SplitStatus::need_more) return fail("malformed packet");
  out_.flush();
  const std::string error = connection.receive(std::min(kPatience, options_.silence_max / 4));
  if (error.empty()) return State::following;
  why_lost_ = (accepted_ ? "connection lost: " : "connection lost before log-on: ") + error;
  return State::lost;
}

Tail::State Tail::on_packet(Connection& connection, const wire::Packet& packet) {
  switch (packet.type) {
    case PacketType::login_accepted:
      return on_accepted(connection, packet.payload);
    case PacketType::login_rejected:
      return on_rejected(packet.payload);
    case PacketType::sequenced:
      return accepted_ ? on_event(packet.payload) : fail("an event before the log-on was accepted");
    case PacketType::unsequenced:
      if (snapshot_due_) on_snapshot(packet.payload);
      return has_all() ? State::complete : State::following;
    case PacketType::end_of_session:
      return State::complete;
    case PacketType::debug:
      report("gateway says: " + std::string{reinterpret_cast<const char*>(packet.payload.data()),
                                            packet.payload.size()});
      return State::following;
    default:
      return State::following;  // heartbeats, and what a later gateway may send unsequenced
  }
}

Tail::State Tail::on_accepted(Connection& connection, std::span<const std::byte> payload) {
  const auto accepted = wire::parse_login_accepted(payload);
  if (!accepted || accepted_) return fail("malformed log-on answer");
  accepted_ = true;
  const std::string from = std::to_string(accepted->next_number);
  if (next_ != 0 && accepted->next_number > next_) {
    missed_ += accepted->next_number - next_;
    report("events " + std::to_string(next_) + " to " + std::to_string(accepted->next_number - 1) +
           " are no longer retained; going on from " + from);
  }
  if (accepted->next_number < next_) {
    if (!session_.empty()) {
      return fail("the gateway is only at " + from + ": not the history that was followed");
    }
    report("event " + std::to_string(next_) + " is not published yet; waiting from " + from);
  }
  next_ = accepted->next_number;
  session_ = accepted->session;
  if (snapshot_due_) request_snapshot(connection);
  return State::following;
}

Tail::State Tail::on_rejected(std::span<const std::byte> payload) {
  const auto reason = wire::parse_login_rejected(payload);
  if (reason == wire::RejectReason::not_authorised) return fail("log-on rejected: not authorised");
  return fail(session_.empty() ? "log-on rejected: session not available"
                               : "log-on rejected: session " + session_ +
                                     " is over; what was followed has no continuation");
}

Tail::State Tail::on_event(std::span<const std::byte> payload) {
  const wire::Decoded decoded = wire::decode(payload);
  const std::uint64_t due = next_;
  if (decoded.error == wire::DecodeError::unknown_template) {
    ++unknown_;
  } else if (!decoded.ok()) {
    return fail("event " + std::to_string(due) + " cannot be read: " + to_string(decoded.error));
  } else if (std::string mistake = mistake_of(decoded.event.header.number.raw());
             !mistake.empty()) {
    return fail(mistake);
  }
  if (first_ == 0) first_ = due;
  ++next_;
  ++received_;
  if (decoded.ok()) last_number_ = decoded.event.header.number.raw();
  if (decoded.ok() && due >= options_.from && is_wanted(decoded.event)) {
    holds_ ? hold(decoded.event) : print(decoded.event);
  }
  if (!out_) return fail("cannot write the output");
  return has_all() ? State::complete : State::following;
}

/// Why the event that is due cannot have this number; empty when it can.
std::string Tail::mistake_of(std::uint64_t number) const {
  if (options_.part) {
    if (number > last_number_ && number >= next_) return {};
    return "event " + std::to_string(number) + " came after " + std::to_string(last_number_);
  }
  if (number == next_) return {};
  return "event " + std::to_string(number) + " came where " + std::to_string(next_) +
         " was due (a user who sees some accounts follows with --part)";
}

void Tail::on_snapshot(std::span<const std::byte> payload) {
  if (const auto state = wire::decode_snapshot<wire::AccountState>(payload))
    return on_state(*state);
  const auto ended = wire::decode_snapshot<wire::SnapshotEnded>(payload);
  if (ended && ended->request.raw() == kSnapshotRequest) on_snapshot_ended(*ended);
}

void Tail::on_state(const wire::AccountState& state) {
  in_state_[state.account.raw()] = state.number.raw();
  if (options_.account && state.account != *options_.account) return;
  line_.clear();
  if (options_.json) {
    wire::append_account_state_json(state, line_);
  } else {
    wire::append_account_state_text(state, options_.names, line_);
  }
  print_line();
  ++states_;
}

void Tail::on_snapshot_ended(const wire::SnapshotEnded& ended) {
  snapshot_due_ = false;
  states_until_ = ended.number.raw();
  report("snapshot: " + std::to_string(states_) + " accounts printed of " +
         std::to_string(ended.accounts) + ", made of events " + std::to_string(ended.first.raw()) +
         " to " + std::to_string(states_until_));
  if (ended.left_out != 0) report("snapshot: not complete, the gateway has no room for more");
  release_held();
}

/// Keeps an event until the states are printed; too many are not worth the wait.
void Tail::hold(const Event& event) {
  constexpr std::size_t kHeldMax = 1'000'000;
  held_.push_back(event);
  if (held_.size() >= kHeldMax) release_held();
}

void Tail::release_held() {
  holds_ = false;
  for (const Event& event : held_) {
    if (!has_all()) print(event);
  }
  held_ = {};
}

bool Tail::is_wanted(const Event& event) const {
  return !options_.account || event.header.account == *options_.account;
}

/// Unless a state has it in it.
void Tail::print(const Event& event) {
  const std::uint64_t number = event.header.number.raw();
  const bool may_be_in_one = snapshot_due_ || number <= states_until_;
  if (may_be_in_one && wire::concerns_account(event)) {
    const auto state = in_state_.find(event.header.account.raw());
    if (state != in_state_.end() && number <= state->second) return;
  }
  line_.clear();
  if (options_.json) {
    wire::append_event_json(event, line_);
  } else {
    wire::append_event_text(event, options_.names, line_);
  }
  print_line();
  ++printed_;
}

void Tail::print_line() {
  line_ += '\n';
  out_ << line_;
}

Tail::State Tail::fail(const std::string& reason) {
  report(reason);
  return State::failed;
}

void Tail::summarise() {
  if (session_.empty()) return;  // nothing but the error to tell
  if (snapshot_due_) report("snapshot: ended with the session, not complete");
  const std::string numbers =
      received_ == 0 ? "none" : std::to_string(first_) + " to " + std::to_string(next_ - 1);
  const std::string unknown =
      unknown_ == 0 ? "" : ", " + std::to_string(unknown_) + " of unknown kinds";
  report("events " + numbers + ": " + std::to_string(received_) + " received, " +
         std::to_string(printed_) + " printed, " + std::to_string(missed_) + " missed" + unknown);
}

}  // namespace

int run_tail(const TailOptions& options, std::ostream& out, std::ostream& err) {
  return Tail{options, out, err}.run();
}

}  // namespace plimsoll::cli
