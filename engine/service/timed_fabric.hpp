#pragma once

#include <cstdint>
#include <utility>

#include "engine/core/publisher.hpp"
#include "engine/core/shard.hpp"
#include "engine/platform/tick_clock.hpp"

namespace plimsoll::service {

/// A fabric that knows how long its shards have taken. It changes nothing else.
template <class Fabric>
class TimedFabric {
 public:
  explicit TimedFabric(Fabric& fabric) : fabric_{fabric} {}

  [[nodiscard]] core::ShardIndex shards() const noexcept { return fabric_.shards(); }
  [[nodiscard]] const core::Shard& shard(core::ShardIndex index) const noexcept {
    return fabric_.shard(index);
  }
  [[nodiscard]] std::optional<OpeningFault> open(const Openings& openings) {
    return fabric_.open(openings);
  }
  void broadcast(const core::Sequenced& sequenced, core::Publisher& publisher) {
    const std::uint64_t start = platform::ticks_now();
    fabric_.broadcast(sequenced, publisher);
    ticks_ += platform::ticks_now() - start;
  }
  void await(Sequence sequence, core::Publisher& publisher) { fabric_.await(sequence, publisher); }
  [[nodiscard]] Sequence collect(core::Publisher& publisher) { return fabric_.collect(publisher); }

  /// Ticks in broadcast() since the last call.
  [[nodiscard]] std::uint64_t take_ticks() noexcept { return std::exchange(ticks_, 0); }

 private:
  Fabric& fabric_;
  std::uint64_t ticks_{0};
};

}  // namespace plimsoll::service
