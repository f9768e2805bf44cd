#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "feeds/replay/feed_statistics.hpp"
#include "feeds/replay/merge.hpp"
#include "feeds/venue/binance/parser.hpp"

namespace plimsoll::feeds {

/// Captures as inputs: merged by receive time, parsed, counted. The same files give the same
/// inputs, whatever the pace. One thread. It knows no clock, no sequencer and no log, and allocates
/// nothing per line once its buffers have met the longest one.
class Feed {
 public:
  /// Opens the captures; error() says at once when one cannot be read. Copies what it needs of
  /// `reference`.
  Feed(const std::vector<std::string>& captures, const reference::Reference& reference,
       const CaptureLimits& limits = {});

  /// The next input: not sequenced, external, at its receive time. Lines that give none are counted
  /// and passed over.
  [[nodiscard]] Step next(Input& input);

  /// Why the feed failed.
  [[nodiscard]] const std::optional<CaptureError>& error() const noexcept { return merge_.error(); }

  /// The counts so far. A few lines may have been read ahead that are not used yet; they are not
  /// counted.
  [[nodiscard]] FeedStatistics statistics() const;

 private:
  // Reasons of the venue, by (capture, reason).
  using Tallies = std::array<RejectTally, binance::kRejectKinds>;
  void note(const Input& input) noexcept;
  void add_line_rejects(FeedStatistics& statistics) const;
  void add_message_rejects(FeedStatistics& statistics) const;

  Merge merge_;
  binance::Parser parser_;
  std::vector<Tallies> message_rejects_;
  std::vector<InstrumentSeen> instruments_;
  std::uint64_t lines_used_{0};
  EventTime first_time_;
  EventTime last_time_;
};

}  // namespace plimsoll::feeds
