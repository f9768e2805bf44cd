#pragma once

#include <vector>

#include "engine/base/assert.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::marks {

/// One price moves, or is believed otherwise: anywhere from `low` to `high`, and `price` shows. A
/// price that is believed is all three.
struct Move {
  InstrumentId instrument{kNoInstrument};  // whose mark
  AssetId asset{kNoAsset};                 // or whose index; neither: nothing moves
  Price price{};
  Price low{};
  Price high{};
  bool frozen{false};

  [[nodiscard]] bool sure() const noexcept { return low == high && !frozen; }
};

/// The market as the margin sees it: marks, indices, funding estimates, open interest, collateral
/// factors, and the terms of every instrument that are in force. A plain array each. Single writer;
/// each shard and the sequencer own one and apply the same changes.
class Marks {
 public:
  /// Terms of an instrument that an input may change.
  struct Terms {
    TiersId tiers_long;
    TiersId tiers_short;
    InstrumentStatus status{InstrumentStatus::trading};
  };

  explicit Marks(const reference::Reference& reference);

  /// The mark, or Price 0 when there is none yet.
  [[nodiscard]] Price of(InstrumentId instrument) const noexcept {
    return prices_[instrument.raw()];
  }
  [[nodiscard]] bool known(InstrumentId instrument) const noexcept {
    return of(instrument).raw() != 0;
  }
  void set(InstrumentId instrument, Price mark) noexcept {
    PLIMSOLL_ASSERT(mark.raw() > 0);
    prices_[instrument.raw()] = mark;
  }
  /// Applies a move. REQUIRES: 0 < low <= high, and it names a mark or an index.
  void apply(const Move& move);

  /// Is there any price that is not sure? As long as there is none, nothing below needs a look.
  [[nodiscard]] bool any_unsure() const noexcept { return unsure_ != 0; }
  /// The mark, or index, as it was last moved.
  [[nodiscard]] Move state(InstrumentId instrument) const noexcept;
  [[nodiscard]] Move state(AssetId asset) const noexcept;
  [[nodiscard]] bool frozen(InstrumentId instrument) const noexcept {
    return any_unsure() && state(instrument).frozen;
  }
  [[nodiscard]] bool frozen(AssetId asset) const noexcept {
    return any_unsure() && state(asset).frozen;
  }

  /// Numeraire per unit of an asset, or Price 0 when there is none yet; of the numeraire itself 1.
  [[nodiscard]] Price index(AssetId asset) const noexcept { return indices_[asset.raw()]; }
  [[nodiscard]] bool indexed(AssetId asset) const noexcept { return index(asset).raw() != 0; }
  void set_index(AssetId asset, Price price) noexcept { indices_[asset.raw()] = price; }

  /// The estimated rate of the next funding.
  [[nodiscard]] Rate funding(InstrumentId instrument) const noexcept {
    return fundings_[instrument.raw()];
  }
  void set_funding(InstrumentId instrument, Rate rate) noexcept {
    fundings_[instrument.raw()] = rate;
  }

  [[nodiscard]] Quantity open_interest(InstrumentId instrument) const noexcept {
    return open_interests_[instrument.raw()];
  }
  void set_open_interest(InstrumentId instrument, Quantity quantity) noexcept {
    open_interests_[instrument.raw()] = quantity;
  }

  /// The share of an asset that counts as collateral.
  [[nodiscard]] Rate collateral_factor(AssetId asset) const noexcept {
    return factors_[asset.raw()];
  }
  void set_collateral_factor(AssetId asset, Rate factor) noexcept {
    factors_[asset.raw()] = factor;
  }

  [[nodiscard]] const Terms& terms(InstrumentId instrument) const noexcept {
    return terms_[instrument.raw()];
  }
  void set_terms(InstrumentId instrument, const Terms& terms) noexcept {
    terms_[instrument.raw()] = terms;
  }
  void set_status(InstrumentId instrument, InstrumentStatus status) noexcept {
    terms_[instrument.raw()].status = status;
  }

 private:
  /// What a price is when it is not sure. All zero: it is.
  struct Doubt {
    Price low{};
    Price high{};
    bool frozen{false};
  };
  static Move state_of(const Doubt& doubt, Price price) noexcept;
  void note(Doubt& doubt, const Move& move) noexcept;

  std::size_t unsure_{0};            // marks and indices that are not sure
  std::vector<Doubt> mark_doubts_;   // by instrument
  std::vector<Doubt> index_doubts_;  // by asset
  std::vector<Price> prices_;        // by instrument, as are the next three
  std::vector<Rate> fundings_;
  std::vector<Quantity> open_interests_;
  std::vector<Terms> terms_;
  std::vector<Price> indices_;  // by asset, as is the next
  std::vector<Rate> factors_;
};

}  // namespace plimsoll::marks
