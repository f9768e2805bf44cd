#pragma once

#include <cstdint>
#include <vector>

#include "engine/reference/reference.hpp"

// How tests put references together by hand.

namespace plimsoll::support {

/// One bracket as people write it.
struct BracketTerms {
  std::int64_t floor;           // in whole units of the asset
  std::int64_t maintenance_bp;  // basis points
  std::int64_t initial_bp;
};

/// Brackets of a table that counts value; `unit` is one whole unit of the asset.
[[nodiscard]] std::vector<reference::Bracket> brackets_of(std::int64_t unit,
                                                          const std::vector<BracketTerms>& terms);

/// An asset without a fund, an index or a cap.
[[nodiscard]] reference::Asset asset_of(const char* name, int decimals);

/// A linear instrument without tiers, with lots of 1.
[[nodiscard]] reference::Instrument linear_instrument(const char* symbol, AssetId settle,
                                                      int quantity_decimals, std::int64_t tick,
                                                      std::int64_t price_max);

/// Appends a table to the tiers, for the instrument that it names.
TiersId add_tiers(reference::Reference& reference, reference::Tiers tiers);

/// Appends an instrument with one marginal table, for long and short.
InstrumentId add_linear(reference::Reference& reference, reference::Instrument instrument,
                        std::vector<reference::Bracket> brackets);

/// The brackets of the long table of an instrument.
[[nodiscard]] std::vector<reference::Bracket>& brackets_of(reference::Reference& reference,
                                                           InstrumentId instrument);
[[nodiscard]] const std::vector<reference::Bracket>& brackets_of(
    const reference::Reference& reference, InstrumentId instrument);

/// The reference after finish(). A violation is printed and aborts.
[[nodiscard]] reference::Reference finished(reference::Reference reference);

}  // namespace plimsoll::support
