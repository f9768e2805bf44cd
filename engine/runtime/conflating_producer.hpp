#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/runtime/inbox.hpp"

namespace plimsoll::runtime {

/// A live feed's access to the inbox: it never waits. While there is no room, the latest tick of
/// each (market or source, kind) is kept, and what it takes the place of is counted; when there is
/// room again the kept ones follow, in the order in which they were last spoken of, each with a
/// TicksConflated or SourceTicksConflated when it took anybody's place. So memory is bounded by
/// what the reference names, and what the sequencer sees is the whole truth about what it does not
/// see.
///
/// REQUIRES of its inputs: BookQuoted, MarkPublished, TradePrinted, MarketInterrupted,
/// SourceQuoted, SourcePriced or SourceInterrupted, of instruments and sources of the reference.
/// That is what a translator makes. Venues' differences must be folded in before.
///
/// Any thread, one at a time inside.
class ConflatingProducer {
 public:
  ConflatingProducer(Inbox& inbox, std::size_t instruments, std::size_t sources);

  void push(const Arrival& arrival);
  /// Hands on what is kept, as far as there is room. To be called now and then, since a feed that
  /// has fallen silent pushes nothing. Returns whether anything is still kept.
  bool flush();

  /// Ticks that later ones have taken the place of, so far.
  [[nodiscard]] std::uint64_t conflated() const;

 private:
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  /// The latest of one (market or source, kind), in a list by the order of the last change.
  struct Slot {
    Arrival latest;
    EventTime since;            // of the first whose place was taken
    std::uint64_t left_out{0};  // since then
    std::uint32_t before{kNone};
    std::uint32_t after{kNone};
    bool kept{false};
  };

  [[nodiscard]] std::uint32_t slot_of(const InputBody& body) const noexcept;
  void keep(const Arrival& arrival);
  void append(std::uint32_t index) noexcept;
  void unlink(std::uint32_t index) noexcept;
  [[nodiscard]] bool hand_on_first();
  bool flush_locked();

  mutable std::mutex mutex_;
  Inbox::Producer producer_;
  std::size_t instruments_;
  std::vector<Slot> slots_;
  std::uint32_t first_{kNone};
  std::uint32_t last_{kNone};
  std::uint64_t conflated_{0};
};

}  // namespace plimsoll::runtime
