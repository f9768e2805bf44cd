#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <thread>

// A consumer of somebody else's SoupBinTCP stream, as that of a matching engine: it takes every
// sequenced message once and in order, over as many connections as that needs. A server that starts
// again is asked for the number after the last; one that has forgotten it, or has another history,
// ends the following for good, since what is missing can never be made up for.

namespace plimsoll::gateway {

/// Whom to follow. An empty session is whatever the server's is at the first log-on.
struct FollowedStream {
  std::string host;
  std::uint16_t port{0};
  std::string user;
  std::string password;
  std::string session;
  std::uint64_t first_number{1};
  std::chrono::milliseconds silence_max{15'000};
  std::chrono::milliseconds retry_first{100};  // doubled from attempt to attempt
  std::chrono::milliseconds retry_max{5'000};
};

enum class FollowState : std::uint8_t {
  connecting,  // not logged on: what the server knows is unknown here
  following,
  ended,   // by the server: nothing will follow
  broken,  // continuity is lost: somebody has to look
  stopped,
};

[[nodiscard]] const char* to_string(FollowState state) noexcept;

/// Where it delivers: all calls come from its thread.
class StreamSink {
 public:
  StreamSink() = default;
  StreamSink(const StreamSink&) = delete;
  StreamSink& operator=(const StreamSink&) = delete;
  virtual ~StreamSink() = default;

  /// The next message. Being slow here slows the server down: its socket is not read meanwhile.
  /// False: it cannot be taken, and nothing may be left out, so the following is broken.
  [[nodiscard]] virtual bool on_message(std::uint64_t number,
                                        std::span<const std::byte> message) = 0;
  virtual void on_state(FollowState state, const std::string& reason) = 0;
};

class StreamFollower {
 public:
  /// Starts its thread. The sink must outlive it.
  StreamFollower(FollowedStream stream, StreamSink& sink);
  /// stop().
  ~StreamFollower();
  StreamFollower(const StreamFollower&) = delete;
  StreamFollower& operator=(const StreamFollower&) = delete;

  /// Ends the thread, unless the sink keeps it. Not from the sink.
  void stop();

  // Any thread.
  [[nodiscard]] FollowState state() const noexcept { return state_.load(); }
  [[nodiscard]] std::uint64_t taken() const noexcept { return next_.load() - 1; }
  /// Log-ons that were accepted.
  [[nodiscard]] std::uint64_t log_ons() const noexcept { return log_ons_.load(); }
  /// Why it is in its state, in words.
  [[nodiscard]] std::string reason() const;

 private:
  void run();
  /// One connection, from log-on to its end.
  [[nodiscard]] FollowState follow(std::string& reason);
  [[nodiscard]] FollowState on_accepted(std::span<const std::byte> payload, std::string& reason);
  void set(FollowState state, const std::string& reason);
  void sleep(std::chrono::milliseconds length);

  FollowedStream stream_;
  StreamSink& sink_;
  std::atomic<bool> stopping_{false};
  std::atomic<FollowState> state_{FollowState::connecting};
  std::atomic<std::uint64_t> next_{1};  // number of the message that is due
  std::atomic<std::uint64_t> log_ons_{0};
  mutable std::mutex mutex_;
  std::string reason_;
  std::thread thread_;
};

}  // namespace plimsoll::gateway
