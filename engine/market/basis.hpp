#pragma once

#include "engine/reference/price_rules.hpp"

namespace plimsoll::market {

/// How far a market trades from its index: a mean weighted exponentially over time, in price units,
/// and never farther from 0 than basis_max of the index. Every update lets the last premium count
/// for the time since it, share dt / (dt + basis_time). All divisions round towards 0.
class Basis {
 public:
  explicit Basis(const reference::MarkRules& rules) noexcept : rules_{rules} {}

  /// The middle of the market stands at `middle` (0: nobody knows, which counts as no premium)
  /// while the index is at `index`.
  void update(Price index, Price middle, EventTime now) noexcept;
  /// index + basis, at least 1 raw unit.
  [[nodiscard]] Price mark(Price index) const noexcept;

 private:
  [[nodiscard]] std::int64_t bounded(std::int64_t premium, Price index) const noexcept;

  const reference::MarkRules& rules_;
  std::int64_t mean_{0};
  std::int64_t premium_{0};  // as it stood at last_
  EventTime last_;           // 0: never
};

}  // namespace plimsoll::market
