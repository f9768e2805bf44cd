#include "feeds/live/capture_server.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>

#include "feeds/live/served_session.hpp"
#include "feeds/live/tls.hpp"
#include "feeds/live/web_socket.hpp"

namespace plimsoll::feeds::live {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kRequestMax = 1U << 20U;  // bytes of a message of a client
constexpr std::chrono::milliseconds kAcceptPause{100};

}  // namespace

class CaptureServer::Thread {
 public:
  explicit Thread(const ServerSettings& settings) : settings_{settings} {}
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
  ~Thread();

  /// An error in words, or nothing.
  std::string start();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const ServerCounters& counters() const noexcept { return counters_; }

 private:
  std::string check_captures() const;
  std::string listen();
  void accept_next();
  void on_accepted(const error_code& error, tcp::socket socket);
  void forget(ServedSession* session);
  void run();

  ServerSettings settings_;
  ServerCounters counters_;
  ServedState state_{settings_, counters_};
  std::unique_ptr<asio::ssl::context> tls_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  asio::steady_timer pause_{context_};
  std::vector<std::shared_ptr<ServedSession>> sessions_;
  std::uint16_t port_{0};
  std::thread thread_;  // last: it uses all the others
};

CaptureServer::Thread::~Thread() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& session : std::vector{sessions_}) session->end();
  });
  thread_.join();
}

std::string CaptureServer::Thread::start() {
  if (std::string error = check_captures(); !error.empty()) return error;
  if (!settings_.certificate_file.empty()) {
    TlsContext tls = make_server_tls(settings_.certificate_file, settings_.key_file);
    if (!tls.context) return tls.error;
    tls_ = std::move(tls.context);
  }
  if (std::string error = listen(); !error.empty()) return error;
  accept_next();
  thread_ = std::thread{[this] { run(); }};
  return {};
}

std::string CaptureServer::Thread::check_captures() const {
  Merge merge{settings_.captures};
  return merge.error() ? to_string(*merge.error()) : std::string{};
}

std::string CaptureServer::Thread::listen() {
  error_code error;
  const auto address = asio::ip::make_address(settings_.address, error);
  if (error) return "'" + settings_.address + "' is not a numeric address";
  const tcp::endpoint endpoint{address, settings_.port};
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (!error) return {};
  return "cannot listen on " + settings_.address + ":" + std::to_string(settings_.port) + ": " +
         error.message();
}

void CaptureServer::Thread::accept_next() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    on_accepted(error, std::move(socket));
  });
}

void CaptureServer::Thread::on_accepted(const error_code& error, tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  if (error) {  // out of descriptors, most likely
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const error_code& aborted) {
      if (!aborted) accept_next();
    });
    return;
  }
  if (sessions_.size() < settings_.sessions_max) {
    auto web_socket = make_server_socket(std::move(socket), tls_.get(), {kRequestMax});
    sessions_.push_back(std::make_shared<ServedSession>(
        context_, std::move(web_socket), state_, [this](ServedSession* over) { forget(over); }));
    sessions_.back()->start();
  }
  accept_next();
}

/// Later, for the session is in the middle of something.
void CaptureServer::Thread::forget(ServedSession* session) {
  asio::post(context_, [this, session] {
    std::erase_if(sessions_, [&](const auto& held) { return held.get() == session; });
  });
}

void CaptureServer::Thread::run() {
  for (bool done = false; !done;) {
    try {
      context_.run();
      done = true;
    } catch (const std::exception& error) {  // no memory, most likely
      if (settings_.on_line) settings_.on_line(error.what());
      for (const auto& session : std::vector{sessions_}) session->end();
    }
  }
}

StartedServer CaptureServer::start(const ServerSettings& settings) {
  auto thread = std::make_unique<Thread>(settings);
  std::string error = thread->start();
  if (!error.empty()) return {nullptr, std::move(error)};
  return {std::unique_ptr<CaptureServer>{new CaptureServer{std::move(thread)}}, {}};
}

CaptureServer::CaptureServer(std::unique_ptr<Thread> thread) : thread_{std::move(thread)} {}

CaptureServer::~CaptureServer() = default;

std::uint16_t CaptureServer::port() const noexcept {
  return thread_->port();
}

const ServerCounters& CaptureServer::counters() const noexcept {
  return thread_->counters();
}

}  // namespace plimsoll::feeds::live
