// The leverage brackets that Binance published for 16 symbols, with its own cumulative amounts:
// what finish() derives must be equal in every row.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/margin/requirement.hpp"
#include "engine/value/decimal.hpp"
#include "tests/support/reference_builder.hpp"

namespace plimsoll::margin {
namespace {

constexpr int kDecimals = 9;  // of the asset: enough for every published amount

struct Row {
  std::string symbol;
  std::int64_t floor;
  std::int64_t leverage;
  std::int64_t maintenance;
  std::int64_t cumulative;  // in units of 10^-9, as kDecimals says
};

std::int64_t decimal(const std::string& text) {
  const DecimalResult result = parse_decimal(text, kDecimals);
  EXPECT_TRUE(result.ok()) << text;
  return result.raw;
}

/// symbol,bracket,notional_floor,notional_cap,initial_leverage,maint_margin_ratio,cum
std::vector<Row> read_rows(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    while (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> cells;
    std::istringstream stream{line};
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    EXPECT_EQ(cells.size(), 7U) << line;
    if (cells.size() != 7) continue;
    rows.push_back(
        {cells[0], decimal(cells[2]), std::stoll(cells[4]), decimal(cells[5]), decimal(cells[6])});
  }
  return rows;
}

reference::Instrument instrument_of(const std::string& symbol) {
  reference::Instrument instrument;
  instrument.symbol = symbol;
  instrument.lot = Quantity::from_raw(1);
  instrument.tick = Price::from_raw(1);
  instrument.price_max = Price::from_raw(kRateOne);
  return instrument;
}

/// One instrument for each symbol, in the order of the rows.
reference::Reference reference_of(const std::vector<Row>& rows) {
  reference::Reference reference;
  reference.assets.push_back(support::asset_of("ANY", kDecimals));
  for (const Row& row : rows) {
    auto& list = reference.instruments;
    if (list.empty() || list.back().symbol != row.symbol) {
      support::add_linear(reference, instrument_of(row.symbol), {});
    }
    reference.tiers.back().brackets.push_back({.floor = row.floor,
                                               .initial = Rate::from_raw(kRateOne / row.leverage),
                                               .maintenance = Rate::from_raw(row.maintenance)});
  }
  return reference;
}

class PublishedBrackets : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PLIMSOLL_VECTORS");
    const std::filesystem::path path =
        std::filesystem::path{folder != nullptr ? folder : PLIMSOLL_VECTORS_DEFAULT} /
        "binance-usdm-brackets-2024-10.csv";
    if (!std::filesystem::exists(path)) {
      GTEST_SKIP() << "no " << path << ": set PLIMSOLL_VECTORS to the folder of test vectors";
    }
    rows_ = read_rows(path);
    reference_ = reference_of(rows_);
    // Profiles, exchange and limits are not there; all else must be in order.
    for (const reference::Violation& violation : reference::finish(reference_)) {
      EXPECT_FALSE(violation.path.starts_with("instrument")) << violation.path;
    }
  }

  std::vector<Row> rows_;
  reference::Reference reference_;
};

TEST_F(PublishedBrackets, HaveTheCumulativeAmountsThatWeDerive) {
  ASSERT_EQ(rows_.size(), 137U);
  ASSERT_EQ(reference_.instruments.size(), 16U);
  auto row = rows_.begin();
  for (const reference::Instrument& instrument : reference_.instruments) {
    for (const reference::Bracket& bracket :
         reference_.tiers[instrument.tiers_long.raw()].brackets) {
      EXPECT_TRUE(bracket.maintenance_amount == Int128{row->cumulative} * kRateOne)
          << instrument.symbol << " from " << format_decimal(row->floor, kDecimals);
      ++row;
    }
  }
  EXPECT_TRUE(row == rows_.end());
}

// As the venue states it: maintenance = notional x rate - cum, at the floor and just above.
TEST_F(PublishedBrackets, GiveTheMaintenanceThatTheVenueStates) {
  for (const Row& row : rows_) {
    const int index = reference::find_instrument(reference_, row.symbol);
    ASSERT_GE(index, 0);
    const auto& tiers = reference_.tiers[static_cast<std::size_t>(index)];  // one an instrument
    for (const std::int64_t above : {0, 1, 1'000'000}) {
      const Int128 notional = Int128{row.floor} + above;
      const Int128 stated = divide_ceil<Int128>(
          notional * row.maintenance - Int128{row.cumulative} * kRateOne, kRateOne);
      const Int128 charge = charge_of(tiers, Kind::maintenance, notional, notional);
      EXPECT_TRUE(divide_ceil<Int128>(charge, kRateOne) == stated)
          << row.symbol << " from " << format_decimal(row.floor, kDecimals) << " + " << above;
    }
  }
}

}  // namespace
}  // namespace plimsoll::margin
