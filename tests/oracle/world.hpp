#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/value/integer.hpp"
#include "engine/value/modes.hpp"
#include "engine/value/types.hpp"

// The whole state of the oracle: plain maps of wide integers, nothing cached, nothing derived.

namespace plimsoll::oracle {

/// An instrument and a position side of it.
struct LineKey {
  std::uint32_t instrument{0};
  PositionSide side{PositionSide::net};
  friend constexpr auto operator<=>(const LineKey&, const LineKey&) noexcept = default;
};

struct Position {
  Int128 quantity{0};  // signed
  Int128 entry{0};     // signed sum of turnover
};

struct Order {
  LineKey line;
  Int128 remainder{0};  // signed
  Int128 limit{0};
  bool reduce_only{false};
};

struct Call {
  CallId id;
  EventTime deadline;
};

struct Liquidation {
  LiquidationEpoch epoch;
  Rate target;
  std::uint32_t steps{0};
  std::map<LineKey, Int128> in_flight;  // unanswered orders: signed quantity
};

struct Account {
  AccountId id;
  OwnerId owner;
  AccountId parent;
  ProfileId profile;
  AssetId asset;
  MarginMode mode{MarginMode::cross};
  PositionMode position_mode{PositionMode::one_way};
  AutoTopUp auto_top_up{AutoTopUp::off};
  std::map<std::uint32_t, Int128> balances;  // by asset; left out is zero
  std::map<LineKey, Position> positions;     // none is zero
  std::map<std::uint64_t, Order> orders;     // by the sender's number
  std::map<std::uint32_t, Int128> leverage;  // by instrument; left out is no setting
  std::optional<Call> call;
  std::optional<Liquidation> liquidation;
  std::uint32_t calls_so_far{0};
  std::uint32_t epochs_so_far{0};

  [[nodiscard]] Int128 balance(std::uint32_t index) const {
    const auto found = balances.find(index);
    return found == balances.end() ? 0 : found->second;
  }
  [[nodiscard]] Position position(const LineKey& key) const {
    const auto found = positions.find(key);
    return found == positions.end() ? Position{} : found->second;
  }
  /// The orders of a line, by number.
  [[nodiscard]] std::vector<Order> orders_of(const LineKey& key) const {
    std::vector<Order> found;
    for (const auto& [number, order] : orders) {
      if (order.line == key) found.push_back(order);
    }
    return found;
  }
  /// Has the line a position, or an order that counts?
  [[nodiscard]] bool counts(const LineKey& key) const {
    bool some = positions.contains(key);
    for (const Order& order : orders_of(key)) some = some || !order.reduce_only;
    return some;
  }
  /// Everything with a position or an order.
  [[nodiscard]] std::set<LineKey> lines() const {
    std::set<LineKey> keys;
    for (const auto& [key, position] : positions) keys.insert(key);
    for (const auto& [number, order] : orders) keys.insert(order.line);
    return keys;
  }
};

/// Everything of one asset that is not in an account.
struct AssetBooks {
  Int128 fees{0};
  Int128 rounding{0};
  Int128 rest_of_world{0};
  Int128 fund{0};
  Int128 bad_debt{0};
  Int128 in_transit{0};  // decided by a shard, not yet booked by the house
  Int128 deposits{0};
  Int128 endowments{0};
  Int128 withdrawals{0};
  std::optional<Int128> index;   // as published; the numeraire has none
  Int128 factor{1'000'000'000};  // the collateral factor in force
};

struct Market {
  std::optional<Int128> published;
  std::optional<Int128> middle;
  Position inventory;             // of the house
  Int128 quantity_in_transit{0};  // taken over, not yet absorbed
  Int128 external_net{0};
  InstrumentStatus status{InstrumentStatus::trading};
  TiersId tiers_long;
  TiersId tiers_short;
  Int128 funding_estimate{0};
  Int128 open_interest{0};
  std::optional<Int128> settlement;

  [[nodiscard]] std::optional<Int128> mark() const { return published ? published : middle; }
};

/// What owners have as a whole, in the accounts whose profile aggregates. No entry is zero.
struct Totals {
  using Key = std::pair<std::uint64_t, std::uint32_t>;  // owner, and instrument or asset
  std::map<Key, Int128> gross;                          // G of the README
  std::map<Key, Int128> held;                           // A of the README
  // What each account is part of in them.
  std::map<std::pair<std::uint64_t, std::uint32_t>, Int128> own_gross;
  std::map<std::pair<std::uint64_t, std::uint32_t>, Int128> own_held;
};

struct World {
  std::map<std::uint64_t, Account> accounts;
  std::vector<AssetBooks> assets;
  std::vector<Market> markets;
};

}  // namespace plimsoll::oracle
