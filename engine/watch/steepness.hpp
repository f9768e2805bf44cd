#pragma once

#include <vector>

#include "engine/reference/reference.hpp"

namespace plimsoll::watch {

/// How much of a move of a price reaches an excess, at most, for accounts whose lines are not
/// valued one by one.
///
/// With a mark moved so that a unit is worth d more or less, value and notional of a line of
/// exposure x move by at most x d + 1, its requirement by the rate of its tables (with slippage,
/// fees and funding) times that and some roundings, and an excess equity - T(f) by the first plus f
/// times the second + 1; f is at most call_target. In multi-asset mode both are weighed with the
/// liability weight of the settlement asset and the debt charge, and converted at the index. A
/// relative move r of an index moves worth, debt and requirement by at most r times what they are.
class Steepness {
 public:
  struct Line {
    double slope{0};      // of an excess, for a value move of 1: the sum of the next two
    double value{0};      // by the value itself
    double charge{0};     // by the requirement
    double roundings{0};  // units that all roundings together can make
    bool rising{false};   // is a line worth more, after its requirement, whenever it is worth more?
  };

  explicit Steepness(const reference::Reference& reference);

  /// Of any line in an account with one margin asset, in units of that asset.
  [[nodiscard]] const Line& single(ProfileId profile, InstrumentId instrument) const noexcept {
    return single_[profile.raw() * rates_.size() + instrument.raw()];
  }
  /// Of one that its tables charge at most that rate (1e-9, with slippage).
  [[nodiscard]] Line single_at(ProfileId profile, Int128 rate) const noexcept;
  /// The same of a line in multi-asset mode, in units of the settlement asset.
  [[nodiscard]] Line multi_at(ProfileId profile, AssetId settle, Int128 rate) const noexcept;
  /// The highest rate of an instrument's tables, also of those that are not in force.
  [[nodiscard]] Int128 highest_rate(InstrumentId instrument) const noexcept {
    return rates_[instrument.raw()];
  }
  /// Of a relative move of an index, for each unit that an account has at indices.
  [[nodiscard]] double index(ProfileId profile) const noexcept { return index_[profile.raw()]; }

 private:
  const reference::Reference& reference_;
  std::vector<Int128> rates_;  // by instrument
  std::vector<Line> single_;   // by profile and instrument
  std::vector<double> index_;  // by profile
};

}  // namespace plimsoll::watch
