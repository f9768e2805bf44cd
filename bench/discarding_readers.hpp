#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace plimsoll::bench {

/// Many subscribers on one thread: reads whatever comes on any of its sockets and throws it away.
class DiscardingReaders {
 public:
  /// Starts the thread, pinned to `processor`.
  explicit DiscardingReaders(unsigned processor);
  ~DiscardingReaders();
  DiscardingReaders(const DiscardingReaders&) = delete;
  DiscardingReaders& operator=(const DiscardingReaders&) = delete;

  /// Reads from a socket that does not block, from now on. It stays open until stop().
  void add(int socket);
  /// Bytes read so far. Any thread.
  [[nodiscard]] std::uint64_t received() const noexcept {
    return received_.load(std::memory_order_relaxed);
  }
  /// Spins until so many bytes have been read since the start.
  void wait_for(std::uint64_t received) const noexcept;
  void stop();

 private:
  void run();

  int epoll_;
  alignas(64) std::atomic<std::uint64_t> received_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Raises the limit of open files as far as the system allows.
void raise_file_limit() noexcept;

}  // namespace plimsoll::bench
