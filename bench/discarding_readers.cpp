#include "bench/discarding_readers.hpp"

#include <array>
#include <cstddef>
#include <vector>

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/base/assert.hpp"
#include "engine/platform/thread.hpp"

namespace plimsoll::bench {

DiscardingReaders::DiscardingReaders(unsigned processor) : epoll_{::epoll_create1(EPOLL_CLOEXEC)} {
  PLIMSOLL_ASSERT(epoll_ >= 0);
  thread_ = std::thread{[this, processor] {
    platform::pin_current_thread(processor);
    run();
  }};
}

DiscardingReaders::~DiscardingReaders() {
  stop();
  ::close(epoll_);
}

void DiscardingReaders::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void DiscardingReaders::add(int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  const int added = ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  PLIMSOLL_ASSERT(added == 0);
}

void DiscardingReaders::wait_for(std::uint64_t received) const noexcept {
  while (this->received() < received) platform::spin_pause();
}

void DiscardingReaders::run() {
  std::vector<std::byte> bytes(std::size_t{256} * 1024);
  std::array<epoll_event, 256> ready{};
  while (!stopping_.load(std::memory_order_relaxed)) {
    // It spins: a reader that sleeps would be woken by the writer, at the writer's cost.
    const int count = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 0);
    std::uint64_t read = 0;
    for (int i = 0; i < count; ++i) {
      const ssize_t got =
          ::recv(ready[static_cast<std::size_t>(i)].data.fd, bytes.data(), bytes.size(), 0);
      if (got > 0) read += static_cast<std::uint64_t>(got);
    }
    if (read > 0) received_.fetch_add(read, std::memory_order_relaxed);
  }
}

void raise_file_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace plimsoll::bench
