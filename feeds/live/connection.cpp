#include "feeds/live/connection.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/assert.hpp"

namespace plimsoll::feeds::live {
namespace {

using boost::system::error_code;

constexpr std::size_t kOutgoingMax = 16;    // besides the opening
constexpr std::size_t kChallengeMax = 256;  // bytes; longer messages are data

EventTime now() {
  using namespace std::chrono;
  const auto since_epoch = system_clock::now().time_since_epoch();
  return EventTime::from_raw(duration_cast<nanoseconds>(since_epoch).count());
}

/// Fine enough for the shortest of the times, and never a burden.
Milliseconds tick_of(const ConnectionPlan& plan, Milliseconds silence_max,
                     Milliseconds connect_max) {
  const Milliseconds shortest = std::min({plan.heartbeat.ping_every, silence_max, connect_max});
  return std::clamp(shortest / 4, Milliseconds{5}, Milliseconds{250});
}

}  // namespace

Connection::Connection(const Surroundings& surroundings, ConnectionPlan plan,
                       const ClientSettings& settings, std::uint64_t seed)
    : around_{surroundings},
      plan_{std::move(plan)},
      url_{to_string(plan_.url)},
      connect_max_{settings.connect_max},
      goodbye_max_{settings.goodbye_max},
      silence_max_{settings.silence_max.value_or(plan_.heartbeat.silence_max)},
      tick_{tick_of(plan_, silence_max_, connect_max_)},
      backoff_{settings.backoff, seed},
      retry_{around_.context},
      timer_{around_.context} {}

void Connection::start() {
  ticked_ = Clock::now();
  start_tick();
  attempt();
}

void Connection::attempt() {
  const std::uint64_t attempt = ++attempt_;
  state_ = State::opening;
  since_ = Clock::now();
  around_.resolver.resolve(
      plan_.url.host, plan_.url.port,
      [this, attempt](Resolver::Endpoints endpoints, const std::string& error) {
        if (attempt == attempt_) open(std::move(endpoints), error);
      });
}

void Connection::open(Resolver::Endpoints endpoints, const std::string& error) {
  if (!error.empty()) return lose(plan_.url.host + ": " + error);
  socket_ = make_client_socket(around_.context, around_.tls, plan_.url, {plan_.message_size_max});
  socket_->connect(std::move(endpoints), plan_.url,
                   [this, attempt = attempt_](const std::string& failure) {
                     if (attempt == attempt_) on_open(failure);
                   });
}

void Connection::on_open(const std::string& error) {
  if (!error.empty()) return lose(error);
  state_ = State::up;
  since_ = heard_ = pinged_ = Clock::now();
  if (was_up_) report(LinkChange::gap);
  was_up_ = true;
  last_heard_ = now();
  report(LinkChange::connected);
  socket_->receive([this, attempt = attempt_](std::string_view text, const std::string& failure) {
    if (attempt == attempt_) on_received(text, failure);
  });
  outgoing_.assign(plan_.opening.begin(), plan_.opening.end());
  send_next();
}

void Connection::on_received(std::string_view text, const std::string& error) {
  if (state_ == State::leaving) return error.empty() ? void() : end();
  if (!error.empty()) return lose(error);
  heard_ = Clock::now();
  if (!plan_.heartbeat.pong.empty() && text == plan_.heartbeat.pong) return;
  last_heard_ = now();
  around_.sink.on_message(plan_.venue, last_heard_, text);
  if (is_challenge(text)) say(plan_.heartbeat.answer);
}

bool Connection::is_challenge(std::string_view text) const noexcept {
  const std::string_view challenge = plan_.heartbeat.challenge;
  return !challenge.empty() && text.size() <= kChallengeMax && text.find(challenge) != text.npos;
}

void Connection::say(std::string_view text) {
  if (outgoing_.size() >= plan_.opening.size() + kOutgoingMax) {
    return lose("the other end does not read");
  }
  outgoing_.emplace_back(text);
  send_next();
}

void Connection::send_next() {
  if (sending_ || outgoing_.empty()) return;
  sending_ = true;
  std::string text = std::move(outgoing_.front());
  outgoing_.pop_front();
  socket_->send(std::move(text), [this, attempt = attempt_](const std::string& error) {
    if (attempt != attempt_ || state_ != State::up) return;
    sending_ = false;
    error.empty() ? send_next() : lose(error);
  });
}

void Connection::start_tick() {
  timer_.expires_after(tick_);
  timer_.async_wait([this](const error_code& error) {
    if (!error && state_ != State::over) on_tick();
  });
}

void Connection::on_tick() {
  const auto time = Clock::now();
  // When we slept, what the venue sent meanwhile may be unread: our pause is not its silence.
  const bool late = time - ticked_ > 4 * tick_ && !tick_skipped_;
  tick_skipped_ = late;
  ticked_ = time;
  if (state_ == State::leaving && time - since_ >= goodbye_max_) return end();
  if (!late && state_ == State::opening && time - since_ > connect_max_) {
    lose("no answer within " + std::to_string(connect_max_.count()) + " ms");
  }
  if (!late && state_ == State::up) tick_while_up(time);
  start_tick();
}

void Connection::tick_while_up(Clock::time_point time) {
  if (time - heard_ > silence_max_) {
    return lose("silent for " + std::to_string(silence_max_.count()) + " ms");
  }
  if (time - pinged_ < plan_.heartbeat.ping_every) return;
  pinged_ = time;
  plan_.heartbeat.ping.empty() ? socket_->ping() : say(plan_.heartbeat.ping);
}

void Connection::lose(std::string_view reason) {
  const bool was_up = state_ == State::up;
  if (was_up) {
    backoff_.connection_lasted(std::chrono::duration_cast<Milliseconds>(Clock::now() - since_));
  }
  ++attempt_;
  if (socket_) socket_->cut();
  socket_.reset();
  outgoing_.clear();
  sending_ = false;
  state_ = State::waiting;
  const Milliseconds wait = backoff_.next();
  report(was_up ? LinkChange::disconnected : LinkChange::attempt_failed, reason, wait);
  retry_.expires_after(wait);
  retry_.async_wait([this](const error_code& error) {
    if (!error && state_ == State::waiting) attempt();
  });
}

void Connection::break_off(std::string_view reason) {
  if (state_ == State::opening || state_ == State::up) lose(reason);
}

void Connection::stop() {
  if (state_ == State::leaving || state_ == State::over) return;
  if (state_ != State::up) return end();
  state_ = State::leaving;
  since_ = Clock::now();
  tick_ = std::min(tick_, std::max(goodbye_max_ / 4, Milliseconds{1}));
  start_tick();
  socket_->close();
}

void Connection::end() {
  ++attempt_;
  state_ = State::over;
  if (socket_) socket_->cut();
  socket_.reset();
  retry_.cancel();
  timer_.cancel();
}

void Connection::report(LinkChange change, std::string_view reason, Milliseconds retry_in) {
  around_.sink.on_link({.change = change,
                        .time = now(),
                        .since = last_heard_,
                        .venue = plan_.venue,
                        .url = url_,
                        .reason = reason,
                        .retry_in = retry_in});
}

}  // namespace plimsoll::feeds::live
