#pragma once

#include <memory>
#include <vector>

#include "engine/core/publisher.hpp"
#include "engine/core/shard.hpp"

namespace plimsoll::core {

/// Carries inputs to shards that live on the sequencer's own thread: no queue, no hop. With several
/// shards it shows, without threads, that sharding changes nothing.
class InlineFabric {
 public:
  InlineFabric(const reference::Reference& reference, ShardIndex shards, watch::Mode mode) {
    for (ShardIndex i = 0; i < shards; ++i) {
      shards_.push_back(std::make_unique<Shard>(reference, i, mode));
    }
  }

  [[nodiscard]] ShardIndex shards() const noexcept {
    return static_cast<ShardIndex>(shards_.size());
  }
  [[nodiscard]] std::optional<OpeningFault> open(const Openings& openings) {
    for (const auto& shard : shards_) {
      if (const auto fault = shard->open(openings, shards())) return fault;
    }
    return {};
  }
  void broadcast(const Sequenced& sequenced, Publisher& publisher) {
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      shards_[i]->apply(sequenced, publisher.inbox(i));
    }
    applied_ = sequenced.input.sequence;
  }
  void await(Sequence /*sequence*/, Publisher& /*publisher*/) const noexcept {}
  [[nodiscard]] Sequence collect(Publisher& /*publisher*/) const noexcept { return applied_; }

  void watch_as(watch::Mode mode) {
    for (const auto& shard : shards_) shard->watch_as(mode);
  }

  [[nodiscard]] const Shard& shard(ShardIndex index) const noexcept { return *shards_[index]; }

 private:
  std::vector<std::unique_ptr<Shard>> shards_;
  Sequence applied_;
};

}  // namespace plimsoll::core
