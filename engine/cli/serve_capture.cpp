#include "engine/cli/serve_capture.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <ostream>
#include <string_view>
#include <thread>

#include "engine/cli/exit_code.hpp"
#include "engine/platform/log.hpp"
#include "feeds/live/capture_server.hpp"

namespace plimsoll::cli {
namespace {

namespace live = feeds::live;

constexpr std::chrono::milliseconds kLook{50};
constexpr std::size_t kLineMax = 500;  // of a client's words in the log

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // A signal handler sets it.

void on_signal(int /*signal*/) {
  interrupted.store(true);
}

live::ServerSettings settings_of(const ServeCaptureOptions& options) {
  live::ServerSettings settings;
  settings.captures = options.captures;
  settings.address = options.address;
  settings.port = options.port;
  if (!options.tls.empty()) {
    settings.certificate_file = options.tls.front();
    settings.key_file = options.tls.back();
  }
  settings.speed = options.speed.is_max() ? 0 : options.speed.factor();
  settings.drop_after = options.drop_after;
  settings.on_line = [](std::string_view line) { platform::log_info(line.substr(0, kLineMax)); };
  return settings;
}

}  // namespace

int run_serve_capture(const ServeCaptureOptions& options, std::ostream& out, std::ostream& err) {
  interrupted.store(false);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  const auto [server, error] = live::CaptureServer::start(settings_of(options));
  if (!server) {
    err << "plimsoll: " << error << "\n";
    return error.starts_with("cannot listen") ? kFailed : kBadInput;
  }
  out << "listening on " << (options.tls.empty() ? "ws://" : "wss://") << options.address << ":"
      << server->port() << "\n";
  out.flush();
  while (!interrupted.load()) std::this_thread::sleep_for(kLook);
  const live::ServerCounters& counters = server->counters();
  out << "served " << counters.messages.load() << " messages on " << counters.accepted.load()
      << " connections, " << counters.dropped.load() << " of them broken\n";
  return kOk;
}

}  // namespace plimsoll::cli
