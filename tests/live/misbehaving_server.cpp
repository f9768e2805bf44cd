#include "tests/live/misbehaving_server.hpp"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <poll.h>
#include <sys/socket.h>

namespace plimsoll::feeds::live::testing {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int kLook_ms = 5;

bool is_readable(int descriptor) {
  pollfd ready{descriptor, POLLIN, 0};
  return ::poll(&ready, 1, kLook_ms) > 0;
}

}  // namespace

Peer::Peer(tcp::socket socket, const std::atomic<bool>& stopping)
    : stream_{std::move(socket)}, stopping_{stopping} {}

bool Peer::accept() {
  error_code error;
  stream_.accept(error);
  stream_.auto_fragment(false);
  return !error;
}

bool Peer::say(const std::string& text) {
  error_code error;
  stream_.text(true);
  stream_.write(boost::asio::buffer(text), error);
  return !error;
}

bool Peer::say_binary(const std::string& bytes) {
  error_code error;
  stream_.binary(true);
  stream_.write(boost::asio::buffer(bytes), error);
  return !error;
}

std::string Peer::hear() {
  error_code error;
  stream_.read(buffer_, error);
  if (error) return {};
  const std::string text = boost::beast::buffers_to_string(buffer_.cdata());
  buffer_.clear();
  return text;
}

bool Peer::send_raw(const std::string& bytes) {
  error_code error;
  boost::asio::write(stream_.next_layer(), boost::asio::buffer(bytes), error);
  return !error;
}

void Peer::stay_silent() {
  const int descriptor = stream_.next_layer().native_handle();
  while (!stopping_) {
    pollfd ended{descriptor, POLLRDHUP, 0};
    if (::poll(&ended, 1, kLook_ms) > 0) return;
  }
}

void Peer::answer_pings() {
  while (!hear().empty()) {
  }
}

void Peer::half_close() {
  error_code ignored;
  stream_.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
  stay_silent();
}

MisbehavingServer::MisbehavingServer(std::vector<Script> scripts, int receive_buffer)
    : scripts_{std::move(scripts)} {
  acceptor_.open(tcp::v4());
  if (receive_buffer != 0) {
    acceptor_.set_option(tcp::acceptor::receive_buffer_size{receive_buffer});
  }
  acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
  thread_ = std::thread{[this] { run(); }};
}

MisbehavingServer::~MisbehavingServer() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
  }
  thread_.join();
}

void MisbehavingServer::run() {
  for (std::size_t served = 0; !stopping_;) {
    if (!is_readable(acceptor_.native_handle())) continue;
    error_code error;
    tcp::socket socket = acceptor_.accept(error);
    if (error) continue;
    if (!serves(socket.native_handle())) return;
    Peer peer{std::move(socket), stopping_};
    scripts_[std::min(served++, scripts_.size() - 1)](peer);
    (void)serves(-1);  // before it is closed
  }
}

/// Notes the connection that is served; false when the test is over.
bool MisbehavingServer::serves(int descriptor) {
  const std::lock_guard lock{mutex_};
  descriptor_ = descriptor;
  return !stopping_;
}

}  // namespace plimsoll::feeds::live::testing
