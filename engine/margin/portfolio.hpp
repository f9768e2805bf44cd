#pragma once

#include <vector>

#include "engine/ledger/ledger.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::margin {

/// What an account has in one instrument and side.
struct Line {
  InstrumentId instrument;
  PositionSide side{PositionSide::net};
  Quantity quantity;
  Amount entry_value;
  Rate leverage;  // 0: none set
  Quantity buys;  // remainders of the open orders that count
  Quantity sells;
  Int128 others{0};  // by owner: what the owner has besides this position

  [[nodiscard]] bool counts() const noexcept {
    return quantity.raw() != 0 || buys.raw() != 0 || sells.raw() != 0;
  }
};

/// An open order that counts.
struct RestingOrder {
  InstrumentId instrument;
  PositionSide side{PositionSide::net};
  Quantity remaining;
  Price limit;
};

struct Holding {
  AssetId asset;
  Amount amount;
  Int128 others{0};  // by owner: the positive balances of the owner's other accounts
};

/// A plain copy of what one account is: what questions of the kind "what if" are asked of.
struct Portfolio {
  ProfileId profile;
  AssetId asset;  // margin asset
  MarginMode mode{MarginMode::cross};
  std::vector<Holding> balances;  // the margin asset first, then ascending
  std::vector<Line> lines;        // ascending by (instrument, side)
  std::vector<RestingOrder> orders;

  [[nodiscard]] bool multi_asset() const noexcept { return mode == MarginMode::multi_asset; }
  /// The balance in an asset, made when there is none.
  Holding& balance(AssetId held);
};

/// Copies an account into `portfolio`, whose memory is used again.
void copy_account(const ledger::Ledger& ledger, ledger::AccountIndex index, Portfolio& portfolio);

/// The line of a position, without the owner's other positions.
[[nodiscard]] Line line_of(const ledger::Position& position) noexcept;

/// Books a fill of the line with that index, and its fee, in a portfolio: what the ledger would do.
void book_fill(Portfolio& portfolio, const reference::Reference& reference, std::size_t index,
               Quantity quantity, Price price, Int128 fee);

}  // namespace plimsoll::margin
