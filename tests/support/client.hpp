#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "engine/value/integer.hpp"
#include "tests/support/market_path.hpp"

// The clients of random histories, and their own arithmetic: good enough to aim at thresholds, and
// exact for one position in one asset. It knows nothing of liquidations, funding and owners.

namespace plimsoll::support {

/// Instrument and position side.
using LineKey = std::pair<std::uint32_t, PositionSide>;

struct ClientLine {
  std::int64_t quantity{0};
  Int128 entry_value{0};
};

struct ClientOrder {
  ExternalId order;
  LineKey line;
  std::int64_t left;  // signed
  std::int64_t limit;
  bool reduce_only;
};

/// A client, and what it believes to have: right until its first liquidation or funding, wrong
/// after, as clients are.
struct Client {
  AccountOpened terms;  // with the modes of now
  bool auto_top_up{false};
  std::map<std::uint32_t, Int128> cash;  // by asset: deposits - withdrawals - paid for fills
  std::map<LineKey, ClientLine> lines;   // without empty ones
  std::vector<ClientOrder> orders;
  bool traded{false};
  bool dust{false};  // trades a handful of the cheapest: thresholds are then hit exactly

  [[nodiscard]] bool is_multi_asset() const { return terms.mode == MarginMode::multi_asset; }
  [[nodiscard]] bool hedges() const { return terms.position_mode == PositionMode::hedge; }
  [[nodiscard]] std::int64_t quantity(const LineKey& key) const {
    const auto found = lines.find(key);
    return found == lines.end() ? 0 : found->second.quantity;
  }
};

/// What is in force for an instrument.
struct Listing {
  TiersId tiers_long;
  TiersId tiers_short;
  InstrumentStatus status{InstrumentStatus::trading};
};

struct Requirement {
  Int128 maintenance{0};
  Int128 initial{0};
};

/// In the margin asset of the client.
struct Worth {
  Int128 equity{0};
  Int128 maintenance{0};
  Int128 initial{0};
};

/// What anybody can work out from the rules, the market and the listings.
class ClientMath {
 public:
  ClientMath(const reference::Reference& reference, const MarketPath& market,
             const std::vector<Listing>& listings)
      : reference_{reference}, market_{market}, listings_{listings} {}

  [[nodiscard]] const reference::Instrument& instrument(std::uint32_t id) const {
    return reference_.instruments[id];
  }
  [[nodiscard]] const reference::Profile& profile(const Client& client) const {
    return reference_.profiles[client.terms.profile.raw()];
  }

  /// What a quantity is worth now, rounded down; what buying it costs, rounded up.
  [[nodiscard]] Int128 value(std::uint32_t id, Int128 quantity) const;
  [[nodiscard]] Int128 cost(std::uint32_t id, Int128 quantity, std::int64_t price) const;
  [[nodiscard]] Int128 notional(std::uint32_t id, Int128 quantity) const;
  /// The size of so much notional at the price of now, at least one lot.
  [[nodiscard]] std::int64_t lots_of(std::uint32_t id, Int128 notional) const;

  /// Of a position that was opened at the price of now, without orders and owners.
  [[nodiscard]] Requirement requirement(const reference::Profile& profile, std::uint32_t id,
                                        std::int64_t quantity) const;
  [[nodiscard]] Requirement requirement(const reference::Profile& profile, std::uint32_t id,
                                        const ClientLine& line) const;

  /// An amount of an asset in the numeraire and back, rounded down.
  [[nodiscard]] Int128 to_numeraire(std::uint32_t asset, Int128 amount) const;
  [[nodiscard]] Int128 from_numeraire(std::uint32_t asset, Int128 amount) const;

  /// Can the client hold the asset?
  [[nodiscard]] bool can_hold(const Client& client, AssetId asset) const;
  /// Has it a price in the numeraire, or may it get one?
  [[nodiscard]] bool is_valued(AssetId asset) const;

  [[nodiscard]] Worth worth(const Client& client) const;
  /// T(f) of the client's profile.
  [[nodiscard]] Int128 threshold(const Client& client, Int128 maintenance, Rate factor) const;

 private:
  const reference::Reference& reference_;
  const MarketPath& market_;
  const std::vector<Listing>& listings_;
};

}  // namespace plimsoll::support
