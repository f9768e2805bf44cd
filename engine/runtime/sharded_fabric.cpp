#include "engine/runtime/sharded_fabric.hpp"

#include <algorithm>
#include <limits>
#include <thread>

#include "engine/platform/thread.hpp"

namespace plimsoll::runtime {
namespace {

constexpr std::size_t kInputsCapacity = 1 << 12;

}  // namespace

ShardedFabric::ShardedFabric(const reference::Reference& reference, core::ShardIndex shards,
                             watch::Mode mode, const std::vector<unsigned>& processors)
    : inputs_{kInputsCapacity, shards} {
  const bool pin = platform::processor_count() > shards;
  const auto processor_of = [&](core::ShardIndex i) -> std::optional<unsigned> {
    if (!processors.empty()) {
      return i < processors.size() ? std::optional{processors[i]} : std::nullopt;
    }
    return pin ? std::optional{i + 1U} : std::nullopt;
  };
  for (core::ShardIndex i = 0; i < shards; ++i) {
    shards_.push_back(std::make_unique<core::Shard>(reference, i, mode));
  }
  for (core::ShardIndex i = 0; i < shards; ++i) {
    threads_.push_back(std::make_unique<ShardThread>(*shards_[i], i, inputs_, processor_of(i)));
  }
}

std::optional<OpeningFault> ShardedFabric::open(const Openings& openings) {
  std::vector<std::optional<OpeningFault>> faults(shards_.size());
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      helpers.emplace_back([&, i] { faults[i] = shards_[i]->open(openings, shards()); });
    }
  }
  for (const auto& fault : faults) {
    if (fault) return fault;
  }
  return {};
}

void ShardedFabric::broadcast(const core::Sequenced& sequenced, core::Publisher& publisher) {
  for (platform::Backoff backoff; !inputs_.write(sequenced); backoff.wait()) {
    (void)collect(publisher);
  }
}

void ShardedFabric::await(Sequence sequence, core::Publisher& publisher) {
  for (platform::Backoff backoff; collect(publisher) < sequence;) backoff.wait();
}

Sequence ShardedFabric::collect(core::Publisher& publisher) {
  std::uint64_t applied = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    // First how far it is: what that promises is then in the ring.
    applied = std::min(applied, threads_[i]->applied());
    threads_[i]->events().pop([&](const Event& event) { publisher.inbox(i).push_back(event); });
  }
  return Sequence::from_raw(applied);
}

}  // namespace plimsoll::runtime
