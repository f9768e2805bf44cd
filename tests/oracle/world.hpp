#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/value/integer.hpp"
#include "engine/value/types.hpp"

// The whole state of the oracle: plain maps of wide integers, nothing cached, nothing derived.

namespace plimsoll::oracle {

struct Position {
  Int128 quantity{0};  // signed
  Int128 entry{0};     // signed sum of quantity x price
};

struct Call {
  CallId id;
  EventTime deadline;
};

struct Liquidation {
  LiquidationEpoch epoch;
  Rate target;
  std::uint32_t steps{0};
  std::map<std::uint32_t, Int128> in_flight;  // unanswered orders: instrument to signed quantity
};

struct Account {
  OwnerId owner;
  AccountId parent;
  ProfileId profile;
  AssetId asset;
  Int128 balance{0};
  std::map<std::uint32_t, Position> positions;  // by instrument; none is zero
  std::optional<Call> call;
  std::optional<Liquidation> liquidation;
  std::uint32_t calls_so_far{0};
  std::uint32_t epochs_so_far{0};
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
};

struct Market {
  std::optional<Int128> published;
  std::optional<Int128> middle;
  Position inventory;             // of the house
  Int128 quantity_in_transit{0};  // taken over, not yet absorbed
  Int128 external_net{0};

  [[nodiscard]] std::optional<Int128> mark() const { return published ? published : middle; }
};

struct World {
  std::map<std::uint64_t, Account> accounts;
  std::vector<AssetBooks> assets;
  std::vector<Market> markets;
};

}  // namespace plimsoll::oracle
