#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/message/input.hpp"

namespace plimsoll::runtime {

/// An input on its way to the sequencer, and when it began it, in platform::ticks_now(); 0: nobody
/// wants to know.
struct Arrival {
  Input input;
  std::uint64_t received{0};  // its message was whole
  std::uint64_t parsed{0};    // it was put into the inbox
};

/// The lock-free queue from feeds and administration to the sequencer. Each producer keeps its own
/// order; between producers there is none before the sequencer makes one. Bounded: a push waits
/// while `capacity` inputs are in it, so that a replay never loses or conflates anything.
class Inbox {
 public:
  explicit Inbox(std::size_t capacity);
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  /// One producing thread's access.
  class Producer {
   public:
    ~Producer();
    Producer(Producer&&) noexcept;
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;
    Producer& operator=(Producer&&) = delete;
    /// Waits for room. False when the inbox was closed meanwhile: nothing was pushed then.
    bool push(std::span<const Arrival> arrivals);
    /// False when there is no room for all of them, or the inbox is closed: nothing was pushed
    /// then.
    [[nodiscard]] bool try_push(std::span<const Arrival> arrivals);

   private:
    friend class Inbox;
    struct Token;
    Producer(Inbox& inbox, std::unique_ptr<Token> token);
    Inbox& inbox_;
    std::unique_ptr<Token> token_;
  };
  [[nodiscard]] Producer make_producer();

  /// Sequencer only: takes up to into.size() inputs; 0 when there is none at the moment.
  [[nodiscard]] std::size_t pop(std::span<Arrival> into);
  /// Any thread: about how many inputs are in it.
  [[nodiscard]] std::size_t waiting() const noexcept {
    return waiting_.load(std::memory_order_relaxed);
  }
  /// Any thread: wakes waiting producers, and lets later pushes fail.
  void close() noexcept { closed_.store(true, std::memory_order_release); }

 private:
  struct Queue;
  std::unique_ptr<Queue> queue_;
  std::size_t capacity_;
  alignas(64) std::atomic<std::size_t> waiting_{0};  // pushed by producers, popped by the sequencer
  alignas(64) std::atomic<bool> closed_{false};
};

}  // namespace plimsoll::runtime
