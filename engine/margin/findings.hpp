#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

#include "engine/margin/plain.hpp"
#include "engine/value/types.hpp"

namespace plimsoll::margin {

/// What the last judgement of an account found: as long as none of these is used up, judging it
/// again would say nothing. In units of its margin asset; below 0: used up, or unknown.
struct Findings {
  static constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

  /// The excess over T(floor_factor) may fall by that.
  std::int64_t floor{-1};
  Rate floor_factor{};
  /// The excess over T(ceiling_factor) may rise by that.
  std::int64_t ceiling{kUnlimited};
  Rate ceiling_factor{};
  /// How far value may move, or any of the excesses, for any other reason.
  std::int64_t room{kUnlimited};
  Int128 indexed{0};    // see margin::Valuation
  bool by_line{false};  // does each line stand for itself, at a price that is sure?
  std::span<const Contribution> parts{};  // then: of the lines that count, in order

  [[nodiscard]] std::int64_t least() const noexcept { return std::min({floor, ceiling, room}); }
};

}  // namespace plimsoll::margin
