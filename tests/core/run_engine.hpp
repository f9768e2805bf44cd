#pragma once

#include <vector>

#include "engine/core/audit.hpp"
#include "engine/core/event_hash.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"

namespace plimsoll::core {

/// What a run of the engine did.
struct EngineRun {
  std::vector<Input> inputs;
  std::vector<Event> events;
  Audit audit;
  watch::BandCounters bands{};  // of all shards

  [[nodiscard]] std::uint64_t hash() const {
    EventHash hash;
    for (const Event& event : events) hash.add(event);
    return hash.value();
  }
};

/// Runs inputs through the engine on inline shards. With `audit_each`, conservation is checked
/// after every input; the first gap stops the run and shows in the audit.
inline EngineRun run_inline(const reference::Reference& reference, const std::vector<Input>& inputs,
                            ShardIndex shards, watch::Mode mode, bool audit_each = false) {
  InlineFabric fabric{reference, shards, mode};
  Sequencer<InlineFabric> sequencer{reference, fabric};
  for (const Input& input : inputs) {
    sequencer.submit(input);
    if (audit_each && !audit(reference, fabric, sequencer.house()).conserved()) break;
  }
  sequencer.publish_all();
  EngineRun run{{sequencer.sequenced().begin(), sequencer.sequenced().end()},
                {sequencer.published().begin(), sequencer.published().end()},
                audit(reference, fabric, sequencer.house())};
  for (ShardIndex i = 0; i < shards; ++i) {
    const watch::BandCounters& bands = fabric.shard(i).bands().counters();
    run.bands.touches += bands.touches;
    run.bands.exhausted += bands.exhausted;
    run.bands.storms += bands.storms;
    run.bands.swept += bands.swept;
  }
  return run;
}

/// Do two events say the same in every field?
inline bool same(const Event& a, const Event& b) {
  EventHash left;
  EventHash right;
  left.add(a);
  right.add(b);
  return left.value() == right.value();
}

/// The first place where two lists of events differ, or -1.
inline std::ptrdiff_t first_difference(const std::vector<Event>& a, const std::vector<Event>& b) {
  const std::size_t shared = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (!same(a[i], b[i])) return static_cast<std::ptrdiff_t>(i);
  }
  return a.size() == b.size() ? -1 : static_cast<std::ptrdiff_t>(shared);
}

/// An event as text for a failed comparison.
inline std::string describe(const std::vector<Event>& events, std::ptrdiff_t at) {
  if (at < 0 || static_cast<std::size_t>(at) >= events.size()) return "(nothing)";
  const Event& event = events[static_cast<std::size_t>(at)];
  std::string text{event_kind_name(kind_of(event))};
  const auto add = [&text](const char* name, const auto& value) {
    text += std::string{" "} + name + "=";
    if constexpr (requires { value.raw(); }) {
      text += std::to_string(value.raw());
    } else {
      text += std::to_string(static_cast<long long>(value));
    }
  };
  for_each_field(event.header, add);
  std::visit([&](const auto& body) { for_each_field(body, add); }, event.body);
  return text;
}

}  // namespace plimsoll::core
