#include "feeds/live/web_socket.hpp"

#include <type_traits>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace plimsoll::feeds::live {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

// Beast ends a WebSocket by reading on until the other end has closed, however long it takes: what
// is below closes at once instead.
class PlainLayer : public tcp::socket {
 public:
  explicit PlainLayer(asio::io_context& context) : tcp::socket{context} {}
  explicit PlainLayer(tcp::socket socket) : tcp::socket{std::move(socket)} {}
};
class TlsLayer : public beast::ssl_stream<tcp::socket> {
 public:
  using beast::ssl_stream<tcp::socket>::ssl_stream;
};

template <class Layer, class Handler>
void close_at_once(Layer& layer, Handler&& handler) {
  error_code ignored;
  beast::get_lowest_layer(layer).close(ignored);
  asio::post(layer.get_executor(),
             beast::bind_front_handler(std::forward<Handler>(handler), error_code{}));
}
template <class Handler>
void async_teardown(beast::role_type /*role*/, PlainLayer& layer, Handler&& handler) {
  close_at_once(layer, std::forward<Handler>(handler));
}
template <class Handler>
void async_teardown(beast::role_type /*role*/, TlsLayer& layer, Handler&& handler) {
  close_at_once(layer, std::forward<Handler>(handler));
}

constexpr const char* kProgram = "plimsoll";

/// Checks the chain and the name of a peer, and keeps why it does not hold.
class PeerCheck {
 public:
  PeerCheck(std::string host, std::shared_ptr<std::string> reason)
      : host_{std::move(host)}, name_check_{host_}, reason_{std::move(reason)} {}

  bool operator()(bool chain_holds, asio::ssl::verify_context& context) {
    if (!chain_holds) {
      const int error = X509_STORE_CTX_get_error(context.native_handle());
      *reason_ = X509_verify_cert_error_string(error);
      return false;
    }
    const bool name_holds = name_check_(chain_holds, context);
    if (!name_holds) *reason_ = "certificate is not for " + host_;
    return name_holds;
  }

 private:
  std::string host_;
  asio::ssl::host_name_verification name_check_;
  std::shared_ptr<std::string> reason_;
};

template <class Layer>
class SocketOver final : public WebSocket, public std::enable_shared_from_this<SocketOver<Layer>> {
 public:
  template <class... Arguments>
  explicit SocketOver(const Limits& limits, Arguments&&... arguments)
      : stream_{std::forward<Arguments>(arguments)...}, limits_{limits} {
    stream_.read_message_max(limits.message_size_max);
    stream_.text(true);
  }

  void connect(std::vector<tcp::endpoint> endpoints, const Url& url, Done done) override {
    url_ = url;
    endpoints_ = std::move(endpoints);
    done_ = std::move(done);
    asio::async_connect(tcp_layer(), endpoints_, [self = self()](const error_code& error, auto&&) {
      error ? self->opened(error.message()) : self->on_connected();
    });
  }

  void accept(Accepted accepted) override {
    accepted_ = std::move(accepted);
    no_delay();
    if constexpr (kSecure) {
      stream_.next_layer().async_handshake(
          asio::ssl::stream_base::server, [self = self()](const error_code& error) {
            error ? self->refuse("TLS: " + error.message()) : self->read_request();
          });
    } else {
      read_request();
    }
  }

  void receive(Received received) override {
    received_ = std::move(received);
    receive_next();
  }

  void send(std::string text, Done done) override {
    text_ = std::move(text);
    sent_ = std::move(done);
    stream_.async_write(asio::buffer(text_), [self = self()](const error_code& error, std::size_t) {
      if (self->cut_) return;
      const Done sent = std::move(self->sent_);
      sent(error ? self->words_for(error) : std::string{});
    });
  }

  void ping() override {
    if (pinging_) return;
    pinging_ = true;
    stream_.async_ping({}, [self = self()](const error_code&) { self->pinging_ = false; });
  }

  void close() override {
    if (closing_) return;
    closing_ = true;
    stream_.async_close(websocket::close_code::normal, [self = self()](const error_code&) {});
  }

  void cut() noexcept override {
    cut_ = true;
    error_code ignored;
    tcp_layer().close(ignored);
  }

 private:
  static constexpr bool kSecure = std::is_same_v<Layer, TlsLayer>;

  std::shared_ptr<SocketOver> self() { return this->shared_from_this(); }
  tcp::socket& tcp_layer() { return beast::get_lowest_layer(stream_); }

  void no_delay() {
    error_code ignored;  // only makes it slower
    tcp_layer().set_option(tcp::no_delay{true}, ignored);
  }

  void on_connected() {
    no_delay();
    if constexpr (kSecure) {
      start_tls();
    } else {
      start_handshake();
    }
  }

