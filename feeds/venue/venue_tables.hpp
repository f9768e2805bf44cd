#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/reference/reference.hpp"
#include "engine/value/types.hpp"

// What a venue publishes about its contracts, as plain values on the way to a configuration. Every
// number is exact: it was taken from the text of the answer, never through a double.

namespace plimsoll::feeds {

/// A decimal in units of 1e-9.
using Nano = std::int64_t;
inline constexpr Nano kNanoOne = 1'000'000'000;
inline constexpr int kNanoDecimals = 9;

struct VenueAsset {
  std::string name;
  int decimals{0};
};

/// One step of a margin table; the floor is in whole units of the table's measure.
struct VenueBracket {
  Nano floor{0};
  Nano initial{0};
  Nano maintenance{0};
};

struct VenueTiers {
  reference::TierMode mode{reference::TierMode::marginal};
  reference::TierMeasure measure{reference::TierMeasure::value};
  std::vector<VenueBracket> brackets;
  Nano initial_increment{0};  // per whole unit of the measure
  Nano maintenance_increment{0};
};

struct VenueInstrument {
  std::string symbol;
  reference::Kind kind{reference::Kind::linear};
  std::string base;    // what is traded; written for spot alone
  std::string settle;  // of a spot pair: the quote asset
  Nano multiplier{kNanoOne};
  int quantity_decimals{0};
  Nano lot{0};
  Nano tick{0};
  Nano price_min{0};                 // 0: the configuration's default
  Nano price_max{0};                 // 0 until default_prices() sets it
  Nano depth{0};                     // of the simulated exchange; 0: that of the configuration
  std::int64_t expiry_ms{0};         // since 1970-01-01 UTC; 0: none
  std::string position_limit;        // empty: none
  VenueTiers tiers;                  // without brackets for spot
  std::vector<std::string> remarks;  // where a default stands for what the venue does not publish
};

/// What an answer lists and the tables leave out.
struct NotImported {
  std::string symbol;
  std::string reason;  // "option", "not trading"
};

/// What is wrong with an answer: "tiers.json: BTC/USDT:USDT[2].info.cum = \"51\": must be 50".
struct TableError {
  std::string file;
  std::string field;  // the path to it; empty: the answer as a whole
  std::string value;  // as the venue wrote it
  std::string message;
};
[[nodiscard]] std::string to_string(const TableError& error);

/// The tables of one venue, in the order of names and symbols. With errors they must not be used.
struct VenueTables {
  std::string venue;   // "binance"
  std::string source;  // what kind of answer they come from: "exchangeInfo, leverage brackets"
  std::vector<VenueAsset> assets;
  std::vector<VenueInstrument> instruments;
  std::vector<NotImported> not_imported;
  std::vector<TableError> errors;
};

/// One answer of a venue to a question for its contracts.
struct Answer {
  std::string file;
  std::uint64_t line{0};  // of a recording, from 1; 0: the file is nothing else
  std::string json;
};
/// Where it stands: "tiers.json", "KRAKEN.0: line 2".
[[nodiscard]] std::string place_of(const Answer& answer);

}  // namespace plimsoll::feeds
