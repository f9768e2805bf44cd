#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/prefetch.hpp"
#include "engine/value/types.hpp"

namespace plimsoll::lifecycle {

/// The open deadlines of one shard, at most one an account, first due first: a binary heap that
/// knows where each account stands, so that an ended call leaves at once and the heap never holds
/// more entries than accounts. Ordered by (due, account id). No allocation after construction.
class Deadlines {
 public:
  struct Entry {
    EventTime due;
    AccountId id;
    std::uint32_t account{0};
  };

  explicit Deadlines(std::size_t accounts);

  /// REQUIRES: the account has no open deadline.
  void add(const Entry& entry);
  /// REQUIRES: the account has an open deadline.
  void remove(std::uint32_t account);
  /// Gets the place of an account that may soon have one into the processor's cache.
  void fetch(std::uint32_t account) const noexcept { prefetch(&places_[account]); }
  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
  /// The entry that is due first. REQUIRES: not empty.
  [[nodiscard]] const Entry& first() const noexcept { return heap_.front(); }

 private:
  void place(std::size_t at, const Entry& entry) noexcept;
  void sift_up(std::size_t at, Entry entry) noexcept;
  void sift_down(std::size_t at, Entry entry) noexcept;

  std::vector<Entry> heap_;
  std::vector<std::uint32_t> places_;  // by account: its place in the heap plus 1, 0 when none
};

}  // namespace plimsoll::lifecycle
