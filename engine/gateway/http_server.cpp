#include "engine/gateway/http_server.hpp"

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace plimsoll::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kConnectionsMax = 32;
constexpr std::size_t kBodyMax = std::size_t{64} * 1024;
constexpr std::uint32_t kHeaderMax = 8 * 1024;
constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kAfterFailure{100};

/// One connection: a question, its answer, the next question.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, HttpAnswerer& answerer, std::size_t& connections)
      : stream_{std::move(socket)}, answerer_{answerer}, connections_{connections} {
    ++connections_;
  }
  ~Connection() { --connections_; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read() {
    parser_.emplace();
    parser_->body_limit(kBodyMax);
    parser_->header_limit(kHeaderMax);
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const error_code& error, std::size_t) {
                       if (!error) self->answer();
                     });
  }

 private:
  void answer() {
    const auto& request = parser_->get();
    const HttpAnswer answer = answerer_.answer(
        {std::string{request.method_string()}, std::string{request.target()}, request.body()});
    response_ = {static_cast<http::status>(answer.status), request.version()};
    response_.set(http::field::content_type, answer.type);
    response_.set(http::field::cache_control, "no-store");
    response_.keep_alive(request.keep_alive());
    response_.body() = answer.body;
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (!error && self->response_.keep_alive()) self->read();
                      });
  }

  beast::tcp_stream stream_;
  HttpAnswerer& answerer_;
  std::size_t& connections_;
  beast::flat_buffer buffer_{kBodyMax + kHeaderMax};
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

class HttpServer::Thread {
 public:
  explicit Thread(HttpAnswerer& answerer) : answerer_{answerer} {}
  ~Thread() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  std::string listen(const std::string& address, std::uint16_t port) {
    error_code error;
    const auto host = asio::ip::make_address(address, error);
    if (error) return "'" + address + "' is not a numeric address";
    const tcp::endpoint endpoint{host, port};
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) {
      return "cannot listen on " + address + ":" + std::to_string(port) + ": " + error.message();
    }
    accept();
    thread_ = std::thread{[this] { context_.run(); }};
    return {};
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  void accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return accept_later();  // out of file descriptors, most likely
      if (connections_ < kConnectionsMax) {
        std::make_shared<Connection>(std::move(socket), answerer_, connections_)->read();
      }
      accept();
    });
  }
  void accept_later() {
    timer_.expires_after(kAfterFailure);
    timer_.async_wait([this](const error_code& error) {
      if (!error) accept();
    });
  }

  HttpAnswerer& answerer_;
  std::size_t connections_{0};
  std::uint16_t port_{0};
  asio::io_context context_{1};  // handlers die with it, before what they refer to
  tcp::acceptor acceptor_{context_};
  asio::steady_timer timer_{context_};
  std::thread thread_;
};

HttpServer::HttpServer(std::unique_ptr<Thread> thread) : thread_{std::move(thread)} {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const noexcept {
  return thread_->port();
}

StartedHttpServer HttpServer::start(const std::string& address, std::uint16_t port,
                                    HttpAnswerer& answerer) {
  auto thread = std::make_unique<Thread>(answerer);
  std::string error = thread->listen(address, port);
  if (!error.empty()) return {nullptr, std::move(error)};
  return {std::unique_ptr<HttpServer>{new HttpServer{std::move(thread)}}, {}};
}

}  // namespace plimsoll::gateway
