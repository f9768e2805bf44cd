#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

// Many well-behaved clients on one thread: each counts its events, and sends heartbeats.

namespace plimsoll::gateway {

/// Raises the limit of open files as far as the system allows.
void raise_file_limit();

struct CrowdOptions {
  std::size_t count{0};
  int receive_buffer{0};  // of the kernel; 0: its default
  bool reads{true};       // else not before resume()
};

class Crowd {
 public:
  /// Connects all of them to a port of 127.0.0.1 and logs on for every event from the first.
  Crowd(std::uint16_t port, const CrowdOptions& options);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  /// Begins to read where it did not.
  void resume() { reads_ = true; }
  /// Waits until everybody has had event `number` or was cut, at most `seconds`.
  [[nodiscard]] bool wait_for(std::uint64_t number, int seconds);

  struct Tally {
    std::size_t at_the_end{0};  // had every event up to the number
    std::size_t cut{0};         // one notice, and then the end of the connection
    std::size_t wrong{0};       // a gap, a repetition, a second notice, any other end
  };
  [[nodiscard]] Tally tally(std::uint64_t number);
  /// Nanoseconds from the time that is in an event to its arrival, of a sample since the last call.
  [[nodiscard]] std::vector<double> take_delays();

 private:
  struct Member {
    int socket{-1};
    std::vector<std::byte> rest;  // of a packet that has not come as a whole
    std::uint64_t next{1};
    int notices{0};
    bool ended{false};
    bool wrong{false};
  };

  void run();
  void read(Member& member, bool sampled);
  void take(Member& member, std::span<const std::byte> packet, bool sampled);
  void send_heartbeats();
  [[nodiscard]] bool settled(std::uint64_t number);

  int epoll_;
  std::mutex mutex_;  // of the members and the delays
  std::vector<Member> members_;
  std::vector<double> delays_;
  std::vector<std::byte> buffer_;
  std::atomic<bool> reads_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace plimsoll::gateway
