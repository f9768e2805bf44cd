#include "engine/gateway/server.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/eventfd.h>

#include "engine/base/assert.hpp"
#include "engine/gateway/credentials.hpp"

namespace plimsoll::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kHandlersPerPoll = 32;  // then what has been published meanwhile has its turn
constexpr int kReplaysPerRound = 4;   // sends of 128 KiB, of whoever is far behind
constexpr int kSlicesPerPoll = 8;     // of snapshots
constexpr std::uint64_t kRetainedMax = 1'000'000'000;
constexpr std::size_t kAccountsMax = 2'147'483'647;
constexpr std::size_t kUserNameMax = 6;
constexpr std::size_t kPasswordMax = 10;

/// Fine enough for the shortest of the times, and never a burden.
Milliseconds tick_of(const GatewaySettings& settings) {
  const Milliseconds shortest =
      std::min({settings.log_on_deadline, settings.heartbeat, settings.silence_max,
                settings.write_stall_max, settings.linger_max});
  return std::clamp(shortest / 4, Milliseconds{5}, Milliseconds{250});
}

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string host = endpoint.address().is_v6() ? '[' + address + ']' : address;
  return host + ':' + std::to_string(endpoint.port());
}

bool is_range(const AccountRange& range) {
  return range.first.raw() > 0 && range.first <= range.last;
}

std::string find_mistake_of(const User& user, std::uint64_t first_number) {
  if (user.name.empty() || user.name.size() > kUserNameMax) {
    return "user name '" + user.name + "' is not 1 to 6 characters";
  }
  if (user.password.size() > kPasswordMax) {
    return "password of '" + user.name + "' is longer than 10 characters";
  }
  if (!std::all_of(user.accounts.begin(), user.accounts.end(), is_range)) {
    return "accounts of '" + user.name + "' are not ranges from 1 on";
  }
  if (!user.accounts.empty() && user.first_number == 0 && first_number > 1) {
    return "first_number of '" + user.name + "' is not given, and that of the gateway is not 1";
  }
  return {};
}

std::string find_mistake_of_users(const GatewaySettings& settings) {
  const auto& users = settings.users;
  for (auto user = users.begin(); user != users.end(); ++user) {
    if (std::string mistake = find_mistake_of(*user, settings.first_number); !mistake.empty()) {
      return mistake;
    }
    const auto is_same = [&](const User& other) { return same_user_name(other.name, user->name); };
    if (std::any_of(users.begin(), user, is_same)) {
      return "user name '" + user->name + "' is there twice";
    }
  }
  return {};
}

}  // namespace

std::string find_mistake(const GatewaySettings& settings) {
  if (!wire::SessionName::from_text(settings.session)) {
    return "session name '" + settings.session + "' is not 1 to 10 letters or digits";
  }
  if (std::string mistake = find_mistake_of_users(settings); !mistake.empty()) return mistake;
  const auto may_retain = [](std::uint64_t events) { return events > 0 && events <= kRetainedMax; };
  if (!may_retain(settings.retained_events) || !may_retain(settings.user_retained_events)) {
    return "retained_events is not 1 to " + std::to_string(kRetainedMax);
  }
  if (settings.accounts_max == 0 || settings.accounts_max > kAccountsMax) {
    return "accounts_max is not 1 to " + std::to_string(kAccountsMax);
  }
  if (settings.first_number == 0) return "first_number is 0";
  if (settings.sessions_max == 0) return "sessions_max is 0";
  return {};
}

Server::Server(const GatewaySettings& settings)
    : settings_{settings},
      streams_{settings_},
      accounts_{EventNumber::from_raw(settings.first_number), settings.accounts_max},
      shared_{settings_, streams_, accounts_, counters_},
      tick_{tick_of(settings)},
      flushed_{settings.first_number} {}

Server::~Server() {
  for (const auto& session : sessions_) session->close();
  shared_.wanting.clear();  // before the context that their sockets belong to
}

void Server::publish(const Event& event) {
  PLIMSOLL_ASSERT(!shared_.ending);
  streams_.publish(event);
  accounts_.fold(event);
  counters_.events_published.add();
}

void Server::publish(std::span<const std::byte> message) {
  PLIMSOLL_ASSERT(!shared_.ending);
  streams_.publish(message);
  counters_.events_published.add();
}

