#include "feeds/live/served_session.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::feeds::live {

ServedSession::ServedSession(boost::asio::io_context& context, std::shared_ptr<WebSocket> socket,
                             ServedState& state, std::function<void(ServedSession*)> on_end)
    : socket_{std::move(socket)}, state_{state}, on_end_{std::move(on_end)}, timer_{context} {
  ++state_.counters.accepted;
  ++state_.counters.open;
}

ServedSession::~ServedSession() {
  socket_->cut();
  --state_.counters.open;
}

void ServedSession::start() {
  socket_->accept(
      [this](const std::string& target, const std::string& error) { on_accepted(target, error); });
}

void ServedSession::on_accepted(const std::string& target, const std::string& error) {
  if (!error.empty()) {
    note("refused: " + error);
    return end();
  }
  note("opened: " + target);
  socket_->receive(
      [this](std::string_view text, const std::string& failure) { on_received(text, failure); });
  if (target.find("streams=") != std::string::npos) begin();
}

void ServedSession::on_received(std::string_view text, const std::string& error) {
  if (!error.empty()) {
    note("lost: " + error);
    return end();
  }
  note("says: " + std::string{text});
  if (text == "ping") {
    pong_due_ = true;
    return go_on();
  }
  if (!merge_) begin();
}

void ServedSession::begin() {
  merge_.emplace(state_.settings.captures);
  first_message_ = state_.position;
  for (std::uint64_t passed = 0; passed < first_message_; ++passed) {
    if (merge_->next(line_) != Step::ready) break;
  }
  go_on();
}

/// Sends what is next and due, unless something is on its way.
void ServedSession::go_on() {
  if (sending_ || ended_) return;
  if (std::exchange(pong_due_, false)) return send("pong");
  if (!merge_ || (!has_line_ && !take_line())) return;
  if (due_ > Clock::now()) return wait();
  has_line_ = false;
  ++sent_;
  ++state_.counters.messages;
  send(std::string{line_.line.json});
}

/// The next message; false when there is none.
bool ServedSession::take_line() {
  if (state_.settings.drop_after && sent_ >= *state_.settings.drop_after) {
    state_.position = std::max(state_.position, first_message_ + sent_);
    ++state_.counters.dropped;
    end();
    return false;
  }
  const Step step = merge_->next(line_);
  if (step == Step::failed) note(to_string(*merge_->error()));
  has_line_ = step == Step::ready;
  if (has_line_) due_ = due(line_.line.stamp);
  return has_line_;
}

void ServedSession::wait() {
  if (std::exchange(timer_set_, true)) return;
  timer_.expires_at(due_);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code&) {
    self->timer_set_ = false;
    self->go_on();
  });
}

void ServedSession::send(std::string text) {
  sending_ = true;
  socket_->send(std::move(text), [this](const std::string& error) {
    sending_ = false;
    if (error.empty()) go_on();  // else receive() ends as well
  });
}

ServedSession::Clock::time_point ServedSession::due(EventTime time) {
  if (!first_) {
    first_ = time;
    start_ = Clock::now();
  }
  if (state_.settings.speed <= 0 || time <= *first_) return start_;
  constexpr double kWaitMax_ns = 3e18;  // 95 years: no overflow, whatever stamp and speed say
  const double wait_ns = static_cast<double>((time - *first_).raw()) / state_.settings.speed;
  return start_ +
         std::chrono::nanoseconds{static_cast<std::int64_t>(std::min(wait_ns, kWaitMax_ns))};
}

void ServedSession::note(std::string_view line) const {
  if (state_.settings.on_line) state_.settings.on_line(line);
}

void ServedSession::end() {
  if (std::exchange(ended_, true)) return;
  socket_->cut();
  timer_.cancel();
  on_end_(this);
}

}  // namespace plimsoll::feeds::live
