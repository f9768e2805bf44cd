#include "engine/gateway/soup_connection.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <poll.h>

namespace plimsoll::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kConnectMax{5'000};
constexpr milliseconds kHeartbeat{1'000};
constexpr std::size_t kReceiveBuffer = std::size_t{256} * 1024;

}  // namespace

struct SoupConnection::Socket {
  asio::io_context context;
  tcp::socket socket{context};
};

SoupConnection::SoupConnection(milliseconds silence_max)
    : socket_{std::make_unique<Socket>()},
      splitter_{wire::kPacketLengthMax, kReceiveBuffer},
      silence_max_{silence_max} {}
SoupConnection::~SoupConnection() = default;

std::string SoupConnection::open(const std::string& host, std::uint16_t port) {
  error_code error;
  tcp::resolver resolver{socket_->context};
  const auto endpoints = resolver.resolve(host, std::to_string(port), error);
  if (error) return error.message();
  error = asio::error::timed_out;
  asio::async_connect(socket_->socket, endpoints,
                      [&error](const error_code& result, const tcp::endpoint&) { error = result; });
  socket_->context.run_for(kConnectMax);
  if (error) return error.message();
  error_code ignored;  // only makes it slower
  socket_->socket.set_option(tcp::no_delay{true}, ignored);
  last_sent_ = last_received_ = Clock::now();
  return {};
}

void SoupConnection::send(std::span<const std::byte> packet) {
  error_code ignored;
  asio::write(socket_->socket, asio::buffer(packet.data(), packet.size()), ignored);
  last_sent_ = Clock::now();
}

wire::Split SoupConnection::take() {
  return splitter_.next();
}

std::string SoupConnection::receive(milliseconds max) {
  pollfd ready{socket_->socket.native_handle(), POLLIN, 0};
  const int readable = ::poll(&ready, 1, static_cast<int>(max.count()));
  const auto now = Clock::now();
  if (readable <= 0 && now - last_received_ > silence_max_) return "nothing heard for too long";
  if (now - last_sent_ >= kHeartbeat) {
    send(wire::empty_packet(wire::PacketType::client_heartbeat));
  }
  if (readable <= 0) return {};
  const auto space = splitter_.free_space();
  error_code error;
  const std::size_t count =
      socket_->socket.read_some(asio::buffer(space.data(), space.size()), error);
  if (error) return error.message();
  splitter_.add(count);
  last_received_ = now;
  return {};
}

}  // namespace plimsoll::gateway
