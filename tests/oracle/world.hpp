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
  std::optional<EventTime> suspended;  // since when its deadline stands still
};

/// A breach that is not confirmed yet.
struct Breach {
  EventTime confirmed_at;
  bool looked_at{false};  // it was judged when that time had come
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
  std::optional<Breach> breach;
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
  std::optional<Int128> index;   // as published; the numeraire and computed ones have none
  Int128 factor{1'000'000'000};  // the collateral factor in force
};

/// The clock of a stream of ticks.
struct Stream {
  std::optional<Int128> venue_time;               // of the last accepted tick that had one
  std::vector<std::pair<Int128, Int128>> delays;  // of accepted ticks: event time and delay
};

/// One kind of ticks of an instrument: its books, its marks or its trades.
struct Tick {
  std::optional<Int128> price;  // none: it was never there
  Int128 last{0};               // event time
  bool whole{true};             // nothing was interrupted since
  Stream stream;
};

/// What a factor is, as far as it is believed.
struct View {
  Int128 price{0};  // 0: not known yet
  Int128 low{0};
  Int128 high{0};
  Trust trust{Trust::trusted};
  TrustReason reason{TrustReason::good};

  [[nodiscard]] bool is_frozen() const { return trust == Trust::frozen; }
  /// Is this another price, or otherwise bounded, or frozen where that was not?
  [[nodiscard]] bool moved_from(const View& before) const {
    return price != before.price || low != before.low || high != before.high ||
           is_frozen() != before.is_frozen();
  }
};

/// The mark of an instrument or an index, and what its trust depends on.
struct Factor {
  View view;
  Int128 frozen_since{0};
  Int128 anchor{0};
  Int128 anchored_at{0};
  std::optional<Int128> far_since;
  Int128 far{0};               // the last far candidate
  Int128 override_expires{0};  // while overridden
};

/// A source of an index.
struct SourceBook {
  std::optional<Int128> price;
  Int128 last{0};
  std::uint64_t number{0};
  bool interrupted{false};
  Int128 clamped{0};  // ticks in a row beyond the band
  bool quarantined{false};
  Int128 quarantine_ends{0};  // 0: when it is released
  SourceState told{SourceState::waiting};
  Stream stream;
};

/// An index: its factor, and what it can be redeemed for.
struct IndexBook {
  Factor factor;
  Int128 redemption{0};  // 0: it cannot
  Int128 redemption_expires{0};
  View told;  // as it was after the last input that touched it
  bool told_redeemable{false};

  [[nodiscard]] View view() const {
    View seen = factor.view;
    if (seen.price != 0 && redemption > seen.high) seen.high = redemption;
    return seen;
  }
};

/// The exponential mean of a book's distance from the index.
struct Basis {
  Int128 mean{0};
  Int128 last{0};  // the distance of the time before
  Int128 time{0};
};

/// A sample of the settlement mean.
struct Sample {
  Int128 time{0};
  std::optional<Int128> price;  // none: not good
};

struct Market {
  Tick book;
  Tick venue_mark;
  Tick trade;
  Factor factor;
  View told;  // as it was after the last input that touched it
  std::optional<Basis> basis;
  std::vector<Sample> samples;    // taken so far
  Position inventory;             // of the house
  Int128 quantity_in_transit{0};  // taken over, not yet absorbed
  Int128 external_net{0};
  InstrumentStatus status{InstrumentStatus::trading};
  TiersId tiers_long;
  TiersId tiers_short;
  Int128 funding_estimate{0};
  Int128 open_interest{0};
  std::optional<Int128> settlement;
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
  std::vector<IndexBook> indices;
  std::vector<SourceBook> sources;
  std::map<std::uint32_t, std::uint64_t> operators;  // the last number of each
  std::set<PauseReason> pauses;
};

/// A price for every mark and index that is known.
struct Prices {
  std::vector<std::optional<Int128>> marks;
  std::vector<std::optional<Int128>> indices;  // by asset
};

}  // namespace plimsoll::oracle