std::string Server::listen() {
  error_code error;
  const auto address = asio::ip::make_address(settings_.address, error);
  if (error) return "'" + settings_.address + "' is not a numeric address";
  const tcp::endpoint endpoint{address, settings_.port};
  if (const error_code failure = open_acceptor(endpoint)) {
    return "cannot listen on " + text_of(endpoint) + ": " + failure.message();
  }
  if (!open_waker()) return std::string{"cannot open an eventfd: "} + std::strerror(errno);
  start_accept();
  start_waker();
  start_tick();
  return {};
}

error_code Server::open_acceptor(const tcp::endpoint& endpoint) {
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  return error;
}

bool Server::open_waker() {
  const int descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (descriptor < 0) return false;
  waker_.assign(descriptor);
  return true;
}

void Server::start_accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    on_accepted(error, std::move(socket));
  });
}

void Server::on_accepted(const error_code& error, tcp::socket socket) {
  if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
  if (error) {
    // Out of descriptors or memory, most likely: the next tick tries again.
    counters_.accept_failures.add();
    accept_paused_ = true;
    return;
  }
  if (make_room()) {
    sessions_.push_back(std::make_shared<Session>(std::move(socket), shared_));
    sessions_.back()->start();
  } else {
    counters_.connections_refused.add();
  }
  start_accept();
}

/// Room for one more connection, if need be that of the one that has been longest without a log-on:
/// who connects and says nothing cannot keep others out.
bool Server::make_room() {
  forget_closed();
  if (sessions_.size() < settings_.sessions_max) return true;
  const auto idle = std::find_if(sessions_.begin(), sessions_.end(),
                                 [](const auto& session) { return session->awaits_log_on(); });
  if (idle == sessions_.end()) return false;
  (*idle)->fail_log_on();
  forget_closed();
  return true;
}

void Server::start_tick() {
  timer_.expires_after(tick_);
  timer_.async_wait([this](const error_code& error) {
    if (!error) on_tick();
  });
}

void Server::on_tick() {
  const auto now = Clock::now();
  // When we slept, what clients sent meanwhile may be unread: our pause is not their silence.
  const bool late = now - last_tick_ > 4 * tick_ && !tick_skipped_;
  tick_skipped_ = late;
  last_tick_ = now;
  if (!late) {
    for (const auto& session : sessions_) session->on_tick(now);
  }
  if (accept_paused_ && acceptor_.is_open()) {
    accept_paused_ = false;
    start_accept();
  }
  start_tick();
}

void Server::start_waker() {
  waker_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const error_code& error) {
    if (error) return;
    eventfd_t count{0};
    (void)::eventfd_read(waker_.native_handle(), &count);
    start_waker();
  });
}

void Server::wake() noexcept {
  (void)::eventfd_write(waker_.native_handle(), 1);
}

void Server::flush() {
  if (flushed_ == events().next() && !shared_.unsent) return;
  flushed_ = events().next();
  shared_.unsent = false;
  shared_.now = Clock::now();
  shared_.replay_turns = kReplaysPerRound;
  // The next round begins where this one had no turn left for a replay.
  const std::size_t count = sessions_.size();
  const std::size_t first = first_to_send_;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = (first + i) % count;
    const bool turns_left = shared_.replay_turns > 0;
    sessions_[place]->flush();
    if (turns_left && shared_.replay_turns == 0) first_to_send_ = (place + 1) % count;
  }
}

bool Server::poll() {
  flush();
  shared_.now = Clock::now();
  int handled = 0;
  while (handled < kHandlersPerPoll && context_.poll_one() != 0) ++handled;
  send_slices();
  forget_closed();
  return handled != 0 || shared_.unsent || !shared_.wanting.empty();
}

/// Some slices of snapshots, to one session after the other.
void Server::send_slices() {
  for (int slices = 0; slices < kSlicesPerPoll && !shared_.wanting.empty(); ++slices) {
    const std::shared_ptr<Session> session = std::move(shared_.wanting.front());
    shared_.wanting.pop_front();
    session->send_slice();
  }
}

void Server::wait(Milliseconds max) {
  if (!shared_.unsent && shared_.wanting.empty()) context_.run_one_for(max);
}

void Server::end_session() {
  shared_.ending = true;
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& session : sessions_) {
    session->awaits_log_on() ? session->close() : session->flush();
  }
  forget_closed();
}

void Server::forget_closed() {
  if (!shared_.any_closed) return;
  shared_.any_closed = false;
  std::erase_if(sessions_, [](const auto& session) { return session->closed(); });
}

}  // namespace plimsoll::gateway
