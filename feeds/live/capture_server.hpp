#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::feeds::live {

struct ServerSettings {
  std::vector<std::string> captures;  // merged by receive time
  std::string address{"127.0.0.1"};   // numeric
  std::uint16_t port{0};              // 0: any free one
  std::string certificate_file;       // PEM; with key_file: TLS
  std::string key_file;
  double speed{0};  // of captured time; 0: as fast as a client reads
  /// Breaks each connection after so many messages; the next goes on after the last of them.
  std::optional<std::uint64_t> drop_after;
  std::size_t sessions_max{64};
  /// What clients ask for (targets) and say, and what goes wrong. On the server's thread.
  std::function<void(std::string_view line)> on_line;
};

/// Totals. Any thread may read them.
struct ServerCounters {
  std::atomic<std::uint64_t> accepted{0};  // connections
  std::atomic<std::uint64_t> open{0};      // of them
  std::atomic<std::uint64_t> dropped{0};   // by drop_after
  std::atomic<std::uint64_t> messages{0};  // sent whole, or handed to a connection that broke
};

struct StartedServer;

/// A venue for tests and staging: whoever connects over WebSocket and subscribes is sent the
/// messages of captures, at their pace or as fast as it reads them. What is subscribed to does not
/// matter. A subscription is any message but "ping", which is answered, or a target that names
/// streams. After the last message a connection stays open. On one thread of its own.
class CaptureServer {
 public:
  [[nodiscard]] static StartedServer start(const ServerSettings& settings);
  /// Breaks all connections and ends the thread.
  ~CaptureServer();
  CaptureServer(const CaptureServer&) = delete;
  CaptureServer& operator=(const CaptureServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] const ServerCounters& counters() const noexcept;

 private:
  class Thread;
  explicit CaptureServer(std::unique_ptr<Thread> thread);
  std::unique_ptr<Thread> thread_;
};

/// A server, or why there is none.
struct StartedServer {
  std::unique_ptr<CaptureServer> server;
  std::string error;
};

}  // namespace plimsoll::feeds::live
