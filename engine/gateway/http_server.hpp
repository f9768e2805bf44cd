#pragma once

#include <cstdint>
#include <memory>
#include <string>

// A small HTTP/1.1 server for operators and their tools: questions to the service, seldom and
// slowly. On a thread of its own; memory is bounded by the number of connections.

namespace plimsoll::gateway {

struct HttpQuestion {
  std::string method;  // GET, POST, ...
  std::string target;  // "/metrics"
  std::string body;    // at most 64 KiB
};

struct HttpAnswer {
  unsigned status{200};
  std::string type{"text/plain; charset=utf-8"};
  std::string body;
};

/// Answers questions. Called by the server's thread, one at a time.
class HttpAnswerer {
 public:
  HttpAnswerer() = default;
  HttpAnswerer(const HttpAnswerer&) = delete;
  HttpAnswerer& operator=(const HttpAnswerer&) = delete;
  virtual ~HttpAnswerer() = default;
  [[nodiscard]] virtual HttpAnswer answer(const HttpQuestion& question) = 0;
};

struct StartedHttpServer;

class HttpServer {
 public:
  /// Listens, and starts its thread. No server and an error when the address cannot be had. The
  /// answerer must outlive it.
  [[nodiscard]] static StartedHttpServer start(const std::string& address, std::uint16_t port,
                                               HttpAnswerer& answerer);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  class Thread;
  explicit HttpServer(std::unique_ptr<Thread> thread);
  std::unique_ptr<Thread> thread_;
};

/// A server, or why there is none.
struct StartedHttpServer {
  std::unique_ptr<HttpServer> server;
  std::string error;
};

}  // namespace plimsoll::gateway
