#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "feeds/replay/feed_options.hpp"
#include "feeds/replay/feed_statistics.hpp"
#include "feeds/replay/merge.hpp"

namespace plimsoll::feeds {

/// Captures as inputs: merged by receive time, each read as its venue speaks, counted. The same
/// files give the same inputs, whatever the pace. One thread. It knows no clock, no sequencer and
/// no log, and allocates nothing per line once its buffers have met the longest one.
///
/// A capture is one connection: it has its own books, and a disconnect interrupts what it has
/// spoken of. Answers of a REST interface reach every capture of their venue.
class Feed {
 public:
  /// Opens the captures ("PATH" or "VENUE=PATH"); error() says at once when one cannot be read.
  /// Copies what it needs of `reference`.
  Feed(const std::vector<std::string>& captures, const reference::Reference& reference,
       const FeedOptions& options = {});

  /// The next input: not sequenced, external, at its receive time. Lines that give none are counted
  /// and passed over. When the captures are gone through again, times go on by the length of what
  /// was read and a millisecond, everything counts as interrupted once, and the venue's numbers are
  /// left out, since they do not rise over the seam.
  [[nodiscard]] Step next(Input& input);

  /// Why the feed failed.
  [[nodiscard]] const std::optional<CaptureError>& error() const noexcept {
    return merge_->error();
  }

  [[nodiscard]] Venue venue(std::size_t capture) const { return connections_.at(capture).venue; }
  [[nodiscard]] const CaptureReader& reader(std::size_t capture) const {
    return merge_->reader(capture);
  }

  /// The counts so far. A few lines may have been read ahead that are not used yet; they are not
  /// counted.
  [[nodiscard]] FeedStatistics statistics() const;

 private:
  using LineTallies = std::array<RejectTally, kLineRejectKinds>;
  struct Connection {
    Venue venue{Venue::binance_usdm};
    std::unique_ptr<Translator> translator;
    bool header_read{false};                           // of a CSV
    std::array<RejectTally, kRejectKinds> rejected{};  // of messages
    LineTallies lines_before{};                        // rejected by the reader, in earlier rounds
  };
  void open();
  [[nodiscard]] bool start_again();
  void take(const MergedLine& merged);
  [[nodiscard]] Translation translate(const MergedLine& merged);
  [[nodiscard]] Translation translate_answer(const MergedLine& merged);
  void reject(const MergedLine& merged, Reject reason, std::string_view kind);
  void count_unknown(std::string_view kind);
  void give(Input& input);
  void note(const Input& input) noexcept;
  [[nodiscard]] LineTallies line_rejects(std::size_t capture) const;
  void add_line_rejects(FeedStatistics& statistics) const;
  void add_message_rejects(FeedStatistics& statistics) const;
  void add_delay(FeedStatistics& statistics) const;

  std::vector<std::string> paths_;
  FeedOptions options_;
  std::unique_ptr<Merge> merge_;
  std::vector<Connection> connections_;  // by capture
  std::span<const InputBody> pending_;   // of the line, not given yet
  EventTime pending_time_;
  std::vector<InputBody> interruptions_;  // between two rounds
  std::uint64_t round_{0};
  Duration shift_;                        // of this round
  std::optional<EventTime> first_stamp_;  // of the lines that count
  EventTime last_stamp_;
  FeedStatistics counts_;  // but for what statistics() adds
  std::uint64_t stamps_went_back_before_{0};
  std::vector<std::int64_t> delays_;
};

}  // namespace plimsoll::feeds