  void start_tls() {
    Layer& tls = stream_.next_layer();
    error_code error;
    asio::ip::make_address(url_.host, error);
    const bool is_name = error.failed();  // an address has no place in the name indication
    if (is_name && SSL_set_tlsext_host_name(tls.native_handle(), url_.host.c_str()) != 1) {
      return opened("TLS: '" + url_.host + "' is no host name");
    }
    tls.set_verify_callback(PeerCheck{url_.host, distrust_}, error);
    if (error) return opened("TLS: " + error.message());
    tls.async_handshake(asio::ssl::stream_base::client, [self = self()](const error_code& failure) {
      if (!failure) return self->start_handshake();
      self->opened("TLS: " +
                   (self->distrust_->empty() ? self->words_for(failure) : *self->distrust_));
    });
  }

  void start_handshake() {
    stream_.set_option(websocket::stream_base::decorator{
        [](websocket::request_type& request) { request.set(http::field::user_agent, kProgram); }});
    stream_.async_handshake(
        response_, host_header(url_), url_.target, [self = self()](const error_code& error) {
          if (error != websocket::error::upgrade_declined) {
            return self->opened(error ? self->words_for(error) : std::string{});
          }
          self->opened("the server declines: HTTP " + std::to_string(self->response_.result_int()) +
                       " " + std::string{self->response_.reason()});
        });
  }

  void opened(const std::string& error) {
    if (cut_) return;
    const Done done = std::move(done_);
    done(error);
  }

  void read_request() {
    http::async_read(stream_.next_layer(), buffer_, request_,
                     [self = self()](const error_code& error, std::size_t) {
                       error ? self->refuse(self->words_for(error)) : self->answer_request();
                     });
  }

  void answer_request() {
    stream_.async_accept(request_, [self = self()](const error_code& error) {
      if (error) return self->refuse(self->words_for(error));
      if (!self->cut_) self->accepted_(std::string{self->request_.target()}, {});
    });
  }

  void refuse(const std::string& error) {
    if (!cut_) accepted_({}, error);
  }

  void receive_next() {
    stream_.async_read(buffer_, [self = self()](const error_code& error, std::size_t) {
      if (!self->cut_) self->on_received(error);
    });
  }

  void on_received(const error_code& error) {
    if (error) return received_({}, words_for(error));
    if (!stream_.got_text()) return received_({}, "binary message");
    const auto bytes = buffer_.cdata();
    received_({static_cast<const char*>(bytes.data()), bytes.size()}, {});
    buffer_.consume(buffer_.size());
    if (!cut_) receive_next();
  }

  std::string words_for(const error_code& error) {
    if (error == websocket::error::closed) return words_for_goodbye();
    if (error == websocket::error::message_too_big) {
      return "message of more than " + std::to_string(limits_.message_size_max) + " bytes";
    }
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
        error == http::error::end_of_stream) {
      return "closed without a goodbye";
    }
    return error.message();
  }

  std::string words_for_goodbye() {
    const websocket::close_reason& reason = stream_.reason();
    std::string words = "closed by the other end";
    if (reason.code != websocket::close_code::none) {
      words += ", code " + std::to_string(static_cast<unsigned>(reason.code));
    }
    if (!reason.reason.empty()) words += ": " + std::string{reason.reason.c_str()};
    return words;
  }

  websocket::stream<Layer> stream_;
  Limits limits_;
  beast::flat_buffer buffer_;
  Url url_;
  std::vector<tcp::endpoint> endpoints_;
  websocket::response_type response_;
  http::request<http::empty_body> request_;
  std::string text_;  // on its way
  Done sent_;
  Done done_;
  Accepted accepted_;
  Received received_;
  std::shared_ptr<std::string> distrust_{std::make_shared<std::string>()};
  bool pinging_{false};
  bool closing_{false};
  bool cut_{false};
};

}  // namespace

std::shared_ptr<WebSocket> make_client_socket(asio::io_context& context, asio::ssl::context* tls,
                                              const Url& url, const WebSocket::Limits& limits) {
  if (url.secure) return std::make_shared<SocketOver<TlsLayer>>(limits, context, *tls);
  return std::make_shared<SocketOver<PlainLayer>>(limits, context);
}

std::shared_ptr<WebSocket> make_server_socket(tcp::socket socket, asio::ssl::context* tls,
                                              const WebSocket::Limits& limits) {
  if (tls != nullptr) {
    return std::make_shared<SocketOver<TlsLayer>>(limits, std::move(socket), *tls);
  }
  return std::make_shared<SocketOver<PlainLayer>>(limits, std::move(socket));
}

}  // namespace plimsoll::feeds::live
