#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/message/event.hpp"

namespace plimsoll::core {

/// Merges the events of all sources (shards, and the sequencer with its house) by cause, puts those
/// of one cause in canonical order, and numbers them. Owned by the sequencer's thread.
class Publisher {
 public:
  explicit Publisher(std::size_t sources);

  /// Where a source appends its events, in the order of their causes.
  [[nodiscard]] std::vector<Event>& inbox(std::size_t source) noexcept {
    return sources_[source].events;
  }

  /// Publishes everything caused by inputs up to `through`. REQUIRES: every source has appended all
  /// that those inputs caused.
  void release(Sequence through);

  /// The events published since the last clear(), in order.
  [[nodiscard]] std::span<const Event> published() const noexcept { return published_; }
  void clear_published() noexcept { published_.clear(); }
  /// The number of the last event published.
  [[nodiscard]] EventNumber last() const noexcept { return last_; }

 private:
  struct Source {
    std::vector<Event> events;
    std::size_t taken{0};
  };
  [[nodiscard]] bool next_cause(Sequence through, Sequence& cause) const noexcept;
  void publish_cause(Sequence cause);

  /// More of them at once, or between two calls of clear_published(), take memory once more.
  static constexpr std::size_t kEventsAtStart = 8'192;

  std::vector<Source> sources_;
  std::vector<Event> gathered_;       // of the cause at hand, by source
  std::vector<std::uint32_t> order_;  // of these
  std::vector<Event> published_;
  EventNumber last_;
};

}  // namespace plimsoll::core
