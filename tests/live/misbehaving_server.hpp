#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

// A venue that does what a test wants, however wrong.

namespace plimsoll::feeds::live::testing {

/// One connection of a client, blocking. Everything returns false when the connection is over.
class Peer {
 public:
  using Stream = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;

  Peer(boost::asio::ip::tcp::socket socket, const std::atomic<bool>& stopping);

  /// The WebSocket handshake; needed before say() and hear().
  bool accept();
  bool say(const std::string& text);
  bool say_binary(const std::string& bytes);
  /// The next message of the client; empty when it is gone.
  std::string hear();
  /// Bytes without any frame around them.
  bool send_raw(const std::string& bytes);
  /// Reads and answers nothing until the client is gone or the test is over.
  void stay_silent();
  /// Answers the protocol's pings, and nothing else, until the client is gone.
  void answer_pings();
  /// Ends our half of the connection, and waits for the client to end its own.
  void half_close();

 private:
  Stream stream_;
  boost::beast::flat_buffer buffer_;
  const std::atomic<bool>& stopping_;
};

/// Listens on a free port of 127.0.0.1 and gives its connections, one after the other, to the
/// scripts; the last serves all that come after.
class MisbehavingServer {
 public:
  using Script = std::function<void(Peer&)>;

  explicit MisbehavingServer(std::vector<Script> scripts, int receive_buffer = 0);
  ~MisbehavingServer();
  MisbehavingServer(const MisbehavingServer&) = delete;
  MisbehavingServer& operator=(const MisbehavingServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  void run();
  [[nodiscard]] bool serves(int descriptor);

  std::vector<Script> scripts_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  std::uint16_t port_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  int descriptor_{-1};  // of the connection that is served
  std::thread thread_;
};

}  // namespace plimsoll::feeds::live::testing
