#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/platform/counter.hpp"
#include "engine/platform/latency_histogram.hpp"
#include "engine/reference/reference.hpp"
#include "engine/runtime/conflating_producer.hpp"
#include "feeds/live/sink.hpp"
#include "feeds/venue/translator.hpp"

namespace plimsoll::service {

/// What a live feed has brought so far.
struct FeedReading {
  std::uint64_t messages{0};
  std::uint64_t inputs{0};
  std::uint64_t conflated{0};
  std::uint64_t disconnects{0};
  std::uint64_t failed_attempts{0};
  std::uint64_t connected{0};                                 // connections that are up
  EventTime last_message;                                     // 0: none yet
  std::array<std::uint64_t, feeds::kRejectKinds> rejected{};  // by feeds::Reject
  platform::LatencyHistogram::Reading receive;  // ticks from the stamp of a message to its parsing
  platform::LatencyHistogram::Reading parse;    // from there to its inputs
};

/// One venue's live messages into the inbox: translated and stamped with the time of their
/// reception; conflated while the inbox is full. Its client's thread delivers.
class FeedInput final : public feeds::live::Sink {
 public:
  FeedInput(feeds::Venue venue, const reference::Reference& reference, runtime::Inbox& inbox);

  void on_message(std::string_view venue, EventTime received,
                  std::string_view text) noexcept override;
  void on_link(const feeds::live::LinkEvent& event) noexcept override;

  // Any thread.
  /// Hands on what was kept while the inbox was full. Returns whether anything still is.
  bool flush() { return producer_.flush(); }
  [[nodiscard]] feeds::Venue venue() const noexcept { return translator_.venue(); }
  [[nodiscard]] FeedReading read() const;

 private:
  void push(const feeds::Translation& translation, EventTime time, std::uint64_t received);

  feeds::Translator translator_;
  runtime::ConflatingProducer producer_;
  std::vector<char> text_;  // with the padding that a translator wants
  // Moved by the client's thread.
  platform::Counter messages_;
  platform::Counter inputs_;
  platform::Counter disconnects_;
  platform::Counter failed_attempts_;
  platform::Counter connected_;
  platform::Counter last_message_;  // EventTime
  std::array<platform::Counter, feeds::kRejectKinds> rejected_;
  platform::LatencyHistogram receive_;
  platform::LatencyHistogram parse_;
};

/// The symbols of a venue that a reference speaks of: of its instruments and sources, each once.
[[nodiscard]] std::vector<std::string> symbols_of(const reference::Reference& reference,
                                                  feeds::Venue venue);

}  // namespace plimsoll::service
