#pragma once

#include <thread>

namespace plimsoll::platform {

/// Pins the calling thread to one processor. Returns false when the system does not allow it or
/// there is no such processor; the thread then runs where it ran before.
bool pin_current_thread(unsigned processor) noexcept;

/// Names the calling thread, for tools that list threads. At most 15 characters count.
void name_current_thread(const char* name) noexcept;

/// Processors this process may run on.
[[nodiscard]] unsigned processor_count() noexcept;

/// Tells the processor that this is a spin loop.
inline void spin_pause() noexcept {
  __builtin_ia32_pause();
}

/// Spins a while, then gives the processor away at each turn: right both when the other side has a
/// core of its own and when it does not. One object per wait.
class Backoff {
 public:
  void wait() noexcept {
    if (turns_ < kSpins) {
      ++turns_;
      spin_pause();
    } else {
      std::this_thread::yield();
    }
  }

 private:
  static constexpr int kSpins = 256;
  int turns_{0};
};

}  // namespace plimsoll::platform
