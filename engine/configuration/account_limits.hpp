#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// The numeric limits of the engine (engine/README.md, "Limits") for the accounts of a book: what
// passes here is never refused as exposure_out_of_range. Private to this folder; one thread.

namespace plimsoll::configuration {

/// The engine takes no greater balance, size or exposure, in either direction.
inline constexpr std::int64_t kMagnitudeMax = reference::kExposureMax;
using reference::exposure_of;

class AccountLimits {
 public:
  /// `reference` must be finished and outlive this.
  explicit AccountLimits(const reference::Reference& reference) : reference_{reference} {}

  /// From now on it is about this account, which has nothing yet.
  void begin(const AccountOpened& account);

  // Each takes something into the account and says whether it still fits.

  [[nodiscard]] bool add_balance(AssetId asset, std::int64_t amount);
  [[nodiscard]] bool add_position(InstrumentId instrument, PositionSide side, std::int64_t size);
  [[nodiscard]] bool add_order(InstrumentId instrument, PositionSide side, std::int64_t size);

  /// Its positions count for its owner from now on.
  void commit();

 private:
  struct Line {
    InstrumentId instrument;
    PositionSide side;
    Int128 position;  // both without sign
    Int128 orders;
    Int128 exposure;
  };
  struct Sum {
    AssetId asset;
    Int128 balance;  // without sign
    Int128 exposure;
  };
  using OwnerInstrument = std::pair<std::uint64_t, std::uint32_t>;

  Line& line_of(InstrumentId instrument, PositionSide side);
  Sum& sum_of(AssetId asset);
  [[nodiscard]] bool update(Line& line);
  [[nodiscard]] bool owner_fits(const Line& line) const;
  [[nodiscard]] bool sums_fit() const;

  const reference::Reference& reference_;
  AccountOpened account_;
  bool aggregates_{false};
  std::vector<Line> lines_;
  std::vector<Sum> sums_;
  std::map<OwnerInstrument, Int128> gross_;  // of owners whose profile aggregates
};

}  // namespace plimsoll::configuration
