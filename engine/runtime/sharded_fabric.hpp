#pragma once

#include <memory>
#include <vector>

#include "engine/core/publisher.hpp"
#include "engine/core/shard.hpp"
#include "engine/runtime/shard_thread.hpp"

namespace plimsoll::runtime {

/// Carries inputs to shards on threads of their own, and their events back. Used by the sequencer's
/// thread only.
class ShardedFabric {
 public:
  /// Starts `shards` threads, pinned to `processors`, one each; without any from processor 1 on,
  /// when there are processors enough for each thread to have one.
  ShardedFabric(const reference::Reference& reference, core::ShardIndex shards, watch::Mode mode,
                const std::vector<unsigned>& processors = {});

  [[nodiscard]] core::ShardIndex shards() const noexcept {
    return static_cast<core::ShardIndex>(shards_.size());
  }
  /// Each shard's accounts, side by side; returns when all are open. REQUIRES: await() of the last
  /// input has returned and nothing was broadcast since. The next broadcast hands them over.
  [[nodiscard]] std::optional<OpeningFault> open(const Openings& openings);
  /// Waits while the ring is full, draining events so that no shard waits for the sequencer.
  void broadcast(const core::Sequenced& sequenced, core::Publisher& publisher);
  void await(Sequence sequence, core::Publisher& publisher);
  [[nodiscard]] Sequence collect(core::Publisher& publisher);

  /// Both REQUIRE: await() of the last input has returned and nothing was broadcast since. The next
  /// broadcast hands the change over to the shards' threads.
  void watch_as(watch::Mode mode) {
    for (const auto& shard : shards_) shard->watch_as(mode);
  }
  [[nodiscard]] const core::Shard& shard(core::ShardIndex index) const noexcept {
    return *shards_[index];
  }

 private:
  std::vector<std::unique_ptr<core::Shard>> shards_;
  ShardThread::Inputs inputs_;
  std::vector<std::unique_ptr<ShardThread>> threads_;
};

}  // namespace plimsoll::runtime
