#include "engine/gateway/stream_follower.hpp"

#include <algorithm>

#include "engine/gateway/soup_connection.hpp"

namespace plimsoll::gateway {
namespace {

using std::chrono::milliseconds;
using wire::PacketType;

constexpr milliseconds kLook{20};  // at whether it shall stop

std::string numbers(std::uint64_t first, std::uint64_t last) {
  return std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace

const char* to_string(FollowState state) noexcept {
  switch (state) {
    case FollowState::connecting:
      return "connecting";
    case FollowState::following:
      return "following";
    case FollowState::ended:
      return "ended";
    case FollowState::broken:
      return "broken";
    case FollowState::stopped:
      return "stopped";
  }
  return "unknown";
}

StreamFollower::StreamFollower(FollowedStream stream, StreamSink& sink)
    : stream_{std::move(stream)}, sink_{sink}, next_{stream_.first_number}, thread_{[this] {
        run();
      }} {}

StreamFollower::~StreamFollower() {
  stop();
}

void StreamFollower::stop() {
  stopping_.store(true);
  if (thread_.joinable()) thread_.join();
}

std::string StreamFollower::reason() const {
  const std::lock_guard lock{mutex_};
  return reason_;
}

void StreamFollower::set(FollowState state, const std::string& reason) {
  {
    const std::lock_guard lock{mutex_};
    reason_ = reason;
  }
  state_.store(state);
  sink_.on_state(state, reason);
}

void StreamFollower::sleep(milliseconds length) {
  const auto until = std::chrono::steady_clock::now() + length;
  while (!stopping_.load() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::min(length, kLook));
  }
}

void StreamFollower::run() {
  milliseconds retry = stream_.retry_first;
  while (!stopping_.load()) {
    const std::uint64_t log_ons = log_ons_.load();
    std::string reason;
    const FollowState state = follow(reason);
    if (state != FollowState::connecting) return set(state, reason);
    if (stopping_.load()) break;
    if (log_ons_.load() != log_ons) retry = stream_.retry_first;
    set(FollowState::connecting, reason);
    sleep(retry);
    retry = std::min(2 * retry, stream_.retry_max);
  }
  set(FollowState::stopped, {});
}

FollowState StreamFollower::follow(std::string& reason) {
  const std::string server = stream_.host + ':' + std::to_string(stream_.port);
  SoupConnection connection{stream_.silence_max};
  reason = connection.open(stream_.host, stream_.port);
  if (!reason.empty()) {
    reason = "cannot connect to " + server + ": " + reason;
    return FollowState::connecting;
  }
  connection.send(wire::login_request_packet(
      {stream_.user, stream_.password, stream_.session, next_.load(), 0}));
  bool accepted = false;
  while (!stopping_.load()) {
    wire::Split split = connection.take();
    for (; split.status == wire::SplitStatus::packet; split = connection.take()) {
      const wire::Packet& packet = split.packet;
      if (packet.type == PacketType::login_accepted && !accepted) {
        accepted = true;
        const FollowState state = on_accepted(packet.payload, reason);
        if (state != FollowState::following) return state;
        set(FollowState::following, {});
      } else if (packet.type == PacketType::login_rejected) {
        const auto why = wire::parse_login_rejected(packet.payload);
        const bool gone = why == wire::RejectReason::session_not_available;
        reason = gone ? server + " no longer has session " + stream_.session
                      : server + " refuses the log-on";
        return FollowState::broken;
      } else if (packet.type == PacketType::sequenced && accepted) {
        const std::uint64_t number = next_.load();
        if (!sink_.on_message(number, packet.payload)) {
          reason = "message " + std::to_string(number) + " of " + server + " cannot be taken";
          return stopping_.load() ? FollowState::connecting : FollowState::broken;
        }
        next_.store(number + 1);
      } else if (packet.type == PacketType::end_of_session) {
        reason = server + " has ended its session";
        return FollowState::ended;
      } else if (packet.type == PacketType::sequenced) {
        reason = server + " sends before it has accepted the log-on";
        return FollowState::broken;
      }
    }
    if (split.status != wire::SplitStatus::need_more) {
      reason = server + " sends no packets";
      return FollowState::connecting;
    }
    reason = connection.receive(kLook);
    if (!reason.empty()) {
      reason = server + ": " + reason;
      return FollowState::connecting;
    }
  }
  return FollowState::connecting;
}

FollowState StreamFollower::on_accepted(std::span<const std::byte> payload, std::string& reason) {
  const auto accepted = wire::parse_login_accepted(payload);
  if (!accepted) {
    reason = "malformed answer to the log-on";
    return FollowState::broken;
  }
  const std::uint64_t due = next_.load();
  if (accepted->next_number > due) {
    reason = "messages " + numbers(due, accepted->next_number - 1) + " are no longer to be had";
    return FollowState::broken;
  }
  if (accepted->next_number < due) {
    reason = "the server is only at " + std::to_string(accepted->next_number) + ", " +
             std::to_string(due) + " is due: not the history that was followed";
    return FollowState::broken;
  }
  stream_.session = accepted->session;
  log_ons_.fetch_add(1);
  return FollowState::following;
}

}  // namespace plimsoll::gateway
