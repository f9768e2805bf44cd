// Goal: what an importer writes is part of a configuration, word for word. Method: put the rest of
// one before it, and have the configuration read.

#include <cstdlib>
#include <filesystem>

#include "engine/configuration/configuration.hpp"
#include "feeds/capture/byte_source.hpp"
#include "feeds/venue/answers.hpp"
#include "tests/feeds/tables.hpp"

namespace plimsoll::feeds::testing {
namespace {

/// Everything but assets and instruments.
constexpr const char* kRest = R"(
[engine]
settle_grid = "1ms"
time_step = "100ms"
[limits]
accounts = 10
positions = 10
[exchange]
latency = "20ms"
half_spread = "0.0002"
impact = "0.01"
depth = "1000000"
slippage_max = "0.05"
[[profile]]
name = "standard"
breach_at_equality = false
call_trigger = "1.25"
call_target = "1.5"
call_period = "1h"
liquidation_target = "1.1"
liquidation_slippage_max = "0.01"
liquidation_fee = "0"
liquidation_steps_max = 10

)";

/// The configuration of what is written; an error of it is a failure of the test.
configuration::Configuration configuration_of(const VenueTables& tables) {
  const auto read =
      configuration::parse_configuration(kRest + write_tables(tables), tables.venue + ".toml");
  for (const configuration::Error& error : read.errors) {
    ADD_FAILURE() << configuration::to_string(error);
  }
  return read.ok() ? *read.configuration : configuration::Configuration{};
}

TEST(ImportedConfiguration, HoldsEveryKindAndMode) {
  VenueTables okx = good_tables("okx", {R"({"data": [
    {"instId": "ABC-USD-220624", "instType": "FUTURES", "ctType": "inverse", "ctVal": "100",
     "ctMult": "1", "settleCcy": "ABC", "state": "live", "lever": "100", "lotSz": "1",
     "expTime": "1656057600000", "tickSz": "0.1"},
    {"instId": "ABC-USDT", "instType": "SPOT", "baseCcy": "ABC", "quoteCcy": "USDT",
     "state": "live", "lotSz": "0.000000001", "tickSz": "0.1"}]})"});
  const std::vector<std::string> symbols{"ABC-USD-220624", "ABC-USDT"};
  EXPECT_TRUE(select(okx, symbols).empty());
  const reference::Reference first = configuration_of(okx).reference;
  ASSERT_EQ(first.instruments.size(), 2U);
  EXPECT_EQ(first.instruments[0].kind, reference::Kind::inverse);
  EXPECT_EQ(first.instruments[0].multiplier, 100 * kNanoOne);
  EXPECT_EQ(first.instruments[0].expiry.raw(), 1'656'057'600'000'000'000);
  EXPECT_EQ(first.tiers[0].brackets[0].initial.raw(), kNanoOne / 100);
  EXPECT_EQ(first.instruments[1].kind, reference::Kind::spot);
  EXPECT_EQ(first.assets[first.instruments[1].base.raw()].name, "ABC");

  VenueTables deribit = good_tables("deribit", {R"({"result": [
    {"instrument_name": "BTC-PERPETUAL", "kind": "future", "is_active": true, "tick_size": 0.5,
     "contract_size": 10.0, "base_currency": "BTC", "quote_currency": "USD", "max_leverage": 50,
     "settlement_period": "perpetual"}]})"});
  EXPECT_TRUE(select(deribit, {}).empty());
  const reference::Reference second = configuration_of(deribit).reference;
  ASSERT_EQ(second.tiers.size(), 1U);
  EXPECT_EQ(second.tiers[0].mode, reference::TierMode::increment);
  EXPECT_EQ(second.tiers[0].initial_increment.raw(), 50'000);
}

std::string text_of(const std::string& path) {
  constexpr std::size_t kPiece = 1U << 16U;
  ByteSource source{path, kPiece};
  std::vector<char> buffer(kPiece);
  std::string text;
  for (std::size_t n = source.read(buffer); n > 0; n = source.read(buffer)) {
    text.append(buffer.data(), n);
  }
  return text;
}

/// At every floor of a marginal table the bracket below and the one above ask for the same.
void expect_continuous(const reference::Reference& reference) {
  for (const reference::Tiers& tiers : reference.tiers) {
    if (tiers.mode != reference::TierMode::marginal) continue;
    for (std::size_t i = 1; i < tiers.brackets.size(); ++i) {
      const reference::Bracket& below = tiers.brackets[i - 1];
      const reference::Bracket& above = tiers.brackets[i];
      const Int128 floor = above.floor;
      EXPECT_TRUE(floor * below.maintenance.raw() - below.maintenance_amount ==
                  floor * above.maintenance.raw() - above.maintenance_amount)
          << tiers.name << " bracket " << i;
      EXPECT_TRUE(floor * below.initial.raw() - below.initial_amount ==
                  floor * above.initial.raw() - above.initial_amount)
          << tiers.name << " bracket " << i;
    }
  }
}

/// Reads the answers of a real venue back; counts instruments.
std::size_t count_read_back(const std::filesystem::path& data, std::string_view venue,
                            const std::vector<std::string>& files) {
  std::vector<Answer> answers;
  for (const std::string& file : files) {
    for (Answer& answer : split_answers(file, text_of((data / file).string()))) {
      answers.push_back(std::move(answer));
    }
  }
  VenueTables tables = find_importer(venue)(answers);
  EXPECT_TRUE(select(tables, {}).empty());
  const reference::Reference reference = configuration_of(tables).reference;
  EXPECT_EQ(reference.instruments.size(), tables.instruments.size());
  expect_continuous(reference);
  return reference.instruments.size();
}

TEST(ImportedConfiguration, OfRealVenuesIsRead) {
  const char* folder = std::getenv("PLIMSOLL_DATA");
  const std::filesystem::path data{folder != nullptr ? folder : PLIMSOLL_DATA_DEFAULT};
  if (!std::filesystem::exists(data)) {
    GTEST_SKIP() << "no " << data << ": set PLIMSOLL_DATA to the folder of market data";
  }
  EXPECT_EQ(count_read_back(data, "binance", {"binance/reference/binance_leverage_tiers.json.gz"}),
            349U);
  EXPECT_EQ(count_read_back(data, "binance",
                            {"binance/reference/binance_leverage_tiers.json.gz",
                             "binance/usdm-ws-2021-07-22/BINANCE_FUTURES.0"}),
            348U);
  EXPECT_EQ(count_read_back(data, "binance", {"binance/coinm-ws-2021-07-22/BINANCE_DELIVERY.0"}),
            36U);
  EXPECT_EQ(count_read_back(data, "deribit", {"deribit/ws-2021-07-22/DERIBIT.0.gz"}), 37U);
  EXPECT_EQ(count_read_back(data, "bitmex", {"bitmex/ws-2021-07-22/BITMEX.0"}), 33U);
  EXPECT_EQ(count_read_back(data, "kraken", {"kraken/futures-ws-2021-07-22/KRAKEN_FUTURES.0"}),
            17U);
  EXPECT_EQ(count_read_back(data, "gate", {"gateio/futures-ws-2023-05-24/GATEIO_FUTURES.0.gz"}),
            294U);
  EXPECT_EQ(count_read_back(data, "okx", {"okx/ws-2022-05-13/OKX.0.gz"}), 268U);
}

}  // namespace
}  // namespace plimsoll::feeds::testing
