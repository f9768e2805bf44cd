#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "feeds/live/url.hpp"

namespace plimsoll::feeds::live {

/// One WebSocket, over TCP or TLS, either end of it. Only for the thread that runs its io_context.
/// Errors are words for people, empty where there are none. It holds itself until its operations
/// are done; after cut() they are, and nothing is called any more. What its handlers refer to must
/// live as long as the io_context is run.
///
/// It has no deadlines: whoever opens it does, and cuts it.
class WebSocket {
 public:
  using Done = std::function<void(const std::string& error)>;
  using Accepted = std::function<void(const std::string& target, const std::string& error)>;
  /// A whole text message, valid during the call; or why there will be none any more.
  using Received = std::function<void(std::string_view text, const std::string& error)>;

  struct Limits {
    std::size_t message_size_max;
  };

  WebSocket() = default;
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  virtual ~WebSocket() = default;

  /// Client: connects to one of the endpoints, verifies who that is, and asks for the target. Once.
  virtual void connect(std::vector<boost::asio::ip::tcp::endpoint> endpoints, const Url& url,
                       Done done) = 0;
  /// Server: waits for a client's handshakes. Once.
  virtual void accept(Accepted accepted) = 0;

  /// Receives messages from here on, until there is an error. Once, when open.
  virtual void receive(Received received) = 0;
  /// Sends a message. REQUIRES: no other is sent until `done`.
  virtual void send(std::string text, Done done) = 0;
  /// Sends a ping of the protocol, unless one is on its way.
  virtual void ping() = 0;
  /// Says goodbye; the other end answers, and receive() ends.
  virtual void close() = 0;
  /// Ends it at once.
  virtual void cut() noexcept = 0;
};

/// A client's, not connected. REQUIRES: `tls` is not null where the URL is secure, and outlives it.
[[nodiscard]] std::shared_ptr<WebSocket> make_client_socket(boost::asio::io_context& context,
                                                            boost::asio::ssl::context* tls,
                                                            const Url& url,
                                                            const WebSocket::Limits& limits);

/// A server's, for a connection that was accepted; plain when `tls` is null.
[[nodiscard]] std::shared_ptr<WebSocket> make_server_socket(boost::asio::ip::tcp::socket socket,
                                                            boost::asio::ssl::context* tls,
                                                            const WebSocket::Limits& limits);

}  // namespace plimsoll::feeds::live
