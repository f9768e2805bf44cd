#pragma once

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "engine/core/shard.hpp"
#include "engine/runtime/broadcast_ring.hpp"
#include "engine/runtime/spsc_ring.hpp"

namespace plimsoll::runtime {

/// A shard on a thread of its own, pinned where the system allows: reads the broadcast ring, pushes
/// events into its ring, then moves its cursor. Nothing else of it is shared.
class ShardThread {
 public:
  using Inputs = BroadcastRing<core::Sequenced>;

  ShardThread(core::Shard& shard, std::size_t reader, Inputs& inputs,
              std::optional<unsigned> processor);
  /// Stops after the inputs written so far are applied. REQUIRES: somebody drains events() until
  /// the cursor has reached the last input.
  ~ShardThread();
  ShardThread(const ShardThread&) = delete;
  ShardThread& operator=(const ShardThread&) = delete;

  /// The sequencer drains it. Every event of an input is in it before the cursor passes the input.
  [[nodiscard]] SpscRing<Event>& events() noexcept { return events_; }
  /// Any thread: the sequence of the last input that was applied as a whole.
  [[nodiscard]] std::uint64_t applied() const noexcept {
    return applied_.load(std::memory_order_acquire);
  }

 private:
  void run(std::optional<unsigned> processor);
  void push_events();

  core::Shard& shard_;
  std::size_t reader_;
  Inputs& inputs_;
  SpscRing<Event> events_;
  std::vector<Event> buffer_;
  std::atomic<bool> stop_{false};
  alignas(64) std::atomic<std::uint64_t> applied_{0};
  std::thread thread_;
};

}  // namespace plimsoll::runtime
